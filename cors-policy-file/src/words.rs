//! [`Words`]: how a notation names what policies are made of, so that advice can be followed to the letter.

/// The words of a notation for its kinds of values, each with its article where it has one.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// A field of a policy: `field`.
    pub field: &'static str,
    /// A text: `a string`.
    pub string: &'static str,
    /// What lists are made of: `strings`.
    pub strings: &'static str,
    /// A whole number: `a number`.
    pub integer: &'static str,
    /// A truth value: `a boolean`.
    pub boolean: &'static str,
    /// A number that is not whole: `a fraction`.
    pub fraction: &'static str,
    /// The value for nothing: `null`.
    pub null: &'static str,
    /// How `false` and `true` are written.
    pub booleans: [&'static str; 2],
    /// The mark around a text.
    pub quote: char,
}

impl Words {
    /// The words of TOML, JSON and Rust.
    pub const FILE: Words = Words {
        field: "field",
        string: "a string",
        strings: "strings",
        integer: "a number",
        boolean: "a boolean",
        fraction: "a fraction",
        null: "null",
        booleans: ["false", "true"],
        quote: '"',
    };

    pub(crate) fn list_of_strings(&self) -> String {
        format!("a list of {}", self.strings)
    }

    pub(crate) fn true_or_false(&self) -> String {
        let [no, yes] = self.booleans;
        format!("{yes} or {no}")
    }

    pub(crate) fn truth(&self, value: bool) -> &'static str {
        let [no, yes] = self.booleans;
        if value { yes } else { no }
    }

    /// Writes the texts as a list. They are patterns and tokens, which need no escapes.
    pub(crate) fn list<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> String {
        let quoted: Vec<String> = texts.into_iter().map(|text| self.quoted(text)).collect();
        format!("[{}]", quoted.join(", "))
    }

    /// Writes a text in quotation marks.
    pub(crate) fn quoted(&self, text: &str) -> String {
        // A token may have a `'` in it, and none has a `"`.
        let quote = if text.contains(self.quote) { '"' } else { self.quote };
        format!("{quote}{text}{quote}")
    }
}
