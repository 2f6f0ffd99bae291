//! `synonyms.toml`: words that mean much the same to the search, and kinds of words.

use std::{collections::HashSet, ops::Range};

use toml::{Spanned, de::DeValue};

use super::{
    super::find::{LONGEST_SYNONYM, Thesaurus},
    file::{Kind, SynonymsFile, longest},
    reader::{Reader, is_kebab},
    source::Source,
};

/// The thesaurus of files that are known to be good.
pub(super) fn read(files: &[Source]) -> Thesaurus {
    let mut thesaurus = Thesaurus::default();
    let mut reader = Reader::new(files, &[], true);
    for file in files.iter().filter(|file| file.kind() == Kind::Synonyms) {
        reader.thesaurus(file, &mut thesaurus);
    }
    thesaurus
}

impl<'s> Reader<'s> {
    /// Adds the groups of a file, each a line of names, and the words of its kinds.
    pub(super) fn thesaurus(&mut self, source: &'s Source, thesaurus: &mut Thesaurus) {
        let document = self.document(source);
        let Some(file) = self.record::<SynonymsFile>(source, Spanned::new(0..0, DeValue::Table(document))) else {
            return;
        };
        if file.groups.is_empty() && file.kind.is_empty() {
            self.fault(source, 0..0, "`groups` is missing", "add groups = [\"angry furious livid\", …]");
        }
        for group in file.groups {
            let at = group.span();
            let group = self.text(source, &at, Some(group), "group", longest::GROUP);
            if group.chars().count() > longest::GROUP {
                continue;
            }
            let members: Vec<&str> = group.split(' ').collect();
            self.members(source, &at, &members);
            if members.len() < 2 {
                self.fault(source, at, "a group of one", "write the words that mean the same, or take the group away");
            }
            thesaurus.synonyms.push(group.into());
        }
        for (name, words) in file.kind {
            let at = words.span();
            let members: Vec<&str> = words.get_ref().split_whitespace().collect();
            self.members(source, &at, &members);
            let known = thesaurus.kinds.entry(name.into()).or_default();
            for member in members {
                known.push_str(member);
                known.push(' ');
            }
        }
    }

    /// Sees to it that words are written as words, each once.
    fn members(&mut self, source: &Source, at: &Range<usize>, members: &[&str]) {
        if self.knows(source) {
            return;
        }
        let mut seen = HashSet::new();
        for member in members {
            if !is_kebab(member, 40) || member.split('-').count() > LONGEST_SYNONYM {
                let hint = "lower-case letters and digits; words that belong together are joined by dashes, four at most: on-hold";
                self.fault(source, at.clone(), format!("`{member}` is not a synonym"), hint);
            } else if !seen.insert(*member) {
                self.fault(source, at.clone(), format!("`{member}` is there twice"), "once is enough in a group");
            }
        }
    }
}
