//! Answers as Teams shows them: dialogs, lists, and words for the message box or for a channel.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    Letter,
    card::{Action, Attachment, Card, Choice, Composed, Dialog, Element, Look, Message, Press, most},
    escape::teams,
    incoming::{CHOICE, SLOT, TEXT},
};
use crate::{
    chat::{Call, Gesture, Reply, markup::plain},
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::{CHECK, DRAFT},
        book::{Phrase, Topic},
        check,
        phrase::Value,
        words,
    },
};

/// The title of every dialog.
const TITLE: &str = "Saywell";
/// As many entries as these stand one below the other; more are a menu.
const FEW: usize = 8;
/// As many results are shown to pick from.
const RESULTS: usize = 25;
/// As many notes, and as many fields of a form.
const NOTES: usize = 10;
const FIELDS: usize = 12;
/// As many buttons stand in a row.
const ROW: usize = 4;
/// As many topics are named in a channel.
const NAMED: usize = 12;
/// Lines and buttons of a dialog, from all there is to what fits whatever was filled in.
const SIZES: [(usize, usize); 7] = [(20, 6), (12, 6), (6, 5), (3, 4), (1, 3), (1, 2), (1, 0)];

const TYPE_SOMETHING: &str = "Type what happened, such as: a bill higher than hoped, no news yet, a rude colleague.";
const NOTHING: &str = "Nothing here fits that.";
const NOT_HERE: &str = "A review of a draft is for you alone, and here everybody would read it.";
const FIND: &str = "Find";
const FIND_EXAMPLE: &str = "billing Ana, or a few words about what happened";
const TAKE: &str = "Take it";

/// What goes back to a call.
pub(super) fn reply(letter: &Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    match (letter, call.gesture, answer.audience) {
        (Letter::Channel(more), ..) => Reply::json(&Message::of(told(answer, more))),
        (Letter::Search(typed), ..) if results(typed, answer, 1).is_empty() => {
            Reply::json(&Composed::word(&word(answer)))
        }
        (Letter::Search(typed), ..) => fitting(|lines, _| Composed::of(results(typed, answer, lines))),
        (Letter::Picked, ..) | (_, _, Audience::Room) => Reply::json(&Composed::of(vec![said(answer)])),
        (_, Gesture::Open | Gesture::Shared, _) if let Some(card) = form(call, answer) => dialog(card),
        (_, Gesture::Typed | Gesture::Pressed | Gesture::Open | Gesture::Pointed, _)
            if let Some(wanted) = answer.draft() =>
        {
            dialog(draft(answer, wanted))
        }
        _ => fitting(|lines, buttons| Dialog::of(TITLE, whole(answer, lines, buttons))),
    }
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button() -> Reply {
    dialog(Card::of(Element::words(words::OLD_BUTTON, most::TEXT, Look::Plain).into_iter().collect(), Vec::new()))
}

/// What is shown before anything is typed.
pub(super) fn type_something() -> Reply {
    Reply::json(&Composed::word(TYPE_SOMETHING))
}

/// That there are no reviews in a channel, and where there are.
pub(super) fn not_here(more: &str) -> Reply {
    let body = [(NOT_HERE, Look::Plain), (more, Look::Subtle)];
    let body = body.into_iter().filter_map(|(text, look)| Element::words(text, most::TEXT, look)).collect();
    Reply::json(&Message::of(Card::of(body, Vec::new())))
}

fn dialog(card: Card<'_>) -> Reply {
    Reply::json(&Dialog::of(TITLE, card))
}

/// The largest that Teams takes: long values leave room for fewer lines and buttons.
fn fitting<T: Serialize>(make: impl Fn(usize, usize) -> T) -> Reply {
    let mut sizes = SIZES.iter().map(|(lines, buttons)| Reply::json(&make(*lines, *buttons)));
    let fits = |reply: &Reply| reply.body.len() <= most::ANSWER;
    let first = sizes.next().unwrap_or_default();
    if fits(&first) { first } else { sizes.find(fits).unwrap_or_default() }
}

/// What is said of a search that comes to nothing to pick from.
fn word(answer: &Answer<'_>) -> String {
    if !answer.found && answer.text.is_empty() && !answer.entries.is_empty() {
        // What the answer offers in its place cannot stand here.
        return format!("{NOTHING} {TYPE_SOMETHING}");
    }
    let said = std::iter::once(&*answer.heading).chain(answer.text.iter().map(|text| &**text));
    said.collect::<Vec<_>>().join("\n")
}

/// The words alone, as they go into the message box.
fn said<'a>(answer: &Answer<'_>) -> Attachment<'a> {
    let said = match answer.said() {
        Some(said) => said.to_owned(),
        None if answer.lines.is_empty() => answer.heading.clone().into_owned(),
        None => answer.lines.iter().map(|line| line.words.as_str()).collect::<Vec<_>>().join("\n\n"),
    };
    worded(&answer.heading, &said)
}

