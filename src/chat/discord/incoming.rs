//! What Discord sends: one kind of JSON for everything. Only what is wanted is read; every field is optional unless we
//! cannot do without it, unknown ones are ignored.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    Letter,
    message::{Id, Purpose},
    outgoing,
};
use crate::{
    chat::{Call, Event, Gesture, Refusal},
    say::ask::{Ask, CHECK, enter},
};

/// The kind of a command that is chosen on a message. We have one, so its name is not looked at.
pub(super) const MESSAGE: u8 = 3;

/// The options of our commands.
pub(super) mod option {
    pub(crate) const TOPIC: &str = "topic";
    pub(crate) const FILL: &str = "fill";
    pub(crate) const SHOW: &str = "show";
    pub(crate) const SHARE: &str = "share";
}

#[derive(Deserialize)]
struct Interaction<'a> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    #[serde(borrow)]
    guild_id: Option<Cow<'a, str>>,
    /// In servers.
    #[serde(borrow)]
    member: Option<Member<'a>>,
    /// Elsewhere.
    #[serde(borrow)]
    user: Option<User<'a>>,
    /// What was pressed in, or the form opened from.
    #[serde(borrow)]
    message: Option<ReceivedMessage<'a>>,
}

#[derive(Deserialize)]
struct Member<'a> {
    #[serde(borrow)]
    user: Option<User<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ReceivedMessage<'a> {
    #[serde(borrow)]
    content: Option<Cow<'a, str>>,
    #[serde(borrow)]
    embeds: Option<Vec<ReceivedEmbed<'a>>>,
}

#[derive(Deserialize)]
struct ReceivedEmbed<'a> {
    #[serde(borrow)]
    footer: Option<ReceivedFooter<'a>>,
}

#[derive(Deserialize)]
struct ReceivedFooter<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    /// Of a command: 3 where it is chosen on a message.
    #[serde(rename = "type")]
    kind: Option<u8>,
    #[serde(borrow)]
    target_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resolved: Option<Resolved<'a>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    options: Option<Vec<Chosen<'a>>>,
    #[serde(borrow)]
    custom_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    values: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    components: Option<Vec<FormRow<'a>>>,
}

/// What the ids in a command stand for.
#[derive(Deserialize)]
struct Resolved<'a> {
    #[serde(borrow)]
    messages: Option<BTreeMap<Cow<'a, str>, ReceivedMessage<'a>>>,
}

/// An option of a command; a subcommand has options of its own.
#[derive(Deserialize)]
struct Chosen<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    value: Option<Entered<'a>>,
    #[serde(borrow)]
    options: Option<Vec<Chosen<'a>>>,
    focused: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entered<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Flag(bool),
    Other(IgnoredAny),
}

/// A field of a form: under its label, or, as forms used to be, in a row.
#[derive(Deserialize)]
struct FormRow<'a> {
    #[serde(borrow)]
    component: Option<FormField<'a>>,
    #[serde(borrow)]
    components: Option<Vec<FormField<'a>>>,
}

#[derive(Deserialize)]
struct FormField<'a> {
    #[serde(borrow)]
    custom_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

/// Reads what Discord sends and hands it on by its type.
pub(super) fn interaction(body: &[u8]) -> Result<Event<Letter>, Refusal> {
    let interaction: Interaction<'_> = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
    if interaction.kind == 1 {
        return Ok(Event::Handshake(outgoing::pong()));
    }
    let data = interaction.data.as_ref().ok_or(Refusal::Unreadable)?;
    match interaction.kind {
        2 => interaction.command(data),
        3 => interaction.pressed(data),
        4 => interaction.typing(data),
        5 => interaction.sent(data),
        _ => Err(Refusal::Unreadable),
    }
}

