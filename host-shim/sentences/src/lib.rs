//! Sentences of the hosts themselves, in the reader's language, from the catalogue that the component's are from.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chat_plugin_engine::{BodyError, CallError};

/// The source of all others.
const ENGLISH: &str = "en";

/// By locale, then by id.
type Catalogue = BTreeMap<String, BTreeMap<String, String>>;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("OUT_DIR"), "/sentences.json"));
    serde_json::from_str(text).unwrap_or_else(|error| panic!("the catalogue is not as it was built: {error}"))
});

/// What a host itself says to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sentence {
    /// The component failed. The log says more.
    Failed,
    /// Too many calls are under way.
    Busy,
    /// Too many calls of this user are under way.
    ShareTaken,
    /// The plugin is being switched off or replaced.
    Stopping,
    /// The call had not ended when the plugin was stopped.
    Stopped,
    /// A button that the plugin did not give to this message.
    ForeignButton,
    /// A button whose message was deleted.
    MessageGone,
    /// A form that the plugin did not open for this user here.
    ForeignForm,
    /// The label of a link.
    Open,
}

impl Sentence {
    /// What to tell whoever waits for the answer of a call that failed or was refused.
    pub fn of(error: &CallError) -> Self {
        // New kinds of errors say what went wrong in the log as well.
        if matches!(error, CallError::Busy) {
            Self::Busy
        } else if matches!(error, CallError::ShareTaken(_)) {
            Self::ShareTaken
        } else if matches!(error, CallError::Stopping) {
            Self::Stopping
        } else if matches!(error, CallError::Stopped) {
            Self::Stopped
        } else {
            Self::Failed
        }
    }

    /// What to tell whoever sent a body for which there is no room. `None` where the body itself is to blame.
    pub fn of_body(error: BodyError) -> Option<Self> {
        if error == BodyError::TooMany {
            Some(Self::Busy)
        } else if error == BodyError::Stopping {
            Some(Self::Stopping)
        } else {
            None
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Failed => "zoom.host.failed",
            Self::Busy => "zoom.host.busy",
            Self::ShareTaken => "zoom.host.share_taken",
            Self::Stopping => "zoom.host.stopping",
            Self::Stopped => "zoom.host.stopped",
            Self::ForeignButton => "zoom.host.button.foreign",
            Self::MessageGone => "zoom.host.button.gone",
            Self::ForeignForm => "zoom.host.form.foreign",
            Self::Open => "zoom.host.open",
        }
    }

    /// The sentence in a language (BCP 47). `server` is the name that people know the chat server by.
    pub fn say(self, server: &str, locale: &str) -> String {
        say(server, locale, self.id(), &[])
    }
}

/// A sentence in a language (BCP 47), or in English. `server` is the name that people know the
/// chat server by.
pub fn say(server: &str, locale: &str, id: &str, arguments: &[(&str, &str)]) -> String {
    let Some(sentence) = CATALOGUE.get(understood(locale)).and_then(|sentences| sentences.get(id)) else {
        return id.to_owned();
    };
    let mut said = sentence.clone();
    for (name, value) in arguments.iter().chain([&("server", server)]) {
        said = said.replace(&format!("{{{name}}}"), value);
    }
    said
}

/// The catalogue's language that a reader of this one understands best: another country's form of it, else English. Readers of
/// traditional Chinese get English, not simplified characters, as the component has it.
fn understood(locale: &str) -> &'static str {
    let subtags: Vec<String> = locale.split(['-', '_']).map(str::to_ascii_lowercase).collect();
    let is_traditional = subtags.iter().any(|subtag| matches!(subtag.as_str(), "tw" | "hk" | "mo" | "hant"));
    let language = |tag: &str| tag.split('-').next().map(str::to_ascii_lowercase);
    CATALOGUE
        .keys()
        .find(|known| language(known).as_ref() == subtags.first())
        .filter(|known| !(known.starts_with("zh") && is_traditional))
        .map_or(ENGLISH, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_said_in_the_readers_language_or_in_english() {
        let said = |locale: &str| say("Mattermost", locale, "zoom.host.version.off", &[("version", "1.2.3")]);
        assert_eq!(said("en"), "1.2.3. Mattermost installs none of the plugins that it ships by itself.");
        assert_eq!(said("de"), "1.2.3. Mattermost installiert keine mitgelieferten Plugins von selbst.");
        assert_eq!(said("tlh"), said("en"));
        assert_eq!(said(""), said("en"));
        assert_eq!(said("de-AT"), said("de"));
        assert_eq!(said("pt"), said("pt-BR"));
        assert_eq!(said("zh-Hans-SG"), said("zh-CN"));
        assert_eq!(said("zh_TW"), said("en"));
        assert_eq!(CATALOGUE.len(), 8);
    }

    #[test]
    fn every_language_has_every_sentence_with_the_arguments_of_the_english_one() {
        let arguments = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .map(|rest| rest.split('}').next().unwrap_or_default().to_owned())
                .collect();
            names.sort();
            names
        };
        let english = &CATALOGUE[ENGLISH];
        assert!(!english.is_empty());
        for (locale, sentences) in CATALOGUE.iter() {
            assert_eq!(sentences.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{locale}");
            for (id, text) in sentences {
                assert_eq!(arguments(text), arguments(&english[id]), "{locale}: {id}");
            }
        }
    }
}
