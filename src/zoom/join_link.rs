//! Reads what people paste for a meeting: a number, a link, or all of Zoom's invitation.

mod invitation;

use super::{MeetingNumber, hosts};
use crate::settings::Settings;
use url::Url;

/// A meeting that people can join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinLink {
    /// `None` for a personal link with a name instead of a number: Zoom's events cannot be tied to it.
    pub number: Option<MeetingNumber>,
    /// Where people join, with the passcode where one was given, and nothing else.
    pub url: Url,
    /// What Zoom asks for, where an invitation says it and the link does not carry it.
    pub passcode: Option<String>,
}

/// Why a text is no join link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJoinable {
    /// Nothing was given.
    Missing,
    /// Neither a meeting number nor a link.
    NotRecognised,
    /// A link to another host than Zoom's.
    OtherHost,
    /// A link of Zoom's that does not join a meeting.
    NotAMeeting,
    /// A host's start link: whoever opens it becomes the host.
    StartLink,
    /// Whoever wants to join signs up there first, and gets a link of their own.
    Registration,
}

/// Digits of a meeting number at Zoom.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=11;
/// How Zoom writes numbers in groups: 123 456 789, 123 456 7890, 123 4567 8901.
const GROUPS: [[usize; 3]; 3] = [[3, 3, 3], [3, 3, 4], [3, 4, 4]];
/// Longest passcode in a link: Zoom's, which are encrypted there, have about forty.
const MAX_PASSCODE_BYTES: usize = 256;
/// Longest name of a personal link.
const MAX_NAME_BYTES: usize = 64;

/// Reads `number-or-link topic`, or a text with a link in it. Answers what was given as the topic too, trimmed. It may be empty.
///
/// # Errors
/// What is wrong with it.
pub fn parse<'a>(text: &'a str, settings: &Settings) -> Result<(JoinLink, &'a str), NotJoinable> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotJoinable::Missing);
    }
    if let Some((number, rest)) = grouped_number(text) {
        return Ok((by_number(number, settings)?, rest));
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if let Some(number) = number(first) {
        return Ok((by_number(number, settings)?, rest.trim()));
    }
    let first = by_link(first.trim_start_matches('<').trim_end_matches('>'), settings);
    if let Ok(link) = &first
        && !invitation::names(rest, link.number)
    {
        return Ok((link.clone(), rest.trim()));
    }
    let links: Vec<_> = invitation::links(text).map(|link| by_link(link, settings)).collect();
    if let Some(link) = first.iter().chain(links.iter().flatten()).next() {
        return Ok(invitation::read(link.clone(), text));
    }
    // What was meant is rather a link that does not do than a word before it.
    let of_links = links.into_iter().filter_map(Result::err).next();
    Err(of_links.or_else(|| first.err()).unwrap_or(NotJoinable::NotRecognised))
}

fn by_number(number: MeetingNumber, settings: &Settings) -> Result<JoinLink, NotJoinable> {
    let url = url(&settings.zoom_url, number).ok_or(NotJoinable::NotRecognised)?;
    Ok(JoinLink { number: Some(number), url, passcode: None })
}

/// Where people join a meeting of which nothing but its number is known. `None` for a base that takes no path, which the settings
/// refuse.
pub fn url(zoom_url: &Url, number: MeetingNumber) -> Option<Url> {
    let mut url = zoom_url.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(["j", &number.to_string()]);
    Some(url)
}

/// The number that a link of Zoom's joins.
pub fn number_of(link: &Url, settings: &Settings) -> Option<MeetingNumber> {
    by_link(link.as_str(), settings).ok()?.number
}

/// `123 456 7890 rest`, with any kind of blank between the groups.
fn grouped_number(text: &str) -> Option<(MeetingNumber, &str)> {
    let mut rest = text;
    let mut digits = String::new();
    let mut lengths = [0; 3];
    for length in &mut lengths {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (group, tail) = rest.split_at(end);
        if !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *length = group.len();
        digits.push_str(group);
        rest = tail.trim_start();
    }
    GROUPS.contains(&lengths).then_some(())?;
    Some((number(&digits)?, rest))
}

/// `1234567890` or `123-456-7890`, with any kind of dash. Zoom has no number that begins with 0.
fn number(word: &str) -> Option<MeetingNumber> {
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let digits: String = word.chars().filter(|c| !is_dash(*c)).collect();
    let valid = DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (valid && !digits.starts_with('0')).then(|| digits.parse().ok()).flatten()
}

