//! One escaper a markup. What they give back is a type of its own where the platform reads markup, so that forgetting to
//! escape does not compile.
//!
//! All of them drop what acts instead of being seen (controls, bidirectional overrides), count in UTF-16 units, which
//! is the strictest that any platform may count in, and cut between graphemes, with an ellipsis.

use std::borrow::Cow;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{bytes, say::phrase::acts};

/// Text that is inert where Slack reads *mrkdwn*, or markup of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(transparent)]
pub struct Mrkdwn<'a>(Cow<'a, str>);

/// Escapes for Slack's mrkdwn, at most so long: `&`, `<` and `>` become entities, and nothing else, as Slack's formatting
/// guide asks. Nobody can be mentioned and no link disguised in it.
///
/// Bare `@here` and `https://…` stay as they are, so it belongs into an object with `verbatim: true`.
#[must_use]
pub fn mrkdwn(text: &str, most: usize) -> Mrkdwn<'_> {
    Mrkdwn(escape(text, most, *b"&<>"))
}

impl Mrkdwn<'_> {
    /// Markup of our own.
    #[must_use]
    pub const fn ours(markup: &'static str) -> Self {
        Self(Cow::Borrowed(markup))
    }

    /// A mention of a person, if this can be the id of one.
    #[must_use]
    pub fn mention(user: &str) -> Option<Self> {
        let id = user.strip_prefix(['U', 'W']).filter(|id| !id.is_empty() && user.len() <= 32)?;
        let fits = id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        fits.then(|| Self(Cow::Owned(format!("<@{user}>"))))
    }

    /// The same, in bold.
    #[must_use]
    pub fn bold(self) -> Mrkdwn<'static> {
        const MARK: Mrkdwn<'_> = Mrkdwn::ours("*");
        [MARK, self, MARK].into_iter().collect()
    }

    /// The same, as typed.
    #[must_use]
    pub fn code(self) -> Mrkdwn<'static> {
        const MARK: Mrkdwn<'_> = Mrkdwn::ours("`");
        [MARK, self, MARK].into_iter().collect()
    }

    /// The same, kept longer than what it was made from.
    #[must_use]
    pub fn into_owned(self) -> Mrkdwn<'static> {
        Mrkdwn(Cow::Owned(self.0.into_owned()))
    }

    /// As it goes out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One after the other.
impl<'a> FromIterator<Mrkdwn<'a>> for Mrkdwn<'static> {
    fn from_iter<I: IntoIterator<Item = Mrkdwn<'a>>>(parts: I) -> Self {
        let mut whole = String::with_capacity(256);
        parts.into_iter().for_each(|part| whole.push_str(&part.0));
        Self(Cow::Owned(whole))
    }
}

/// Text that is inert where Markdown is read, or markup of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(transparent)]
pub struct Markdown<'a>(Cow<'a, str>);

/// Breaks what would be a mention, a link or an entity, and is not seen.
const JOINER: char = '\u{200b}';

/// Escapes for Mattermost's Markdown, at most so long. A backslash is enough for what only clients read; its server looks
/// for mentions and for Slack's `<…>` before that and knows no backslash, so an invisible joiner follows `@` and `<`, and
/// `~` and `#` before a name. It also cuts `://`, since clients make links of bare addresses, and entities.
///
/// Signs that mean something only at the start of a line are escaped there alone: people copy these texts, and what is
/// copied is the source.
#[must_use]
pub fn mattermost(text: &str, most: usize) -> Markdown<'_> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" .,;!?'\"()/-".contains(&b);
    let starts_plain = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if text.len() <= most && (text.is_empty() || starts_plain) && text.bytes().all(is_plain) {
        return Markdown(Cow::Borrowed(text));
    }
    // What the line holds so far: nothing, only digits, or more.
    let (mut at_start, mut in_number) = (true, false);
    Markdown(Cow::Owned(written(text, most, |out, c, rest| {
        let named = rest.starts_with(char::is_alphanumeric);
        match c {
            // Four of them would begin a block of code.
            c if at_start && c.is_whitespace() && c != '\n' => return,
            '<' => out.extend(['\\', c, JOINER]),
            '~' if named => out.extend(['\\', c, JOINER]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '>' | '~' => out.extend(['\\', c]),
            '@' => out.extend([c, JOINER]),
            '#' if at_start || rest.starts_with(char::is_alphabetic) => out.extend(['\\', c, JOINER]),
            '-' | '+' if at_start => out.extend(['\\', c]),
            '=' if at_start => out.extend([JOINER, c]),
            '.' | ')' if in_number => out.extend(['\\', c]),
            ':' if rest.starts_with("//") => out.extend([c, JOINER]),
            '&' if is_entity(rest) => out.extend([c, JOINER]),
            c => out.push(c),
        }
        in_number = (at_start || in_number) && c.is_ascii_digit();
        at_start = c == '\n';
    })))
}

