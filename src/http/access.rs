//! What every request goes through: an id, the limit of its client, the counters, the log. A panic ends here too, as the
//! failure of one request.
//!
//! The log holds a line for what was refused, failed or took long; all requests only at `debug`, since a line costs a
//! fifth of the whole answer. It never holds words: no path, no query, no body, no name.

use std::{
    array,
    future::poll_fn,
    net::IpAddr,
    num::NonZeroU32,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError,
    dev::{Service as Next, ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, Method, StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    web::Data,
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use thiserror::Error;
use tracing::{debug, error, warn};

use super::{
    Service, client,
    connection::Connection,
    limit::{Key, Limiter},
    metrics::{Outcome, REST, Reason},
    path,
    problem::Problem,
    reply,
    wants::Wants,
};
use crate::say::book::Topic;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// An id from outside is taken over up to this length.
const LONGEST_ID: usize = 128;
/// A request that takes longer is worth a line.
const SLOW: Duration = Duration::from_millis(500);

/// What a handler knows of its request, for the counters and the log.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The platform, or `REST`.
    pub platform: &'static str,
    /// The door: of the platform, or one of `metrics::DOORS`.
    pub door: &'static str,
    /// The command and the topic that a phrase was given from.
    pub topic: Option<(Arc<str>, Arc<str>)>,
    /// Why it was turned away, where the status does not say it.
    pub reason: Option<Reason>,
}

/// Notes what a request is about.
pub fn note(request: &HttpRequest, platform: &'static str, door: &'static str) {
    request.extensions_mut().insert(Noted { platform, door, topic: None, reason: None });
}

/// Notes that a phrase of this topic is given.
pub fn note_topic(request: &HttpRequest, topic: &Topic) {
    if let Some(noted) = request.extensions_mut().get_mut::<Noted>() {
        noted.topic = Some((topic.command.clone(), topic.id.clone()));
    }
}

/// Notes why a request is turned away.
pub fn note_reason(request: &HttpRequest, reason: Reason) {
    if let Some(noted) = request.extensions_mut().get_mut::<Noted>() {
        noted.reason = Some(reason);
    }
}

/// The log of requests: so many lines a second, so that a flood of refusals costs no more than the refusing.
pub struct Journal(DefaultDirectRateLimiter);

impl Journal {
    const LINES_A_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();

    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self(RateLimiter::direct(Quota::per_second(Self::LINES_A_SECOND)))
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new()
    }
}

/// The middleware.
pub fn watch<N>(
    service: &Data<Service>,
    mut request: ServiceRequest,
    next: &N,
) -> impl Future<Output = Result<ServiceResponse, Error>> + use<N>
where
    N: Next<ServiceRequest, Response = ServiceResponse, Error = Error>,
    N::Future: 'static,
{
    path::tidy(&mut request);
    let visit = WatchedRequest::begin(service, &request);
    let answer = match visit.admit(&request) {
        Ok(()) => Ok(next.call(request)),
        Err(wait) => {
            let refusal = visit.too_many(wait, wants(&request));
            Err(request.into_response(refusal))
        }
    };
    async move {
        let answer = match answer {
            Ok(answer) => caught(answer).await,
            Err(refusal) => Some(Ok(refusal)),
        };
        match answer {
            Some(Ok(response)) => Ok(visit.end(response)),
            Some(Err(error)) => {
                visit.close(error.as_response_error().status_code());
                Err(error)
            }
            None => {
                visit.service.metrics.panics.inc();
                visit.close(StatusCode::INTERNAL_SERVER_ERROR);
                Err(Panicked(visit.id).into())
            }
        }
    }
}

/// The future's outcome, or nothing where it panicked.
async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// Whose limit holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entrance {
    /// None: whoever looks after the service asks how it is.
    Probe,
    /// The team's, once it is proved; a client who proves nothing has its own.
    Chat,
    /// The client's.
    Rest,
}

