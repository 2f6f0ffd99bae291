//! The language of phrases: three marks, read once when the book is loaded, filled in one pass.
//!
//! | mark | meaning |
//! |---|---|
//! | `{{customer}}` | a slot; a visible blank `____` until it is filled |
//! | `{{item\|bill}}` | a slot with words to fall back on |
//! | `[ about {{item}}]` | a clause that is there only when every slot in it is filled; clauses do not nest |
//!
//! A backslash before `[`, `]`, `{`, `}`, `|` or `\` makes that character stand for itself.
//! There are no loops, no conditions and no calls, so a phrase can neither run away nor fail once it has been read.

use std::ops::Range;

/// What an unfilled slot looks like, as on paper.
pub const BLANK: &str = "____";

/// No template is longer, in bytes, so that places in its words take two bytes each, whatever capitals add to them.
const LONGEST: usize = 1 << 14;

/// A phrase's words, read into pieces. The slots are numbers into the list that the parser was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Every fixed word and every fallback, end to end; the parts point into it.
    text: Box<str>,
    parts: Box<[Part]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Text(Span),
    Slot {
        slot: u16,
        fallback: Option<Span>,
    },
    /// The next so many parts stand or fall together.
    Clause(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u16,
    end: u16,
}

/// A stretch of a phrase before it is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Fixed words.
    Text(&'t str),
    /// A slot by number, and the words to fall back on.
    Slot(u16, Option<&'t str>),
    /// What stands or falls with its slots.
    Clause(Vec<Piece<'t>>),
}

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

    /// The phrase with these values in its slots, by slot number; `None` leaves a slot open.
    ///
    /// Values are expected to have gone through [`Value::read`].
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

    /// The phrase before it is filled, for a page that fills it while someone types.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut parts = self.parts.iter();
        while let Some(part) = parts.next() {
            pieces.push(match *part {
                Part::Clause(count) => Piece::Clause(
                    parts.by_ref().take(usize::from(count)).filter_map(|part| self.piece(*part)).collect(),
                ),
                part => match self.piece(part) {
                    Some(piece) => piece,
                    None => continue,
                },
            });
        }
        pieces
    }

    fn piece(&self, part: Part) -> Option<Piece<'_>> {
        match part {
            Part::Text(span) => Some(Piece::Text(self.words(span))),
            Part::Slot { slot, fallback } => Some(Piece::Slot(slot, fallback.map(|span| self.words(span)))),
            Part::Clause(_) => None,
        }
    }

    fn write(&self, values: &[Option<&str>], mut mark: impl FnMut(u16, Range<usize>)) -> String {
        let out = String::with_capacity(self.text.len() + 64);
        let mut line = Line { out, fixed: 0, after_value: false, gap: false };
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

    /// The numbers of its slots in the order of the text, each once.
    #[must_use]
    pub fn slots(&self) -> Vec<u16> {
        let mut slots = Vec::new();
        for part in &self.parts {
            if let Part::Slot { slot, .. } = part
                && !slots.contains(slot)
            {
                slots.push(*slot);
            }
        }
        slots
    }

    /// Whether it has this slot.
    #[must_use]
    pub fn has_slot(&self, number: u16) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Slot { slot, .. } if *slot == number))
    }

    /// The slots without which the phrase shows a blank: outside every clause and with nothing to fall back on.
    #[must_use]
    pub fn required(&self) -> Vec<u16> {
        let mut required = Vec::new();
        let mut inside = 0;
        for part in &self.parts {
            if let Part::Clause(count) = part {
                inside = usize::from(*count);
                continue;
            }
            if let Part::Slot { slot, fallback: None } = part
                && inside == 0
                && !required.contains(slot)
            {
                required.push(*slot);
            }
            inside = inside.saturating_sub(1);
        }
        required
    }

    /// Gives its slots other numbers: `numbers` has the new one at the place of each old one.
    pub(super) fn renumber(&mut self, numbers: &[u16]) {
        for part in &mut self.parts {
            if let Part::Slot { slot, .. } = part
                && let Some(number) = numbers.get(usize::from(*slot))
            {
                *slot = *number;
            }
        }
    }

    /// The words to fall back on, of every slot that has some.
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot { fallback: Some(span), .. } => Some(self.words(*span)),
            _ => None,
        })
    }

    /// All its fixed words and fallbacks, for the search index.
    #[must_use]
    pub fn fixed_words(&self) -> &str {
        &self.text
    }

    fn words(&self, span: Span) -> &str {
        self.text.get(usize::from(span.start)..usize::from(span.end)).unwrap_or_default()
    }
}

