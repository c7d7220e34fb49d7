//! Words of a command line that is shown to be copied.

/// Returns a text as one word of a POSIX shell, of which the shell reads nothing as its own. Letters and digits alone, and hyphens between
/// them, stand without quotation marks.
pub fn word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_a_word_back() {
        for text in
            ["", "https://api.example.com/a';touch${IFS}pwn;'", "`id` $(id) \"x\" \\", "'", "''", "PUT", "ü…"]
        {
            let line = format!("printf %s {}", word(text));
            let output = Command::new("sh").arg("-c").arg(line).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
        }
    }
}
