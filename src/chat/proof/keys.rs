//! The public keys of a platform that signs with RSA. They change now and then, so somebody has to fetch them: that is
//! `http`'s, for nothing here does I/O. What is fetched is read here, whole or not at all.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use webpki::EndEntityCert;

use super::token::RsaPair;
use crate::chat::{address, origin};

/// No set has more keys: those of today's platforms have fewer than ten.
const MOST: usize = 64;

/// Where keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An address: of a key set, or of an OpenID document that says where one is, at the same origin.
    Address(String),
    /// A file that somebody keeps up to date.
    File(PathBuf),
    /// They were given once and for all.
    Given,
}

/// The keys of a platform: those that were read last.
pub struct Keys {
    source: Source,
    set: ArcSwap<Vec<Arc<Key>>>,
}

/// Why what was fetched gives no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unusable {
    /// It is neither a key set nor certificates nor a document that points to one of them.
    #[error("it is no key set")]
    Unread,
    /// There is no RSA key in it that we can check signatures with.
    #[error("there is no RSA key for signatures in it")]
    Empty,
    /// The document points to another origin than its own.
    #[error("it points to another origin")]
    Elsewhere,
}

impl Keys {
    /// Keys as a setting has them: an address with `https`, or with `http` on this machine; a file's path with a slash at
    /// its beginning; or the key set itself.
    ///
    /// # Errors
    /// What would be right.
    pub fn read(setting: &str) -> Result<Self, String> {
        let text = setting.trim();
        if text.starts_with('{') {
            let keys = Self::of(Source::Given);
            return match keys.take(text.as_bytes()) {
                Ok(None) => Ok(keys),
                Ok(Some(_)) => Err("expected the key set itself; found a document that points to one".into()),
                Err(why) => Err(format!("expected a key set, but {why}")),
            };
        }
        if text.starts_with('/') {
            return Ok(Self::of(Source::File(text.into())));
        }
        is_trusted(text).then(|| Self::of(Source::Address(text.into()))).ok_or_else(|| {
            "expected an address with https, a file's path that begins with a slash, or a key set as JSON".into()
        })
    }

    fn of(source: Source) -> Self {
        Self { source, set: ArcSwap::default() }
    }

    /// Where they come from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Whether there are none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.load().is_empty()
    }

    /// Takes what was fetched in place of what there is; or says where to fetch the keys that it points to. What is unusable
    /// changes nothing.
    ///
    /// Three forms are read: a key set (RFC 7517), a map from names to certificates in PEM, and a document of OpenID with
    /// a `jwks_uri`.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn take(&self, fetched: &[u8]) -> Result<Option<String>, Unusable> {
        // Some editors begin a file with a byte order mark.
        let fetched = fetched.strip_prefix(b"\xef\xbb\xbf").unwrap_or(fetched);
        let found: Fetched = serde_json::from_slice(fetched).map_err(|_| Unusable::Unread)?;
        let keys: Vec<_> = match found {
            Fetched::Set { keys } => keys.into_iter().filter_map(Key::of_jwk).take(MOST).map(Arc::new).collect(),
            Fetched::Document { jwks_uri } => return self.follow(jwks_uri).map(Some),
            Fetched::Certificates(all) => {
                all.into_iter().filter_map(Key::of_certificate).take(MOST).map(Arc::new).collect()
            }
        };
        if keys.is_empty() {
            return Err(Unusable::Empty);
        }
        self.set.store(Arc::new(keys));
        Ok(None)
    }

    /// An address that the document at our own may point to.
    fn follow(&self, address: String) -> Result<String, Unusable> {
        let own = if let Source::Address(own) = &self.source { origin(own) } else { None };
        if own.is_some() && origin(&address) == own { Ok(address) } else { Err(Unusable::Elsewhere) }
    }

    /// Whether everybody has the private half of one, with which anybody can sign.
    #[must_use]
    pub fn are_published(&self) -> bool {
        const PROBE: &[u8] = b"whose key is this?";
        let set = self.set.load();
        let mut pairs = RsaPair::published().into_iter().flatten().filter(|_| !set.is_empty());
        pairs.any(|pair| {
            let signature = pair.signature(PROBE);
            set.iter().any(|key| key.signed(PROBE, &signature))
        })
    }

    /// The key of this name.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Key>> {
        self.set.load().iter().find(|key| key.name == name).cloned()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({:?}, {})", self.source, self.set.load().len())
    }
}

/// Whether nobody between us and this address can change what we read there.
fn is_trusted(text: &str) -> bool {
    let Some(url) = address(text).filter(|url| origin(url.as_str()).is_some()) else { return false };
    url.scheme() == "https" || matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

/// What is found at the address of keys.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fetched {
    Set { keys: Vec<Value> },
    Document { jwks_uri: String },
    Certificates(BTreeMap<String, String>),
}

/// A public RSA key.
pub(super) struct Key {
    name: String,
    material: Material,
    /// For which channels its owner vouches with it, where it says so.
    pub(super) endorsements: Vec<String>,
}

enum Material {
    Numbers(RsaPublicKeyComponents<Vec<u8>>),
    Certificate(CertificateDer<'static>),
}

/// An entry of a key set; unknown members are passed over.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    n: String,
    e: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    used_for: Option<String>,
    #[serde(default)]
    endorsements: Vec<String>,
}

