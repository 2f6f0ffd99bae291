//! Which representation a client wants: from a suffix or `format=`, or else from `Accept`; never from who it says it is.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// A representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wants {
    /// Just the words and a newline.
    Text,
    /// For programs.
    Json,
    /// For people in a browser.
    Html,
}

impl Wants {
    /// All of them, the default at the root first.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Html];

    /// Its name in `format=` and as a suffix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The representation of this name; `text` is understood as well as `txt`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("text") {
            return Some(Self::Text);
        }
        Self::ALL.into_iter().find(|wants| wants.name().eq_ignore_ascii_case(name))
    }

    /// What the `Accept` fields ask for (RFC 9110, section 12.5.1); `default` where they leave it open or cannot be read.
    /// `None` where they allow none of the three.
    #[must_use]
    pub fn accepted(headers: &HeaderMap, default: Self) -> Option<Self> {
        let mut fields = headers.get_all(ACCEPT).filter_map(|field| field.to_str().ok()).peekable();
        match fields.peek() {
            None | Some(&"*/*") => return Some(default),
            Some(_) => {}
        }
        let ranges: Vec<Range<'_>> =
            fields.flat_map(|field| field.split(',')).take(64).filter_map(Range::read).collect();
        if ranges.is_empty() {
            return Some(default);
        }
        let quality = |wants: Self| {
            ranges
                .iter()
                .filter(|range| range.covers(wants))
                .max_by_key(|range| range.precision())
                .map_or(0, |range| range.quality)
        };
        let others = Self::ALL.into_iter().filter(|wants| *wants != default);
        // The first of the best: where two are equally welcome it is the default that comes.
        let best = std::iter::once(default).chain(others).map(|wants| (quality(wants), wants));
        let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.filter(|(quality, _)| *quality > 0).map(|(_, wants)| wants)
    }
}

/// A media range with its quality in thousandths.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let quality = parts
            .find_map(|parameter| parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='))
            .map_or(Some(1000), thousandths)?;
        Some(Self { kind, subtype, quality })
    }

    fn covers(&self, wants: Wants) -> bool {
        let media = wants.media_type().split(';').next().unwrap_or_default();
        let (kind, subtype) = media.split_once('/').unwrap_or_default();
        self.kind == "*" && self.subtype == "*"
            || self.kind.eq_ignore_ascii_case(kind)
                && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(subtype))
    }

    fn precision(&self) -> u8 {
        u8::from(self.kind != "*") + u8::from(self.subtype != "*")
    }
}

/// `0.8` as 800; `None` for what is no quality.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn check(accept: &str, default: Wants, expected: Option<Wants>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        assert_eq!(Wants::accepted(&headers, default), expected, "{accept}");
    }

    #[test]
    fn the_best_welcome_wins_and_the_default_breaks_a_tie() {
        use Wants::{Html, Json, Text};
        check("*/*", Text, Some(Text));
        check("*/*", Json, Some(Json));
        check("application/json", Text, Some(Json));
        check("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text, Some(Html));
        check("text/*", Text, Some(Text));
        check("text/html;q=0.5, application/json;q=0.9", Text, Some(Json));
        check("application/json;q=0, */*", Json, Some(Text));
        check("TEXT/HTML", Text, Some(Html));
        check("image/png", Text, None);
        check("text/plain;q=0", Text, None);
        check("", Text, Some(Text));
        check("garbage", Json, Some(Json));
        check(&"a/b,".repeat(4000), Text, None);
        assert_eq!(Wants::accepted(&HeaderMap::new(), Json), Some(Json));
    }
}