/// Escapes for Discord, at most so long: a backslash before everything that marks, quotes, links or mentions. What marks
/// only where a line begins, or (a colon) only with something right after it, is left alone elsewhere, because people
/// copy what they see here and some clients copy the backslashes too.
///
/// Discord shows a mention in a message that allows none, but notifies nobody; so `allowed_mentions` goes with it.
#[must_use]
pub fn discord(text: &str, most: usize) -> Markdown<'_> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" ,.;?!'\"/&%=+".contains(&b);
    if text.len() <= most && text.bytes().all(is_plain) && !text.starts_with('+') {
        return Markdown(Cow::Borrowed(text));
    }
    let text = written(text, most, |out, c, after| {
        let marks = match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '(' | ')' | '<' | '>' | '@' => true,
            '#' | '-' | '+' => out.rsplit('\n').next().unwrap_or_default().trim().is_empty(),
            ':' => after.starts_with(|next: char| !next.is_whitespace()),
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
    });
    Markdown(Cow::Owned(text))
}

/// Whether `&` and this are an entity, such as `&lt;` or `&#64;`.
fn is_entity(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    end.is_some_and(|end| end > 0 && rest.get(end..).is_some_and(|rest| rest.starts_with(';')))
}

/// Without what acts instead of being seen.
fn seen(text: &str) -> Cow<'_, str> {
    if text.contains(hidden) { Cow::Owned(text.replace(hidden, "")) } else { Cow::Borrowed(text) }
}

impl Markdown<'_> {
    /// The same, kept longer than what it was made from.
    #[must_use]
    pub fn into_owned(self) -> Markdown<'static> {
        Markdown(Cow::Owned(self.0.into_owned()))
    }

    /// Markup of our own.
    #[must_use]
    pub const fn ours(markup: &'static str) -> Self {
        Self(Cow::Borrowed(markup))
    }

    /// A mention of a person, if this can be the id of one. For Discord, where it is
    /// for the message to say whether it notifies.
    #[must_use]
    pub fn mention(user: &str) -> Option<Self> {
        let is_id = (1..=20).contains(&user.len()) && user.bytes().all(|b| b.is_ascii_digit());
        is_id.then(|| Self(Cow::Owned(format!("<@{user}>"))))
    }

    /// A text as typed, at most so long. No backslash is read inside, so what would end it is replaced.
    #[must_use]
    pub fn code(text: &str, most: usize) -> Markdown<'static> {
        let code = written(text, most.saturating_sub(2), |out, c, _| match c {
            '`' => out.push('\''),
            '\n' => out.push(' '),
            '@' | '<' => out.extend([c, JOINER]),
            c => out.push(c),
        });
        Markdown(Cow::Owned(format!("`{code}`")))
    }

    /// The same, in bold.
    #[must_use]
    pub fn bold(self) -> Markdown<'static> {
        const MARK: Markdown<'_> = Markdown::ours("**");
        [MARK, self, MARK].into_iter().collect()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its length, in UTF-16 units.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// As it goes out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> Extend<Markdown<'a>> for Markdown<'static> {
    fn extend<I: IntoIterator<Item = Markdown<'a>>>(&mut self, parts: I) {
        let whole = self.0.to_mut();
        parts.into_iter().for_each(|part| whole.push_str(&part.0));
    }
}

/// One after the other.
impl<'a> FromIterator<Markdown<'a>> for Markdown<'static> {
    fn from_iter<I: IntoIterator<Item = Markdown<'a>>>(parts: I) -> Self {
        let mut whole = Self(Cow::Owned(String::with_capacity(256)));
        whole.extend(parts);
        whole
    }
}

/// For places where no markup is read (labels, buttons, options): at most so long.
#[must_use]
pub fn plain(text: &str, most: usize) -> Cow<'_, str> {
    escape(text, most, [])
}

