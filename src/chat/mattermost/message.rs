//! Messages and forms as Mattermost wants them, as types that are written straight to JSON.

use std::borrow::Cow;

use serde::Serialize;

use crate::chat::markup::Markdown;

/// Mattermost's limits, in characters.
pub(super) mod most {
    /// A message.
    pub(crate) const TEXT: usize = 16_383;
    /// The words on a button or in a menu; ours, there is none in its documentation.
    pub(crate) const LABEL: usize = 75;
    /// A form's title, and the label of a field.
    pub(crate) const TITLE: usize = 24;
    /// What a field of one line holds.
    pub(crate) const FIELD: usize = 150;
    /// What a field of several lines holds.
    pub(crate) const TEXTAREA: usize = 3_000;
    /// A field's hint of what is wanted, and the text below it.
    pub(crate) const PLACEHOLDER: usize = 150;
}

/// A message of its own: the reply to a command, or what follows one.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) response_type: ResponseType,
    pub(super) text: Markdown<'a>,
    /// Otherwise `<!channel>` and its like would be rewritten into what they mean in Slack.
    pub(super) skip_slack_parsing: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResponseType {
    Ephemeral,
    InChannel,
}

/// Holds buttons and nothing else: in the texts of an attachment links are rewritten whatever we say.
#[derive(Serialize)]
pub(super) struct Attachment<'a> {
    pub(super) fallback: &'static str,
    pub(super) actions: Vec<Action<'a>>,
}

/// A button, or a menu.
#[derive(Serialize)]
pub(super) struct Action<'a> {
    /// Letters and digits only: older servers do not find any other.
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) style: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) options: Vec<Choice<'a>>,
    pub(super) integration: Integration,
}

#[derive(Serialize)]
pub(super) struct Choice<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct Integration {
    pub(super) url: String,
    pub(super) context: Context,
}

#[derive(Serialize)]
pub(super) struct Context {
    pub(super) seal: String,
}

/// The answer to a click or a form that says nothing: what follows says it all.
#[derive(Serialize)]
pub(super) struct Taken {}

/// The answer to a click that needs no message of its own, or cannot have one.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) ephemeral_text: Markdown<'a>,
    pub(super) skip_slack_parsing: bool,
}

/// The answer to a click that takes the place of the message. Props that are not sent again are gone.
#[derive(Serialize)]
pub(super) struct Update<'a> {
    pub(super) update: Updated<'a>,
}

#[derive(Serialize)]
pub(super) struct Updated<'a> {
    pub(super) message: Markdown<'a>,
    pub(super) props: Props<'a>,
}

#[derive(Serialize)]
pub(super) struct Props<'a> {
    pub(super) attachments: Vec<Attachment<'a>>,
}

/// The call that opens a form.
#[derive(Serialize)]
pub(super) struct Open<'a> {
    pub(super) trigger_id: &'a str,
    pub(super) url: String,
    pub(super) dialog: Dialog<'a>,
}

#[derive(Serialize)]
pub(super) struct Dialog<'a> {
    pub(super) callback_id: &'static str,
    pub(super) title: Cow<'a, str>,
    pub(super) introduction_text: Markdown<'a>,
    pub(super) elements: Vec<Element<'a>>,
    pub(super) submit_label: &'static str,
    pub(super) notify_on_cancel: bool,
    pub(super) state: String,
}

#[derive(Serialize)]
pub(super) struct Element<'a> {
    pub(super) display_name: Cow<'a, str>,
    pub(super) name: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<Cow<'a, str>>,
    pub(super) placeholder: Cow<'a, str>,
    pub(super) help_text: Cow<'a, str>,
    pub(super) optional: bool,
    /// Sent with the other: the server compares the two even where one is not there.
    pub(super) min_length: usize,
    pub(super) max_length: usize,
}

/// The answer to a form that cannot do what it was for; the form stays open.
#[derive(Serialize)]
pub(super) struct Error {
    pub(super) error: String,
}
