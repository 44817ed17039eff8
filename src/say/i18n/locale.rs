//! The languages of the catalogue.

use serde::{Deserialize, Serialize};

/// A language that the catalogue speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Locale {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// German.
    #[serde(rename = "de")]
    De,
    /// French.
    #[serde(rename = "fr")]
    Fr,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Portuguese, as Brazil writes it.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
    /// Chinese in simplified characters.
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// Arabic.
    #[serde(rename = "ar")]
    Ar,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::En, Self::De, Self::Fr, Self::Es, Self::PtBr, Self::Ja, Self::ZhCn, Self::Ar];

    /// The tag (BCP 47), which names its file.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::PtBr => "pt-BR",
            Self::Ja => "ja",
            Self::ZhCn => "zh-CN",
            Self::Ar => "ar",
        }
    }

    /// The one that a reader with this tag understands best: another country's form of the language, else English. Readers of
    /// traditional Chinese get English, not simplified characters.
    pub fn of(tag: &str) -> Self {
        let mut subtags = tag.split(['-', '_']).map(str::to_ascii_lowercase);
        let language = subtags.next().unwrap_or_default();
        match language.as_str() {
            "de" => Self::De,
            "fr" => Self::Fr,
            "es" => Self::Es,
            "pt" => Self::PtBr,
            "ja" => Self::Ja,
            "ar" => Self::Ar,
            "zh" if !subtags.any(|subtag| matches!(subtag.as_str(), "tw" | "hk" | "mo" | "hant")) => {
                Self::ZhCn
            }
            _ => Self::En,
        }
    }

    /// `ltr` or `rtl`, for HTML.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En | Self::De | Self::Fr | Self::Es | Self::PtBr | Self::Ja | Self::ZhCn => "ltr",
        }
    }
}
