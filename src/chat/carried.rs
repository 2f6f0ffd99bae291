//! What was filled in, where a button has no room for it: the platform keeps it in the message, and takes it from there when
//! the button is pressed.

use crate::say::{answer::Answer, ask::push_slot};

/// An ask without what is filled in, and that: ids and marks hold no quotes.
pub(super) fn split(ask: &str) -> (&str, &str) {
    let at = ask.find("=\"").and_then(|sign| ask.get(..sign)?.rfind(' '));
    at.and_then(|at| Some((ask.get(..at)?, ask.get(at + 1..)?))).unwrap_or((ask, ""))
}

/// Everything that was filled in: what the buttons of a line carry, or what the lines show.
pub(super) fn given(answer: &Answer<'_>) -> String {
    if let Some(another) = answer.buttons.first() {
        return split(&another.ask).1.to_owned();
    }
    let mut given = String::new();
    let mut seen: Vec<&str> = Vec::new();
    for (slot, value) in answer.lines.iter().flat_map(|line| &line.slots) {
        if let Some(value) = value
            && !seen.contains(&&*slot.name)
        {
            seen.push(&slot.name);
            push_slot(&mut given, &slot.name, value);
        }
    }
    given.trim_start().to_owned()
}
