//! Answers as Telegram shows them: which call goes back, and what stands in it.

use super::{
    Telegram,
    escape::Html,
    incoming::{Letter, Place, Way},
    inline,
    message::{Carrier, ForOne, Key, Keys, Message, Notice, Purpose, ReplyTo, most},
};
use crate::{
    chat::{Call, Gesture, Reply, markup::plain},
    say::{
        answer::{Answer, Audience, Button, ButtonKind, Entry, Line},
        ask::{CHECK, push_slot},
        book::{Slot, UMBRELLA},
        words,
    },
};

/// As many entries stand one below the other with what they are; more are buttons alone.
const FEW: usize = 8;
/// As many entries are buttons; a keyboard holds a hundred.
const ENTRIES: usize = 60;
/// As many lines have a button.
const LINES: usize = 40;
/// As many notes are shown, each so long.
const NOTES: usize = 10;
const NOTE: usize = 300;
/// What may stand in any paragraph but the words themselves.
const PARAGRAPH: usize = 1_000;
/// What the last paragraphs may take.
const TIP: usize = 300;
/// As many blanks are asked for at once.
const FIELDS: usize = 12;
/// As much of a command that can be typed is shown.
const TYPED: usize = 1_500;

/// What goes back to a call.
pub(super) fn reply(telegram: &Telegram, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
    let place = match letter {
        Letter::Chat(place) => place,
        Letter::Query(query, seen) => return inline::reply(&query, seen, answer),
    };
    let desk = Desk { telegram, place };
    let shares = call.gesture == Gesture::Shared;
    match (call.gesture, answer.audience) {
        // Whoever typed it where everybody saw that need not be named.
        (gesture, Audience::Room) => {
            let is_seen = gesture == Gesture::Typed && !matches!(desk.place.way, Way::ReplyForOne(_));
            desk.post(answer, !is_seen)
        }
        (Gesture::Open | Gesture::Shared, Audience::Person)
            if let Some(said) = answer.said()
                && let Some(ask) = answer.form_ask(if shares { "share" } else { "" }, &[]) =>
        {
            desk.ask_for_slots(answer, said, &ask, shares)
        }
        (Gesture::Typed | Gesture::Open, Audience::Person)
            if desk.place.is_private
                && let Some(wanted) = answer.draft() =>
        {
            desk.ask_for_draft(answer, wanted)
        }
        (_, Audience::Person) => desk.show(answer),
    }
}

/// A kind word for a button that we no longer understand.
pub(super) fn old_button(query: &str) -> Reply {
    Reply::json(&Notice {
        method: "answerCallbackQuery",
        callback_query_id: query,
        text: plain(words::OLD_BUTTON, most::NOTICE),
        show_alert: true,
    })
}

/// Paragraphs, as many as there is room for.
struct Page {
    text: Html,
    room: usize,
}

impl Page {
    fn new(room: usize) -> Self {
        Self { text: Html::default(), room }
    }

    /// Adds a paragraph, if it fits; whether it does.
    fn push(&mut self, paragraph: &Html) -> bool {
        self.add("\n\n", paragraph)
    }

    /// Adds a line to the last paragraph, if it fits.
    fn line(&mut self, line: &Html) -> bool {
        self.add("\n", line)
    }

    fn add(&mut self, gap: &str, html: &Html) -> bool {
        let gap = if self.text.is_empty() { "" } else { gap };
        let fits = !html.is_empty() && self.text.length() + gap.len() + html.length() <= self.room;
        if fits {
            self.text.push(&Html::ours(gap));
            self.text.push(html);
        }
        fits
    }

    fn left_out(&mut self, there: usize, shown: usize) {
        if let Some(left_out) = there.checked_sub(shown).filter(|left_out| *left_out > 0) {
            self.push(&Html::text(&words::and_more(left_out), NOTE));
        }
    }
}

/// Where an answer is written.
struct Desk<'t> {
    telegram: &'t Telegram,
    place: Place,
}

