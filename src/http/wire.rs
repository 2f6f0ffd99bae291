//! Stands between a socket and the framework's parser of requests. On the way in it writes an address as the parser wants
//! it, so that `?customer=José` is read; on the way out it gives a sentence to what the parser refuses without a word.

use std::{
    borrow::Cow,
    io,
    ops::Range,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::rt::net::TcpStream;
use memchr::{memchr3, memmem};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A client's socket as the framework sees it.
pub struct Wire {
    socket: TcpStream,
    /// Whether a request is sure to begin with the bytes that come next. Never again once there was one with a body: what
    /// stands in a body stays as it is.
    at_request: bool,
    /// Read, and not yet taken by the framework.
    read: Vec<u8>,
    /// Written by the framework, and not yet taken by the socket.
    unsent: Vec<u8>,
}

impl Wire {
    /// A connection that has just come.
    #[must_use]
    pub fn new(socket: TcpStream) -> Self {
        Self { socket, at_request: true, read: Vec::new(), unsent: Vec::new() }
    }

    /// The socket itself.
    #[must_use]
    pub fn socket(&self) -> &TcpStream {
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
            if !self.at_request {
                return Poll::Ready(Ok(()));
            }
            let (written, at_request) = read(buf.filled().get(before..).unwrap_or_default());
            self.at_request = at_request;
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

/// What is handed to the parser in the place of these bytes, with which a request begins; and whether another one begins
/// after them for sure. Only requests that are known to have no body are followed by one: to take a body for an address
/// would change its length, and with it where the next request begins.
fn read(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let (mut written, mut kept, mut at) = (Vec::new(), 0, 0);
    let at_request = loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            break true;
        }
        let Some(address) = address(rest) else { break false };
        let (start, end) = (at + address.start, at + address.end);
        if let Cow::Owned(plain) = plain(bytes.get(start..end).unwrap_or_default()) {
            written.extend_from_slice(bytes.get(kept..start).unwrap_or_default());
            written.extend(plain);
            kept = end;
        }
        match end_of_head(rest) {
            Some(length) => at += length,
            None => break false,
        }
    };
    if kept == 0 {
        return (bytes.into(), at_request);
    }
    written.extend_from_slice(bytes.get(kept..).unwrap_or_default());
    (written.into(), at_request)
}

/// Where the address of a request that only reads stands.
fn address(request: &[u8]) -> Option<Range<usize>> {
    let start = [&b"GET "[..], b"HEAD "].iter().find(|method| request.starts_with(method))?.len();
    let rest = request.get(start..)?;
    Some(start..start + memchr3(b' ', b'\r', b'\n', rest).unwrap_or(rest.len()))
}

/// Where the head ends, if it does and no body can follow it.
fn end_of_head(request: &[u8]) -> Option<usize> {
    let length = memmem::find(request, END_OF_HEAD)? + END_OF_HEAD.len();
    let head = request.get(..length)?.to_ascii_lowercase();
    let has_body = ["content-length", "transfer-encoding", "upgrade", "connect "]
        .iter()
        .any(|name| memmem::find(&head, name.as_bytes()).is_some());
    (!has_body).then_some(length)
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

    fn check(bytes: &[u8], expected: &[u8], at_request: bool) {
        let (written, at) = read(bytes);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!((text(&written), at), (text(expected), at_request), "{}", text(bytes));
    }

    #[test]
    fn an_address_is_escaped_and_nothing_else_is() {
        check(
            "GET /a?b=José HTTP/1.1\r\nx: é\r\n\r\n".as_bytes(),
            "GET /a?b=Jos%C3%A9 HTTP/1.1\r\nx: é\r\n\r\n".as_bytes(),
            true,
        );
        check(
            "HEAD /“a”?\"<`> HTTP/1.1\r\n\r\n".as_bytes(),
            b"HEAD /%E2%80%9Ca%E2%80%9D?%22%3C%60%3E HTTP/1.1\r\n\r\n",
            true,
        );
        check(b"GET /a?b=Jos\xe9 HTTP/1.1\r\n\r\n", b"GET /a?b=Jos%E9 HTTP/1.1\r\n\r\n", true);
        check("POST /é HTTP/1.1\r\n\r\n".as_bytes(), "POST /é HTTP/1.1\r\n\r\n".as_bytes(), false);
        check("\r\nGET /é HTTP/1.1\r\n\r\n".as_bytes(), "\r\nGET /é HTTP/1.1\r\n\r\n".as_bytes(), false);
        check("GET /é".as_bytes(), b"GET /%C3%A9", false);
        check(b"", b"", true);
    }

    #[test]
    fn only_what_is_sure_to_be_a_request_is_touched() {
        let two = "GET /é HTTP/1.1\r\n\r\nGET /é HTTP/1.1\r\n\r\n".as_bytes();
        check(two, b"GET /%C3%A9 HTTP/1.1\r\n\r\nGET /%C3%A9 HTTP/1.1\r\n\r\n", true);
        for header in ["Content-Length: 16", "transfer-encoding: chunked", "UPGRADE: websocket"] {
            let first = format!("GET / HTTP/1.1\r\n{header}\r\n\r\n");
            let both = first.clone() + "GET /é HTTP/1.1\r\n\r\n";
            check(both.as_bytes(), both.as_bytes(), false);
            check(first.as_bytes(), first.as_bytes(), false);
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
