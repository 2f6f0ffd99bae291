//! Answers as Google Chat shows them: cards for one person, a text for everyone.

use serde_json::{Value, json};

use super::{
    CARRIED, Letter, PICK, VERSION,
    escape::{html, text},
};
use crate::{
    chat::{Call, Gesture, Reply, markup::plain},
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::DRAFT,
        phrase, words,
    },
};

/// As many entries stand one below the other, a button each; more are a menu.
const FEW: usize = 8;
/// As many entries does a menu take.
const OPTIONS: usize = 100;
/// As many fields make a form that one still fills in.
const FIELDS: usize = 12;
/// No paragraph is longer, in UTF-16 units.
const TEXT: usize = 3_000;
/// No label is.
const LABEL: usize = 80;
/// As long may a draft be.
const DRAFT_LENGTH: usize = 4_000;
/// As many bytes may the paragraphs of a card have; Google takes 32,000 with everything around them.
const ROOM: usize = 12_000;
/// As many may the whole message have.
const MOST: usize = 30_000;

/// Where an answer goes.
#[derive(Clone, Copy)]
enum Way {
    /// A message of its own.
    New,
    /// In place of the message whose button was pressed.
    Instead,
}

/// What goes back to a call.
pub(super) fn reply(letter: &Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    let clicked = !matches!(call.gesture, Gesture::Typed | Gesture::Pointed);
    match (call.gesture, answer.audience) {
        (_, Audience::Room) => create(letter, clicked, shared(letter, answer)),
        (Gesture::Open | Gesture::Shared, _) if let Some(form) = slots(letter, call.gesture, answer) => {
            dialog(letter, &form)
        }
        (Gesture::Open, _) if let Some(wanted) = answer.draft() => dialog(letter, &draft(letter, answer, wanted)),
        // What did not come to anything takes nothing away.
        (Gesture::Pressed, _) if answer.found => send(letter, Way::Instead, true, whole(letter, answer)),
        _ => {
            let mut message = whole(letter, answer);
            private(&mut message, letter);
            create(letter, clicked, message)
        }
    }
}

