//! What a page asks, and in which browser.

use clap::{Args, ValueEnum};
use cors_core::browser::{AddressSpace, Api, Engine};
use serde::{Deserialize, Serialize};

/// The fetch to explain.
#[derive(Args)]
pub(crate) struct Asked {
    /// The page's origin
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,

    /// The address that the page asks [default: `https://api.example.com/`]
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    #[command(flatten)]
    pub(crate) call: Call,

    /// The page listens to the upload's progress, which takes `XMLHttpRequest`
    #[arg(long, conflicts_with = "stream")]
    pub(crate) upload_listener: bool,

    /// The page sends a stream, which takes `fetch()`
    #[arg(long, conflicts_with = "xhr")]
    pub(crate) stream: bool,

    /// The page loads a part of itself: a script or an image with `crossorigin`, or a font
    #[arg(long, value_name = "KIND", conflicts_with_all = ["method", "headers", "xhr", "upload_listener", "stream", "message", "har", "curl", "fetch"])]
    pub(crate) element: Option<ElementKind>,

    /// The engine of the page's browser [default: standard]
    #[arg(long, value_name = "ENGINE", conflicts_with = "har")]
    pub(crate) engine: Option<EngineName>,

    /// Where the address is, if its name does not show that
    #[arg(long, value_name = "SPACE")]
    pub(crate) address_space: Option<SpaceName>,

    /// Where the page comes from, if its name does not show that
    #[arg(long, value_name = "SPACE")]
    pub(crate) page_address_space: Option<SpaceName>,

    /// The person who uses the page lets it reach the local network
    #[arg(long)]
    pub(crate) local_network_permission: bool,
}

impl Asked {
    pub(crate) fn api(&self) -> Api {
        match self.element {
            Some(ElementKind::Script) => Api::Script,
            Some(ElementKind::Image) => Api::Image,
            Some(ElementKind::Font) => Api::Font,
            None if self.call.xhr || self.upload_listener => Api::XmlHttpRequest,
            None => Api::Fetch,
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine.map_or(Engine::Standard, EngineName::engine)
    }
}

/// How the page calls.
#[derive(Args)]
pub(crate) struct Call {
    /// The method, as the page writes it [default: GET]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// A header that the page sets; may be given several times
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,

    /// The page asks with credentials: `credentials: "include"`, or `withCredentials`
    #[arg(long)]
    pub(crate) credentials: bool,

    /// The page asks by `XMLHttpRequest`, not by `fetch()`
    #[arg(long)]
    pub(crate) xhr: bool,
}

/// What pages load by GET, and without headers of their own.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ElementKind {
    /// A module, or a `<script crossorigin>`
    Script,
    /// An `<img crossorigin>`
    Image,
    /// A font of a style sheet, always without credentials
    Font,
}

/// The Fetch standard, or a browser engine.
#[derive(Clone, Copy, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EngineName {
    /// The Fetch standard to the letter
    Standard,
    /// Chrome, Edge and others
    Chromium,
    /// Firefox
    Firefox,
    /// Safari, and every browser on iOS
    Webkit,
}

impl EngineName {
    pub(crate) fn engine(self) -> Engine {
        match self {
            EngineName::Standard => Engine::Standard,
            EngineName::Chromium => Engine::Chromium,
            EngineName::Firefox => Engine::Firefox,
            EngineName::Webkit => Engine::WebKit,
        }
    }
}

/// Where an address is, for local network access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SpaceName {
    /// On the internet
    Public,
    /// On a private network
    Local,
    /// On this machine
    Loopback,
}

impl SpaceName {
    pub(crate) fn space(self) -> AddressSpace {
        match self {
            SpaceName::Public => AddressSpace::Public,
            SpaceName::Local => AddressSpace::Local,
            SpaceName::Loopback => AddressSpace::Loopback,
        }
    }
}
