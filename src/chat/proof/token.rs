//! JSON web tokens (RFC 7519) as large platforms sign their deliveries: RS256 and nothing else, whatever a token says.

use std::{collections::BTreeMap, fmt, sync::Arc};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Keys, Proof, hex, keys::Key, sole};
use crate::chat::Refusal;

/// How far clocks may be apart, in seconds.
const TOLERANCE: i64 = 300;
/// No token is longer: those of today's platforms have some 1,500 bytes.
const LONGEST: usize = 16 * 1024;

/// What a token has to say of itself.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who issues it: one of these.
    pub issuers: &'a [&'a str],
    /// For whom it is: one of these.
    pub audiences: &'a [String],
    /// When it came, in seconds of Unix time.
    pub at: i64,
}

/// The token of the one header for it, `Authorization: Bearer …`.
///
/// # Errors
/// [`Refusal::Unproved`].
pub fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let (scheme, token) = sole(headers, AUTHORIZATION)?.split_once(' ').ok_or(Refusal::Unproved)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim_matches(' ')) } else { Err(Refusal::Unproved) }
}

/// A token whose signer has been proved.
pub struct Token {
    claims: Members,
    key: Arc<Key>,
}

impl Token {
    /// Proves a token: by whom it is signed, then issuer, audience and times.
    ///
    /// # Errors
    /// [`Refusal::Unproved`]; [`Refusal::UnknownKey`] where it would fit, but names a key that is not there, which may be
    /// a new one; [`Refusal::Stale`] where all is right but the times.
    pub fn proved(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<(Proof, Self), Refusal> {
        let parts = Parts::of(token).ok_or(Refusal::Unproved)?;
        // Keys are not asked for on behalf of just any token.
        if !parts.claims.fit(expected) {
            return Err(Refusal::Unproved);
        }
        let key = keys.find(&parts.key).ok_or(Refusal::UnknownKey)?;
        if !key.signed(parts.signed, &parts.signature) {
            return Err(Refusal::Unproved);
        }
        parts.claims.fresh(expected.at)?;
        Ok((Proof(()), Self { claims: parts.claims, key }))
    }

    /// What it claims, where that is a text.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.text(name)
    }

    /// Whether it claims that something is not so.
    #[must_use]
    pub fn denies(&self, name: &str) -> bool {
        self.claims.0.get(name) == Some(&Value::Bool(false))
    }

    /// Whether the key that signed it is good for this channel.
    #[must_use]
    pub fn is_endorsed(&self, channel: &str) -> bool {
        self.key.endorsements.iter().any(|endorsed| endorsed == channel)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It says who somebody is.
        f.write_str("Token(…)")
    }
}

/// A token, taken apart and not proved yet.
struct Parts<'t> {
    /// The name of the key.
    key: String,
    claims: Members,
    /// What is signed.
    signed: &'t [u8],
    signature: Vec<u8>,
}

impl<'t> Parts<'t> {
    /// None where it is no token, or one of another kind than ours.
    fn of(token: &'t str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        let header = Members::of(header)?;
        // What is critical has to be understood (RFC 7515), and we understand nothing of the kind.
        if header.text("alg") != Some("RS256") || header.0.contains_key("crit") {
            return None;
        }
        Some(Self {
            key: header.text("kid")?.to_owned(),
            claims: Members::of(claims)?,
            signed: signed.as_bytes(),
            signature: decoded(signature)?,
        })
    }
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

/// The members of a JSON object, each of which is there once: readers differ in which of two they believe.
struct Members(BTreeMap<String, Value>);

impl Members {
    fn of(part: &str) -> Option<Self> {
        serde_json::from_slice(&decoded(part)?).ok()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    fn fit(&self, expected: &Expected<'_>) -> bool {
        let issued = self.text("iss").is_some_and(|issuer| expected.issuers.contains(&issuer));
        issued && self.text("aud").is_some_and(|audience| expected.audiences.iter().any(|known| known == audience))
    }

    /// It has to end some time; when it begins it need not say, but what it says has to be a time.
    fn fresh(&self, at: i64) -> Result<(), Refusal> {
        let time = |name: &str| match self.0.get(name) {
            None => Ok(None),
            Some(time) => time.as_i64().map(Some).ok_or(Refusal::Unproved),
        };
        let ends = time("exp")?.ok_or(Refusal::Unproved)?;
        let begins = time("nbf")?.max(time("iat")?).unwrap_or(i64::MIN);
        let over = ends.saturating_add(TOLERANCE) <= at;
        if over || begins.saturating_sub(TOLERANCE) > at { Err(Refusal::Stale) } else { Ok(()) }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Once)
    }
}

struct Once;

impl<'de> Visitor<'de> for Once {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(M::Error::custom("a member is there twice"));
            }
        }
        Ok(Members(members))
    }
}

