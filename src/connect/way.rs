//! The way out on one connection.

use tokio::sync::{mpsc, oneshot};

/// An acknowledgement on its way out.
pub(super) struct Letter {
    /// What to write.
    pub(super) text: String,
    /// Told when that is done.
    pub(super) written: oneshot::Sender<()>,
}

/// The way out on one connection. A copy leads to the same.
#[derive(Clone)]
pub(super) struct Way(mpsc::UnboundedSender<Letter>);

impl Way {
    /// With its other end, where the connection takes what it is to write.
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Letter>) {
        let (way, letters) = mpsc::unbounded_channel();
        (Self(way), letters)
    }

    /// Writes; whether that was done before the connection ended.
    pub(super) async fn write(&self, text: String) -> bool {
        let (written, done) = oneshot::channel();
        self.0.send(Letter { text, written }).is_ok() && done.await.is_ok()
    }

    /// Whether the connection has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Whether both lead to the same connection.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }
}
