//! Reads patterns.

use std::{collections::HashMap, sync::Arc};

use super::form::{BASE, EXACT, ING, PAST, S, is_fixed};

/// What is wrong with a pattern, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) what: String,
    pub(crate) hint: String,
}

impl Wrong {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// What `{name}` may stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    classes: HashMap<Box<str>, Vec<Box<str>>>,
    parts: HashMap<Box<str>, Box<str>>,
}

impl Words {
    /// A class: words as a dictionary has them, several words (`show up`, whose first has forms), or `{another}`. It
    /// says whether there was one of that name.
    pub(crate) fn class<'w>(&mut self, name: &str, words: impl IntoIterator<Item = &'w str>) -> bool {
        self.classes.insert(name.into(), words.into_iter().map(Into::into).collect()).is_some()
    }

    /// A piece of a pattern. It says whether there was one of that name.
    pub(crate) fn part(&mut self, name: &str, pattern: &str) -> bool {
        self.parts.insert(name.into(), pattern.into()).is_some()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().chain(self.parts.keys()).map(|name| &**name)
    }
}

/// Any one token.
pub(super) const ANY: u8 = 1;
/// Any one word.
pub(super) const WORD: u8 = 2;
/// What looks like a number.
pub(super) const NUMBER: u8 = 4;
/// What looks like a past.
pub(super) const PASTS: u8 = 8;
/// What looks like an `-ing`.
pub(super) const INGS: u8 = 16;
/// What looks like an adverb.
pub(super) const LYS: u8 = 32;

/// What one token may be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Symbol {
    /// Words, and in which forms.
    pub(super) words: Vec<(Box<str>, u8)>,
    /// What it looks like.
    pub(super) shapes: u8,
}

/// A pattern that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Symbol(Arc<Symbol>),
    Start,
    End,
    Seq(Vec<Node>),
    Any(Vec<Node>),
    /// The node, at least so many times, at most so many.
    Repeat(Box<Node>, u8, u8),
    /// What stands in brackets, and its number; 0 where it belongs to a part.
    Group(Box<Node>, u8),
}

/// Reads patterns that use the same words.
pub(crate) struct Reader<'w> {
    words: &'w Words,
    known: HashMap<String, Node>,
    /// The words that were read, so that each is made once.
    literals: HashMap<Box<str>, Node>,
    groups: u8,
}

/// `{a}` may use `{b}`, and so on, as deep as this.
const DEEPEST: usize = 6;

impl<'w> Reader<'w> {
    pub(crate) fn new(words: &'w Words) -> Self {
        Self { words, known: HashMap::new(), literals: HashMap::new(), groups: 0 }
    }

    /// How many groups the pattern has that was read last.
    pub(crate) fn groups(&self) -> u8 {
        self.groups
    }

    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(&mut self, pattern: &str) -> Result<Node, Wrong> {
        self.groups = 0;
        self.whole(pattern, 0)
    }

    fn whole(&mut self, pattern: &str, depth: usize) -> Result<Node, Wrong> {
        if let Some(capital) = pattern.chars().find(|c| c.is_uppercase()) {
            return Err(Wrong::new(
                format!("the capital `{capital}` is never found"),
                "drafts are compared in lower case: write it so",
            ));
        }
        if pattern.contains('\\') {
            let hint = "patterns are made of words; a regular expression stands between slashes: '/\\bsynerg\\w+/'";
            return Err(Wrong::new("the pattern looks like a regular expression", hint));
        }
        let mut rest = pattern;
        let node = self.branches(&mut rest, depth, false)?;
        if rest.is_empty() {
            Ok(node)
        } else {
            Err(Wrong::new("`)` closes nothing", "take it away, or open it with `(`"))
        }
    }

    /// Sequences with ` | ` between them, in brackets also with `|`, up to the end or to a `)`.
    fn branches(&mut self, rest: &mut &str, depth: usize, in_brackets: bool) -> Result<Node, Wrong> {
        let mut branches = Vec::new();
        let mut sequence = Vec::new();
        loop {
            *rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with(')') {
                break;
            }
            if let Some(after) = rest.strip_prefix('|') {
                branches.push(Node::Seq(std::mem::take(&mut sequence)));
                *rest = after;
                continue;
            }
            sequence.push(if in_brackets { self.repeated(rest, depth)? } else { self.choice(rest, depth)? });
        }
        branches.push(Node::Seq(sequence));
        Ok(any(branches))
    }

