//! What Teams reads: cards (Adaptive Cards 1.2, which every client shows), and what they travel in.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::{VERSION, escape::teams};
use crate::chat::markup::{Markdown, plain};

/// Limits: ours where Teams has none, so that whatever is filled in a card stays below its 28 kB.
pub(super) mod most {
    pub(crate) const WORDS: usize = 6_000;
    pub(crate) const TEXT: usize = 1_500;
    pub(crate) const NOTE: usize = 400;
    pub(crate) const LABEL: usize = 200;
    pub(crate) const BUTTON: usize = 60;
    pub(crate) const TITLE: usize = 64;
    /// Bytes of a whole answer.
    pub(crate) const ANSWER: usize = 25_000;
}

const ADAPTIVE: &str = "application/vnd.microsoft.card.adaptive";
const THUMBNAIL: &str = "application/vnd.microsoft.card.thumbnail";

/// A card.
#[derive(Serialize)]
pub(super) struct Card<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    pub(super) body: Vec<Element<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) actions: Vec<Action<'a>>,
}

impl<'a> Card<'a> {
    pub(super) fn of(body: Vec<Element<'a>>, actions: Vec<Action<'a>>) -> Self {
        let schema = "http://adaptivecards.io/schemas/adaptive-card.json";
        Self { kind: "AdaptiveCard", schema, version: "1.2", body, actions }
    }
}

/// A part of a card, one below the other.
#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) enum Element<'a> {
    /// Words, in which no markup is read.
    #[serde(rename = "RichTextBlock")]
    Words { inlines: Vec<Run>, separator: bool },
    #[serde(rename = "Input.Text", rename_all = "camelCase")]
    Field {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Cow<'a, str>>,
        placeholder: Cow<'a, str>,
        max_length: usize,
        is_multiline: bool,
    },
    #[serde(rename = "Input.ChoiceSet")]
    Menu { id: &'static str, style: &'static str, placeholder: &'static str, choices: Vec<Choice<'a>> },
    #[serde(rename = "ActionSet")]
    Buttons { actions: Vec<Action<'a>> },
    #[serde(rename = "ColumnSet")]
    Row { columns: [Column<'a>; 2], separator: bool },
}

/// A part of a row.
#[derive(Serialize)]
pub(super) struct Column<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    width: &'static str,
    items: [Box<Element<'a>>; 1],
}

/// How words look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As they are.
    Plain,
    /// A heading.
    Bold,
    /// Beside what matters.
    Subtle,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run {
    #[serde(rename = "type")]
    kind: &'static str,
    text: Markdown<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_subtle: bool,
}

impl<'a> Element<'a> {
    /// What is entered or chosen, and beside it the button that sends it.
    pub(super) fn row(input: Self, button: Action<'a>) -> Self {
        let column = |width, item| Column { kind: "Column", width, items: [Box::new(item)] };
        let button = Self::Buttons { actions: vec![button] };
        Self::Row { columns: [column("stretch", input), column("auto", button)], separator: false }
    }

    /// Words; none where there is nothing to be seen, which Teams would refuse.
    pub(super) fn words(text: &str, most: usize, look: Look) -> Option<Self> {
        let text = teams(text, most);
        let weight = (look == Look::Bold).then_some("Bolder");
        let is_seen = !text.as_str().trim().is_empty();
        let run = Run { kind: "TextRun", text, weight, is_subtle: look == Look::Subtle };
        is_seen.then(|| Self::Words { inlines: vec![run], separator: false })
    }

    /// With a line above.
    pub(super) fn apart(mut self) -> Self {
        if let Self::Words { separator, .. } | Self::Row { separator, .. } = &mut self {
            *separator = true;
        }
        self
    }
}

/// An entry of a menu, and the ask that it stands for.
#[derive(Serialize)]
pub(super) struct Choice<'a> {
    pub(super) title: Markdown<'static>,
    pub(super) value: Cow<'a, str>,
}

/// A button.
#[derive(Serialize)]
pub(super) struct Action<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: Cow<'a, str>,
    data: Data,
}

impl<'a> Action<'a> {
    pub(super) fn of(title: &'a str, press: Press, ask: &str) -> Self {
        Self { kind: "Action.Submit", title: plain(title, most::BUTTON), data: Data::of(press, ask) }
    }
}

