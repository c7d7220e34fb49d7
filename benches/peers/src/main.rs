//! Writes `benches/RESULTS.md` and its plots from criterion's results and the table of allocations, which it reads from
//! standard input.

mod measured;
mod plot;
mod tables;

use std::path::Path;
use std::{fs, io};

use measured::Measured;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let measured = Measured::read(&benches.join("../target/criterion"))?;
    let allocations = io::read_to_string(io::stdin())?;
    let results = tables::results(&measured, allocations.trim())?;
    fs::write(benches.join("RESULTS.md"), results)?;
    for plot in plot::ALL {
        plot.draw(&measured, &benches.join(plot.file))?;
    }
    Ok(())
}
