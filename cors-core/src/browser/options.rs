//! The options of a fetch: its credentials mode, its mode, and the interface by which the page makes it.

use crate::browser::engine::{Engine, Rule};
use crate::named;

named! {
    /// Fetch's credentials mode: whether cookies, client certificates and HTTP authentication go with a request.
    pub enum CredentialsMode {
        /// Never.
        Omit, "omit";
        /// To the page's own origin only: the default of `fetch()` and of `XMLHttpRequest`.
        SameOrigin, "same-origin";
        /// Always: `credentials: "include"`, or `withCredentials` of an `XMLHttpRequest`.
        Include, "include";
    }
    /// Returns the mode as a page writes it: `omit`, `same-origin` or `include`.
    fn name;
}

#[allow(clippy::derivable_impls, reason = "a row of `named!` has no place for `#[default]`")]
impl Default for CredentialsMode {
    fn default() -> Self {
        CredentialsMode::SameOrigin
    }
}

/// Whether the person who uses a page has permitted what it asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Refused, or not asked for yet.
    #[default]
    NotGiven,
    /// Given.
    Given,
}

/// Fetch's request mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `cors`: the page may read a cross-origin response if the server allows it.
    #[default]
    Cors,
    /// `no-cors`: the page may send what a form could, and reads nothing of a cross-origin response.
    NoCors,
    /// `same-origin`: a request across origins fails.
    SameOrigin,
}

named! {
    /// The interface by which a page makes a request. Console messages name it.
    pub enum Api {
        /// `fetch()`.
        Fetch, "fetch";
        /// `XMLHttpRequest`.
        XmlHttpRequest, "XMLHttpRequest";
        /// A module, or a `<script crossorigin>`.
        Script, "script";
        /// An `<img crossorigin>`.
        Image, "image";
        /// A font of a style sheet, or a `FontFace`. Not every engine asks for it [with CORS](Self::mode).
        Font, "font";
    }
    /// Returns the name in Chromium's console: `fetch`, `XMLHttpRequest`, `script`, `image` or `font`.
    fn name;
}

#[allow(clippy::derivable_impls, reason = "a row of `named!` has no place for `#[default]`")]
impl Default for Api {
    fn default() -> Self {
        Api::Fetch
    }
}

impl Api {
    /// Returns the mode in which this engine makes the request, where the page does not choose.
    ///
    /// ```
    /// use cors_core::browser::{Api, Engine, Mode};
    ///
    /// assert_eq!(Api::Font.mode(Engine::Firefox), Mode::Cors);
    /// assert_eq!(Api::Font.mode(Engine::WebKit), Mode::NoCors);
    /// ```
    pub fn mode(self, engine: Engine) -> Mode {
        match self {
            Api::Font if engine.departs(Rule::FontsAreNoCors) => Mode::NoCors,
            _ => Mode::Cors,
        }
    }
}