/// A card of words alone, and how it stands in a list.
fn worded<'a>(title: &str, said: &str) -> Attachment<'a> {
    let body = paragraphs(said).collect();
    Attachment::card(Card::of(body, Vec::new())).shown_as(title, said)
}

/// A block each, since a client may not show where a line ends inside one.
fn paragraphs<'a>(text: &str) -> impl Iterator<Item = Element<'a>> {
    text.split('\n').filter_map(|line| Element::words(line, most::WORDS, Look::Plain))
}

/// What everybody in a channel is told: the words, or else what can be asked for; never the coaching.
fn told<'a>(answer: &'a Answer<'_>, more: &str) -> Card<'a> {
    let mut body: Vec<Element<'_>> = Vec::new();
    if answer.lines.is_empty() {
        body.extend(Element::words(&answer.heading, most::LABEL, Look::Bold));
        body.extend(answer.text.iter().take(NOTES).filter_map(|text| Element::words(text, most::NOTE, Look::Plain)));
        body.extend(usage(answer));
        let named = answer.entries.iter().take(NAMED).filter_map(|entry| {
            let ask = entry.ask.replacen('.', " ", 1);
            // A command's label is what is typed.
            let about = if entry.label.starts_with('/') { &entry.detail } else { &entry.label };
            Element::words(&format!("{ask}: {about}"), most::LABEL, Look::Plain)
        });
        body.extend(named);
        body.extend(left_out(answer.entries.len(), NAMED));
    } else {
        const LINES: usize = 8;
        match answer.said() {
            Some(said) => body.extend(paragraphs(said)),
            None => {
                let lines = answer.lines.iter().take(LINES);
                body.extend(lines.filter_map(|line| Element::words(&line.words, most::TEXT, Look::Plain)));
                body.extend(left_out(answer.lines.len(), LINES));
            }
        }
    }
    body.extend(Element::words(more, most::TEXT, Look::Subtle).map(Element::apart));
    Card::of(body, Vec::new())
}

fn left_out<'a>(there: usize, shown: usize) -> Option<Element<'a>> {
    let more = there.checked_sub(shown).filter(|more| *more > 0)?;
    Element::words(&words::and_more(more), most::LABEL, Look::Subtle)
}

/// What a search finds, to be picked: of one topic its lines, the one that was chosen first; of several topics each.
fn results<'a>(typed: &str, answer: &Answer<'_>, shown: usize) -> Vec<Attachment<'a>> {
    let most = if shown == SIZES[0].0 { RESULTS } else { shown };
    if let Some(letter) = &answer.letter {
        return vec![worded(&answer.heading, letter)];
    }
    if let (Some(topic), [line]) = (answer.topic.filter(|_| answer.by_chance), &*answer.lines) {
        let first = worded(&answer.heading, &line.words);
        let others = (0..).zip(&topic.phrases).filter(|(place, _)| *place != line.place);
        let others = others.map(|(_, phrase)| worded(&phrase_title(topic, phrase), &filled(phrase, answer)));
        return std::iter::once(first).chain(others).take(most).collect();
    }
    if !answer.lines.is_empty() {
        let lines = answer.lines.iter().zip(1..).map(|(line, number)| worded(&line.label(number), &line.words));
        return lines.take(most).collect();
    }
    let entries = answer.entries.iter().filter(|_| answer.found && offers(typed, answer)).take(most);
    entries.map(|entry| Attachment::entry(&entry.label, &entry.detail, &entry.ask)).collect()
}

/// Whether the entries can be picked as they are. Where there is something to be said first, such as who answers in a
/// grave matter, it is said instead; but a command's topics are no more than that.
fn offers(typed: &str, answer: &Answer<'_>) -> bool {
    let command = typed.trim().trim_start_matches('/').to_lowercase();
    let is_menu = |entry: &Entry<'_>| entry.ask.split('.').next() == Some(&*command);
    answer.text.is_empty() || answer.entries.iter().all(is_menu)
}

