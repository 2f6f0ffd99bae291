//! What buttons and forms carry, sealed by us: Mattermost sends it back without any proof of its own, and the state of a
//! form passes through the client of the person who fills it in, who shall neither alter it nor find in it where answers
//! go.
//!
//! The purpose names the door, so that a button's seal is none for a form. Sealed is JSON with the time, after which the
//! seal dies, and who it was made for.

use serde::{Deserialize, Serialize};

use crate::chat::{
    Refusal, json,
    proof::{Proof, SealKeys},
};

/// How long a button or a form works, in seconds: a private message is gone with the next reload anyway.
const LIFETIME: u64 = 24 * 60 * 60;
/// How long a command's `response_url` lives, in seconds; half an hour, less what is lost on the way.
const TALK: i64 = 29 * 60;
/// How many messages a `response_url` takes.
const MESSAGES: u8 = 5;

/// What is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The context of a button or a menu.
    Action,
    /// The state of a form.
    Dialog,
}

/// A command and what has come of it: where answers go, and how many more can.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Talk {
    /// Where answers go, if anywhere; it belongs to a site that is configured.
    pub(super) to: Option<String>,
    /// When the command was typed, in seconds of Unix time.
    pub(super) since: i64,
    /// The time of this step of it.
    pub(super) at: i64,
    /// Messages sent there.
    pub(super) used: u8,
    /// Who typed it.
    pub(super) user: String,
    /// In which team.
    pub(super) team: String,
}

impl Talk {
    /// Whether one more message can be sent, and so many after it.
    pub(super) fn takes(&self, more: u8) -> bool {
        self.to.is_some() && self.at.saturating_sub(self.since) < TALK && self.used.saturating_add(more) < MESSAGES
    }

    /// After one more message.
    pub(super) fn after_one(&self) -> Self {
        Self { used: self.used.saturating_add(1), ..self.clone() }
    }
}

/// What a button or a form means when it comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meaning {
    pub(super) talk: Talk,
    /// The move.
    pub(super) does: String,
    /// What to ask of the umbrella command; empty in a menu, whose choice comes along.
    pub(super) ask: String,
}

impl Meaning {
    /// Seals it; nothing without a key.
    pub(super) fn seal(&self, keys: &SealKeys, purpose: Purpose) -> String {
        keys.seal(purpose.words(), &json(self)).unwrap_or_default()
    }

    /// Opens a seal of this person's, if it is ours, unaltered, for this purpose and not too old.
    pub(super) fn open(
        seal: &str,
        keys: &SealKeys,
        purpose: Purpose,
        user: &str,
        at: i64,
    ) -> Result<(Proof, Self), Refusal> {
        let (proof, json) = keys.open(purpose.words(), seal)?;
        let mut meaning: Self = serde_json::from_slice(&json).map_err(|_| Refusal::Unproved)?;
        if meaning.talk.user != user {
            return Err(Refusal::Unproved);
        }
        if meaning.talk.at.abs_diff(at) > LIFETIME {
            return Err(Refusal::Stale);
        }
        meaning.talk.at = at;
        Ok((proof, meaning))
    }
}

impl Purpose {
    fn words(self) -> &'static [u8] {
        match self {
            Self::Action => b"mattermost action",
            Self::Dialog => b"mattermost dialog",
        }
    }
}
