//! What a post carries that proves that this plugin made it, and what the host needs when it changes the post.
//!
//! A post tells nothing reliable about itself, because whoever has it in their name can give it any props. So the stamp is sealed under
//! the plugin's key, and bound to what its author cannot choose: where it stands, in whose name, and when it was made to the
//! millisecond, which the server takes from plugins and administrators alone. On a copy of the post it is worth nothing.
//!
//! It saves a look-up for each post that is read or changed. An author can take it away; then the host's own record of the post
//! decides.

use serde::{Deserialize, Serialize};

use crate::markdown::{self, Mention, Names};
use crate::model::{ATTACHMENTS, Post, Props, read_text, text};
use crate::seal::Sealer;

/// The prop that holds it.
const PROP: &str = "plugin_stamp";

/// What is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Names what the post was made for, if it is to be made once.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub(super) once: Option<String>,
    /// The names of the props that are the plugin's.
    #[serde(rename = "p")]
    pub(super) props: Vec<String>,
    /// Those whom the post mentions, by their ids, and the names that it has for them.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<(String, String)>,
}

impl Stamp {
    /// Of a post with these props, in which mentions read so.
    pub(super) fn new(once: Option<String>, props: &Props, names: &Names) -> Self {
        let props = props.keys().filter(|name| *name != PROP).cloned().collect();
        let names = names.iter().map(|(mention, name)| (mention.markup(), name.clone())).collect();
        Self { once, props, names }
    }

    /// The stamp of a post, if it is its own.
    pub(super) fn read(sealer: &Sealer, post: &Post) -> Option<Self> {
        let sealed = read_text(post.props.get(PROP)?)?;
        let text = sealer.open(&bound(post, &post.create_at.to_string()), sealed)?;
        serde_json::from_str(&text).ok()
    }

    /// Puts the stamp on a post, in the place of any other.
    pub(super) fn write(&self, sealer: &Sealer, post: &mut Post) {
        let sealed = serde_json::to_string(self).unwrap_or_default();
        let sealed = sealer.seal(&bound(post, &post.create_at.to_string()), &sealed);
        post.props.insert(PROP.into(), text(&sealed));
    }

    /// How the post names those whom it mentions.
    pub(super) fn names(&self) -> Names {
        let named = self.names.iter().filter_map(|(markup, name)| {
            let mention: Mention = markdown::mentions(markup).next()?;
            Some((mention, name.clone()))
        });
        named.collect()
    }
}

/// Whether a prop is the host's own and none of the card's facts.
pub(super) fn is_hosts_own(prop: &str) -> bool {
    [PROP, ATTACHMENTS].contains(&prop)
}

fn bound<'a>(post: &'a Post, create_at: &'a str) -> [&'a str; 5] {
    ["post", &post.channel_id, &post.root_id, &post.user_id, create_at]
}
