//! Replies to those who read: headers, caching, compression.

use std::{
    fmt::Write as _,
    hash::{BuildHasher as _, Hasher as _},
    io::Write as _,
};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode, Uri,
        header::{self, AcceptEncoding, Encoding, HeaderMap, HeaderName, HeaderValue},
    },
    web::Bytes,
};

use super::{problem::Problem, wants::Wants};

/// What a page may load: our own style, script and images, nothing else and from nowhere else.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a text says besides its words.
const NOTE: HeaderName = HeaderName::from_static("saywell-note");

/// Shorter bodies fit into one packet, and compressing them would cost more than it saves.
const WORTH_COMPRESSING: usize = 1400;

/// How a reply may be kept.
pub enum Caching {
    /// It is another one each time.
    Never,
    /// It changes only with the book: this tag names the state.
    Tagged(String),
}

/// A reply with content.
#[must_use]
pub fn content(body: impl Into<Bytes>, wants: Wants, caching: &Caching, headers: &HeaderMap) -> HttpResponse {
    let mut response = start(StatusCode::OK, wants);
    cache(&mut response, caching);
    send(response, body.into(), wants.media_type(), headers)
}

/// Tells what was not used, where the body is nothing but the words. A header has no letters beyond ASCII.
pub fn add_note(response: &mut HttpResponse, note: &str) {
    let ascii: String = note.chars().map(|c| if matches!(c, '“' | '”') { '"' } else { c }).collect();
    let escaped = percent_encoding::utf8_percent_encode(&ascii, percent_encoding::CONTROLS).to_string();
    if let Ok(value) = HeaderValue::try_from(escaped) {
        response.headers_mut().append(NOTE, value);
    }
}

/// A reply that has not changed since.
#[must_use]
pub fn not_modified(tag: &str) -> HttpResponse {
    let mut response = HttpResponse::NotModified();
    open(&mut response);
    cache(&mut response, &Caching::Tagged(tag.to_owned()));
    response.finish()
}

/// An error.
#[must_use]
pub fn problem(problem: &Problem, wants: Wants) -> HttpResponse {
    let (body, media_type) = problem.body(wants);
    let mut response = start(problem.status(), wants);
    if let Some(header) = problem.header() {
        response.insert_header(header);
    }
    cache(&mut response, &Caching::Never);
    response.content_type(media_type).body(body)
}

/// What a platform gets that we do not answer: as little as can be said.
#[must_use]
pub fn refusal(problem: &Problem) -> HttpResponse {
    let (body, media_type) = problem.body(Wants::Text);
    let mut response = HttpResponse::build(problem.status());
    if let Some(header) = problem.header() {
        response.insert_header(header);
    }
    if matches!(problem, Problem::TooLarge(_) | Problem::TooSlow | Problem::UnsupportedType(_)) {
        // What is left of the body is not worth reading.
        response.force_close();
    }
    response.content_type(media_type).body(body)
}

/// What a platform gets.
#[must_use]
pub fn to_platform(body: Vec<u8>, content_type: Option<&'static str>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    say(&mut response, header::CACHE_CONTROL, "no-store");
    say(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(content_type) = content_type {
        say(&mut response, header::CONTENT_TYPE, content_type);
    }
    response.body(body)
}

/// A reply about somebody's own words: not to be kept, nor to be read from another origin.
#[must_use]
pub fn private(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a browser that asks before it asks (CORS), and to `OPTIONS` in general.
#[must_use]
pub fn preflight(allow: &'static str, open_to_all: &'static str) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    open(&mut response);
    response
        .insert_header((header::ALLOW, allow))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, open_to_all))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

/// A page that is for one person at one time.
#[must_use]
pub fn page(body: String) -> HttpResponse {
    let mut response = start(StatusCode::OK, Wants::Html);
    cache(&mut response, &Caching::Never);
    response.content_type(Wants::Html.media_type()).body(body)
}

/// A JSON document that is the same for everyone.
#[must_use]
pub fn json(body: impl Into<Bytes>, caching: &Caching, headers: &HeaderMap) -> HttpResponse {
    content(body, Wants::Json, caching, headers)
}

fn start(status: StatusCode, wants: Wants) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    open(&mut response);
    if wants == Wants::Html {
        say(&mut response, header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
        say(&mut response, header::REFERRER_POLICY, "no-referrer");
    }
    response
}

/// What every reply says: readable from any origin, and of the type that it says it is.
fn open(response: &mut HttpResponseBuilder) {
    say(response, header::VARY, "Accept, Accept-Encoding");
    say(response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    say(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
}

/// A header that is always the same: a text would be checked and copied for every reply.
fn say(response: &mut HttpResponseBuilder, name: HeaderName, value: &'static str) {
    response.insert_header((name, HeaderValue::from_static(value)));
}

fn cache(response: &mut HttpResponseBuilder, caching: &Caching) {
    match caching {
        Caching::Never => {
            say(response, header::CACHE_CONTROL, "no-store");
        }
        Caching::Tagged(tag) => {
            say(response, header::CACHE_CONTROL, "public, max-age=60");
            response.insert_header((header::ETAG, tag.as_str()));
        }
    }
}

fn send(mut response: HttpResponseBuilder, body: Bytes, media_type: &'static str, headers: &HeaderMap) -> HttpResponse {
    say(&mut response, header::CONTENT_TYPE, media_type);
    if body.len() < WORTH_COMPRESSING || !accepts_gzip(headers) {
        return response.body(body);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 2), flate2::Compression::new(5));
    match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(compressed) => response.insert_header((header::CONTENT_ENCODING, "gzip")).body(compressed),
        Err(_) => response.body(body),
    }
}

/// Whether a client takes compressed bodies, and likes them no less than plain ones.
#[must_use]
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let Ok(accepted) = header::from_comma_delimited(headers.get_all(header::ACCEPT_ENCODING)) else { return false };
    let gzip = Encoding::gzip();
    !accepted.is_empty() && AcceptEncoding(accepted).negotiate([&gzip, &Encoding::identity()].into_iter()) == Some(gzip)
}

/// A tag over the book, the program and the request: the same on every replica. It is a weak one, since the same words
/// may be sent compressed or not (RFC 9110, section 8.8.1).
#[must_use]
pub fn tag(book: u64, wants: Wants, uri: &Uri) -> String {
    let mut hasher = foldhash::fast::FixedState::with_seed(book).build_hasher();
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.write(wants.name().as_bytes());
    hasher.write(uri.path().as_bytes());
    hasher.write_u8(b'?');
    hasher.write(uri.query().unwrap_or_default().as_bytes());
    let mut tag = String::with_capacity(20);
    let _ = write!(tag, "W/\"{:016x}\"", hasher.finish());
    tag
}

/// Whether `If-None-Match` names this tag (weak comparison, RFC 9110, section 13.1.2).
#[must_use]
pub fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = bare(tag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .any(|known| known.trim() == "*" || bare(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_for_those_who_ask_for_it() {
        let check = |accepted: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(accepts_gzip(&headers), expected, "{accepted}");
        };
        check("gzip", true);
        check("gzip, deflate, br", true);
        check("deflate, GZIP;q=0.5", true);
        check("gzip;q=0", false);
        check("identity, gzip;q=0", false);
        check("br", false);
        check("", false);
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