impl Desk<'_> {
    /// Whether everybody in the chat reads what is shown.
    fn is_public(&self) -> bool {
        !self.place.is_private && matches!(self.place.way, Way::Reply(_) | Way::Edit(_))
    }

    /// A message where the answer belongs.
    fn message<'a>(&'a self, text: Html, keys: Option<Keys<'a>>) -> Message<'a> {
        let Place { chat, user, .. } = self.place;
        let for_one = |query| ForOne {
            receiver_user_id: user,
            callback_query_id: query,
            replace_callback_query_message: query.map(|_| true),
        };
        match &self.place.way {
            Way::Reply(id) => {
                let to = ReplyTo::Message { message_id: *id, allow_sending_without_reply: true };
                Message {
                    reply_parameters: Some(to).filter(|_| !self.place.is_private),
                    ..self.new_message(text, keys)
                }
            }
            Way::ReplyForOne(id) => Message {
                reply_parameters: Some(ReplyTo::ForOne { ephemeral_message_id: *id }),
                ephemeral_message_parameters: Some(for_one(None)),
                ..self.new_message(text, keys)
            },
            Way::Edit(id) => Message { message_id: Some(*id), ..Message::new("editMessageText", chat, text, keys) },
            Way::EditForOne(id) => Message {
                receiver_user_id: Some(user),
                ephemeral_message_id: Some(*id),
                ..Message::new("editEphemeralMessageText", chat, text, keys)
            },
            // It inherits the place of what it covers.
            Way::Cover(query) => Message {
                ephemeral_message_parameters: Some(for_one(Some(query))),
                ..Message::new("sendMessage", chat, text, keys)
            },
        }
    }

    fn new_message<'a>(&self, text: Html, keys: Option<Keys<'a>>) -> Message<'a> {
        Message { message_thread_id: self.place.thread, ..Message::new("sendMessage", self.place.chat, text, keys) }
    }

    /// Only the words, for everyone; in private, to be sent on.
    fn post(&self, answer: &Answer<'_>, says_by: bool) -> Reply {
        let by = says_by && !self.place.is_private && !self.place.name.trim().is_empty();
        let by =
            Html::text(&if by { format!("{} {}", words::SHARED_BY, self.place.name) } else { String::new() }, NOTE);
        let mut page = Page::new(most::TEXT - by.length() - 2);
        match answer.said() {
            Some(said) => {
                page.push(&Html::text(said, most::TEXT - NOTE - 2));
            }
            None => {
                let shown =
                    answer.lines.iter().take_while(|line| page.push(&Html::text(&line.words, PARAGRAPH))).count();
                page.room += by.length();
                page.left_out(answer.lines.len(), shown);
            }
        }
        page.room = most::TEXT;
        page.push(&by);
        let on = self.elsewhere(answer).into_iter().collect::<Vec<_>>();
        Reply::json(
            &self.new_message(page.text, Keys::rows(Some(on).filter(|row| !row.is_empty()).into_iter().collect())),
        )
    }

    /// A button that says the words in another chat, where the bot is asked there.
    fn elsewhere<'a>(&self, answer: &Answer<'_>) -> Option<Key<'a>> {
        let [line] = &*answer.lines else { return None };
        let can = self.telegram.inline && self.place.is_private && answer.letter.is_none();
        can.then(|| Key::elsewhere(words::ELSEWHERE, line.again()))?
    }

    /// The whole answer with its buttons; where everybody reads it, without the coaching.
    fn show(&self, answer: &Answer<'_>) -> Reply {
        let picks: Vec<String> =
            if answer.said().is_none() { answer.lines.iter().map(Line::again).collect() } else { Vec::new() };
        let asks = answer.buttons.iter().map(|one| &one.ask).chain(&picks).map(|ask| &**ask);
        let carrier = Carrier::of(answer, asks);
        let carried = carrier.carried.as_deref().map(|given| Html::code(given, most::CARRIED)).unwrap_or_default();
        let mut page = Page::new(most::TEXT - carried.length() - 2);
        self.write(&mut page, answer);
        page.room = most::TEXT;
        page.push(&carried);
        let keys = Keys::rows(self.keys(answer, &picks, &carrier));
        Reply::json(&self.message(page.text, keys))
    }

    fn write(&self, page: &mut Page, answer: &Answer<'_>) {
        page.push(&Html::text(&answer.heading, PARAGRAPH).bold());
        for note in answer.notes.iter().take(NOTES) {
            page.push(&Html::text(note, NOTE));
        }
        page.left_out(answer.notes.len(), NOTES);
        lines(page, answer, !self.is_public());
        let shown = answer.text.iter().take_while(|text| page.push(&Html::text(text, PARAGRAPH))).count();
        page.left_out(answer.text.len(), shown);
        for (typed, does) in &answer.usage {
            page.line(&[Html::code(typed, NOTE), Html::text(&format!(" {does}"), NOTE)].into_iter().collect());
        }
        if answer.entries.len() <= FEW {
            for entry in &answer.entries {
                page.push(&Html::text(&entry.label, NOTE).bold());
                page.line(&Html::text(&entry.detail, TIP));
            }
        }
        page.left_out(answer.entries.len(), ENTRIES);
        if let Some(topic) = answer.topic.filter(|_| !self.is_public()) {
            page.push(&labelled(words::TIP, &topic.tip));
            page.line(&labelled(words::AVOID, &topic.avoid));
        }
    }

    fn keys<'a>(&self, answer: &'a Answer<'_>, picks: &[String], carrier: &Carrier) -> Vec<Vec<Key<'a>>> {
        let mut keys = uses(answer, picks, carrier);
        keys.extend(entries(answer, carrier));
        let is_shown = |one: &&Button| match one.kind {
            ButtonKind::Another | ButtonKind::Next => true,
            // A form is asked for by typing the command in private.
            ButtonKind::Draft => false,
            _ => !self.is_public(),
        };
        let mut pressed: Vec<Key<'_>> =
            answer.buttons.iter().filter(is_shown).filter_map(|one| button(answer, one, carrier)).collect();
        if let Some(said) = answer.said() {
            if self.is_public() {
                let again = answer.lines.first().filter(|_| answer.letter.is_none()).map(Line::again);
                let data = again.and_then(|again| carrier.data(answer, Purpose::Mine, &again));
                pressed.extend(data.map(|data| Key::press(words::MINE, data)));
            } else {
                pressed.extend(Key::copy(words::COPY, said));
            }
        }
        keys.extend(rows(pressed.into_iter(), 2));
        keys
    }

    /// Asks for what goes into the blanks. Who wanted to share is asked for what is missing, and then it is shared.
    fn ask_for_slots(&self, answer: &Answer<'_>, said: &str, ask: &str, shares: bool) -> Reply {
        let mut fields = answer.fields();
        fields.truncate(FIELDS);
        let typed = command(answer, ask);
        let title = if shares { words::SHARE } else { words::FILL };
        let mut page = Page::new(most::TEXT - typed.length() - 2);
        page.push(&Html::text(title, NOTE).bold());
        page.push(&Html::text(said, PARAGRAPH).quoted());
        for (slot, _) in &fields {
            let about = format!(" {} ({})", slot.ask, slot.example);
            page.line(&[Html::code(&slot.name, NOTE), Html::text(&about, NOTE)].into_iter().collect());
        }
        let example = example(fields.first().map(|(slot, _)| *slot));
        let how = if self.place.is_private { words::REPLY_WITH } else { words::SEND_WITH };
        page.push(&Html::text(how, NOTE));
        page.room = most::TEXT;
        page.line(&typed);
        self.prompt(page.text, answer, &example)
    }

    /// Asks for a draft.
    fn ask_for_draft(&self, answer: &Answer<'_>, wanted: &Button) -> Reply {
        let mut page = Page::new(most::TEXT);
        page.push(&Html::text(wanted.label, NOTE).bold());
        for text in &answer.text {
            page.push(&Html::text(text, PARAGRAPH));
        }
        page.push(&Html::text(words::REPLY_WITH_DRAFT, NOTE));
        page.line(&Html::code(&format!("/{UMBRELLA} {CHECK}"), NOTE));
        self.prompt(page.text, answer, words::DRAFT_EXAMPLE)
    }

    /// In private the client opens a reply. In a group, where others would be asked to reply as well, the message takes the
    /// place of the one that was pressed in.
    fn prompt(&self, text: Html, answer: &Answer<'_>, example: &str) -> Reply {
        if self.place.is_private {
            return Reply::json(&self.new_message(text, Some(Keys::reply(example))));
        }
        // What was filled in stands in the command.
        let carrier = Carrier { carried: Some(String::new()) };
        let back = answer.lines.first().filter(|_| answer.letter.is_none()).map(Line::again);
        let back = back.and_then(|back| carrier.data(answer, Purpose::Pick, &back));
        let back = back.map(|data| vec![Key::press(words::BACK, data)]);
        Reply::json(&self.message(text, Keys::rows(back.into_iter().collect())))
    }
}

