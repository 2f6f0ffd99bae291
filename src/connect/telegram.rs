//! Telegram's long polling: updates are fetched, each is handed to the service as the very request that Telegram would
//! send, and what the service replies is made the call that it names.
//!
//! Telegram keeps what has not been confirmed, and asking for what comes after an update confirms it. So an update is
//! confirmed when it has been answered: none is lost, and one comes again only where the program was killed over it.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use prometheus::{Histogram, HistogramOpts, IntCounterVec, Registry, TextEncoder};
use serde_json::{Value, json};
use thiserror::Error;
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{sleep, timeout},
};
use tracing::{debug, info, warn};

use super::{
    FAREWELL, FINISHING,
    line::pause,
    post::{self, Trouble},
    probe::{self, Watched},
};
use crate::{
    chat::{
        proof::{ExposeSecret as _, Secret},
        telegram::api::{self, Api},
    },
    http::metrics::{build_info, counters, registered},
    say::words,
};

/// How long Telegram holds a question for updates open, in seconds, and how long any call may take.
const HELD: u64 = 50;
const PATIENCE: Duration = Duration::from_secs(65);
/// Updates that are fetched, and handed on, at once.
const AT_ONCE: usize = 32;
/// How long to ask again where nobody is there, as in a restart of the service.
const WAIT: Duration = Duration::from_secs(10);
/// The longest pause that Telegram may ask for.
const LONGEST: Duration = Duration::from_mins(5);
/// What a reply may ask for. Everything else would not be ours.
const METHODS: [&str; 5] =
    ["sendMessage", "editMessageText", "editEphemeralMessageText", "answerCallbackQuery", "answerInlineQuery"];

/// What `saywell connect telegram` is to do.
#[derive(Debug, Clone)]
pub(crate) struct PollerSettings {
    /// The bot's token.
    pub token: Secret,
    /// The secret that the service has.
    pub secret: Secret,
    /// Where the Bot API is.
    pub origin: String,
    /// The service, `http://127.0.0.1:8080`, with its base path.
    pub to: String,
    /// Whether a webhook may be taken away.
    pub take_over: bool,
    /// Where probes and metrics are served, if anywhere.
    pub listen: Option<SocketAddr>,
    /// The way out, where there is a proxy.
    pub proxy: Option<ureq::Proxy>,
}

/// Why it will never work.
#[derive(Debug, Error)]
pub(crate) enum PollerError {
    /// The token is wrong.
    #[error("TELEGRAM_BOT_TOKEN: Telegram refuses it. It is no bot's, or @BotFather has given another one since")]
    Token,
    /// Telegram sends updates elsewhere.
    #[error(
        "the bot has a webhook, so Telegram sends what people type to that address, and gives it to nobody who fetches it. \
         --take-over takes the webhook away; `saywell register telegram` sets it again"
    )]
    Webhook,
    /// The system's own.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Updates, ready to be fetched.
pub(crate) struct Poller {
    settings: PollerSettings,
    metrics: Arc<PollerMetrics>,
    listener: Option<TcpListener>,
}

impl Poller {
    /// Takes the address for probes, if there is to be one.
    ///
    /// # Errors
    /// The address cannot be had.
    pub(crate) fn bind(settings: PollerSettings) -> io::Result<Self> {
        let listener = settings.listen.map(TcpListener::bind).transpose()?;
        Ok(Self { settings, metrics: Arc::new(PollerMetrics::new()), listener })
    }

    /// Hands on updates until it is told to stop; then finishes those under way.
    ///
    /// # Errors
    /// [`PollerError`]: why it will never work.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) -> Result<(), PollerError> {
        let Self { settings, metrics, listener } = self;
        let probe = listener.map(|listener| probe::serve(listener, metrics.clone())).transpose()?;
        let ended = Poll::new(&settings, metrics.clone()).hold(stop).await;
        metrics.ready.store(false, Ordering::Relaxed);
        if let Some(probe) = probe {
            probe.stop(false).await;
        }
        info!("stopped");
        ended
    }
}

