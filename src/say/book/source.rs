//! A file of a phrasebook, as it was read.

use std::borrow::Cow;

/// One file of a phrasebook.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path as a fault shows it: `en/recover.toml`. The last part says what it holds: `sources.toml` the articles,
    /// `check.toml` the rules for drafts, `careful.toml` grave matters, `synonyms.toml` words for the search, any other
    /// name the command of that name.
    pub name: String,
    /// What lies over what: a topic of a higher layer replaces the topic of the same id below.
    pub layer: usize,
    /// The whole file.
    pub text: Cow<'static, str>,
}

impl Source {
    pub(super) fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".toml").unwrap_or(file)
    }
}
