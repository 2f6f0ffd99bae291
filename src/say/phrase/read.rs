//! Reading a phrase: from its text to a template, or to every mistake in it.

use std::ops::Range;

use super::{
    sentence::{push_capital, starts_sentence},
    template::{Part, Span, Template},
};

/// No template is longer, in bytes, so that places in its words take two bytes each, whatever capitals add to them.
pub(super) const LONGEST: usize = 1 << 14;

/// A mistake in a template: where it is (bytes of the template), what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the template that are wrong.
    pub at: Range<usize>,
    /// What is wrong, in words.
    pub what: String,
    /// What would be right.
    pub hint: String,
}

impl Template {
    /// Reads a template; `slot` gives the number of a declared slot.
    ///
    /// # Errors
    /// Every mistake that was found, in the order of the text.
    pub fn parse(source: &str, slot: impl Fn(&str) -> Option<u16>) -> Result<Self, Vec<Mistake>> {
        if source.len() > LONGEST {
            let hint = "say it in a few sentences".to_owned();
            return Err(vec![Mistake { at: 0..source.len(), what: format!("more than {LONGEST} bytes"), hint }]);
        }
        let mut parser = Parser {
            source,
            slot: &slot,
            text: String::with_capacity(source.len()),
            literal: 0,
            parts: Vec::new(),
            clause: None,
            mistakes: Vec::new(),
        };
        parser.read();
        if parser.mistakes.is_empty() {
            Ok(Self { text: parser.text.into_boxed_str(), parts: parser.parts.into_boxed_slice() })
        } else {
            Err(parser.mistakes)
        }
    }
}

struct Parser<'s, F> {
    source: &'s str,
    slot: &'s F,
    text: String,
    /// Where in `text` the literal that is being read began.
    literal: usize,
    parts: Vec<Part>,
    /// The place of the open clause: its part and its bracket in the source.
    clause: Option<(usize, usize)>,
    mistakes: Vec<Mistake>,
}

