//! What Google Chat sends, in either envelope. Every field is optional unless we cannot do without it, and unknown ones are
//! ignored. What we do not know is answered with nothing: after an error Google stops calling.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{CARRIED, Letter, PICK, VERSION, manifest, outgoing};
use crate::{
    chat::{Call, Event, Gesture, Refusal},
    say::{
        ask::{Ask, CHECK, enter},
        book::Phrasebook,
    },
};

/// An event in either envelope: of an add-on where `chat` is there.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    r#type: String,
    chat: Option<Chat>,
    #[serde(alias = "commonEventObject")]
    common: Common,
    user: User,
    #[serde(flatten)]
    payload: Payload,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Chat {
    user: User,
    message_payload: Option<Payload>,
    app_command_payload: Option<Payload>,
    button_clicked_payload: Option<Payload>,
    added_to_space_payload: Option<Payload>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Payload {
    message: Option<Message>,
    space: Space,
    app_command_metadata: Option<Metadata>,
    dialog_event_type: String,
    interaction_add: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Message {
    text: String,
    argument_text: Option<String>,
    slash_command: Option<Named>,
    annotations: Vec<Annotation>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Annotation {
    slash_command: Option<Named>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Named {
    command_name: String,
    /// A text with its digits, or a number.
    command_id: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    /// A number, or a text with its digits.
    app_command_id: Value,
    app_command_type: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct User {
    name: String,
    display_name: String,
    domain_id: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_field_names, reason = "they are Google's")]
struct Space {
    name: String,
    r#type: String,
    space_type: String,
    single_user_bot_dm: bool,
}

/// What comes with a click.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Common {
    parameters: BTreeMap<String, String>,
    form_inputs: BTreeMap<String, Value>,
    user_locale: String,
}

/// Reads an event; `address` is where an add-on's buttons are to call.
pub(super) fn event(body: &[u8], address: String, book: &Phrasebook) -> Result<Event<Letter>, Refusal> {
    let Body { r#type, chat, common, user, payload } = match serde_json::from_slice(body) {
        Ok(read) => read,
        Err(error) if error.is_data() => return odd(body),
        Err(_) => return Err(Refusal::Unreadable),
    };
    let Some(chat) = chat else {
        let from = From { user, space: &payload.space, add_on: None, book };
        return Ok(match r#type.as_str() {
            "CARD_CLICKED" => from.click(&payload, &common),
            "MESSAGE" | "APP_COMMAND" => from.command(&payload),
            "ADDED_TO_SPACE" if payload.message.is_some() => from.command(&payload),
            "ADDED_TO_SPACE" => from.call(Ask::umbrella("help"), Gesture::Typed),
            _ => Event::Handshake(outgoing::nothing(false)),
        });
    };
    let from = |payload| From { user: chat.user, space: payload, add_on: Some(address), book };
    Ok(if let Some(payload) = &chat.button_clicked_payload {
        from(&payload.space).click(payload, &common)
    } else if let Some(payload) = chat.app_command_payload.as_ref().or(chat.message_payload.as_ref()) {
        from(&payload.space).command(payload)
    } else if let Some(payload) = chat.added_to_space_payload.as_ref().filter(|payload| !payload.interaction_add) {
        from(&payload.space).call(Ask::umbrella("help"), Gesture::Typed)
    } else {
        Event::Handshake(outgoing::nothing(true))
    })
}

/// An event whose fields are not what we know them as.
fn odd(body: &[u8]) -> Result<Event<Letter>, Refusal> {
    let event: Value = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
    let event = event.as_object().ok_or(Refusal::Unreadable)?;
    Ok(Event::Handshake(outgoing::nothing(event.contains_key("chat"))))
}

/// Who asks, and where.
struct From<'e> {
    user: User,
    space: &'e Space,
    add_on: Option<String>,
    book: &'e Phrasebook,
}

impl From<'_> {
    /// A command, typed or chosen; or words to the app.
    fn command(self, payload: &Payload) -> Event<Letter> {
        let empty = Message::default();
        let message = payload.message.as_ref().unwrap_or(&empty);
        let metadata = payload.app_command_metadata.as_ref();
        let kind = metadata.map_or("", |metadata| &metadata.app_command_type);
        if kind == "MESSAGE_ACTION" {
            return self.call(Ask::umbrella(format!("{CHECK} {}", message.text)), Gesture::Pointed);
        }
        let named = message.annotations.iter().find_map(|annotation| annotation.slash_command.as_ref());
        let slash = message.slash_command.as_ref().or(named);
        let is_command = slash.is_some() || metadata.is_some();
        let id = metadata.map(|metadata| &metadata.app_command_id).or(slash.map(|slash| &slash.command_id));
        let id = id.and_then(number);
        let (first, rest) = message.text.trim().split_once(char::is_whitespace).unwrap_or((message.text.trim(), ""));
        let typed = first.strip_prefix('/').filter(|name| is_command && !name.is_empty());
        let name = named.map(|named| named.command_name.trim_start_matches('/')).filter(|name| !name.is_empty());
        let words = message.argument_text.as_deref().unwrap_or(if typed.is_some() { rest } else { "" });
        // The id says which command it is, whatever it is called in the console; the name only where the id is not ours.
        let command = id.and_then(|id| manifest::typed(self.book, id)).or(name).or(typed);
        let ask = match command {
            Some(name) => Ask { command: name.to_owned(), text: words.trim().to_owned() },
            None if metadata.is_some() => Ask::umbrella(manifest::quick(id)),
            None => Ask::umbrella(words.trim()),
        };
        self.call(ask, Gesture::Typed)
    }

    /// A button, a choice from a menu, or a dialog that was sent.
    fn click(self, payload: &Payload, common: &Common) -> Event<Letter> {
        let is_add_on = self.add_on.is_some();
        if payload.dialog_event_type == "CANCEL_DIALOG" {
            return Event::Handshake(outgoing::nothing(is_add_on));
        }
        let carried = common.parameters.get(CARRIED).map_or("", String::as_str);
        let mut parts = carried.splitn(3, ' ');
        let (version, does, ask) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let gesture = match does {
            "press" => Gesture::Pressed,
            "open" => Gesture::Open,
            "share" => Gesture::Shared,
            "sent" => Gesture::Filled,
            _ => return Event::Handshake(outgoing::old_button(&self.letter())),
        };
        if version != Some(VERSION) {
            return Event::Handshake(outgoing::old_button(&self.letter()));
        }
        let mut ask = ask.to_owned();
        for (name, input) in &common.form_inputs {
            let Some(words) = entered(input) else { continue };
            match (name.as_str(), gesture) {
                (PICK, Gesture::Pressed) => words.clone_into(&mut ask),
                (_, Gesture::Filled) => enter(&mut ask, name, words),
                _ => {}
            }
        }
        self.call(Ask::umbrella(ask), gesture)
    }

    fn letter(&self) -> Letter {
        let space = self.space;
        let is_alone = space.space_type == "DIRECT_MESSAGE" || space.r#type == "DM" || space.single_user_bot_dm;
        let viewer = Some(self.user.name.clone()).filter(|name| !is_alone && !name.is_empty());
        Letter { add_on: self.add_on.clone(), viewer, name: self.user.display_name.clone() }
    }

    fn call(self, ask: Ask, gesture: Gesture) -> Event<Letter> {
        let letter = self.letter();
        let team = if self.user.domain_id.is_empty() { self.space.name.clone() } else { self.user.domain_id };
        Event::Call(Call { team, user: self.user.name, ask, gesture }, letter)
    }
}

/// What stands in a field; some clients put it one level deeper, under an empty name.
fn entered(input: &Value) -> Option<&str> {
    let input = input.get("").unwrap_or(input);
    input.pointer("/stringInputs/value/0")?.as_str()
}

/// An id, which comes as a number or as a text.
fn number(id: &Value) -> Option<u32> {
    match id.as_str() {
        Some(digits) => digits.parse().ok(),
        None => id.as_u64()?.try_into().ok(),
    }
}
