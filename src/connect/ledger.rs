//! Which deliveries have come, and what became of them. Slack knows a delivery by its envelope's id, and may send one
//! again on another connection where it did not get the answer: it is not asked a second time then, but answered the
//! same.

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use super::way::Way;

/// As many are remembered: some megabytes of answers at most, and far more than come within minutes.
const MOST: usize = 1024;

/// The deliveries of the last while.
#[derive(Default)]
pub(super) struct Ledger(RefCell<Entries>);

#[derive(Default)]
struct Entries {
    by_id: HashMap<Rc<str>, Entry>,
    /// The oldest first.
    order: VecDeque<Rc<str>>,
}

struct Entry {
    /// Where it came last.
    way: Way,
    /// The acknowledgement, once it is out.
    ack: Option<String>,
}

/// Whether a delivery is new.
pub(super) enum Entered {
    /// It is.
    New,
    /// It is not; with its acknowledgement, if that is out already.
    Again(Option<String>),
}

impl Ledger {
    /// A delivery has come this way.
    pub(super) fn enter(&self, id: &Rc<str>, way: &Way) -> Entered {
        let entries = &mut *self.0.borrow_mut();
        if let Some(entry) = entries.by_id.get_mut(id) {
            entry.way = way.clone();
            return Entered::Again(entry.ack.clone());
        }
        if entries.order.len() >= MOST
            && let Some(oldest) = entries.order.pop_front()
        {
            entries.by_id.remove(&oldest);
        }
        entries.order.push_back(id.clone());
        entries.by_id.insert(id.clone(), Entry { way: way.clone(), ack: None });
        Entered::New
    }

    /// The way that it came last.
    pub(super) fn way(&self, id: &str) -> Option<Way> {
        self.0.borrow().by_id.get(id).map(|entry| entry.way.clone())
    }

    /// It has been answered so, and is whenever it comes again.
    pub(super) fn answered(&self, id: &str, ack: String) {
        if let Some(entry) = self.0.borrow_mut().by_id.get_mut(id) {
            entry.ack = Some(ack);
        }
    }
}
