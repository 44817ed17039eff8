use std::collections::BTreeMap;

/// What an import does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Fails before anything has happened.
    Unavailable,
    /// Never answers.
    Hang,
}

/// Faults that wait for their import, and for how many calls each.
#[derive(Debug, Default)]
pub(super) struct Faults(BTreeMap<&'static str, (u32, Fault)>);

impl Faults {
    pub(super) fn add(&mut self, import: &'static str, calls: u32, fault: Fault) {
        self.0.insert(import, (calls, fault));
    }

    pub(super) fn take(&mut self, import: &str) -> Option<Fault> {
        let (calls, fault) = self.0.get_mut(import)?;
        *calls = calls.checked_sub(1)?;
        Some(*fault)
    }
}
