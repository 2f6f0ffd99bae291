//! What stands for Google Chat in the tests over all platforms.

use serde_json::{Value, json};

use super::{CHAT, escape::text, manifest};
use crate::chat::{
    proof::{RsaPair, STAND_KEYS},
    stand::{Forgery, Sent, Stand, every},
};

pub(super) const PROJECT: &str = "1234567890";

pub(super) const STAND: Stand = Stand {
    set: &[&[("GOOGLE_CHAT_AUDIENCE", PROJECT), ("GOOGLE_CHAT_PROJECT_KEYS", STAND_KEYS)]],
    // A token covers neither the body nor the minute.
    signs: false,
    command: |command, text| ("events", typed(command, text).to_string()),
    prove,
    texts,
    escape: |words, most| text(words, most).into_owned(),
    live,
};

/// A command as an app with interaction events gets it.
pub(super) fn typed(command: &str, words: &str) -> Value {
    let name = command.trim_start_matches('/');
    let id = manifest::id(name).to_string();
    let named = json!({"type": "INVOKE", "commandName": format!("/{name}"), "commandId": id});
    let message = json!({
        "name": "spaces/AAAA/messages/BBBB", "text": format!("{command} {words}"), "argumentText": format!(" {words}"),
        "slashCommand": {"commandId": id}, "annotations": [{"type": "SLASH_COMMAND", "slashCommand": named}],
    });
    json!({"type": "MESSAGE", "user": user(), "space": space(), "message": message})
}

pub(super) fn user() -> Value {
    json!({"name": "users/1111", "displayName": "Ada Example", "type": "HUMAN"})
}

pub(super) fn space() -> Value {
    json!({"name": "spaces/AAAA", "type": "ROOM", "spaceType": "SPACE"})
}

/// A token for a project, as Chat's own account makes it, at this time.
pub(super) fn token(pair: &RsaPair, project: &str, at: i64) -> String {
    pair.sign(&json!({"iss": CHAT, "aud": project, "iat": at, "exp": at.saturating_add(3_600)}))
}

fn prove(body: &[u8], forgery: Forgery, at: i64) -> Sent {
    let token = RsaPair::stand().map(|pair| token(&pair, PROJECT, forgery.at(at))).unwrap_or_default();
    let token = match (forgery, token.rsplit_once('.')) {
        // Of the right length, and of nothing.
        (Forgery::Wrong, Some((signed, signature))) => format!("{signed}.{}", "A".repeat(signature.len())),
        _ => token,
    };
    let mut headers = forgery.headers("authorization", format!("Bearer {token}"));
    headers.push(("content-type", "application/json".into()));
    Sent { headers, body: body.to_owned() }
}

/// What is read in a card or beside it. Our own marks are taken off the paragraphs, and what was escaped in them is
/// broken as it would be in a message, so that one rule judges both.
fn texts(message: &Value) -> Vec<(String, usize)> {
    let mut texts = Vec::new();
    every(message, &["onClick", "buttonList", "selectionInput", "fallbackText"], &mut |part| {
        let Some(words) = part.get("text").and_then(Value::as_str) else { return };
        if part.get("textSyntax").is_none() {
            texts.push((words.to_owned(), 8_000));
            return;
        }
        let bare =
            ["<b>", "</b>", "<i>", "</i>", "<br>"].iter().fold(words.to_owned(), |bare, tag| bare.replace(tag, ""));
        // A tag that is left is one from outside.
        let found = if bare.contains(['<', '>']) { "<" } else { "" };
        texts.push((format!("{found}{}", text(&bare, 8_000)), 8_000));
    });
    texts
}

/// Mentions and links, in either markup of messages.
fn live(text: &str) -> Option<String> {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().find_map(|pair| match pair {
        ('<', next) if next != '\u{200b}' => Some("<".into()),
        (']', '(' | '[') => Some("](".into()),
        _ => None,
    })
}