/// A line while it is being written.
struct Line {
    out: String,
    /// Where the fixed words begin that stand at its end.
    fixed: usize,
    /// A full stop inside a value ends no sentence of ours.
    after_value: bool,
    /// A clause has just vanished, and takes its space with it.
    gap: bool,
}

impl Line {
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

/// Whether the next letter is the first of a sentence.
fn starts_sentence(before: &str) -> bool {
    let trimmed = before.trim_end_matches(' ');
    trimmed.trim_start_matches(['“', '"', '‘', '(']).is_empty()
        || trimmed.len() < before.len() && ends_sentence(trimmed)
}

fn ends_sentence(text: &str) -> bool {
    // Mostly a word has just ended, and no sentence.
    if text.bytes().next_back().is_some_and(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')']);
    text.ends_with(['?', '!']) || text.ends_with('.') && !ends_in_abbreviation(text)
}

/// "Dr.", "a.m.", "J.": a full stop that ends a word, not a sentence.
fn ends_in_abbreviation(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 14] =
        ["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Inc", "Co", "Corp", "Ltd", "Jr", "Sr", "vs", "etc"];
    let Some(text) = text.strip_suffix('.') else { return false };
    let word = text.rsplit([' ', '(', '“', '"']).next().unwrap_or_default();
    word.contains('.')
        || word.chars().count() == 1 && word != "I" && word.chars().all(char::is_alphabetic)
        || ABBREVIATIONS.contains(&word)
}

fn push_capitalized(out: &mut String, words: &str) {
    let opening = words.find(|c| !matches!(c, '“' | '"' | '‘' | '(')).unwrap_or(0);
    let (quotes, rest) = words.split_at(opening);
    out.push_str(quotes);
    push_capital(out, rest);
}

fn push_capital(out: &mut String, words: &str) {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !has_inner_capital(words) && first.to_uppercase().count() == 1 => {
            out.extend(first.to_uppercase());
            out.push_str(chars.as_str());
        }
        _ => out.push_str(words),
    }
}

/// “iPhone” and “eBay” are written so wherever they stand.
fn has_inner_capital(words: &str) -> bool {
    words.chars().skip(1).take_while(|c| c.is_alphanumeric()).any(char::is_uppercase)
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
#[must_use]
pub fn is_slot_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What is untidy about a filled line, if anything: the words for a fault.
#[must_use]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch many bytes are compared at a time, and every phrase comes here in every way to fill it"
)]
pub fn untidy(line: &str) -> Option<&'static str> {
    let is_point = |b: u8| (b == b'.') | (b == b',') | (b == b';') | (b == b':') | (b == b'?') | (b == b'!');
    let bytes = line.as_bytes();
    let clash = bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, |clash, (a, b)| {
        clash | ((*a == b' ') & ((*b == b' ') | is_point(*b))) | (is_point(*a) & is_point(*b))
    });
    let is_name = |at: usize| bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    if line.is_empty() {
        Some("nothing is left of it")
    } else if line.starts_with(' ') || line.ends_with(' ') {
        Some("there is a space at its edge")
    } else if clash {
        bytes.windows(2).zip(1..).find_map(|(pair, at)| match *pair {
            [b' ', b' '] => Some("there are two spaces in a row"),
            [b' ', b] if is_point(b) && !is_name(at) => Some("there is a space before a punctuation mark"),
            [a, b] if is_point(a) && is_point(b) => Some("there are two punctuation marks in a row"),
            _ => None,
        })
    } else if line.bytes().next().is_some_and(is_point) && !is_name(0) {
        Some("it begins with a punctuation mark")
    } else if !line.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '?', '!', '…']) {
        Some("it does not end with a full stop, a question mark or an exclamation mark")
    } else {
        None
    }
}