/// `Own (Only if you have asked)`; the topic's title stands in the first entry, and leaves no room for the words.
fn phrase_title(topic: &Topic, phrase: &Phrase) -> String {
    let mut title = phrase.step.map_or(&*topic.title, |step| step.label()).to_owned();
    for condition in words::conditions(phrase) {
        title.extend([" (", condition.trim_end_matches('.'), ")"]);
    }
    title
}

/// Another phrase of the topic, with what was filled in.
fn filled(phrase: &Phrase, answer: &Answer<'_>) -> String {
    phrase.say.fill(&answer.values.iter().map(Option::as_deref).collect::<Vec<_>>())
}

/// The whole answer, with so many lines and buttons.
fn whole<'a>(answer: &'a Answer<'_>, lines: usize, buttons: usize) -> Card<'a> {
    let mut body: Vec<Element<'_>> = Vec::new();
    body.extend(Element::words(&answer.heading, most::NOTE, Look::Bold));
    notes(&mut body, answer);
    match answer.said() {
        Some(said) => {
            body.extend(paragraphs(said));
            body.extend(answer.lines.iter().filter(|_| answer.letter.is_none()).flat_map(reason));
        }
        None => several(&mut body, answer, lines),
    }
    body.extend(answer.text.iter().take(8 + lines).flat_map(|text| {
        text.split('\n').filter_map(|line| Element::words(line, most::TEXT, Look::Plain)).collect::<Vec<_>>()
    }));
    body.extend(left_out(answer.text.len(), 8 + lines));
    body.extend(usage(answer));
    entries(&mut body, answer, 5 * lines);
    if let Some(topic) = answer.topic {
        let advice = [(words::TIP, &topic.tip), (words::AVOID, &topic.avoid)];
        body.extend(advice.into_iter().filter_map(|(label, text)| labelled(label, text)));
    }
    // Clients show five buttons of a row at most.
    let buttons = answer.buttons.get(..buttons).unwrap_or(&answer.buttons);
    let (first, rest) = buttons.split_at_checked(ROW).unwrap_or((buttons, &[]));
    body.extend((!rest.is_empty()).then(|| Element::Buttons { actions: rest.iter().map(button).collect() }));
    find(&mut body, answer);
    Card::of(body, first.iter().map(button).collect())
}

/// What was understood, and what has to be known before the line is said.
fn notes(body: &mut Vec<Element<'_>>, answer: &Answer<'_>) {
    let shown = answer.notes.iter().take(NOTES).cloned().chain(answer.conditions());
    body.extend(shown.filter_map(|note| Element::words(&note, most::NOTE, Look::Subtle)));
    body.extend(left_out(answer.notes.len(), NOTES));
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason<'a>(line: &Line<'_>) -> Vec<Element<'a>> {
    let instead = line.phrase.instead_of.as_deref().and_then(|bad| labelled(words::INSTEAD_OF, bad));
    let source = format!("{}, {}", line.article.title, line.article.author);
    let why = [labelled(words::WHY, &line.phrase.why), labelled(words::SOURCE, &source)];
    instead.into_iter().chain(why.into_iter().flatten()).collect()
}

fn labelled<'a>(label: &str, text: &str) -> Option<Element<'a>> {
    Element::words(&format!("{label}: {text}"), most::TEXT, Look::Subtle)
}

/// Several lines, in order, and a menu that takes one of them.
fn several<'a>(body: &mut Vec<Element<'a>>, answer: &'a Answer<'_>, most_lines: usize) {
    let numbered = || answer.lines.iter().zip(1..).take(most_lines);
    for (line, number) in numbered() {
        body.extend(Element::words(&line.label(number), most::NOTE, Look::Bold).map(Element::apart));
        body.extend(Element::words(&line.words, most::TEXT, Look::Plain));
        if answer.why {
            body.extend(reason(line));
        }
    }
    body.extend(left_out(answer.lines.len(), most_lines));
    let choices = numbered().map(|(line, number)| choice(&line.label(number), &line.words, line.again()));
    menu(body, words::USE, choices.collect());
}

