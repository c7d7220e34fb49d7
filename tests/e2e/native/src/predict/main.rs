//! What the engine predicts of a fetch: reads cases from standard input, a JSON object a line, and writes a prediction
//! for each. The policies are images, NAME.cors in the folder that the command line names.

mod case;
mod follow;

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, Write};

use cors_core::Policy;
use cors_e2e::files;

use self::case::Case;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("name the folder of the policies")?;
    let images = files(folder, ".cors")?;
    let policies: HashMap<&str, Policy<'_>> = images
        .iter()
        .map(|(name, image)| Ok((name.as_str(), Policy::from_bytes(image)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let prediction = follow::predict(&case, &policies)?;
        serde_json::to_writer(&mut output, &prediction)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}
