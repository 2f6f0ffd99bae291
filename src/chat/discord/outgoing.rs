//! Answers as Discord shows them: which kind of reply, and what stands in it.

use std::borrow::Cow;

use super::message::{
    Callback, Choice, Choices, Control, Embed, Form, Ids, Input, Label, Message, NO_PREVIEWS, Nobody, Opt, PRIVATE,
    Purpose, Row, most,
};
use super::{
    Letter,
    escape::{discord, mention},
};
use crate::{
    chat::{
        Call, Gesture, Reply,
        markup::{Markdown, plain},
    },
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::{CHECK, Choice as Wanted, DRAFT},
        book::Slot,
        phrase, words,
    },
};

/// As many entries as these stand one below the other, a button each; more are a menu.
const FEW: usize = 8;
/// As many notes are shown, each cut so that they leave room for the rest.
const NOTES: usize = 10;
const NOTE: usize = 200;
/// What paragraphs leave of a description for what can be typed.
const USAGE: usize = 2_000;
/// What several lines leave of an embed for what comes after them: fields, and characters.
const REST: (usize, usize) = (3, 1_000);
/// What the last fields leave.
const NOTHING: (usize, usize) = (0, 0);

const ONE_LINE: u8 = 1;
const PARAGRAPH: u8 = 2;

const NEW_LINE: Markdown<'_> = Markdown::ours("\n");

/// The answer to Discord's look whether anybody is there.
pub(super) fn pong() -> Reply {
    Reply::json(&Callback::<()> { kind: 1, data: None })
}

/// What goes back to a call.
pub(super) fn reply(letter: &Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    match (call.gesture, answer.audience) {
        (Gesture::Typing, _) => {
            let choices = match (letter, answer.topic) {
                (Letter::Words(typed), Some(topic)) => {
                    slots(&topic.slots.iter().map(|slot| &**slot).collect::<Vec<_>>(), typed)
                }
                (Letter::Apart | Letter::InPlace, _) if answer.found => topics(answer),
                // Who is lost while typing is shown an empty list, not all there is.
                _ => Vec::new(),
            };
            callback(8, Choices { choices })
        }
        (gesture, Audience::Room) => {
            callback(4, shared(answer, Some(&*call.user).filter(|_| gesture != Gesture::Typed)))
        }
        (Gesture::Open | Gesture::Shared, Audience::Person) if let Some(form) = form(call, answer) => callback(9, form),
        // A form cannot open from a form.
        (Gesture::Typed | Gesture::Pointed | Gesture::Open, Audience::Person) if let Some(wanted) = answer.draft() => {
            callback(9, draft(wanted))
        }
        (Gesture::Typed | Gesture::Pointed, Audience::Person) => private(whole(answer)),
        (Gesture::Filled, Audience::Person) if !matches!(letter, Letter::InPlace) => private(whole(answer)),
        (_, Audience::Person) => callback(7, whole(answer)),
    }
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button() -> Reply {
    let embed = Embed::new(Markdown::ours(words::OLD_BUTTON), Markdown::default(), None);
    private(message(Markdown::default(), vec![embed], Vec::new()))
}

fn callback<T: serde::Serialize>(kind: u8, data: T) -> Reply {
    Reply::json(&Callback { kind, data: Some(data) })
}

fn private(message: Message<'_>) -> Reply {
    callback(4, Message { flags: Some(PRIVATE), ..message })
}

fn message<'a>(content: Markdown<'a>, embeds: Vec<Embed<'a>>, components: Vec<Row<'a>>) -> Message<'a> {
    Message { content, embeds, components, allowed_mentions: Nobody::default(), flags: None }
}

/// Only the words, for everyone, with who shared them where Discord does not show it. One line is the message itself;
/// several need the room of an embed.
fn shared<'a>(answer: &'a Answer<'_>, by: Option<&str>) -> Message<'a> {
    let by: Markdown<'_> = by
        .and_then(mention)
        .map(|mention| {
            let parts = [Markdown::ours("\n-# "), Markdown::ours(words::SHARED_BY), Markdown::ours(" ")];
            parts.into_iter().chain([mention]).collect()
        })
        .unwrap_or_default();
    if let Some(said) = answer.said() {
        let content = [discord(said, most::CONTENT - by.length()), by].into_iter().collect();
        return Message { flags: Some(NO_PREVIEWS), ..message(content, Vec::new(), Vec::new()) };
    }
    let mut parts = Vec::new();
    let mut room = most::DESCRIPTION - by.length() - most::LABEL;
    for (line, number) in answer.lines.iter().zip(0..) {
        let words = discord(&line.words, most::FIELD);
        let Some(rest) = room.checked_sub(words.length() + 2) else {
            let left_out = words::and_more(answer.lines.len() - number);
            parts.push(discord(&left_out, most::LABEL).into_owned());
            break;
        };
        room = rest;
        parts.extend([words, NEW_LINE, NEW_LINE]);
    }
    parts.push(by);
    let title = discord(&answer.heading, most::TITLE);
    message(Markdown::default(), vec![Embed::new(title, parts.into_iter().collect(), None)], Vec::new())
}

