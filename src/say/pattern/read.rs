//! Reads patterns.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

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
pub(crate) struct Vocabulary {
    classes: HashMap<Box<str>, Vec<Box<str>>>,
    parts: HashMap<Box<str>, Box<str>>,
}

impl Vocabulary {
    /// A class: words as a dictionary has them, several words (`show up`, whose first has forms), or `{another}`. It
    /// says whether there was one of that name.
    pub(crate) fn class<'w>(&mut self, name: &str, words: impl IntoIterator<Item = &'w str>) -> bool {
        self.classes.insert(name.into(), words.into_iter().map(Into::into).collect()).is_some()
    }

    /// A piece of a pattern. It says whether there was one of that name.
    pub(crate) fn part(&mut self, name: &str, pattern: &str) -> bool {
        self.parts.insert(name.into(), pattern.into()).is_some()
    }

    pub(super) fn part_named(&self, name: &str) -> Option<&str> {
        self.parts.get(name).map(|part| &**part)
    }

    /// Tells the first word of each member of a class; none where a member is a part or there is no such class.
    pub(super) fn each(&self, name: &str, tell: &mut dyn FnMut(&str)) {
        for member in self.classes.get(name).into_iter().flatten() {
            match member.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => self.each(name, tell),
                None => tell(member.split(' ').next().unwrap_or(member)),
            }
        }
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
    pub(super) words: Vec<(Arc<str>, u8)>,
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
    /// What stands in brackets, and its number; 0 where it belongs to a class or a part, which is read once and shared.
    Group(Arc<Node>, u8),
}

/// Reads patterns that use the same words.
pub(crate) struct PatternReader<'w> {
    words: &'w Vocabulary,
    known: HashMap<String, Node>,
    /// The words that were read, so that each is made once.
    literals: HashMap<Box<str>, Node>,
    /// Those that were read in any form.
    any_forms: HashMap<Box<str>, Node>,
    groups: u8,
}

/// `{a}` may use `{b}`, and so on, as deep as this.
const DEEPEST: usize = 6;

impl<'w> PatternReader<'w> {
    pub(crate) fn new(words: &'w Vocabulary) -> Self {
        Self { words, known: HashMap::new(), literals: HashMap::new(), any_forms: HashMap::new(), groups: 0 }
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
                branches.push(in_order(&mut sequence));
                *rest = after;
                continue;
            }
            sequence.push(if in_brackets { self.repeated(rest, depth)? } else { self.choice(rest, depth)? });
        }
        branches.push(in_order(&mut sequence));
        Ok(any(branches))
    }

    /// Atoms with `|` right between them.
    fn choice(&mut self, rest: &mut &str, depth: usize) -> Result<Node, Wrong> {
        let first = self.repeated(rest, depth)?;
        if !rest.starts_with('|') {
            return Ok(first);
        }
        let mut choices = vec![first];
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
            return Ok(Node::Group(Arc::new(inside), number));
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
        let (word, after) = text.split_at_checked(word_length(text)).unwrap_or((text, ""));
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
        let (known, form) =
            if any_form.is_some() { (&mut self.any_forms, None) } else { (&mut self.literals, Some(EXACT)) };
        if let Some(node) = known.get(word) {
            return Ok(node.clone());
        }
        let node = match form {
            None => word_node(word, forms(word, None)),
            // A contraction is the words that it is short for.
            Some(form) => {
                in_order(&mut super::Text::read(word).tokens.iter().map(|token| word_node(token.word, form)).collect())
            }
        };
        known.insert(word.into(), node.clone());
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
        let node = match node {
            Node::Symbol(_) => node,
            node => Node::Group(Arc::new(node), 0),
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
            sequence.push(self.whole(word, depth + 1)?);
        }
        Ok(in_order(&mut sequence))
    }
}

fn word_length(text: &str) -> usize {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '$' | '£' | '€' | '%');
    text.find(|c| !is_letter(c)).unwrap_or(text.len())
}

/// How long a word, a name, a gap or a mark is that a pattern begins with.
pub(super) fn atom_length(pattern: &str) -> usize {
    let mark = || pattern.chars().next().map_or(0, char::len_utf8);
    let after = |start: &str| pattern.strip_prefix(start);
    if after("{").is_some() {
        return pattern.find('}').map_or(pattern.len(), |end| end + 1);
    }
    if let Some(gap) = after("..") {
        return 2 + gap.strip_prefix('.').map_or_else(|| gap.bytes().take_while(u8::is_ascii_digit).count(), |_| 1);
    }
    let any_form = usize::from(after("~").is_some());
    let length = word_length(pattern.get(any_form..).unwrap_or_default());
    if length == 0 { mark() } else { any_form + length }
}

/// Lets several words that begin with the same one share it: `leave the`, `leave it`.
fn share(members: Vec<Node>) -> Vec<Node> {
    let mut shared: Vec<(Node, Vec<Node>)> = Vec::new();
    let mut others = Vec::new();
    for member in members {
        match member {
            Node::Seq(mut words) if words.len() > 1 => {
                let first = words.remove(0);
                let rest = in_order(&mut words);
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
fn any(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 {
        return nodes.remove(0);
    }
    let mut words: Vec<(Arc<str>, u8)> = Vec::with_capacity(nodes.len());
    let mut shapes = 0;
    nodes.retain(|node| {
        let Node::Symbol(one) = node else { return true };
        words.extend_from_slice(&one.words);
        shapes |= one.shapes;
        false
    });
    if !words.is_empty() || shapes > 0 {
        words.sort_unstable();
        words.dedup();
        nodes.push(Node::Symbol(Arc::new(Symbol { words, shapes })));
    }
    if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) }
}

/// One after the other.
fn in_order(nodes: &mut Vec<Node>) -> Node {
    if nodes.len() > 1 { Node::Seq(std::mem::take(nodes)) } else { nodes.pop().unwrap_or(Node::Seq(Vec::new())) }
}
