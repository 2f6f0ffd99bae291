//! What stands for Mattermost in the tests over all platforms.

use serde_json::Value;
use url::form_urlencoded;

use super::{
    escape::mattermost,
    seal::{Meaning, Purpose, Talk},
};
use crate::chat::{
    proof::{SealKeys, Secret},
    stand::{Forgery, SECRET, Sent, Stand, Variables, every},
};

const SITE: &str = "http://127.0.0.1:9";
const HOOK: &str = "http://127.0.0.1:9/hooks/commands/h1";
const USER: &str = "u1";
/// Stands in a body for the token, which proves it.
const TOKEN: &str = "TOKEN";
/// Stands in a body for what a button under a phrase carries.
const SEAL: &str = "SEAL";

const USUAL: Variables = &[
    ("MATTERMOST_TOKEN", SECRET),
    ("MATTERMOST_SITE_URL", SITE),
    ("SAYWELL_PUBLIC_URL", SITE),
    ("SAYWELL_SECRET", SECRET),
];

pub(super) const STAND: Stand = Stand {
    set: &[
        USUAL,
        &[
            ("MATTERMOST_TOKEN", SECRET),
            ("MATTERMOST_SITE_URL", SITE),
            ("SAYWELL_PUBLIC_URL", SITE),
            ("SAYWELL_SECRET", SECRET),
            ("MATTERMOST_REPLACES", "true"),
        ],
        &[("MATTERMOST_TOKEN", SECRET)],
    ],
    signs: false,
    command: |command, text| {
        let pairs = [("command", command), ("text", text), ("user_id", USER), ("team_id", "t1"), ("token", TOKEN)];
        let more = [("response_url", HOOK), ("user_mentions", "a"), ("user_mentions", "b")];
        ("commands", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).extend_pairs(more).finish())
    },
    prove,
    texts,
    escape: |text, most| mattermost(text, most).as_str().to_owned(),
    live,
};

fn prove(body: &[u8], forgery: Forgery, at: i64) -> Sent {
    let kind = if body.starts_with(b"{") { "application/json" } else { "application/x-www-form-urlencoded" };
    let headers = vec![("content-type", kind.to_owned())];
    let Ok(text) = str::from_utf8(body) else { return Sent { headers, body: body.to_owned() } };
    let token = match forgery {
        Forgery::Missing | Forgery::Empty => "",
        Forgery::Short => SECRET.get(..SECRET.len() - 1).unwrap_or_default(),
        _ => forgery.key(),
    };
    let field = format!("token={TOKEN}");
    let body = match forgery {
        Forgery::Missing => text.replace(&field, ""),
        Forgery::Twice => text.replace(&field, &format!("{field}&{field}")),
        _ => text.to_owned(),
    };
    Sent { headers, body: body.replace(TOKEN, token).replace(SEAL, &seal(at)).into_bytes() }
}

fn seal(at: i64) -> String {
    let talk = Talk { to: Some(HOOK.into()), since: at, at, used: 0, user: USER.into(), team: "t1".into() };
    let ask = "recover.billing.hoped-for".into();
    Meaning { talk, does: "another".into(), ask }.seal(&SealKeys::new(&[Secret::from(SECRET)]), Purpose::Action)
}

fn texts(message: &Value) -> Vec<(String, usize)> {
    const READ: [(&str, usize); 8] = [
        ("text", 16_383),
        ("message", 16_383),
        ("ephemeral_text", 16_383),
        ("introduction_text", 16_383),
        ("error", 16_383),
        ("name", 300),
        ("fallback", 75),
        ("title", 24),
    ];
    let mut texts = Vec::new();
    // What can be chosen from a menu is read as it is.
    every(message, &["seal", "state", "default", "options"], &mut |part| {
        let read = READ.iter().filter_map(|(name, most)| Some((part.get(name)?.as_str()?, *most)));
        texts.extend(read.filter(|(text, _)| !text.is_empty()).map(|(text, most)| (text.to_owned(), most)));
    });
    texts
}

/// Mattermost's server knows no backslash; its clients do.
fn live(text: &str) -> Option<String> {
    // The server cuts at everything else, and takes what begins with the sign for a name.
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || ":.-_@".contains(c)));
    let mention = words.find(|word| word.split_once('@').is_some_and(|(_, name)| !name.is_empty()));
    let sign = ["<!", "<@", "<http", "](", "://", "&lt;!", "&#64;"].into_iter().find(|sign| {
        let escaped = text.matches(&format!("\\{sign}")).count();
        text.matches(*sign).count() > escaped
    });
    mention.or(sign).map(str::to_owned)
}