/// A request from its beginning to its end.
struct WatchedRequest {
    service: Data<Service>,
    id: HeaderValue,
    entrance: Entrance,
    client: Option<IpAddr>,
    connection: Option<Arc<Connection>>,
    began: Instant,
}

impl WatchedRequest {
    fn begin(service: &Data<Service>, request: &ServiceRequest) -> Self {
        let began = Instant::now();
        let connection = request.conn_data::<Arc<Connection>>().cloned();
        if let Some(connection) = &connection {
            connection.begin(began);
        }
        let platform = request.path().split('/').nth(1).unwrap_or_default();
        Self {
            service: service.clone(),
            id: id(request.headers()),
            entrance: match request.path() {
                "/healthz" | "/readyz" | "/metrics" => Entrance::Probe,
                _ if request.method() == Method::POST && service.platforms.get(platform).is_some() => Entrance::Chat,
                _ => Entrance::Rest,
            },
            client: client::address(request.peer_addr(), request.headers(), &service.trusted_proxies),
            connection,
            began,
        }
    }

    /// Whether the client may come in; or how long it has to wait.
    fn admit(&self, request: &ServiceRequest) -> Result<(), Duration> {
        match self.entrance {
            Entrance::Rest if request.method() != Method::OPTIONS => self.take(),
            _ => Ok(()),
        }
    }

    fn take(&self) -> Result<(), Duration> {
        match (&self.service.limiter, self.client) {
            (Some(limiter), Some(client)) => limiter.take(Key::client(client)),
            _ => Ok(()),
        }
    }

    fn too_many(&self, wait: Duration, wants: Wants) -> HttpResponse {
        let mut response = reply::problem(&Problem::TooMany(wait), wants);
        if let Some(limiter) = &self.service.limiter {
            tell_limit(response.headers_mut(), limiter, wait);
        }
        response
    }

