//! What Teams sends: activities of Bot Framework. Only what is wanted is read; every field is optional unless we cannot do
//! without it, unknown ones are ignored, and many are there and null.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::Value;

use super::{
    Letter, VERSION,
    card::{Data, Press},
    outgoing,
};
use crate::{
    chat::{Call, Event, Gesture, Refusal, Reply},
    say::{
        ask::{Ask, CHECK, DRAFT, enter},
        book::UMBRELLA,
    },
};

/// The commands of the extension that are not the book's.
pub(super) const SEARCH: &str = "search";
/// What a field for words is called, in dialogs and in the search.
pub(super) const TEXT: &str = "text";
/// What a menu is called.
pub(super) const CHOICE: &str = "choice";
/// What stands before the name of a blank, so that it is none of those above.
pub(super) const SLOT: &str = "slot.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Activity<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    service_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    channel_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    from: Option<Person<'a>>,
    #[serde(borrow)]
    conversation: Option<Conversation<'a>>,
    #[serde(default)]
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    aad_object_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Conversation<'a> {
    #[serde(borrow)]
    tenant_id: Option<Cow<'a, str>>,
}

/// What an extension is called with.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Invoked {
    command_id: Option<String>,
    parameters: Option<Vec<Parameter>>,
    /// Of a button: what it carries, and every field of the dialog.
    data: Option<BTreeMap<String, Value>>,
    message_payload: Option<Pointed>,
    /// Of an entry of a list: what it carries.
    saywell: Option<String>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    value: Option<Value>,
}

/// A message on which a command was chosen.
#[derive(Deserialize)]
struct Pointed {
    body: Option<Body>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    content: Option<String>,
    content_type: Option<String>,
}

/// A mention of an outgoing webhook.
pub(super) fn mention(body: &[u8], more: &str) -> Result<Event<Letter>, Refusal> {
    let activity = Activity::read(body)?;
    if activity.kind.as_deref() != Some("message") {
        return Ok(Event::Handshake(Reply::default()));
    }
    let text = typed(activity.text.as_deref().unwrap_or_default());
    if text.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(CHECK)) {
        return Ok(Event::Handshake(outgoing::not_here(more)));
    }
    Ok(activity.call(Ask::umbrella(text), Gesture::Typed, Letter::Channel(more.to_owned())))
}

