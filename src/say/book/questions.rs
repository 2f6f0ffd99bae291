//! `recover.questions`: what people type when they want a topic of `/recover`, a line each, below the topic's id in
//! brackets. Empty lines and those that begin with `#` are passed over.
//!
//! They are most of a book, and only the search wants them.

use std::{collections::HashMap, ops::Range};

use toml::Spanned;

use super::{super::find::closest, command::RawCommand, file::longest, reader::Reader, source::Source};

/// As many lines a file may have: each takes more room in memory than in the file.
const MOST_LINES: usize = 100_000;

/// What stands in a line.
enum QuestionLine<'t> {
    Topic(&'t str),
    Question(&'t str),
}

impl<'s> Reader<'s> {
    /// Adds what people ask to the topics that are there.
    pub(super) fn questions(&mut self, source: &'s Source, command: &mut RawCommand<'s>) {
        let mut id = None;
        for (number, (at, line)) in lines(&source.text).enumerate() {
            if self.has_enough() {
                break;
            }
            if number == MOST_LINES {
                let what = format!("the file has more than {MOST_LINES} lines");
                self.fault(source, at, what, "take away what nobody needs");
                break;
            }
            match line {
                QuestionLine::Topic(name) => {
                    id = Some(name);
                    if !command.topics.contains_key(name) {
                        let near = closest(name, command.topics.keys().map(String::as_str));
                        let hint = near.map_or_else(
                            || "write the id of a topic of this command in brackets".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                        self.fault(source, at, format!("there is no topic `{name}` in this command"), hint);
                    }
                }
                QuestionLine::Question(asked) => {
                    let asked = Spanned::new(at.clone(), asked.to_owned());
                    let asked = self.text(source, &at, Some(asked), "question", longest::QUESTION);
                    match id {
                        None => {
                            let hint = "write the topic's id in brackets, [billing], in a line before it";
                            self.fault(source, at, "a question of no topic", hint);
                        }
                        Some(id) => {
                            if let Some(topic) = command.topics.get_mut(id) {
                                topic.questions.push(asked.into());
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The questions in some files by the names of command and topic.
pub(super) fn by_topic(files: &[Source]) -> HashMap<(&str, &str), Vec<&str>> {
    let mut asked: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for file in files.iter().filter(|file| file.has_questions()) {
        let mut topic = None;
        for (_, line) in lines(&file.text) {
            match (line, &mut topic) {
                (QuestionLine::Topic(id), _) => topic = Some(asked.entry((file.stem(), id)).or_default()),
                (QuestionLine::Question(question), Some(topic)) => topic.push(question),
                (QuestionLine::Question(_), None) => {}
            }
        }
    }
    asked
}

/// The lines that say something, and where.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, QuestionLine<'_>)> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |whole| {
        let line = whole.trim();
        let at = next + (whole.len() - whole.trim_start().len());
        next += whole.len();
        let id = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        let line_is = id.map_or(QuestionLine::Question(line), |id| QuestionLine::Topic(id.trim()));
        (!line.is_empty() && !line.starts_with('#')).then_some((at..at + line.len(), line_is))
    })
}
