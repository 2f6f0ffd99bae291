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

    /// Whether to answer at all: no page asks, or one of the listed ones, or one of this machine. A name that leads here for
    /// a moment (DNS rebinding) is none of these.
    #[must_use]
    pub fn welcome(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        self.allowed(headers).is_some() || origin.to_str().is_ok_and(is_local)
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
                .insert_header((
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    "content-type, accept, mcp-protocol-version, mcp-method, mcp-name",
                ))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"));
        }
        self.open(response.finish(), headers)
    }
}

/// Whether an origin is a page that this very machine serves.
fn is_local(origin: &str) -> bool {
    let url = url::Url::parse(origin).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_welcome_where_it_is_listed_or_of_this_machine() {
        let origins = Origins(vec!["https://mail.example.com".into()]);
        let check = |origin: &str, expected| {
            let headers = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_str(origin).unwrap())]);
            assert_eq!(origins.welcome(&headers), expected, "{origin}");
        };
        assert!(origins.welcome(&HeaderMap::new()));
        check("https://mail.example.com", true);
        check("http://localhost:6274", true);
        check("http://127.0.0.1", true);
        check("http://[::1]:8080", true);
        check("http://evil.example.com", false);
        check("http://localhost.evil.example.com", false);
        check("http://127.0.0.1.evil.example.com", false);
        check("file://localhost", false);
        check("null", false);
        check("", false);
    }
}
