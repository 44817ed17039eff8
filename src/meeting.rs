//! What features share about meetings: the life of an instance, the card that shows it, the record of all that is known of a number,
//! the post that follows it, and who may post where.
//!
//! An order within: [`life`] and [`wanted`] know none of the others. Then [`card`], [`record`], where records lie ([`records`]), [`follow`] and
//! [`venue`], [`show`] and [`official_card`], and at last [`events`].

pub mod card;
pub mod events;
pub mod follow;
pub mod life;
pub mod official_card;
pub mod record;
pub mod records;
pub mod show;
pub mod venue;
pub mod wanted;

pub use life::{DEFAULT_TOPIC, Life, MAX_TOPIC_CHARS, Meeting, advance, topic};