/// What fetching and handing on need.
#[derive(Clone)]
struct Poll {
    api: Api,
    agent: ureq::Agent,
    url: String,
    secret: Secret,
    take_over: bool,
    metrics: Arc<PollerMetrics>,
}

impl Poll {
    fn new(settings: &PollerSettings, metrics: Arc<PollerMetrics>) -> Self {
        Self {
            api: Api::new(&settings.origin, &settings.token, PATIENCE, settings.proxy.clone()),
            agent: post::agent(),
            url: format!("{}/telegram/updates", settings.to),
            secret: settings.secret.clone(),
            take_over: settings.take_over,
            metrics,
        }
    }

    async fn hold(&self, stop: impl Future<Output = ()>) -> Result<(), PollerError> {
        let mut stop = pin!(stop);
        // The first answer comes at once, and says that all is well.
        let (mut offset, mut failures, mut held) = (0, 0, 0);
        loop {
            let fetched = tokio::select! {
                fetched = self.fetch(offset, held) => fetched,
                () = &mut stop => break,
            };
            let least = match fetched {
                Ok(updates) => {
                    (failures, held) = (0, HELD);
                    self.metrics.fetched();
                    if self.hand_on(updates, &mut offset, &mut stop).await {
                        break;
                    }
                    continue;
                }
                Err(trouble) => self.trouble(&trouble).await?,
            };
            (failures, held) = (failures + 1, 0);
            tokio::select! {
                () = sleep(pause(failures).max(least)) => {}
                () = &mut stop => break,
            }
        }
        self.confirm(offset).await;
        Ok(())
    }

    /// Asks for what comes after this; Telegram answers when there is something, or after a while with nothing.
    async fn fetch(&self, offset: i64, held: u64) -> Result<Vec<Value>, api::Trouble> {
        let updates = ["message", "callback_query", "inline_query"];
        let ask = json!({"offset": offset, "timeout": held, "limit": AT_ONCE, "allowed_updates": updates});
        match self.call("getUpdates", ask).await? {
            Value::Array(updates) => Ok(updates),
            _ => Err(api::Trouble::Unreadable),
        }
    }

    /// What has been answered is not to come again.
    async fn confirm(&self, offset: i64) {
        if offset > 0 {
            let last = self.call("getUpdates", json!({"offset": offset, "timeout": 0, "limit": 1}));
            let _ = timeout(FAREWELL, last).await;
        }
    }

    async fn call(&self, method: &'static str, body: Value) -> Result<Value, api::Trouble> {
        let api = self.api.clone();
        let called = spawn_blocking(move || api.call(method, body.to_string().as_bytes())).await;
        called.unwrap_or(Err(api::Trouble::Unreadable))
    }

    /// Hands on updates, and waits until all are answered; whether it was told to stop meanwhile.
    async fn hand_on(
        &self,
        updates: Vec<Value>,
        offset: &mut i64,
        stop: &mut (impl Future<Output = ()> + Unpin),
    ) -> bool {
        let mut under_way = JoinSet::new();
        for update in updates {
            let Some(id) = update.get("update_id").and_then(Value::as_i64) else { continue };
            *offset = (*offset).max(id.saturating_add(1));
            let poll = self.clone();
            under_way.spawn_blocking(move || poll.deliver(&update));
        }
        let mut done = pin!(async { while under_way.join_next().await.is_some() {} });
        tokio::select! {
            () = &mut done => return false,
            () = stop => info!("stopping"),
        }
        let _ = timeout(FINISHING, done).await;
        true
    }