/// Nothing, as the envelope has it: Chat reports an error where an add-on answers with an empty object.
pub(super) fn nothing(is_add_on: bool) -> Reply {
    Reply::json(&if is_add_on { json!({"hostAppDataAction": {"chatDataAction": {}}}) } else { json!({}) })
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button(letter: &Letter) -> Reply {
    let mut message = json!({"text": words::OLD_BUTTON});
    private(&mut message, letter);
    create(letter, true, message)
}

fn create(letter: &Letter, clicked: bool, message: Value) -> Reply {
    send(letter, Way::New, clicked, message)
}

fn send(letter: &Letter, way: Way, clicked: bool, mut message: Value) -> Reply {
    let (action, kind) = match way {
        Way::New => ("createMessageAction", "NEW_MESSAGE"),
        Way::Instead => ("updateMessageAction", "UPDATE_MESSAGE"),
    };
    if letter.add_on.is_some() {
        let action = json!({action: {"message": message}});
        return Reply::json(&json!({"hostAppDataAction": {"chatDataAction": action}}));
    }
    if clicked && let Some(fields) = message.as_object_mut() {
        fields.insert("actionResponse".into(), json!({"type": kind}));
    }
    Reply::json(&message)
}

fn dialog(letter: &Letter, card: &Value) -> Reply {
    if letter.add_on.is_some() {
        return Reply::json(&json!({"action": {"navigations": [{"pushCard": card}]}}));
    }
    Reply::json(&json!({"actionResponse": {"type": "DIALOG", "dialogAction": {"dialog": {"body": card}}}}))
}

/// For the eyes of one person.
fn private(message: &mut Value, letter: &Letter) {
    if let (Some(fields), Some(viewer)) = (message.as_object_mut(), &letter.viewer) {
        fields.insert("privateMessageViewer".into(), json!({"name": viewer}));
    }
}

/// Only the words, for everyone, with who shared them: nobody else has seen the command.
fn shared(letter: &Letter, answer: &Answer<'_>) -> Value {
    let room = ROOM / 3 / answer.lines.len().max(1);
    let mut said: Vec<String> = match answer.said() {
        Some(said) => vec![text(said, ROOM / 3).into_owned()],
        None => answer.lines.iter().map(|line| text(&line.words, room).into_owned()).collect(),
    };
    if letter.viewer.is_some() && !letter.name.is_empty() {
        said.push(format!("{} {}", words::SHARED_BY, text(&letter.name, LABEL)));
    }
    json!({"text": said.join("\n\n")})
}

/// The paragraphs and controls of a card, as many as fit.
#[derive(Default)]
struct Card {
    widgets: Vec<Value>,
    used: usize,
}

impl Card {
    /// Markup that has been escaped; whether there was room.
    fn push(&mut self, markup: &str) -> bool {
        if markup.is_empty() || self.used + markup.len() > ROOM {
            return markup.is_empty();
        }
        self.used += markup.len();
        self.widgets.push(paragraph(markup));
        true
    }

    fn and_more(&mut self, left_out: usize) {
        if left_out > 0 {
            self.widgets.push(paragraph(&html(&words::and_more(left_out), LABEL)));
        }
    }
}

fn paragraph(markup: &str) -> Value {
    json!({"textParagraph": {"text": markup, "textSyntax": "HTML"}})
}

/// The whole answer, for the person who asked.
fn whole(letter: &Letter, answer: &Answer<'_>) -> Value {
    let mut card = Card::default();
    card.push(&format!("<b>{}</b>", html(&answer.heading, LABEL * 3)));
    let said = answer.conditions().into_iter().chain(answer.notes.iter().take(10).cloned());
    for note in said {
        card.push(&format!("<i>{}</i>", html(&note, TEXT / 3)));
    }
    lines(&mut card, letter, answer);
    for text in &answer.text {
        card.push(&html(text, TEXT));
    }
    for (typed, does) in &answer.usage {
        card.push(&format!("<b>{}</b>  {}", html(typed, LABEL * 2), html(does, LABEL * 2)));
    }
    entries(&mut card, letter, &answer.entries);
    if let Some(topic) = answer.topic {
        card.push(&labelled(words::TIP, &topic.tip));
        card.push(&labelled(words::AVOID, &topic.avoid));
    }
    let mut buttons: Vec<Value> = answer.buttons.iter().map(|one| button(letter, answer, one)).collect();
    // What is filled in travels in every button: where that is too much, the last ones are left out.
    loop {
        let message = message(answer, &card.widgets, &buttons);
        if message.to_string().len() <= MOST || buttons.pop().is_none() {
            return message;
        }
    }
}

fn message(answer: &Answer<'_>, widgets: &[Value], buttons: &[Value]) -> Value {
    let mut widgets = widgets.to_vec();
    if !buttons.is_empty() {
        widgets.push(json!({"buttonList": {"buttons": buttons}}));
    }
    json!({
        "cardsV2": [{"cardId": "saywell", "card": {"sections": [{"widgets": widgets}]}}],
        "fallbackText": plain(answer.said().unwrap_or(&answer.heading), TEXT),
    })
}

/// The line and why it works; or several, in order, each with a button that takes it.
fn lines(card: &mut Card, letter: &Letter, answer: &Answer<'_>) {
    if let Some(said) = answer.said() {
        card.push(&html(said, TEXT));
        if let ([line], None) = (&*answer.lines, &answer.letter) {
            reason(card, line);
        }
        return;
    }
    for (line, number) in answer.lines.iter().zip(1_usize..) {
        let said = html(&line.words, TEXT / 3);
        if !card.push(&format!("<b>{}</b><br>{said}", html(&line.label(number), LABEL * 4))) {
            return card.and_more(answer.lines.len() + 1 - number);
        }
        if answer.why {
            reason(card, line);
        }
        let again = line.again();
        // Its button counts as well.
        card.used += again.len() + 200;
        card.widgets.push(json!({"buttonList": {"buttons": [press(letter, words::USE, "press", &again)]}}));
    }
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason(card: &mut Card, line: &Line<'_>) {
    let instead = line.phrase.instead_of.as_deref().map(|bad| labelled(words::INSTEAD_OF, bad));
    let source = labelled(words::SOURCE, &format!("{}, {}", line.article.title, line.article.author));
    let parts = instead.into_iter().chain([labelled(words::WHY, &line.phrase.why), source]);
    card.push(&parts.collect::<Vec<_>>().join("<br>"));
}

fn labelled(label: &str, text: &str) -> String {
    format!("<b>{label}:</b> {}", html(text, TEXT / 6))
}

/// What to choose from: a row with a button each, or a menu.
fn entries(card: &mut Card, letter: &Letter, entries: &[Entry<'_>]) {
    if entries.len() <= FEW {
        for entry in entries {
            let detail = html(&entry.detail, TEXT / 6);
            card.push(&detail);
            let pick = press(letter, &plain(&entry.label, LABEL), "press", &entry.ask);
            card.widgets.push(json!({"buttonList": {"buttons": [pick]}}));
        }
        return;
    }
    let item = |entry: &Entry<'_>| json!({"text": plain(&entry.label, LABEL), "value": entry.ask, "selected": false});
    let items: Vec<Value> = entries.iter().take(OPTIONS).map(item).collect();
    card.widgets.push(json!({"selectionInput": {
        "name": PICK, "label": words::CHOOSE, "type": "DROPDOWN", "items": items,
        "onChangeAction": action(letter, "press", ""),
    }}));
    card.and_more(entries.len().saturating_sub(OPTIONS));
}

/// What is called when something is pressed. An add-on has to be told our address.
fn action(letter: &Letter, does: &str, ask: &str) -> Value {
    let function = letter.add_on.as_deref().unwrap_or(CARRIED);
    json!({"function": function, "parameters": [{"key": CARRIED, "value": format!("{VERSION} {does} {ask}")}]})
}

fn press(letter: &Letter, label: &str, does: &str, ask: &str) -> Value {
    json!({"text": label, "onClick": {"action": action(letter, does, ask)}})
}

fn button(letter: &Letter, answer: &Answer<'_>, one: &Button) -> Value {
    let is_open = answer.lines.iter().any(|line| !line.blanks.is_empty());
    let (does, opens) = match one.kind {
        ButtonKind::Fill | ButtonKind::Draft => ("open", true),
        // What is missing is asked for first.
        ButtonKind::Share => ("share", is_open),
        ButtonKind::Another | ButtonKind::Next | ButtonKind::Play | ButtonKind::Letter => ("press", false),
    };
    let mut button = press(letter, one.label, does, &one.ask);
    if let Some(action) = button.pointer_mut("/onClick/action").and_then(Value::as_object_mut).filter(|_| opens) {
        action.insert("interaction".into(), "OPEN_DIALOG".into());
    }
    button
}

/// A form with one field a slot of the topic.
fn slots(letter: &Letter, gesture: Gesture, answer: &Answer<'_>) -> Option<Value> {
    // Who wanted to share is asked for what is missing, and then it is shared.
    let shares = gesture == Gesture::Shared;
    let said = answer.said().filter(|_| !answer.values.is_empty())?;
    let fields = answer.fields();
    let (fields, kept) = fields.split_at(fields.len().min(FIELDS));
    let kept: Vec<(&str, &str)> = kept.iter().filter_map(|(slot, value)| Some((&*slot.name, (*value)?))).collect();
    let ask = answer.form_ask(if shares { "share" } else { "" }, &kept)?;
    let mut widgets = vec![paragraph(&html(said, TEXT))];
    widgets.extend(answer.notes.iter().take(3).map(|note| paragraph(&html(note, TEXT / 3))));
    widgets.extend(fields.iter().map(|(slot, value)| {
        let value = plain(value.unwrap_or_default(), phrase::Value::LONGEST);
        let (label, hint) = (plain(&slot.ask, LABEL), plain(&slot.example, LABEL));
        json!({"textInput": {"name": slot.name, "label": label, "hintText": hint, "value": value, "type": "SINGLE_LINE"}})
    }));
    Some(form(words::FILL, widgets, &press(letter, if shares { words::SHARE } else { words::DONE }, "sent", &ask)))
}

/// A form for a draft.
fn draft(letter: &Letter, answer: &Answer<'_>, wanted: &Button) -> Value {
    let about = answer.text.first().map_or(words::CHECK_ABOUT, |about| &**about);
    let field = json!({"textInput": {
        "name": DRAFT, "label": words::DRAFT, "hintText": words::DRAFT_EXAMPLE, "type": "MULTIPLE_LINE",
        "validation": {"characterLimit": DRAFT_LENGTH},
    }});
    let widgets = vec![paragraph(&html(about, TEXT)), field];
    form(wanted.label, widgets, &press(letter, words::REVIEW, "sent", &wanted.ask))
}

fn form(title: &str, mut widgets: Vec<Value>, button: &Value) -> Value {
    widgets.push(json!({"buttonList": {"buttons": [button]}}));
    json!({"sections": [{"header": title, "widgets": widgets}]})
}
