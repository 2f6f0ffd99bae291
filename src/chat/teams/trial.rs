//! `saywell send teams`: signs a command as Bot Framework would, posts it to a running service, shows the answer, presses
//! buttons and sends forms, so that everything can be tried without Teams. The private key is in a file of one's own; the
//! service must have been started with its public half.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::Args;
use serde_json::{Map, Value, json};

use super::{
    incoming::{CHOICE, SEARCH, SLOT, TEXT},
    stand::{invoke, token},
};
use crate::{
    chat::{
        TrialFlags,
        proof::{HmacKeys, RsaPair, Secret},
        trial::{Asked, Gestures, first, items, pressed, text},
    },
    say::ask::CHECK,
};

/// What `saywell send teams` takes.
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

    /// Type it into the search of the message box, and show what there is to pick; `--press` picks
    #[arg(long)]
    search: bool,

    /// A file with a private key, as `openssl genpkey -algorithm RSA` writes it; for trying out only
    #[arg(long, env = "TEAMS_TEST_KEY", value_name = "FILE", required_unless_present = "webhook_token")]
    key: Option<PathBuf>,

    /// Print the public half of the key, for the service's TEAMS_KEYS, and send nothing
    #[arg(long, requires = "key")]
    keys: bool,

    /// The app's id, as the service has it
    #[arg(long, env = "TEAMS_APP_ID", value_name = "ID", default_value = "00000000-0000-0000-0000-000000000000")]
    app_id: String,

    /// Mention the outgoing webhook with this security token instead, in a channel
    #[arg(long, value_name = "TOKEN", conflicts_with_all = ["search", "message"])]
    webhook_token: Option<String>,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let asked = Asked::of(self.line.as_deref(), self.message.as_deref());
        if let Some(token) = &self.webhook_token {
            writeln!(out, "@Saywell {asked}")?;
            show(out, &self.mention(asked, token)?)?;
            return self.gestures.end();
        }
        let pair = self.pair()?;
        if self.keys {
            return writeln!(out, "{}", pair.public());
        }
        writeln!(out, "{asked}")?;
        let mut shown = self.open(&pair, asked)?;
        show(out, &shown)?;
        for label in &self.gestures.press {
            let (name, value) = self.press(&shown, label)?;
            writeln!(out, "\n[{label}]")?;
            shown = self.to(&pair, name, &value)?;
            show(out, &shown)?;
        }
        self.gestures.end()
    }
}

impl Flags {
    fn pair(&self) -> io::Result<RsaPair> {
        let path = self.key.as_deref().unwrap_or_else(|| "".as_ref());
        let named = |why: String| io::Error::other(format!("{}: {why}", path.display()));
        let file = fs::read(path).map_err(|error| named(error.to_string()))?;
        RsaPair::read(&file)
            .ok_or_else(|| named("expected an RSA key as `openssl genpkey -algorithm RSA` writes it".into()))
    }

    /// The command as Teams calls it: a search, or a dialog and what is typed into it.
    fn open(&self, pair: &RsaPair, asked: Asked<'_>) -> io::Result<Value> {
        match asked {
            Asked::Message(words) => {
                let payload = json!({"body": {"contentType": "text", "content": words}});
                let value = json!({"commandId": CHECK, "commandContext": "message", "messagePayload": payload});
                self.to(pair, "fetchTask", &value)
            }
            Asked::Command(command, text) if self.search => {
                let typed = format!("{command} {text}");
                let parameters = [json!({"name": TEXT, "value": typed.trim()})];
                let options = json!({"skip": 0, "count": 25});
                self.to(pair, "query", &json!({"commandId": SEARCH, "parameters": parameters, "queryOptions": options}))
            }
            Asked::Command(command, words) => {
                let dialog = self.to(pair, "fetchTask", &json!({"commandId": command, "commandContext": "compose"}))?;
                if words.is_empty() {
                    return Ok(dialog);
                }
                let (field, button) = if command == CHECK { ("draft", "Check") } else { (TEXT, "Find") };
                let data = submitted(&dialog, button, |name| (name == field).then_some(words))?;
                self.to(pair, "submitAction", &json!({"commandId": command, "commandContext": "compose", "data": data}))
            }
        }
    }

    /// What is sent where something is pressed: an entry of a list, a button, a choice of the menu.
    fn press(&self, shown: &Value, label: &str) -> io::Result<(&'static str, Value)> {
        let list = items(shown, "/composeExtension/attachments");
        let listed = list.map(|entry| {
            let tap = entry.pointer("/preview/content/tap/value").cloned().unwrap_or_default();
            (text(entry, "/preview/content/title"), tap)
        });
        let listed: Vec<_> = listed.collect();
        if !listed.is_empty() {
            return Ok(("selectItem", pressed(listed, label)?));
        }
        let fields: Vec<&str> = fields(shown).map(|(name, _)| name.trim_start_matches(SLOT)).collect();
        let form = fields.iter().copied().filter(|name| ![TEXT, CHOICE].contains(name));
        self.gestures.fits(form)?;
        let chosen = choices(shown).find(|(title, _)| title.split(": ").next() == Some(label) || *title == label);
        let data = match chosen {
            Some((_, ask)) => submitted(shown, "", |name| (name == CHOICE).then_some(ask)),
            None => submitted(shown, label, |name| self.gestures.given(name.strip_prefix(SLOT)?)),
        };
        Ok(("submitAction", json!({"commandId": "saywell", "commandContext": "compose", "data": data?})))
    }

