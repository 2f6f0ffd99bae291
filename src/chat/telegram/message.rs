//! What goes back to Telegram, as types that are written straight to JSON, and what its buttons carry.

use std::borrow::Cow;

use serde::Serialize;

use super::escape::Html;
use crate::{
    chat::{
        carried::{given, split},
        markup::plain,
    },
    say::{answer::Answer, ask::Choice},
};

/// The Bot API's limits. Texts are counted in UTF-16 units, what a button carries in bytes.
pub(super) mod most {
    /// A message.
    pub(crate) const TEXT: usize = 4_096;
    /// What a button carries.
    pub(crate) const DATA: usize = 64;
    /// What a button copies.
    pub(crate) const COPY: usize = 256;
    /// What stands after the bot's name in another chat.
    pub(crate) const QUERY: usize = 256;
    /// The words on a button; ours, so that they can be read on a phone.
    pub(crate) const LABEL: usize = 40;
    /// A notice to who has pressed.
    pub(crate) const NOTICE: usize = 200;
    /// What stands in an empty field.
    pub(crate) const PLACEHOLDER: usize = 64;
    /// What was filled in, in the last line of a message; ours, so that there is room for the rest.
    pub(crate) const CARRIED: usize = 2_000;
}

/// A message that is sent, or takes another's place.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "they are Telegram's")]
pub(super) struct Message<'a> {
    pub(super) method: &'static str,
    pub(super) chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receiver_user_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ephemeral_message_id: Option<i64>,
    pub(super) text: Html,
    pub(super) parse_mode: &'static str,
    pub(super) link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_parameters: Option<ReplyTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ephemeral_message_parameters: Option<ForOne<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_markup: Option<Keys<'a>>,
}

impl<'a> Message<'a> {
    pub(super) fn new(method: &'static str, chat_id: i64, text: Html, reply_markup: Option<Keys<'a>>) -> Self {
        Self {
            method,
            chat_id,
            message_thread_id: None,
            message_id: None,
            receiver_user_id: None,
            ephemeral_message_id: None,
            text,
            parse_mode: "HTML",
            link_preview_options: NoPreview { is_disabled: true },
            reply_parameters: None,
            ephemeral_message_parameters: None,
            reply_markup,
        }
    }
}

#[derive(Serialize)]
pub(super) struct NoPreview {
    pub(super) is_disabled: bool,
}

/// What a message answers.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ReplyTo {
    Message { message_id: i64, allow_sending_without_reply: bool },
    ForOne { ephemeral_message_id: i64 },
}

/// A message in a group that one person sees.
#[derive(Serialize)]
pub(super) struct ForOne<'a> {
    pub(super) receiver_user_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback_query_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replace_callback_query_message: Option<bool>,
}

/// What is below a message.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Keys<'a> {
    Buttons {
        inline_keyboard: Vec<Vec<Key<'a>>>,
    },
    /// The client opens a reply to the message.
    Reply {
        force_reply: bool,
        input_field_placeholder: Cow<'a, str>,
    },
}

impl<'a> Keys<'a> {
    /// Rows of buttons, if there are any.
    pub(super) fn rows(rows: Vec<Vec<Key<'a>>>) -> Option<Self> {
        Some(rows).filter(|rows| !rows.is_empty()).map(|inline_keyboard| Self::Buttons { inline_keyboard })
    }

    pub(super) fn reply(example: &'a str) -> Self {
        Self::Reply { force_reply: true, input_field_placeholder: plain(example, most::PLACEHOLDER) }
    }
}

#[derive(Serialize)]
pub(super) struct Key<'a> {
    text: Cow<'a, str>,
    #[serde(flatten)]
    does: Does<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Does<'a> {
    CallbackData(String),
    CopyText { text: Cow<'a, str> },
    SwitchInlineQuery(String),
}

impl<'a> Key<'a> {
    /// Comes back to us.
    pub(super) fn press(label: &'a str, data: String) -> Self {
        Self { text: plain(label, most::LABEL), does: Does::CallbackData(data) }
    }

    /// The same, called by a number.
    pub(super) fn numbered(number: usize, data: String) -> Self {
        Self { text: number.to_string().into(), does: Does::CallbackData(data) }
    }