/// What a button means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    /// The answer takes the dialog's place.
    Another,
    /// A form.
    Fill,
    /// Into the message box.
    Share,
    /// The form is sent.
    Done,
    /// What was typed into the dialog's field is asked, of this command.
    Find,
    /// What was chosen from the dialog's menu is asked.
    Choose,
}

impl Press {
    pub(super) const ALL: [Self; 6] = [Self::Another, Self::Fill, Self::Share, Self::Done, Self::Find, Self::Choose];

    pub(super) const fn sign(self) -> char {
        match self {
            Self::Another => 'a',
            Self::Fill => 'f',
            Self::Share => 's',
            Self::Done => 'd',
            Self::Find => 'q',
            Self::Choose => 'c',
        }
    }
}

/// What a button carries: `v1 a recover.billing.hoped-for`.
pub(super) struct Data(String);

impl Data {
    pub(super) const NAME: &str = "saywell";

    pub(super) fn of(press: Press, ask: &str) -> Self {
        Self(format!("{VERSION} {} {ask}", press.sign()))
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Named<'a> {
            saywell: &'a str,
        }
        Named { saywell: &self.0 }.serialize(serializer)
    }
}

/// A card with what says what kind it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attachment<'a> {
    content_type: &'static str,
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Box<Attachment<'a>>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Card(Card<'a>),
    Thumbnail(Thumbnail),
}

#[derive(Serialize)]
struct Thumbnail {
    title: Markdown<'static>,
    text: Markdown<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tap: Option<Tap>,
}

/// What is asked where an entry of a list is picked.
#[derive(Serialize)]
struct Tap {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    value: Data,
}

impl<'a> Attachment<'a> {
    pub(super) fn card(card: Card<'a>) -> Self {
        Self { content_type: ADAPTIVE, content: Content::Card(card), preview: None }
    }

    /// As it stands in a list: two lines.
    pub(super) fn shown_as(self, title: &str, text: &str) -> Self {
        Self { preview: Some(Box::new(Self::thumbnail(title, text, None))), ..self }
    }

    /// An entry of a list that stands for an ask.
    pub(super) fn entry(title: &str, text: &str, ask: &str) -> Self {
        let tap = Tap { kind: "invoke", title: "", value: Data::of(Press::Share, ask) };
        let preview = Some(Box::new(Self::thumbnail(title, text, Some(tap))));
        Self { preview, ..Self::thumbnail(title, text, None) }
    }

    fn thumbnail(title: &str, text: &str, tap: Option<Tap>) -> Self {
        let content = Thumbnail { title: teams(title, most::LABEL), text: teams(text, most::NOTE), tap };
        Self { content_type: THUMBNAIL, content: Content::Thumbnail(content), preview: None }
    }
}

/// The answer of a dialog: another one.
#[derive(Serialize)]
pub(super) struct Dialog<'a> {
    task: Task<'a>,
}

#[derive(Serialize)]
struct Task<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    value: Window<'a>,
}

#[derive(Serialize)]
struct Window<'a> {
    title: Cow<'a, str>,
    width: &'static str,
    height: &'static str,
    card: Attachment<'a>,
}

impl<'a> Dialog<'a> {
    pub(super) fn of(title: &'a str, card: Card<'a>) -> Self {
        let title = plain(title, most::TITLE);
        let value = Window { title, width: "medium", height: "medium", card: Attachment::card(card) };
        Self { task: Task { kind: "continue", value } }
    }
}

/// What goes to the message box: cards, a list of them, or a word in their place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Composed<'a> {
    compose_extension: Compose<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
enum Compose<'a> {
    #[serde(rename = "result")]
    Result { attachment_layout: &'static str, attachments: Vec<Attachment<'a>> },
    #[serde(rename = "message")]
    Message { text: Markdown<'static> },
}

impl<'a> Composed<'a> {
    pub(super) fn of(attachments: Vec<Attachment<'a>>) -> Self {
        Self { compose_extension: Compose::Result { attachment_layout: "list", attachments } }
    }

    pub(super) fn word(text: &str) -> Self {
        Self { compose_extension: Compose::Message { text: teams(text, most::TEXT) } }
    }
}

/// A message to a channel.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    attachments: [Attachment<'a>; 1],
}

impl<'a> Message<'a> {
    pub(super) fn of(card: Card<'a>) -> Self {
        Self { kind: "message", attachments: [Attachment::card(card)] }
    }
}