    fn to(&self, pair: &RsaPair, name: &str, value: &Value) -> io::Result<Value> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let token = token(pair, first(&self.app_id, &[',']), i64::try_from(now).unwrap_or_default());
        let absent = format!("start the service with TEAMS_APP_ID={} and TEAMS_KEYS", self.app_id);
        let refused = format!("{absent} as `saywell send teams --keys` prints it (or its clock is another)");
        self.post(&format!("Bearer {token}"), &invoke(&format!("composeExtension/{name}"), value), [&refused, &absent])
    }

    /// A mention in a channel.
    fn mention(&self, asked: Asked<'_>, token: &str) -> io::Result<Value> {
        let line = asked.to_string();
        let body = json!({"type": "message", "text": format!("<at>Saywell</at> {}\n", line.trim_start_matches('/'))});
        let keys = HmacKeys::decoded(&[Secret::from(first(token, &[',']))]);
        let mac = keys.and_then(|keys| keys.sign(&[body.to_string().as_bytes()]));
        let mac =
            mac.ok_or_else(|| io::Error::other("the token is no security token of Teams: it is Base64 of 32 bytes"))?;
        let absent = "start the service with this TEAMS_WEBHOOK_TOKEN";
        self.post(&format!("HMAC {}", BASE64_STANDARD.encode(mac)), &body, [absent, absent])
    }

    fn post(&self, authorization: &str, body: &Value, wrong: [&str; 2]) -> io::Result<Value> {
        let headers = [("Content-Type", "application/json"), ("Authorization", authorization)];
        Ok(serde_json::from_slice(&self.gestures.post("teams/messages", &headers, &body.to_string(), wrong)?)?)
    }
}

const CARD: &str = "/task/value/card/content";

fn parts(shown: &Value) -> impl Iterator<Item = &Value> {
    shown.pointer(CARD).into_iter().flat_map(elements)
}

/// The parts of a card, those in rows among them.
fn elements(card: &Value) -> impl Iterator<Item = &Value> {
    items(card, "/body").flat_map(|part| {
        let inside = items(part, "/columns").flat_map(|column| items(column, "/items"));
        std::iter::once(part).chain(inside)
    })
}

fn fields(shown: &Value) -> impl Iterator<Item = (&str, &str)> {
    let fields = parts(shown).filter(|part| text(part, "/type").starts_with("Input."));
    fields.map(|field| (text(field, "/id"), text(field, "/value")))
}

fn choices(shown: &Value) -> impl Iterator<Item = (&str, &str)> {
    let choices = parts(shown).flat_map(|part| items(part, "/choices"));
    choices.map(|choice| (text(choice, "/title"), text(choice, "/value")))
}

/// What a button sends: its own data and every field, as it is entered or as it was; the button of the menu has no name
/// here.
fn submitted<'v>(shown: &'v Value, label: &str, entered: impl Fn(&str) -> Option<&'v str>) -> io::Result<Value> {
    let card = shown.pointer(CARD).unwrap_or(&Value::Null);
    let buttons = || parts(shown).flat_map(|part| items(part, "/actions")).chain(items(card, "/actions"));
    let data = |button: &Value| button.get("data").cloned().unwrap_or_default();
    let data = if label.is_empty() {
        buttons().map(data).find(|data| text(data, "/saywell").starts_with("v1 c ")).unwrap_or_default()
    } else {
        pressed(buttons().map(|button| (text(button, "/title"), data(button))).collect(), label)?
    };
    let mut sent: Map<String, Value> =
        fields(shown).map(|(name, value)| (name.to_owned(), entered(name).unwrap_or(value).into())).collect();
    sent.extend(data.as_object().cloned().unwrap_or_default());
    Ok(sent.into())
}

/// An answer as a person sees it, as far as a terminal can show it.
fn show(out: &mut dyn Write, answer: &Value) -> io::Result<()> {
    if let Some(card) = answer.pointer(CARD) {
        writeln!(out, "  (a dialog, only for you)")?;
        return draw(out, card);
    }
    if let Some(card) = answer.pointer("/attachments/0/content") {
        writeln!(out, "  (in the channel)")?;
        return draw(out, card);
    }
    if !text(answer, "/composeExtension/text").is_empty() {
        return writeln!(out, "{}", text(answer, "/composeExtension/text"));
    }
    let list: Vec<&Value> = items(answer, "/composeExtension/attachments").collect();
    if let [one] = &*list {
        writeln!(out, "  (into your message)")?;
        return draw(out, one.get("content").unwrap_or(&Value::Null));
    }
    list.iter().try_for_each(|entry| {
        let (title, words) = (text(entry, "/preview/content/title"), text(entry, "/preview/content/text"));
        writeln!(out, "[{title}] {words}")
    })
}

fn draw(out: &mut dyn Write, card: &Value) -> io::Result<()> {
    for part in elements(card) {
        for run in items(part, "/inlines") {
            let aside = if run.get("isSubtle").is_some() { "  · " } else { "" };
            writeln!(out, "{aside}{}", text(run, "/text"))?;
        }
        match text(part, "/type") {
            "Input.Text" => match text(part, "/value") {
                "" => writeln!(out, "____ ({})", text(part, "/placeholder"))?,
                value => writeln!(out, "{value}")?,
            },
            "Input.ChoiceSet" => {
                items(part, "/choices").try_for_each(|choice| writeln!(out, "( ) {}", text(choice, "/title")))?;
            }
            _ => buttons(out, part)?,
        }
    }
    buttons(out, card)
}

fn buttons(out: &mut dyn Write, part: &Value) -> io::Result<()> {
    let labels: Vec<String> = items(part, "/actions").map(|button| format!("[{}]", text(button, "/title"))).collect();
    if labels.is_empty() { Ok(()) } else { writeln!(out, "{}", labels.join(" ")) }
}
