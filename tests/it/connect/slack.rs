//! Stands for Slack: the API that gives out addresses, the socket behind them, and the hooks where messages go.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket, accept};

use crate::running::eventually;

pub(super) const TOKEN: &str = "xapp-1-A0SAYWELL1-1-xyzzymarker";

/// A Slack of one app.
#[derive(Clone)]
pub(super) struct Slack {
    /// The API and the hooks, `http://127.0.0.1:PORT`.
    pub url: String,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    url: String,
    socket: u16,
    /// What the API says before it gives out addresses: whole answers, the last first.
    refusals: Mutex<Vec<String>>,
    asked: AtomicUsize,
    number: AtomicUsize,
    lines: Mutex<BTreeMap<usize, Line>>,
    deliveries: Mutex<HashMap<String, Delivery>>,
}

/// A connection, as the rest of Slack sees it.
struct Line {
    orders: Sender<Order>,
    leaving: bool,
}

/// What became of a delivery.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    frame: String,
    /// The connection on which it was sent last.
    line: usize,
    pub sent: Instant,
    pub acks: Vec<(Value, Duration)>,
    pub messages: Vec<Value>,
}

impl Delivery {
    /// The answers that whoever asked can see.
    pub(super) fn seen(&self) -> Vec<&Value> {
        self.acks.iter().map(|(reply, _)| reply).filter(|reply| !reply.is_null()).chain(&self.messages).collect()
    }

    /// The reply in its one acknowledgement.
    pub(super) fn reply(&self) -> &Value {
        assert_eq!(self.acks.len(), 1, "{self:?}");
        &self.acks[0].0
    }
}

/// What a connection is to do.
pub(super) enum Order {
    /// Send a text.
    Say(String),
    /// Send bytes as they are, frames and all.
    Raw(Vec<u8>),
    /// Say goodbye.
    Close,
    /// Go without a word, and take nothing more of what has come.
    Break,
    /// Go on, but say nothing any more, not even that one is there.
    Hush,
}

impl Slack {
    pub(super) fn open() -> Self {
        let (api, socket) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        let url = format!("http://{}", api.local_addr().unwrap());
        let inner =
            Arc::new(Inner { url: url.clone(), socket: socket.local_addr().unwrap().port(), ..Inner::default() });
        let slack = Self { url, inner };
        let (one, other) = (slack.clone(), slack.clone());
        thread::spawn(move || api.incoming().for_each(|stream| one.clone().spawn(stream.unwrap(), Self::api)));
        thread::spawn(move || socket.incoming().for_each(|stream| other.clone().spawn(stream.unwrap(), Self::socket)));
        slack
    }

    fn spawn(self, stream: TcpStream, serve: fn(&Self, TcpStream)) {
        thread::spawn(move || serve(&self, stream));
    }

    /// What the API is to answer first, before all else that it was told so far.
    pub(super) fn refuse(&self, status: &str, headers: &str, body: &str) {
        let answer =
            format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        self.inner.refusals.lock().unwrap().push(answer);
    }

    /// How often the API was asked for an address.
    pub(super) fn asked(&self) -> usize {
        self.inner.asked.load(Ordering::SeqCst)
    }

