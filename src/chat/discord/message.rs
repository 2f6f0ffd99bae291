//! Messages and forms as Discord wants them, as types that are written straight to JSON.

use std::borrow::Cow;

use serde::Serialize;

use super::VERSION;
use crate::{
    chat::{
        carried::{given, split},
        markup::{Markdown, plain},
    },
    say::answer::Answer,
};

/// Discord's limits. Whether it counts UTF-16 units or characters is not written anywhere, so everything is counted in
/// UTF-16 units, of which there are never fewer.
pub(super) mod most {
    /// A message's own text.
    pub(crate) const CONTENT: usize = 2_000;
    /// Everything in an embed together.
    pub(crate) const EMBED: usize = 6_000;
    pub(crate) const TITLE: usize = 256;
    pub(crate) const DESCRIPTION: usize = 4_096;
    pub(crate) const FIELDS: usize = 25;
    pub(crate) const FIELD_NAME: usize = 256;
    pub(crate) const FIELD: usize = 1_024;
    pub(crate) const FOOTER: usize = 2_048;
    /// Rows of buttons or menus.
    pub(crate) const ROWS: usize = 5;
    /// Buttons in a row.
    pub(crate) const BUTTONS: usize = 5;
    /// The words on a button.
    pub(crate) const LABEL: usize = 80;
    /// What a button, a menu or a form carries.
    pub(crate) const ID: usize = 100;
    /// Options of a menu, and choices of what is typed ahead.
    pub(crate) const OPTIONS: usize = 25;
    /// An option's label, description and value, and a choice's name and value.
    pub(crate) const OPTION: usize = 100;
    pub(crate) const MENU_PLACEHOLDER: usize = 150;
    /// A form's title, and what stands over a field.
    pub(crate) const FORM_LABEL: usize = 45;
    /// What a field of a form holds.
    pub(crate) const INPUT: usize = 4_000;
    /// Fields of a form.
    pub(crate) const INPUTS: usize = 5;
    pub(crate) const PLACEHOLDER: usize = 100;
}

/// What goes back, by its number in Discord's documentation.
#[derive(Serialize)]
pub(super) struct Callback<T> {
    #[serde(rename = "type")]
    pub(super) kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<T>,
}

/// Nothing is left out: what is left out of a message that takes the place of another stays as it was.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) content: Markdown<'a>,
    pub(super) embeds: Vec<Embed<'a>>,
    pub(super) components: Vec<Row<'a>>,
    pub(super) allowed_mentions: Nobody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flags: Option<u16>,
}

/// A message that is for one person.
pub(super) const PRIVATE: u16 = 64;
/// A message without previews of links. It would hide our own embed too, so it is for messages that have none.
pub(super) const NO_PREVIEWS: u16 = 4;

/// Nobody is notified, whatever a text says.
#[derive(Serialize, Default)]
pub(super) struct Nobody {
    parse: [(); 0],
}

#[derive(Serialize)]
pub(super) struct Embed<'a> {
    title: Markdown<'a>,
    #[serde(skip_serializing_if = "Markdown::is_empty")]
    description: Markdown<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<Footer<'a>>,
    /// How much more it can hold.
    #[serde(skip)]
    room: usize,
}

#[derive(Serialize)]
struct Field<'a> {
    name: Markdown<'a>,
    value: Markdown<'a>,
    inline: bool,
}

/// Discord reads no markup here.
#[derive(Serialize)]
struct Footer<'a> {
    text: Cow<'a, str>,
}

impl<'a> Embed<'a> {
    pub(super) fn new(title: Markdown<'a>, description: Markdown<'a>, footer: Option<Cow<'a, str>>) -> Self {
        let length = footer.as_deref().map_or(0, length);
        let room = most::EMBED.saturating_sub(title.length() + description.length() + length);
        Self { title, description, fields: Vec::new(), footer: footer.map(|text| Footer { text }), room }
    }

    /// Adds a field if it fits and leaves so much room.
    pub(super) fn field(
        &mut self,
        name: Markdown<'a>,
        value: Markdown<'a>,
        inline: bool,
        (fields, room): (usize, usize),
    ) -> bool {
        let length = name.length() + value.length();
        let fits = self.fields.len() + fields < most::FIELDS && length + room <= self.room;
        if fits {
            self.room -= length;
            self.fields.push(Field { name, value, inline });
        }
        fits
    }
}

#[derive(Serialize)]
pub(super) struct Row<'a> {
    #[serde(rename = "type")]
    kind: u8,
    components: Vec<Control<'a>>,
}

impl<'a> Row<'a> {
    pub(super) fn of(components: impl IntoIterator<Item = Control<'a>>) -> Self {
        Self { kind: 1, components: components.into_iter().collect() }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Control<'a> {
    Button {
        #[serde(rename = "type")]
        kind: u8,
        style: u8,
        label: Cow<'a, str>,
        custom_id: String,
    },
    Menu {
        #[serde(rename = "type")]
        kind: u8,
        custom_id: String,
        placeholder: Cow<'a, str>,
        options: Vec<Opt<'a>>,
    },
}

#[derive(Serialize)]
pub(super) struct Opt<'a> {
    pub(super) label: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
}

