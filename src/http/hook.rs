//! `POST /{platform}/{door}`, and `GET` where a platform calls so: the one handler for all chat platforms.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use actix_web::{
    HttpRequest, HttpResponse,
    http::Method,
    web::{self, Data, Payload, ServiceConfig},
};

use super::{Service, access, body, limit::Key, metrics::Reason, problem::Problem, reply, wants::Wants};
use crate::{
    chat::{Adapter, Call, Delivery, Platforms, Refusal, Reply},
    say::{
        answer::{Answer, answer},
        book::Phrasebook,
    },
};

/// A route for every door of every platform that is on. What is off does not exist.
pub(crate) fn routes(config: &mut ServiceConfig, platforms: &Platforms) {
    for platform in platforms.iter() {
        for door in platform.kind().doors.iter().copied() {
            let (platform, gets) = (platform.clone(), platform.kind().gets.contains(&door));
            let place = format!("/{}/{door}", platform.kind().name);
            let take = move |request: HttpRequest, payload: Payload, service: Data<Service>| {
                let platform = platform.clone();
                async move {
                    // The framework's own guards would collect for every request which methods there are.
                    let method = request.method();
                    if *method == Method::POST || gets && matches!(*method, Method::GET | Method::HEAD) {
                        receive(&*platform, door, request, payload, service).await
                    } else {
                        reply::problem(&Problem::Method(if gets { "GET, HEAD, POST" } else { "POST" }), Wants::Text)
                    }
                }
            };
            config.service(web::resource(place).to(take));
        }
    }
}

async fn receive(
    platform: &dyn Adapter,
    door: &'static str,
    request: HttpRequest,
    payload: Payload,
    service: Data<Service>,
) -> HttpResponse {
    let name = platform.kind().name;
    access::note(&request, name, door);
    let refuse = |problem: &Problem| reply::refusal(problem);
    let body = match body::read(payload, request.headers()).await {
        Ok(body) => body,
        Err(problem) => return refuse(&problem),
    };
    let book = service.shelf.book();
    let (headers, query) = (request.headers(), request.query_string());
    let delivery = Delivery { door, headers, query, body: &body, at: now(), book: &book };
    let handle = || platform.handle(delivery, &mut |call| reply_to(&service, &request, &book, name, call));
    let mut handled = handle();
    if matches!(handled, Err(Refusal::UnknownKey)) {
        service.key_sets.renew(name, &service.courier).await;
        handled = handle();
    }
    match handled {
        Ok(Reply { body, content_type, after }) => {
            service.courier.send(platform, after);
            reply::to_platform(body, content_type)
        }
        Err(refusal) => {
            if refusal == Refusal::Stale {
                access::note_reason(&request, Reason::Stale);
            }
            refuse(&Problem::from(refusal))
        }
    }
}

/// Answers a person; politely, where they ask too much.
fn reply_to<'b>(
    service: &Service,
    request: &HttpRequest,
    book: &'b Phrasebook,
    platform: &'static str,
    call: &Call,
) -> Answer<'b> {
    if let Some(limiter) = &service.limiter
        && let Err(wait) = limiter.take(Key::Team(platform, &call.team))
    {
        access::note_reason(request, Reason::TooMany);
        return Answer::too_many(wait);
    }
    let answer = fresh(service, book, platform, call);
    match answer.lines.first() {
        Some(line) => access::note_topic(request, line.topic),
        None if !answer.found => service.metrics.empty_searches.inc(),
        None => {}
    }
    answer
}

/// An answer that the person was not given last, where chance decides.
fn fresh<'b>(service: &Service, book: &'b Phrasebook, platform: &str, call: &Call) -> Answer<'b> {
    let seed = fastrand::u64(..);
    let first = answer(book, &call.ask, seed);
    let Some((topic, place)) = first.chance() else { return first };
    let (recent, now) = (&service.recent, Instant::now());
    let key = recent.key((platform, &call.team, &call.user), &topic.command, &topic.id);
    if !recent.again(key, place, now) {
        return first;
    }
    let next = answer(book, &call.ask, seed.wrapping_add(1));
    if let Some((_, place)) = next.chance() {
        recent.again(key, place, now);
    }
    next
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoDoor => Self::NotFound("There is nothing at this address.".into(), Vec::new()),
            // Which of them it was is nobody's business.
            Refusal::Unproved | Refusal::Stale | Refusal::UnknownKey => Self::Unproved,
            Refusal::Unreadable => Self::Unreadable,
        }
    }
}

pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
