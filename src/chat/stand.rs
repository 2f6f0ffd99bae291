//! What stands for a platform where the program is tried against all of them: deliveries as the platform makes them, true
//! and forged, and what a person reads of a reply. The tests over all platforms walk it; nothing else does.

use serde_json::Value;

/// A secret for every platform that is tried, and for our own signatures.
pub const SECRET: &str = "saywell-contract-secret-0001";
/// Another, which the service does not have.
pub const OTHER: &str = "saywell-contract-secret-0002";

/// Names of variables, and what they are set to.
pub type Variables = &'static [(&'static str, &'static str)];

/// What stands for a platform.
#[derive(Debug, Clone, Copy)]
pub struct Stand {
    /// Ways of switching it on, so that what is delivered here is taken; the first is the usual one.
    pub set: &'static [Variables],
    /// Whether its proof covers the body, and the time.
    pub signs: bool,
    /// The door and the body of a command as it is typed.
    pub command: fn(command: &str, text: &str) -> (&'static str, String),
    /// A body for a door as it is sent at this time, with this proof.
    pub prove: fn(body: &[u8], proof: Forgery, at: i64) -> Sent,
    /// Every text of a message that a person reads, with its limit in UTF-16 units. What is ours and meant to act, such as
    /// who shared it, is left out.
    pub texts: fn(message: &Value) -> Vec<(String, usize)>,
    /// Text from outside, made fit to stand in a message: at most so long.
    pub escape: fn(text: &str, most: usize) -> String,
    /// What would act in a text: a mention, a disguised link. Its own marks are no part of what is given here.
    pub live: fn(text: &str) -> Option<String>,
}

/// How a delivery is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// As it should be.
    None,
    /// Without a proof.
    Missing,
    /// Of the right form, made with another key.
    Wrong,
    /// With an empty one.
    Empty,
    /// Cut by one.
    Short,
    /// There twice.
    Twice,
    /// Right, but so many seconds ago.
    Old(i64),
}

impl Forgery {
    /// The key to sign with.
    #[must_use]
    pub fn key(self) -> &'static str {
        if self == Self::Wrong { OTHER } else { SECRET }
    }

    /// When it says that it was sent.
    #[must_use]
    pub fn at(self, now: i64) -> i64 {
        if let Self::Old(seconds) = self { now.saturating_sub(seconds) } else { now }
    }

    /// The header of a proof, as often as it is there.
    #[must_use]
    pub fn headers(self, name: &'static str, mut proof: String) -> Vec<(&'static str, String)> {
        match self {
            Self::Short => drop(proof.pop()),
            Self::Empty => proof.clear(),
            _ => {}
        }
        let times = match self {
            Self::Missing => 0,
            Self::Twice => 2,
            _ => 1,
        };
        vec![(name, proof); times]
    }
}

/// A delivery as it is sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Every part of a message, from the outside in, but what is below one of these names.
pub fn every<'v>(value: &'v Value, but: &[&str], visit: &mut impl FnMut(&'v Value)) {
    visit(value);
    match value {
        Value::Array(all) => all.iter().for_each(|one| every(one, but, visit)),
        Value::Object(all) => {
            all.iter().filter(|(name, _)| !but.contains(&name.as_str())).for_each(|(_, one)| every(one, but, visit));
        }
        _ => {}
    }
}
