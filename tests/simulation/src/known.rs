//! What does not hold yet, by the number of its finding. Each entry has to be seen, so that it is taken out with its cure.

use crate::properties::Property;

/// A property that some seeds violate.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Which.
    pub property: Property,
    /// Why.
    pub finding: &'static str,
}

/// What is known not to hold.
pub const KNOWN: &[Known] = &[];

/// Their properties.
#[must_use]
pub fn known() -> Vec<Property> {
    KNOWN.iter().map(|known| known.property).collect()
}