    /// The API and the hooks.
    fn api(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut length, mut token, mut line) = (0, false, String::new());
        let mut first = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            let lower = line.to_ascii_lowercase();
            if first.is_empty() {
                first.clone_from(&line);
            }
            if let Some(digits) = lower.strip_prefix("content-length:") {
                length = digits.trim().parse().unwrap();
            }
            token |= line.trim_end().split_once(' ').is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("authorization:") && value == format!("Bearer {TOKEN}")
            });
            line.clear();
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() || first.is_empty() {
            return;
        }
        let path = first.split(' ').nth(1).unwrap();
        let answer = match path {
            "/api/apps.connections.open" => {
                self.inner.asked.fetch_add(1, Ordering::SeqCst);
                let refusal = self.inner.refusals.lock().unwrap().pop();
                if let Some(refusal) = refusal {
                    let _ = stream.write_all(refusal.as_bytes());
                    return;
                }
                let address = format!("ws://127.0.0.1:{}/link/?ticket=xyzzymarker-ticket&app_id=A0", self.inner.socket);
                if token { json!({"ok": true, "url": address}) } else { json!({"ok": false, "error": "invalid_auth"}) }
            }
            path => {
                let (_, id) = path.rsplit_once('/').unwrap();
                let message = serde_json::from_slice(&body).unwrap();
                self.inner
                    .deliveries
                    .lock()
                    .unwrap()
                    .get_mut(id)
                    .expect("a hook that was given")
                    .messages
                    .push(message);
                json!("ok")
            }
        };
        let body = answer.to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
        let _ = stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn socket(&self, stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let Ok(mut socket) = accept(stream) else { return };
        let (orders, waiting) = channel();
        let number = self.inner.number.fetch_add(1, Ordering::SeqCst);
        let hello = json!({
            "type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0SAYWELL1"},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        });
        if socket.send(Message::text(hello.to_string())).is_err() {
            return;
        }
        socket.get_mut().set_read_timeout(Some(Duration::from_millis(2))).unwrap();
        self.inner.lines.lock().unwrap().insert(number, Line { orders, leaving: false });
        self.converse(&mut socket, &waiting);
        self.inner.lines.lock().unwrap().remove(&number);
        let _ = socket.get_mut().shutdown(Shutdown::Both);
        self.again(number);
    }

    /// Until the connection ends, whoever ends it.
    fn converse(&self, socket: &mut WebSocket<TcpStream>, orders: &Receiver<Order>) {
        loop {
            match orders.try_recv() {
                Ok(Order::Say(text)) => match socket.send(Message::text(text)) {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                Ok(Order::Raw(bytes)) => match socket.get_mut().write_all(&bytes) {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                Ok(Order::Close) => drop(socket.close(None)),
                Ok(Order::Break) => return,
                Ok(Order::Hush) => {
                    let _ = orders.recv_timeout(Duration::from_mins(1));
                    return;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
            match socket.read() {
                Ok(Message::Text(text)) => self.acknowledged(&text),
                Ok(_) => {}
                Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return,
            }
        }
    }

    fn acknowledged(&self, text: &str) {
        let ack: Value = serde_json::from_str(text).unwrap();
        let id = ack["envelope_id"].as_str().unwrap();
        let mut deliveries = self.inner.deliveries.lock().unwrap();
        let delivery = deliveries.get_mut(id).expect("an envelope that was sent");
        let after = delivery.sent.elapsed();
        delivery.acks.push((ack.get("payload").cloned().unwrap_or_default(), after));
    }

    /// What a connection that has ended left without an answer is sent on another one.
    fn again(&self, number: usize) {
        let lost: Vec<String> = {
            let deliveries = self.inner.deliveries.lock().unwrap();
            let lost = deliveries.iter().filter(|(id, delivery)| {
                delivery.line == number && delivery.acks.is_empty() && !id.starts_with("once-")
            });
            lost.map(|(id, _)| id.clone()).collect()
        };
        for id in lost {
            self.send(&id);
        }
    }

    /// Sends an envelope on a connection that is not about to end.
    fn send(&self, id: &str) {
        let frame = self.inner.deliveries.lock().unwrap()[id].frame.clone();
        eventually("a connection", || {
            let lines = self.inner.lines.lock().unwrap();
            let open: Vec<_> = lines.iter().filter(|(_, line)| !line.leaving).collect();
            let (number, line) = open.get(id.bytes().map(usize::from).sum::<usize>() % open.len().max(1))?;
            self.inner.deliveries.lock().unwrap().get_mut(id).unwrap().line = **number;
            line.orders.send(Order::Say(frame.clone())).ok()
        });
    }

    /// Makes an envelope; `kind` is its type. One whose id begins with `once-` is not sent again where its connection ends.
    pub(super) fn prepare(&self, id: &str, kind: &str, mut payload: Value) -> String {
        let hook = if kind == "slash_commands" { "commands" } else { "actions" };
        if payload["type"] != "view_submission" && payload["type"] != "block_suggestion" {
            payload["response_url"] = format!("{}/{hook}/T0/xyzzymarker/{id}", self.inner.url).into();
        }
        let frame = json!({
            "type": kind, "envelope_id": id, "payload": payload, "accepts_response_payload": kind != "events_api",
        });
        let frame = frame.to_string();
        let delivery = Delivery {
            frame: frame.clone(),
            line: usize::MAX,
            sent: Instant::now(),
            acks: Vec::new(),
            messages: Vec::new(),
        };
        self.inner.deliveries.lock().unwrap().insert(id.to_owned(), delivery);
        frame
    }

    /// Sends an envelope.
    pub(super) fn deliver(&self, id: &str, kind: &str, payload: Value) {
        self.prepare(id, kind, payload);
        self.send(id);
    }

    /// Somebody types `/recover` and this.
    pub(super) fn command(&self, id: &str, text: &str) {
        let payload = json!({
            "token": "deprecated", "team_id": "T0SAYWELL", "team_domain": "acme", "channel_id": "C0CHAN001",
            "user_id": "U0USER001", "user_name": "pat", "command": "/recover", "text": text,
            "api_app_id": "A0SAYWELL1", "is_enterprise_install": "false", "trigger_id": "1.2.3",
        });
        self.deliver(id, "slash_commands", payload);
    }

    /// What has become of a delivery by now.
    pub(super) fn delivery(&self, id: &str) -> Delivery {
        self.inner.deliveries.lock().unwrap()[id].clone()
    }

    /// Its answer, once there are so many acknowledgements and messages.
    pub(super) fn answered(&self, id: &str, acks: usize, messages: usize) -> Delivery {
        // Slack's own clients take their time on a machine that is busy.
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            let delivery = self.delivery(id);
            if delivery.acks.len() >= acks && delivery.messages.len() >= messages {
                return delivery;
            }
            assert!(Instant::now() < end, "waited in vain for an answer: {delivery:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// How many deliveries are not acknowledged yet, or have no answer that anybody can see.
    pub(super) fn waiting(&self) -> usize {
        let deliveries = self.inner.deliveries.lock().unwrap();
        deliveries.values().filter(|delivery| delivery.acks.is_empty() || delivery.seen().is_empty()).count()
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        self.inner.deliveries.lock().unwrap().values().cloned().collect()
    }

    /// The numbers of the connections that are open and not about to end, the oldest first.
    pub(super) fn lines(&self) -> Vec<usize> {
        let lines = self.inner.lines.lock().unwrap();
        lines.iter().filter(|(_, line)| !line.leaving).map(|(number, _)| *number).collect()
    }

    /// Waits until there are so many.
    pub(super) fn connected(&self, connections: usize) -> Vec<usize> {
        eventually("connections", || Some(self.lines()).filter(|lines| lines.len() == connections))
    }

    /// How many there have been.
    pub(super) fn connections(&self) -> usize {
        self.inner.number.load(Ordering::SeqCst)
    }

    pub(super) fn order(&self, number: usize, order: Order) {
        if let Some(line) = self.inner.lines.lock().unwrap().get(&number) {
            let _ = line.orders.send(order);
        }
    }

    /// Announces the end of a connection; nothing new is sent on it.
    pub(super) fn announce(&self, number: usize, reason: &str) {
        let said = json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}});
        self.order(number, Order::Say(said.to_string()));
        if let Some(line) = self.inner.lines.lock().unwrap().get_mut(&number) {
            line.leaving = true;
        }
    }
}
