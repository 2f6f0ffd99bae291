//! What stands for Slack in the tests over all platforms.

use serde_json::Value;
use url::form_urlencoded;

use super::mrkdwn::mrkdwn;
use crate::{
    chat::{
        proof::{HmacKeys, Secret, hex},
        stand::{Forgery, SECRET, Sent, Stand, every},
    },
    say::words,
};

pub(super) const STAND: Stand = Stand {
    set: &[&[("SLACK_SIGNING_SECRET", SECRET)], &[("SLACK_SIGNING_SECRET", SECRET), ("SLACK_BOT_TOKEN", "xoxb-1")]],
    signs: true,
    command: |command, text| {
        let pairs = [("command", command), ("text", text), ("user_id", "U0USER001"), ("team_id", "T0SAYWELL")];
        ("commands", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    },
    prove,
    texts,
    escape: |text, most| mrkdwn(text, most).as_str().to_owned(),
    // Mrkdwn acts in angle brackets only.
    live: |text| text.contains(['<', '>']).then(|| text.to_owned()),
};

fn prove(body: &[u8], forgery: Forgery, at: i64) -> Sent {
    let at = forgery.at(at).to_string();
    let mac = HmacKeys::new(&[Secret::from(forgery.key())]).sign(&[b"v0:", at.as_bytes(), b":", body]);
    let mut headers = forgery.headers("x-slack-signature", format!("v0={}", hex(&mac.unwrap_or_default())));
    headers.push(("x-slack-request-timestamp", at));
    headers.push(("content-type", "application/x-www-form-urlencoded".into()));
    Sent { headers, body: body.to_owned() }
}

fn texts(message: &Value) -> Vec<(String, usize)> {
    let mut texts = Vec::new();
    every(message, &["value", "initial_value", "private_metadata", "block_id"], &mut |part| {
        let most = match part.get("type").and_then(Value::as_str) {
            Some("mrkdwn") => 3_000,
            Some("plain_text") => 150,
            _ => 4_000,
        };
        let text = part.get("text").and_then(Value::as_str).filter(|text| !text.starts_with(words::SHARED_BY));
        texts.extend(text.map(|text| (text.to_owned(), most)));
    });
    texts
}
