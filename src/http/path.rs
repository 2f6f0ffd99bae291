//! Paths as they come and as they go out: slashes too many, and the path below which everything is served.

use std::{borrow::Cow, sync::OnceLock};

use actix_web::{
    dev::ServiceRequest,
    http::{Uri, uri::PathAndQuery},
    web::Bytes,
};
use memchr::memmem;

/// What all of our addresses begin with: nothing, or `/saywell`.
static BASE: OnceLock<String> = OnceLock::new();

/// Sets what all addresses begin with, once, before the first request.
pub(crate) fn set_base(base: &str) {
    let _ = BASE.set(base.to_owned());
}

/// What all addresses begin with.
#[must_use]
pub(crate) fn base() -> &'static str {
    BASE.get().map_or("", String::as_str)
}

/// One of our paths as the world outside has to write it.
#[must_use]
pub(crate) fn outside(path: &str) -> Cow<'_, str> {
    if base().is_empty() || !path.starts_with('/') { path.into() } else { [base(), path].concat().into() }
}

/// A page with all of its links below the base. No other text of a page holds these marks: quotation marks in words are
/// escaped.
#[must_use]
pub(crate) fn with_links(page: String) -> String {
    with_links_below(base(), page)
}

fn with_links_below(base: &str, mut page: String) -> String {
    if !base.is_empty() {
        for attribute in ["href", "src", "action"] {
            page = page.replace(&format!("{attribute}=\"/"), &format!("{attribute}=\"{base}/"));
        }
    }
    page
}

/// Takes the base and slashes too many off a request's path, so that every route is written once. A proxy may have taken
/// the base off before.
pub(crate) fn tidy(request: &mut ServiceRequest) {
    let uri = request.uri();
    let Some(path) = tidied(base(), uri.path()) else { return };
    let full = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    let Ok(full) = PathAndQuery::from_maybe_shared(Bytes::from(full)) else { return };
    parts.path_and_query = Some(full);
    let Ok(uri) = Uri::from_parts(parts) else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

/// Another path where this one is not tidy.
fn tidied(base: &str, path: &str) -> Option<String> {
    let is_tidy = (path.len() == 1 || !path.ends_with('/')) && memmem::find(path.as_bytes(), b"//").is_none();
    if is_tidy && (base.is_empty() || !path.starts_with(base)) {
        return None;
    }
    let merged: String = path.split('/').filter(|part| !part.is_empty()).flat_map(|part| ["/", part]).collect();
    let below = match merged.strip_prefix(base) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => &merged,
    };
    Some(if below.is_empty() { "/".to_owned() } else { below.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_too_many_and_the_base_are_taken_off() {
        let check = |base, path, expected: Option<&str>| {
            assert_eq!(tidied(base, path).as_deref(), expected, "{base} {path}");
        };
        check("", "/", None);
        check("", "/slack/commands", None);
        check("", "/slack/commands/", Some("/slack/commands"));
        check("", "//slack///commands//", Some("/slack/commands"));
        check("", "//", Some("/"));
        check("/saywell", "/saywell/recover", Some("/recover"));
        check("/saywell", "/saywell", Some("/"));
        check("/saywell", "/saywell/", Some("/"));
        check("/saywell", "//saywell//recover/", Some("/recover"));
        check("/saywell", "/recover", None);
        check("/saywell", "/saywellness", Some("/saywellness"));
        check("/a/b", "/a/b/c", Some("/c"));
    }

    #[test]
    fn every_link_of_a_page_gets_the_base_and_no_word_does() {
        let page = r#"<a href="/x">/x</a><form action="/y"><script src="/z"></script><a href="https://e.org/">"#;
        let expected =
            r#"<a href="/b/x">/x</a><form action="/b/y"><script src="/b/z"></script><a href="https://e.org/">"#;
        assert_eq!(with_links_below("/b", page.into()), expected);
        assert_eq!(with_links_below("", page.into()), page);
    }
}
