//! A draft as the rules see it: the writer's own words in lower case, one sentence a line.
//!
//! Quotation marks, quoted lines (`>`), code and addresses hold somebody else's words: a placeholder stands for them. A
//! signature, and the letter that is answered below one's own, are passed over; tags and Markdown hide no words.
//! Curly apostrophes become straight ones, dashes become ` - `, every run of white space one space; marks of emphasis,
//! bullets and invisible characters are left out. For every byte that remains it is known where in the draft it stood.

use std::ops::Range;

/// What stands for words that are not the writer's. No letter, no space, no mark of punctuation.
const NOT_THEIRS: char = '\u{fffc}';

/// A line that runs on into the next is longer than this; a shorter one was ended on purpose.
const FULL_LINE: usize = 40;

/// A draft, made plain.
#[derive(Debug)]
pub(crate) struct Plain<'d> {
    draft: &'d str,
    /// What patterns are matched with.
    pub(crate) text: String,
    /// For every byte of `text`, where the character that it stands for begins in the draft.
    at: Vec<u32>,
}

impl<'d> Plain<'d> {
    pub(crate) fn read(draft: &'d str) -> Self {
        let draft = draft.get(..own(draft)).unwrap_or(draft);
        let mut plain = Self { draft, text: String::with_capacity(draft.len()), at: Vec::with_capacity(draft.len()) };
        let mut quotes = Quotes::new(draft);
        let mut addresses = Addresses::new(draft);
        let mut at = 0;
        while let Some((c, rest)) = draft.get(at..).and_then(first) {
            let line_starts = draft.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
            let end = if let Some(word) = word(draft, at) {
                plain.push_word(word, at);
                at + word.len()
            } else if line_starts && is_quoted_line(draft, at) {
                plain.end_sentence(at);
                line_end(draft, at)
            } else if let Some(end) = line_starts.then(|| block(draft, at)).flatten() {
                plain.end_sentence(at);
                end
            } else if let Some((end, is_break)) = tag(draft, at) {
                if is_break && !goes_on_below(draft, at, end) {
                    plain.end_sentence(at);
                } else if is_break {
                    plain.space(at);
                }
                end
            } else if let Some(end) = link(draft, at) {
                end
            } else if let Some(end) = code(draft, at).or_else(|| addresses.end(at)) {
                plain.push(NOT_THEIRS, at);
                end
            } else if let Some(end) = quotes.end(at) {
                plain.push(NOT_THEIRS, at);
                // "He wrote “It broke.” You never answered": the sentence ends with the quotation.
                if draft.get(..end).is_some_and(|said| said.trim_end_matches(is_closer).ends_with(['.', '!', '?'])) {
                    plain.push('.', at);
                }
                end
            } else {
                plain.take(c, at);
                draft.len() - rest.len()
            };
            at = end.max(at + c.len_utf8());
        }
        plain
    }

