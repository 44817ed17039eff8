//! Runs every scenario of `tests/data/scenarios` as a test of its own name, and the races that cannot be written out. `UPDATE_EXPECT=1` rewrites what is expected.
#![expect(clippy::unwrap_used, reason = "a scenario that cannot be read is a failed test")]
#![expect(clippy::disallowed_methods, reason = "scenarios are files")]

mod scenario;

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/scenarios");
    let stages = Arc::new(Mutex::new(scenario::File::read(folder.with_file_name("given.txt"))));
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let trials = paths.into_iter().flat_map(|path| {
        let file = Arc::new(Mutex::new(scenario::File::read(path)));
        let names = file.lock().unwrap().names();
        names.into_iter().map(move |name| trial(&file, name))
    });
    let names = stages.lock().unwrap().names();
    let stages = names.into_iter().map(|name| trial(&stages, name)).collect::<Vec<_>>();
    let races: [(&str, fn()); 16] = [
        ("calls_of_each_hook", scenario::calls::of_each_hook),
        (
            "f11_whoever_is_slower_writes_no_older_state",
            scenario::converge::whoever_is_slower_writes_no_older_state,
        ),
        (
            "f12_a_job_that_ends_leaves_what_was_asked_for_meanwhile",
            scenario::converge::a_job_that_ends_leaves_what_was_asked_for_meanwhile,
        ),
        (
            "f13_a_post_that_was_not_noted_is_made_once",
            scenario::converge::a_post_that_was_not_noted_is_made_once,
        ),
        (
            "f13_an_announcement_whose_run_breaks_off_is_made_once",
            scenario::converge::an_announcement_whose_run_breaks_off_is_made_once,
        ),
        (
            "an_announcement_that_was_not_noted_shows_what_is_stored",
            scenario::converge::an_announcement_that_was_not_noted_shows_what_is_stored,
        ),
        (
            "f45_a_lease_outlives_the_run_that_holds_it",
            scenario::converge::a_lease_outlives_the_run_that_holds_it,
        ),
        ("f45_work_that_is_dropped_is_said", scenario::converge::work_that_is_dropped_is_said),
        ("one_meeting_of_two_starts_at_once", scenario::race::one_meeting_of_two_starts),
        ("a_start_that_breaks_off_holds_up_nobody", scenario::race::a_start_that_breaks_off_holds_up_nobody),
        (
            "a_recording_whose_run_breaks_off_is_passed_on_once",
            scenario::recording::a_run_that_breaks_off_repeats_nothing,
        ),
        (
            "a_recording_is_passed_on_once_where_clocks_differ",
            scenario::recording::clocks_that_differ_repeat_nothing_and_leave_nothing_out,
        ),
        ("d18_twins_of_a_recording_at_once", scenario::recording::twins_at_once_are_passed_on_once),
        (
            "a_page_of_watched_keys_that_cannot_be_read",
            scenario::many::a_page_of_watched_keys_that_cannot_be_read,
        ),
        (
            "a_large_store_is_taken_over_in_several_runs",
            scenario::many::a_large_store_is_taken_over_in_several_runs,
        ),
        ("a_busy_server_knows_when_zoom_was_heard", scenario::many::a_busy_server_knows_when_zoom_was_heard),
    ];
    let races = races.map(|(name, race)| {
        Trial::test(name, move || {
            race();
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.chain(stages).chain(races).collect()).exit_code()
}

fn trial(file: &Arc<Mutex<scenario::File>>, name: String) -> Trial {
    let file = Arc::clone(file);
    Trial::test(name.clone(), move || {
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.check(&name, scenario::Mode::of_environment()).map_err(Failed::from)
    })
}
