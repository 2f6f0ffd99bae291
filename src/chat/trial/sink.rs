//! A port of this machine that stands for a platform's own address while `saywell send` runs, and takes what is posted
//! there.

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use url::Url;

/// How long to wait for what follows a press, and for more after that.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(4), Duration::from_millis(400));

/// The port that stands for the platform; none where nothing is pressed.
pub(in crate::chat) struct Sink(Option<TcpListener>);

impl Sink {
    pub(in crate::chat) fn open(hooks: &str, wanted: bool) -> io::Result<Self> {
        if !wanted {
            return Ok(Self(None));
        }
        let address =
            Url::parse(hooks).ok().and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)));
        let (host, port) = address.ok_or_else(|| io::Error::other(format!("`{hooks}` is no address")))?;
        let listener = TcpListener::bind((host, port))
            .map_err(|error| io::Error::new(error.kind(), format!("cannot listen at {hooks}: {error}")))?;
        listener.set_nonblocking(true)?;
        Ok(Self(Some(listener)))
    }

    /// The messages that come, until it has been quiet for a while.
    pub(in crate::chat) fn take(&self) -> io::Result<Vec<Value>> {
        let mut messages = Vec::new();
        let Some(listener) = &self.0 else { return Ok(messages) };
        let mut end = Instant::now() + PATIENCE.0;
        while Instant::now() < end {
            match listener.accept() {
                Ok((stream, _)) => {
                    messages.extend(receive(stream)?);
                    end = Instant::now() + PATIENCE.1;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => sleep(Duration::from_millis(10)),
                Err(error) => return Err(error),
            }
        }
        Ok(messages)
    }
}

/// One request of our own service: a head, and as many bytes as it says.
fn receive(mut stream: TcpStream) -> io::Result<Option<Value>> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE.0))?;
    let mut request = Vec::new();
    let mut part = [0; 4_096];
    let body = loop {
        let read = stream.read(&mut part)?;
        request.extend_from_slice(part.get(..read).unwrap_or_default());
        let head = request.windows(4).position(|four| four == b"\r\n\r\n");
        let length = head.and_then(|end| content_length(request.get(..end)?));
        if let (Some(end), Some(length)) = (head, length)
            && let Some(body) = request.get(end + 4..end + 4 + length)
        {
            break body;
        }
        if read == 0 || request.len() > 1 << 20 {
            return Ok(None);
        }
    };
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")?;
    Ok(serde_json::from_slice(body).ok())
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = str::from_utf8(head).ok()?;
    let (_, length) = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    length.trim().parse().ok()
}