impl<'a> Control<'a> {
    pub(super) fn button(label: &'a str, is_primary: bool, custom_id: String) -> Self {
        Self::Button { kind: 2, style: if is_primary { 1 } else { 2 }, label: plain(label, most::LABEL), custom_id }
    }

    /// `number` tells menus of one message apart.
    pub(super) fn menu(number: usize, placeholder: Cow<'a, str>, options: Vec<Opt<'a>>, ids: &Ids) -> Self {
        let custom_id = ids.menu(number);
        Self::Menu { kind: 3, custom_id, placeholder, options }
    }
}

#[derive(Serialize)]
pub(super) struct Form<'a> {
    pub(super) custom_id: String,
    pub(super) title: Cow<'a, str>,
    pub(super) components: Vec<Label<'a>>,
}

#[derive(Serialize)]
pub(super) struct Label<'a> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(rename = "label")]
    text: Cow<'a, str>,
    component: Input<'a>,
}

#[derive(Serialize)]
pub(super) struct Input<'a> {
    #[serde(rename = "type")]
    pub(super) kind: u8,
    pub(super) custom_id: &'a str,
    pub(super) style: u8,
    pub(super) required: bool,
    pub(super) max_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) placeholder: Cow<'a, str>,
}

impl<'a> Label<'a> {
    pub(super) fn over(label: &'a str, component: Input<'a>) -> Self {
        Self { kind: 18, text: plain(label, most::FORM_LABEL), component }
    }
}

#[derive(Serialize)]
pub(super) struct Choices<'a> {
    pub(super) choices: Vec<Choice<'a>>,
}

/// Something to choose while typing. Its name is its value: some clients send the one, some the other.
#[derive(Serialize)]
pub(super) struct Choice<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl<'a> Choice<'a> {
    /// A choice; none where it is too long for one.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let text = Some(plain(text, most::OPTION)).filter(|_| length(text) <= most::OPTION)?;
        Some(Self { name: text.clone(), value: text })
    }

    /// Kept longer than what it was made from.
    pub(super) fn into_owned(self) -> Choice<'static> {
        let Self { name, value } = self;
        Choice { name: name.into_owned().into(), value: value.into_owned().into() }
    }
}

/// What a button, a menu or a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Another,
    Next,
    Fill,
    Share,
    Play,
    Letter,
    Pick,
    Menu,
    Form,
}

impl Purpose {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Another, "a"),
        (Self::Next, "n"),
        (Self::Fill, "f"),
        (Self::Share, "s"),
        (Self::Play, "p"),
        (Self::Letter, "l"),
        (Self::Pick, "c"),
        (Self::Menu, "m"),
        (Self::Form, "d"),
    ];

    fn letter(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, letter)| letter)
    }
}

/// What a button carries, when it comes back: `v1 a recover.billing 3 customer="Ana"`; with a plus after the letter,
/// what was filled in stands in the embed's footer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Id<'a> {
    pub(super) kind: Purpose,
    pub(super) ask: &'a str,
    pub(super) carried: bool,
}

impl<'a> Id<'a> {
    pub(super) fn read(id: &'a str) -> Option<Self> {
        let (letter, ask) = id.strip_prefix(VERSION)?.strip_prefix(' ')?.split_once(' ')?;
        let (letter, carried) = letter.strip_suffix('+').map_or((letter, false), |letter| (letter, true));
        let (kind, _) = Purpose::ALL.into_iter().find(|(_, known)| *known == letter)?;
        Some(Self { kind, ask, carried })
    }
}

/// Writes what the buttons of a message carry.
#[derive(Default)]
pub(super) struct Ids {
    /// What was filled in, where it does not fit into every button and so stands in the footer for all of them.
    pub(super) carried: Option<String>,
}

impl Ids {
    /// For the buttons of an answer, whose asks these are.
    pub(super) fn of<'a>(answer: &Answer<'_>, asks: impl IntoIterator<Item = &'a str>) -> Self {
        let is_long = |ask: &str| length(&written(Purpose::Another, "", ask)) > most::ID;
        if !asks.into_iter().any(is_long) {
            return Self::default();
        }
        Self { carried: Some(given(answer)).filter(|given| !given.is_empty() && length(given) <= most::FOOTER) }
    }

    /// None where not even the bare ask fits.
    pub(super) fn id(&self, kind: Purpose, ask: &str) -> Option<String> {
        let id = match &self.carried {
            Some(_) => written(kind, "+", split(ask).0),
            None => Some(written(kind, "", ask))
                .filter(|id| length(id) <= most::ID)
                .unwrap_or_else(|| written(kind, "", split(ask).0)),
        };
        Some(id).filter(|id| length(id) <= most::ID)
    }

    fn menu(&self, number: usize) -> String {
        written(Purpose::Menu, if self.carried.is_some() { "+" } else { "" }, &number.to_string())
    }

    /// An option of a menu.
    pub(super) fn option<'a>(&self, ask: &'a str) -> Option<&'a str> {
        let whole = Some(ask).filter(|ask| self.carried.is_none() && length(ask) <= most::OPTION);
        whole.or(Some(split(ask).0)).filter(|ask| length(ask) <= most::OPTION)
    }
}

fn written(kind: Purpose, plus: &str, ask: &str) -> String {
    format!("{VERSION} {}{plus} {ask}", kind.letter())
}

/// In UTF-16 units.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
