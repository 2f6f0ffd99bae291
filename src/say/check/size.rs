//! What there is to say of a draft as a whole: its length, how easily it reads, its language, and how it would read with
//! every rewrite in its place.

use std::fmt;

use super::Finding;

/// How long a text is, and how easily it reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Its words.
    pub words: usize,
    /// Its sentences.
    pub sentences: usize,
    /// Flesch's reading ease, from 0, hard, to 100, easy: a plain letter has 60 or more. Without words there is none.
    pub ease: Option<u8>,
}

impl Size {
    /// Of a plain text, one sentence a line.
    pub(super) fn of(text: &str) -> Self {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
        let sentences = text.lines().filter(|line| line.contains(char::is_alphanumeric)).count();
        let (count, parts) = words.fold((0, 0), |(count, parts), word| (count + 1, parts + syllables(word)));
        let share = |part: usize, whole: usize| {
            f64::from(u32::try_from(part).unwrap_or(u32::MAX))
                / f64::from(u32::try_from(whole.max(1)).unwrap_or(u32::MAX))
        };
        let ease = 206.835 - 1.015 * share(count, sentences) - 84.6 * share(parts, count);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 100")]
        let ease = ease.clamp(0.0, 100.0).round() as u8;
        Self { words: count, sentences, ease: (count > 0).then_some(ease) }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        let Some(ease) = self.ease else { return f.write_str("no words") };
        let reads = match ease {
            70.. => "easy to read",
            50.. => "plain enough",
            30.. => "rather hard to read",
            _ => "hard to read",
        };
        write!(f, "{}, {}, {reads} ({ease} of 100)", many(self.words, "word"), many(self.sentences, "sentence"))
    }
}

/// About how many syllables a word has: runs of vowels, but for an `e` at its end.
fn syllables(word: &str) -> usize {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut last = false;
    let runs = word.chars().filter(|c| !std::mem::replace(&mut last, is_vowel(*c)) && is_vowel(*c)).count();
    let silent = usize::from(word.ends_with('e') && !word.ends_with("le") && runs > 1);
    (runs - silent).max(1)
}

/// The language that a text seems to be in, where that is surely not English.
pub(super) fn language(text: &str) -> Option<&'static str> {
    /// Fewer letters tell too little.
    const FEWEST: usize = 60;
    /// More tell no more.
    const MOST: usize = 600;
    let text = text.get(..text.floor_char_boundary(MOST)).unwrap_or(text);
    if text.len() < FEWEST {
        return None;
    }
    // Most drafts are English, and then a few words show it: the detector is asked about the others alone.
    let english =
        ["the", "and", "you", "we", "to", "of", "is", "it", "your", "for", "i", "that", "this", "are", "our", "was"];
    let (words, known) = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .fold((0, 0), |(words, known), word| (words + 1, known + usize::from(english.contains(&word))));
    if known * 10 >= words || words < 8 {
        return None;
    }
    let found = whatlang::detect(text)?;
    (found.is_reliable() && found.lang() != whatlang::Lang::Eng).then(|| found.lang().eng_name())
}

/// The draft with every rewrite in its place: other words where there are some, else the sentence that its rule gives to
/// start from. What is only to be read again stays as it is. Nothing where there is nothing to put in.
pub(super) fn after(draft: &str, findings: &[Finding<'_>]) -> Option<String> {
    let mut after = String::with_capacity(draft.len());
    let mut at = 0;
    let mut is_other = false;
    for finding in findings {
        let (place, words) = match (&finding.rewrite, &finding.rule.instead) {
            (Some(words), _) => (&finding.at, words.as_str()),
            (None, Some(words)) if !finding.rule.second_look => (&finding.sentence, &**words),
            _ => continue,
        };
        if place.start < at {
            continue;
        }
        after.push_str(draft.get(at..place.start)?);
        after.push_str(words);
        at = place.end;
        is_other = true;
    }
    after.push_str(draft.get(at..)?);
    is_other.then_some(after)
}
