//! What Telegram sends: an update with one thing in it. Only what is wanted is read; what is not understood is nothing.

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};

use super::{
    message::{Data, Purpose, length},
    outgoing,
};
use crate::{
    chat::{Call, Event, Gesture, carried::split},
    say::{
        ask::{Ask, CHECK, refill},
        book::UMBRELLA,
    },
};

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone)]
pub enum Letter {
    /// Of something in a chat that we see.
    Chat(Place),
    /// Of what is typed after our name elsewhere: its id, and how many phrases have been seen.
    Query(String, usize),
}

/// Where something was typed or pressed.
#[derive(Debug, Clone)]
pub struct Place {
    pub(super) chat: i64,
    /// Whether there is nobody else in it.
    pub(super) is_private: bool,
    /// The topic of a forum.
    pub(super) thread: Option<i64>,
    pub(super) user: i64,
    /// How the person is called, for what they share.
    pub(super) name: String,
    pub(super) way: Way,
}

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// Below this message.
    Reply(i64),
    /// To who sent this message, which nobody else sees.
    ReplyForOne(i64),
    /// In place of this message.
    Edit(i64),
    /// In place of this message, which nobody else sees.
    EditForOne(i64),
    /// In place of the message that was pressed in, for who pressed alone.
    Cover(String),
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow)]
    message: Option<ReceivedMessage<'a>>,
    #[serde(borrow)]
    callback_query: Option<Press<'a>>,
    #[serde(borrow)]
    inline_query: Option<Query<'a>>,
}

#[derive(Deserialize)]
struct ReceivedMessage<'a> {
    #[serde(default)]
    message_id: i64,
    /// Where nobody but the sender and we see it.
    ephemeral_message_id: Option<i64>,
    message_thread_id: Option<i64>,
    is_topic_message: Option<bool>,
    #[serde(borrow)]
    from: Option<User<'a>>,
    #[serde(borrow)]
    chat: Option<Chat<'a>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    entities: Option<Vec<Entity<'a>>>,
    #[serde(borrow)]
    reply_to_message: Option<Box<ReceivedMessage<'a>>>,
    /// Words that were chosen from what we offered.
    via_bot: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct User<'a> {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    #[serde(borrow)]
    first_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    username: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Chat<'a> {
    id: i64,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// A part of a text, in UTF-16 units.
#[derive(Deserialize)]
struct Entity<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    offset: usize,
    length: usize,
}

#[derive(Deserialize)]
struct Press<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    from: User<'a>,
    #[serde(borrow)]
    message: Option<ReceivedMessage<'a>>,
    #[serde(borrow)]
    data: Option<Cow<'a, str>>,
}

/// What somebody types after our name in any chat.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are Telegram's")]
struct Query<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    from: User<'a>,
    #[serde(borrow)]
    query: Cow<'a, str>,
    #[serde(borrow)]
    offset: Option<Cow<'a, str>>,
}

/// Reads what Telegram sends to this bot, if it is something for us.
pub(super) fn update(body: &[u8], bot: Option<&str>) -> Option<Event<Letter>> {
    let update: Update<'_> = serde_json::from_slice(body).ok()?;
    match update {
        Update { message: Some(message), .. } => message.call(bot),
        Update { callback_query: Some(press), .. } => press.event(),
        Update { inline_query: Some(query), .. } => Some(query.event()),
        _ => None,
    }
}

