//! The keys of platforms that sign with keys of their own: fetched at the start, when their time is over, and when a
//! delivery is signed with one that is not known. Those that are there serve on where a fetch fails.

use std::{
    fs::File,
    io::Read as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::rt::{spawn, task::spawn_blocking};
use futures_util::future::join_all;
use tokio::{sync::Mutex, time::timeout};
use tracing::{info, warn};

use super::outbound::Courier;
use crate::chat::{
    Platforms,
    proof::{Keys, Source},
};

/// How long a delivery waits for keys.
const PATIENCE: Duration = Duration::from_secs(2);
/// Keys are not fetched more often, whoever asks for them; where there are none yet, somewhat more often.
const PAUSE: Duration = Duration::from_mins(1);
const PAUSE_WITHOUT: Duration = Duration::from_secs(10);
/// How long keys are kept where nothing is said of it, and the bounds of what may be said.
const LIFE: Duration = Duration::from_hours(1);
const SHORTEST: Duration = Duration::from_mins(5);
const LONGEST: Duration = Duration::from_hours(24);
/// No key set has more bytes: those of today's platforms have some thousands, certificates and all.
const MOST: u64 = 256 * 1024;

/// The keys of all platforms that have some.
#[derive(Clone, Default)]
pub struct KeySets(Vec<Arc<KeySet>>);

struct KeySet {
    platform: &'static str,
    keys: Arc<Keys>,
    times: Mutex<Times>,
}

/// When they were asked for last, and when they have to be fetched again.
#[derive(Default)]
struct Times {
    asked: Option<Instant>,
    due: Option<Instant>,
}

impl KeySets {
    /// Those of the platforms that are on.
    #[must_use]
    pub fn of(platforms: &Platforms) -> Self {
        let sets = platforms.iter().flat_map(|platform| {
            let changing = platform.keys().iter().filter(|keys| *keys.source() != Source::Given).cloned();
            changing.map(|keys| Arc::new(KeySet { platform: platform.kind().name, keys, times: Mutex::default() }))
        });
        Self(sets.collect())
    }

    /// Fetches all, now and whenever their time is over; ends at once where there are none.
    pub async fn keep(self, courier: Courier) {
        if self.0.is_empty() {
            return;
        }
        let mut ticks = tokio::time::interval(PAUSE_WITHOUT);
        loop {
            ticks.tick().await;
            for set in &self.0 {
                spawn(set.clone().renew(courier.clone(), Times::is_over));
            }
        }
    }

    /// Fetches those of a platform, for a delivery that is signed with another; but not where they have just been fetched.
    /// Returns once they are there, or after two seconds.
    pub async fn renew(&self, platform: &str, courier: &Courier) {
        let sets = self.0.iter().filter(|set| set.platform == platform);
        let renewed = join_all(sets.map(|set| set.clone().renew(courier.clone(), |_| true)));
        let _ = timeout(PATIENCE, renewed).await;
    }
}

impl Times {
    fn is_over(&self) -> bool {
        self.due.is_none_or(|due| due <= Instant::now())
    }
}

impl KeySet {
    /// Fetches them if they are wanted and it is not too soon. Whoever comes while they are being fetched waits here, too.
    async fn renew(self: Arc<Self>, courier: Courier, wanted: fn(&Times) -> bool) {
        let mut times = self.times.lock().await;
        let pause = if self.keys.is_empty() { PAUSE_WITHOUT } else { PAUSE };
        if !wanted(&times) || times.asked.is_some_and(|asked| asked.elapsed() < pause) {
            return;
        }
        times.asked = Some(Instant::now());
        let set = self.clone();
        // It goes on where nobody waits any more.
        if let Ok(Some(life)) = spawn_blocking(move || set.fetch(&courier)).await {
            times.due = Some(Instant::now() + life);
        }
    }

    /// How long the keys that were fetched may be kept; none where there is nothing new.
    fn fetch(&self, courier: &Courier) -> Option<Duration> {
        let fetched = match self.keys.source() {
            Source::Address(address) => self.download(&courier.agent(), address),
            Source::File(path) => self.open(path),
            Source::Given => return None,
        };
        match fetched {
            Ok(life) => {
                info!(platform = self.platform, "keys fetched");
                if self.keys.are_published() {
                    warn!(platform = self.platform, "one of these keys everybody has, and anybody can sign with it");
                }
                Some(life)
            }
            Err(why) => {
                warn!(platform = self.platform, why, kept = !self.keys.is_empty(), "keys not fetched");
                None
            }
        }
    }

    fn open(&self, path: &Path) -> Result<Duration, String> {
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
        read.map_err(|error| error.kind().to_string())?;
        self.keys.take(&bytes).map_err(|why| why.to_string())?;
        Ok(SHORTEST)
    }

    fn download(&self, agent: &ureq::Agent, address: &str) -> Result<Duration, String> {
        let (found, life) = get(agent, address)?;
        let Some(address) = self.keys.take(&found).map_err(|why| why.to_string())? else { return Ok(life) };
        let (found, life) = get(agent, &address)?;
        match self.keys.take(&found) {
            Ok(None) => Ok(life),
            Ok(Some(_)) => Err("it points to what points further".into()),
            Err(why) => Err(why.to_string()),
        }
    }
}

/// What is at an address, and how long it may be kept.
fn get(agent: &ureq::Agent, address: &str) -> Result<(Vec<u8>, Duration), String> {
    let mut response = agent.get(address).call().map_err(|error| error.to_string())?;
    if response.status() != 200 {
        return Err(format!("the answer was {}", response.status().as_u16()));
    }
    let control = response.headers().get("cache-control").and_then(|value| value.to_str().ok());
    let life = life(control.unwrap_or_default());
    let bytes = response.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| error.to_string())?;
    Ok((bytes, life))
}