    /// The bytes of the draft that a range of the plain text stands for.
    pub(crate) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.at.get(byte).map_or(self.draft.len(), |at| *at as usize);
        let start = at(range.start);
        let last = at(range.end.saturating_sub(1).max(range.start));
        let end =
            self.draft.get(last..).and_then(first).map_or(self.draft.len(), |(_, rest)| self.draft.len() - rest.len());
        start..end
    }

    /// Where a sentence goes that is added to the draft, in bytes: behind the last one, before a greeting and a name.
    pub(crate) fn end(&self) -> usize {
        /// A farewell has no more lines, and none of them more words.
        const LINES: usize = 4;
        let own = self.draft.trim_end();
        let mut end = own;
        for _ in 0..LINES {
            let Some((before, line)) = end.rsplit_once('\n') else { break };
            if ends_sentence(line) || line.split_whitespace().count() > LINES {
                break;
            }
            end = before.trim_end();
        }
        if ends_sentence(end) { end.len() } else { own.len() }
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.at.resize(self.text.len(), u32::try_from(at).unwrap_or(u32::MAX));
    }

    fn push_word(&mut self, word: &str, at: usize) {
        let start = self.text.len();
        self.text.push_str(word);
        if let Some(word) = self.text.get_mut(start..) {
            word.make_ascii_lowercase();
        }
        self.at.extend((at..at + word.len()).map(|at| u32::try_from(at).unwrap_or(u32::MAX)));
    }

    fn take(&mut self, c: char, at: usize) {
        match c {
            '’' | '‘' | 'ʼ' | '＇' | '`' | '´' => self.push('\'', at),
            '“' | '”' | '„' | '«' | '»' => self.push('"', at),
            '–' | '—' | '―' => self.dash(at),
            '-' if self.draft.get(..at).is_some_and(|before| before.ends_with('-')) => self.dash(at),
            '‐' | '‑' => self.push('-', at),
            '…' => "...".chars().for_each(|dot| self.push(dot, at)),
            '*'
            | '_'
            | '~'
            | '['
            | ']'
            | '{'
            | '}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'
            | '\u{fe0f}'
            | '\u{feff}' => {}
            '-' | '•' | '·' | '#' if self.is_at_start() => {}
            '\n' if self.goes_on(at) => self.space(at),
            '\n' => self.end_sentence(at),
            c if c.is_whitespace() && self.sentence_is_over(at) => self.end_sentence(at),
            c if c.is_whitespace() => self.space(at),
            // What has no lower case of one character stays as it is.
            c => self.push(c.to_lowercase().next().unwrap_or(c), at),
        }
    }

    fn is_at_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    fn space(&mut self, at: usize) {
        if !self.is_at_start() && !self.text.ends_with(' ') {
            self.push(' ', at);
        }
    }

    fn dash(&mut self, at: usize) {
        while self.text.ends_with(['-', ' ']) {
            self.text.pop();
            self.at.pop();
        }
        if !self.is_at_start() {
            " - ".chars().for_each(|c| self.push(c, at));
        }
    }

    fn end_sentence(&mut self, at: usize) {
        while self.text.ends_with(' ') {
            self.text.pop();
            self.at.pop();
        }
        if !self.is_at_start() {
            self.push('\n', at);
        }
    }

    /// Whether the words so far end a sentence. "Dr. Park" and "J. Smith" do not.
    fn sentence_is_over(&self, at: usize) -> bool {
        const SHORT: [&str; 16] = [
            "mr", "mrs", "ms", "dr", "prof", "st", "no", "inc", "ltd", "co", "vs", "e.g", "i.e", "approx", "ext",
            "dept",
        ];
        let words = self.text.trim_end_matches(['"', '\'', ')', ']']);
        if words.ends_with(['!', '?']) {
            return true;
        }
        let Some(words) = words.strip_suffix('.') else { return self.ends_in_picture() };
        let next = self.draft.get(at..).and_then(|rest| rest.chars().find(|c| !c.is_whitespace()));
        if words.ends_with('.') {
            // Three dots may be a breath.
            return next.is_none_or(|c| !c.is_lowercase());
        }
        let last = words.rsplit([' ', '\n', '(']).next().unwrap_or_default();
        let initial = last.chars().count() == 1 && last.chars().all(|c| c.is_alphabetic() && c != 'i');
        !initial && !SHORT.contains(&last)
    }

    /// In chat a smiley stands where a full stop would.
    fn ends_in_picture(&self) -> bool {
        self.text.chars().next_back().is_some_and(|c| matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}'))
    }

    /// Whether the line that ends here goes on in the next, as in a letter of fixed width.
    fn goes_on(&self, at: usize) -> bool {
        let (before, after) = (self.draft.get(..at).unwrap_or_default(), self.draft.get(at + 1..).unwrap_or_default());
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() >= FULL_LINE
            && !line.trim_end().ends_with(['.', '!', '?', ':'])
            && after.starts_with(|c: char| c.is_alphanumeric() || c == '\'')
    }
}

fn first(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|c| (c, chars.as_str()))
}

