//! What stands for Discord in the tests over all platforms.

use serde_json::{Value, json};

use super::escape::discord;
use crate::chat::{
    proof::{Pair, hex},
    stand::{Forgery, Sent, Stand, every},
};

pub(super) const STAND: Stand = Stand {
    // The public key of the pair that signs below, where nothing is forged.
    set: &[&[("DISCORD_PUBLIC_KEY", "a7600412fdc6a3df1e75b3c3496ca24e3763cdcb02ec09cab35cee1a044c5a27")]],
    signs: true,
    command: |command, text| {
        let options = json!([{"name": "topic", "type": 3, "value": text}]);
        let data = json!({"name": command.trim_start_matches('/'), "type": 1, "options": options});
        let member = json!({"user": {"id": "30"}});
        ("interactions", json!({"type": 2, "data": data, "member": member, "guild_id": "10"}).to_string())
    },
    prove,
    texts,
    escape: |text, most| discord(text, most).as_str().to_owned(),
    live,
};

fn prove(body: &[u8], forgery: Forgery, at: i64) -> Sent {
    let at = forgery.at(at).to_string();
    let signature = Pair::of(forgery.key()).sign(&[at.as_bytes(), body]);
    let mut headers = forgery.headers("x-signature-ed25519", hex(&signature));
    headers.push(("x-signature-timestamp", at));
    headers.push(("content-type", "application/json".into()));
    Sent { headers, body: body.to_owned() }
}

fn texts(message: &Value) -> Vec<(String, usize)> {
    let data = message.get("data").unwrap_or(&Value::Null);
    let read = |part: &Value, name, most| Some((part.get(name)?.as_str()?.to_owned(), most));
    // What stands in controls is read as it is.
    let mut texts: Vec<(String, usize)> = read(data, "content", 2_000).into_iter().collect();
    for (text, _) in &mut texts {
        let by = text.find("\n-# Shared by <@").unwrap_or(text.len());
        text.truncate(by);
    }
    every(data.get("embeds").unwrap_or(&Value::Null), &["footer"], &mut |part| {
        for (name, most) in [("title", 256), ("description", 4_096), ("name", 256), ("value", 1_024)] {
            texts.extend(read(part, name, most));
        }
    });
    texts.retain(|(text, _)| !text.is_empty());
    let notifies = data.get("allowed_mentions").is_some_and(|allowed| *allowed != json!({"parse": []}));
    // There is room for none of it.
    texts.extend(notifies.then(|| ("a message that may notify somebody".to_owned(), 0)));
    texts
}

/// Discord's clients know the backslash.
fn live(text: &str) -> Option<String> {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '<' | '>' | '@' | '[' | ']' | '*' | '~' | '|' => return Some(c.into()),
            ':' if rest.as_str().starts_with("//") => return Some(c.into()),
            _ => {}
        }
    }
    None
}