/// The command that an ask is, with every blank in it; what fills them now is left out where that is too long.
fn command(answer: &Answer<'_>, ask: &str) -> Html {
    let typed = |is_filled: bool| {
        let mut typed = format!("/{UMBRELLA} {ask}");
        for (slot, value) in answer.fields() {
            push_slot(&mut typed, &slot.name, value.filter(|_| is_filled).unwrap_or_default());
        }
        Html::code(&typed, usize::MAX)
    };
    let filled = typed(true);
    if filled.length() <= TYPED { filled } else { typed(false) }
}

/// What a reply may look like.
fn example(slot: Option<&Slot>) -> String {
    slot.map_or_else(String::new, |slot| format!("{}=\"{}\"", slot.name, slot.example))
}

/// The line and why it works; or several, in order.
fn lines(page: &mut Page, answer: &Answer<'_>, coaches: bool) {
    for condition in answer.conditions() {
        page.push(&Html::text(&condition, NOTE));
    }
    if let Some(letter) = &answer.letter {
        // One tap copies it.
        page.push(&Html::block(letter, most::TEXT / 2 + PARAGRAPH / 2));
        return;
    }
    if let [line] = &*answer.lines {
        page.push(&Html::text(&line.words, most::TEXT / 2).quoted());
        if coaches {
            reason(page, line);
        }
        return;
    }
    let mut shown = 0;
    for (line, number) in answer.lines.iter().zip(1_usize..) {
        let said = Html::text(&line.words, PARAGRAPH).quoted();
        let label = Html::text(&line.label(number), NOTE).bold();
        // What comes after the lines has to have room too.
        let fits = page.text.length() + label.length() + said.length() + PARAGRAPH <= page.room;
        if !fits || !page.push(&[label, Html::ours("\n"), said].into_iter().collect()) {
            break;
        }
        shown = number;
        if answer.why && coaches {
            reason(page, line);
        }
    }
    page.left_out(answer.lines.len(), shown);
}

