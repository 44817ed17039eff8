//! Builds the component that behaves as it is told, compiles it for this machine, and prints the file's path. For tests in other
//! languages that run a host.

#[expect(clippy::print_stdout, reason = "a command's answer")]
fn main() -> anyhow::Result<()> {
    println!("{}", component_tests::probe_cwasm()?.display());
    Ok(())
}