    fn end(self, mut response: ServiceResponse) -> ServiceResponse {
        if self.entrance == Entrance::Chat
            && response.status() == StatusCode::UNAUTHORIZED
            && let Err(wait) = self.take()
        {
            let refusal = self.too_many(wait, Wants::Text);
            response = response.into_response(refusal);
        }
        let now = Instant::now();
        let took = now.duration_since(self.began);
        let status = response.status();
        let noted = response.request().extensions_mut().remove::<Noted>();
        self.count(noted.as_ref(), status, took);
        response.headers_mut().insert(REQUEST_ID, self.id);
        if !self.service.is_ready() {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
        if let Some(connection) = self.connection {
            connection.end(now);
        }
        response
    }

    /// There is no response, and what the handler had noted is gone too.
    fn close(&self, status: StatusCode) {
        let now = Instant::now();
        self.count(None, status, now.duration_since(self.began));
        if let Some(connection) = &self.connection {
            connection.end(now);
        }
    }

    fn count(&self, noted: Option<&Noted>, status: StatusCode, took: Duration) {
        let door = if self.entrance == Entrance::Probe { "probe" } else { "other" };
        let (platform, door) = noted.map_or((REST, door), |noted| (noted.platform, noted.door));
        let reason = noted.and_then(|noted| noted.reason).or_else(|| Reason::of(status, platform));
        let outcome = Outcome::of(status, reason.is_some());
        let metrics = &self.service.metrics;
        metrics.ended(platform, door, outcome, took);
        if let Some(reason) = reason {
            metrics.refused(platform, reason);
        }
        let topic = noted.and_then(|noted| noted.topic.as_ref());
        if let Some((command, topic)) = topic {
            metrics.answered(command, topic);
        }
        let request = self.id.to_str().unwrap_or_default();
        let command = topic.map(|(command, _)| &**command);
        let topic = topic.map(|(_, topic)| &**topic);
        let (status, reason) = (status.as_u16(), reason.map(Reason::name));
        let ms = took.as_secs_f64() * 1000.0;
        match self.news(outcome, took) {
            News::Failed => error!(request, platform, door, command, topic, status, ms, "request failed"),
            News::Refused => warn!(request, platform, door, command, topic, status, reason, ms, "request refused"),
            News::Slow => warn!(request, platform, door, command, topic, status, ms, "request was slow"),
            News::None => debug!(request, platform, door, command, topic, status, reason, ms, "request"),
        }
    }

    /// What is worth a line.
    fn news(&self, outcome: Outcome, took: Duration) -> News {
        let news = match outcome {
            Outcome::Failed => return News::Failed,
            Outcome::Refused => News::Refused,
            _ if took >= SLOW => News::Slow,
            _ => return News::None,
        };
        if self.service.journal.0.check().is_ok() { news } else { News::None }
    }
}

enum News {
    Failed,
    Refused,
    Slow,
    None,
}

/// The draft standard's fields; `Retry-After` is there already.
fn tell_limit(headers: &mut HeaderMap, limiter: &Limiter, wait: Duration) {
    let rate = limiter.rate();
    let policy = format!("\"default\";q={};w={}", rate.requests, rate.period.as_secs());
    let state = format!("\"default\";r=0;t={}", wait.as_secs().max(1));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

fn wants(request: &ServiceRequest) -> Wants {
    let default = if request.path().starts_with("/v1") { Wants::Json } else { Wants::Text };
    Wants::accepted(request.headers(), default).unwrap_or(default)
}

/// The id that the request brings, if it is a plain one; otherwise a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+=/".contains(byte);
    let brought = headers.get(REQUEST_ID).filter(|id| {
        let id = id.as_bytes();
        (1..=LONGEST_ID).contains(&id.len()) && id.iter().all(is_plain)
    });
    brought.cloned().unwrap_or_else(|| {
        let digits: [u8; 16] = array::from_fn(|_| fastrand::digit(16) as u8);
        HeaderValue::from_bytes(&digits).unwrap_or_else(|_| HeaderValue::from_static("none"))
    })
}

/// A request that ended in a panic, with its id.
#[derive(Debug, Error)]
#[error("the request failed")]
struct Panicked(HeaderValue);

impl ResponseError for Panicked {
    fn status_code(&self) -> StatusCode {
        Problem::Failed.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = reply::problem(&Problem::Failed, Wants::Text);
        response.headers_mut().insert(REQUEST_ID, self.0.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test, web};

    use super::*;
    use crate::{chat::Platforms, shelf};

    fn service() -> Data<Service> {
        let book = shelf::read(&crate::config::BookSettings::default()).unwrap();
        Data::new(Service::new(shelf::Shelf::with(book), Platforms::default(), None, Vec::new()))
    }

    async fn breaks() -> HttpResponse {
        panic!("as a test wants it");
    }

    #[actix_web::test]
    async fn a_panic_costs_one_request() {
        let service = service();
        let watched = service.clone();
        let app = App::new()
            .wrap_fn(move |request, next| watch(&watched, request, next))
            .route("/breaks", web::get().to(breaks))
            .route("/works", web::get().to(async || "fine"));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().uri("/breaks").insert_header((REQUEST_ID, "a-1")).to_request();
        let error = test::try_call_service(&app, request).await.unwrap_err();
        let response = error.error_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers().get(REQUEST_ID).unwrap(), "a-1");
        assert_eq!(service.metrics.panics.get(), 1);
        let request = test::TestRequest::get().uri("/works").to_request();
        assert_eq!(test::call_service(&app, request).await.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn a_plain_id_is_taken_over_and_another_replaced() {
        let check = |brought: &str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_bytes(brought.as_bytes()).unwrap());
            assert_eq!(id(&headers) == brought, expected, "{brought}");
        };
        check("01HV-x.y_z:1+/=", true);
        check("two words", false);
        check("\"quoted\"", false);
        check("ümlaut", false);
        check("", false);
        check(&"x".repeat(129), false);
        assert_eq!(id(&HeaderMap::new()).len(), 16);
    }
}