impl<F: Fn(&str) -> Option<u16>> Parser<'_, F> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.source.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = rest.bytes().position(|b| matches!(b, b'\\' | b'{' | b'[' | b']' | b'}'));
            let plain = plain.unwrap_or(rest.len());
            self.push(rest.get(..plain).unwrap_or_default());
            at += plain;
            at = match rest.as_bytes().get(plain) {
                Some(b'\\') => self.escape(at),
                Some(b'{') => self.open_slot(at),
                Some(b'[') => self.open_clause(at),
                Some(b']') => self.close_clause(at),
                Some(_) => {
                    self.mistake(
                        at..at + 1,
                        "a closing brace without an opening one",
                        "write \\} for a brace that is meant to be seen",
                    );
                    at + 1
                }
                None => at,
            };
        }
        self.end_literal();
        if let Some((_, bracket)) = self.clause {
            self.mistake(
                bracket..bracket + 1,
                "a clause that never ends",
                "close it with ], or write \\[ for a bracket that is meant to be seen",
            );
        }
    }

    /// Fixed words; the first letter of a sentence becomes a capital here, once and for all.
    fn push(&mut self, words: &str) {
        for word in words.split_inclusive(' ') {
            let before = self.text.get(self.literal..).unwrap_or_default();
            if before.ends_with(' ') && !before.trim_start().is_empty() && starts_sentence(before) {
                push_capital(&mut self.text, word);
            } else {
                self.text.push_str(word);
            }
        }
    }

    fn escape(&mut self, at: usize) -> usize {
        match self.source.get(at + 1..).and_then(|rest| rest.chars().next()) {
            Some(c @ ('[' | ']' | '{' | '}' | '|' | '\\')) => {
                self.text.push(c);
                at + 2
            }
            _ => {
                self.mistake(
                    at..at + 1,
                    "a backslash that escapes nothing",
                    "a backslash may stand before [ ] { } | and \\; write \\\\ for the character itself",
                );
                at + 1
            }
        }
    }

    fn open_slot(&mut self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        if !rest.starts_with("{{") {
            self.mistake(
                at..at + 1,
                "a single opening brace",
                "a slot is written {{name}}; write \\{ for a brace that is meant to be seen",
            );
            return at + 1;
        }
        self.end_literal();
        let Some(length) = closing(rest) else {
            self.mistake(at..at + 2, "a slot that never ends", "close it with }}");
            return self.source.len();
        };
        let inner = rest.get(2..length - 2).unwrap_or_default();
        let (name, fallback) = match inner.split_once('|') {
            Some((name, fallback)) => (name, Some(fallback)),
            None => (inner, None),
        };
        let whole = at..at + length;
        if !is_slot_name(name) {
            self.mistake(
                whole.clone(),
                &format!("`{name}` is not a slot's name"),
                "a name is lower-case letters, digits and underscores, and begins with a letter: {{customer}}",
            );
        }
        match (self.slot)(name) {
            Some(slot) => {
                let fallback = fallback.and_then(|words| self.fallback(words, &whole));
                self.parts.push(Part::Slot { slot, fallback });
            }
            None if is_slot_name(name) => self.mistake(
                whole,
                &format!("the slot `{name}` is not declared"),
                &format!("declare it with [slot.{name}] and an `ask` and an `example`, or use a declared one"),
            ),
            None => {}
        }
        at + length
    }

    fn fallback(&mut self, words: &str, whole: &Range<usize>) -> Option<Span> {
        if words.trim().is_empty() || words != words.trim() {
            self.mistake(
                whole.clone(),
                "a fallback with no words, or with space around them",
                "write {{item|the words}}; leave the bar out where there is nothing to fall back on",
            );
            return None;
        }
        if self.clause.is_some() {
            self.mistake(
                whole.clone(),
                "a fallback inside a clause can never be seen",
                "the clause is there only when its slots are filled: leave the fallback out",
            );
        }
        let start = self.text.len();
        let mut chars = words.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => self.text.extend(chars.next()),
                '{' | '[' | ']' | '}' | '|' => {
                    self.mistake(
                        whole.clone(),
                        &format!("`{c}` inside a fallback"),
                        "a fallback is plain words; put a backslash before a mark that is meant to be seen",
                    );
                    return None;
                }
                c => self.text.push(c),
            }
        }
        self.literal = self.text.len();
        Some(span(start, self.text.len()))
    }

    fn open_clause(&mut self, at: usize) -> usize {
        self.end_literal();
        if self.clause.is_some() {
            self.mistake(
                at..at + 1,
                "a clause inside a clause",
                "clauses do not nest: close the first with ] before this one",
            );
        } else {
            self.clause = Some((self.parts.len(), at));
            self.parts.push(Part::Clause(0));
        }
        at + 1
    }

    fn close_clause(&mut self, at: usize) -> usize {
        self.end_literal();
        let Some((clause, bracket)) = self.clause.take() else {
            self.mistake(
                at..at + 1,
                "a closing bracket without an opening one",
                "write \\] for a bracket that is meant to be seen",
            );
            return at + 1;
        };
        let inside = self.parts.get(clause + 1..).unwrap_or_default();
        let count = u16::try_from(inside.len()).unwrap_or(u16::MAX);
        let has_slot = inside.iter().any(|part| matches!(part, Part::Slot { .. }));
        if let Some(part) = self.parts.get_mut(clause) {
            *part = Part::Clause(count);
        }
        // A slot that did not read has been reported already.
        if !has_slot && !self.source.get(bracket..at).unwrap_or_default().contains("{{") {
            self.mistake(
                bracket..at + 1,
                "a clause without a slot",
                "a clause comes and goes with its slots: put one inside, or take the brackets away",
            );
        }
        at + 1
    }

    fn end_literal(&mut self) {
        if self.text.len() > self.literal {
            self.parts.push(Part::Text(span(self.literal, self.text.len())));
        }
        self.literal = self.text.len();
    }

    fn mistake(&mut self, at: Range<usize>, what: &str, hint: &str) {
        self.mistakes.push(Mistake { at, what: what.into(), hint: hint.into() });
    }
}

fn span(start: usize, end: usize) -> Span {
    // Longer templates are not read.
    Span { start: u16::try_from(start).unwrap_or(u16::MAX), end: u16::try_from(end).unwrap_or(u16::MAX) }
}

/// The length of a slot from its first brace to its last, passing over escaped characters.
fn closing(slot: &str) -> Option<usize> {
    let mut at = 2;
    while let Some(pair) = slot.as_bytes().get(at..at + 2) {
        match pair {
            [b'\\', _] => at += 2,
            b"}}" => return Some(at + 2),
            _ => at += 1,
        }
    }
    None
}

/// Whether this may be the name of a slot: `[a-z][a-z0-9_]*`, at most 32 characters.
pub(in crate::say) fn is_slot_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
