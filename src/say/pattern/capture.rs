//! What stands in the groups of a pattern, for rewrites: looked at only where something was found.

use std::ops::Range;

use super::{
    form::{self, BASE, EXACT},
    read::{Node, Symbol},
    search::shapes,
    token::Text,
};

/// More ways than this are not tried: what was found is short, and so are the patterns.
const WAYS: usize = 20_000;

/// The groups of a pattern that fits a whole text, where it does: bytes of the text, from `$0`, the whole.
pub(crate) fn groups(node: &Node, text: &Text<'_>) -> Option<Vec<Range<usize>>> {
    let mut walk = Walk { text, groups: Vec::new(), ways: 0 };
    let length = text.tokens.len();
    let fits = walk.walk(node, 0, &mut |_, at| at == length);
    let bytes = |tokens: &Range<usize>| match text.tokens.get(tokens.clone()) {
        Some([first, .., last]) => first.at.start..last.at.end,
        Some([one]) => one.at.clone(),
        _ => 0..0,
    };
    walk.groups.resize_with(walk.groups.len().max(1), || 0..0);
    if let Some(whole) = walk.groups.first_mut() {
        *whole = 0..length;
    }
    fits.then(|| walk.groups.iter().map(bytes).collect())
}

struct Walk<'t> {
    text: &'t Text<'t>,
    groups: Vec<Range<usize>>,
    ways: usize,
}

type Next<'n> = &'n mut dyn FnMut(&mut Walk<'_>, usize) -> bool;

impl Walk<'_> {
    fn walk(&mut self, node: &Node, at: usize, next: Next<'_>) -> bool {
        self.ways += 1;
        if self.ways > WAYS {
            return false;
        }
        match node {
            Node::Symbol(symbol) => {
                self.text.tokens.get(at).is_some_and(|token| is(symbol, token.word)) && next(self, at + 1)
            }
            Node::Start | Node::End => next(self, at),
            Node::Group(inside, number) => {
                let number = usize::from(*number);
                self.walk(inside, at, &mut |walk, end| {
                    if number == 0 {
                        return next(walk, end);
                    }
                    if walk.groups.len() <= number {
                        walk.groups.resize_with(number + 1, || 0..0);
                    }
                    let before = walk.groups.get_mut(number).map(|group| std::mem::replace(group, at..end));
                    let fits = next(walk, end);
                    if let (false, Some(before), Some(group)) = (fits, before, walk.groups.get_mut(number)) {
                        *group = before;
                    }
                    fits
                })
            }
            Node::Any(branches) => branches.iter().any(|branch| self.walk(branch, at, next)),
            Node::Seq(nodes) => match nodes.split_first() {
                None => next(self, at),
                Some((first, rest)) => self.walk(first, at, &mut |walk, at| walk.sequence(rest, at, next)),
            },
            Node::Repeat(inside, least, most) => self.repeat((inside, *least, *most), at, next),
        }
    }

    fn sequence(&mut self, nodes: &[Node], at: usize, next: Next<'_>) -> bool {
        match nodes.split_first() {
            None => next(self, at),
            Some((first, rest)) => self.walk(first, at, &mut |walk, at| walk.sequence(rest, at, next)),
        }
    }

    fn repeat(&mut self, (inside, least, most): (&Node, u8, u8), at: usize, next: Next<'_>) -> bool {
        let once_more = most > 0
            && self.walk(inside, at, &mut |walk, end| {
                end > at && walk.repeat((inside, least.saturating_sub(1), most - 1), end, next)
            });
        once_more || (least == 0 && next(self, at))
    }
}

/// Whether a word is a symbol.
fn is(symbol: &Symbol, word: &str) -> bool {
    let has = |word: &str, kinds: u8| symbol.words.iter().any(|(one, forms)| **one == *word && forms & kinds > 0);
    let mut fits = has(word, EXACT | BASE) || symbol.shapes & shapes(word) > 0;
    match word {
        "'s" => fits |= has("is", EXACT) || has("has", EXACT) || has("be", form::S),
        "'d" => fits |= has("would", EXACT) || has("had", EXACT),
        _ => form::words(word, |word, kind| fits |= has(word, kind)),
    }
    fits
}
