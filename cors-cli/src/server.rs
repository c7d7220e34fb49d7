//! What the command's own servers share: where they listen, by which names they may be asked, and how they end.

mod hosts;
pub(crate) mod listen;
mod serve;

pub(crate) use hosts::{Hosts, authority};
pub(crate) use serve::{MAX_HEAD_LEN, Stop, serve};