impl<'a> Activity<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)
    }

    pub(super) fn service_url(&self) -> &str {
        self.service_url.as_deref().unwrap_or_default()
    }

    pub(super) fn is_of(&self, channel: &str) -> bool {
        self.channel_id.as_deref() == Some(channel)
    }

    /// What an extension is asked. What is not for us, such as that somebody installed it, is taken and not answered.
    pub(super) fn event(&self) -> Result<Event<Letter>, Refusal> {
        let read = || serde_json::from_value::<Invoked>(self.value.clone()).map_err(|_| Refusal::Unreadable);
        match self.name.as_deref().filter(|_| self.kind.as_deref() == Some("invoke")) {
            Some("composeExtension/query") => Ok(self.search(&read()?)),
            Some("composeExtension/selectItem") => Ok(self.picked(&read()?)),
            Some("composeExtension/fetchTask") => Ok(self.opened(&read()?)),
            Some("composeExtension/submitAction") => Ok(self.pressed(&read()?)),
            _ => Ok(Event::Handshake(Reply::default())),
        }
    }

    fn search(&self, invoked: &Invoked) -> Event<Letter> {
        let text = invoked.parameter();
        if text.trim().is_empty() {
            return Event::Handshake(outgoing::type_something());
        }
        self.call(invoked.ask(&text), Gesture::Typing, Letter::Search(text))
    }

    fn picked(&self, invoked: &Invoked) -> Event<Letter> {
        match invoked.saywell.as_deref().and_then(read) {
            Some((_, ask)) => self.call(Ask::umbrella(ask), Gesture::Shared, Letter::Picked),
            None => old_button(),
        }
    }

    fn opened(&self, invoked: &Invoked) -> Event<Letter> {
        let message = invoked.message_payload.as_ref().and_then(|pointed| pointed.body.as_ref());
        if let (Some(CHECK), Some(message)) = (invoked.command_id.as_deref(), message) {
            let draft = format!("{CHECK} {}", message.words());
            return self.call(Ask::umbrella(draft), Gesture::Pointed, Letter::Dialog);
        }
        self.call(invoked.ask(&invoked.parameter()), Gesture::Typed, Letter::Dialog)
    }

    fn pressed(&self, invoked: &Invoked) -> Event<Letter> {
        let fields = Fields(invoked.data.as_ref());
        let Some((press, ask)) = fields.text(Data::NAME).and_then(read) else { return old_button() };
        let (ask, gesture) = match press {
            Press::Another => (Ask::umbrella(ask), Gesture::Pressed),
            Press::Fill => (Ask::umbrella(ask), Gesture::Open),
            Press::Share => (Ask::umbrella(ask), Gesture::Shared),
            Press::Done => (Ask::umbrella(fields.filled(ask)), Gesture::Filled),
            Press::Find => (named(ask, fields.text(TEXT).unwrap_or_default()), Gesture::Pressed),
            Press::Choose => match fields.text(CHOICE).filter(|choice| !choice.is_empty()) {
                Some(choice) => (Ask::umbrella(choice), Gesture::Pressed),
                // Nothing was chosen: what there was to choose from is shown again.
                None => (Ask::umbrella(ask), Gesture::Pressed),
            },
        };
        self.call(ask, gesture, Letter::Dialog)
    }

    fn call(&self, ask: Ask, gesture: Gesture, letter: Letter) -> Event<Letter> {
        let person = self.from.as_ref();
        let user = person.and_then(|person| person.aad_object_id.as_deref().or(person.id.as_deref()));
        let team = self.conversation.as_ref().and_then(|conversation| conversation.tenant_id.as_deref());
        let [user, team] = [user, team.or(user)].map(|id| id.unwrap_or_default().to_owned());
        Event::Call(Call { team, user, ask, gesture }, letter)
    }
}

impl Invoked {
    /// What was typed; a search that has not begun has a parameter that says so.
    fn parameter(&self) -> String {
        let text = self.parameters.iter().flatten().find(|parameter| parameter.name == TEXT);
        text.and_then(|parameter| parameter.value.as_ref()?.as_str()).unwrap_or_default().to_owned()
    }

    /// A text of the command that was chosen.
    fn ask(&self, text: &str) -> Ask {
        named(self.command_id.as_deref().unwrap_or_default(), text)
    }
}

/// A text of a command; of the umbrella where the command is a search.
fn named(command: &str, text: &str) -> Ask {
    match command.trim_start_matches('/') {
        "" | SEARCH => Ask::umbrella(text),
        command => Ask { command: command.into(), text: text.into() },
    }
}

impl Body {
    /// What it says.
    fn words(&self) -> String {
        let content = self.content.as_deref().unwrap_or_default();
        if self.content_type.as_deref() == Some("text") { content.to_owned() } else { words(content) }
    }
}

/// The fields of a dialog.
struct Fields<'a>(Option<&'a BTreeMap<String, Value>>);

impl<'a> Fields<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0?.get(name)?.as_str()
    }

    /// An ask with what was entered in a form.
    fn filled(&self, ask: &str) -> String {
        let mut ask = ask.to_owned();
        for (name, value) in self.0.into_iter().flatten() {
            let slot = name.strip_prefix(SLOT).or_else(|| Some(&**name).filter(|name| *name == DRAFT));
            if let (Some(slot), Some(value)) = (slot, value.as_str()) {
                enter(&mut ask, slot, value);
            }
        }
        ask
    }
}

/// What a button carries; none where it is of another version.
fn read(carried: &str) -> Option<(Press, &str)> {
    let (sign, ask) = carried.strip_prefix(VERSION)?.strip_prefix(' ')?.split_once(' ')?;
    Some((Press::ALL.into_iter().find(|press| sign.chars().eq([press.sign()]))?, ask))
}

