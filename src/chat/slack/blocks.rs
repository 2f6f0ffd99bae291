//! Messages and windows as Slack wants them (Block Kit), as types that are written straight to JSON.

use std::{borrow::Cow, fmt::Write as _};

use serde::{Serialize, Serializer};

use super::{VERSION, mrkdwn::Mrkdwn};
use crate::{bytes, chat::markup::plain};

/// Slack's limits, in characters where nothing else is said. From the reference of each block and the validators of the
/// official Python SDK.
pub(super) mod most {
    /// Blocks in a message.
    pub(crate) const BLOCKS: usize = 50;
    /// Text of a section or a context.
    pub(crate) const TEXT: usize = 3_000;
    /// The message's plain text; 4,000 are advised.
    pub(crate) const FALLBACK: usize = 3_900;
    /// The words on a button and in an option.
    pub(crate) const LABEL: usize = 75;
    /// What a button carries.
    pub(crate) const VALUE: usize = 2_000;
    /// What an option carries.
    pub(crate) const OPTION: usize = 150;
    /// Options of a menu.
    pub(crate) const OPTIONS: usize = 100;
    /// A field's hint of what is wanted.
    pub(crate) const PLACEHOLDER: usize = 150;
    /// What a window carries.
    pub(crate) const METADATA: usize = 3_000;
    /// The name of a block.
    pub(crate) const BLOCK_ID: usize = 255;
    /// What a field holds.
    pub(crate) const FIELD: usize = 3_000;
    /// A window's title and buttons.
    pub(crate) const TITLE: usize = 24;
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_type: Option<ResponseType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replace_original: Option<bool>,
    pub(super) text: Mrkdwn<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) unfurl_links: bool,
    pub(super) unfurl_media: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResponseType {
    Ephemeral,
    InChannel,
}

/// Takes the message away that was clicked in.
#[derive(Serialize)]
pub(super) struct Delete {
    pub(super) delete_original: bool,
}

/// The call that opens a window.
#[derive(Serialize)]
pub(super) struct Open<'a> {
    pub(super) trigger_id: &'a str,
    pub(super) view: View<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "modal")]
pub(super) struct View<'a> {
    pub(super) callback_id: &'static str,
    pub(super) title: Text<'a>,
    pub(super) submit: Text<'a>,
    pub(super) close: Text<'a>,
    pub(super) private_metadata: Value<'a>,
    pub(super) blocks: Vec<Block<'a>>,
}

/// The answer to someone typing in a menu.
#[derive(Serialize)]
pub(super) struct Options<'a> {
    pub(super) options: Vec<Choice<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block<'a> {
    Section {
        text: Text<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        accessory: Option<Element<'a>>,
    },
    Context {
        elements: Vec<Text<'a>>,
    },
    Actions {
        #[serde(skip_serializing_if = "Option::is_none")]
        block_id: Option<Value<'a>>,
        elements: Vec<Element<'a>>,
    },
    Input {
        block_id: String,
        optional: bool,
        label: Text<'a>,
        element: Element<'a>,
    },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Text<'a> {
    Mrkdwn { text: Mrkdwn<'a>, verbatim: bool },
    PlainText { text: Cow<'a, str>, emoji: bool },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Element<'a> {
    Button {
        action_id: &'static str,
        text: Text<'a>,
        value: Value<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        style: Option<&'static str>,
    },
    StaticSelect {
        action_id: &'static str,
        placeholder: Text<'a>,
        options: Vec<Choice<'a>>,
    },
    ExternalSelect {
        action_id: &'static str,
        placeholder: Text<'a>,
        min_query_length: u8,
    },
    PlainTextInput {
        action_id: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_value: Option<Cow<'a, str>>,
        placeholder: Text<'a>,
        max_length: usize,
        multiline: bool,
    },
}

#[derive(Serialize)]
pub(super) struct Choice<'a> {
    pub(super) text: Text<'a>,
    pub(super) value: Value<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Text<'a>>,
}

/// What a button, an option or a window carries, and what it means when it comes back: the version, then an ask.
pub(super) struct Value<'a>(pub(super) Cow<'a, str>);

impl<'a> Text<'a> {
    pub(super) fn mrkdwn(text: Mrkdwn<'a>) -> Self {
        Self::Mrkdwn { text, verbatim: true }
    }

    pub(super) fn plain(text: &'a str, most: usize) -> Self {
        Self::PlainText { text: plain(text, most), emoji: false }
    }
}

impl<'a> Block<'a> {
    pub(super) fn section(text: Mrkdwn<'a>) -> Self {
        Self::Section { text: Text::mrkdwn(text), accessory: None }
    }

    pub(super) fn actions(elements: impl IntoIterator<Item = Element<'a>>) -> Self {
        Self::Actions { block_id: None, elements: elements.into_iter().collect() }
    }

    pub(super) fn context(elements: impl IntoIterator<Item = Mrkdwn<'a>>) -> Self {
        Self::Context { elements: elements.into_iter().map(Text::mrkdwn).collect() }
    }
}

impl<'a> Element<'a> {
    pub(super) fn button(action_id: &'static str, label: &'a str, value: Value<'a>) -> Self {
        Self::Button { action_id, text: Text::plain(label, most::LABEL), value, style: None }
    }

    /// The button that people are most likely to want.
    pub(super) fn primary(action_id: &'static str, label: &'a str, value: Value<'a>) -> Self {
        Self::Button { action_id, text: Text::plain(label, most::LABEL), value, style: Some("primary") }
    }
}

impl<'a> Value<'a> {
    /// A button's value. Where the values of the slots would make it too long, they are left behind: the button then
    /// means the same phrase with its blanks open.
    pub(super) fn of(ask: impl Into<Cow<'a, str>>) -> Self {
        let mut value = Self(ask.into());
        if !value.fits(most::VALUE) {
            let slots = value.0.find("=\"").and_then(|sign| value.0.get(..sign)?.rfind(' '));
            value.0.to_mut().truncate(slots.unwrap_or_default());
        }
        value
    }

    /// Whether it is at most so long as it goes out.
    pub(super) fn fits(&self, most: usize) -> bool {
        // A byte becomes three at most, so what is short need not be counted.
        VERSION.len() + 1 + 3 * self.0.len() <= most || self.text().encode_utf16().count() <= most
    }

    /// As it goes out: Slack turns `&`, `<` and `>` into entities in some of what it sends back, so they are
    /// percent-encoded.
    pub(super) fn text(&self) -> String {
        const RISKY: [u8; 4] = *b"&<>%";
        let mut text = String::with_capacity(VERSION.len() + 1 + self.0.len());
        text.push_str(VERSION);
        text.push(' ');
        if bytes::without_markup(&self.0) {
            text.push_str(&self.0);
            return text;
        }
        for c in self.0.chars() {
            match u8::try_from(c) {
                Ok(b) if RISKY.contains(&b) => {
                    let _ = write!(text, "%{b:02X}");
                }
                _ => text.push(c),
            }
        }
        text
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
