//! Answers as Slack shows them: which messages are sent, and what stands in them.

use std::borrow::Cow;

use super::{
    FORM, Letter, Slack,
    blocks::{Block, Choice, Delete, Element, Message, Open, Options, ResponseType, Text, Value, View, most},
    mrkdwn::{Mrkdwn, mrkdwn},
};
use crate::{
    chat::{Call, Gesture, Outbound, Reply, json, markup::plain},
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::DRAFT,
        phrase, words,
    },
};

/// As many entries as these stand one below the other, a button each; more are a menu.
const FEW: usize = 8;
/// As many lines, with their reasons, leave room for what stands around them.
const LINES: usize = 20;
/// As many notes are shown, each cut so that they fit into one block.
const NOTES: usize = 10;
/// As many fields make a form that one still fills in.
const FIELDS: usize = 12;
/// Room for a line's number, step and conditions.
const LINE_LABEL: usize = 400;

const SPACE: Mrkdwn<'_> = Mrkdwn::ours(" ");
const NEW_LINE: Mrkdwn<'_> = Mrkdwn::ours("\n");

/// What goes back to a call.
pub(super) fn reply(slack: &Slack, letter: &Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    match (call.gesture, answer.audience) {
        // Who is lost while typing is shown an empty list, not all there is.
        (Gesture::Typing, _) => {
            Reply::json(&Options { options: if answer.found { options(&answer.entries) } else { Vec::new() } })
        }
        (Gesture::Typed, Audience::Room) => Reply::json(&shared(answer, None)),
        (Gesture::Typed | Gesture::Open | Gesture::Pointed, Audience::Person)
            if let Some(wanted) = answer.draft()
                && (call.gesture != Gesture::Typed || slack.bot_token.is_none()) =>
        {
            open(slack, letter, call.gesture, draft(letter, answer, wanted))
        }
        (Gesture::Typed, Audience::Person) => Reply::json(&whole(answer, None)),
        (Gesture::Pointed, _) => send(letter, [json(&whole(answer, Some(false)))]),
        (_, Audience::Room) => {
            send(letter, [json(&shared(answer, Some(&call.user))), json(&Delete { delete_original: true })])
        }
        (Gesture::Open | Gesture::Shared, Audience::Person) if let Some(form) = slots(letter, call.gesture, answer) => {
            open(slack, letter, call.gesture, form)
        }
        // What did not come to anything takes nothing away.
        (_, Audience::Person) => send(letter, [json(&whole(answer, Some(answer.found)))]),
    }
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button(reply_to: Option<String>) -> Reply {
    let words = Mrkdwn::ours(words::OLD_BUTTON);
    let blocks = vec![Block::section(words.clone())];
    let message = message(Some(ResponseType::Ephemeral), Some(false), words, blocks);
    Reply::then(reply_to.into_iter().map(|url| Outbound { url, bearer: None, body: json(&message) }).collect())
}

/// An empty reply, and messages to the address that came with the call; nothing where there was none that we trust.
fn send<const N: usize>(letter: &Letter, bodies: [Vec<u8>; N]) -> Reply {
    let Some(url) = &letter.reply_to else { return Reply::default() };
    Reply::then(bodies.into_iter().map(|body| Outbound { url: url.clone(), bearer: None, body }).collect())
}

/// Never with a preview of a link.
fn message<'a>(
    response_type: Option<ResponseType>,
    replace_original: Option<bool>,
    text: Mrkdwn<'a>,
    blocks: Vec<Block<'a>>,
) -> Message<'a> {
    Message { response_type, replace_original, text, blocks, unfurl_links: false, unfurl_media: false }
}

/// Only the words, for everyone, with who shared them where Slack does not show it.
fn shared<'a>(answer: &'a Answer<'_>, by: Option<&str>) -> Message<'a> {
    let mut blocks: Vec<Block<'_>> = match answer.said() {
        Some(said) => vec![Block::section(mrkdwn(said, most::TEXT))],
        None => answer.lines.iter().take(LINES).map(|line| Block::section(mrkdwn(&line.words, most::TEXT))).collect(),
    };
    left_out(&mut blocks, answer);
    if let Some(mention) = by.and_then(Mrkdwn::mention) {
        blocks.push(Block::context([[Mrkdwn::ours(words::SHARED_BY), SPACE, mention].into_iter().collect()]));
    }
    let said = answer.lines.iter().map(|line| line.words.as_str());
    message(Some(ResponseType::InChannel), by.map(|_| false), fallback(said), blocks)
}

