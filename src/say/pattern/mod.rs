//! Patterns on words instead of letters, for rules that a person can read aloud.
//!
//! ```text
//! ^ you {adverb}* (did|have) not {heed}      You really didn't read the manual. you havent called
//! you should have ~read                      you shouldve read, you should of read
//! sorry ..4 (if|but) you                     sorry about the wait, but you
//! ```
//!
//! | written | fits |
//! |---|---|
//! | `word` | that very word. Contractions are written out: `did not` also fits `didn't`, `didnt` |
//! | `~word` | any form of it: `~forget` fits `forgot`, `forgets`, `forgotten` |
//! | `{name}` | a class of words, in any form, or a part, as it is written. `{name:past}` only in that form: `base`, `s`, `past`, `ing` |
//! | `{past}` `{ing}` `{ly}` `{number}` | what looks like a past, an `-ing`, an adverb, a number |
//! | `_` | any one word |
//! | `..4` `...` | up to four words; up to twelve words and marks |
//! | `a\|b`, `(a b\|c)` | one of these words; one of these branches, which is also what `$1` stands for |
//! | `x?` `x*` `x+` | once or not; up to four times; one to four times |
//! | `,` `.` `!` `?` `-` `:` `;` | that mark, if it stands by itself |
//! | `^` `$` | where a sentence begins, perhaps after a greeting, a name or a word of passage; where it ends |
//!
//! A pattern never reaches from one sentence into the next, nor further than 64 words and marks. It is tried from 128 of
//! them on at the same time, a bit each, and all its branches with them, so that time grows with the text and with nothing
//! else. A text is split into [`Text`] once, whatever the number of patterns; only patterns whose rarest word is there are
//! tried, and only those are compiled ([`OnDemand`]).
//!
//! [`Vocabulary`] holds classes and parts, [`Patterns`] what is compiled from them, and [`Patterns::find`] says which
//! pattern fits where. A pattern that cannot be read says where and why.

mod capture;
mod clue;
mod form;
mod read;
mod search;
mod token;

pub(crate) use {
    capture::groups,
    clue::OnDemand,
    read::{Node, PatternReader, Vocabulary},
    search::{Match, Patterns},
    token::Text,
};

#[cfg(test)]
mod tests {
    use super::{search::Distinct, *};

    fn words() -> Vocabulary {
        let mut words = Vocabulary::default();
        words.class("adverb", ["really", "even", "just"]);
        words.class("heed", ["read", "check", "show up", "plan", "reply"]);
        words.part("not", "(did|have|had|do) not | never");
        words
    }

    fn found<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
        let patterns = Patterns::of(&words(), [pattern]).unwrap();
        let read = Text::read(text);
        patterns.find(&read, &Distinct::of(&read)).into_iter().map(|found| &text[found.at]).collect()
    }

    #[test]
    fn a_pattern_fits_words_in_their_forms() {
        let fits = |pattern, text| assert_eq!(found(pattern, text).len(), 1, "{pattern}: {text}");
        let not = |pattern, text| assert_eq!(found(pattern, text), [""; 0], "{pattern}: {text}");
        let pattern = "^ you {adverb}* {not} {adverb}* {heed}";
        for text in [
            "you didn't read it",
            "u didnt even check",
            "hi tom, you never showed up",
            "but you did not reply",
            "you really haven't planned it",
            "you never really read it",
        ] {
            fits(pattern, text);
        }
        for text in ["did you read it", "i know you never read it at all", "you didn't like it", "you never show it"] {
            not(pattern, text);
        }
        fits("you should have ~read", "well you should of read it");
        fits("you should have ~read", "you shouldve read it");
        fits("{heed:past} it", "they planned it");
        not("{heed:past} it", "they plan it");
        fits("it is our policy", "its our policy");
        fits("you are wrong", "ur wrong");
        fits("sorry ..4 but", "sorry about all of this but");
        not("sorry ..3 but", "sorry about all of this but");
        fits("late ? $", "is it late?");
        fits("{number} days", "within 30 days");
        fits("a (b c | d)? e", "a e");
    }

    #[test]
    fn the_longest_is_taken_and_a_contraction_whole() {
        assert_eq!(found("you did", "you didn't"), ["you didn't"]);
        assert_eq!(found("sorry ... but", "sorry but sorry, but no"), ["sorry but sorry, but"]);
        assert_eq!(found("a|b+", "a b\na"), ["a", "b", "a"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let wrong = |pattern: &str, part: &str| {
            let wrong = Patterns::of(&words(), [pattern]).err().unwrap();
            assert!(wrong.what.contains(part), "{pattern}: {}", wrong.what);
        };
        wrong("you {heeed}", "no class or part `heeed`");
        wrong("you (did", "is not closed");
        wrong("you did)", "closes nothing");
        wrong("x?", "no words at all");
        wrong("{heed:future}", "no form `future`");
        wrong("You did", "capital");
        wrong("..12 ..12 ..12 ..12 ..12 ..12 ..12 ..12 ..12 ..12 ..12 a", "too long");
    }

    #[test]
    fn what_is_compiled_on_demand_finds_the_same() {
        let patterns = [
            "{heed} it",
            "(a b|~forget) ?",
            "you {adverb}* {not} {heed:past}",
            "(it is)? late|early",
            "don't",
            "( {not} | no ) way+",
            "..2 {number}",
            "{adverb}* _ - ..3 them",
        ]
        .map(Box::from);
        let words = words();
        let eager = Patterns::of(&words, patterns.iter().map(|pattern| &**pattern)).unwrap();
        let on_demand = OnDemand::new(&patterns, &words);
        for text in [
            "nothing of it at all",
            "they planned it, a b",
            "who forgot?",
            "you really haven't replied early",
            "don't go",
            "never way way\nno way",
            "it's 12",
            "we - and all of them showed it",
        ] {
            let text = Text::read(text);
            let found = eager.find(&text, &Distinct::of(&text));
            assert_eq!(on_demand.find(&patterns, &words, &text, |_| true), found, "{text:?}");
        }
    }

    #[test]
    fn a_sentence_of_any_length_is_read_to_its_end() {
        for length in [1, 63, 64, 65, 126, 127, 128, 129, 191, 192, 193, 500] {
            let text = format!("{}you really did not read it{}", "so ".repeat(length), " a".repeat(length));
            assert_eq!(
                found("you {adverb}* {not} {heed} ..9 a", &text),
                ["you really did not read it".to_owned() + &" a".repeat(length.min(9))]
            );
            assert_eq!(found("so", &text).len(), length);
            assert_eq!(found("read it ..12 $", &text).len(), usize::from(length <= 12));
        }
    }
}
