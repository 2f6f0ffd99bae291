//! Answers as Mattermost shows them: which messages are sent, and what stands in them.

use std::borrow::Cow;

use super::{
    Buttons, Letter, Mattermost,
    escape::mattermost,
    message::{
        Action, Attachment, Choice, Context, Dialog, Element, Error, Integration, Line as Told, Message, Open, Props,
        ResponseType, Taken, Update, Updated, most,
    },
    seal::{Meaning, Purpose, Talk},
};
use crate::{
    chat::{
        Call, Gesture, Outbound, Reply, json,
        markup::{Markdown, plain},
    },
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::{DRAFT, push_slot},
        book::UMBRELLA,
        phrase::Value,
        words,
    },
};

/// As many entries are buttons; more are a menu.
const FEW: usize = 5;
/// As many entries, with what they are, leave room for what stands around them.
const ENTRIES: usize = 50;
/// As many lines do.
const LINES: usize = 20;
/// As many notes are shown.
const NOTES: usize = 10;
/// As many fields make a form that one still fills in.
const FIELDS: usize = 12;
/// Room for all lines, all entries or all that can be typed.
const ROOM: usize = 12_000;

const SPACE: Markdown<'_> = Markdown::ours(" ");

/// What goes back to a call.
pub(super) fn reply(mattermost: &Mattermost, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    let Letter { talk, ticket } = letter;
    let ticket = ticket.as_deref();
    let desk = Desk { mattermost, talk };
    match (call.gesture, answer.audience) {
        (Gesture::Typed, Audience::Room) => Reply::json(&shared(answer)),
        (Gesture::Typed, Audience::Person) => Reply::json(&desk.private(answer)),
        (Gesture::Open | Gesture::Shared, Audience::Person)
            if let Some(said) = answer.said().filter(|_| !answer.values.is_empty()) =>
        {
            desk.slots(ticket, call.gesture == Gesture::Shared, answer, said)
        }
        (Gesture::Open, Audience::Person) if let Some(wanted) = answer.draft() => desk.draft(ticket, answer, wanted),
        (Gesture::Filled, _) if !desk.talk.takes(0) => Reply::json(&Error { error: words::TOO_LATE.into() }),
        (_, Audience::Room) if desk.talk.takes(0) => desk.send(&shared(answer)),
        (_, Audience::Room) => tell(typed_buttons(&answer.buttons, &answer.lines).collect()),
        (Gesture::Pressed, Audience::Person) if mattermost.updates => {
            let Message { text, attachments, .. } = desk.private(answer);
            Reply::json(&Update { update: Updated { message: text, props: Props { attachments } } })
        }
        // One message is left for Share.
        (_, Audience::Person) if desk.talk.takes(u8::from(call.gesture == Gesture::Pressed)) => {
            let desk = Desk { mattermost, talk: desk.talk.after_one() };
            desk.send(&desk.private(answer))
        }
        (_, Audience::Person) => tell(Desk { mattermost, talk: Talk::default() }.whole(answer, false)),
    }
}