/// The whole answer, for the person who asked.
fn whole<'a>(answer: &'a Answer<'_>, replace_original: Option<bool>) -> Message<'a> {
    let mut blocks = Vec::with_capacity(6);
    let heading = mrkdwn(&answer.heading, most::TEXT - 2).bold();
    blocks.push(if answer.lines.is_empty() { Block::section(heading) } else { Block::context([heading]) });
    notes(&mut blocks, answer);
    lines(&mut blocks, answer);
    blocks.extend(answer.text.iter().map(|text| Block::section(mrkdwn(text, most::TEXT))));
    if !answer.usage.is_empty() {
        blocks.push(Block::section(usage(answer)));
    }
    entries(&mut blocks, &answer.entries);
    if let Some(topic) = answer.topic {
        let advice = |label, text| labelled(label, [mrkdwn(text, most::TEXT - most::LABEL)]);
        blocks.push(Block::context([advice(words::TIP, &topic.tip), advice(words::AVOID, &topic.avoid)]));
    }
    if !answer.buttons.is_empty() {
        blocks.push(Block::actions(answer.buttons.iter().map(button)));
    }
    // The counts above leave room; this holds whatever they become.
    blocks.truncate(most::BLOCKS);
    message(Some(ResponseType::Ephemeral), replace_original, spoken(answer), blocks)
}

fn notes<'a>(blocks: &mut Vec<Block<'a>>, answer: &'a Answer<'_>) {
    let Some((first, more)) = answer.notes.split_first() else { return };
    if more.is_empty() {
        blocks.push(Block::context([mrkdwn(first, most::TEXT)]));
        return;
    }
    let mut parts = Vec::with_capacity(2 * NOTES + 1);
    for note in answer.notes.iter().take(NOTES) {
        parts.extend([mrkdwn(note, most::TEXT / NOTES - 10), NEW_LINE]);
    }
    if let Some(left_out) = answer.notes.len().checked_sub(NOTES).filter(|left_out| *left_out > 0) {
        parts.push(mrkdwn(&words::and_more(left_out), most::LABEL).into_owned());
    }
    blocks.push(Block::context([parts.into_iter().collect()]));
}

/// The line and why it works; or several, in order, each with a button that takes it.
fn lines<'a>(blocks: &mut Vec<Block<'a>>, answer: &'a Answer<'_>) {
    conditions(blocks, answer);
    if let Some(letter) = &answer.letter {
        blocks.push(Block::section(mrkdwn(letter, most::TEXT)));
        return;
    }
    if let [line] = &*answer.lines {
        blocks.push(Block::section(mrkdwn(&line.words, most::TEXT)));
        blocks.push(reason(line));
        return;
    }
    for (line, number) in answer.lines.iter().take(LINES).zip(1_usize..) {
        let label = line.label(number);
        let number = mrkdwn(&label, LINE_LABEL - 3).bold();
        let text = [number, NEW_LINE, mrkdwn(&line.words, most::TEXT - LINE_LABEL)].into_iter().collect();
        let pick = Element::button("pick", words::USE, Value::of(line.again()));
        blocks.push(Block::Section { text: Text::mrkdwn(text), accessory: Some(pick) });
        if answer.why {
            blocks.push(reason(line));
        }
    }
    left_out(blocks, answer);
}

/// What has to be known before the lines are said; each said once.
fn conditions(blocks: &mut Vec<Block<'_>>, answer: &Answer<'_>) {
    let conditions = answer.conditions();
    if !conditions.is_empty() {
        blocks.push(Block::context([mrkdwn(&conditions.join(" "), most::TEXT).into_owned()]));
    }
}

fn left_out(blocks: &mut Vec<Block<'_>>, answer: &Answer<'_>) {
    if answer.letter.is_some() {
        return;
    }
    if let Some(left_out) = answer.lines.len().checked_sub(LINES).filter(|left_out| *left_out > 0) {
        blocks.push(Block::context([mrkdwn(&words::and_more(left_out), most::TEXT).into_owned()]));
    }
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason<'a>(line: &'a Line<'_>) -> Block<'a> {
    let room = most::TEXT / 2 - most::LABEL;
    let instead = line.phrase.instead_of.as_deref().map(|bad| labelled(words::INSTEAD_OF, [mrkdwn(bad, room)]));
    let why = labelled(words::WHY, [mrkdwn(&line.phrase.why, room)]);
    let (title, author) = (mrkdwn(&line.article.title, room), mrkdwn(&line.article.author, room));
    let source = labelled(words::SOURCE, [title, Mrkdwn::ours(", "), author]);
    Block::context(instead.into_iter().chain([why, source]))
}

fn labelled<const N: usize>(label: &'static str, text: [Mrkdwn<'_>; N]) -> Mrkdwn<'static> {
    [Mrkdwn::ours("*"), Mrkdwn::ours(label), Mrkdwn::ours(":* ")].into_iter().chain(text).collect()
}