fn old_button() -> Event<Letter> {
    Event::Handshake(outgoing::old_button())
}

/// What was typed after mentions of the webhook, whose name is anybody's choice; a slash and our own name are taken off.
fn typed(text: &str) -> String {
    let mut rest = trim(text);
    while let Some(after) = rest.get(..3).filter(|tag| tag.eq_ignore_ascii_case("<at")).and_then(|_| {
        let end = rest.to_ascii_lowercase().find("</at>")?;
        rest.get(end + "</at>".len()..)
    }) {
        rest = trim(after);
    }
    let words = words(rest);
    let words = words.strip_prefix('/').unwrap_or(&words).trim_start();
    match words.split_once(char::is_whitespace) {
        Some((name, rest)) if name.eq_ignore_ascii_case(UMBRELLA) => rest.trim_start().to_owned(),
        None if words.eq_ignore_ascii_case(UMBRELLA) => String::new(),
        _ => words.to_owned(),
    }
}

fn trim(mut text: &str) -> &str {
    loop {
        let before = text;
        text = text.trim();
        text = text.strip_prefix("&nbsp;").unwrap_or(text);
        if text == before {
            return text;
        }
    }
}

/// The words of a text with tags: those that end a line do so, all others are dropped, entities are read once.
fn words(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        let (written, after) = tag(from).or_else(|| entity(from)).unwrap_or_else(|| from.split_at(1));
        words.push_str(written);
        rest = after;
    }
    words.push_str(rest);
    let lines: Vec<&str> = words.trim().lines().map(str::trim).collect();
    lines.join("\n").replace('\u{a0}', " ")
}

/// What stands for a tag, and what comes after it.
fn tag(from: &str) -> Option<(&'static str, &str)> {
    let inside = from.strip_prefix('<')?;
    let name = inside.trim_start_matches('/');
    let (tag, after) = inside.split_once('>').filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let tag = tag.to_ascii_lowercase();
    let ends_line = tag.starts_with("br") || matches!(&*tag, "/p" | "/div" | "/li" | "/blockquote");
    Some((if ends_line { "\n" } else { "" }, after))
}

/// What an entity stands for, and what comes after it.
fn entity(from: &str) -> Option<(&'static str, &str)> {
    const ENTITIES: [(&str, &str); 7] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
    ];
    ENTITIES.iter().find_map(|(entity, stands_for)| Some((*stands_for, from.strip_prefix(entity)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_before_a_command_are_taken_off_whatever_they_say() {
        for (text, expected) in [
            ("<at>Saywell</at> recover billing\n", "recover billing"),
            ("<AT id=\"0\">The right words</AT>\u{a0}/recover billing", "recover billing"),
            ("&nbsp;<at>a</at> <at>b</at>&nbsp; /saywell recover billing", "recover billing"),
            ("<at>a</at>", ""),
            ("<at>a</at> /saywell", ""),
            (
                "<at>a</at> recover billing customer=\"<at>Ana Example</at>\"",
                "recover billing customer=\"Ana Example\"",
            ),
            ("recover &amp;lt; 1 &lt; 2 <b>x</b> a < b", "recover &lt; 1 < 2 x a < b"),
            ("<at>never closed", "never closed"),
            ("é", "é"),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }

    #[test]
    fn a_message_is_read_as_its_words() {
        let html = "<div><p>You never called.</p><p>Tom&nbsp;&amp; Ana<br/>said so</p></div><attachment id=\"1\"></attachment>";
        assert_eq!(words(html), "You never called.\nTom & Ana\nsaid so");
    }

    #[test]
    fn a_button_of_another_version_is_not_read() {
        assert_eq!(read("v1 a recover.billing"), Some((Press::Another, "recover.billing")));
        for carried in ["v0 a x", "v1 x x", "v1 aa x", "v1 a", "v1", ""] {
            assert_eq!(read(carried), None, "{carried}");
        }
    }
}