/// The reply to a press or a form that needs none of its own, and what follows it. Servers that cannot read nothing as JSON
/// show an error to whoever pressed, although everything else works.
pub(super) fn taken(after: Option<Outbound>) -> Reply {
    Reply { after: after.into_iter().collect(), ..Reply::json(&Taken {}) }
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button() -> Reply {
    tell(Markdown::ours(words::OLD_BUTTON))
}

/// A line under the message that was clicked in: all that an answer to a click can be without a message of its own.
fn tell(text: Markdown<'_>) -> Reply {
    Reply::json(&Told { ephemeral_text: text, skip_slack_parsing: true })
}

/// Only the words, for everyone; Mattermost says who shared them.
fn shared<'a>(answer: &'a Answer<'_>) -> Message<'a> {
    let room = ROOM / answer.lines.len().clamp(1, LINES);
    let mut page = Page::default();
    match &answer.letter {
        Some(letter) => page.push(mattermost(letter, ROOM)),
        None => {
            answer.lines.iter().take(LINES).for_each(|line| page.push(mattermost(&line.words, room)));
            page.left_out(answer.lines.len(), LINES);
        }
    }
    Message { response_type: ResponseType::InChannel, text: page.0, skip_slack_parsing: true, attachments: Vec::new() }
}

/// Paragraphs, as many as a message holds.
#[derive(Default)]
struct Page(Markdown<'static>);

impl Page {
    fn push(&mut self, paragraph: Markdown<'_>) {
        let gap = if self.0.is_empty() { Markdown::default() } else { Markdown::ours("\n\n") };
        if !paragraph.is_empty() && self.0.length() + gap.length() + paragraph.length() <= most::TEXT {
            self.0.extend([gap, paragraph]);
        }
    }

    fn left_out(&mut self, there: usize, shown: usize) {
        if let Some(left_out) = there.checked_sub(shown).filter(|left_out| *left_out > 0) {
            self.push(mattermost(&words::and_more(left_out), most::PLACEHOLDER));
        }
    }
}

/// Where an answer is written: what it can offer depends on what is left of the command.
struct Desk<'m> {
    mattermost: &'m Mattermost,
    talk: Talk,
}

impl Desk<'_> {
    /// The message, and the reply before it.
    fn send(&self, message: &Message<'_>) -> Reply {
        let url = self.talk.to.clone();
        taken(url.map(|url| Outbound { url, bearer: None, body: json(message) }))
    }

    /// The whole answer with its buttons, for the person who asked.
    fn private<'a>(&self, answer: &'a Answer<'_>) -> Message<'a> {
        let actions = self.mattermost.buttons.as_ref().map(|buttons| self.actions(buttons, answer));
        let attachment =
            |actions: Vec<_>| (!actions.is_empty()).then_some(Attachment { fallback: words::CHOOSE, actions });
        Message {
            response_type: ResponseType::Ephemeral,
            text: self.whole(answer, self.mattermost.buttons.is_some()),
            skip_slack_parsing: true,
            attachments: actions.and_then(attachment).into_iter().collect(),
        }
    }

    /// Whether a button for this move can do anything. Others are said as what to type.
    fn can(&self, one: &Button) -> bool {
        matches!(one.kind, ButtonKind::Another | ButtonKind::Next | ButtonKind::Play | ButtonKind::Letter)
            || self.talk.takes(0)
    }

    fn whole(&self, answer: &Answer<'_>, with_buttons: bool) -> Markdown<'static> {
        let mut page = Page::default();
        page.push(mattermost(&answer.heading, 1_000).bold());
        for note in answer.notes.iter().take(NOTES) {
            page.push(mattermost(note, 300));
        }
        page.left_out(answer.notes.len(), NOTES);
        lines(&mut page, answer);
        for text in &answer.text {
            page.push(mattermost(text, 1_000));
        }
        let room = ROOM / 2 / answer.usage.len().max(1);
        page.push(rows(answer.usage.iter().map(|(typed, does)| (typed.as_str(), mattermost(does, room))), room));
        let room = ROOM / 2 / answer.entries.len().clamp(1, ENTRIES);
        let entries: Vec<(String, Markdown<'_>)> =
            answer.entries.iter().take(ENTRIES).map(|entry| entry_row(entry, room)).collect();
        page.push(rows(entries.iter().map(|(typed, what)| (typed.as_str(), what.clone())), room));
        page.left_out(answer.entries.len(), ENTRIES);
        if let Some(topic) = answer.topic {
            let tip = labelled(words::TIP, [mattermost(&topic.tip, 500)]);
            page.push(
                [tip, Markdown::ours("\n"), labelled(words::AVOID, [mattermost(&topic.avoid, 500)])]
                    .into_iter()
                    .collect(),
            );
        }
        // How to check a draft without a form has been said.
        let typed =
            answer.buttons.iter().filter(|one| one.kind != ButtonKind::Draft && !(with_buttons && self.can(one)));
        let typed: Vec<Button> = typed.cloned().collect();
        page.push(typed_buttons(&typed, &answer.lines).collect());
        page.0
    }

    fn actions<'a>(&self, buttons: &Buttons, answer: &'a Answer<'_>) -> Vec<Action<'a>> {
        let action = |id: String, kind, name, does: &str, ask: &str, options| Action {
            id,
            kind,
            name,
            style: (does == "share").then_some("primary"),
            options,
            integration: self.integration(buttons, does, ask),
        };
        let menu = |options: Vec<Choice<'a>>| {
            action("pick".into(), "select", Cow::Borrowed(words::CHOOSE), "pick", "", options)
        };
        let label = |text: &'a str| plain(text, most::LABEL);
        let mut actions = Vec::new();
        if answer.lines.len() > 1 && answer.letter.is_none() {
            let option = |(line, number): (&Line<'_>, usize)| Choice {
                text: plain(&format!("{number}. {}", line.words), most::LABEL).into_owned().into(),
                value: line.again().into(),
            };
            actions.push(menu(answer.lines.iter().zip(1..).take(LINES).map(option).collect()));
        }
        if answer.entries.len() > FEW {
            let option = |entry: &'a Entry<'_>| Choice { text: label(&entry.label), value: Cow::Borrowed(&*entry.ask) };
            actions.push(menu(answer.entries.iter().take(ENTRIES).map(option).collect()));
        } else {
            let button = |(entry, number): (&'a Entry<'_>, usize)| {
                action(format!("pick{number}"), "button", label(&entry.label), "pick", &entry.ask, Vec::new())
            };
            actions.extend(answer.entries.iter().zip(1..).map(button));
        }
        let pressed = answer.buttons.iter().filter(|one| self.can(one));
        actions.extend(pressed.map(|one| {
            let id = id(one.kind);
            action(id.into(), "button", label(one.label), id, &one.ask, Vec::new())
        }));
        actions
    }

    fn integration(&self, buttons: &Buttons, does: &str, ask: &str) -> Integration {
        let meaning = Meaning { talk: self.talk.clone(), does: does.into(), ask: ask.into() };
        let seal = meaning.seal(&buttons.keys, Purpose::Action);
        Integration { url: format!("{}/mattermost/actions", buttons.base), context: Context { seal } }
    }

    /// A form with one field a slot. Who wanted to share is asked for what is missing, and then it is shared.
    fn slots(&self, ticket: Option<&str>, shares: bool, answer: &Answer<'_>, said: &str) -> Reply {
        let ask = answer.form_ask(if shares { "share" } else { "" }, &[]).unwrap_or_default();
        let dialog = |state| Dialog {
            callback_id: "fill",
            title: plain(words::FILL, most::TITLE),
            introduction_text: mattermost(said, most::TEXT),
            elements: answer.fields().iter().take(FIELDS).map(|(slot, value)| field(slot, *value)).collect(),
            submit_label: if shares { words::SHARE } else { words::DONE },
            notify_on_cancel: false,
            state,
        };
        let open = self.open(ticket, ask, dialog);
        open.unwrap_or_else(|| tell(typed_buttons(&answer.buttons, &answer.lines).collect()))
    }

    /// A form for a draft.
    fn draft(&self, ticket: Option<&str>, answer: &Answer<'_>, wanted: &Button) -> Reply {
        let about = answer.text.first().map_or(words::CHECK_ABOUT, |about| &**about);
        let dialog = |state| Dialog {
            callback_id: "fill",
            title: plain(wanted.label, most::TITLE),
            introduction_text: mattermost(about, most::TEXT),
            elements: vec![Element {
                display_name: plain(words::DRAFT, most::TITLE),
                name: DRAFT,
                kind: "textarea",
                default: None,
                placeholder: plain(words::DRAFT_EXAMPLE, most::PLACEHOLDER),
                help_text: Cow::default(),
                optional: false,
                min_length: 0,
                max_length: most::TEXTAREA,
            }],
            submit_label: words::REVIEW,
            notify_on_cancel: false,
            state,
        };
        let open = self.open(ticket, wanted.ask.clone(), dialog);
        open.unwrap_or_else(|| tell(self.whole(answer, false)))
    }

    /// Opens a form in a window of its own, where there is a way to do that.
    fn open<'a>(
        &self,
        ticket: Option<&'a str>,
        ask: String,
        dialog: impl FnOnce(String) -> Dialog<'a>,
    ) -> Option<Reply> {
        let site = self.talk.to.as_deref().and_then(|url| self.mattermost.site(url)).filter(|_| self.talk.takes(0))?;
        let buttons = self.mattermost.buttons.as_ref()?;
        let state = Meaning { talk: self.talk.clone(), does: "fill".into(), ask }.seal(&buttons.keys, Purpose::Dialog);
        let url = format!("{}/mattermost/dialogs", buttons.base);
        let body = json(&Open { trigger_id: ticket?, url, dialog: dialog(state) });
        let url = format!("{site}/api/v4/actions/dialogs/open");
        Some(taken(Some(Outbound { url, bearer: None, body })))
    }
}