/// Why it works, what it is said instead of, and where it comes from.
fn reason(page: &mut Page, line: &Line<'_>) {
    let source = format!("{}, {}", line.article.title, line.article.author);
    if let Some(bad) = line.phrase.instead_of.as_deref() {
        page.line(&labelled(words::INSTEAD_OF, bad));
    }
    page.line(&labelled(words::WHY, &line.phrase.why));
    page.line(&labelled(words::SOURCE, &source));
}

fn labelled(label: &str, text: &str) -> Html {
    if text.is_empty() {
        return Html::default();
    }
    [Html::text(label, NOTE).bold(), Html::text(&format!(": {text}"), TIP)].into_iter().collect()
}

/// A button for each of several lines, by its number.
fn uses<'a>(answer: &Answer<'_>, picks: &[String], carrier: &Carrier) -> Vec<Vec<Key<'a>>> {
    let numbered = picks.iter().zip(1..).take(LINES);
    let button =
        |(ask, number): (&String, usize)| Some(Key::numbered(number, carrier.data(answer, Purpose::Pick, ask)?));
    rows(numbered.filter_map(button), 8)
}

/// What to choose from: one below the other where they are few, else two beside one another.
fn entries<'a>(answer: &'a Answer<'_>, carrier: &Carrier) -> Vec<Vec<Key<'a>>> {
    let entries = answer.entries.iter().take(ENTRIES);
    let button =
        |entry: &'a Entry<'_>| Some(Key::press(&entry.label, carrier.data(answer, Purpose::Pick, &entry.ask)?));
    rows(entries.filter_map(button), if answer.entries.len() <= FEW { 1 } else { 2 })
}

/// Rows of so many buttons.
fn rows<'a>(buttons: impl Iterator<Item = Key<'a>>, of: usize) -> Vec<Vec<Key<'a>>> {
    let mut buttons = buttons.peekable();
    let mut rows = Vec::new();
    while buttons.peek().is_some() {
        rows.push(buttons.by_ref().take(of).collect());
    }
    rows
}

fn button<'a>(answer: &Answer<'_>, one: &'a Button, carrier: &Carrier) -> Option<Key<'a>> {
    let kind = match one.kind {
        ButtonKind::Another => Purpose::Another,
        ButtonKind::Fill | ButtonKind::Draft => Purpose::Fill,
        ButtonKind::Share => Purpose::Share,
        ButtonKind::Next => Purpose::Next,
        ButtonKind::Play => Purpose::Play,
        ButtonKind::Letter => Purpose::Letter,
    };
    Some(Key::press(one.label, carrier.data(answer, kind, &one.ask)?))
}
