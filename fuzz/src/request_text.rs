//! Requests as paragraphs of an input: a line for the method, and one for each field.

use cors_testing::Message;

use crate::lines::name_and_value;

pub(crate) fn messages(paragraphs: &[Vec<Vec<u8>>]) -> Vec<Message> {
    paragraphs.iter().filter_map(|lines| message(lines)).collect()
}

fn message(lines: &[Vec<u8>]) -> Option<Message> {
    let (method, fields) = lines.split_first()?;
    let headers = fields.iter().map(|line| {
        let (name, value) = name_and_value(line);
        (name, value.to_vec())
    });
    Some(Message { method: method.clone(), headers: headers.collect() })
}
