//! Sentences of the host itself, in the reader's language, from the catalogue that the component's are from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The source of all others.
const ENGLISH: &str = "en";
/// What every sentence may use.
const SERVER: (&str, &str) = ("server", "Mattermost");

/// By locale, then by id.
type Catalogue = BTreeMap<String, BTreeMap<String, String>>;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("OUT_DIR"), "/sentences.json"));
    serde_json::from_str(text).unwrap_or_else(|error| panic!("the catalogue is not as it was built: {error}"))
});

/// What the host itself says to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sentence {
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

    /// The sentence in a language (BCP 47).
    pub(crate) fn say(self, locale: &str) -> String {
        say(locale, self.id(), &[])
    }
}

/// A sentence in a language (BCP 47); in English where the catalogue has no such language.
pub(crate) fn say(locale: &str, id: &str, arguments: &[(&str, &str)]) -> String {
    let of = |locale: &str| CATALOGUE.get(locale).and_then(|sentences| sentences.get(id));
    let Some(sentence) = of(locale).or_else(|| of(ENGLISH)) else {
        return id.to_owned();
    };
    let mut said = sentence.clone();
    for (name, value) in arguments.iter().chain([&SERVER]) {
        said = said.replace(&format!("{{{name}}}"), value);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_said_in_the_readers_language_or_in_english() {
        let said = |locale: &str| say(locale, "zoom.host.version.off", &[("version", "1.2.3")]);
        assert_eq!(said("en"), "1.2.3. Mattermost installs none of the plugins that it ships by itself.");
        assert_eq!(said("de"), "1.2.3. Mattermost installiert keine mitgelieferten Plugins von selbst.");
        assert_eq!(said("tlh"), said("en"));
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
