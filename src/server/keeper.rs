//! Keeps the book up to date: reads it again when its folders change or a SIGHUP asks for it.
//!
//! It looks at the stamps of the files twice a second rather than asking the kernel for events: events do not come
//! through every mount (NFS, shared folders of virtual machines), a watch on a folder ends when the folder itself is
//! replaced, as Kubernetes does with a ConfigMap, and some twenty `stat` calls a second cost nothing. What it does is
//! the same on all of them.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use actix_web::web::Data;
use tracing::{error, info, warn};

use crate::{http::Service, shelf::Stamps};

/// How often it looks, and how long a folder has to be quiet, so that all files of one change are read together.
const ROUND: Duration = Duration::from_millis(500);
/// After so many rounds a folder that never gets quiet is read all the same.
const MOST_ROUNDS: u32 = 10;

/// The way to ask for a reload.
pub(super) struct Keeper(Sender<()>);

impl Keeper {
    /// Starts the thread that does it: reading a book may take a while, and nobody is to wait for it.
    pub(super) fn start(service: Data<Service>) -> io::Result<Self> {
        let (asks, asked) = channel();
        thread::Builder::new().name("keeper".into()).spawn(move || keep(&service, &asked))?;
        Ok(Self(asks))
    }

    pub(super) fn reload(&self) {
        // It ends only after the last sender has gone.
        let _ = self.0.send(());
    }
}

fn keep(service: &Service, asked: &Receiver<()>) {
    let round = if service.shelf.has_folders() { ROUND } else { Duration::MAX };
    let mut known = service.shelf.first_stamps();
    let mut changing: Option<(Stamps, u32)> = None;
    loop {
        let wanted = match asked.recv_timeout(round) {
            Ok(()) => true,
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A hundred signals at once are one wish.
        while asked.try_recv().is_ok() {}
        let now = service.shelf.stamps();
        let (is_quiet, rounds) = match changing {
            Some((stamps, rounds)) => (stamps == now, rounds + 1),
            None => (false, 0),
        };
        if wanted || now != known && (is_quiet || rounds >= MOST_ROUNDS) {
            reload(service);
            (known, changing) = (now, None);
        } else {
            changing = (now != known).then_some((now, rounds));
        }
    }
}

fn reload(service: &Service) {
    match service.shelf.reload() {
        Ok(_old) => {
            let book = service.shelf.book();
            service.metrics.reloaded(&book);
            info!(phrases = book.size(), "phrasebook reloaded");
            for oddity in service.shelf.oddities() {
                warn!("{oddity}");
            }
        }
        Err(error) => {
            service.metrics.reload_failed();
            let places = error.places().join(", ");
            error!(places, "phrasebook refused, the old one goes on; `saywell validate` says what is wrong");
        }
    }
}