/// A field for a slot: of one line, unless what fills it now is too long for that.
fn field<'a>(slot: &'a crate::say::book::Slot, value: Option<&'a str>) -> Element<'a> {
    let is_long = value.is_some_and(|value| value.encode_utf16().count() > most::FIELD);
    Element {
        display_name: plain(&slot.name, most::TITLE),
        name: &slot.name,
        kind: if is_long { "textarea" } else { "text" },
        default: value.map(|value| plain(value, Value::LONGEST)),
        placeholder: plain(&slot.example, most::PLACEHOLDER),
        help_text: plain(&slot.ask, most::PLACEHOLDER),
        optional: true,
        min_length: 0,
        max_length: if is_long { Value::LONGEST } else { most::FIELD },
    }
}

/// The line and why it works; or several, in order.
fn lines(page: &mut Page, answer: &Answer<'_>) {
    for condition in answer.conditions() {
        page.push(mattermost(&condition, 300));
    }
    if let Some(letter) = &answer.letter {
        page.push(mattermost(letter, ROOM));
        return;
    }
    if let [line] = &*answer.lines {
        page.push([Markdown::ours("> "), mattermost(&line.words, ROOM / 2)].into_iter().collect());
        page.push(reason(line, 500));
        return;
    }
    let room = ROOM / answer.lines.len().clamp(1, LINES) / if answer.why { 6 } else { 2 };
    for (line, number) in answer.lines.iter().take(LINES).zip(1_usize..) {
        let number = mattermost(&line.label(number), 400).bold();
        page.push([number, Markdown::ours("\n> "), mattermost(&line.words, room)].into_iter().collect());
        if answer.why {
            page.push(reason(line, room));
        }
    }
    page.left_out(answer.lines.len(), LINES);
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason(line: &Line<'_>, room: usize) -> Markdown<'static> {
    let end = || Markdown::ours("\n");
    let instead = line.phrase.instead_of.as_deref();
    let instead = instead.map(|bad| [labelled(words::INSTEAD_OF, [mattermost(bad, room)]), end()]);
    let why = labelled(words::WHY, [mattermost(&line.phrase.why, room)]);
    let (title, author) = (mattermost(&line.article.title, room), mattermost(&line.article.author, room));
    let source = labelled(words::SOURCE, [title, Markdown::ours(", "), author]);
    instead.into_iter().flatten().chain([why, end(), source]).collect()
}

fn labelled<const N: usize>(label: &'static str, text: [Markdown<'_>; N]) -> Markdown<'static> {
    [Markdown::ours(label).bold(), SPACE].into_iter().chain(text).collect()
}

