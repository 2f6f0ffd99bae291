//! Rate limits: a bucket a team and a bucket a client address, none of which a stranger can multiply without end.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};

use crate::rate::Rate;

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key<'a> {
    /// A client's address; of an IPv6 address its network, since a client has the whole of it.
    Client(IpAddr),
    /// A team of a chat platform.
    Team(&'static str, &'a str),
}

impl Key<'_> {
    /// The key of a client at this address.
    #[must_use]
    pub fn client(address: IpAddr) -> Self {
        Self::Client(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// The buckets: a fixed number of them, to which keys are assigned by hash. So nobody can multiply them, and two who
/// share one are rare; the hash is keyed, so that nobody can choose with whom.
pub struct Limiter {
    rate: Rate,
    hasher: RandomState,
    buckets: RateLimiter<u32, DashMapStateStore<u32>, DefaultClock>,
}

impl Limiter {
    /// The most buckets there are, some 24 bytes each.
    pub const MOST: u32 = 1 << 18;

    /// Full buckets for this rate.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        let quota = Quota::with_period(rate.period / rate.requests.get())
            .unwrap_or(Quota::per_second(NonZeroU32::MAX))
            .allow_burst(rate.requests);
        Self { rate, hasher: RandomState::new(), buckets: RateLimiter::dashmap(quota) }
    }

    /// Takes one request out of a bucket.
    ///
    /// # Errors
    /// How long to wait where the bucket is empty.
    pub fn take(&self, key: Key<'_>) -> Result<(), Duration> {
        let bucket = u32::try_from(self.hasher.hash_one(key) % u64::from(Self::MOST)).unwrap_or_default();
        self.buckets.check_key(&bucket).map_err(|not_until| not_until.wait_time_from(self.buckets.clock().now()))
    }

    /// Forgets buckets that are full again.
    pub fn clean(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }

    /// The rate.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_a_number_and_a_period() {
        for (text, requests, seconds) in [("120/min", 120, 60), ("5/s", 5, 1), ("1000 / h", 1000, 3600)] {
            let rate = Rate { requests: NonZeroU32::new(requests).unwrap(), period: Duration::from_secs(seconds) };
            assert_eq!(text.parse(), Ok(rate), "{text}");
        }
        for text in ["", "120", "0/min", "-1/s", "5/day", "x/s"] {
            assert_eq!(text.parse::<Rate>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_bucket_empties_and_says_how_long_to_wait() {
        let limiter = Limiter::new("3/min".parse().unwrap());
        let client = Key::client([192, 0, 2, 1].into());
        for _ in 0..3 {
            assert!(limiter.take(client).is_ok());
        }
        let wait = limiter.take(client).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(20), "{wait:?}");
        assert!(limiter.take(Key::client([192, 0, 2, 2].into())).is_ok());
    }

    #[test]
    fn a_client_has_one_bucket_for_its_whole_network() {
        let key = |text: &str| Key::client(text.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let limiter = Limiter::new("3/min".parse().unwrap());
        for number in 0..2 * Limiter::MOST {
            let _ = limiter.take(Key::Client(IpAddr::from(number.to_be_bytes())));
        }
        assert!(limiter.buckets.len() <= Limiter::MOST as usize);
    }

    #[test]
    fn a_bucket_that_is_full_again_is_forgotten() {
        let limiter = Limiter::new("1000000/s".parse().unwrap());
        assert!(limiter.take(Key::client([192, 0, 2, 1].into())).is_ok() && limiter.buckets.len() == 1);
        // A microsecond fills it.
        for _ in 0..1000 {
            limiter.clean();
        }
        assert_eq!(limiter.buckets.len(), 0);
    }

    #[test]
    fn neighbours_rarely_share_a_bucket() {
        let limiter = Limiter::new("1/h".parse().unwrap());
        let teams: Vec<String> = (0..1000).map(|number| format!("T{number:08}")).collect();
        let refused = teams.iter().filter(|team| limiter.take(Key::Team("slack", team)).is_err()).count();
        assert!(refused < 20, "{refused}");
    }
}
