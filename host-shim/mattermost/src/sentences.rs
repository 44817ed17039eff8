//! Sentences of the host itself, in the reader's language.

pub(crate) use host_sentences::Sentence;

/// The name that people know the server by.
const SERVER: &str = "Mattermost";

/// A sentence of the catalogue in a language (BCP 47).
pub(crate) fn say(locale: &str, id: &str, arguments: &[(&str, &str)]) -> String {
    host_sentences::say(SERVER, locale, id, arguments)
}

/// What the host says to one person, in a language (BCP 47).
pub(crate) fn say_to_one(locale: &str, sentence: Sentence) -> String {
    sentence.say(SERVER, locale)
}