/// The public half of [`RsaPair::stand`], as a setting has it.
pub const STAND_KEYS: &str = include_str!("stand.json");

/// A pair of RSA keys that signs tokens, for trying a platform out without it.
pub struct RsaPair(RsaKeyPair);

impl RsaPair {
    /// The pair in a file that holds a private key as PKCS #8, in PEM or not: what `openssl genpkey -algorithm RSA` writes.
    /// None where it does not.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        let pem = str::from_utf8(file).ok().filter(|text| text.contains("-----BEGIN PRIVATE KEY-----"));
        let lines = pem.map(|text| text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect());
        let der = lines.map(|lines: String| BASE64_STANDARD.decode(lines).ok());
        RsaKeyPair::from_pkcs8(&der.unwrap_or_else(|| Some(file.to_vec()))?).ok().map(Self)
    }

    /// The pair by which the tests over all platforms sign. Everybody has it, and no service trusts it of its own accord.
    #[must_use]
    pub fn stand() -> Option<Self> {
        let [stand, _] = Self::published();
        stand
    }

    /// The pairs that come with this program's source, so that anybody can sign with them.
    pub(super) fn published() -> [Option<Self>; 2] {
        [Self::read(include_bytes!("stand.der")), Self::read(include_bytes!("other.der"))]
    }

    /// Its public half as a key set, which a setting can hold.
    #[must_use]
    pub fn public(&self) -> String {
        let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(self.0.public());
        let [n, e] = [n, e].map(|number| BASE64_URL_SAFE_NO_PAD.encode(number));
        let endorsements = ["msteams"];
        json!({"keys": [{"kty": "RSA", "kid": self.name(), "n": n, "e": e, "endorsements": endorsements}]}).to_string()
    }

    /// The name of the key in that set.
    #[must_use]
    pub fn name(&self) -> String {
        hex(&Sha256::digest(self.0.public().as_ref())).chars().take(16).collect()
    }

    /// A token with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"alg": "RS256", "typ": "JWT", "kid": self.name()}).to_string(), &claims.to_string())
    }

    /// A token with this header and these claims, to the letter.
    #[must_use]
    pub fn sign_as(&self, header: &str, claims: &str) -> String {
        let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{claims}");
        let signature = self.signature(signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    pub(super) fn signature(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        // It fails only where the room is too small, or the system gives no chance, and then it is a wrong one.
        let _ = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signature
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::{super::HmacKeys, *};
    use crate::chat::proof::Secret;

    const NOW: i64 = 1_800_000_000;

    fn other() -> RsaPair {
        let [_, other] = RsaPair::published();
        other.unwrap()
    }

    fn stand() -> RsaPair {
        RsaPair::stand().unwrap()
    }

    fn claims() -> Value {
        json!({"iss": "https://issuer.example.com", "aud": "me", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3_600})
    }

    fn with(name: &str, value: impl Into<Value>) -> Value {
        let mut claims = claims();
        claims[name] = value.into();
        claims
    }

    fn judged(token: &str) -> Result<(), Refusal> {
        judged_by(&Keys::read(&stand().public()).unwrap(), token)
    }

    fn judged_by(keys: &Keys, token: &str) -> Result<(), Refusal> {
        let audiences = ["you".to_owned(), "me".to_owned()];
        let issuers = ["https://issuer.example.com"];
        Token::proved(token, keys, &Expected { issuers: &issuers, audiences: &audiences, at: NOW }).map(|_| ())
    }

    #[test]
    fn a_right_token_is_taken_by_keys_of_either_form() {
        let token = stand().sign(&claims());
        assert_eq!(judged(&token), Ok(()));
        let pem = include_str!("../../../tests/fixtures/tokens/stand.pem");
        let keys = Keys::read(&json!({stand().name(): pem}).to_string()).unwrap();
        assert_eq!(judged_by(&keys, &token), Ok(()));
        assert_eq!(judged_by(&keys, &other().sign(&claims())), Err(Refusal::UnknownKey));
        let posing = other().sign_as(&header(&json!({})), &claims().to_string());
        assert_eq!(judged_by(&keys, &posing), Err(Refusal::Unproved));
    }

    /// A header of a right token, with these members besides or instead.
    fn header(more: &Value) -> String {
        let mut header = json!({"alg": "RS256", "typ": "JWT", "kid": stand().name()});
        for (name, value) in more.as_object().unwrap() {
            header[name] = value.clone();
        }
        header.to_string()
    }

    #[test]
    fn no_header_decides_how_it_is_proved() {
        let unproved = |what: &str, header: &str| {
            let token = stand().sign_as(header, &claims().to_string());
            assert_eq!(judged(&token), Err(Refusal::Unproved), "{what}");
            let (signed, _) = token.rsplit_once('.').unwrap();
            assert_eq!(judged(&format!("{signed}.")), Err(Refusal::Unproved), "{what}, unsigned");
        };
        for alg in ["none", "None", "nOnE", "", "rs256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "HS256"] {
            unproved(alg, &header(&json!({"alg": alg})));
        }
        for alg in [json!(null), json!(["RS256"]), json!({"RS256": 1}), json!(256)] {
            unproved("no name of an algorithm", &header(&json!({"alg": alg})));
        }
        unproved("critical", &header(&json!({"crit": ["b64"], "b64": false})));
        unproved("no kid", &header(&json!({"kid": null})));
        unproved("kid is a number", &header(&json!({"kid": 1})));
        unproved("alg twice", &format!("{{\"alg\":\"none\",{}", &header(&json!({}))[1..]));
        unproved("no object", "[]");
        unproved("no JSON", "x");
        // What a token says of keys is not looked at.
        let own: Value = serde_json::from_str(&other().public()).unwrap();
        let header = header(&json!({"jwk": own["keys"][0], "jku": "https://evil.example.com", "x5u": "x"}));
        assert_eq!(judged(&other().sign_as(&header, &claims().to_string())), Err(Refusal::Unproved));
        assert_eq!(judged(&stand().sign_as(&header, &claims().to_string())), Ok(()));
    }

    #[test]
    fn a_public_key_is_no_secret_to_sign_with() {
        let public: Value = serde_json::from_str(&stand().public()).unwrap();
        let pem = include_str!("../../../tests/fixtures/tokens/stand.pem");
        let number = public["keys"][0]["n"].as_str().unwrap();
        for secret in [pem, pem.trim(), number, &stand().public()] {
            for alg in ["HS256", "RS256"] {
                let signed = stand().sign_as(&header(&json!({"alg": alg})), &claims().to_string());
                let (signed, _) = signed.rsplit_once('.').unwrap();
                let mac = HmacKeys::new(&[Secret::from(secret)]).sign(&[signed.as_bytes()]).unwrap();
                let token = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac));
                assert_eq!(judged(&token), Err(Refusal::Unproved), "{alg}");
            }
        }
    }

    #[test]
    fn whatever_is_altered_is_refused() {
        let right = stand().sign(&claims());
        let parts: Vec<&str> = right.split('.').collect();
        let [head, body, signature] = parts[..] else { panic!("{right}") };
        for (at, _) in right.char_indices().step_by(7) {
            let mut altered = right.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert!(judged(str::from_utf8(&altered).unwrap()).is_err(), "altered at {at}");
        }
        let other = stand().sign(&with("sub", "x"));
        let (_, of_another) = other.rsplit_once('.').unwrap();
        for forged in [
            String::new(),
            ".".into(),
            "..".into(),
            "...".into(),
            format!("{head}.{body}"),
            format!("{head}.{body}."),
            format!("{head}..{signature}"),
            format!(".{body}.{signature}"),
            format!("{right}."),
            format!(".{right}"),
            format!("{right}.{signature}"),
            format!("{head}.{body}.{of_another}"),
            format!("{right}="),
            format!("{right}=="),
            format!("{right} "),
            format!(" {right}"),
            format!("{head}.{body}.{}", signature.replace(['-', '_'], "+")),
            right[..right.len() - 1].to_owned(),
            format!("{right}A"),
            "é.é.é".into(),
        ] {
            assert_eq!(judged(&forged), Err(Refusal::Unproved), "{forged}");
        }
        assert_eq!(judged(&other), Ok(()));
    }

    #[test]
    fn a_token_is_for_us_from_the_issuer_and_says_everything_once() {
        let refused = |what: &str, claims: &str| {
            assert_eq!(judged(&stand().sign_as(&header(&json!({})), claims)), Err(Refusal::Unproved), "{what}");
        };
        for (name, values) in [
            ("iss", [json!(null), json!("https://issuer.example.com/"), json!(["https://issuer.example.com"])]),
            ("aud", [json!("them"), json!(["me"]), json!({"me": 1})]),
            ("exp", [json!(null), json!((NOW + 3_600).to_string()), json!(1.8e9)]),
            ("nbf", [json!("0"), json!(true), json!([])]),
        ] {
            for value in values {
                refused(name, &with(name, value).to_string());
            }
        }
        let right = claims().to_string();
        for twice in [
            format!("{{\"aud\":\"me\",{}", &right[1..]),
            format!("{{\"a\\u0075d\":\"you\",{}", &right[1..]),
            format!("{{\"x\":1,\"x\":1,{}", &right[1..]),
        ] {
            refused("twice", &twice);
        }
        let deep = format!("{{\"x\":{}{},{}", "[".repeat(3_000), "]".repeat(3_000), &right[1..]);
        for odd in [&deep, "[]", "null", "1", "\"me\"", "", "{", &format!("{right} {right}"), &format!("[{right}]")] {
            refused("odd", odd);
        }
        for length in [20_000, 100_000] {
            refused("long", &with("x", "x".repeat(length)).to_string());
        }
        assert_eq!(judged(&stand().sign(&with("x", json!({"a": {"b": [{"c": 1}]}})))), Ok(()), "nested");
    }

    #[test]
    fn times_may_be_five_minutes_off() {
        for (name, time, expected) in [
            ("exp", NOW - 299, Ok(())),
            ("exp", NOW - 300, Err(Refusal::Stale)),
            ("exp", i64::MIN, Err(Refusal::Stale)),
            ("exp", i64::MAX, Ok(())),
            ("nbf", NOW + 300, Ok(())),
            ("nbf", NOW + 301, Err(Refusal::Stale)),
            ("nbf", i64::MAX, Err(Refusal::Stale)),
            ("iat", NOW + 300, Ok(())),
            ("iat", NOW + 301, Err(Refusal::Stale)),
            ("iat", i64::MIN, Ok(())),
        ] {
            assert_eq!(judged(&stand().sign(&with(name, time))), expected, "{name} {}", time.saturating_sub(NOW));
        }
        let late = with("exp", NOW - 9_000).to_string();
        assert_eq!(judged(&other().sign_as(&header(&json!({})), &late)), Err(Refusal::Unproved), "forged comes first");
    }

    #[test]
    fn new_keys_are_asked_for_by_tokens_that_would_fit() {
        assert_eq!(judged(&other().sign(&claims())), Err(Refusal::UnknownKey));
        assert_eq!(judged(&other().sign(&with("aud", "them"))), Err(Refusal::Unproved));
        assert_eq!(judged_by(&Keys::read("/keys.json").unwrap(), &stand().sign(&claims())), Err(Refusal::UnknownKey));
    }

    #[test]
    fn what_a_token_claims_can_be_read_once_it_is_proved() {
        let mut claims = with("serviceurl", "https://a.example.com/");
        claims["email_verified"] = json!(false);
        let keys = Keys::read(&stand().public()).unwrap();
        let audiences = ["me".to_owned()];
        let expected = Expected { issuers: &["https://issuer.example.com"], audiences: &audiences, at: NOW };
        let (_, token) = Token::proved(&stand().sign(&claims), &keys, &expected).unwrap();
        assert_eq!(token.claim("serviceurl"), Some("https://a.example.com/"));
        assert_eq!((token.claim("exp"), token.claim("x")), (None, None));
        assert!(token.denies("email_verified") && !token.denies("aud") && !token.denies("x"));
        assert!(token.is_endorsed("msteams") && !token.is_endorsed("") && !token.is_endorsed("MSTEAMS"));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn the_token_stands_in_one_header() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(ToOwned::to_owned)
        };
        assert_eq!(of(&["Bearer a.b.c"]).as_deref(), Ok("a.b.c"));
        assert_eq!(of(&["bearer  a.b.c"]).as_deref(), Ok("a.b.c"));
        for values in [&[][..], &["Bearer a", "Bearer a"], &["Basic a"], &["Bearer"], &[""], &["a.b.c"]] {
            assert_eq!(of(values), Err(Refusal::Unproved), "{values:?}");
        }
    }

    #[test]
    fn the_public_half_of_the_stands_pair_is_what_the_setting_has() {
        assert_eq!(stand().public(), STAND_KEYS);
    }

    #[test]
    fn a_pair_is_read_from_what_openssl_writes() {
        let der = include_bytes!("stand.der");
        let body = BASE64_STANDARD.encode(der);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        assert_eq!(RsaPair::read(pem.as_bytes()).unwrap().public(), stand().public());
        assert!(RsaPair::read(b"").is_none() && RsaPair::read(b"-----BEGIN PRIVATE KEY-----\n!").is_none());
    }
}