/// The words for a slot, as a person gave them, made fit to stand in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Value {
    /// The words; empty when nothing that can be shown was given.
    pub words: String,
    /// Whether something was cut off at the end.
    pub cut: bool,
}

impl Value {
    /// The longest value, in characters.
    pub const LONGEST: usize = 200;

    /// Takes what was typed: white space of every kind becomes single spaces; control characters, bidirectional
    /// overrides and other invisible formatting are dropped (joiners stay, names need them); what would clash with
    /// the sentence's own punctuation is taken off both ends, but for the full stop of `.NET`; emoji codes go whole, since
    /// half of one is no word and not every platform shows them; the rest is cut between graphemes at [`Self::LONGEST`]
    /// characters. A value that has been read stays the same when it is read again.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let mut words = clean(typed);
        if words.contains(':') {
            words = without_codes(&words);
        }
        let start = words.find(|c| !is_edge(c) && !is_joiner(c) && c != '.').unwrap_or(words.len());
        words.drain(..start - usize::from(is_dotted_name(&words, start)));
        let mut cut = false;
        if words.chars().nth(Self::LONGEST).is_some() {
            cut_graphemes(&mut words, Self::LONGEST);
            cut = true;
        }
        while words.ends_with(is_edge) || words.ends_with('.') && !ends_in_abbreviation(&words) {
            words.pop();
        }
        Self { words, cut }
    }
}

/// Whether a single full stop belongs to the word that begins here: `.NET`, `.env`.
fn is_dotted_name(words: &str, start: usize) -> bool {
    let (before, after) = words.split_at_checked(start).unwrap_or_default();
    before.ends_with('.') && !before.ends_with("..") && after.starts_with(char::is_alphanumeric)
}

/// Takes out what chat platforms show as a picture: `:heart:`, Discord's `<:heart:123>`.
#[must_use]
pub fn without_codes(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let is_glued = out.ends_with(char::is_alphanumeric);
        if let Some(length) = emoji_code(rest, is_glued) {
            rest = rest.get(length..).unwrap_or_default();
            if out.ends_with(' ') && rest.starts_with(is_edge) {
                out.pop();
            }
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    clean(&out)
}

/// The length of the emoji code with which a text begins. One that hangs on a word has a letter in it, as no time has.
pub(super) fn emoji_code(text: &str, is_glued: bool) -> Option<usize> {
    let inner = text.strip_prefix("<a:").or_else(|| text.strip_prefix("<:"));
    let after = inner.or_else(|| text.strip_prefix(':'))?;
    let (name, after) = after.split_once(':')?;
    let is_code = |c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '\'' | '&');
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_code) {
        return None;
    }
    let after = match inner {
        Some(_) => after.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('>')?,
        None => after,
    };
    let stands_alone = !after.starts_with(char::is_alphanumeric) && !is_glued;
    let is_word = name.chars().any(char::is_alphabetic) && !after.starts_with(char::is_alphanumeric);
    (inner.is_some() || stands_alone || is_word).then_some(text.len() - after.len())
}

/// What stands between a value and its sentence, in any script.
fn is_edge(c: char) -> bool {
    matches!(c, ' ' | ',' | ';' | ':' | '!' | '?' | '…' | '–' | '—' | '،' | '؛' | '؟' | '۔' | '।')
        || matches!(c, '。' | '、' | '，' | '：' | '；' | '！' | '？')
}

/// What joins or dresses the character before it, and shows nothing alone.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Text from outside with everything taken out that acts instead of being seen: C0 and C1 controls, bidirectional
/// overrides and isolates, line separators, invisible formatting. White space becomes single spaces.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !acts(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether [`clean`] would leave the text as it is.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if plain { text.trim().len() == text.len() && !text.contains("  ") } else { text == clean(text) }
}

