//! Filling a phrase, in one pass.

use std::ops::Range;

use super::{
    sentence::{push_capitalized, starts_sentence},
    template::{Part, Template},
};

/// What an unfilled slot looks like, as on paper.
pub const BLANK: &str = "____";

impl Template {
    /// The phrase with these values in its slots, by slot number; `None` leaves a slot open.
    ///
    /// Values are expected to have gone through [`super::Value::read`].
    #[must_use]
    pub fn fill(&self, values: &[Option<&str>]) -> String {
        self.write(values, |_, _| {})
    }

    /// The filled phrase, and which of its bytes stand in which slot: a value, the words to fall back on, or a blank.
    #[must_use]
    pub fn fill_marked(&self, values: &[Option<&str>]) -> (String, Vec<(u16, Range<usize>)>) {
        let mut marks = Vec::new();
        let words = self.write(values, |slot, at| marks.push((slot, at)));
        (words, marks)
    }

    fn write(&self, values: &[Option<&str>], mut mark: impl FnMut(u16, Range<usize>)) -> String {
        let out = String::with_capacity(self.text.len() + 64);
        let mut line = Writer { out, fixed: 0, after_value: false, gap: false };
        let mut parts = self.parts.iter();
        while let Some(part) = parts.next() {
            match *part {
                Part::Text(span) => line.text(self.words(span)),
                Part::Slot { slot, fallback } => {
                    let mut start = line.out.len();
                    match (values.get(usize::from(slot)).copied().flatten(), fallback) {
                        (Some(value), _) => start = line.value(value),
                        (None, Some(span)) => line.text(self.words(span)),
                        (None, None) => start = line.value(BLANK),
                    }
                    mark(slot, start.min(line.out.len())..line.out.len());
                }
                Part::Clause(count) => {
                    let clause = parts.as_slice().get(..usize::from(count)).unwrap_or_default();
                    let open = clause.iter().any(|part| match part {
                        Part::Slot { slot, .. } => values.get(usize::from(*slot)).copied().flatten().is_none(),
                        _ => false,
                    });
                    if open {
                        line.gap = true;
                        parts = parts.as_slice().get(usize::from(count)..).unwrap_or_default().iter();
                    }
                }
            }
        }
        line.out
    }
}

/// A phrase while it is being written.
struct Writer {
    out: String,
    /// Where the fixed words begin that stand at its end.
    fixed: usize,
    /// A full stop inside a value ends no sentence of ours.
    after_value: bool,
    /// A clause has just vanished, and takes its space with it.
    gap: bool,
}

impl Writer {
    fn text(&mut self, mut text: &str) {
        if self.gap {
            if text.starts_with(' ') && (self.out.is_empty() || self.out.ends_with(' ')) {
                text = text.get(1..).unwrap_or_default();
            }
            if text.starts_with(['.', ',', ';', ':', '?', '!']) && self.out.ends_with(' ') {
                self.out.pop();
            }
        }
        // "Acme Inc." at the end of a sentence has one full stop, not two.
        if self.after_value && text.starts_with('.') && self.out.ends_with('.') {
            text = text.get(1..).unwrap_or_default();
        }
        if text.is_empty() {
            return;
        }
        self.write(text, false);
    }

    /// Writes a value, and says where it begins.
    fn value(&mut self, value: &str) -> usize {
        let fixed = self.out.get(self.fixed..).unwrap_or_default();
        let (gone, value) = without_echo(&self.out, fixed, value);
        self.out.truncate(self.out.len() - gone);
        let start = self.out.len();
        self.write(value, true);
        self.fixed = self.out.len();
        start
    }

    fn write(&mut self, words: &str, is_value: bool) {
        if self.after_value || !starts_sentence(&self.out) {
            self.out.push_str(words);
        } else {
            push_capitalized(&mut self.out, words);
        }
        self.after_value = is_value;
        self.gap = false;
    }
}

/// "the {{item}}" filled with "the van", or "by {{deadline}}" with "by Friday": the word is said once. "By {{deadline}}"
/// with "in two hours": the value's own word stands in the place of ours. How many bytes of the fixed words before the
/// value go, and what is left of the value.
fn without_echo<'v>(before: &str, fixed: &str, value: &'v str) -> (usize, &'v str) {
    const DETERMINERS: [&str; 10] = ["the", "a", "an", "your", "our", "my", "this", "that", "their", "its"];
    let whole = (0, value);
    let Some(before) = before.strip_suffix(' ') else { return whole };
    let Some((first, rest)) = value.split_once(' ') else { return whole };
    let last = before.rsplit(' ').next().unwrap_or_default();
    let determiner = |word: &str| DETERMINERS.iter().any(|d| d.eq_ignore_ascii_case(word));
    if last.eq_ignore_ascii_case(first) && last.chars().all(char::is_alphabetic)
        || determiner(last) && determiner(first)
    {
        return (0, rest);
    }
    let gone = last.len() + 1;
    if gone <= fixed.len() && is_limit(last) && tells_when(first, rest) { (gone, value) } else { whole }
}

/// Whether a time follows: "by Friday".
fn is_limit(word: &str) -> bool {
    ["by", "until"].iter().any(|limit| limit.eq_ignore_ascii_case(word))
}

/// Whether a value begins with a word of its own for when: "in two hours", but not "In Flames".
fn tells_when(first: &str, rest: &str) -> bool {
    const WHEN: [&str; 10] = ["in", "on", "at", "by", "before", "within", "after", "until", "till", "around"];
    let is_name = first.starts_with(char::is_uppercase) && rest.starts_with(char::is_uppercase);
    !is_name && WHEN.iter().any(|when| when.eq_ignore_ascii_case(first))
}
