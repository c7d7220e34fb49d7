//! The files of the page, for a server.

/// A file.
pub struct File {
    /// Where it is asked for.
    pub path: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The text.
    pub text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! files {
    ($($path:literal $content_type:expr, $name:literal;)*) => {
        &[$(File { path: $path, content_type: $content_type, text: include_str!(concat!("../page/", $name)) }),*]
    };
}

/// The files that `cors explain --serve` serves.
pub const FILES: &[File] = files! {
    "/" "text/html; charset=utf-8", "index.html";
    "/page.css" "text/css; charset=utf-8", "page.css";
    "/icon.svg" "image/svg+xml", "icon.svg";
    "/case.js" SCRIPT, "case.js";
    "/change.js" SCRIPT, "change.js";
    "/command.js" SCRIPT, "command.js";
    "/editor.js" SCRIPT, "editor.js";
    "/element.js" SCRIPT, "element.js";
    "/explanation.js" SCRIPT, "explanation.js";
    "/finding.js" SCRIPT, "finding.js";
    "/markdown.js" SCRIPT, "markdown.js";
    "/page.js" SCRIPT, "page.js";
    "/picture.js" SCRIPT, "picture.js";
    "/question.js" SCRIPT, "question.js";
    "/sequence.js" SCRIPT, "sequence.js";
    "/serve.js" SCRIPT, "serve.js";
    "/words.js" SCRIPT, "words.js";
};
