//! `saywell send google-chat`: signs a command as Google would, posts it to a running service, shows the answer, presses
//! buttons and sends dialogs, so that everything can be tried without a Workspace. The private key is in a file of one's
//! own; the service must have been started with its public half.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Args;
use serde_json::{Map, Value, json};

use super::{CHAT, GOOGLE, PICK, stand};
use crate::chat::{
    TrialFlags,
    proof::RsaPair,
    trial::{Asked, Gestures, first, items, pressed, text},
};

/// What `saywell send google-chat` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The command as it is typed
    #[arg(value_name = "COMMAND", required_unless_present_any = ["keys", "message"])]
    line: Option<String>,

    /// The words of a message on which to choose “Check this draft”, in place of a command
    #[arg(long, value_name = "WORDS", conflicts_with = "line")]
    message: Option<String>,

    #[command(flatten)]
    gestures: Gestures,

    /// A file with a private key, as `openssl genpkey -algorithm RSA` writes it; for trying out only
    #[arg(long, env = "GOOGLE_CHAT_TEST_KEY", value_name = "FILE")]
    key: PathBuf,

    /// Print the public half of the key, for the service's keys, and send nothing
    #[arg(long)]
    keys: bool,

    /// For whom the token is, as the service has it
    #[arg(long, env = "GOOGLE_CHAT_AUDIENCE", value_name = "AUDIENCE", default_value = stand::PROJECT)]
    audience: String,

    /// As a Google Workspace add-on with this service account
    #[arg(long, env = "GOOGLE_CHAT_SERVICE_ACCOUNT", value_name = "EMAIL")]
    service_account: Option<String>,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let pair = self.pair()?;
        if self.keys {
            return writeln!(out, "{}", pair.public());
        }
        let asked = Asked::of(self.line.as_deref(), self.message.as_deref());
        writeln!(out, "{asked}")?;
        let mut shown = self.to(&pair, &self.command(asked))?;
        show(out, &shown)?;
        for label in &self.gestures.press {
            writeln!(out, "\n[{label}]")?;
            let mut reply = self.to(&pair, &self.click(&pressed(controls(card(&shown)), label)?, None))?;
            show(out, &reply)?;
            if let Some(dialog) = dialog(&reply) {
                reply = self.submit(&pair, dialog)?;
                show(out, &reply)?;
            }
            // What is shared has no buttons; those of the message before it are still there.
            if controls(card(&reply)).is_empty() {
                continue;
            }
            shown = reply;
        }
        self.gestures.end()
    }
}

impl Flags {
    fn pair(&self) -> io::Result<RsaPair> {
        let named = |why: String| io::Error::other(format!("{}: {why}", self.key.display()));
        let file = fs::read(&self.key).map_err(|error| named(error.to_string()))?;
        RsaPair::read(&file)
            .ok_or_else(|| named("expected an RSA key as `openssl genpkey -algorithm RSA` writes it".into()))
    }

    fn command(&self, asked: Asked<'_>) -> Value {
        let event = match asked {
            Asked::Command(command, words) => stand::typed(&format!("/{command}"), words),
            Asked::Message(words) => json!({
                "type": "APP_COMMAND", "user": stand::user(), "space": stand::space(), "message": {"text": words},
                "appCommandMetadata": {"appCommandId": 3, "appCommandType": "MESSAGE_ACTION"},
            }),
        };
        if self.service_account.is_none() {
            return event;
        }
        let metadata = event.get("appCommandMetadata").cloned();
        let id = event.pointer("/message/slashCommand/commandId");
        let metadata = metadata.unwrap_or_else(|| json!({"appCommandId": id, "appCommandType": "SLASH_COMMAND"}));
        let payload =
            json!({"appCommandMetadata": metadata, "space": event.get("space"), "message": event.get("message")});
        json!({"commonEventObject": {"hostApp": "CHAT"}, "chat": {"user": stand::user(), "appCommandPayload": payload}})
    }

    /// A click, with what is entered in a dialog if it is one of those.
    fn click(&self, pressed: &Value, inputs: Option<Map<String, Value>>) -> Value {
        let named = |one| (text(one, "/key").to_owned(), text(one, "/value").into());
        let parameters: Map<String, Value> = items(pressed, "/parameters").map(named).collect();
        let picked = pressed.get("picked").map(|value| Map::from_iter([(PICK.to_owned(), entered(value))]));
        let kind = if inputs.is_some() { "SUBMIT_DIALOG" } else { "TYPE_UNSPECIFIED" };
        let inputs = inputs.or(picked).unwrap_or_default();
        let common = json!({"parameters": parameters, "formInputs": inputs, "userLocale": "en"});
        let (user, space) = (stand::user(), stand::space());
        if self.service_account.is_some() {
            let payload = json!({"space": space, "dialogEventType": kind});
            return json!({"commonEventObject": common, "chat": {"user": user, "buttonClickedPayload": payload}});
        }
        json!({"type": "CARD_CLICKED", "user": user, "space": space, "common": common, "dialogEventType": kind})
    }