/// The letters that begin here, where they are an ordinary word: most of a draft is, and need not be looked at one by one.
fn word(draft: &str, at: usize) -> Option<&str> {
    /// No ordinary word is longer, and a draft of one word is not to be read from every letter on.
    const LONGEST: usize = 32;
    let rest = draft.get(at..)?;
    let length = rest.bytes().take(LONGEST + 1).take_while(u8::is_ascii_alphanumeric).count();
    let (word, rest) = rest.split_at_checked(length).filter(|_| (1..=LONGEST).contains(&length))?;
    // Nothing that an address goes on with.
    let after = rest.strip_prefix([',', '.', ';', ':', '!', '?']).unwrap_or(rest);
    (after.is_empty() || after.starts_with([' ', '\n'])).then_some(word)
}

fn ends_sentence(words: &str) -> bool {
    words.trim_end_matches(is_closer).ends_with(['.', '!', '?'])
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | '«')
}

/// Where the writer's own words end: before a signature, or before the letter that is answered.
fn own(draft: &str) -> usize {
    let mut start = 0;
    let mut has_words = false;
    let mut lines = draft.split_inclusive('\n').peekable();
    while let Some(whole) = lines.next() {
        let (line, next) = (whole.trim(), lines.peek().map_or("", |next| next.trim()));
        let is_answered = line.starts_with("-----Original Message")
            || line.starts_with("________________________________")
            || (line.starts_with("On ") && (line.ends_with("wrote:") || next.ends_with("wrote:") && line.len() > 20))
            || (line.starts_with("From: ") && ["Sent: ", "Date: ", "To: "].iter().any(|head| next.starts_with(head)))
            || whole.starts_with(">>> ");
        let is_signed = whole.trim_end_matches(['\n', '\r']) == "-- ";
        if has_words && (is_answered || is_signed) {
            return start;
        }
        has_words |= whole.contains(char::is_alphanumeric);
        start += whole.len();
    }
    draft.len()
}

/// Where a block of somebody else's words ends that begins with this line: `~~~`, a line of code after an empty one, or
/// `<blockquote>`.
fn block(draft: &str, at: usize) -> Option<usize> {
    let rest = draft.get(at..)?;
    if let Some(inside) = rest.strip_prefix("~~~") {
        return inside.find("\n~~~").map(|end| line_end(draft, at + 3 + end + 1));
    }
    let is_apart = draft.get(..at).is_some_and(|before| before.is_empty() || before.ends_with("\n\n"));
    if (rest.starts_with("    ") || rest.starts_with('\t')) && is_apart {
        return Some(line_end(draft, at));
    }
    rest.strip_prefix("<blockquote")?
        .find("</blockquote>")
        .map(|end| at + "<blockquote".len() + end + "</blockquote>".len())
}

/// Where the tag ends that begins here, and whether it breaks the line.
fn tag(draft: &str, at: usize) -> Option<(usize, bool)> {
    /// No tag is longer, in bytes.
    const LONGEST: usize = 300;
    let inside = draft.get(at..)?.strip_prefix('<')?;
    let name = inside.trim_start_matches('/');
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = name.get(..length)?.to_ascii_lowercase();
    let breaks =
        matches!(&*name, "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "td" | "table" | "hr" | "h1" | "h2" | "h3");
    let is_tag = breaks
        || matches!(
            &*name,
            "b" | "i"
                | "u"
                | "s"
                | "em"
                | "strong"
                | "span"
                | "a"
                | "small"
                | "font"
                | "code"
                | "blockquote"
                | "html"
                | "body"
        );
    if !is_tag {
        return None;
    }
    let end = inside.bytes().take(LONGEST).position(|byte| byte == b'>' || byte == b'\n')?;
    (inside.as_bytes().get(end) == Some(&b'>')).then_some((at + 1 + end + 1, breaks))
}

/// Whether a sentence goes on behind the `<br>` between these places: in lower case, behind a word.
fn goes_on_below(draft: &str, start: usize, end: usize) -> bool {
    let tag = draft.get(start..end).unwrap_or_default();
    let before = draft.get(..start).unwrap_or_default().trim_end();
    let after = draft.get(end..).unwrap_or_default().trim_start();
    tag.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br"))
        && before.ends_with(char::is_alphanumeric)
        && after.starts_with(char::is_lowercase)
}

/// Where the address of a Markdown link ends that begins here, with the bracket before it.
fn link(draft: &str, at: usize) -> Option<usize> {
    let inside = draft.get(at..)?.strip_prefix("](")?;
    let end = inside.bytes().take(ADDRESS).position(|byte| matches!(byte, b')' | b' ' | b'\n'))?;
    (inside.as_bytes().get(end) == Some(&b')')).then_some(at + 2 + end + 1)
}

fn line_end(draft: &str, at: usize) -> usize {
    draft.get(at..).and_then(|rest| rest.find('\n')).map_or(draft.len(), |end| at + end)
}

fn is_quoted_line(draft: &str, at: usize) -> bool {
    draft.get(at..).is_some_and(|line| line.trim_start_matches([' ', '\t']).starts_with('>'))
}

/// Where code ends that begins here: as many backticks as it began with.
fn code(draft: &str, at: usize) -> Option<usize> {
    let rest = draft.get(at..)?;
    // A run of backticks is looked at once, where it begins.
    if draft.get(..at)?.ends_with('`') {
        return None;
    }
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let close = rest.get(ticks..)?.find(rest.get(..ticks)?)?;
    // A block may hold lines; a piece of code in a sentence does not.
    let is_code = ticks >= 3 || !rest.get(ticks..ticks + close)?.contains('\n');
    is_code.then_some(at + ticks + close + ticks)
}

/// No address is longer, in bytes.
const ADDRESS: usize = 512;

/// Finds web addresses, mail addresses and chat mentions, without looking twice for the end of the same one.
struct Addresses<'d> {
    draft: &'d str,
    /// Where the word ends that was looked at last.
    word: usize,
    /// Where the mention ends that was looked at last.
    mention: usize,
    /// Where the next `@` stands.
    sign: usize,
}

