//! `./just simulate`: plays seeds, and says which of them show that something does not hold.
#![expect(clippy::print_stdout, reason = "a program for people")]

mod planted;
mod search;

use clap::Parser;
use search::{Failed, Search};
use simulation::{Plan, Property, known, run, shrink};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Plays the core in a simulated world, seed by seed.
#[derive(Parser)]
#[command(name = "simulate")]
struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Play this seed alone, and tell what happens.
    #[arg(long)]
    seed: Option<u64>,
    /// Of this seed, play these events alone.
    #[arg(long, value_delimiter = ',', requires = "seed")]
    only: Vec<u32>,
    /// As many at once as there are processors where nothing is said.
    #[arg(long)]
    threads: Option<usize>,
    /// Print one line: the first seed at which something unexpected does not hold.
    #[arg(long, hide = true)]
    first: bool,
    /// Put the bugs of `planted.txt` into copies of the core, one at a time, and say what finds each; or those with this in their names.
    #[arg(long, num_args = 0..=1, default_missing_value = "")]
    planted: Option<String>,
    /// Take nothing for known.
    #[arg(long)]
    strict: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(filter) = &options.planted {
        return planted::run(filter);
    }
    // A panic of a hook is a finding, and is told as one.
    std::panic::set_hook(Box::new(|_| {}));
    let expected = if options.strict { Vec::new() } else { known() };
    match options.seed {
        Some(seed) => replay(seed, &options.only),
        None => search(&options, &expected),
    }
}

fn search(options: &Options, expected: &[Property]) -> ExitCode {
    let threads =
        options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into));
    let search = Search { from: options.from, seeds: options.seeds, threads, expected, first: options.first };
    let found = search.run(|progress| {
        if !options.first {
            println!("{progress}");
        }
    });
    let first = found.failed.iter().min_by_key(|(_, failed)| failed.seed);
    if options.first {
        if let Some((property, failed)) = first {
            println!("{} {property} {}", failed.seed, failed.what);
        }
        return ExitCode::SUCCESS;
    }
    println!("{}", found.rate);
    for (property, count) in &found.expected {
        println!("known not to hold: {property}, {count} times");
    }
    let Some((_, Failed { seed, .. })) = first else { return ExitCode::SUCCESS };
    for (property, Failed { count, seed, what }) in &found.failed {
        println!("{property:24} {count:>6} seeds, the first is {seed}: {what}");
    }
    println!();
    replay(*seed, &[])
}

/// Plays one seed. A failing one is made small first, unless its events were chosen.
fn replay(seed: u64, only: &[u32]) -> ExitCode {
    let whole = Plan::new(seed);
    let mut plan = if only.is_empty() { whole.clone() } else { whole.only(only) };
    if let (Some(violation), true) = (run(&plan, false).violation, only.is_empty()) {
        plan = shrink(&plan, violation.property);
    }
    let outcome = run(&plan, true);
    for line in worth_reading(&outcome.trace) {
        println!("{line}");
    }
    let Some(violation) = outcome.violation else {
        println!("\nseed {seed}: all holds, {} effects", outcome.effects);
        return ExitCode::SUCCESS;
    };
    println!("\nseed {seed}, {}: {}", violation.property, violation.property.says());
    println!("{}\n", violation.what);
    println!("needed are {} of {} events:\n{plan}", plan.ids().count(), whole.ids().count());
    let ids: Vec<String> = plan.ids().map(|id| id.to_string()).collect();
    println!("again: ./just simulate --seed {seed} --only {}", ids.join(","));
    ExitCode::FAILURE
}

/// Without the runs of due work that found none: they have two lines.
fn worth_reading(trace: &[String]) -> impl Iterator<Item = &String> {
    let run = |line: &String| line.split(' ').find(|word| word.starts_with("due")).map(str::to_owned);
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    for name in trace.iter().filter_map(run) {
        *lines.entry(name).or_default() += 1;
    }
    trace.iter().filter(move |line| run(line).is_none_or(|name| lines[&name] > 2))
}
