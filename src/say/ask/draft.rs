//! A draft to be reviewed, as it is typed: its settings, then its words.

use super::tokens::is_space;

/// The command that reviews drafts.
pub const CHECK: &str = "check";

/// What its one field is called, in forms and among options.
pub const DRAFT: &str = "draft";

/// A draft to be reviewed, with the settings that stood before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The words as they were typed.
    pub text: String,
    /// Which rules to use.
    pub rules: Option<String>,
    /// A school whose advice is wanted too.
    pub school: Option<String>,
    /// `yes` or `no`: whether it is about a problem, where somebody says so.
    pub problem: Option<String>,
}

impl Draft {
    /// Takes the settings off that stand before a draft.
    pub(super) fn read(typed: &str) -> Self {
        let mut draft = Self::default();
        let mut rest = typed.trim_matches(is_space);
        loop {
            let (word, after) = rest.split_at(rest.find(is_space).unwrap_or(rest.len()));
            let setting = match word.split_once('=') {
                Some(("rules", value)) => draft.rules.replace(value.to_owned()),
                Some(("school", value)) => draft.school.replace(value.to_owned()),
                Some(("problem", value @ ("yes" | "no"))) => draft.problem.replace(value.to_owned()),
                _ => break,
            };
            if setting.is_some() {
                break;
            }
            rest = after.trim_start_matches(is_space);
        }
        rest.clone_into(&mut draft.text);
        draft
    }

    /// The ask that a draft can be added to, with the same settings.
    pub(in crate::say) fn settings(&self) -> String {
        let mut ask = CHECK.to_owned();
        for (name, value) in [("rules", &self.rules), ("school", &self.school), ("problem", &self.problem)] {
            if let Some(value) = value {
                ask.extend([" ", name, "=", value]);
            }
        }
        ask
    }
}
