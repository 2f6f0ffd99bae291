//! A file of a phrasebook, as it was read.

use std::borrow::Cow;

use super::file::Kind;

/// One file of a phrasebook.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path as a fault shows it: `en/recover.toml`. The last part says what it holds: `sources.toml` the articles,
    /// `check.toml` the rules for drafts, `careful.toml` grave matters, `synonyms.toml` words for the search, any other
    /// name the command of that name; `recover.questions` what people ask for it.
    pub name: String,
    /// What lies over what: a topic of a higher layer replaces the topic of the same id below.
    pub layer: usize,
    /// The whole file.
    pub text: Cow<'static, str>,
}

/// What only searches want of the lowest layer, questions and synonyms, where they are known to be good: they are read
/// when the first search comes, and let go of when it has learned from them.
#[derive(Debug, Clone, Copy)]
pub struct Later {
    /// The files, packed.
    pub packed: &'static [u8],
    /// Gives them.
    pub unpack: fn(&[u8]) -> Vec<Source>,
    /// The other files of the lowest layer, packed: together the two stand for it in the fingerprint of the book.
    pub lowest: &'static [u8],
}

impl Source {
    pub(super) fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".toml").or_else(|| file.strip_suffix(".questions")).unwrap_or(file)
    }

    pub(super) fn kind(&self) -> Kind {
        Kind::of(self.stem())
    }

    pub(super) fn has_questions(&self) -> bool {
        self.name.ends_with(".questions")
    }
}