    /// Copies a text, where it is not too long for that.
    pub(super) fn copy(label: &'a str, text: &'a str) -> Option<Self> {
        let text = plain(text, usize::MAX);
        let fits = (1..=most::COPY).contains(&length(&text));
        fits.then_some(Self { text: label.into(), does: Does::CopyText { text } })
    }

    /// Asks for a chat, and there for this.
    pub(super) fn elsewhere(label: &'a str, query: String) -> Option<Self> {
        let fits = length(&query) <= most::QUERY;
        fits.then_some(Self { text: label.into(), does: Does::SwitchInlineQuery(query) })
    }
}

/// A notice to who has pressed.
#[derive(Serialize)]
pub(super) struct Notice<'a> {
    pub(super) method: &'static str,
    pub(super) callback_query_id: &'a str,
    pub(super) text: Cow<'a, str>,
    pub(super) show_alert: bool,
}

/// What a button is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Another,
    Next,
    Fill,
    Share,
    Play,
    Letter,
    Pick,
    /// The same for who presses alone.
    Mine,
}

impl Purpose {
    const ALL: [(Self, char); 8] = [
        (Self::Another, 'a'),
        (Self::Next, 'n'),
        (Self::Fill, 'f'),
        (Self::Share, 's'),
        (Self::Play, 'p'),
        (Self::Letter, 'l'),
        (Self::Pick, 'c'),
        (Self::Mine, 'm'),
    ];

    fn letter(self) -> char {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or('c', |(_, letter)| *letter)
    }
}

/// The version of what buttons carry. Another form of it is another version.
const VERSION: char = '1';

/// What a button carries, when it comes back: `1a recover.billing.hoped-for customer="Ana"`; with a plus in the place of the
/// space, what was filled in is the last line of the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Data<'a> {
    pub(super) kind: Purpose,
    pub(super) ask: &'a str,
    pub(super) carried: bool,
}

impl<'a> Data<'a> {
    pub(super) fn read(data: &'a str) -> Option<Self> {
        let mut chars = data.strip_prefix(VERSION)?.chars();
        let (letter, sign) = (chars.next()?, chars.next().filter(|sign| matches!(sign, ' ' | '+'))?);
        let (kind, _) = Purpose::ALL.into_iter().find(|(_, known)| *known == letter)?;
        Some(Self { kind, ask: chars.as_str(), carried: sign == '+' })
    }
}

/// Writes what the buttons of a message carry.
pub(super) struct Carrier {
    /// What was filled in, where it does not fit into every button and so stands in the message for all of them.
    pub(super) carried: Option<String>,
}

impl Carrier {
    /// For the buttons of an answer, whose asks these are.
    pub(super) fn of<'a>(answer: &Answer<'_>, mut asks: impl Iterator<Item = &'a str>) -> Self {
        let is_long = |ask: &str| ask.len() > ROOM && !split(ask).1.is_empty();
        let carried = asks.any(is_long).then(|| given(answer));
        Self { carried: carried.filter(|given| Html::code(given, usize::MAX).length() <= most::CARRIED) }
    }

    /// None where not even the bare ask fits.
    pub(super) fn data(&self, answer: &Answer<'_>, kind: Purpose, ask: &str) -> Option<String> {
        let bare = split(ask).0;
        let (sign, ask) = match &self.carried {
            Some(_) => ('+', bare),
            None if ask.len() > ROOM => (' ', bare),
            None => (' ', ask),
        };
        let ask = if ask.len() > ROOM { numbered(answer, ask)? } else { ask.to_owned() };
        Some(format!("{VERSION}{}{sign}{ask}", kind.letter())).filter(|data| data.len() <= most::DATA)
    }
}

/// What version, kind and sign leave.
const ROOM: usize = most::DATA - 3;

/// Names may be so long that a phrase has to be called by its number.
fn numbered(answer: &Answer<'_>, ask: &str) -> Option<String> {
    let topic = answer.topic?;
    let (id, marks) = ask.split_once(' ').unwrap_or((ask, ""));
    let number = topic.phrases.iter().position(|phrase| topic.phrase_id(phrase) == id)? + 1;
    Some(Choice::ask(topic, None, format!("{number} {marks}").trim_end(), &[]))
}

/// In UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
