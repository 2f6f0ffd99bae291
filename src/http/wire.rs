//! Stands between a socket and the framework's parser of requests. On the way in it writes an address as the parser wants
//! it, so that `?customer=José` is read; on the way out it gives a sentence to what the parser refuses without a word.

use std::{
    borrow::Cow,
    io,
    ops::Range,
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll, ready},
};

use actix_web::rt::net::TcpStream;
use memchr::{
    memchr3,
    memmem::{self, Finder},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::bytes;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// What a head is looked through for; made once, since to make one takes longer than to find it.
struct Finders {
    end: Finder<'static>,
    length: Finder<'static>,
    /// After a head with one of these nobody can say what comes, nor after `CONNECT`.
    unknown: [Finder<'static>; 2],
}

static FINDERS: LazyLock<Finders> = LazyLock::new(|| Finders {
    end: Finder::new(END_OF_HEAD),
    length: Finder::new("content-length"),
    unknown: ["transfer-encoding", "upgrade"].map(Finder::new),
});

/// A client's socket as the framework sees it.
pub(crate) struct Wire {
    socket: TcpStream,
    /// What comes next.
    next: Next,
    /// Read, and not yet taken by the framework.
    read: Vec<u8>,
    /// Written by the framework, and not yet taken by the socket.
    unsent: Vec<u8>,
}

/// What the bytes that come next are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The beginning of a request.
    Request,
    /// So many bytes of a body, which stay as they are, and then a request.
    Body(u64),
    /// Nobody can say, and nothing is touched any more.
    Unknown,
}

impl Wire {
    /// A connection that has just come.
    #[must_use]
    pub(crate) fn new(socket: TcpStream) -> Self {
        Self { socket, next: Next::Request, read: Vec::new(), unsent: Vec::new() }
    }

    /// The socket itself.
    #[must_use]
    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    fn send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            let sent = ready!(Pin::new(&mut self.socket).poll_write(context, &self.unsent))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unsent.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.read.is_empty() {
            let before = buf.filled().len();
            ready!(Pin::new(&mut self.socket).poll_read(context, buf))?;
            let (written, next) = read(buf.filled().get(before..).unwrap_or_default(), self.next);
            self.next = next;
            let Cow::Owned(written) = written else { return Poll::Ready(Ok(())) };
            self.read = written;
            buf.set_filled(before);
        }
        let taken = self.read.len().min(buf.remaining());
        buf.put_slice(self.read.get(..taken).unwrap_or_default());
        self.read.drain(..taken);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.send(context))?;
        match with_sentence(buf) {
            None => Pin::new(&mut self.socket).poll_write(context, buf),
            Some(answer) => {
                self.unsent = answer;
                // What the socket does not take now goes out when the framework flushes.
                let _ = self.send(context)?;
                Poll::Ready(Ok(buf.len()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send(context))?;
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send(context))?;
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

/// What is handed to the parser in the place of these bytes, and what comes after them. Only what is sure to be the
/// beginning of a request is changed: to take a body for an address would change its length, and with it where the next
/// request begins.
fn read(bytes: &[u8], mut next: Next) -> (Cow<'_, [u8]>, Next) {
    let (mut written, mut kept, mut at) = (Vec::new(), 0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match next {
            Next::Unknown => break,
            Next::Body(left) => usize::try_from(left).unwrap_or(usize::MAX).min(rest.len()),
            Next::Request => {
                if let Some((address, plain)) = foreign_address(rest) {
                    written.extend_from_slice(bytes.get(kept..at + address.start).unwrap_or_default());
                    written.extend(plain);
                    kept = at + address.end;
                }
                end_of_head(rest).unwrap_or(rest.len())
            }
        };
        next = after(next, rest.get(..length).unwrap_or_default());
        at += length;
    }
    if kept == 0 {
        return (bytes.into(), next);
    }
    written.extend_from_slice(bytes.get(kept..).unwrap_or_default());
    (written.into(), next)
}

/// What comes after these bytes, a whole head or as much of a body as there is.
fn after(next: Next, bytes: &[u8]) -> Next {
    match next {
        Next::Unknown => Next::Unknown,
        Next::Body(left) => body(left.saturating_sub(bytes.len() as u64)),
        Next::Request => length_of_body(bytes).map_or(Next::Unknown, body),
    }
}

fn body(left: u64) -> Next {
    if left == 0 { Next::Request } else { Next::Body(left) }
}

/// Where the address of a request stands, and what it is when it is escaped, if it has to be.
fn foreign_address(request: &[u8]) -> Option<(Range<usize>, Vec<u8>)> {
    let address = address(request)?;
    match plain(request.get(address.clone())?) {
        Cow::Owned(plain) => Some((address, plain)),
        Cow::Borrowed(_) => None,
    }
}

fn address(request: &[u8]) -> Option<Range<usize>> {
    let start = memchr::memchr(b' ', request).filter(|&length| length > 0)? + 1;
    let is_method = request.get(..start - 1)?.iter().all(u8::is_ascii_uppercase);
    let rest = request.get(start..).filter(|_| is_method)?;
    Some(start..start + memchr3(b' ', b'\r', b'\n', rest).unwrap_or(rest.len()))
}

fn end_of_head(request: &[u8]) -> Option<usize> {
    Some(FINDERS.end.find(request)? + END_OF_HEAD.len())
}

/// How long the body is that follows a head; `None` where that is not a plain number, or the head is none or not whole.
fn length_of_body(head: &[u8]) -> Option<u64> {
    address(head)?;
    let head = bytes::lower(head.strip_suffix(END_OF_HEAD)?);
    if head.starts_with(b"connect ") || FINDERS.unknown.iter().any(|name| name.find(&head).is_some()) {
        return None;
    }
    let mut lengths = FINDERS.length.find_iter(&head).map(|start| head.get(start..));
    let Some(line) = lengths.next() else { return Some(0) };
    let line = std::str::from_utf8(line?.split(|&byte| byte == b'\r').next()?).ok()?;
    let digits = line.strip_prefix("content-length:")?.trim_matches([' ', '\t']);
    let is_number = lengths.next().is_none() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// An address in which everything is escaped that must not stand there and does no harm: bytes beyond ASCII, quotation
/// marks and brackets (RFC 3986, section 2).
fn plain(address: &[u8]) -> Cow<'_, [u8]> {
    let is_foreign = |byte: &u8| !byte.is_ascii() || matches!(byte, b'"' | b'<' | b'>' | b'`');
    if !address.iter().any(is_foreign) {
        return address.into();
    }
    let escaped = address.iter().flat_map(|byte| {
        if is_foreign(byte) {
            percent_encoding::percent_encode_byte(*byte).as_bytes()
        } else {
            std::slice::from_ref(byte)
        }
    });
    escaped.copied().collect::<Vec<u8>>().into()
}

/// What is sent in the place of these bytes, if they end in an answer of the framework's own that says nothing.
fn with_sentence(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.ends_with(END_OF_HEAD) {
        return None;
    }
    let start = memmem::rfind(bytes, b"HTTP/1.")?;
    let (before, answer) = bytes.split_at_checked(start)?;
    let answer = std::str::from_utf8(answer).ok()?;
    let sentence = sentence(answer.get("HTTP/1.1 ".len()..)?.get(..3)?)?;
    let head = answer.replacen("content-length: 0\r\n", &length_and_type(sentence), 1);
    let changed = head.len() != answer.len();
    changed.then(|| [before, head.as_bytes(), sentence.as_bytes()].concat())
}

fn length_and_type(sentence: &str) -> String {
    format!("content-length: {}\r\ncontent-type: text/plain; charset=utf-8\r\n", sentence.len())
}

/// What the framework means by a status of its own.
fn sentence(status: &str) -> Option<&'static str> {
    Some(match status {
        "400" => {
            "This is no HTTP request that can be read. There is one `Host` and one length of the body; an address \
             is shorter than 65,535 bytes, and a space in it is written %20.\n"
        }
        "408" => "The request did not arrive in time.\n",
        "431" => "The request has more than 96 headers, or they are larger than 131,072 bytes.\n",
        "500" => "Something went wrong here.\n",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use Next::{Body, Request, Unknown};

    fn check(bytes: &str, expected: &str, next: Next) {
        let (written, after) = read(bytes.as_bytes(), Request);
        assert_eq!((&*String::from_utf8_lossy(&written), after), (expected, next), "{bytes}");
    }

    #[test]
    fn an_address_is_escaped_and_nothing_else_is() {
        let head = "GET /a?b=José HTTP/1.1\r\nx: é\r\n\r\n";
        check(head, &head.replace("José", "Jos%C3%A9"), Request);
        let quotes = "HEAD /“a”?\"<`> HTTP/1.1\r\n\r\n";
        check(quotes, "HEAD /%E2%80%9Ca%E2%80%9D?%22%3C%60%3E HTTP/1.1\r\n\r\n", Request);
        check("POST /é HTTP/1.1\r\n\r\n", "POST /%C3%A9 HTTP/1.1\r\n\r\n", Request);
        check("\r\nGET /é HTTP/1.1\r\n\r\n", "\r\nGET /é HTTP/1.1\r\n\r\n", Unknown);
        check("GET /é", "GET /%C3%A9", Unknown);
        check("é /é HTTP/1.1\r\n\r\n", "é /é HTTP/1.1\r\n\r\n", Unknown);
        check("", "", Request);
        let (latin, _) = read(b"GET /a?b=Jos\xe9 HTTP/1.1\r\n\r\n", Request);
        assert_eq!(latin, &b"GET /a?b=Jos%E9 HTTP/1.1\r\n\r\n"[..]);
    }

    #[test]
    fn only_what_is_sure_to_be_a_request_is_touched() {
        let (get, escaped) = ("GET /é HTTP/1.1\r\n\r\n", "GET /%C3%A9 HTTP/1.1\r\n\r\n");
        check(&[get, get].concat(), &[escaped, escaped].concat(), Request);
        for header in [
            "transfer-encoding: chunked",
            "UPGRADE: websocket",
            "content-length: 2x",
            "content-length: +2",
            "content-length : 2",
            "content-length: 2\r\ncontent-length: 2",
            "content-length: 99999999999999999999",
        ] {
            let both = format!("POST / HTTP/1.1\r\n{header}\r\n\r\n{get}");
            check(&both, &both, Unknown);
        }
    }

    #[test]
    fn a_body_stays_as_it_is_and_a_request_follows_it() {
        let get = "GET /é HTTP/1.1\r\n\r\n";
        let head = format!("POST /check HTTP/1.1\r\nContent-Length: {}\r\n\r\n", get.len());
        let all = [&*head, get, get].concat();
        check(&all, &[&*head, get, "GET /%C3%A9 HTTP/1.1\r\n\r\n"].concat(), Request);
        for cut in 0..get.len() {
            let (first, rest) = all.as_bytes().split_at(head.len() + cut);
            let (written, next) = read(first, Request);
            assert_eq!((&*written, next), (first, Body((get.len() - cut) as u64)));
            let (written, next) = read(rest, next);
            assert!(written.ends_with(b"GET /%C3%A9 HTTP/1.1\r\n\r\n") && written.len() == rest.len() + 4);
            assert_eq!(next, Request);
        }
    }

    #[test]
    fn an_answer_without_a_word_gets_a_sentence() {
        let said = |bytes: &str| with_sentence(bytes.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        let date = "date: Fri, 27 Nov 2026 10:00:00 GMT\r\n\r\n";
        let refused = format!("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n{date}");
        let text = "content-length: 36\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n";
        let expected = format!("HTTP/1.1 408 Request Timeout\r\n{text}{date}The request did not arrive in time.\n");
        assert_eq!(said(&refused).as_deref(), Some(&*expected));
        let first = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nHi\n";
        assert_eq!(said(&format!("{first}{refused}")), Some(format!("{first}{expected}")));
        assert_eq!(said(first), None);
        assert_eq!(said(&format!("HTTP/1.1 304 Not Modified\r\n{date}")), None);
        assert_eq!(said(&format!("HTTP/1.1 400 Bad Request\r\ncontent-length: 20\r\n{date}")), None);
    }
}
