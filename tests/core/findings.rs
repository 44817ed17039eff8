//! Every finding has a test of its number, so that none comes back unseen.

use super::named::tests;

/// Findings and what they are about. Whoever writes the first test of one takes its [`MISSING`] away.
const FINDINGS: &str = include_str!("../data/findings.txt");
/// What ends the line of a finding whose test is still to be written.
const MISSING: &str = " (no test yet)";

#[test]
fn every_finding_has_a_test_of_its_number() {
    let tests = tests();
    let findings: Vec<(u8, &str)> = FINDINGS.lines().filter(|line| !line.is_empty()).map(read).collect();
    let numbers: Vec<u8> = (1..=48).chain(68..=72).collect();
    assert_eq!(findings.iter().map(|(number, _)| *number).collect::<Vec<_>>(), numbers);
    let has_test = |number: u8| {
        let own = format!("f{number:02}_");
        tests.iter().any(|name| name.starts_with(&own))
    };
    let wrong = |is_missing: bool| {
        let is_wrong = |&&(number, title): &&(u8, &str)| {
            title.ends_with(MISSING) == is_missing && has_test(number) == is_missing
        };
        findings.iter().filter(is_wrong).collect::<Vec<_>>()
    };
    assert_eq!(wrong(false), Vec::<&(u8, &str)>::new(), "these have no test f…_");
    assert_eq!(
        wrong(true),
        Vec::<&(u8, &str)>::new(),
        "these have a test: tests/data/findings.txt says they have none"
    );
}

fn read(line: &str) -> (u8, &str) {
    let read = line.strip_prefix('F').and_then(|line| line.split_once(' '));
    let finding = read.and_then(|(number, title)| Some((number.parse().ok()?, title)));
    finding.unwrap_or_else(|| panic!("not a finding: {line}"))
}
