//! How an administrator brings a platform in, step by step: once for the page at `/install` and once for the papers,
//! from the same words.

use std::fmt::Write as _;

/// A step: sentences, one a line, with `**bold**` and `` `code` ``, and what is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// What to copy.
    pub copies: Vec<Copy>,
}

/// Something to be copied: a line for a terminal or a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its name among those of its platform, `manifest`.
    pub name: &'static str,
    /// What it is, `the manifest`.
    pub what: &'static str,
    /// The line.
    pub line: String,
    /// What the line prints, where that is of use to who reads the page; or why there is nothing of the kind.
    pub sheet: Option<Result<String, String>>,
}

impl Step {
    /// A step with nothing to copy.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), copies: Vec::new() }
    }

    /// With a line to copy.
    #[must_use]
    pub fn line(mut self, name: &'static str, what: &'static str, line: impl Into<String>) -> Self {
        self.copies.push(Copy { name, what, line: line.into(), sheet: None });
        self
    }

    /// With what the last line prints.
    #[must_use]
    pub fn sheet(mut self, sheet: Result<String, String>) -> Self {
        if let Some(last) = self.copies.last_mut() {
            last.sheet = Some(sheet);
        }
        self
    }
}

/// Steps as the papers have them: a numbered list in Markdown, one sentence a line.
#[must_use]
pub fn markdown(steps: &[Step]) -> String {
    let mut list = String::new();
    for (step, number) in steps.iter().zip(1_usize..) {
        let _ = writeln!(list, "{number}. {}", step.text.replace('\n', "\n   "));
        for copy in &step.copies {
            let _ = writeln!(list, "   ```console\n   {}\n   ```", copy.line.replace('\n', "\n   "));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_a_list_in_which_what_is_to_be_copied_stands_apart() {
        let steps = [Step::new("One.\nAnd `this`.").line("a", "it", "x\ny"), Step::new("Two.")];
        assert_eq!(markdown(&steps), "1. One.\n   And `this`.\n   ```console\n   x\n   y\n   ```\n2. Two.\n");
    }
}
