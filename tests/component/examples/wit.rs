//! Prints what a component imports and exports, as WIT: `wit FILE`.

use anyhow::Context as _;
use wit_component::WitPrinter;

#[expect(clippy::print_stdout, reason = "a command's answer")]
fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).context("usage: wit FILE")?;
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let decoded =
        wit_component::decode(&bytes).with_context(|| format!("{} is no component", path.display()))?;
    let nested: Vec<_> =
        decoded.resolve().packages.iter().map(|(id, _)| id).filter(|id| *id != decoded.package()).collect();
    let mut printer = WitPrinter::default();
    printer.print(decoded.resolve(), decoded.package(), &nested)?;
    print!("{}", printer.output);
    Ok(())
}
