//! Asks as buttons and forms write them: the same language that people type.

use super::{
    super::{model::Topic, phrase::is_slot_name},
    choice::Choice,
    draft::CHECK,
    tokens::{DOUBLE_QUOTES, tokens},
};
use crate::bytes::add;

impl Choice {
    /// The ask that means this again, for a button: `recover.billing 3 customer="Dr Matt"`.
    #[must_use]
    pub fn ask(topic: &Topic, phrase: Option<&str>, mark: &str, values: &[(&str, &str)]) -> String {
        // As long as it will be: blocks of one size for all would be more than the allocator keeps at hand.
        let slots: usize = values.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let rest = phrase.map_or(0, |phrase| phrase.len() + 1) + mark.len() + 1 + slots;
        let mut text = String::with_capacity(topic.command.len() + 1 + topic.id.len() + rest);
        add(&mut text, &[&topic.command, ".", &topic.id]);
        if let Some(phrase) = phrase {
            add(&mut text, &[".", phrase]);
        }
        if !mark.is_empty() {
            add(&mut text, &[" ", mark]);
        }
        for (name, value) in values {
            push_slot(&mut text, name, value);
        }
        text
    }
}

/// Adds what was entered in a field of a form: to `check` a draft, word for word; to anything else a slot. An empty
/// field adds nothing, nor does one whose name no slot can have.
pub fn enter(ask: &mut String, field: &str, value: &str) {
    if value.trim().is_empty() || !is_slot_name(field) {
        return;
    }
    if ask.split(' ').next() == Some(CHECK) {
        ask.extend([" ", value]);
    } else {
        push_slot(ask, field, value);
    }
}

/// An ask of ours with what was typed for its blanks: what stood in one makes room for what it is filled with now.
#[must_use]
pub fn refill(ask: &str, typed: &str) -> String {
    let given = tokens(typed);
    let is_anew = |name: &str| given.iter().filter_map(|token| token.name).any(|new| new.eq_ignore_ascii_case(name));
    let stood = tokens(ask);
    if !stood.iter().filter_map(|token| token.name).any(is_anew) {
        return format!("{ask} {typed}");
    }
    let mut text = String::with_capacity(ask.len() + typed.len());
    for token in stood {
        match token.name {
            Some(name) if is_anew(name) => {}
            Some(name) => push_slot(&mut text, name, &token.value),
            None => text.extend([" ", &*token.value]),
        }
    }
    text + " " + typed
}

/// Adds a slot to an ask: ` customer="Dr Matt"`.
pub fn push_slot(ask: &mut String, name: &str, value: &str) {
    add(ask, &[" ", name, "=\""]);
    // A quote inside a value would end it. Most values have none, and no letters among which there could be one.
    if value.bytes().all(|b| b.is_ascii() && b != b'\\' && b != b'"') {
        ask.push_str(value);
    } else {
        for c in value.chars() {
            if c == '\\' || DOUBLE_QUOTES.contains(&c) {
                ask.push('\\');
            }
            ask.push(c);
        }
    }
    ask.push('"');
}
