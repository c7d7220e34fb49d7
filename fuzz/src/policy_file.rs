//! [`policy_file`]: policy files, TOML and JSON.

use cors_core::Policy;
use cors_policy_file::{Error, Format, compile, text_of};

/// Reads any bytes as a file, in either format.
pub fn policy_file(input: &[u8]) {
    assert!(Policy::is_image(input) || Policy::from_bytes(input).is_err());
    let Ok(text) = text_of(input) else { return };
    for format in [Format::Toml, Format::Json] {
        match compile(format, text) {
            Ok(compiled) => {
                let image = compiled.into_image();
                assert!(Policy::from_bytes(&image).is_ok_and(|policy| policy.as_bytes() == image));
            }
            Err(Error::Problems(problems)) => {
                assert!(!problems.is_empty());
                for problem in problems {
                    let span = problem.span();
                    assert!(span.start <= span.end && span.end <= text.len(), "{problem}: {span:?}");
                    assert!(text.get(span).is_some(), "{problem}: not between characters");
                    let (line, column) = problem.line_and_column(text);
                    assert!(line >= 1 && column >= 1 && line <= text.split('\n').count());
                    assert!(!problem.title().is_empty() && problem.to_string().contains(problem.title()));
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
