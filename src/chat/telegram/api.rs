//! The Bot API, for those who hold the bot's token: administrators, and the connection that fetches updates.

use std::{fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use ureq::Proxy;

use crate::chat::proof::{ExposeSecret as _, Secret};

/// Where it is.
pub const ORIGIN: &str = "https://api.telegram.org";
/// An answer holds at most a hundred updates.
const LARGEST: u64 = 4 << 20;

/// The Bot API as one bot calls it. The token stands in the address, so no address is ever shown.
#[derive(Clone)]
pub struct Api {
    base: String,
    agent: ureq::Agent,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api(…)")
    }
}

/// Why a call was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// Telegram says no.
    #[error("Telegram answers {code}: {said}")]
    Refused {
        /// Its number, as in HTTP.
        code: u16,
        /// Why, in its words.
        said: String,
        /// How long it wants to be left alone.
        pause: Option<Duration>,
    },
    /// It was not reached.
    #[error("Telegram cannot be reached: {_0}")]
    Network(String),
    /// It answers with something else.
    #[error("Telegram's answer cannot be read")]
    Unreadable,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

impl Api {
    /// For the bot of this token; no call takes longer than `patience`.
    #[must_use]
    pub fn new(origin: &str, token: &Secret, patience: Duration, proxy: Option<Proxy>) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(proxy)
            .user_agent(concat!("saywell/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self { base: format!("{}/bot{}", origin.trim_end_matches('/'), token.expose_secret().trim()), agent }
    }

    /// Calls a method with JSON; what it gives.
    ///
    /// # Errors
    /// Any [`Trouble`]. The token is in none.
    pub fn call(&self, method: &str, body: &[u8]) -> Result<Value, Trouble> {
        let request = self.agent.post(format!("{}/{method}", self.base)).content_type("application/json");
        let mut response = request.send(body).map_err(|error| network(&error))?;
        let read = response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| network(&error))?;
        match serde_json::from_slice(&read).map_err(|_| Trouble::Unreadable)? {
            Answer { ok: true, result, .. } => Ok(result),
            Answer { error_code, description, parameters, .. } => Err(Trouble::Refused {
                code: error_code.unwrap_or(response.status().as_u16()),
                said: plain(&description.unwrap_or_default()),
                pause: parameters.and_then(|parameters| parameters.retry_after).map(Duration::from_secs),
            }),
        }
    }
}

/// Whether this has the form of a bot's token.
#[must_use]
pub fn is_token(token: &Secret) -> bool {
    let (id, key) = token.expose_secret().trim().split_once(':').unwrap_or_default();
    let is_key = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()) && key.len() >= 20 && key.bytes().all(is_key)
}

/// What others say goes to a terminal and to the log.
fn plain(said: &str) -> String {
    said.chars().filter(|c| matches!(c, ' '..='~')).take(200).collect()
}

fn network(error: &ureq::Error) -> Trouble {
    Trouble::Network(match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::HostNotFound => "its name cannot be resolved".into(),
        ureq::Error::Timeout(_) => "it takes too long".into(),
        ureq::Error::ConnectProxyFailed(answer) => format!("the proxy answers {}", plain(answer)),
        // Others may hold the address, and with it the token.
        _ => "the connection fails".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_number_and_a_key() {
        let key = "AAE_xyzzy-0123456789abcdefghijklmno";
        for (token, expected) in [
            (format!("123456:{key}"), true),
            (format!(" 123456:{key}\n"), true),
            (key.to_owned(), false),
            (format!("bot123456:{key}"), false),
            ("123456:short".to_owned(), false),
            (format!("123456:{key}/"), false),
        ] {
            assert_eq!(is_token(&Secret::from(token.as_str())), expected, "{token}");
        }
    }
}
