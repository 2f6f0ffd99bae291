//! Proof of who sent a delivery. Only here can a [`Verified`] be made, and only a `Verified` is read.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Delivery;

/// A delivery whose sender has been proved.
#[derive(Debug, Clone, Copy)]
pub struct Verified<'a>(Delivery<'a>);

impl<'a> Verified<'a> {
    /// What was delivered.
    #[must_use]
    pub fn delivery(self) -> Delivery<'a> {
        self.0
    }
}

/// A key, token or password. It prints as `Secret(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// HMAC-SHA256 keys, any of which may have signed: the state of each is made once and cloned.
#[derive(Clone)]
pub struct HmacKeys(Vec<Hmac<Sha256>>);

impl HmacKeys {
    /// Keys from secrets, as bytes of their text.
    #[must_use]
    pub fn new(secrets: &[Secret]) -> Self {
        Self(secrets.iter().filter_map(|secret| Hmac::new_from_slice(secret.expose().as_bytes()).ok()).collect())
    }

    /// Whether one of the keys made this MAC over the parts end to end. Constant time in the MAC; a MAC of another
    /// length than 32 bytes is wrong.
    #[must_use]
    pub fn signed(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.0.iter().fold(false, |signed, key| {
            let mut key = key.clone();
            for part in parts {
                key.update(part);
            }
            key.verify_slice(mac).is_ok() | signed
        })
    }

    /// The MAC of the first key over the parts end to end; for what we sign ourselves.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> Option<[u8; 32]> {
        let mut key = self.0.first()?.clone();
        for part in parts {
            key.update(part);
        }
        Some(key.finalize().into_bytes().into())
    }
}

impl fmt::Debug for HmacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HmacKeys({})", self.0.len())
    }
}
