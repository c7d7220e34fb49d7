//! [`program`]: the program that a test starts.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long cargo may take for a link.
const LONGEST: Duration = Duration::from_secs(10);

/// Returns the path of a program that cargo has built, once it is there.
///
/// Cargo takes the link to a program away and makes it anew whenever it is asked for another variant of it: other steps of `tools/ci`
/// do so while the tests run.
pub fn program(path: &'static str) -> &'static Path {
    let path = Path::new(path);
    let since = Instant::now();
    while !path.exists() && since.elapsed() < LONGEST {
        thread::sleep(Duration::from_millis(1));
    }
    path
}