fn usage(answer: &Answer<'_>) -> Mrkdwn<'static> {
    let room = (most::TEXT / answer.usage.len().max(1)).saturating_sub(6) / 2;
    let lines = answer
        .usage
        .iter()
        .flat_map(|(typed, does)| [mrkdwn(typed, room).code(), Mrkdwn::ours("  "), mrkdwn(does, room), NEW_LINE]);
    lines.collect()
}

/// What to choose from: rows with a button each; a menu where there are many; a menu that asks what fits, as people
/// type, where there are too many even for that.
fn entries<'a>(blocks: &mut Vec<Block<'a>>, entries: &'a [Entry<'_>]) {
    if entries.is_empty() {
        return;
    }
    let placeholder = Text::plain(words::CHOOSE, most::PLACEHOLDER);
    match entries.len() {
        few if few <= FEW => blocks.extend(entries.iter().map(|entry| {
            let detail = if entry.detail.is_empty() { &entry.label } else { &entry.detail };
            let pick = Element::button("pick", &entry.label, Value::of(&*entry.ask));
            Block::Section { text: Text::mrkdwn(mrkdwn(detail, most::TEXT)), accessory: Some(pick) }
        })),
        many if many <= most::OPTIONS => {
            let menu = Element::StaticSelect { action_id: "pick", placeholder, options: options(entries) };
            blocks.push(Block::actions([menu]));
        }
        _ => {
            let menu = Element::ExternalSelect { action_id: "pick", placeholder, min_query_length: 0 };
            blocks.push(Block::Actions { block_id: Some(Value::of(listing(entries))), elements: vec![menu] });
        }
    }
}

/// The ask that lists these entries again: the topics of their command, if it is one.
fn listing(entries: &[Entry<'_>]) -> String {
    let mut commands = entries.iter().map(|entry| entry.ask.split_once('.').map(|(command, _)| command));
    match commands.next().flatten() {
        Some(command) if commands.all(|other| other == Some(command)) => format!("{command} list"),
        _ => "list".into(),
    }
}

fn options<'a>(entries: &'a [Entry<'_>]) -> Vec<Choice<'a>> {
    let option = |entry: &'a Entry<'_>| Choice {
        text: Text::plain(&entry.label, most::LABEL),
        value: Value::of(&*entry.ask),
        description: Some(Text::plain(&entry.detail, most::LABEL)).filter(|_| !entry.detail.is_empty()),
    };
    entries.iter().map(option).filter(|option| option.value.fits(most::OPTION)).take(most::OPTIONS).collect()
}

fn button(one: &Button) -> Element<'_> {
    let value = Value::of(&*one.ask);
    match one.kind {
        ButtonKind::Another => Element::button("another", one.label, value),
        ButtonKind::Fill | ButtonKind::Draft => Element::button("fill", one.label, value),
        ButtonKind::Share => Element::primary("share", one.label, value),
        ButtonKind::Next => Element::button("next", one.label, value),
        ButtonKind::Play => Element::button("play", one.label, value),
        ButtonKind::Letter => Element::button("letter", one.label, value),
    }
}

/// What a form asks, and what is to be done with it.
struct Form<'a> {
    title: &'static str,
    submit: &'static str,
    /// What is asked of the umbrella command with what is entered.
    ask: String,
    /// What stands above the fields, and is said where blocks are not shown.
    said: &'a str,
    blocks: Vec<Block<'a>>,
    /// Where *Back* leads.
    back: Option<String>,
}

/// A form with one field a slot of the topic, those of the line first.
fn slots<'a>(letter: &Letter, gesture: Gesture, answer: &'a Answer<'_>) -> Option<Form<'a>> {
    // Who wanted to share is asked for what is missing, and then it is shared.
    let shares = gesture == Gesture::Shared;
    let said = answer.said()?;
    let mut blocks = vec![Block::section(mrkdwn(said, most::TEXT))];
    notes(&mut blocks, answer);
    let fields = answer.fields();
    blocks.extend(fields.iter().take(FIELDS).map(|(slot, value)| {
        let element = Element::PlainTextInput {
            action_id: "value",
            initial_value: value.map(|value| plain(value, phrase::Value::LONGEST)),
            placeholder: Text::plain(&slot.example, most::PLACEHOLDER),
            max_length: phrase::Value::LONGEST,
            multiline: false,
        };
        field(letter, &slot.name, &slot.ask, true, element)
    }));
    let values: Vec<(&str, &str)> = fields.iter().filter_map(|(slot, value)| Some((&*slot.name, (*value)?))).collect();
    Some(Form {
        title: words::FILL,
        submit: if shares { words::SHARE } else { words::DONE },
        ask: answer.form_ask(if shares { "share" } else { "" }, &[])?,
        said,
        blocks,
        back: answer.form_ask("", &values),
    })
}