impl Key {
    /// None where it is a key of another kind, or for another purpose.
    fn of_jwk(entry: Value) -> Option<Self> {
        let Jwk { kty, kid, n, e, alg, used_for, endorsements } = serde_json::from_value(entry).ok()?;
        let fits = kty == "RSA" && alg.is_none_or(|alg| alg == "RS256") && used_for.is_none_or(|used| used == "sig");
        let material = Material::Numbers(RsaPublicKeyComponents { n: number(&n)?, e: number(&e)? });
        fits.then_some(Self { name: kid, material, endorsements })
    }

    fn of_certificate((name, pem): (String, String)) -> Option<Self> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        EndEntityCert::try_from(&certificate).ok()?;
        Some(Self { name, material: Material::Certificate(certificate), endorsements: Vec::new() })
    }

    /// Whether it signed the message, by PKCS #1 v1.5 with SHA-256, as RS256 has it; keys of fewer than 2,048 bits sign nothing.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Numbers(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok(),
            Material::Certificate(certificate) => EndEntityCert::try_from(certificate).is_ok_and(|key| {
                key.verify_signature(webpki::ring::RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }),
        }
    }
}

/// A number of a key, without the zeros that some write before it.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stand() -> RsaPair {
        RsaPair::stand().unwrap()
    }

    /// What `take` makes of it, and how many keys there are then.
    fn taken(found: &Value) -> (Result<Option<String>, Unusable>, usize) {
        let keys = Keys::read("https://keys.example.com/.well-known/openid").unwrap();
        let taken = keys.take(found.to_string().as_bytes());
        (taken, keys.set.load().len())
    }

    fn jwk() -> Value {
        let set: Value = serde_json::from_str(&stand().public()).unwrap();
        set["keys"][0].clone()
    }

    #[test]
    fn keys_come_from_an_address_that_nobody_can_forge_a_file_or_the_setting_itself() {
        let source = |text: &str| Keys::read(text).ok().map(|keys| keys.source);
        let address = |text: &str| Some(Source::Address(text.into()));
        assert_eq!(source(" https://keys.example.com/a "), address("https://keys.example.com/a"));
        assert_eq!(source("http://127.0.0.1:9/a"), address("http://127.0.0.1:9/a"));
        assert_eq!(source("/run/keys.json"), Some(Source::File("/run/keys.json".into())));
        assert_eq!(source(&stand().public()), Some(Source::Given));
        for text in ["", "keys.json", "http://keys.example.com/a", "https://u:p@keys.example.com", "ftp://a", "{}", "{"]
        {
            assert_eq!(source(text), None, "{text}");
        }
        let elsewhere = json!({"jwks_uri": "https://keys.example.com"}).to_string();
        assert!(Keys::read(&elsewhere).is_err());
    }

    #[test]
    fn a_key_set_gives_the_rsa_keys_that_are_for_signatures() {
        assert_eq!(taken(&json!({"keys": [jwk(), jwk()], "more": 1})), (Ok(None), 2));
        for (member, value) in [
            ("kty", json!("EC")),
            ("use", json!("enc")),
            ("alg", json!("HS256")),
            ("kid", json!(null)),
            ("n", json!("+")),
            ("e", json!(65_537)),
        ] {
            let mut other = jwk();
            other[member] = value;
            assert_eq!(taken(&json!({"keys": [other.clone()]})), (Err(Unusable::Empty), 0), "{member}");
            assert_eq!(taken(&json!({"keys": [other, jwk()]})), (Ok(None), 1), "{member}");
        }
        assert_eq!(taken(&json!({"keys": vec![jwk(); 100]})), (Ok(None), MOST));
    }

    #[test]
    fn a_map_of_certificates_gives_their_keys() {
        let pem = include_str!("../../../tests/fixtures/tokens/stand.pem");
        assert_eq!(taken(&json!({"a": pem, "b": "-----BEGIN CERTIFICATE-----"})), (Ok(None), 1));
        assert_eq!(taken(&json!({"b": "x"})), (Err(Unusable::Empty), 0));
    }

    #[test]
    fn a_document_points_to_keys_at_its_own_origin_alone() {
        let points = |address: &str| taken(&json!({"issuer": "x", "jwks_uri": address})).0;
        let own = "https://keys.example.com/keys";
        assert_eq!(points(own), Ok(Some(own.into())));
        for address in ["https://evil.example.com/keys", "http://keys.example.com/keys", "/keys", ""] {
            assert_eq!(points(address), Err(Unusable::Elsewhere), "{address}");
        }
    }

    #[test]
    fn a_key_that_everybody_has_is_known_under_any_name() {
        let named = |set: &str| set.replace(&stand().name(), "x");
        let pem = include_str!("../../../tests/fixtures/tokens/stand.pem");
        for published in [&stand().public(), &named(&stand().public()), &json!({"x": pem}).to_string()] {
            assert!(Keys::read(published).unwrap().are_published(), "{published}");
        }
        let mut own = jwk();
        own["n"] = json!(own["n"].as_str().unwrap().replacen('A', "B", 1));
        assert!(!Keys::read(&json!({"keys": [own]}).to_string()).unwrap().are_published());
        assert!(!Keys::read("/keys.json").unwrap().are_published());
    }

    #[test]
    fn what_is_unusable_leaves_the_keys_as_they_are() {
        let keys = Keys::read(&stand().public()).unwrap();
        for found in [&b""[..], b"[]", b"{}", b"null", b"{\"keys\":[]}", b"\xff", "[".repeat(100_000).as_bytes()] {
            assert!(keys.take(found).is_err());
            assert!(keys.set.load().len() == 1 && !keys.is_empty());
        }
    }
}
