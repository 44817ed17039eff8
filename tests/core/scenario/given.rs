//! Stages: steps that set the scene have a name, `given alice has connected`, and are told once, in `tests/data/given.txt`. Where a scenario
//! is given one, its steps are played there, and have to do what is written in that file: only what differs is told.

use super::names::Names;
use super::world::World;
use super::{Line, Scenario, read, tell};
use std::sync::LazyLock;

static STAGES: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let mut stages: Vec<Scenario> = Vec::new();
    for mut stage in read(include_str!("../../data/given.txt")) {
        // A stage may begin with one that is told above it.
        while let Some(at) = stage.lines.iter().position(|line| line.text.starts_with(GIVEN)) {
            let above = stages.iter().find(|above| stage.lines[at].text == format!("{GIVEN}{}", above.name));
            let above =
                above.unwrap_or_else(|| panic!("no stage above “{}”: {}", stage.name, stage.lines[at].text));
            assert!(
                stage.lines[..at].iter().all(|line| line.expected.is_empty()),
                "its names would differ: {}",
                stage.name
            );
            stage.lines.splice(at..=at, above.steps().cloned());
        }
        stages.push(stage);
    }
    stages
});

/// What a line begins with that is given a stage.
pub(super) const GIVEN: &str = "given ";

/// Plays a stage, and says what it does otherwise than it should.
pub(super) fn play(world: &mut World, names: &mut Names, name: &str) -> Vec<String> {
    let stage = STAGES.iter().find(|stage| stage.name == name);
    let stage = stage.unwrap_or_else(|| panic!("given.txt has no stage “{name}”"));
    let mut own_names = Names::of_a_stage();
    let mut differs = Vec::new();
    for line in &stage.lines {
        let raw = line.play(world, names);
        own_names.write(&line.text);
        let own = tell(world, &mut own_names, &raw);
        let told = tell(world, names, &raw);
        if own != line.expected {
            differs.push(line.text.clone());
            differs.extend(told.into_iter().map(|line| format!("    {line}")));
        }
    }
    differs
}

/// Puts stages where the lines of a scenario do just what the stages do; `raw` is what each line did. Its end stays: that is what the
/// scenario is about.
pub(super) fn put_in(lines: &mut Vec<Line>, mut raw: Vec<Vec<String>>, world: &World) {
    let mut stages: Vec<&Scenario> = STAGES.iter().collect();
    stages.sort_by_key(|stage| std::cmp::Reverse(stage.steps().count()));
    let mut at = 0;
    while at < lines.len() {
        let end = lines.iter().rposition(|line| !line.expected.is_empty()).unwrap_or(0);
        let does = |stage: &&&Scenario| {
            let steps: Vec<&Line> = stage.steps().collect();
            let mut own_names = Names::of_a_stage();
            at + steps.len() <= end
                && steps.iter().zip(&lines[at..]).zip(&raw[at..]).all(|((step, line), raw)| {
                    own_names.write(&step.text);
                    step.text == line.text && step.expected == tell(world, &mut own_names, raw)
                })
        };
        if let Some(stage) = stages.iter().find(does) {
            let given = Line { text: format!("given {}", stage.name), expected: Vec::new() };
            let steps = at..at + stage.steps().count();
            raw.splice(steps.clone(), [Vec::new()]);
            lines.splice(steps, [given]);
        }
        at += 1;
    }
}
