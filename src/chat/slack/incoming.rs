//! What Slack sends: a form for a command, a form with one field of JSON for everything that is clicked, sent or typed
//! ahead. Only what is wanted is read; every field is optional unless we cannot do without it, unknown ones are ignored.

use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{FORM, Letter, Slack, VERSION, mrkdwn::unescape, outgoing};
use crate::{
    chat::{
        Call, Event, Gesture, Refusal, Reply,
        form::{Field, fields, keep},
    },
    say::ask::{Ask, CHECK, enter},
};

/// The fields of a command that we want.
#[derive(Default)]
struct Typed<'a> {
    command: Option<Cow<'a, str>>,
    text: Option<Cow<'a, str>>,
    user: Option<Cow<'a, str>>,
    team: Option<Cow<'a, str>>,
    enterprise: Option<Cow<'a, str>>,
    probe: Option<Cow<'a, str>>,
}

/// Whether this is Slack's look at our certificate, which it does not sign: `ssl_check` once, and exactly `1`.
pub(super) fn is_probe(body: &[u8]) -> bool {
    let mut values = body.split(|b| *b == b'&').filter_map(|pair| match pair.strip_prefix(b"ssl_check") {
        Some([]) => Some(&b""[..]),
        Some([b'=', value @ ..]) => Some(value),
        _ => None,
    });
    values.next() == Some(b"1") && values.next().is_none()
}

/// Reads a command.
pub(super) fn command(body: &[u8]) -> Result<Event<Letter>, Refusal> {
    let mut form = Typed::default();
    for field in fields(body)? {
        let field: Field<'_> = field?;
        let place = match &*field.name {
            "command" => &mut form.command,
            "text" => &mut form.text,
            "user_id" => &mut form.user,
            "team_id" => &mut form.team,
            "enterprise_id" => &mut form.enterprise,
            "ssl_check" => &mut form.probe,
            _ => continue,
        };
        keep(place, &field)?;
    }
    if form.probe.as_deref() == Some("1") {
        return Ok(Event::Handshake(Reply::default()));
    }
    let command = form.command.ok_or(Refusal::Unreadable)?;
    let call = Call {
        team: form.team.or(form.enterprise).unwrap_or_default().into_owned(),
        user: form.user.unwrap_or_default().into_owned(),
        ask: Ask {
            command: command.trim_start_matches('/').to_owned(),
            text: unescape(&form.text.unwrap_or_default()).into_owned(),
        },
        gesture: Gesture::Typed,
    };
    Ok(Event::Call(call, Letter::default()))
}

/// The JSON of a click, of a form that was sent, or of typing ahead.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    user: Option<Named<'a>>,
    #[serde(borrow)]
    team: Option<Named<'a>>,
    #[serde(borrow)]
    enterprise: Option<Named<'a>>,
    #[serde(borrow)]
    response_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    trigger_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    actions: Vec<Action<'a>>,
    #[serde(borrow)]
    state: Option<State<'a>>,
    #[serde(borrow)]
    view: Option<ReceivedView<'a>>,
    #[serde(borrow)]
    message: Option<ReceivedMessage<'a>>,
    #[serde(borrow)]
    callback_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    block_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ReceivedMessage<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Action<'a> {
    #[serde(borrow, rename = "action_id")]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
    #[serde(borrow)]
    selected_option: Option<Chosen<'a>>,
}

#[derive(Deserialize)]
struct Chosen<'a> {
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ReceivedView<'a> {
    #[serde(borrow)]
    callback_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    private_metadata: Option<Cow<'a, str>>,
    #[serde(borrow)]
    state: Option<State<'a>>,
}

/// What stands in the fields of a form: by block, then by field of the block.
#[derive(Deserialize, Default)]
struct State<'a> {
    #[serde(borrow, default)]
    values: BTreeMap<Cow<'a, str>, BTreeMap<Cow<'a, str>, Entered<'a>>>,
}

#[derive(Deserialize)]
struct Entered<'a> {
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

/// Reads the one field `payload` and hands it on by its type. Types that we do not know (a closed form) are
/// acknowledged and that is all.
pub(super) fn payload(slack: &Slack, body: &[u8]) -> Result<Event<Letter>, Refusal> {
    let mut json = None;
    for field in fields(body)? {
        let field = field?;
        if field.name == "payload" {
            keep(&mut json, &field)?;
        }
    }
    let json = json.ok_or(Refusal::Unreadable)?;
    let payload: Payload<'_> = serde_json::from_str(&json).map_err(|_| Refusal::Unreadable)?;
    match &*payload.kind {
        "block_actions" => clicked(slack, &payload),
        "view_submission" => Ok(sent(slack, &payload)),
        "message_action" => Ok(pointed(slack, &payload)),
        "block_suggestion" => Ok(typing(&payload)),
        _ => Ok(Event::Handshake(Reply::default())),
    }
}