/// A form for a draft.
fn draft<'a>(letter: &Letter, answer: &'a Answer<'_>, wanted: &'a Button) -> Form<'a> {
    let about = answer.text.first().map_or(words::CHECK_ABOUT, |about| &**about);
    let element = Element::PlainTextInput {
        action_id: "value",
        initial_value: None,
        placeholder: Text::plain(words::DRAFT_EXAMPLE, most::PLACEHOLDER),
        max_length: most::FIELD,
        multiline: true,
    };
    Form {
        title: wanted.label,
        submit: words::REVIEW,
        ask: wanted.ask.clone(),
        said: about,
        blocks: vec![
            Block::section(mrkdwn(about, most::TEXT)),
            field(letter, DRAFT, words::DRAFT, false, element),
            Block::section(usage(answer)),
        ],
        back: None,
    }
}

fn field<'a>(letter: &Letter, name: &str, label: &'a str, optional: bool, element: Element<'a>) -> Block<'a> {
    let ticket = letter.ticket.as_deref().unwrap_or_default();
    // A block of a new form must not be called like one of the last, or Slack keeps what stood there.
    let block_id = format!("{name} {ticket}").chars().take(most::BLOCK_ID).collect();
    Block::Input { block_id, optional, label: Text::plain(label, most::LABEL), element }
}

/// Shows a form: in a window where we may open one, otherwise as the answer or in place of the message.
fn open(slack: &Slack, letter: &Letter, gesture: Gesture, form: Form<'_>) -> Reply {
    if gesture == Gesture::Typed {
        return Reply::json(&inline(form, None));
    }
    let Some(url) = &letter.reply_to else { return Reply::default() };
    // Whoever fills in the form shall not find in it where answers go.
    let sealed = slack.seals.seal(FORM.as_bytes(), format!("{url} {}", form.ask).as_bytes());
    let metadata = sealed.map(|sealed| Value(Cow::Owned(sealed))).filter(|metadata| metadata.fits(most::METADATA));
    match (&slack.bot_token, letter.ticket.as_deref(), metadata) {
        (Some(token), Some(ticket), Some(metadata)) if !ticket.is_empty() => {
            let view = View {
                callback_id: FORM,
                title: Text::plain(form.title, most::TITLE),
                submit: Text::plain(form.submit, most::TITLE),
                close: Text::plain(words::BACK, most::TITLE),
                private_metadata: metadata,
                blocks: form.blocks,
            };
            let body = json(&Open { trigger_id: ticket, view });
            let [_, api] = &slack.origins;
            Reply::then(vec![Outbound { url: format!("{api}/api/views.open"), bearer: Some(token.clone()), body }])
        }
        _ => send(letter, [json(&inline(form, Some(gesture != Gesture::Pointed)))]),
    }
}

/// A form as a message.
fn inline(form: Form<'_>, replace_original: Option<bool>) -> Message<'_> {
    let Form { submit, ask, said, mut blocks, back, .. } = form;
    let back = back.map(|ask| Element::button("back", words::BACK, Value::of(ask)));
    blocks.push(Block::actions([Element::primary("done", submit, Value::of(ask))].into_iter().chain(back)));
    message(Some(ResponseType::Ephemeral), replace_original, fallback([said].into_iter()), blocks)
}

/// The answer as one text, for notifications and screen readers.
fn spoken<'a>(answer: &'a Answer<'_>) -> Mrkdwn<'a> {
    if let (Some(said), []) = (answer.said(), &*answer.notes) {
        return mrkdwn(said, most::FALLBACK);
    }
    let mut said: Vec<Cow<'_, str>> = Vec::new();
    if answer.lines.is_empty() {
        said.push(Cow::Borrowed(&answer.heading));
    }
    said.extend(answer.lines.iter().map(|line| Cow::Borrowed(&*line.words)));
    said.extend(answer.notes.iter().map(|note| Cow::Borrowed(&**note)));
    said.extend(answer.text.iter().map(|text| Cow::Borrowed(&**text)));
    said.extend(answer.usage.iter().map(|(typed, does)| format!("{typed}: {does}").into()));
    said.extend(answer.entries.iter().map(|entry| format!("{}: {}", entry.label, entry.detail).into()));
    fallback(said.iter().map(|said| &**said)).into_owned()
}

fn fallback<'a>(mut said: impl Iterator<Item = &'a str> + Clone) -> Mrkdwn<'a> {
    let mut rest = said.clone().skip(1);
    match (said.next(), rest.next()) {
        (Some(only), None) => mrkdwn(only, most::FALLBACK),
        (first, second) => {
            let text: Vec<&str> = first.into_iter().chain(second).chain(rest).collect();
            mrkdwn(&text.join("\n"), most::FALLBACK).into_owned()
        }
    }
}