impl Interaction<'_> {
    fn command(&self, data: &Data<'_>) -> Result<Event<Letter>, Refusal> {
        if data.kind == Some(MESSAGE) {
            let messages = data.resolved.as_ref().and_then(|resolved| resolved.messages.as_ref());
            let message = messages.zip(data.target_id.as_ref()).and_then(|(messages, id)| messages.get(id));
            let content = message.ok_or(Refusal::Unreadable)?.content.as_deref().unwrap_or_default();
            return Ok(self.call(Ask::umbrella(format!("{CHECK} {content}")), Gesture::Pointed, Letter::Apart));
        }
        let typed = Typed::read(data)?;
        Ok(self.call(typed.ask(), Gesture::Typed, Letter::Apart))
    }

    /// Topics that fit what has been typed so far; or, in the option for words, the blanks of the topic.
    fn typing(&self, data: &Data<'_>) -> Result<Event<Letter>, Refusal> {
        let typed = Typed::read(data)?;
        let Typed { command, topic, fill, focus, .. } = typed;
        let (text, letter) = match &*focus {
            option::FILL => (topic, Letter::Words(fill)),
            _ => (format!("list {topic}"), Letter::Apart),
        };
        Ok(self.call(Ask { command, text }, Gesture::Typing, letter))
    }

    fn pressed(&self, data: &Data<'_>) -> Result<Event<Letter>, Refusal> {
        let id = data.custom_id.as_deref().ok_or(Refusal::Unreadable)?;
        let Some(Id { kind, ask, carried }) = Id::read(id) else { return Ok(old_button()) };
        let chosen = || data.values.as_ref().and_then(|values| values.first()).map(ToString::to_string);
        let gesture = match kind {
            Purpose::Another | Purpose::Next | Purpose::Letter | Purpose::Play | Purpose::Pick | Purpose::Menu => {
                Gesture::Pressed
            }
            Purpose::Fill => Gesture::Open,
            Purpose::Share => Gesture::Shared,
            Purpose::Form => return Ok(old_button()),
        };
        let text = if kind == Purpose::Menu { chosen() } else { Some(ask.to_owned()) };
        let given = if carried { self.footer().map(|footer| format!(" {footer}")) } else { Some(String::new()) };
        let (Some(text), Some(given)) = (text, given) else { return Ok(old_button()) };
        Ok(self.call(Ask::umbrella(text + &given), gesture, Letter::Apart))
    }

    fn sent(&self, data: &Data<'_>) -> Result<Event<Letter>, Refusal> {
        let id = data.custom_id.as_deref().ok_or(Refusal::Unreadable)?;
        let Some(Id { kind: Purpose::Form, ask, .. }) = Id::read(id) else { return Ok(old_button()) };
        let mut text = ask.to_owned();
        for row in data.components.iter().flatten() {
            for field in row.component.iter().chain(row.components.iter().flatten()) {
                let (name, value) = (field.custom_id.as_deref(), field.value.as_deref());
                if let (Some(name), Some(value)) = (name, value) {
                    enter(&mut text, name, value);
                }
            }
        }
        // A form that was opened from a command has no message to stand in place of.
        let letter = if self.message.is_some() { Letter::InPlace } else { Letter::Apart };
        Ok(self.call(Ask::umbrella(text), Gesture::Filled, letter))
    }

    /// What was filled in, where it did not fit into a button.
    fn footer(&self) -> Option<&str> {
        self.message.as_ref()?.embeds.as_ref()?.first()?.footer.as_ref()?.text.as_deref()
    }

    fn call(&self, ask: Ask, gesture: Gesture, letter: Letter) -> Event<Letter> {
        let member = self.member.as_ref().and_then(|member| member.user.as_ref());
        let user = member.or(self.user.as_ref()).and_then(|user| user.id.as_deref()).unwrap_or_default();
        // Outside of servers everyone is a team of one.
        let team = self.guild_id.as_deref().unwrap_or(user);
        Event::Call(Call { team: team.to_owned(), user: user.to_owned(), ask, gesture }, letter)
    }
}

// The names of choices were longer than their values once, and a client that still has them may send the one in place of
// the other.

/// `customer=` of `customer= (Who is it? Dr. Matt)`.
fn without_question(fill: &str) -> Cow<'_, str> {
    let Some((before, named)) = fill.split_once("= (") else { return Cow::Borrowed(fill) };
    // A name too long for Discord was cut itself.
    let after = named.rsplit_once(')').map_or("", |(_, after)| after.trim_start());
    Cow::Owned(format!("{before}={after}"))
}

/// `Kept waiting` of `Kept waiting: They've been on hold.`
fn without_when(topic: &str) -> &str {
    let begins = |at: &usize| topic.get(at + 2..).is_some_and(|when| when.starts_with(char::is_uppercase));
    let end =
        topic.match_indices(": ").map(|(at, _)| at).find(begins).filter(|_| !topic.ends_with(char::is_alphanumeric));
    end.and_then(|end| topic.get(..end)).unwrap_or(topic)
}

fn old_button() -> Event<Letter> {
    Event::Handshake(outgoing::old_button())
}

/// A command's options, in the order in which an ask has them.
#[derive(Default)]
struct Typed {
    command: String,
    topic: String,
    marks: String,
    fill: String,
    /// The option in which the person is typing.
    focus: String,
}

impl Typed {
    fn read(data: &Data<'_>) -> Result<Self, Refusal> {
        let command = data.name.as_deref().ok_or(Refusal::Unreadable)?.to_owned();
        let mut typed = Self { command, ..Self::default() };
        typed.take(data.options.as_deref().unwrap_or_default());
        Ok(typed)
    }

    fn take(&mut self, options: &[Chosen<'_>]) {
        for option in options {
            if option.focused == Some(true) {
                self.focus = option.name.to_string();
            }
            let place = match &*option.name {
                option::FILL => &mut self.fill,
                option::SHOW | option::SHARE => &mut self.marks,
                _ => &mut self.topic,
            };
            let word = match &option.value {
                Some(Entered::Text(text)) if option.name == option::FILL => without_question(text),
                Some(Entered::Text(text)) => Cow::Borrowed(without_when(text)),
                // A subcommand, and an option that is switched on, are called after what they do.
                Some(Entered::Flag(true)) | None => Cow::Borrowed(&*option.name),
                Some(_) => continue,
            };
            if !place.is_empty() {
                place.push(' ');
            }
            place.push_str(&word);
            self.take(option.options.as_deref().unwrap_or_default());
        }
    }

    fn ask(self) -> Ask {
        let mut text = self.topic;
        // Without a topic there is nothing that the rest could be for.
        if !text.trim().is_empty() {
            for part in [self.marks, self.fill].iter().filter(|part| !part.is_empty()) {
                text.push(' ');
                text.push_str(part);
            }
        }
        Ask { command: self.command, text }
    }
}
