//! A text as words: contractions written out, what thumbs type put right, sentences told apart.

use std::{ops::Range, sync::LazyLock};

use foldhash::HashMap;

/// A word or a mark.
#[derive(Debug)]
pub(crate) struct TextToken<'t> {
    /// The word, as patterns know it: `not` for the end of `didn't`.
    pub(super) word: &'t str,
    /// Where the whole of what was typed stands.
    pub(super) at: Range<usize>,
    /// Whether a sentence begins here, perhaps after a greeting, a name or a word of passage.
    pub(super) opens: bool,
    /// Whether nothing but a few marks follows in the sentence.
    pub(super) closes: bool,
    /// Whether the sentence ends here.
    pub(super) ends: bool,
}

/// A text in lower case, one sentence a line, as words.
#[derive(Debug, Default)]
pub(crate) struct Text<'t> {
    pub(super) tokens: Vec<TextToken<'t>>,
    /// For every sentence its tokens.
    pub(super) sentences: Vec<Range<usize>>,
}

impl<'t> Text<'t> {
    /// Splits a text in lower case, one sentence a line, with straight apostrophes.
    pub(crate) fn read(text: &'t str) -> Self {
        let mut read = Self { tokens: Vec::with_capacity(text.len() / 4), sentences: Vec::new() };
        let mut start = 0;
        for line in text.split('\n') {
            let first = read.tokens.len();
            read.line(line, start);
            if first < read.tokens.len() {
                read.open(first);
                read.close(first);
                read.sentences.push(first..read.tokens.len());
            }
            start += line.len() + 1;
        }
        read
    }

    /// Where each sentence stands.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = Range<usize>> {
        self.sentences.iter().filter_map(|tokens| {
            let tokens = self.tokens.get(tokens.clone())?;
            Some(tokens.first()?.at.start..tokens.last()?.at.end)
        })
    }

    fn line(&mut self, line: &'t str, start: usize) {
        let mut at = 0;
        while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
            let length = word_length(rest);
            if length == 0 {
                let mark = rest.chars().next().map_or(1, char::len_utf8);
                if !rest.starts_with(char::is_whitespace) {
                    self.push(rest.get(..mark).unwrap_or_default(), start + at..start + at + mark);
                }
                at += mark;
                continue;
            }
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            self.word(word, after, start + at..start + at + length);
            at += length;
        }
    }

    fn push(&mut self, word: &'t str, at: Range<usize>) {
        self.tokens.push(TextToken { word, at, opens: false, closes: false, ends: false });
    }

    /// Puts down a word, as the words that it is short for.
    fn word(&mut self, word: &'t str, after: &str, at: Range<usize>) {
        let next = || after.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let last = self.tokens.last().map_or("", |token| token.word);
        let whole: &[&'static str] = match word {
            "of" | "a" if matches!(last, "should" | "could" | "would" | "might" | "must") => &["have"],
            "its" if is_after_it_is(next()) => &["it", "is"],
            "ur" if matches!(next(), "wrong" | "mistaken" | "right" | "the" | "a" | "not" | "being" | "so" | "too") => {
                &["you", "are"]
            }
            _ => written_out(word),
        };
        if !whole.is_empty() {
            for word in whole {
                self.push(word, at.clone());
            }
            return;
        }
        if let Some(before) = word.strip_suffix("n't") {
            let before = match before {
                "ca" => "can",
                "wo" => "will",
                "sha" => "shall",
                "ai" => "is",
                _ => before,
            };
            self.push(before, at.clone());
            self.push("not", at);
            return;
        }
        let Some((before, tail)) = word.rsplit_once('\'').filter(|(before, _)| !before.is_empty()) else {
            self.push(word, at);
            return;
        };
        let tail = match tail {
            "re" => "are",
            "ve" => "have",
            "ll" => "will",
            "m" => "am",
            "d" => "'d",
            "s" if before == "let" => "us",
            "s" => "'s",
            "" => {
                self.push(before, at);
                return;
            }
            _ => {
                self.push(word, at);
                return;
            }
        };
        self.word(before, "", at.clone());
        self.push(tail, at);
    }

    /// Marks where a sentence ends.
    fn close(&mut self, first: usize) {
        /// More marks are something of their own.
        const MARKS: usize = 4;
        for (after, token) in self.tokens.iter_mut().skip(first).rev().take(MARKS + 1).enumerate() {
            token.ends = after == 0;
            token.closes = true;
            if token.word.starts_with(char::is_alphanumeric) {
                break;
            }
        }
    }

    /// Marks where a sentence or a clause begins.
    fn open(&mut self, first: usize) {
        let mut opens = true;
        let mut words = 0;
        for token in self.tokens.iter_mut().skip(first) {
            token.opens = opens;
            let is_word = token.word.starts_with(char::is_alphanumeric);
            words += usize::from(is_word);
            opens = match token.word {
                ";" | ":" | "-" | "(" => true,
                "," => words <= 3,
                word => opens && is_passage(word),
            };
            if opens {
                words = 0;
            }
        }
    }
}

