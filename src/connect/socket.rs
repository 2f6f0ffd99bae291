//! One connection, from its greeting to its end.

use std::{rc::Rc, time::Duration};

use actix_web::rt;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, error::ProtocolError};
use tracing::debug;

use super::{
    Hub, Phase,
    ledger::Entered,
    metrics::Ended,
    open::Socket,
    relay,
    slack::{Leaving, Said},
    way::{Letter, Way},
};

/// How often we ask whether Slack is still there, and after how long a silence we take it that it is not.
const PING: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(15);
/// How long Slack may take to greet, and to take what we write.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection that is to end is left open; Slack ends it within seconds.
const LEAVING: Duration = Duration::from_mins(1);
/// How long Slack may take to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Slack has not greeted yet.
    Opened,
    /// Deliveries come.
    Greeted,
    /// They still come, but it will end soon.
    Leaving(Leaving),
    /// It is over.
    Ended(Ended),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Closed,
            Error::Capacity(_) => Self::TooLarge,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Broken,
            Error::Protocol(_) | Error::Utf8(_) => Self::Garbled,
            _ => Self::Broken,
        }
    }
}

/// Serves a connection to its end.
pub(super) async fn serve(hub: Rc<Hub>, socket: Socket, tell: watch::Sender<State>) {
    let (way, letters) = Way::new();
    let now = Instant::now();
    let mut open = Open { hub: hub.clone(), socket, tell, way, heard: now, since: now };
    let ended = open.converse(letters).await;
    if *open.tell.borrow() != State::Opened {
        hub.metrics.connections.dec();
    }
    hub.metrics.ended(ended.name());
    open.tell.send_replace(State::Ended(ended));
}

/// A connection that is open.
struct Open {
    hub: Rc<Hub>,
    socket: Socket,
    tell: watch::Sender<State>,
    way: Way,
    /// When Slack was last heard of.
    heard: Instant,
    /// Since when the state is what it is.
    since: Instant,
}

impl Open {
    async fn converse(&mut self, mut letters: mpsc::UnboundedReceiver<Letter>) -> Ended {
        let mut ticks = interval(PING);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let hub = self.hub.clone();
        loop {
            let ended = tokio::select! {
                came = self.socket.next() => self.heard(came).await,
                Some(letter) = letters.recv() => self.write(letter).await,
                _ = ticks.tick() => self.tick().await,
                () = hub.reached(Phase::Closing) => return self.close().await,
            };
            if let Err(ended) = ended {
                return ended;
            }
        }
    }

    /// Binary frames and texts that are not Slack's are passed over.
    async fn heard(&mut self, came: Option<Result<Message, Error>>) -> Result<(), Ended> {
        self.heard = Instant::now();
        match came.ok_or(Ended::Broken)?? {
            Message::Text(text) => match Said::read(text.as_str()) {
                Some(said) => self.said(said),
                None => self.pass_over("not Slack's"),
            },
            Message::Binary(_) => self.pass_over("binary"),
            Message::Close(_) => {
                // The answer to it is written by now, or never.
                let _ = timeout(GOODBYE, self.socket.flush()).await;
                return Err(Ended::Closed);
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        Ok(())
    }

    fn pass_over(&self, what: &'static str) {
        self.hub.metrics.passed_over.inc();
        debug!(what, "passed over");
    }

    fn said(&mut self, said: Said) {
        match said {
            Said::Hello if *self.tell.borrow() == State::Opened => {
                self.hub.metrics.connections.inc();
                self.enter(State::Greeted);
            }
            Said::Hello => {}
            Said::Disconnect(why) => {
                if *self.tell.borrow() == State::Opened {
                    self.hub.metrics.connections.inc();
                }
                self.enter(State::Leaving(why));
            }
            Said::Envelope(envelope) => match self.hub.ledger.enter(&envelope.id, &self.way) {
                Entered::New => drop(rt::spawn(relay::deliver(self.hub.clone(), envelope))),
                Entered::Again(answered) => {
                    self.hub.metrics.repeated.inc();
                    if let Some(ack) = answered {
                        let way = self.way.clone();
                        rt::spawn(async move { way.write(ack).await });
                    }
                }
            },
            Said::Unknown => self.pass_over("unknown"),
        }
    }

    fn enter(&mut self, state: State) {
        self.since = Instant::now();
        self.tell.send_replace(state);
    }

    async fn write(&mut self, letter: Letter) -> Result<(), Ended> {
        self.send(Message::text(letter.text)).await?;
        // Whoever wanted to know may have gone.
        let _ = letter.written.send(());
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        timeout(PATIENCE, self.socket.send(message)).await.map_err(|_| Ended::Silent)?.map_err(Ended::from)
    }

    async fn tick(&mut self) -> Result<(), Ended> {
        let state = *self.tell.borrow();
        match state {
            State::Opened if self.since.elapsed() >= PATIENCE => Err(Ended::Ungreeted),
            State::Leaving(_) if self.since.elapsed() >= LEAVING => Err(self.close().await),
            _ if self.heard.elapsed() >= SILENCE => Err(Ended::Silent),
            _ => self.send(Message::Ping(Bytes::new())).await,
        }
    }

    /// Says goodbye. What comes until Slack says it too is answered by a message.
    async fn close(&mut self) -> Ended {
        let farewell = async {
            let mut closed = self.socket.close(None).await.is_ok();
            while closed && let Some(Ok(came)) = self.socket.next().await {
                closed = !came.is_close();
                if let Message::Text(text) = &came
                    && let Some(said) = Said::read(text.as_str())
                {
                    self.said(said);
                }
            }
        };
        let _ = timeout(GOODBYE, farewell).await;
        Ended::Left
    }
}