/// Characters that act on a terminal or on the direction of text, and are never part of a name.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Cuts a text to at most so many characters without splitting what a person sees as one.
pub fn cut_graphemes(text: &mut String, most: usize) {
    use unicode_segmentation::UnicodeSegmentation as _;
    let mut characters = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        characters += grapheme.chars().count();
        if characters > most {
            break;
        }
        end = at + grapheme.len();
    }
    text.truncate(end);
    text.truncate(text.trim_end().len());
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOTS: [&str; 3] = ["customer", "item", "deadline"];

    fn read(source: &str) -> Result<Template, Vec<Mistake>> {
        Template::parse(source, |name| {
            SLOTS.iter().position(|slot| *slot == name).and_then(|at| u16::try_from(at).ok())
        })
    }

    fn check(source: &str, values: [Option<&str>; 3], expected: &str) {
        let template = read(source).unwrap_or_else(|mistakes| panic!("{source}: {mistakes:?}"));
        assert_eq!(template.fill(&values), expected, "{source} with {values:?}");
    }

    #[test]
    fn every_mark_does_what_the_table_says() {
        let thanks = "[{{customer}}, ]thank you for telling me[ about {{item}}].";
        check(thanks, [None; 3], "Thank you for telling me.");
        check(thanks, [Some("Ana"), Some("the late van"), None], "Ana, thank you for telling me about the late van.");
        check(thanks, [None, Some("the late van"), None], "Thank you for telling me about the late van.");
        check("I'll call by {{deadline}}.", [None; 3], "I'll call by ____.");
        check("I'll look at the {{item|order}} now.", [None; 3], "I'll look at the order now.");
        check("I'll look at the {{item|order}} now.", [None, Some("invoice"), None], "I'll look at the invoice now.");
        check(r"A \[b\] \{c\} \| \\ d.", [None; 3], r"A [b] {c} | \ d.");
        check(r"Close it with {{item|a \}}}.", [None; 3], "Close it with a }.");
    }

    #[test]
    fn sentences_begin_with_a_capital_and_values_end_none() {
        check("{{item|it}} is late. {{customer|we}} know.", [None; 3], "It is late. We know.");
        check(
            "{{item|it}} is late. [{{customer}}, ]we know.",
            [None, Some("the van"), None],
            "The van is late. We know.",
        );
        check("I asked {{customer}} about it.", [Some("Acme Inc."), None, None], "I asked Acme Inc. about it.");
        check("I asked {{customer}}.", [Some("Acme Inc."), None, None], "I asked Acme Inc.");
        check("Call me at 9 a.m. or noon. thanks.", [None; 3], "Call me at 9 a.m. or noon. Thanks.");
        check("It was I. {{customer|we}} know.", [None; 3], "It was I. We know.");
        check("I asked J. {{customer|who}} knows.", [None; 3], "I asked J. who knows.");
        check("“{{customer|friend}}, hello.”", [None; 3], "“Friend, hello.”");
        check("See help.{{customer}} for it.", [Some("example"), None, None], "See help.example for it.");
        check("{{item|it}} is late.", [None, Some("“(the van)”"), None], "“(The van)” is late.");
        check("Thanks.[ {{customer}}, I owe you one.]", [Some("émile"), None, None], "Thanks. Émile, I owe you one.");
    }

    #[test]
    fn a_clause_takes_its_space_with_it() {
        check("Thank you [about {{item}}] now.", [None; 3], "Thank you now.");
        check("Thank you [about {{item}}].", [None; 3], "Thank you.");
        check("[{{customer}},] thank you.", [None; 3], "Thank you.");
    }

    #[test]
    fn a_word_is_not_said_twice() {
        check("By {{deadline}}.", [None, None, Some("by Friday")], "By Friday.");
        check("It's your {{item|order}}.", [None, Some("the order"), None], "It's your order.");
        check("It's {{item|it}}.", [None, Some("the order"), None], "It's the order.");
        let call = "I'll call by {{deadline}}.";
        for (value, expected) in [
            ("by Friday", "I'll call by Friday."),
            ("By Friday", "I'll call by Friday."),
            ("in two hours", "I'll call in two hours."),
            ("on Friday at noon", "I'll call on Friday at noon."),
            ("before lunch", "I'll call before lunch."),
            ("In Flames", "I'll call by In Flames."),
            ("in", "I'll call by in."),
            ("tomorrow", "I'll call by tomorrow."),
        ] {
            check(call, [None, None, Some(value)], expected);
        }
        check("By {{deadline}}, you hear from me.", [None, None, Some("in an hour")], "In an hour, you hear from me.");
        check("Wait until {{deadline}}.", [None, None, Some("after lunch")], "Wait after lunch.");
        check("{{item}} {{deadline}}.", [None, Some("Stand by"), Some("in an hour")], "Stand by in an hour.");
        check("The {{item}}.", [None, Some("at noon"), None], "The at noon.");
    }

    #[test]
    fn mistakes_say_where_they_are_and_what_would_be_right() {
        for (source, at, what) in [
            ("Hi {{customer.", 3..5, "a slot that never ends"),
            ("Hi {customer}.", 3..4, "a single opening brace"),
            ("Hi [there].", 3..10, "a clause without a slot"),
            ("Hi [{{item}}", 3..4, "a clause that never ends"),
            ("Hi ] you.", 3..4, "a closing bracket without an opening one"),
            ("[a {{item}} [b {{item}}] c].", 12..13, "a clause inside a clause"),
            ("Hi {{nobody}}.", 3..13, "the slot `nobody` is not declared"),
            ("Hi {{Customer}}.", 3..15, "`Customer` is not a slot's name"),
            ("Hi {{item| }}.", 3..13, "a fallback with no words, or with space around them"),
            ("Hi {{item|}}.", 3..12, "a fallback with no words, or with space around them"),
            ("Hi {{item| you}}.", 3..16, "a fallback with no words, or with space around them"),
            (r"Hi \n.", 3..4, "a backslash that escapes nothing"),
        ] {
            let mistakes = read(source).expect_err(source);
            let first = mistakes.first().expect("a mistake");
            assert_eq!((&first.at, first.what.as_str()), (&at, what), "{source}");
            assert!(!first.hint.is_empty());
        }
    }

    #[test]
    fn a_template_is_so_long_and_no_longer() {
        assert!(read(&"a".repeat(LONGEST)).is_ok());
        for length in [LONGEST + 1, 2 * LONGEST] {
            assert_eq!(
                read(&"a".repeat(length)).expect_err("too long").first().map(|one| one.at.clone()),
                Some(0..length)
            );
        }
    }

    #[test]
    fn a_page_can_fill_a_phrase_from_its_pieces_and_see_what_was_filled() {
        let template = read("[{{customer}}, ]the {{item|order}} by {{deadline}}.").unwrap();
        let clause = Piece::Clause(vec![Piece::Slot(0, None), Piece::Text(", ")]);
        assert_eq!(
            template.pieces(),
            [
                clause,
                Piece::Text("the "),
                Piece::Slot(1, Some("order")),
                Piece::Text(" by "),
                Piece::Slot(2, None),
                Piece::Text(".")
            ]
        );
        assert_eq!(template.fixed_words(), ", the order by .");
        let (words, marks) = template.fill_marked(&[Some("Ana"), None, None]);
        assert_eq!(words, "Ana, the order by ____.");
        let marks: Vec<(u16, &str)> = marks.into_iter().map(|(slot, at)| (slot, &words[at])).collect();
        assert_eq!(marks, [(0, "Ana"), (1, "order"), (2, BLANK)]);
    }

    #[test]
    fn required_slots_are_those_that_leave_a_blank() {
        let template = read("[{{customer}}, ]the {{item|order}} by {{deadline}}.").unwrap();
        assert_eq!(template.slots(), [0, 1, 2]);
        assert_eq!(template.required(), [2]);
    }

    #[test]
    fn values_are_data_and_fit_a_sentence() {
        for (typed, words) in [
            ("  Dr\u{a0}Matt \n", "Dr Matt"),
            ("the late van.", "the late van"),
            ("the \t late\n\nvan", "the late van"),
            ("Acme Inc.", "Acme Inc."),
            ("5 p.m.", "5 p.m."),
            ("{{ customer }} %s", "{{ customer }} %s"),
            ("a\u{202e}b\u{200b}c\u{1b}[31m", "abc[31m"),
            ("👩\u{200d}⚕️ نور", "👩\u{200d}⚕️ نور"),
            ("\u{fe0f}, late", "late"),
            ("...", ""),
        ] {
            assert_eq!(Value::read(typed), Value { words: words.into(), cut: false }, "{typed:?}");
        }
        let long = Value::read(&"é".repeat(300));
        assert_eq!((long.words.chars().count(), long.cut), (200, true));
    }

    #[test]
    fn an_emoji_code_goes_whole_and_what_only_has_colons_stays() {
        for (typed, expected) in [
            ("Ana :heart:", "Ana"),
            (":wave: Ana", "Ana"),
            (":smile:", ""),
            (":+1: :wave::skin-tone-3: Ana", "Ana"),
            ("Ana:heart:", "Ana"),
            ("Ana <:party_parrot:123456>", "Ana"),
            ("Ana <a:dance:99> Lee", "Ana Lee"),
            ("Ana :heart:, the first", "Ana, the first"),
            ("at 10:30:15", "at 10:30:15"),
            ("at 10:30: sharp", "at 10:30: sharp"),
            ("a ratio of 3:1", "a ratio of 3:1"),
            ("Ana:heart::heart:", "Ana"),
            ("Ana :größe:", "Ana"),
            ("José:tada:!", "José"),
            ("Ana :100:", "Ana"),
            ("a:b:c", "a:b:c"),
        ] {
            let read = Value::read(typed).words;
            assert_eq!(read, expected, "{typed:?}");
            assert_eq!(Value::read(&read).words, read, "{typed:?} again");
        }
    }

    #[test]
    fn the_full_stop_of_a_name_stays_and_others_go() {
        for (typed, expected) in
            [(".NET", ".NET"), (".env file", ".env file"), ("... Ana", "Ana"), ("..Ana", "Ana"), (". Ana", "Ana")]
        {
            assert_eq!(Value::read(typed).words, expected, "{typed:?}");
        }
        let template = Template::parse("{{item}} it is. [About {{item}}.]", |_| Some(0)).unwrap();
        let line = template.fill(&[Some(".NET")]);
        assert_eq!(line, ".NET it is. About .NET.");
        assert_eq!(untidy(&line), None);
    }

    #[test]
    fn a_word_with_a_capital_inside_keeps_its_first_letter_and_so_does_a_ligature() {
        for (value, expected) in [
            ("iPhone", "iPhone is here. iPhone."),
            ("eBay order", "eBay order is here. eBay order."),
            ("the van", "The van is here. The van."),
            ("\u{fb01}ne van", "\u{fb01}ne van is here. \u{fb01}ne van."),
            ("\u{e9}mile", "\u{c9}mile is here. \u{c9}mile."),
        ] {
            let template = Template::parse("{{item}} is here. {{item}}.", |_| Some(0)).unwrap();
            assert_eq!(template.fill(&[Some(value)]), expected);
        }
    }

    #[test]
    fn untidy_lines_are_named() {
        for (line, what) in [
            ("", "nothing is left of it"),
            (" A.", "there is a space at its edge"),
            ("Now, and  then.", "there are two spaces in a row"),
            ("Now .", "there is a space before a punctuation mark"),
            ("Now, then.,", "there are two punctuation marks in a row"),
            (", now.", "it begins with a punctuation mark"),
            ("Now", "it does not end with a full stop, a question mark or an exclamation mark"),
        ] {
            assert_eq!(untidy(line), Some(what), "{line:?}");
        }
        for mark in [".", ",", ";", ":", "?", "!"] {
            assert!(untidy(&format!("A{mark}{mark} b.")).is_some(), "{mark}");
        }
        for line in ["A b.", "“A?”", "A ____ b!"] {
            assert_eq!(untidy(line), None, "{line:?}");
        }
    }
}