/// The whole answer, for the person who asked.
fn whole<'a>(answer: &'a Answer<'_>) -> Message<'a> {
    let picks: Vec<String> =
        if answer.said().is_none() { answer.lines.iter().map(Line::again).collect() } else { Vec::new() };
    let asks = answer.buttons.iter().map(|one| &one.ask).chain(&picks).map(|ask| &**ask);
    let ids = Ids::of(answer, asks);
    let footer = ids.carried.clone().map(Cow::Owned);
    let mut embed = Embed::new(discord(&answer.heading, most::TITLE), description(answer), footer);
    let mut rows = Vec::new();
    let mut content = Markdown::default();
    if let Some(said) = answer.said() {
        content = discord(said, most::CONTENT);
        answer.lines.iter().filter(|_| answer.letter.is_none()).for_each(|line| reason(&mut embed, line));
    } else {
        lines(&mut embed, answer);
        rows.extend(uses(answer, &picks, &ids));
    }
    entries(&mut embed, &mut rows, &answer.entries, &ids);
    if let Some(topic) = answer.topic {
        embed.field(Markdown::ours(words::TIP), discord(&topic.tip, most::FIELD), true, NOTHING);
        embed.field(Markdown::ours(words::AVOID), discord(&topic.avoid, most::FIELD), true, NOTHING);
    }
    let buttons: Vec<Control<'_>> = answer.buttons.iter().filter_map(|one| button(answer, one, &ids)).collect();
    let mut buttons = buttons.into_iter().peekable();
    while buttons.peek().is_some() {
        rows.push(Row::of(buttons.by_ref().take(most::BUTTONS).collect::<Vec<_>>()));
    }
    rows.truncate(most::ROWS);
    message(content, vec![embed], rows)
}

