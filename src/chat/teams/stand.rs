//! What stands for Teams in the tests over all platforms: the extension, whose dialogs take whatever is typed.

use serde_json::{Value, json};

use super::{
    CHANNEL, ISSUER,
    card::{Data, Press},
    escape::teams,
    incoming::TEXT,
};
use crate::chat::{
    proof::{RsaPair, STAND_KEYS},
    stand::{Forgery, Sent, Stand, every},
};

pub(super) const APP: &str = "0a1b2c3d-0000-4000-8000-00000000000f";
pub(super) const SERVICE: &str = "https://smba.example.com/emea/";

pub(super) const STAND: Stand = Stand {
    set: &[&[("TEAMS_APP_ID", APP), ("TEAMS_KEYS", STAND_KEYS)]],
    // A token covers neither the body nor the minute.
    signs: false,
    command: |command, text| {
        let data = json!({Data::NAME: format!("v1 {} {command}", Press::Find.sign()), TEXT: text});
        let value = json!({"commandId": "saywell", "commandContext": "compose", "data": data});
        ("messages", invoke("composeExtension/submitAction", &value).to_string())
    },
    prove,
    texts,
    escape: |text, most| teams(text, most).as_str().to_owned(),
    live,
};

/// An activity as Teams sends it to an extension.
pub(super) fn invoke(name: &str, value: &Value) -> Value {
    json!({
        "type": "invoke", "name": name, "id": "f:1", "channelId": CHANNEL, "serviceUrl": SERVICE, "locale": "en-GB",
        "from": {"id": "29:1", "aadObjectId": "00000000-1111-2222-3333-444444444444"},
        "conversation": {"id": "19:1@thread.v2", "tenantId": "00000000-1111-2222-3333-555555555555", "name": null},
        "recipient": {"id": format!("28:{APP}")}, "value": value, "replyToId": null,
    })
}

/// A token for an app, as Bot Framework makes it, at this time.
pub(super) fn token(pair: &RsaPair, app: &str, at: i64) -> String {
    let claims = json!({
        "iss": ISSUER, "aud": app, "serviceurl": SERVICE, "nbf": at, "exp": at.saturating_add(3_600),
    });
    pair.sign(&claims)
}

fn prove(body: &[u8], forgery: Forgery, at: i64) -> Sent {
    let token = RsaPair::stand().map(|pair| token(&pair, APP, forgery.at(at))).unwrap_or_default();
    let token = match (forgery, token.rsplit_once('.')) {
        // Of the right length, and of nothing.
        (Forgery::Wrong, Some((signed, signature))) => format!("{signed}.{}", "A".repeat(signature.len())),
        _ => token,
    };
    let mut headers = forgery.headers("authorization", format!("Bearer {token}"));
    headers.push(("content-type", "application/json".into()));
    Sent { headers, body: body.to_owned() }
}

/// All that is read in a card, in a list, and beside them.
fn texts(message: &Value) -> Vec<(String, usize)> {
    let mut texts = Vec::new();
    every(message, &["data"], &mut |part| {
        for (name, most) in [("text", 6_000), ("title", 400), ("value", 3_000), ("placeholder", 200)] {
            let shown = name != "value" || part.get("type").is_some_and(|kind| *kind == "Input.Text");
            let text = part.get(name).and_then(Value::as_str).filter(|text| shown && !text.is_empty());
            texts.extend(text.map(|text| (text.to_owned(), most)));
        }
        let notifies = part.get("entities").is_some() || part.get("msteams").is_some();
        // There is room for none of it.
        texts.extend(notifies.then(|| ("a message that may notify somebody".to_owned(), 0)));
    });
    texts
}

/// Tags, links under other words, and macros.
fn live(text: &str) -> Option<String> {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().find_map(|pair| match pair {
        ('<', next) if next.is_alphanumeric() || "/!?@<".contains(next) => Some("<".into()),
        (']', '(' | '[') => Some("](".into()),
        ('{', '{') => Some("{{".into()),
        _ => None,
    })
}
