//! Stands for the service: it answers with what it was asked, as slowly or as badly as it is told, and counts.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use saywell::chat::proof::{HmacKeys, Secret, hex};
use serde_json::json;
use url::form_urlencoded;

pub(super) const SECRET: &str = "xyzzymarker-signing-secret";

/// A service that is not one.
#[derive(Clone)]
pub(super) struct Service {
    pub url: String,
    /// How often each delivery has come, by its id.
    asked: Arc<Mutex<HashMap<String, usize>>>,
    conduct: Arc<Mutex<Conduct>>,
}

#[derive(Clone, Copy)]
pub(super) struct Conduct {
    pub after: Duration,
    pub status: u16,
}

impl Service {
    pub(super) fn open() -> Self {
        Self::at("127.0.0.1:0")
    }

    pub(super) fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let service = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            asked: Arc::default(),
            conduct: Arc::new(Mutex::new(Conduct { after: Duration::ZERO, status: 200 })),
        };
        let one = service.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let one = one.clone();
                thread::spawn(move || one.answer(&stream.unwrap()));
            }
        });
        service
    }

    pub(super) fn behaves(&self, after: Duration, status: u16) {
        *self.conduct.lock().unwrap() = Conduct { after, status };
    }

    pub(super) fn asked(&self) -> HashMap<String, usize> {
        self.asked.lock().unwrap().clone()
    }

    fn answer(&self, mut stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        let (mut headers, mut line) = (HashMap::new(), String::new());
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            if let Some((name, value)) = line.trim_end().split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
            line.clear();
        }
        let Some(length) = headers.get("content-length") else { return };
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
        let keys = HmacKeys::new(&[Secret::from(SECRET)]);
        let mac = keys.sign(&[b"v0:", headers["x-slack-request-timestamp"].as_bytes(), b":", &body]).unwrap();
        assert_eq!(headers["x-slack-signature"], format!("v0={}", hex(&mac)), "signed as Slack signs");
        *self.asked.lock().unwrap().entry(headers["x-request-id"].clone()).or_default() += 1;
        let conduct = *self.conduct.lock().unwrap();
        thread::sleep(conduct.after);
        let text = form_urlencoded::parse(&body).find(|(name, _)| name == "text").map(|(_, text)| text.into_owned());
        let body = json!({"response_type": "ephemeral", "text": text}).to_string();
        let head = "content-type: application/json; charset=utf-8\r\nconnection: close\r\ncontent-length:";
        let _ = write!(stream, "HTTP/1.1 {} X\r\n{head} {}\r\n\r\n{body}", conduct.status, body.len());
    }
}