fn by_link(word: &str, settings: &Settings) -> Result<JoinLink, NotJoinable> {
    // No host of Zoom's has other letters, and `url` is built without the tables for them.
    if !word.is_ascii() {
        return Err(NotJoinable::NotRecognised);
    }
    if let Some(rest) = word.strip_prefix("zoommtg://") {
        return by_app_link(&format!("https://{rest}"), settings);
    }
    let zoom_url = &settings.zoom_url;
    let with_scheme = |scheme: &str| Url::parse(&format!("{scheme}://{word}"));
    let given = if word.contains("://") { Url::parse(word) } else { with_scheme("https") };
    let mut given = given.map_err(|_| NotJoinable::NotRecognised)?;
    if !word.contains("://") {
        // `url` reads a bare number as an address: what has no scheme must look like a host.
        if !word.split('/').next().is_some_and(|host| host.contains('.')) {
            return Err(NotJoinable::NotRecognised);
        }
        if !hosts::is_zooms(settings, &given) {
            given = with_scheme(zoom_url.scheme()).map_err(|_| NotJoinable::NotRecognised)?;
        }
    }
    if !hosts::is_zooms(settings, &given) {
        return Err(NotJoinable::OtherHost);
    }
    // Zoom's own hosts have no base path.
    let base =
        if hosts::is_at_or_below(&given, zoom_url) { zoom_url.path().trim_end_matches('/') } else { "" };
    let path = given.path().strip_prefix(base).ok_or(NotJoinable::NotAMeeting)?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let by_digits = |digits| number(digits).map(Some).ok_or(NotJoinable::NotAMeeting);
    let (number, path) = match segments[..] {
        ["s", ..] => return Err(NotJoinable::StartLink),
        ["meeting" | "webinar", "register", ..] => return Err(NotJoinable::Registration),
        ["j" | "w", digits] | ["wc", "join", digits] | ["wc", digits, "join"] => {
            (by_digits(digits)?, segments.join("/"))
        }
        // The host's own page of the web client, and the page between a link and Zoom's app: the meeting is the same.
        ["wc", digits, "start"] | ["launch", "jc", digits] => (by_digits(digits)?, format!("j/{digits}")),
        ["my", name] if is_personal_name(name) => (None, segments.join("/")),
        _ => return Err(NotJoinable::NotAMeeting),
    };
    let mut url = given.clone();
    url.set_path(&format!("{base}/{path}"));
    // The web client alone lives there.
    if path.starts_with("j/")
        && let Some(host) = given.host_str().and_then(|host| host.strip_prefix("app."))
    {
        url.set_host(Some(host)).map_err(|_| NotJoinable::NotAMeeting)?;
    }
    Ok(JoinLink { number, url: with_passcode_of(url, &given)?, passcode: None })
}

/// `zoommtg://zoom.us/join?confno=…`, which opens Zoom's app without a browser.
fn by_app_link(link: &str, settings: &Settings) -> Result<JoinLink, NotJoinable> {
    let given = Url::parse(link).map_err(|_| NotJoinable::NotRecognised)?;
    if !hosts::is_zooms(settings, &given) {
        return Err(NotJoinable::OtherHost);
    }
    match given.path() {
        "/join" => {}
        "/start" => return Err(NotJoinable::StartLink),
        _ => return Err(NotJoinable::NotAMeeting),
    }
    let digits = given.query_pairs().find(|(name, _)| name == "confno");
    let number = digits.and_then(|(_, digits)| number(&digits)).ok_or(NotJoinable::NotAMeeting)?;
    let mut link = by_link(&format!("{}/j/{number}", given.origin().ascii_serialization()), settings)?;
    link.url = with_passcode_of(link.url, &given)?;
    Ok(link)
}

/// The URL with the other one's passcode, and nothing else: keys of one person (`zak`, `tk`) are among the rest.
///
/// # Errors
/// [`NotJoinable::NotAMeeting`] for a passcode that Zoom never makes: links are kept with all cards of their number.
fn with_passcode_of(mut url: Url, given: &Url) -> Result<Url, NotJoinable> {
    url.set_query(None);
    url.set_fragment(None);
    let passcode = given.query_pairs().find(|(name, value)| name == "pwd" && !value.is_empty());
    if let Some((_, passcode)) = passcode {
        if passcode.len() > MAX_PASSCODE_BYTES {
            return Err(NotJoinable::NotAMeeting);
        }
        url.query_pairs_mut().append_pair("pwd", &passcode);
    }
    Ok(url)
}

fn is_personal_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        && name.bytes().any(|byte| byte.is_ascii_alphanumeric())
}
