//! What stands for Telegram in the tests over all platforms.

use serde_json::{Value, json};

use super::{
    HEADER,
    escape::Html,
    message::{length, most},
    shown,
};
use crate::chat::{
    markup::JOINER,
    stand::{SECRET, Sent, Stand, Variables},
};

const USUAL: Variables = &[("TELEGRAM_SECRET_TOKEN", SECRET)];

pub(super) const STAND: Stand = Stand {
    set: &[
        USUAL,
        &[("TELEGRAM_SECRET_TOKEN", SECRET), ("TELEGRAM_BOT_NAME", "SaywellBot"), ("TELEGRAM_INLINE", "true")],
    ],
    signs: false,
    command: |command, text| {
        let person = json!({"id": 111, "is_bot": false, "first_name": "Pat"});
        let entity = json!({"type": "bot_command", "offset": 0, "length": length(command)});
        let chat = json!({"id": 111, "type": "private", "first_name": "Pat"});
        let message = json!({
            "message_id": 77, "date": 1_760_000_000, "from": person, "chat": chat, "text": format!("{command} {text}"),
            "entities": [entity],
        });
        ("updates", json!({"update_id": 900_000_001, "message": message}).to_string())
    },
    prove: |body, forgery, _| {
        let mut headers = forgery.headers(HEADER, forgery.key().to_owned());
        headers.push(("content-type", "application/json".into()));
        Sent { headers, body: body.to_owned() }
    },
    texts,
    escape: |text, most| Html::text(text, most).as_str().to_owned(),
    live,
};

/// What is said in another chat is the words of who sends them, and read as it is.
fn texts(message: &Value) -> Vec<(String, usize)> {
    let text = message.get("text").and_then(Value::as_str).unwrap_or_default();
    let texts = match message.get("parse_mode") {
        None => Vec::from([(text.to_owned(), most::NOTICE)]),
        Some(_) => match shown::read(text) {
            Some(_) if length(text) <= most::TEXT => Vec::from([(bare(text), most::TEXT)]),
            _ => Vec::from([(format!("cannot be read, or is too long: {text}"), 0)]),
        },
    };
    texts.into_iter().filter(|(text, _)| !text.is_empty()).collect()
}

/// Without our own tags, and without what stands as it was typed, in which nothing is found.
fn bare(html: &str) -> String {
    let mut bare = html.to_owned();
    for (from, to) in [("<code>", "</code>"), ("<pre>", "</pre>")] {
        while let Some(start) = bare.find(from)
            && let Some(end) = bare.get(start..).and_then(|rest| rest.find(to))
        {
            bare.replace_range(start..start + end + to.len(), "");
        }
    }
    ["<b>", "</b>", "<blockquote>", "</blockquote>"].iter().fold(bare, |bare, tag| bare.replace(tag, ""))
}

/// Markup, and whatever the server finds in a text by itself.
pub(super) fn live(html: &str) -> Option<String> {
    let mut before = [' '; 2];
    for (at, c) in html.char_indices() {
        let rest = html.get(at + c.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next().unwrap_or(' ');
        let is_word = next.is_alphanumeric() || next == '_';
        let [second, last] = before;
        let is_live = match c {
            '<' | '>' => true,
            '&' => !["lt;", "gt;", "amp;", "quot;"].iter().any(|sign| rest.starts_with(sign)),
            '@' | '#' => is_word,
            '$' => next.is_ascii_alphabetic() && last != JOINER,
            '/' => last == ':' || is_word && !last.is_alphanumeric() && last != JOINER,
            c => {
                let is_host = second.is_alphanumeric() && last == '.';
                is_host && c.is_alphabetic() && (next.is_alphanumeric() || next == '-')
            }
        };
        if is_live {
            return Some(html.get(at.saturating_sub(8)..).unwrap_or(html).to_owned());
        }
        before = [last, c];
    }
    None
}