    /// What there is to say and to do about a question that was not answered; how long to wait at least.
    async fn trouble(&self, trouble: &api::Trouble) -> Result<Duration, PollerError> {
        self.metrics.failed();
        let mut least = Duration::ZERO;
        match trouble {
            api::Trouble::Refused { code: 401 | 404, .. } => return Err(PollerError::Token),
            api::Trouble::Refused { code: 409, said, .. } if said.contains("webhook") => {
                if !self.take_over {
                    return Err(PollerError::Webhook);
                }
                info!("the bot's webhook is taken away");
                // What waits there is fetched.
                let _ = self.call("deleteWebhook", json!({"drop_pending_updates": false})).await;
            }
            api::Trouble::Refused { code: 409, .. } => warn!(
                "another program fetches what people type to this bot, and Telegram lets only one (409): stop the other one"
            ),
            api::Trouble::Refused { pause: Some(pause), .. } => {
                least = LONGEST.min(*pause);
                warn!("Telegram asks for a pause of {} seconds", least.as_secs());
            }
            trouble => warn!("nothing fetched: {trouble}"),
        }
        Ok(least)
    }

    /// Hands on one update, and does what the service replies.
    fn deliver(&self, update: &Value) {
        let (kind, came) = (kind(update), Instant::now());
        let outcome = match self.ask(update) {
            Ok(None) => UpdateOutcome::Nothing,
            Ok(Some(reply)) => self.act(update, &reply),
            Err(trouble) => {
                warn!(kind, "not answered: {}", told(trouble));
                if let Some(apology) = apology(update) {
                    self.act(update, &apology);
                }
                UpdateOutcome::Failed
            }
        };
        self.metrics.delivered(kind, outcome, came.elapsed());
        debug!(kind, outcome = outcome.name(), took = ?came.elapsed(), "delivered");
    }

    /// Asks the service; what it replied, if it has anything to say. It keeps nothing, so it may be asked again.
    fn ask(&self, update: &Value) -> Result<Option<Value>, Trouble> {
        let (body, until) = (update.to_string(), Instant::now() + WAIT);
        loop {
            let reply = self.post(&body);
            if !matches!(reply, Err(Trouble::Absent | Trouble::Broken)) || Instant::now() >= until {
                return reply;
            }
            std::thread::sleep(post::PAUSE);
        }
    }

    fn post(&self, body: &str) -> Result<Option<Value>, Trouble> {
        let request = self
            .agent
            .post(&self.url)
            .content_type("application/json")
            .header("x-telegram-bot-api-secret-token", self.secret.expose_secret());
        let mut response = request.send(body).map_err(|error| post::trouble(&error))?;
        if response.status() != 200 {
            return Err(Trouble::Status(response.status().as_u16()));
        }
        let body = response.body_mut().with_config().limit(post::LARGEST).read_to_vec();
        let body = body.map_err(|error| post::trouble(&error))?;
        if body.is_empty() { Ok(None) } else { serde_json::from_slice(&body).map_err(|_| Trouble::Unreadable) }
    }

    /// Makes a reply the call that it names.
    fn act(&self, update: &Value, reply: &Value) -> UpdateOutcome {
        let mut parameters = reply.clone();
        let method = parameters.as_object_mut().and_then(|parameters| parameters.remove("method"));
        let named = METHODS.into_iter().find(|known| method.as_ref().and_then(Value::as_str) == Some(known));
        let Some(method) = named else {
            warn!("not done: the service asks for something that is not its own");
            return UpdateOutcome::Failed;
        };
        let done = self.api.call(method, parameters.to_string().as_bytes());
        // As a webhook it could not be said, so the button would go on turning.
        if let Some(query) = update.pointer("/callback_query/id").filter(|_| method != "answerCallbackQuery") {
            let _ = self.api.call("answerCallbackQuery", json!({"callback_query_id": query}).to_string().as_bytes());
        }
        match done {
            Ok(_) => UpdateOutcome::Answered,
            Err(api::Trouble::Refused { code, .. }) => {
                // What Telegram says may repeat what people typed.
                warn!(method, "Telegram refuses the answer ({code})");
                UpdateOutcome::Refused
            }
            Err(trouble) => {
                warn!(method, "not answered: {trouble}");
                UpdateOutcome::Failed
            }
        }
    }
}