/// What can be typed, and what it does: one below the other.
fn rows<'a>(rows: impl Iterator<Item = (&'a str, Markdown<'a>)>, room: usize) -> Markdown<'static> {
    let row = |(typed, does)| [Markdown::ours("- "), Markdown::code(typed, room), SPACE, does, Markdown::ours("\n")];
    rows.flat_map(row).collect()
}

fn entry_row<'a>(entry: &'a Entry<'_>, room: usize) -> (String, Markdown<'a>) {
    let typed = typed(&entry.ask);
    let detail = mattermost(&entry.detail, room);
    // What is typed may be its name already.
    let named = typed.starts_with(&*entry.label);
    let what =
        if named { detail } else { [mattermost(&entry.label, room).bold(), SPACE, detail].into_iter().collect() };
    (typed, what)
}

/// Moves as what to type for them.
fn typed_buttons<'a>(buttons: &'a [Button], lines: &'a [Line<'_>]) -> impl Iterator<Item = Markdown<'a>> {
    buttons.iter().flat_map(move |one| {
        let mut ask = one.ask.clone();
        let open = lines.iter().flat_map(|line| &line.slots).filter(|(_, value)| value.is_none());
        for (slot, _) in open.filter(|_| one.kind == ButtonKind::Fill) {
            push_slot(&mut ask, &slot.name, &slot.example);
        }
        [Markdown::ours(one.label).bold(), SPACE, Markdown::code(&typed(&ask), 2_000), Markdown::ours("\n")]
    })
}

/// What to type for an ask of the umbrella command: with a command of its own where it names one.
fn typed(ask: &str) -> String {
    let (first, rest) = ask.split_once(' ').unwrap_or((ask, ""));
    match first.split_once('.') {
        Some((command, topic)) => format!("/{command} {topic} {rest}").trim_end().to_owned(),
        None if rest.is_empty() => format!("/{first}"),
        None => format!("/{UMBRELLA} {ask}"),
    }
}

fn id(kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Another => "another",
        ButtonKind::Fill | ButtonKind::Draft => "fill",
        ButtonKind::Share => "share",
        ButtonKind::Next => "next",
        ButtonKind::Play => "play",
        ButtonKind::Letter => "letter",
    }
}