    /// Atoms with `|` right between them.
    fn choice(&mut self, rest: &mut &str, depth: usize) -> Result<Node, Wrong> {
        let mut choices = vec![self.repeated(rest, depth)?];
        while let Some(after) = rest.strip_prefix('|').filter(|after| !after.starts_with(char::is_whitespace)) {
            *rest = after;
            choices.push(self.repeated(rest, depth)?);
        }
        Ok(any(choices))
    }

    fn repeated(&mut self, rest: &mut &str, depth: usize) -> Result<Node, Wrong> {
        let atom = self.atom(rest, depth)?;
        let (least, most) = match rest.chars().next() {
            Some('?') => (0, 1),
            Some('*') => (0, 4),
            Some('+') => (1, 4),
            _ => return Ok(atom),
        };
        *rest = rest.get(1..).unwrap_or_default();
        Ok(Node::Repeat(Box::new(atom), least, most))
    }

    fn atom(&mut self, rest: &mut &str, depth: usize) -> Result<Node, Wrong> {
        let shape = |shapes| Node::Symbol(Arc::new(Symbol { words: Vec::new(), shapes }));
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let number = if depth == 0 { self.groups + 1 } else { 0 };
            self.groups = self.groups.max(number);
            let inside = self.branches(rest, depth, true)?;
            *rest = rest.strip_prefix(')').ok_or_else(|| Wrong::new("`(` is not closed", "close it with `)`"))?;
            return Ok(Node::Group(Box::new(inside), number));
        }
        if let Some(after) = rest.strip_prefix('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| Wrong::new("`{` is not closed", "close it with `}`"))?;
            *rest = after;
            return self.named(name, depth);
        }
        if let Some(after) = rest.strip_prefix("..") {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(most) = after.get(..digits).and_then(|most| most.parse().ok()).filter(|most| *most <= 12) {
                *rest = after.get(digits..).unwrap_or_default();
                return Ok(Node::Repeat(Box::new(shape(WORD)), 0, most));
            }
            if let Some(after) = after.strip_prefix('.') {
                *rest = after;
                return Ok(Node::Repeat(Box::new(shape(ANY)), 0, 12));
            }
            return Err(Wrong::new("`..` wants a number", "write `..4` for up to four words, at most 12, or `...`"));
        }
        let any_form = rest.strip_prefix('~');
        let text = any_form.unwrap_or(rest);
        let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '$' | '£' | '€' | '%');
        let length = text.find(|c| !is_letter(c)).unwrap_or(text.len());
        let (word, after) = text.split_at_checked(length).unwrap_or((text, ""));
        if word.is_empty() || matches!(word, "-" | "$") {
            let mut chars = text.chars();
            let mark = chars.next().unwrap_or(' ');
            *rest = chars.as_str();
            return Ok(match mark {
                '^' => Node::Start,
                '$' => Node::End,
                '_' => shape(WORD),
                mark => word_node(&mark.to_string(), EXACT),
            });
        }
        *rest = after;
        if any_form.is_some() {
            return Ok(word_node(word, forms(word, None)));
        }
        // A contraction is the words that it is short for.
        if let Some(node) = self.literals.get(word) {
            return Ok(node.clone());
        }
        let text = super::Text::read(word);
        let node = single(Node::Seq(text.tokens.iter().map(|token| word_node(token.word, EXACT)).collect()));
        self.literals.insert(word.into(), node.clone());
        Ok(node)
    }

    /// What `{name}` or `{name:form}` stands for.
    fn named(&mut self, named: &str, depth: usize) -> Result<Node, Wrong> {
        if let Some(node) = self.known.get(named) {
            return Ok(node.clone());
        }
        let (name, form) = named.split_once(':').map_or((named, None), |(name, form)| (name, Some(form)));
        let shapes = match name {
            "number" => NUMBER,
            "past" => PASTS,
            "ing" => INGS,
            "ly" => LYS,
            _ => 0,
        };
        let node = if shapes > 0 {
            Node::Symbol(Arc::new(Symbol { words: Vec::new(), shapes }))
        } else if depth >= DEEPEST {
            return Err(Wrong::new(format!("`{{{name}}}` goes too deep"), "a name may not stand for itself"));
        } else if let Some(class) = self.words.classes.get(name) {
            let kinds = match form {
                None => None,
                Some("base") => Some(BASE),
                Some("s") => Some(S),
                Some("past") => Some(PAST),
                Some("ing") => Some(ING),
                Some(form) => {
                    let hint = "there is `base`, `s`, `past` and `ing`";
                    return Err(Wrong::new(format!("there is no form `{form}`"), hint));
                }
            };
            let mut members = Vec::new();
            for member in class {
                members.push(self.member(member, kinds, form, depth)?);
            }
            any(share(members))
        } else if let Some(part) = self.words.parts.get(name) {
            self.whole(part, depth + 1)?
        } else {
            let near = crate::say::find::closest(name, self.words.names());
            let hint = near
                .map_or_else(|| "add it under [class] or [part]".to_owned(), |near| format!("did you mean `{near}`?"));
            return Err(Wrong::new(format!("there is no class or part `{name}`"), hint));
        };
        self.known.insert(named.to_owned(), node.clone());
        Ok(node)
    }

    /// A member of a class.
    fn member(&mut self, member: &str, kinds: Option<u8>, form: Option<&str>, depth: usize) -> Result<Node, Wrong> {
        if let Some(name) = member.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            let named = form.map_or(name.to_owned(), |form| format!("{name}:{form}"));
            return self.named(&named, depth + 1);
        }
        let mut words = member.split(' ');
        let first = words.next().unwrap_or_default();
        let first = word_node(first, forms(first, kinds));
        let mut sequence = vec![first];
        for word in words {
            sequence.push(single(self.whole(word, depth + 1)?));
        }
        Ok(if sequence.len() == 1 { sequence.remove(0) } else { Node::Seq(sequence) })
    }
}