    fn submit(&self, pair: &RsaPair, dialog: &Value) -> io::Result<Value> {
        let fields = || widgets(dialog).filter_map(|widget| widget.get("textInput"));
        self.gestures.fits(fields().map(|field| text(field, "/name")))?;
        let entered = fields().map(|field| {
            let name = text(field, "/name");
            let words = self.gestures.given(name).unwrap_or_else(|| text(field, "/value"));
            (name.to_owned(), entered(&words.into()))
        });
        let inputs = entered.collect();
        let button = controls(dialog).pop().map(|(_, sent)| sent).unwrap_or_default();
        self.to(pair, &self.click(&button, Some(inputs)))
    }

    fn to(&self, pair: &RsaPair, event: &Value) -> io::Result<Value> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?.as_secs();
        let now = i64::try_from(now).map_err(io::Error::other)?;
        let audience = first(&self.audience, &[',']);
        let token = if audience.contains(':') {
            let [issuer, _] = GOOGLE;
            let email = self.service_account.as_deref().map_or(CHAT, |emails| first(emails, &[',']));
            pair.sign(&json!({
                "iss": issuer, "aud": audience, "email": email, "email_verified": true, "iat": now, "exp": now + 3_600,
            }))
        } else {
            stand::token(pair, audience, now)
        };
        let refused = "the service has other keys or audiences: start it with what --keys prints as GOOGLE_CHAT_PROJECT_KEYS \
                       (for a project's number) or GOOGLE_CHAT_KEYS (for an address)";
        let absent = "the service needs GOOGLE_CHAT_AUDIENCE";
        let headers = [("Content-Type", "application/json"), ("Authorization", &*format!("Bearer {token}"))];
        let reply = self.gestures.post("google-chat/events", &headers, &event.to_string(), [refused, absent])?;
        Ok(serde_json::from_slice(&reply)?)
    }
}

fn entered(words: &Value) -> Value {
    json!({"stringInputs": {"value": [words]}})
}

/// The message in a reply, in either envelope.
fn message(reply: &Value) -> &Value {
    let action = |name: &str| reply.pointer(&format!("/hostAppDataAction/chatDataAction/{name}/message"));
    action("createMessageAction").or_else(|| action("updateMessageAction")).unwrap_or(reply)
}

fn card(reply: &Value) -> &Value {
    message(reply).pointer("/cardsV2/0/card").unwrap_or(&Value::Null)
}

fn dialog(reply: &Value) -> Option<&Value> {
    let pushed = reply.pointer("/action/navigations/0/pushCard");
    pushed.or_else(|| reply.pointer("/actionResponse/dialogAction/dialog/body"))
}

fn widgets(card: &Value) -> impl Iterator<Item = &Value> {
    items(card, "/sections").flat_map(|section| items(section, "/widgets"))
}

/// What can be pressed or chosen in a card, and what is sent for it.
fn controls(card: &Value) -> Vec<(&str, Value)> {
    let mut controls = Vec::new();
    for widget in widgets(card) {
        for button in items(widget, "/buttonList/buttons") {
            controls.push((text(button, "/text"), button.pointer("/onClick/action").cloned().unwrap_or_default()));
        }
        for item in items(widget, "/selectionInput/items") {
            let mut action = widget.pointer("/selectionInput/onChangeAction").cloned().unwrap_or_default();
            if let Some(fields) = action.as_object_mut() {
                fields.insert("picked".into(), text(item, "/value").into());
            }
            controls.push((text(item, "/text"), action));
        }
    }
    controls
}

/// A reply as a person sees it, as far as a terminal can show it.
fn show(out: &mut dyn Write, reply: &Value) -> io::Result<()> {
    let shown = dialog(reply).unwrap_or_else(|| card(reply));
    let is_private = message(reply).get("privateMessageViewer").is_some();
    let is_update = text(reply, "/actionResponse/type") == "UPDATE_MESSAGE"
        || reply.pointer("/hostAppDataAction/chatDataAction/updateMessageAction").is_some();
    let place = match dialog(reply) {
        Some(_) => "a dialog",
        None if is_update => "in place of the message",
        None if is_private => "only for you",
        None => "in the space",
    };
    writeln!(out, "  ({place})")?;
    let said = text(message(reply), "/text").replace('\u{200b}', "");
    if !said.is_empty() {
        writeln!(out, "{said}")?;
    }
    for widget in widgets(shown) {
        let marks = [("<br>", "\n"), ("<b>", ""), ("</b>", ""), ("<i>", ""), ("</i>", "")];
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        let bare = text(widget, "/textParagraph/text").to_owned();
        let bare = marks.iter().chain(&entities).fold(bare, |bare, (mark, sign)| bare.replace(mark, sign));
        if !bare.is_empty() {
            writeln!(out, "{bare}")?;
        }
        if let Some(field) = widget.get("textInput") {
            let value = Some(text(field, "/value")).filter(|value| !value.is_empty()).unwrap_or("____");
            writeln!(out, "{} {value}", text(field, "/label"))?;
        }
    }
    let labels: Vec<String> = controls(shown).into_iter().map(|(label, _)| format!("[{label}]")).collect();
    if labels.is_empty() { Ok(()) } else { writeln!(out, "{}", labels.join(" ")) }
}
