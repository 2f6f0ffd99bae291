//! The parameters of a request: each known, each once, each of its kind; anything else is named in a 400.

use std::borrow::Cow;

use crate::{
    http::problem::Problem,
    say::{
        ask::{At, Which},
        book::{Step, Tone, fold},
        find::closest,
        phrase::Value,
    },
    view::shown,
};

/// The longest query string, in bytes.
pub(super) const LONGEST: usize = 8 * 1024;

/// The parameter that names a phrase of a letter; it alone may be given again.
pub(super) const LINE: &str = "line";

/// Parameters that have not been taken yet.
pub(super) struct Query<'a> {
    given: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    known: Vec<&'static str>,
}

impl<'a> Query<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Problem> {
        if text.len() > LONGEST {
            return Err(Problem::TooLong(LONGEST));
        }
        let mut given: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
        readable(text)?;
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if is_tracker(&name) {
                continue;
            }
            if name != LINE && given.iter().any(|(known, _)| *known == name) {
                return Err(Problem::Parameter(
                    format!("The parameter `{}` is given twice.", shown(&name)),
                    Vec::new(),
                ));
            }
            given.push((name, value));
        }
        Ok(Self { given, known: Vec::with_capacity(8) })
    }

    /// A parameter as it was given.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        self.known.push(name);
        let at = self.given.iter().position(|(given, _)| given == name)?;
        // In order, so that of several that are unknown the first is named.
        Some(self.given.remove(at).1)
    }

    /// Every phrase that is named for a letter; none where nobody has chosen.
    pub(super) fn lines(&mut self) -> Option<Vec<Cow<'a, str>>> {
        self.known.push(LINE);
        let lines: Vec<_> = self.given.extract_if(.., |(name, _)| name == LINE).map(|(_, value)| value).collect();
        (!lines.is_empty()).then_some(lines)
    }

    /// `?all`, `?all=true`, `?all=1`: on; `false`, `0`: off.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        match self.text(name).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("" | "true" | "1") => Ok(true),
            Some(_) => Err(wrong(name, "is `true` or `false`, or stands alone")),
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, name: &'static str, least: u64, most: u64) -> Result<Option<u64>, Problem> {
        self.text(name)
            .map(|text| {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                let number = if digits { text.parse().ok() } else { None };
                number
                    .filter(|number| (least..=most).contains(number))
                    .ok_or_else(|| wrong(name, &format!("is a whole number from {least} to {most}")))
            })
            .transpose()
    }

    pub(super) fn tone(&mut self) -> Result<Option<Tone>, Problem> {
        self.text("tone")
            .map(|text| fold(&text).parse().map_err(|()| wrong("tone", "is `warm`, `direct` or `formal`")))
            .transpose()
    }

    /// The step of a play, or `any`.
    pub(super) fn step(&mut self) -> Result<At, Problem> {
        let Some(text) = self.text("step") else { return Ok(At::Start) };
        let steps: Vec<&str> = Step::ALL.iter().map(|step| step.word()).collect();
        match &*fold(&text) {
            "any" => Ok(At::Any),
            step => step
                .parse()
                .map(At::Step)
                .map_err(|()| wrong("step", &format!("is `any`, or one of {}", steps.join(", ")))),
        }
    }

    /// `letter`, `steps`, `all` or `n`; where more than one is given, the one that shows more, and the others as they were
    /// given.
    pub(super) fn which(&mut self) -> Result<(Which, Vec<String>), Problem> {
        let number = self.number("n", 1, 9999)?.and_then(|number| usize::try_from(number).ok());
        let (all, steps, letter) = (self.flag("all")?, self.flag("steps")?, self.flag("letter")?);
        let marks = [(letter, Which::Letter, "letter"), (steps, Which::Steps, "steps"), (all, Which::All, "all")];
        let marks = marks.into_iter().filter(|(given, ..)| *given).map(|(_, which, word)| (which, word.to_owned()));
        let mut given = marks.chain(number.map(|number| (Which::Number(number), format!("n={number}"))));
        let which = given.next().map_or(Which::Any, |(which, _)| which);
        Ok((which, given.map(|(_, word)| word).collect()))
    }

    /// Everything left that is the name of a slot.
    pub(super) fn slots(&mut self, is_slot: impl Fn(&str) -> bool) -> Vec<(String, Value)> {
        let (slots, rest) = std::mem::take(&mut self.given).into_iter().partition(|(name, _)| is_slot(name));
        self.given = rest;
        let slots: Vec<(Cow<'a, str>, Cow<'a, str>)> = slots;
        slots.into_iter().map(|(name, value)| (name.into_owned(), Value::read(&value))).collect()
    }

    /// Nothing may be left. `slots` are names that would have been known as well.
    pub(super) fn finish(self, slots: &[&str]) -> Result<(), Problem> {
        let Some((name, _)) = self.given.first() else { return Ok(()) };
        let known: Vec<&str> = self.known.iter().copied().chain(slots.iter().copied()).collect();
        let near = closest(&name.to_lowercase(), known.iter().copied()).map(|near| format!(" Did you mean `{near}`?"));
        let what = if name.is_empty() {
            "A parameter has no name before its `=`.".to_owned()
        } else {
            format!("There is no parameter `{}` here.{}", shown(name), near.unwrap_or_default())
        };
        Err(Problem::Parameter(what, known.into_iter().map(str::to_owned).collect()))
    }
}

/// What trackers hang on links that are shared.
fn is_tracker(name: &str) -> bool {
    name.starts_with("utm_") || name.starts_with("mc_") || matches!(name, "fbclid" | "gclid" | "msclkid")
}

/// Whether all of a query or a form is text, once it is decoded: otherwise words would come back with holes in them.
pub(in crate::http) fn readable(text: &str) -> Result<(), Problem> {
    let is_text = |part: &&str| percent_encoding::percent_decode_str(part).decode_utf8().is_ok();
    match text.split('&').find(|part| !is_text(part)) {
        None => Ok(()),
        Some(part) => {
            let name = part.split('=').next().unwrap_or_default();
            Err(wrong(&shown(name), "is no UTF-8, in which é is %C3%A9"))
        }
    }
}

fn wrong(name: &str, right: &str) -> Problem {
    Problem::Parameter(format!("The parameter `{name}` {right}."), Vec::new())
}