/// Lets several words that begin with the same one share it: `leave the`, `leave it`.
fn share(members: Vec<Node>) -> Vec<Node> {
    let mut shared: Vec<(Node, Vec<Node>)> = Vec::new();
    let mut others = Vec::new();
    for member in members {
        match member {
            Node::Seq(mut words) if words.len() > 1 => {
                let first = words.remove(0);
                let rest = single(Node::Seq(words));
                match shared.iter_mut().find(|(known, _)| *known == first) {
                    Some((_, rests)) => rests.push(rest),
                    None => shared.push((first, vec![rest])),
                }
            }
            member => others.push(member),
        }
    }
    others.extend(shared.into_iter().map(|(first, rests)| Node::Seq(vec![first, any(rests)])));
    others
}

/// The forms in which a word is found.
fn forms(word: &str, kinds: Option<u8>) -> u8 {
    if is_fixed(word) { EXACT } else { kinds.unwrap_or(EXACT | BASE | S | PAST | ING) }
}

fn word_node(word: &str, forms: u8) -> Node {
    Node::Symbol(Arc::new(Symbol { words: vec![(word.into(), forms)], shapes: 0 }))
}

/// One of these; single words become one symbol.
fn any(nodes: Vec<Node>) -> Node {
    let mut symbols: Vec<Arc<Symbol>> = Vec::new();
    let mut others = Vec::new();
    for node in nodes {
        match single(node) {
            Node::Symbol(one) => symbols.push(one),
            Node::Any(inside) => {
                for node in inside {
                    match node {
                        Node::Symbol(one) => symbols.push(one),
                        node => others.push(node),
                    }
                }
            }
            node => others.push(node),
        }
    }
    match symbols.as_slice() {
        [] => {}
        [one] => others.push(Node::Symbol(one.clone())),
        several => {
            let mut all = Symbol::default();
            for one in several {
                all.words.extend(one.words.iter().cloned());
                all.shapes |= one.shapes;
            }
            all.words.sort();
            all.words.dedup();
            others.push(Node::Symbol(Arc::new(all)));
        }
    }
    if others.len() == 1 { others.remove(0) } else { Node::Any(others) }
}

fn single(node: Node) -> Node {
    match node {
        Node::Seq(mut inside) if inside.len() == 1 => single(inside.remove(0)),
        node => node,
    }
}
