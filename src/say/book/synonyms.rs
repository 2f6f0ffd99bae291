//! `synonyms.toml`: words that mean much the same to the search.

use toml::{Spanned, de::DeValue};

use super::{
    super::find::LONGEST_SYNONYM,
    file::{SynonymsFile, longest},
    reader::{Reader, is_kebab},
    source::Source,
};

impl<'s> Reader<'s> {
    /// The groups of a file, each a line of names.
    pub(super) fn synonyms(&mut self, source: &'s Source) -> Vec<Box<str>> {
        let document = self.document(source);
        let Some(file) = self.record::<SynonymsFile>(source, Spanned::new(0..0, DeValue::Table(document))) else {
            return Vec::new();
        };
        if file.groups.is_none() {
            self.fault(source, 0..0, "`groups` is missing", "add groups = [\"angry furious livid\", …]");
        }
        let mut groups = Vec::new();
        for group in file.groups.into_iter().flatten() {
            let at = group.span();
            let group = self.text(source, &at, Some(group), "group", longest::GROUP);
            if group.chars().count() > longest::GROUP {
                continue;
            }
            let members: Vec<&str> = group.split(' ').collect();
            for (place, member) in members.iter().enumerate() {
                if !is_kebab(member, 40) || member.split('-').count() > LONGEST_SYNONYM {
                    let hint = "lower-case letters and digits; words that belong together are joined by dashes, four at most: on-hold";
                    self.fault(source, at.clone(), format!("`{member}` is not a synonym"), hint);
                } else if members.iter().take(place).any(|other| other == member) {
                    self.fault(source, at.clone(), format!("`{member}` is there twice"), "once is enough in a group");
                }
            }
            if members.len() < 2 {
                self.fault(source, at, "a group of one", "write the words that mean the same, or take the group away");
            }
            groups.push(group.into());
        }
        groups
    }
}