/// What a person typed into Slack, which sends `&`, `<` and `>` as entities in some places and as themselves in others:
/// the three are decoded once.
#[must_use]
pub fn unescape(text: &str) -> Cow<'_, str> {
    if text.contains('&') {
        // The ampersand last, so that `&amp;lt;` becomes `&lt;` and no further.
        Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Turns special signs into entities, drops what acts, and cuts.
fn escape<const N: usize>(text: &str, most: usize, special: [u8; N]) -> Cow<'_, str> {
    if text.len() <= most && bytes::plain(text.as_bytes(), b' '..=b'~', special) {
        return Cow::Borrowed(text);
    }
    let entity = |c: char| match c {
        '&' if special.contains(&b'&') => Some("&amp;"),
        '<' if special.contains(&b'<') => Some("&lt;"),
        '>' if special.contains(&b'>') => Some("&gt;"),
        _ => None,
    };
    if text.len() <= most && !text.contains(|c| entity(c).is_some() || hidden(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(written(text, most, |out, c, _| match entity(c) {
        Some(entity) => out.push_str(entity),
        None => out.push(c),
    }))
}

/// What acts instead of being seen; a new line does no harm.
fn hidden(c: char) -> bool {
    acts(c) && c != '\n'
}

/// Writes a text character by character, each with what will be seen after it, and cuts what is longer than allowed.
fn written(text: &str, most: usize, mut write: impl FnMut(&mut String, char, &str)) -> String {
    let text = seen(text);
    let mut out = String::with_capacity(text.len().min(most) + 32);
    let mut length = 0;
    // Where to cut so that the ellipsis still fits.
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let from = out.len();
        for (within, c) in grapheme.char_indices() {
            write(&mut out, c, text.get(at + within + c.len_utf8()..).unwrap_or_default());
        }
        length += out.get(from..).unwrap_or_default().encode_utf16().count();
        if length > most {
            out.truncate(end);
            out.truncate(out.trim_end().len());
            out.extend((most > 0).then_some('…'));
            break;
        }
        if length < most {
            end = out.len();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mrkdwn_escapes_three_characters_and_no_other() {
        for (text, expected) in [
            ("plain", "plain"),
            ("<!channel>", "&lt;!channel&gt;"),
            ("<!here|here>", "&lt;!here|here&gt;"),
            ("<!subteam^S1>", "&lt;!subteam^S1&gt;"),
            ("<!date^1^{date}|x>", "&lt;!date^1^{date}|x&gt;"),
            ("<@U1>", "&lt;@U1&gt;"),
            ("a & b", "a &amp; b"),
            ("&lt;", "&amp;lt;"),
            ("<>", "&lt;&gt;"),
            ("&amp;lt;!channel&amp;gt;", "&amp;amp;lt;!channel&amp;amp;gt;"),
            ("<https://x|Pay>", "&lt;https://x|Pay&gt;"),
            ("@here", "@here"),
            ("<\u{202e}!channel>", "&lt;!channel&gt;"),
            ("a\u{1b}[31m", "a[31m"),
            ("two\nlines", "two\nlines"),
            ("Zoë 👩‍👩‍👧 שלום", "Zoë 👩‍👩‍👧 שלום"),
            ("＜!channel＞ ﹫here", "＜!channel＞ ﹫here"),
        ] {
            assert_eq!(mrkdwn(text, 3_000).as_str(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_graphemes_and_never_inside_an_entity() {
        for (text, most, expected) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("ab cdefg", 4, "ab…"),
            ("a&b", 6, "a…"),
            ("a&", 6, "a&amp;"),
            ("👩‍👩‍👧👩‍👩‍👧", 9, "👩‍👩‍👧…"),
            ("💙💙💙", 6, "💙💙💙"),
            ("💙💙💙", 5, "💙💙…"),
            ("a", 0, ""),
        ] {
            assert_eq!(mrkdwn(text, most).as_str(), expected, "{text} in {most}");
        }
    }

    #[test]
    fn plain_words_are_cut_too() {
        assert_eq!(mattermost("abcdefg", 3).as_str(), "ab…");
        assert_eq!(discord("abcdefg", 3).as_str(), "ab…");
        assert_eq!(plain("abcdefg", 3), "ab…");
    }

    #[test]
    fn where_no_markup_is_read_signs_stay_and_what_acts_goes() {
        assert_eq!(plain("a & <b> @c *d*\u{202e}", 40), "a & <b> @c *d*");
    }

    #[test]
    fn parts_make_a_whole() {
        let whole: Mrkdwn<'_> = [mrkdwn("a<", 9).bold(), mrkdwn("b", 9).code().into_owned()].into_iter().collect();
        assert_eq!(whole.as_str(), "*a&lt;*`b`");
        let mut whole: Markdown<'_> = [discord("a*", 9).bold(), discord("b", 9).into_owned()].into_iter().collect();
        whole.extend([Markdown::ours("💙")]);
        assert_eq!((whole.as_str(), whole.length(), whole.is_empty()), (r"**a\***b💙", 10, false));
        assert!(Markdown::default().is_empty());
    }

    #[test]
    fn entities_are_decoded_once() {
        for (text, expected) in
            [("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("&lt;@U1&gt;", "<@U1>"), ("&copy;", "&copy;")]
        {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }

    #[test]
    fn only_ids_of_people_are_mentioned() {
        assert_eq!(Mrkdwn::mention("U0USER001").unwrap().as_str(), "<@U0USER001>");
        for user in ["", "U", "u1", "U1>", "!channel", "S123", "U1|x", "Ué"] {
            assert_eq!(Mrkdwn::mention(user), None, "{user}");
        }
    }

    #[test]
    fn markdown_is_made_harmless_where_it_would_act_and_nowhere_else() {
        for (text, expected) in [
            ("Thank you - truly (again), #1. It's 5-10%!", "Thank you - truly (again), #1. It's 5-10%!"),
            ("@channel", "@·channel"),
            ("@HERE", "@·HERE"),
            ("a@b.c", "a@·b.c"),
            ("now: 10:30 &; _", "now: 10:30 &; \\_"),
            ("@@all", "@·@·all"),
            ("@\u{200d}all @\u{2060}all", "@·\u{200d}all @·all"),
            ("<!channel>", "\\<·!channel\\>"),
            ("<@u1>", "\\<·@·u1\\>"),
            ("<https://x|Pay>", "\\<·https:·//x\\|Pay\\>"),
            ("[a](https://x)", "\\[a\\](https:·//x)"),
            ("![a](mmaction://x)", "!\\[a\\](mmaction:·//x)"),
            ("~support ~~no~~", "\\~·support \\~\\~·no\\~\\~"),
            ("#tag # x", "\\#·tag # x"),
            ("# head", "\\#· head"),
            ("- item\n+ item\n1. item\n2) x\n> q\n===", "\\- item\n\\+ item\n1\\. item\n2\\) x\n\\> q\n·==="),
            ("    code", "code"),
            ("**b** _i_ `c`", "\\*\\*b\\*\\* \\_i\\_ \\`c\\`"),
            ("____", "\\_\\_\\_\\_"),
            ("\\@channel", "\\\\@·channel"),
            ("&lt;!channel&gt; &#64;all AT&T R&D;", "&·lt;!channel&·gt; &·#64;all AT&T R&·D;"),
            ("＠channel", "＠channel"),
            ("\u{202e}x\u{1b}[31m", "x\\[31m"),
            ("Zoë 👩‍👩‍👧 שלום", "Zoë 👩‍👩‍👧 שלום"),
        ] {
            assert_eq!(mattermost(text, 3_000).as_str(), expected.replace('·', "\u{200b}"), "{text}");
        }
        assert_eq!(mattermost("abc_", 4).as_str(), "abc…");
        assert_eq!(Markdown::code("a`b @x\n<y", 20).as_str(), "`a'b @\u{200b}x <\u{200b}y`");
    }

    /// What would act in Mattermost: at its server, which knows no backslash, or in its clients, which do.
    fn live(markdown: &str) -> Option<String> {
        let words = markdown.split(|c: char| !(c.is_alphanumeric() || ":.-_@".contains(c)));
        if let Some(word) = words.into_iter().find(|word| word.contains('@') && word.len() > 1 && !word.ends_with('@'))
        {
            return Some(word.into());
        }
        let signs = ["<!", "<@", "<h", "<m", "~a", "#a", "://", "\n#", "\n-", "\n+", "\n1.", "\n1)", "\n="];
        if markdown.match_indices('&').any(|(at, _)| is_entity(&markdown[at + 1..])) {
            return Some("&".into());
        }
        let lines = format!("\n{markdown}");
        if let Some(sign) = signs.iter().find(|sign| lines.contains(**sign)) {
            return Some((*sign).into());
        }
        let mut rest = markdown.chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => drop(rest.next()),
                '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '~' => return Some(c.into()),
                _ => {}
            }
        }
        None
    }

    #[test]
    fn discord_escapes_what_marks_links_and_mentions() {
        for (text, expected) in [
            ("plain, well-meant: yes.", "plain, well-meant: yes."),
            ("@everyone", r"\@everyone"),
            ("<@123>", r"\<\@123\>"),
            ("<@&1> <#2> </a:3>", r"\<\@&1\> \<#2\> \</a\:3\>"),
            ("**x** _y_ ~~z~~ ||s|| `c`", r"\*\*x\*\* \_y\_ \~\~z\~\~ \|\|s\|\| \`c\`"),
            ("[a](https://x)", r"\[a\]\(https\://x\)"),
            ("# h", r"\# h"),
            ("-# small", r"\-# small"),
            ("a\n - b\n> c", "a\n \\- b\n\\> c"),
            ("\u{200b}# h", r"\# h"),
            ("+ b", r"\+ b"),
            ("https:\u{c}//x", r"https\://x"),
            (":smile: at 10:30", r"\:smile: at 10\:30"),
            (r"\*", r"\\\*"),
            ("<\u{202e}@1>", r"\<\@1\>"),
            ("Zoë 👩‍👩‍👧 שלום – ok", "Zoë 👩‍👩‍👧 שלום – ok"),
        ] {
            assert_eq!(&*discord(text, 2_000).0, expected, "{text}");
        }
        assert_eq!(&*discord("ab@cd", 5).0, r"ab\@…");
        assert_eq!(&*discord("ab@cd", 4).0, "ab…");
        assert_eq!(Markdown::mention("123").unwrap().0, "<@123>");
        assert!(["", "12a", "1>", "&1", "١", "123456789012345678901"].iter().all(|id| Markdown::mention(id).is_none()));
    }

    proptest! {
        #[test]
        fn text_for_discord_is_inert_short_enough_and_gives_the_text_back(
            text in "[-\\\\*_~`|>#+()<@:a-z/\\[\\]é💙 ]{0,80}", most in 1usize..200,
        ) {
            prop_assert!(discord(&text, most).length() <= most);
            let escaped = discord(&text, 4_000);
            let mut shown = String::new();
            let mut chars = escaped.0.chars().peekable();
            while let Some(c) = chars.next() {
                if c == '\\' {
                    shown.extend(chars.next());
                } else {
                    prop_assert!(!"*_~`|><@[]()".contains(c), "{}", escaped.0);
                    prop_assert!(c != ':' || chars.peek().is_none_or(|next| *next == ' '));
                    shown.push(c);
                }
            }
            prop_assert_eq!(shown, text);
        }

        #[test]
        fn escaped_text_is_inert_short_enough_and_gives_the_text_back(text in "[&<>a-z;!@#|é💙 ]{0,80}", most in 1usize..120) {
            let escaped = mrkdwn(&text, most);
            prop_assert!(!escaped.as_str().contains(['<', '>']));
            prop_assert!(escaped.as_str().encode_utf16().count() <= most);
            let whole = mrkdwn(&text, 4_000);
            prop_assert_eq!(&*unescape(whole.as_str()), &*text);
        }

        #[test]
        fn escaped_markdown_is_dead_short_enough_and_gives_the_text_back(
            text in "(@here|@all|<!channel>|<https://x\\|y>|[&<>@#~*_`\\[\\]()|!+=.:/;\\\\ah1lt \\n-]|é|💙){0,60}",
            most in 2usize..160,
        ) {
            let whole = mattermost(&text, 4_000);
            prop_assert_eq!(live(whole.as_str()), None, "{}", whole.as_str());
            let cut = mattermost(&text, most);
            prop_assert!(cut.length() <= most);
            prop_assert_eq!(live(cut.as_str()), None, "{}", cut.as_str());
            let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != JOINER && *c != '\\').collect() };
            prop_assert_eq!(bare(whole.as_str()), bare(&text));
        }
    }
}