impl<'d> Addresses<'d> {
    fn new(draft: &'d str) -> Self {
        Self { draft, word: 0, mention: 0, sign: 0 }
    }

    /// Where the address ends that begins here.
    fn end(&mut self, at: usize) -> Option<usize> {
        let rest = self.draft.get(at..)?;
        let upto = |end: usize, ends: fn(char) -> bool| {
            if end > at { end } else { rest.find(ends).map_or(self.draft.len(), |length| at + length) }
        };
        let goes_on = |before: char| before.is_alphanumeric() || matches!(before, '.' | '-' | '_' | '/' | '@' | '+');
        let is_inside = || self.draft.get(..at).is_some_and(|before| before.ends_with(goes_on));
        if let Some(inside) = rest.strip_prefix('<').filter(|_| !is_inside()) {
            let scheme = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            if !inside.starts_with(['@', '#', '!', '/']) && !inside.starts_with("mailto:") && !scheme.starts_with("://")
            {
                return None;
            }
            self.mention = upto(self.mention, |c| matches!(c, '>' | '\n'));
            return self.draft.get(self.mention..)?.starts_with('>').then_some(self.mention + 1);
        }
        self.word = upto(self.word, |c| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']'));
        self.sign = upto(self.sign, |c| c == '@');
        let is_web = |text: &str| {
            let starts =
                |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            ["http://", "https://", "www.", "mailto:"].into_iter().any(starts)
        };
        // Few words have what an address has, which is seen sooner than what kind of letter each begins with.
        let may_be = self.sign < self.word || is_web(rest);
        if !may_be || is_inside() || !rest.starts_with(char::is_alphanumeric) {
            return None;
        }
        let word = self.draft.get(at..self.word.min(self.draft.floor_char_boundary(at + ADDRESS)))?;
        let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
        let is_mail = word.get(self.sign - at..).is_some_and(|host| host.contains('.'));
        (is_mail || is_web(word)).then_some(at + word.len())
    }
}

/// Finds what stands in quotation marks, without looking twice for a mark that is not there.
struct Quotes<'d> {
    draft: &'d str,
    /// The whole draft stands in quotation marks: then they are nobody else's words.
    whole: bool,
    /// No closing double mark comes before this place.
    open_until: usize,
    /// No closing single mark comes before this place.
    apostrophes_until: usize,
}