impl ReceivedMessage<'_> {
    fn call(&self, bot: Option<&str>) -> Option<Event<Letter>> {
        let from = self.from.as_ref().filter(|from| !from.is_bot && self.via_bot.is_none())?;
        let (ask, gesture) = self.ask(bot)?;
        let way = self.ephemeral_message_id.map_or(Way::Reply(self.message_id), Way::ReplyForOne);
        self.event(from, way, ask, gesture)
    }

    fn event(&self, from: &User<'_>, way: Way, ask: Ask, gesture: Gesture) -> Option<Event<Letter>> {
        let chat = self.chat.as_ref()?;
        let place = Place {
            chat: chat.id,
            is_private: chat.kind == "private",
            // Elsewhere it is a thread of replies, to which nothing can be sent.
            thread: self.message_thread_id.filter(|_| self.is_topic_message == Some(true)),
            user: from.id,
            name: from.first_name.as_deref().unwrap_or_default().to_owned(),
            way,
        };
        Some(Event::Call(
            Call { team: chat.id.to_string(), user: from.id.to_string(), ask, gesture },
            Letter::Chat(place),
        ))
    }

    /// What is asked: a command; words for a message of ours that asks for some; in private anything else.
    fn ask(&self, bot: Option<&str>) -> Option<(Ask, Gesture)> {
        let text = self.text.as_deref()?;
        let Some(typed) = self.entity("bot_command").filter(|entity| entity.offset == 0) else {
            if let Some(asked) = self.reply_to_message.as_ref().and_then(|asked| asked.prompt(bot)) {
                return Some((Ask::umbrella(refill(asked, text)), Gesture::Filled));
            }
            let is_private = self.chat.as_ref().is_some_and(|chat| chat.kind == "private");
            return is_private.then(|| (Ask::umbrella(text), Gesture::Typed));
        };
        let typed = cut(text, 0, typed.length)?;
        let rest = text.get(typed.len()..)?;
        let (name, to) = typed.split_once('@').unwrap_or((typed, ""));
        if bot.is_some_and(|bot| !to.is_empty() && !bot.eq_ignore_ascii_case(to)) {
            return None;
        }
        // There are no dashes in names of commands.
        let name = name.trim_start_matches('/').replace('_', "-");
        Some(match (&*name, self.pointed()) {
            ("start", _) => (Ask::umbrella(rest.trim().replace('_', ".")), Gesture::Typed),
            ("help", _) => (Ask::umbrella("help"), Gesture::Typed),
            (CHECK, Some(draft)) if rest.trim().is_empty() => {
                (Ask { command: name, text: draft.to_owned() }, Gesture::Pointed)
            }
            _ => (Ask { command: name, text: rest.to_owned() }, Gesture::Typed),
        })
    }

    /// Somebody's words that a command is the reply to.
    fn pointed(&self) -> Option<&str> {
        let message = self.reply_to_message.as_ref()?;
        message.text.as_deref().filter(|_| message.from.as_ref().is_none_or(|from| !from.is_bot))
    }

    /// What a message of ours asks words for: its last line is a command.
    fn prompt(&self, bot: Option<&str>) -> Option<&str> {
        let from = self.from.as_ref().filter(|from| from.is_bot)?;
        let is_ours = bot.zip(from.username.as_deref()).is_none_or(|(bot, name)| bot.eq_ignore_ascii_case(name));
        let asked = self.last_line()?.strip_prefix('/')?.strip_prefix(UMBRELLA)?.strip_prefix(' ')?;
        is_ours.then_some(asked)
    }

    /// What was filled in, where it did not fit into a button.
    fn given(&self) -> Option<&str> {
        self.last_line().map(|line| if line.starts_with('/') { split(line).1 } else { line })
    }

    /// The command or the words that one of our messages ends with, for the next time.
    fn last_line(&self) -> Option<&str> {
        let text = self.text.as_deref()?;
        let last = self.entities.as_ref()?.iter().rfind(|entity| entity.kind == "code")?;
        let is_last = last.offset.checked_add(last.length)? == length(text);
        cut(text, last.offset, last.length).filter(|_| is_last)
    }

    fn entity(&self, kind: &str) -> Option<&Entity<'_>> {
        self.entities.as_ref()?.iter().find(|entity| entity.kind == kind)
    }
}

impl Press<'_> {
    fn event(&self) -> Option<Event<Letter>> {
        self.call().or_else(|| Some(Event::Handshake(outgoing::old_button(&self.id))))
    }

    fn call(&self) -> Option<Event<Letter>> {
        let message = self.message.as_ref()?;
        let Data { kind, ask, carried } = Data::read(self.data.as_deref()?)?;
        let given = if carried { format!(" {}", message.given()?) } else { String::new() };
        let gesture = match kind {
            Purpose::Another | Purpose::Next | Purpose::Letter | Purpose::Play | Purpose::Pick | Purpose::Mine => {
                Gesture::Pressed
            }
            Purpose::Fill => Gesture::Open,
            Purpose::Share => Gesture::Shared,
        };
        let way = match (kind, message.ephemeral_message_id) {
            (Purpose::Mine, None) => Way::Cover(self.id.to_string()),
            (_, Some(id)) => Way::EditForOne(id),
            (_, None) => Way::Edit(message.message_id),
        };
        message.event(&self.from, way, Ask::umbrella(format!("{ask}{given}")), gesture)
    }
}

impl Query<'_> {
    fn event(&self) -> Event<Letter> {
        let mut text = self.query.trim_start_matches('/').to_owned();
        // A value that is still being typed.
        if text.matches('"').count() % 2 == 1 {
            text.push('"');
        }
        let seen = self.offset.as_ref().and_then(|offset| offset.parse().ok()).unwrap_or_default();
        let user = self.from.id.to_string();
        let call = Call { team: user.clone(), user, ask: Ask::umbrella(text), gesture: Gesture::Typing };
        Event::Call(call, Letter::Query(self.id.to_string(), seen))
    }
}

/// A part of a text by its place in UTF-16 units; none where a character would be split.
fn cut(text: &str, offset: usize, length: usize) -> Option<&str> {
    let start = byte(text, offset)?;
    let rest = text.get(start..)?;
    rest.get(..byte(rest, length)?)
}

/// The byte at which so many UTF-16 units have passed.
fn byte(text: &str, units: usize) -> Option<usize> {
    let mut passed = 0;
    for (at, c) in text.char_indices() {
        if passed >= units {
            return (passed == units).then_some(at);
        }
        passed += c.len_utf16();
    }
    (passed == units).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_text_are_counted_in_utf16_units() {
        let text = "💙é/ask x";
        for (offset, length, expected) in [
            (0, 2, Some("💙")),
            (2, 1, Some("é")),
            (3, 4, Some("/ask")),
            (3, 6, Some("/ask x")),
            (9, 0, Some("")),
            (1, 1, None),
            (0, 1, None),
            (3, 7, None),
            (10, 0, None),
            (0, usize::MAX, None),
            (usize::MAX, 1, None),
        ] {
            assert_eq!(cut(text, offset, length), expected, "{offset} {length}");
        }
    }
}
