//! Reads what people paste for a personal meeting: a number or a join link.

use super::MeetingNumber;
use url::Url;

/// A meeting that people can join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinLink {
    /// `None` for a personal link with a name instead of a number: Zoom's events cannot be tied to it.
    pub number: Option<MeetingNumber>,
    /// Where people join, with the passcode where one was given, and nothing else.
    pub url: Url,
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
}

/// Digits of a meeting number at Zoom.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=11;
/// How Zoom writes numbers in groups: 123 456 789, 123 456 7890, 123 4567 8901.
const GROUPS: [[usize; 3]; 3] = [[3, 3, 3], [3, 3, 4], [3, 4, 4]];

/// Splits `number-or-link rest` and reads the first part. The rest is trimmed.
///
/// # Errors
/// What is wrong with the first part.
pub fn parse<'a>(text: &'a str, zoom_url: &Url) -> Result<(JoinLink, &'a str), NotJoinable> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotJoinable::Missing);
    }
    if let Some((number, rest)) = grouped_number(text) {
        return Ok((by_number(number, zoom_url)?, rest));
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let link = match number(first) {
        Some(number) => by_number(number, zoom_url)?,
        None => by_link(first, zoom_url)?,
    };
    Ok((link, rest.trim()))
}

fn by_number(number: MeetingNumber, zoom_url: &Url) -> Result<JoinLink, NotJoinable> {
    Ok(JoinLink { number: Some(number), url: url(zoom_url, number).ok_or(NotJoinable::NotRecognised)? })
}

/// Where people join a meeting of which nothing but its number is known. `None` for a base that takes no path, which the settings
/// refuse.
pub fn url(zoom_url: &Url, number: MeetingNumber) -> Option<Url> {
    let mut url = zoom_url.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(["j", &number.to_string()]);
    Some(url)
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
    if !GROUPS.contains(&lengths) {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// `1234567890` or `123-456-7890`, with any kind of dash.
fn number(word: &str) -> Option<MeetingNumber> {
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let digits: String = word.chars().filter(|c| !is_dash(*c)).collect();
    let valid = DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().ok()).flatten()
}

fn by_link(word: &str, zoom_url: &Url) -> Result<JoinLink, NotJoinable> {
    let word = word.trim_start_matches('<').trim_end_matches('>');
    // No host of Zoom's has other letters, and `url` is built without the tables for them.
    if !word.is_ascii() {
        return Err(NotJoinable::NotRecognised);
    }
    let with_scheme =
        if word.contains("://") { word.to_owned() } else { format!("{}://{word}", zoom_url.scheme()) };
    let given = Url::parse(&with_scheme).map_err(|_| NotJoinable::NotRecognised)?;
    // `url` reads a bare number as an address: what has no scheme must look like a host.
    if !word.contains("://") && !word.split('/').next().is_some_and(|host| host.contains('.')) {
        return Err(NotJoinable::NotRecognised);
    }
    if !is_zoom(&given, zoom_url) {
        return Err(NotJoinable::OtherHost);
    }
    let base = zoom_url.path().trim_end_matches('/');
    let path = given.path().strip_prefix(base).ok_or(NotJoinable::NotAMeeting)?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut url: Url = given.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Some((_, passcode)) = given.query_pairs().find(|(name, value)| name == "pwd" && !value.is_empty())
    {
        url.query_pairs_mut().append_pair("pwd", &passcode);
    }
    let number = match segments[..] {
        ["s", ..] => return Err(NotJoinable::StartLink),
        ["j" | "w", digits] | ["wc", "join", digits] | ["wc", digits, "join"] => {
            Some(number(digits).ok_or(NotJoinable::NotAMeeting)?)
        }
        ["my", _] => None,
        _ => return Err(NotJoinable::NotAMeeting),
    };
    Ok(JoinLink { number, url })
}

/// The configured host or a host below it, over the configured scheme and port: companies have hosts of their own there.
fn is_zoom(given: &Url, zoom_url: &Url) -> bool {
    let (Some(host), Some(zoom)) = (given.host_str(), zoom_url.host_str()) else { return false };
    let below = host.strip_suffix(zoom).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    let same_way = given.scheme() == zoom_url.scheme()
        && given.port_or_known_default() == zoom_url.port_or_known_default();
    below && same_way && given.username().is_empty() && given.password().is_none()
}