/// Whether an apostrophe stands for letters that were left out: `'90s`, `'em`.
fn is_clipped(inside: &str) -> bool {
    let length = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let word = inside.get(..length).unwrap_or_default();
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with('s')
        || ["em", "til", "cause", "n", "tis", "twas", "bout", "round", "cos"]
            .iter()
            .any(|clipped| word.eq_ignore_ascii_case(clipped))
}

/// A quotation in single marks is a few words; longer ones are apostrophes far apart.
const SINGLE: usize = 200;

impl<'d> Quotes<'d> {
    fn new(draft: &'d str) -> Self {
        let trimmed = draft.trim();
        let whole = trimmed.len() > 2
            && trimmed.starts_with(['"', '“', '„', '«'])
            && trimmed.ends_with(['"', '”', '“', '»'])
            && trimmed.matches(['"', '“', '”', '„', '«', '»']).count() == 2;
        Self { draft, whole, open_until: 0, apostrophes_until: 0 }
    }

    /// Where the quotation ends that begins here.
    fn end(&mut self, at: usize) -> Option<usize> {
        let (open, inside) = self.draft.get(at..).and_then(first)?;
        let closers: &[char] = match open {
            '"' => &['"', '”'],
            '“' | '„' => &['”', '“', '"'],
            '«' => &['»'],
            '»' => &['«'],
            '「' => &['」'],
            '‚' => &['‘', '’'],
            '\'' | '‘' if is_clipped(inside) => return None,
            '\'' | '‘' => &['\'', '’'],
            _ => return None,
        };
        let before = self.draft.get(..at)?.chars().next_back();
        let opens = before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '-' | ':'))
            && (open == '«' || inside.starts_with(|c: char| !c.is_whitespace()))
            || open == '「';
        if !opens || self.whole && !matches!(open, '\'' | '‘') || at < self.open_until {
            return None;
        }
        let start = self.draft.len() - inside.len();
        if matches!(open, '\'' | '‘') {
            // As far as the longest goes, with its mark and the letter after it.
            let line = inside.get(..inside.floor_char_boundary(SINGLE + 8))?.split('\n').next()?;
            let closes = |(place, close): &(usize, &str)| {
                let after = line.get(place + close.len()..).and_then(|rest| rest.chars().next());
                after.is_none_or(|c| !c.is_alphanumeric())
                    && !line.get(..*place).is_some_and(|said| said.ends_with(' '))
            };
            let known = line.floor_char_boundary(self.apostrophes_until.saturating_sub(start));
            let marks = line.get(known..).into_iter().flat_map(|rest| rest.match_indices(closers));
            let mut marks = marks.map(|(place, close)| (known + place, close)).take_while(|(place, _)| *place < SINGLE);
            let Some((place, close)) = marks.find(closes) else {
                self.apostrophes_until = self.apostrophes_until.max(start + line.len().min(SINGLE));
                return None;
            };
            return Some(start + place + close.len());
        }
        let mut last = None;
        for (place, c) in inside.char_indices() {
            if closers.contains(&c) {
                return Some(start + place + c.len_utf8());
            }
            // A quotation ends with its paragraph.
            self.open_until = start + place;
            if (last, c) == (Some('\n'), '\n') {
                break;
            }
            last = Some(c);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(draft: &str, expected: &str) {
        assert_eq!(Plain::read(draft).text, expected, "{draft}");
    }

    #[test]
    fn a_sentence_is_a_line_of_lower_case() {
        check("You’re right.  I’m on it!", "you're right.\ni'm on it!");
        check(
            "Ask Dr. Park, J. Smith or Acme Inc. about it. Then call.",
            "ask dr. park, j. smith or acme inc. about it.\nthen call.",
        );
        check("Well... you never\u{a0}called… You know", "well... you never called...\nyou know");
        check("Sorry—but no -- really", "sorry - but no - really");
        check("a well-known - or long-standing - fault", "a well-known - or long-standing - fault");
        check("You *should* have __read__ it 🙂 Really", "you should have read it 🙂\nreally");
        check("Hi Ana,\nYou never called\n\n- You knew", "hi ana,\nyou never called\nyou knew");
        check(
            "I am so very sorry that it took us all of\nthis week, but it did",
            "i am so very sorry that it took us all of this week, but it did",
        );
        check(
            "I am so very sorry that it took us all of\n- this week, but it did",
            "i am so very sorry that it took us all of\nthis week, but it did",
        );
    }

    #[test]
    fn words_of_others_are_left_alone() {
        check("He said “calm down.” You left", "he said \u{fffc}.\nyou left");
        check("Your \"no big deal\" hurt", "your \u{fffc} hurt");
        check("the customers' 5\" pipe isn't 'just a' pipe", "the customers' 5\" pipe isn't \u{fffc} pipe");
        check("> you failed\n> to show\nSorry", "sorry");
        check("the page `mistakes were made` and\n```\nyou\nfailed\n```\nend", "the page \u{fffc} and\n\u{fffc}\nend");
        check(
            "see https://a.b/calm-down, or mail me@a.example. ok <@U1|pat> a<b",
            "see \u{fffc}, or mail \u{fffc}.\nok \u{fffc} a<b",
        );
        check("www.a.b/calm-down and me@home", "\u{fffc} and me@home");
        check("<https://a.b|you> awww.so late", "\u{fffc} awww.so late");
        check("he said 'don't go' again", "he said \u{fffc} again");
        let quotation = |length| format!("'{}' ok", "a".repeat(length));
        check(&quotation(SINGLE - 1), "\u{fffc} ok");
        check(&quotation(SINGLE), &quotation(SINGLE));
        check("a `mark\n` in a line", "a 'mark\n' in a line");
        check("“never closed, you know", "\"never closed, you know");
        check("\"You should have called.\"", "\"you should have called.\"");
    }

    #[test]
    fn what_is_not_the_writers_is_passed_over() {
        for below in [
            "On Monday, Ana wrote:\n> you never called",
            "-----Original Message-----\nYou never called",
            "From: Ana\nSent: Monday\nYou never called",
            ">>> you never called\nat all",
            "-- \nYou never called Ltd",
            "~~~\nyou never called\n~~~",
            "    you never called();",
            "<blockquote>you never\ncalled</blockquote>",
        ] {
            assert_eq!(Plain::read(&format!("Sorry.\n\n{below}")).text.trim(), "sorry.", "{below}");
        }
        check("He said « never again » and »no«, 「no」", "he said \u{fffc} and \u{fffc}, \u{fffc}");
        check("Back in the '90s, tell 'em, wait 'til noon", "back in the '90s, tell 'em, wait 'til noon");
        check("You <b>never</b> called<br>Sorry", "you never called\nsorry");
        check("You never<br/>called us", "you never called us");
        check("You [never called](https://a.b/c) us", "you never called us");
        check("Hi [Name], hi {{name}}, you", "hi name, hi name, you");
    }

    #[test]
    fn what_is_added_goes_before_the_farewell() {
        let end = |draft: &str, expected: &str| assert_eq!(&draft[..Plain::read(draft).end()], expected, "{draft}");
        end("Hi Tom,\n\nWe lost it.\n\nBest wishes,\nAna\n", "Hi Tom,\n\nWe lost it.");
        end("We lost it.\n-- \nAna Ltd, since 1901.", "We lost it.");
        end("Hi Tom,\nyou never called", "Hi Tom,\nyou never called");
        end("We lost it", "We lost it");
    }

    #[test]
    fn every_byte_knows_where_it_stood() {
        let draft = "Olá 😀 — YOU’re  *so* wrong";
        let plain = Plain::read(draft);
        let place = |words: &str| {
            let start = plain.text.find(words).unwrap();
            &draft[plain.place(&(start..start + words.len()))]
        };
        assert_eq!(place("you're so"), "YOU’re  *so");
        assert_eq!(place("wrong"), "wrong");
        assert_eq!(place("olá"), "Olá");
    }

    #[test]
    fn marks_that_never_close_are_read_to_their_end() {
        for piece in ["“a ", "'a ", "\"a", "`a", "<a", "a@", "a\n", "```", "...", "— "] {
            let draft = format!("{}\n\nThe end", piece.repeat(20_000 / piece.len()));
            assert!(Plain::read(&draft).text.ends_with("the end"), "{piece}");
        }
    }
}