/// What was understood, then paragraphs of ours, then what can be typed.
fn description(answer: &Answer<'_>) -> Markdown<'static> {
    let mut parts = Vec::new();
    for condition in answer.conditions() {
        parts.extend([discord(&condition, NOTE).into_owned(), NEW_LINE]);
    }
    for note in answer.notes.iter().take(NOTES) {
        parts.extend([discord(note, NOTE), NEW_LINE]);
    }
    if let Some(left_out) = answer.notes.len().checked_sub(NOTES).filter(|left_out| *left_out > 0) {
        parts.extend([discord(&words::and_more(left_out), most::LABEL).into_owned(), NEW_LINE]);
    }
    let mut room = most::DESCRIPTION - USAGE - parts.iter().map(Markdown::length).sum::<usize>();
    for (text, number) in answer.text.iter().zip(0..) {
        let text = discord(text, 5 * NOTE);
        let Some(rest) = room.checked_sub(text.length() + 2 * NEW_LINE.length()) else {
            parts.push(discord(&words::and_more(answer.text.len() - number), most::LABEL).into_owned());
            break;
        };
        room = rest;
        parts.extend([text, NEW_LINE]);
    }
    let shown = answer.entries.len().min(most::ROWS * most::OPTIONS);
    if shown < answer.entries.len() {
        parts.push(discord(&words::and_more(answer.entries.len() - shown), most::LABEL).into_owned());
    }
    for (typed, does) in answer.usage.iter().take(20) {
        // Discord asks for an option by its name.
        let typed = typed.replacen(' ', " topic:", 1);
        parts.extend([NEW_LINE, Markdown::code(&typed, NOTE / 2), Markdown::ours("  "), discord(does, NOTE / 2)]);
    }
    parts.into_iter().collect()
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason<'a>(embed: &mut Embed<'a>, line: &'a Line<'_>) {
    let instead = line.phrase.instead_of.as_deref().map(|bad| (words::INSTEAD_OF, discord(bad, most::FIELD)));
    let why = (words::WHY, discord(&line.phrase.why, most::FIELD));
    for (label, text) in instead.into_iter().chain([why, (words::SOURCE, source(line))]) {
        embed.field(Markdown::ours(label), text, false, NOTHING);
    }
}

fn source(line: &Line<'_>) -> Markdown<'static> {
    let (title, author) = (&*line.article.title, &*line.article.author);
    [discord(title, most::FIELD / 2 - 2), Markdown::ours(", "), discord(author, most::FIELD / 2)].into_iter().collect()
}

/// Several lines, in order, a field each.
fn lines<'a>(embed: &mut Embed<'a>, answer: &'a Answer<'_>) {
    for (line, number) in answer.lines.iter().zip(1_usize..) {
        let name = line.label(number);
        let mut words = discord(&line.words, most::FIELD);
        if answer.why {
            let why = [NEW_LINE, Markdown::ours("-# "), discord(&line.phrase.why, NOTE)];
            let source = [NEW_LINE, Markdown::ours("-# "), source(line)];
            let rest: Markdown<'_> = why.into_iter().chain(source).collect();
            words = [discord(&line.words, most::FIELD.saturating_sub(rest.length())), rest].into_iter().collect();
        }
        if !embed.field(discord(&name, most::FIELD_NAME).into_owned(), words, false, REST) {
            let left_out = words::and_more(answer.lines.len() + 1 - number);
            let left_out = discord(&left_out, most::FIELD).into_owned();
            embed.field(Markdown::ours("…"), left_out, false, NOTHING);
            return;
        }
    }
}

/// A menu that takes one of several lines.
fn uses<'a>(answer: &'a Answer<'_>, picks: &[String], ids: &Ids) -> Option<Row<'a>> {
    let numbered = answer.lines.iter().zip(picks).zip(1..);
    let options: Vec<Opt<'_>> = numbered
        .filter_map(|((line, ask), number)| {
            Some(Opt {
                label: plain(&line.label(number), most::OPTION).into_owned().into(),
                value: ids.option(ask)?.to_owned().into(),
                description: Some(plain(&line.words, most::OPTION)),
            })
        })
        .take(most::OPTIONS)
        .collect();
    let menu = |options| Row::of([Control::menu(0, Cow::Borrowed(words::USE), options, ids)]);
    Some(options).filter(|options| !options.is_empty()).map(menu)
}

/// What to choose from: fields with a button each; menus where there are many.
fn entries<'a>(embed: &mut Embed<'a>, rows: &mut Vec<Row<'a>>, entries: &'a [Entry<'_>], ids: &Ids) {
    // Discord refuses a message in which two of them are the same.
    let mut seen: Vec<&str> = Vec::new();
    let entries: Vec<&Entry<'_>> = entries
        .iter()
        .filter(|entry| {
            let is_new = !seen.contains(&&*entry.ask);
            seen.push(&entry.ask);
            is_new && ids.option(&entry.ask).is_some()
        })
        .collect();
    if entries.len() <= FEW {
        for entry in &entries {
            let detail = if entry.detail.is_empty() { &entry.label } else { &entry.detail };
            embed.field(discord(&entry.label, most::FIELD_NAME), discord(detail, most::FIELD / 2), false, NOTHING);
        }
        let buttons = |entries: &[&'a Entry<'_>]| {
            let button =
                |entry: &&'a Entry<'_>| Some(Control::button(&entry.label, false, ids.id(Purpose::Pick, &entry.ask)?));
            Row::of(entries.iter().filter_map(button).collect::<Vec<_>>())
        };
        rows.extend(entries.chunks(most::BUTTONS).map(buttons));
        return;
    }
    let menus = entries.chunks(most::OPTIONS).take(most::ROWS).zip(0..).map(|(part, number)| {
        let placeholder = match (part, entries.len() > most::OPTIONS) {
            ([first, .., last], true) => {
                let label = |entry: &Entry<'_>| plain(&entry.label, most::MENU_PLACEHOLDER / 2 - 2).into_owned();
                Cow::Owned(format!("{} … {}", label(first), label(last)))
            }
            _ => Cow::Borrowed(words::CHOOSE),
        };
        let options = part.iter().filter_map(|entry| {
            Some(Opt {
                label: plain(&entry.label, most::OPTION),
                value: ids.option(&entry.ask)?.into(),
                description: Some(plain(&entry.detail, most::OPTION)).filter(|detail| !detail.is_empty()),
            })
        });
        Row::of([Control::menu(number, placeholder, options.collect(), ids)])
    });
    rows.extend(menus);
}

fn button<'a>(answer: &Answer<'_>, one: &'a Button, ids: &Ids) -> Option<Control<'a>> {
    let (kind, is_primary) = match one.kind {
        ButtonKind::Another => (Purpose::Another, false),
        ButtonKind::Fill | ButtonKind::Draft => (Purpose::Fill, false),
        ButtonKind::Share => (Purpose::Share, true),
        ButtonKind::Next => (Purpose::Next, false),
        ButtonKind::Play => (Purpose::Play, false),
        ButtonKind::Letter => (Purpose::Letter, false),
    };
    // Names may be so long that the phrase has to be called by its number.
    let numbered = || {
        let line = answer.lines.first()?;
        let (id, number) = (line.topic.phrase_id(line.phrase), line.place + 1);
        ids.id(kind, &one.ask.replacen(&id, &format!("{} {number}", line.topic.dotted()), 1))
    };
    Some(Control::button(one.label, is_primary, ids.id(kind, &one.ask).or_else(numbered)?))
}

/// A form with one field a slot of the topic, blanks first where there are more slots than fields.
fn form<'a>(call: &Call, answer: &'a Answer<'_>) -> Option<Form<'a>> {
    let is_blank = |slot: &Slot| answer.lines.iter().flat_map(|line| &line.blanks).any(|blank| blank.name == slot.name);
    let mut slots = answer.fields();
    let is_short = slots.len() <= most::INPUTS;
    slots.sort_by_key(|(slot, _)| !is_short && !is_blank(slot));
    let (fields, rest) = slots.split_at(slots.len().min(most::INPUTS));
    // Who wanted to share is asked for what is missing, and then it is shared.
    let shares = call.gesture == Gesture::Shared;
    let kept: Vec<(&str, &str)> = rest.iter().filter_map(|(slot, value)| Some((&*slot.name, (*value)?))).collect();
    let mark = if shares { "share" } else { "" };
    let named = answer.form_ask(mark, &kept)?;
    let numbered = || {
        let line = answer.lines.first().filter(|_| answer.letter.is_none());
        line.map_or_else(String::new, |line| {
            Wanted::ask(line.topic, None, format!("{} {mark}", line.place + 1).trim_end(), &[])
        })
    };
    let ids = Ids::default();
    let custom_id = ids.id(Purpose::Form, &named).or_else(|| ids.id(Purpose::Form, &numbered())).unwrap_or_default();
    let input = |(slot, value): &(&'a Slot, Option<&'a str>)| {
        let input = Input {
            kind: 4,
            custom_id: &slot.name,
            style: ONE_LINE,
            required: false,
            max_length: phrase::Value::LONGEST,
            value: value.map(|value| plain(value, phrase::Value::LONGEST)),
            placeholder: plain(&slot.example, most::PLACEHOLDER),
        };
        Label::over(&slot.ask, input)
    };
    let title = if shares { words::SHARE } else { words::FILL };
    Some(Form { custom_id, title: title.into(), components: fields.iter().map(input).collect() })
}

/// A form for a draft.
fn draft(wanted: &Button) -> Form<'_> {
    let ids = Ids::default();
    let custom_id = ids.id(Purpose::Form, &wanted.ask).or_else(|| ids.id(Purpose::Form, CHECK)).unwrap_or_default();
    let input = Input {
        kind: 4,
        custom_id: DRAFT,
        style: PARAGRAPH,
        required: true,
        max_length: most::INPUT,
        value: None,
        placeholder: plain(words::DRAFT_EXAMPLE, most::PLACEHOLDER),
    };
    Form { custom_id, title: wanted.label.into(), components: vec![Label::over(words::DRAFT, input)] }
}

/// Topics for someone who is typing one.
fn topics<'a>(answer: &'a Answer<'_>) -> Vec<Choice<'a>> {
    answer.entries.iter().filter_map(|entry| Choice::of(&entry.ask)).take(most::OPTIONS).collect()
}

/// Blanks for someone who is typing what goes into them: those that are not there yet and begin with the last word.
fn slots(slots: &[&Slot], typed: &str) -> Vec<Choice<'static>> {
    let (before, last) = match typed.rsplit_once(' ') {
        Some((before, last)) if !last.contains(['=', '"']) => (format!("{before} "), last),
        None if !typed.contains('=') => (String::new(), typed),
        _ => (format!("{typed} "), ""),
    };
    let is_open = |slot: &&&Slot| !typed.contains(&format!("{}=", slot.name)) && slot.name.starts_with(last);
    let choice = |slot: &&Slot| Choice::of(&format!("{before}{}=", slot.name)).map(Choice::into_owned);
    slots.iter().filter(is_open).filter_map(choice).take(most::OPTIONS).collect()
}
