//! A file of a phrasebook, as it was read.

use std::borrow::Cow;

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

/// Questions of the lowest layer that are known to be good: they are read when the first search comes, and let go of
/// when it has learned from them.
#[derive(Debug, Clone, Copy)]
pub struct Later {
    /// What stands for them in the fingerprint of the book.
    pub packed: &'static [u8],
    /// Gives the files.
    pub unpack: fn(&[u8]) -> Vec<Source>,
}

impl Source {
    pub(super) fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".toml").or_else(|| file.strip_suffix(".questions")).unwrap_or(file)
    }

    pub(super) fn has_questions(&self) -> bool {
        self.name.ends_with(".questions")
    }
}
