//! How often something may happen, as a setting says it: `120/min`.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

/// How many requests in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The number of requests, all of which may come at once.
    pub requests: NonZeroU32,
    /// The time in which they are given back.
    pub period: Duration,
}

impl Rate {
    /// So many a minute.
    #[must_use]
    pub const fn per_minute(requests: NonZeroU32) -> Self {
        Self { requests, period: Duration::from_mins(1) }
    }
}

impl FromStr for Rate {
    type Err = ();

    /// `120/min`; the periods are `s`, `min` and `h`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (requests, period) = text.split_once('/').ok_or(())?;
        let period = match period.trim() {
            "s" | "sec" => 1,
            "min" | "m" => 60,
            "h" | "hour" => 3600,
            _ => return Err(()),
        };
        Ok(Self { requests: requests.trim().parse().map_err(|_| ())?, period: Duration::from_secs(period) })
    }
}
