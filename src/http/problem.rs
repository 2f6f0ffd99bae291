//! Every error on its way out: one enum, one match to status codes, one look for each representation (RFC 9457).

use std::{borrow::Cow, time::Duration};

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::{path::outside, wants::Wants};

/// Why a request is not answered as asked. Says what was wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing of that name; paths of what may have been meant.
    NotFound(String, Vec<String>),
    /// A parameter that is unknown, given twice or malformed; the ones that are known.
    Parameter(String, Vec<String>),
    /// Not with this method; the ones that are allowed.
    Method(&'static str),
    /// Not in any representation that the client accepts.
    NotAcceptable,
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The draft is longer than this many characters.
    TooMuch(usize),
    /// The address is longer than this many bytes.
    TooLong(usize),
    /// The body came too slowly.
    TooSlow,
    /// The body is of a type or encoding that is not read here.
    UnsupportedType(&'static str),
    /// The sender has not been proved. Says no more.
    Unproved,
    /// The body is not what the platform sends.
    Unreadable,
    /// Too many requests; when to come again.
    TooMany(Duration),
    /// Our own failure. Says no more.
    Failed,
}

/// An error for programs (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemView<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'a str,
    /// The name of the status.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// What was wrong and what would be right, in a sentence.
    detail: Cow<'a, str>,
    /// Addresses or names that may have been meant.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    near: &'a [String],
}

impl Problem {
    /// The media type of the JSON form.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The status it is sent with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(..) => StatusCode::NOT_FOUND,
            Self::Parameter(..) | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) | Self::TooMuch(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooLong(_) => StatusCode::URI_TOO_LONG,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unproved => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What was wrong and what would be right.
    #[must_use]
    pub fn detail(&self) -> Cow<'_, str> {
        match self {
            Self::NotFound(what, near) if near.is_empty() => what.into(),
            Self::NotFound(what, near) => {
                let near: Vec<_> = near.iter().map(|path| outside(path)).collect();
                format!("{what} Did you mean {}?", near.join(" or ")).into()
            }
            Self::Parameter(what, known) if known.is_empty() => what.into(),
            Self::Parameter(what, known) => format!("{what} Known here: {}.", known.join(", ")).into(),
            Self::Method(allow) => format!("This address answers {allow}.").into(),
            Self::NotAcceptable => {
                "There is text/plain, application/json and text/html; or add .txt, .json or .html to the path.".into()
            }
            Self::TooLarge(most) => format!("The body is larger than {most} bytes.").into(),
            Self::TooMuch(most) => format!("The draft is longer than {most} characters.").into(),
            Self::TooLong(most) => format!("The address is longer than {most} bytes.").into(),
            Self::TooSlow => "The body did not arrive in time.".into(),
            Self::UnsupportedType(wanted) => format!("The body is to be {wanted}.").into(),
            Self::Unproved => "The signature or token is missing or wrong.".into(),
            Self::Unreadable => "The body cannot be read.".into(),
            Self::TooMany(wait) => format!("Too many requests. Try again in {} s.", seconds(*wait)).into(),
            Self::Failed => "Something went wrong here. The request's id is in the log.".into(),
        }
    }

    /// What may have been meant.
    #[must_use]
    pub fn near(&self) -> &[String] {
        match self {
            Self::NotFound(_, near) => near,
            _ => &[],
        }
    }

    /// The header that belongs to it: `Allow` or `Retry-After`.
    #[must_use]
    pub fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Method(allow) => Some(("allow", (*allow).to_owned())),
            Self::TooMany(wait) => Some(("retry-after", seconds(*wait).to_string())),
            _ => None,
        }
    }

    /// The body, and its media type.
    #[must_use]
    pub fn body(&self, wants: Wants) -> (String, &'static str) {
        let status = self.status();
        let title = status.canonical_reason().unwrap_or_default();
        match wants {
            Wants::Text => (format!("{}\n", self.detail()), Wants::Text.media_type()),
            Wants::Json => {
                let view = ProblemView {
                    kind: "about:blank",
                    title,
                    status: status.as_u16(),
                    detail: self.detail(),
                    near: &self.near().iter().map(|path| outside(path).into_owned()).collect::<Vec<_>>(),
                };
                (serde_json::to_string(&view).unwrap_or_default(), Self::MEDIA_TYPE)
            }
            Wants::Html => {
                // The page lists what may have been meant, so the sentence leaves it out.
                let detail = match self {
                    Self::NotFound(what, _) => what.into(),
                    _ => self.detail(),
                };
                let page = super::page::problem(title, &detail, self.near());
                (page, Wants::Html.media_type())
            }
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
