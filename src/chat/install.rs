//! Installing into several workspaces: OAuth v2, of which we need only that it is finished. The token at its end is
//! thrown away, since answers need none.
//!
//! 1. Somebody opens `/slack/install` and is sent to [`Install::authorize`].
//! 2. Slack sends them back to `/slack/oauth` with a `code` and our `state`, which [`Install::check`] looks at.
//! 3. [`Install::exchange`] is posted as a form to [`Install::access`], and [`accepted`] reads what comes back.
//!
//! The state is signed and dies after ten minutes, as the code does; nothing is kept. It is not bound to a browser: who
//! tricks somebody into finishing an install gains nothing, since there is no session and no token to gain.

use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{
    Refusal,
    proof::{ExposeSecret as _, HmacKeys, Secret, fresh, hex, hex32},
};

/// What installing needs.
#[derive(Debug, Clone)]
pub struct Install {
    client_id: String,
    client_secret: Secret,
    keys: HmacKeys,
    redirect: Option<String>,
    api: String,
}

/// What the state's signature is for, so that no other signature of ours passes for it.
const PURPOSE: &[u8] = b"slack install ";
/// As long as Slack's code lives, in seconds.
const LIFETIME: u64 = 600;

impl Install {
    /// Installing for the app of this id and secret. `keys` sign the state; `redirect` is our own `/slack/oauth`, needed
    /// where the app has more than one.
    #[must_use]
    pub fn new(
        client_id: impl Into<String>,
        client_secret: Secret,
        keys: HmacKeys,
        redirect: Option<String>,
        api: impl Into<String>,
    ) -> Self {
        Self { client_id: client_id.into(), client_secret, keys, redirect, api: api.into() }
    }

    /// Where the code is handed in, as a form.
    #[must_use]
    pub fn access(&self) -> String {
        format!("{}/api/oauth.v2.access", self.api)
    }

    /// Where to send somebody who wants to install; none without a key. `at` is the time, in seconds.
    #[must_use]
    pub fn authorize(&self, at: i64) -> Option<String> {
        let mut url = Url::parse(&format!("{}/oauth/v2/authorize", self.api)).ok()?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("scope", "commands")
            .append_pair("state", &self.state(at)?)
            .extend_pairs(self.redirect.as_deref().map(|redirect| ("redirect_uri", redirect)));
        Some(url.into())
    }

    /// Whether a state that came back is ours, and not too old.
    ///
    /// # Errors
    /// [`Refusal::Unproved`], [`Refusal::Stale`].
    pub fn check(&self, state: &str, at: i64) -> Result<(), Refusal> {
        let (seconds, mac) = state.split_once('.').ok_or(Refusal::Unproved)?;
        let mac = hex32(mac).ok_or(Refusal::Unproved)?;
        self.keys.signed(&[PURPOSE, seconds.as_bytes()], &mac)?;
        fresh(seconds, at, LIFETIME)
    }

    /// The form that is posted to [`Self::access`]. It holds the client's secret.
    #[must_use]
    pub fn exchange(&self, code: &str) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("code", code)
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.client_secret.expose_secret())
            .extend_pairs(self.redirect.as_deref().map(|redirect| ("redirect_uri", redirect)))
            .finish()
    }

    fn state(&self, at: i64) -> Option<String> {
        let seconds = at.to_string();
        let mac = self.keys.sign(&[PURPOSE, seconds.as_bytes()])?;
        Some(format!("{seconds}.{}", hex(&mac)))
    }
}

/// Whether Slack's answer to the exchange says that the app is installed now. The token in it is not even read.
///
/// # Errors
/// Slack's own word for what was wrong, `invalid_code`.
pub fn accepted(answer: &[u8]) -> Result<(), String> {
    #[derive(Deserialize)]
    struct Access {
        ok: bool,
        error: Option<String>,
    }
    match serde_json::from_slice::<Access>(answer) {
        Ok(Access { ok: true, .. }) => Ok(()),
        Ok(Access { error, .. }) => Err(error.unwrap_or_else(|| "unknown_error".into())),
        Err(_) => Err("unreadable_answer".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_comes_back_as_it_was_given_and_dies() {
        let keys = |secret: &str| HmacKeys::new(&[Secret::from(secret)]);
        let install = |secret| {
            Install::new(
                "1.2",
                Secret::from("hush"),
                keys(secret),
                Some("https://x.test/a?b".into()),
                "https://slack.com",
            )
        };
        let url = Url::parse(&install("k").authorize(1_000).unwrap()).unwrap();
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        assert_eq!(query[0], ("client_id".into(), "1.2".into()));
        assert_eq!(query[1], ("scope".into(), "commands".into()));
        assert_eq!(query[3], ("redirect_uri".into(), "https://x.test/a?b".into()));
        let state = &query[2].1;
        assert_eq!(install("k").check(state, 1_600), Ok(()));
        assert_eq!(install("k").check(state, 1_601), Err(Refusal::Stale));
        assert_eq!(install("other").check(state, 1_000), Err(Refusal::Unproved));
        for forged in ["", ".", "1000", "1000.", &state.replace("1000", "1001"), &format!("{state}0")] {
            assert_eq!(install("k").check(forged, 1_000), Err(Refusal::Unproved), "{forged}");
        }
        assert_eq!(
            install("k").exchange("c&d"),
            "code=c%26d&client_id=1.2&client_secret=hush&redirect_uri=https%3A%2F%2Fx.test%2Fa%3Fb"
        );
    }

    #[test]
    fn the_answer_to_the_exchange_is_yes_or_slacks_own_word() {
        assert_eq!(accepted(br#"{"ok":true,"access_token":"xoxb-1"}"#), Ok(()));
        assert_eq!(accepted(br#"{"ok":false,"error":"invalid_code"}"#), Err("invalid_code".into()));
        assert_eq!(accepted(b"<html>"), Err("unreadable_answer".into()));
    }
}
