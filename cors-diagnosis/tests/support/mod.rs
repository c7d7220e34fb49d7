//! The table of texts.

#![allow(dead_code, reason = "each test looks at its own part")]

use cors_core::browser::Stage;
use cors_diagnosis::message::Message;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Text {
    pub id: String,
    #[serde(rename = "text")]
    pub pasted: String,
    /// Whether the text ends within a message, so that nothing may follow it.
    #[serde(default)]
    pub cut: bool,
    pub messages: Vec<Expected>,
}

/// A message, as the table has it. What is not there is not in the text.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Expected {
    pub cause: String,
    pub source: String,
    pub language: Option<String>,
    pub stage: Option<String>,
    pub kind: Option<String>,
    pub url: Option<String>,
    pub redirected_from: Option<String>,
    pub origin: Option<String>,
    pub parameter: Option<String>,
    pub status: Option<u16>,
    /// How the advice begins.
    pub advice: String,
}

impl Expected {
    pub(crate) fn of(message: &Message, advice: String) -> Self {
        Expected {
            cause: message.name().to_owned(),
            source: message.source.name().to_owned(),
            language: Some(message.language.to_owned()).filter(|language| language != "en"),
            stage: message.stage.map(Stage::name).map(str::to_owned),
            kind: message.kind.clone(),
            url: message.url.clone(),
            redirected_from: message.redirected_from.clone(),
            origin: message.origin.clone(),
            parameter: message.parameter.clone(),
            status: message.status,
            advice,
        }
    }
}

pub(crate) fn texts() -> Vec<Text> {
    serde_json::from_str(include_str!("../texts.json")).expect("tests/texts.json is JSON of this form")
}