/// What an update is, in the log and in metrics.
fn kind(update: &Value) -> &'static str {
    KINDS.into_iter().find(|kind| update.get(kind).is_some()).unwrap_or("other")
}

const KINDS: [&str; 4] = ["message", "callback_query", "inline_query", "other"];

/// Who asked is told that there is no answer, where nobody else is.
fn apology(update: &Value) -> Option<Value> {
    if let Some(query) = update.pointer("/callback_query/id") {
        let text = words::NO_SERVICE;
        return Some(
            json!({"method": "answerCallbackQuery", "callback_query_id": query, "text": text, "show_alert": true}),
        );
    }
    let chat = update.pointer("/message/chat").filter(|chat| chat.get("type").is_some_and(|kind| kind == "private"))?;
    Some(json!({"method": "sendMessage", "chat_id": chat.get("id")?, "text": words::NO_SERVICE}))
}

fn told(trouble: Trouble) -> String {
    match trouble {
        Trouble::Status(401) => {
            "the service refuses the secret; is TELEGRAM_SECRET_TOKEN the same on both sides?".into()
        }
        Trouble::Status(404) => {
            "there is no Telegram at the service; has it TELEGRAM_SECRET_TOKEN, and is --to its address?".into()
        }
        Trouble::Unreadable => "the service's answer is not one for Telegram".into(),
        trouble => trouble.to_string(),
    }
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpdateOutcome {
    /// The service's reply was done.
    Answered,
    /// It had nothing to say.
    Nothing,
    /// Telegram refused the answer.
    Refused,
    /// There was no answer.
    Failed,
}

impl UpdateOutcome {
    const ALL: [Self; 4] = [Self::Answered, Self::Nothing, Self::Refused, Self::Failed];

    const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Nothing => "nothing",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Upper bounds in seconds.
const SECONDS: [f64; 8] = [0.005, 0.01, 0.05, 0.1, 0.25, 1.0, 5.0, 25.0];

/// What is counted.
struct PollerMetrics {
    registry: Registry,
    fetches: IntCounterVec,
    deliveries: IntCounterVec,
    seconds: Histogram,
    ready: AtomicBool,
}

impl PollerMetrics {
    fn new() -> Self {
        let registry = Registry::new();
        build_info(&registry);
        let about = "Times that updates were asked for, by what came of it";
        let fetches = counters(&registry, "saywell_connect_fetches_total", about, &["outcome"]);
        for outcome in ["fetched", "failed"] {
            fetches.with_label_values(&[outcome]);
        }
        let about = "Deliveries, by what became of them";
        let deliveries = counters(&registry, "saywell_connect_deliveries_total", about, &["kind", "outcome"]);
        for (kind, outcome) in KINDS.iter().flat_map(|kind| UpdateOutcome::ALL.map(|outcome| (kind, outcome))) {
            deliveries.with_label_values(&[*kind, outcome.name()]);
        }
        let seconds = HistogramOpts::new("saywell_connect_delivery_seconds", "How long deliveries took to be answered");
        let seconds = registered(&registry, Histogram::with_opts(seconds.buckets(SECONDS.to_vec())));
        Self { registry, fetches, deliveries, seconds, ready: AtomicBool::new(false) }
    }

    fn fetched(&self) {
        self.fetches.with_label_values(&["fetched"]).inc();
        if !self.ready.swap(true, Ordering::Relaxed) {
            info!("connected to Telegram");
        }
    }

    fn failed(&self) {
        self.fetches.with_label_values(&["failed"]).inc();
        self.ready.store(false, Ordering::Relaxed);
    }

    fn delivered(&self, kind: &str, outcome: UpdateOutcome, took: Duration) {
        self.deliveries.with_label_values(&[kind, outcome.name()]).inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl Watched for PollerMetrics {
    const PLATFORM: &'static str = "Telegram";

    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    fn text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}
