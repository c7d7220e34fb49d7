//! The form of the vectors in the firmware: the number of cases, then each [`DecisionCase`] and its [`RequestCase`]s.

use heapless::Vec;
use serde::{Deserialize, Serialize};

/// A policy, and the number of requests to it that follow.
#[derive(Serialize, Deserialize)]
pub struct DecisionCase<'a> {
    pub name: &'a str,
    #[serde(borrow)]
    pub config: Config<'a>,
    /// The image that another machine has compiled.
    pub image: &'a [u8],
    pub requests: usize,
}

#[derive(Serialize, Deserialize)]
pub struct Config<'a> {
    #[serde(borrow)]
    pub allow_origins: Vec<&'a str, 80>,
    pub allow_methods: Vec<&'a str, 8>,
    pub allow_headers: Vec<&'a str, 64>,
    pub expose_headers: Vec<&'a str, 8>,
    pub allow_credentials: bool,
    pub max_age: Option<u32>,
    pub allow_private_network: bool,
    pub preflight_status: u16,
    pub accept_risks: Vec<&'a str, 4>,
}

/// A text, by its place in a list: the same few hundred make up all the requests.
pub type Text = u16;

/// A request and the answer to it, by the names of the vectors.
#[derive(Serialize, Deserialize)]
pub struct RequestCase {
    pub method: Value,
    pub headers: Vec<(Text, Value), 48>,
    pub kind: Text,
    pub verdict: Text,
    pub status: Option<u16>,
    pub fields: Vec<(Text, Text, Text), 40>,
}

/// A prefix, something repeated, and a suffix.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Value {
    pub prefix: Text,
    pub repeat: Text,
    pub times: usize,
    pub suffix: Text,
}
