//! Makes a failing plan small: leaves out whatever the failure does not need.

use crate::plan::{Plan, Planned};
use crate::properties::Property;
use crate::run::run;

/// The plan with as few events as still violate the property. All others keep their luck, as it hangs on their names.
#[must_use]
pub fn shrink(plan: &Plan, property: Property) -> Plan {
    let fails = |plan: &Plan| run(plan, false).violation.is_some_and(|found| found.property == property);
    let mut small = plan.clone();
    let mut pieces = 2;
    while pieces <= small.events.len().max(1) {
        let size = small.events.len().div_ceil(pieces);
        let shorter = (0..pieces).map(|piece| without(&small, piece * size, size)).find(|plan| fails(plan));
        match shorter {
            Some(shorter) => {
                small = shorter;
                pieces = pieces.saturating_sub(1).max(2);
            }
            None if size == 1 => break,
            None => pieces = (pieces * 2).min(small.events.len()),
        }
    }
    small
}

fn without(plan: &Plan, from: usize, count: usize) -> Plan {
    let kept = plan.events.iter().enumerate().filter(|(index, _)| *index < from || *index >= from + count);
    let events: Vec<Planned> = kept.map(|(_, planned)| planned.clone()).collect();
    plan.with(events)
}