/// Words after which a sentence may still begin.
fn is_passage(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "but"
            | "so"
            | "well"
            | "look"
            | "listen"
            | "still"
            | "then"
            | "again"
            | "now"
            | "also"
            | "anyway"
            | "honestly"
            | "frankly"
            | "actually"
            | "unfortunately"
            | "apparently"
            | "evidently"
            | "sadly"
            | "perhaps"
            | "maybe"
            | "yes"
            | "no"
            | "ok"
            | "okay"
            | "please"
            | "clearly"
            | "obviously"
            | "sorry"
            | "hi"
            | "hello"
            | "yet"
            | "hey"
            | "oh"
            | "surely"
            | "because"
            | "or"
            | ","
            | "\""
            | "'"
    )
}

/// Words before which `its` was meant to be `it's`.
fn is_after_it_is(next: &str) -> bool {
    matches!(
        next,
        "our"
            | "the"
            | "a"
            | "an"
            | "not"
            | "just"
            | "only"
            | "your"
            | "my"
            | "policy"
            | "no"
            | "all"
            | "company"
            | "always"
            | "been"
            | "being"
            | "too"
            | "so"
            | "really"
            | "clearly"
            | "obviously"
            | "you"
            | "what"
            | "how"
    )
}

/// How long the word is that begins here: letters and digits, with apostrophes, hyphens, points and colons inside.
fn word_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let plain = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if plain > 0 && bytes.get(plain).is_none_or(|byte| matches!(byte, b' ' | b'!' | b'?' | b';')) {
        return plain;
    }
    let mut length = 0;
    let mut chars = rest.char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let is_inside = match c {
            '\'' => last.is_alphabetic() || (at == 0 && next.is_alphanumeric()),
            '-' => last.is_alphanumeric() && next.is_alphanumeric(),
            '.' | ',' | ':' => last.is_ascii_digit() && next.is_ascii_digit(),
            '%' => last.is_ascii_digit(),
            '$' | '£' | '€' => at == 0 && next.is_ascii_digit(),
            c => c.is_alphanumeric(),
        };
        if !is_inside || (c == '\'' && !next.is_alphanumeric() && last != 's') {
            break;
        }
        length = at + c.len_utf8();
        last = c;
    }
    length
}

/// What is short for several words, and what thumbs type.
pub(super) fn written_out(word: &str) -> &'static [&'static str] {
    /// None is longer.
    const LONGEST: usize = 8;
    if word.len() > LONGEST { &[] } else { SHORTENED.get(word).copied().unwrap_or_default() }
}

static SHORTENED: LazyLock<HashMap<&str, &[&str]>> = LazyLock::new(|| {
    SHORT_FOR.iter().flat_map(|(shortened, words)| shortened.split(' ').map(move |word| (word, *words))).collect()
});

#[rustfmt::skip]
const SHORT_FOR: &[(&str, &[&str])] = &[
    ("cannot cant", &["can", "not"]), ("u ya yu", &["you"]), ("ur", &["your"]), ("r", &["are"]),
    ("y'all", &["you", "all"]), ("im", &["i", "am"]), ("ive", &["i", "have"]), ("youre", &["you", "are"]),
    ("youve", &["you", "have"]), ("youll", &["you", "will"]), ("weve", &["we", "have"]), ("theyre", &["they", "are"]),
    ("theyve", &["they", "have"]), ("thats", &["that", "is"]), ("whats", &["what", "is"]),
    ("theres", &["there", "is"]), ("hes", &["he", "is"]), ("shes", &["she", "is"]), ("dont", &["do", "not"]),
    ("doesnt", &["does", "not"]), ("didnt", &["did", "not"]), ("isnt", &["is", "not"]), ("wasnt", &["was", "not"]),
    ("werent", &["were", "not"]), ("arent", &["are", "not"]), ("wont", &["will", "not"]),
    ("couldnt", &["could", "not"]), ("wouldnt", &["would", "not"]), ("shouldnt", &["should", "not"]),
    ("havent", &["have", "not"]), ("hasnt", &["has", "not"]), ("hadnt", &["had", "not"]),
    ("shouldve shoulda", &["should", "have"]), ("couldve coulda", &["could", "have"]),
    ("wouldve woulda", &["would", "have"]), ("mightve", &["might", "have"]), ("mustve", &["must", "have"]),
    ("gonna", &["going", "to"]), ("gotta", &["got", "to"]), ("wanna", &["want", "to"]), ("pls plz", &["please"]),
    ("cuz cos coz bc 'cause", &["because"]), ("tho", &["though"]), ("thru", &["through"]), ("thx", &["thanks"]),
    ("&", &["and"]),
];
