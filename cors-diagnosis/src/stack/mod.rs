//! What to write where a server's CORS is configured: the lines that make one fetch work, and nothing wider.
//!
//! In: what must be answered ([`Wanted`]), and a server's response. Out: the server's software ([`Stack`]), and a
//! [`Snippet`] for it. Each stack is one row of data in `rows/`: a template, and the signs by which responses tell it.
//! The program in `tests/stacks` starts the software of each row that is marked so, with its snippet, and judges the
//! responses as browsers do.

mod lines;
mod row;
mod rows;
mod signs;
mod snippet;
mod template;

use std::fmt::{self, Write};

pub use self::lines::Lines;
pub use self::row::Layer;
use self::row::Row;
pub use self::signs::Confidence;
pub use self::snippet::{Part, Refused, Snippet};
pub use self::template::expression;
use crate::Wanted;

/// The software of a server, and where its CORS is configured.
///
/// ```
/// use cors_diagnosis::Wanted;
/// use cors_diagnosis::stack::Stack;
///
/// let wanted = Wanted {
///     origins: vec!["https://app.example.com".to_owned()],
///     methods: vec!["PUT".to_owned()],
///     headers: vec!["content-type".to_owned()],
///     credentials: true,
///     ..Wanted::default()
/// };
/// let snippet = Stack::named("express").unwrap().snippet(&wanted)?;
/// assert!(snippet.parts[0].text.contains("origin: ['https://app.example.com'],"));
/// # Ok::<(), cors_diagnosis::stack::Refused>(())
/// ```
#[derive(Clone, Copy)]
pub struct Stack(&'static Row);

impl Stack {
    /// Returns every stack.
    pub fn all() -> impl Iterator<Item = Stack> {
        rows::ROWS.iter().copied().map(Stack)
    }

    /// Returns the stack of this name, in any case: `express`, or another name of it, such as `starlette`.
    pub fn named(name: &str) -> Option<Stack> {
        let is_name = |other: &str| other.eq_ignore_ascii_case(name);
        Stack::all()
            .find(|stack| is_name(stack.0.name) || stack.0.other_names.iter().any(|other| is_name(other)))
    }

    /// Returns the stacks of which a response has signs, the likeliest first; applications before what stands before them.
    ///
    /// `fields` are the response's header fields, names in any case.
    pub fn of_response<'f>(
        fields: impl IntoIterator<Item = (&'f str, &'f [u8])>,
    ) -> Vec<(Stack, Confidence)> {
        let fields: Vec<(&str, &[u8])> = fields.into_iter().collect();
        let mut told: Vec<(Stack, Confidence)> = Stack::all()
            .filter_map(|stack| Some((stack, signs::confidence(stack.0.signs, &fields)?)))
            .collect();
        // Stable: those of one degree stay in the order of the rows.
        told.sort_by_key(|(stack, confidence)| {
            (*confidence == Confidence::Possible, stack.0.layer, *confidence)
        });
        told
    }

    /// Returns the name, as on the command line: `express`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns other names that [`named`](Self::named) takes.
    pub fn other_names(self) -> &'static [&'static str] {
        self.0.other_names
    }

    /// Returns the name as a person writes it: `Express`.
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// Returns what kind of software it is.
    pub fn layer(self) -> Layer {
        self.0.layer
    }

    /// Returns true if the tests of this project run the software with the snippet.
    pub fn is_run(self) -> bool {
        self.0.is_run
    }

    /// Returns the configuration that answers what is wanted, and nothing wider.
    pub fn snippet(self, wanted: &Wanted) -> Result<Snippet, Refused> {
        snippet::snippet(self, self.0, wanted)
    }

    /// Returns the lines that allow what a whole policy allows, whose origins may be patterns; none if the template of this stack
    /// takes origins alone. The policy has been checked, and its names are of letters, digits and `-_.`, or `*`.
    pub fn recipe(self, wanted: &Wanted) -> Option<Vec<Part>> {
        snippet::recipe(self.0, wanted)
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stack({})", self.0.name)
    }
}

impl PartialEq for Stack {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Stack {}

/// Why the mode `no-cors` is not a way out.
pub const NO_CORS: &str = "mode: \"no-cors\" does not help: the browser sends the request and then gives the page an opaque \
                           response, of which the page can read neither status nor body; and it sends only GET, HEAD and \
                           POST with few headers.";

/// Returns a policy and the command that puts it in front of a server which is not the developer's, for development.
///
/// `target` is the server's address; what follows its host is left out.
pub fn proxy(wanted: &Wanted, target: &str) -> Result<String, Refused> {
    snippet::check(wanted)?;
    let mut text = String::new();
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    // Writing to a string does not fail.
    let _ = write_policy(&mut text, wanted, quoted);
    let host: String = target.split('/').take(3).collect::<Vec<_>>().join("/");
    // A shell takes what is in single quotation marks as it is, and a host has none.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(&byte);
    let host = if host.bytes().all(is_plain) && host.contains("://") {
        host
    } else {
        "https://api.example.com".to_owned()
    };
    let _ = write!(text, "\ncors proxy --policy policy.toml \\\n    --target '{host}'\n");
    Ok(text)
}

fn write_policy(text: &mut String, wanted: &Wanted, quoted: impl Fn(&[String]) -> String) -> fmt::Result {
    writeln!(text, "# policy.toml")?;
    writeln!(text, "allow_origins = [{}]", quoted(&wanted.origins))?;
    for (field, names) in [
        ("allow_methods", &wanted.methods),
        ("allow_headers", &wanted.headers),
        ("expose_headers", &wanted.exposed),
    ] {
        if !names.is_empty() {
            writeln!(text, "{field} = [{}]", quoted(names))?;
        }
    }
    if wanted.credentials {
        writeln!(text, "allow_credentials = true")?;
    }
    Ok(())
}