/// What to choose from.
fn entries<'a>(body: &mut Vec<Element<'a>>, answer: &'a Answer<'_>, shown: usize) {
    let choices = answer.entries.iter().take(shown).map(|entry| choice(&entry.label, &entry.detail, &*entry.ask));
    menu(body, TAKE, choices.collect());
    body.extend(left_out(answer.entries.len(), shown));
}

fn choice<'a>(label: &str, detail: &str, ask: impl Into<Cow<'a, str>>) -> Choice<'a> {
    let title = if detail.is_empty() { label.to_owned() } else { format!("{label}: {detail}") };
    Choice { title: teams(&title, most::LABEL), value: ask.into() }
}

fn menu<'a>(body: &mut Vec<Element<'a>>, take: &'static str, choices: Vec<Choice<'a>>) {
    if choices.is_empty() {
        return;
    }
    let are_few = choices.len() <= FEW;
    let style = if are_few { "expanded" } else { "compact" };
    let menu = Element::Menu { id: CHOICE, style, placeholder: words::CHOOSE, choices };
    let take = Action::of(take, Press::Choose, "list");
    if are_few {
        body.extend([menu, Element::Buttons { actions: vec![take] }]);
    } else {
        body.push(Element::row(menu, take));
    }
}

fn usage<'a>(answer: &Answer<'_>) -> Vec<Element<'a>> {
    let lines = answer.usage.iter().take(20).map(|(typed, does)| format!("{typed}  {does}"));
    lines.filter_map(|line| Element::words(&line, most::NOTE, Look::Plain)).collect()
}

/// A field for something else to ask, of the same command.
fn find<'a>(body: &mut Vec<Element<'a>>, answer: &'a Answer<'_>) {
    let placeholder = Cow::Borrowed(FIND_EXAMPLE);
    let field = Element::Field { id: TEXT.into(), value: None, placeholder, max_length: 300, is_multiline: false };
    body.push(Element::row(field, Action::of(FIND, Press::Find, answer.command())).apart());
}

fn button(one: &Button) -> Action<'_> {
    let press = match one.kind {
        ButtonKind::Another | ButtonKind::Next | ButtonKind::Play | ButtonKind::Letter => Press::Another,
        ButtonKind::Fill | ButtonKind::Draft => Press::Fill,
        ButtonKind::Share => Press::Share,
    };
    Action::of(one.label, press, &one.ask)
}

/// A form with one field a slot of the topic, those of the line first.
fn form<'a>(call: &Call, answer: &'a Answer<'_>) -> Option<Card<'a>> {
    // Who wanted to share is asked for what is missing, and then it is shared.
    let (mark, done) = if call.gesture == Gesture::Shared { ("share", words::SHARE) } else { ("", words::DONE) };
    let ask = answer.form_ask(mark, &[])?;
    let mut body: Vec<Element<'_>> = paragraphs(answer.said()?).collect();
    notes(&mut body, answer);
    let fields = answer.fields();
    for (slot, value) in fields.iter().take(FIELDS) {
        body.extend(Element::words(&slot.ask, most::LABEL, Look::Bold));
        body.push(Element::Field {
            id: format!("{SLOT}{}", slot.name),
            value: value.map(|value| plain(value, Value::LONGEST)),
            placeholder: plain(&slot.example, most::LABEL),
            max_length: Value::LONGEST,
            is_multiline: false,
        });
    }
    let values: Vec<(&str, &str)> = fields.iter().filter_map(|(slot, value)| Some((&*slot.name, (*value)?))).collect();
    let back = answer.form_ask("", &values).map(|ask| Action::of(words::BACK, Press::Another, &ask));
    let actions = [Action::of(done, Press::Done, &ask)].into_iter().chain(back).collect();
    Some(Card::of(body, actions))
}

/// A form for a draft.
fn draft<'a>(answer: &'a Answer<'_>, wanted: &Button) -> Card<'a> {
    let mut body: Vec<Element<'_>> =
        answer.text.iter().filter_map(|text| Element::words(text, most::TEXT, Look::Plain)).collect();
    body.push(Element::Field {
        id: DRAFT.into(),
        value: None,
        placeholder: Cow::Borrowed(words::DRAFT_EXAMPLE),
        max_length: check::LONGEST,
        is_multiline: true,
    });
    let ask = if wanted.ask.is_empty() { CHECK } else { &wanted.ask };
    Card::of(body, vec![Action::of(words::REVIEW, Press::Done, ask)])
}
