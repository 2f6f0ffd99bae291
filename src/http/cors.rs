//! Pages of other origins (CORS): everybody's may read phrases; only those that the admin lists may have drafts reviewed,
//! since a review answers with words of the draft.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderValue},
};

/// Origins that may have drafts reviewed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

impl Origins {
    /// The origin that asks, if it is one of them. `moz-extension://*` stands for every origin of that scheme: Firefox
    /// gives an add-on another one on every machine.
    fn allowed<'h>(&self, headers: &'h HeaderMap) -> Option<&'h HeaderValue> {
        let asks = headers.get(header::ORIGIN)?;
        let origin = asks.to_str().ok()?;
        let is_one = |known: &String| match known.strip_suffix('*') {
            Some(scheme) => origin.starts_with(scheme),
            None => origin == known,
        };
        self.0.iter().any(is_one).then_some(asks)
    }

    /// Lets the asking origin read this reply, if it may.
    #[must_use]
    pub fn open(&self, mut response: HttpResponse, headers: &HeaderMap) -> HttpResponse {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = self.allowed(headers) {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        response
    }

    /// The answer to a browser that asks whether it may send a draft.
    #[must_use]
    pub fn preflight(&self, allow: &'static str, headers: &HeaderMap) -> HttpResponse {
        let mut response = HttpResponse::NoContent();
        response.insert_header((header::ALLOW, allow)).insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
        if self.allowed(headers).is_some() {
            response
                .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, allow))
                .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, accept"))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"));
        }
        self.open(response.finish(), headers)
    }
}
