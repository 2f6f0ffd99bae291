//! Chat platforms: a folder each, all of the same shape, and a line in [`ALL`], which everything else walks: the command
//! line, the settings, the pages, the tests.
//!
//! An adapter does no I/O: a [`Reply`] is plain data, and messages that are to be sent after it travel in it.

mod address;
mod carried;
pub mod discord;
pub mod form;
pub mod google_chat;
pub mod guide;
pub mod install;
mod kind;
pub mod markup;
pub mod mattermost;
mod platform;
pub mod proof;
pub mod slack;
pub mod stand;
pub mod teams;
pub mod telegram;
pub mod trial;

pub use address::{address, base, origin, public};
pub(crate) use kind::PlatformSettings;
use kind::{BookFlags, TrialFlags};
pub use kind::{Kind, Settings, Tool, Trial};
pub use platform::{
    Adapter, Call, Delivery, Doors, Event, Gesture, Outbound, Platform, Platforms, Refusal, Reply, json,
};

use crate::say::book::Command;

/// Every platform there is. A new one is its folder, its module above, and its line here.
pub const ALL: &[Kind] =
    &[slack::KIND, mattermost::KIND, discord::KIND, telegram::KIND, teams::KIND, google_chat::KIND];

/// What may follow a command, `[billing | late | …]`: as many topics as one takes in at a glance.
#[must_use]
pub fn hint(command: &Command) -> String {
    const GLANCE: usize = 100;
    let mut hint = String::from("[");
    for topic in &command.topics {
        if hint.len() + topic.id.len() > GLANCE {
            hint.push_str(" | …");
            break;
        }
        if hint.len() > 1 {
            hint.push_str(" | ");
        }
        hint.push_str(&topic.id);
    }
    hint.push(']');
    hint
}