/// What `Cache-Control` says of it, within bounds.
fn life(control: &str) -> Duration {
    let mut directives = control.split(',').map(str::trim);
    let seconds = directives.find_map(|directive| {
        let (name, seconds) = directive.split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then(|| seconds.trim_matches('"').parse().ok())?
    });
    seconds.map_or(LIFE, |seconds| Duration::from_secs(seconds).clamp(SHORTEST, LONGEST))
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        io::{Read as _, Write as _},
        net::TcpListener,
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    use super::*;
    use crate::{chat::proof::RsaPair, http::metrics::Metrics};

    /// A server that answers every request with what is made of its path, and how often it was asked.
    fn server(answer: impl Fn(&str, &str) -> String + Send + 'static) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (asked, own) = (Arc::new(AtomicUsize::new(0)), origin.clone());
        let count = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, mut head) = (stream.unwrap(), [0; 4_096]);
                let read = stream.read(&mut head).unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let _ = stream.write_all(answer(&own, head.split(' ').nth(1).unwrap()).as_bytes());
            }
        });
        (origin, asked)
    }

    fn ok(body: &str) -> String {
        let length = body.len();
        format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: max-age=900\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }

    fn public() -> String {
        RsaPair::stand().unwrap().public()
    }

    fn set(setting: &str) -> Arc<KeySet> {
        let keys = Arc::new(Keys::read(setting).unwrap());
        Arc::new(KeySet { platform: "x", keys, times: Mutex::default() })
    }

    fn courier() -> Courier {
        Courier::new(Metrics::new(&Platforms::default()).posts())
    }

    #[actix_web::test]
    async fn keys_are_found_by_way_of_a_document_and_fetched_once_however_many_wait() {
        let (origin, asked) = server(|own, path| match path {
            "/openid" => ok(&format!("{{\"jwks_uri\":\"{own}/keys\"}}")),
            _ => ok(&public()),
        });
        let set = set(&format!("{origin}/openid"));
        let (sets, courier) = (KeySets(vec![set.clone()]), courier());
        join_all((0..10).map(|_| sets.renew("x", &courier))).await;
        sets.renew("y", &courier).await;
        assert!(!set.keys.is_empty());
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        let due = set.times.lock().await.due.unwrap();
        assert!(due.duration_since(Instant::now()).as_secs() > 890, "as long as the header says");
    }

    #[actix_web::test]
    async fn keys_that_are_there_serve_on_where_a_fetch_fails() {
        for answer in [
            "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "HTTP/1.1 302 There\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned(),
            ok("{\"jwks_uri\":\"https://evil.example.com/keys\"}"),
            ok("{\"keys\":[]}"),
            ok(&format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(300 * 1024))),
            "nonsense".to_owned(),
        ] {
            let (origin, asked) = server(move |_, _| answer.clone());
            let set = set(&format!("{origin}/keys"));
            set.keys.take(public().as_bytes()).unwrap();
            set.clone().renew(courier(), |_| true).await;
            assert_eq!((set.keys.is_empty(), asked.load(Ordering::SeqCst)), (false, 1));
            assert!(set.times.lock().await.due.is_none(), "it is tried again");
        }
    }

    #[actix_web::test]
    async fn no_delivery_waits_longer_than_two_seconds() {
        let (origin, _) = server(|_, _| {
            thread::sleep(Duration::from_secs(5));
            String::new()
        });
        let sets = KeySets(vec![set(&format!("{origin}/keys"))]);
        let began = Instant::now();
        sets.renew("x", &courier()).await;
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }

    #[actix_web::test]
    async fn keys_come_from_a_file_as_well() {
        let path = env::temp_dir().join(format!("saywell-keys-{}.json", std::process::id()));
        let set = set(path.to_str().unwrap());
        set.clone().renew(courier(), Times::is_over).await;
        assert!(set.keys.is_empty(), "there is no file yet");
        std::fs::write(&path, public()).unwrap();
        set.times.lock().await.asked = None;
        set.clone().renew(courier(), Times::is_over).await;
        std::fs::remove_file(&path).unwrap();
        assert!(!set.keys.is_empty());
    }

    #[test]
    fn keys_are_kept_as_the_header_says_within_reason() {
        for (control, expected) in [
            ("public, max-age=19845, must-revalidate", Duration::from_secs(19_845)),
            ("Max-Age=\"600\"", Duration::from_mins(10)),
            ("max-age=0", SHORTEST),
            ("max-age=99999999999", LONGEST),
            ("max-age=-1", LIFE),
            ("no-store", LIFE),
            ("s-maxage=5", LIFE),
            ("", LIFE),
        ] {
            assert_eq!(life(control), expected, "{control}");
        }
    }
}