/// A button, or a choice from a menu.
fn clicked(slack: &Slack, payload: &Payload<'_>) -> Result<Event<Letter>, Refusal> {
    let action = payload.actions.first().ok_or(Refusal::Unreadable)?;
    let value = action.value.as_deref().or(action.selected_option.as_ref().and_then(|one| one.value.as_deref()));
    let gesture = match action.id.as_deref() {
        Some("another" | "next" | "play" | "letter" | "pick" | "back") => Some(Gesture::Pressed),
        Some("fill") => Some(Gesture::Open),
        Some("done") => Some(Gesture::Filled),
        Some("share") => Some(Gesture::Shared),
        _ => None,
    };
    let (Some(gesture), Some(mut text)) = (gesture, value.and_then(ask)) else {
        return Ok(Event::Handshake(outgoing::old_button(payload.letter(slack).reply_to)));
    };
    if gesture == Gesture::Filled {
        fill(&mut text, payload.state.as_ref());
    }
    Ok(payload.call(text, gesture, payload.letter(slack)))
}

/// A message that somebody wants to have checked, of whomever it is.
fn pointed(slack: &Slack, payload: &Payload<'_>) -> Event<Letter> {
    if payload.callback_id.as_deref() != Some(CHECK) {
        return Event::Handshake(Reply::default());
    }
    let text = payload.message.as_ref().and_then(|message| message.text.as_deref()).unwrap_or_default();
    let letter = payload.letter(slack);
    payload.call(format!("{CHECK} {}", unescape(text)), Gesture::Pointed, letter)
}

/// A form in a window of its own: where the answer goes and what is to be asked came along in its metadata, sealed. A
/// form that was opened before they were sealed has them with a space between.
fn sent(slack: &Slack, payload: &Payload<'_>) -> Event<Letter> {
    let view = payload.view.as_ref().filter(|view| view.callback_id.as_deref() == Some(FORM));
    let metadata = view.and_then(|view| view.private_metadata.as_deref()).and_then(ask).and_then(|metadata| {
        if metadata.contains(' ') {
            return Some(metadata);
        }
        let (_, opened) = slack.seals.open(FORM.as_bytes(), &metadata).ok()?;
        String::from_utf8(opened).ok()
    });
    let Some((url, text)) = metadata.as_deref().and_then(|metadata| metadata.split_once(' ')) else {
        return Event::Handshake(Reply::default());
    };
    let mut text = text.to_owned();
    fill(&mut text, view.and_then(|view| view.state.as_ref()));
    payload.call(text, Gesture::Filled, Letter { reply_to: slack.hook(url), ticket: None })
}

/// Typing ahead in a menu too long to be sent: its block says what it lists.
fn typing(payload: &Payload<'_>) -> Event<Letter> {
    let list = payload.block_id.as_deref().and_then(ask).unwrap_or_else(|| "list".into());
    let typed = unescape(payload.value.as_deref().unwrap_or_default());
    payload.call(format!("{list} {typed}"), Gesture::Typing, Letter::default())
}

impl Payload<'_> {
    fn letter(&self, slack: &Slack) -> Letter {
        let reply_to = self.response_url.as_deref().and_then(|url| slack.hook(url));
        Letter { reply_to, ticket: self.trigger_id.as_deref().map(str::to_owned) }
    }

    fn call(&self, text: String, gesture: Gesture, letter: Letter) -> Event<Letter> {
        let id = |named: &Option<Named<'_>>| named.as_ref().and_then(|named| named.id.as_deref()).map(str::to_owned);
        let call = Call {
            team: id(&self.team).or_else(|| id(&self.enterprise)).unwrap_or_default(),
            user: id(&self.user).unwrap_or_default(),
            ask: Ask::umbrella(text),
            gesture,
        };
        Event::Call(call, letter)
    }
}

/// The ask in a button's value, if it is of our version.
fn ask(value: &str) -> Option<String> {
    let encoded = value.strip_prefix(VERSION)?.strip_prefix(' ')?;
    percent_decode_str(encoded).decode_utf8().ok().map(Cow::into_owned)
}

/// Adds what stands in the fields of a form; a block is called after its field.
fn fill(ask: &mut String, state: Option<&State<'_>>) {
    for (block, fields) in state.into_iter().flat_map(|state| &state.values) {
        let name = block.split(' ').next().unwrap_or_default();
        let value = fields.values().find_map(|entered| entered.value.as_deref()).unwrap_or_default();
        enter(ask, name, &unescape(value));
    }
}
