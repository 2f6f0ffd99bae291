//! `saywell check`: the review of a draft, shown as a compiler would.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, IsTerminal as _, Read as _},
    process::ExitCode,
};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Args;

use super::{BookSettings, failed};
use crate::{
    say::{
        book::Severity,
        check::{Finding, LONGEST, Made, Options, Review},
        words,
    },
    shelf::Shelf,
    view::ReviewView,
};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The draft; standard input if there is none, or with `-`
    #[arg(value_name = "FILE")]
    file: Option<String>,

    /// Print the review as JSON
    #[arg(long)]
    json: bool,

    /// End with exit code 1 if anything was found
    #[arg(long)]
    strict: bool,

    /// Rules to leave out, such as `-you-first,-blame`, or the only ones to use
    #[arg(long, value_name = "RULES", allow_hyphen_values = true)]
    rules: Option<String>,

    /// Whether the draft is about a problem; left out, its words say so
    #[arg(long, value_name = "yes|no", value_parser = clap::builder::BoolishValueParser::new())]
    problem: Option<bool>,

    /// A school whose advice is wanted too: `thanks`
    #[arg(long, value_name = "SCHOOL")]
    school: Option<String>,

    #[command(flatten)]
    book: BookSettings,
}

impl Check {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let file = self.file.as_deref().filter(|file| *file != "-");
        let draft = match read(file) {
            Ok(draft) => draft,
            Err(error) => return failed(&format_args!("{}: {error}", file.unwrap_or("standard input"))),
        };
        let shelf = match Shelf::open(&self.book) {
            Ok(shelf) => shelf,
            Err(error) => return failed(&error),
        };
        let book = shelf.book();
        let options = match Options::read(&book.check, self.rules.as_deref(), self.school.as_deref()) {
            Ok(options) => options,
            Err(unknown) => {
                return failed(&format_args!("there is no `{}`; there is {}", unknown.name, unknown.known.join(", ")));
            }
        };
        let options = match self.problem {
            Some(is_about) => options.about_a_problem(is_about),
            None => options,
        };
        let review = book.review(&draft, &options);
        let found = review.total > 0;
        if self.json {
            super::print(&serde_json::to_string_pretty(&ReviewView::new(review))?)?;
        } else {
            super::print(&text(&review, &draft, file.unwrap_or("draft")))?;
        }
        Ok(if found && self.strict { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Reads a draft; one that is longer than a review takes is refused before it fills the memory.
fn read(file: Option<&str>) -> io::Result<String> {
    let most = u64::try_from(LONGEST * 4 + 1).unwrap_or(u64::MAX);
    let mut draft = String::new();
    let read = match file {
        Some(file) => File::open(file)?.take(most).read_to_string(&mut draft),
        None => io::stdin().take(most).read_to_string(&mut draft),
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => io::Error::other("it is no UTF-8; save it in that encoding"),
        _ => error,
    })?;
    // Some editors begin a file with a byte order mark.
    if draft.starts_with('\u{feff}') {
        draft.remove(0);
    }
    if draft.chars().count() > LONGEST {
        return Err(io::Error::other(format!("the draft is longer than {LONGEST} characters")));
    }
    Ok(draft)
}

fn text(review: &Review<'_>, draft: &str, name: &str) -> String {
    let colour = io::stdout().is_terminal();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    if let Some(matter) = review.matter {
        let _ = writeln!(out, "{}: {}\n", matter.title, matter.who);
    }
    for finding in &review.findings {
        out.push_str(&draw(finding, draft, name, &renderer));
        out.push_str("\n\n");
    }
    let _ = writeln!(out, "{}", words::findings(review));
    for Made { step, made, line } in &review.moves {
        let _ = if *made {
            writeln!(out, "[x] {}", step.name)
        } else {
            writeln!(out, "[ ] {}: {}", step.name, step.advice)
        };
        if let Some(line) = line {
            let _ = writeln!(out, "    paste: {line}");
        }
    }
    if review.size.words > 0 {
        let _ = writeln!(out, "{}", words::size(review, ["add `--problem yes`", "add `--problem no`"]));
    }
    if let Some(after) = &review.after {
        let _ = writeln!(out, "\nWith those words changed:\n\n{}", after.trim_end());
    }
    out
}

fn draw(finding: &Finding<'_>, draft: &str, name: &str, renderer: &Renderer) -> String {
    let level = match finding.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Suggestion => Level::INFO.with_name("suggestion"),
    };
    let mut group = level
        .primary_title(&*finding.rule.name)
        .id(&*finding.rule.id)
        .element(Snippet::source(draft).path(name).annotation(AnnotationKind::Primary.span(finding.at.clone())))
        .element(Level::NOTE.message(format!("{} ({})", finding.rule.why, finding.article)));
    if let Some(rewrite) = &finding.rewrite {
        group = group.element(Level::HELP.message(format!("say “{rewrite}”")));
    } else if let Some(instead) = &finding.rule.instead {
        group = group.element(Level::HELP.message(format!("for example “{instead}”")));
    }
    group = group.element(Level::HELP.message(format!("saywell say {}", finding.rule.help.replacen('.', " ", 1))));
    renderer.render(&[group])
}
