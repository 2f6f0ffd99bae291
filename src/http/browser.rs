//! What browsers ask for and programs do not: `/docs`, `/install`, and the files that pages load. How a page looks is
//! for `page` to know.

use std::{
    hash::{BuildHasher as _, Hasher as _},
    time::{SystemTime, UNIX_EPOCH},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HOST, HeaderMap},
    web::{self, Data, ServiceConfig},
};

use super::{
    Service, access,
    assets::{Asset, Assets, all},
    fixed,
    metrics::REST,
    page::{Visit, docs, install},
    path::base,
    problem::Problem,
    reply::{self, Caching},
    wants::Wants,
};

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::scope("/assets").service(fixed("/{name}", asset)))
        .service(fixed("/robots.txt", robots))
        .service(fixed("/favicon.ico", icon))
        .service(fixed("/docs", read_docs))
        .service(fixed("/install", read_install));
}

/// What a request says of the visit.
pub(super) fn visit(headers: &HeaderMap) -> Visit {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Visit { origin: origin(headers), today: now.as_secs() / 86_400 }
}

/// The origin by which a browser found us, and the base below it, for commands that are to be copied. A proxy ends TLS
/// for every name but the machine's own. The header comes from outside, so that anything but a plain host gives the
/// default.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
    });
    let host = host.unwrap_or("localhost:8080");
    let local = host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
    format!("{}://{host}{}", if local { "http" } else { "https" }, base())
}

async fn read_docs(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "page");
    let book = service.shelf.book();
    let visit = visit(request.headers());
    let page = || docs::page(&service.guide.of(&book, docs::guide).1, &visit);
    send_page(&request, book.hash ^ visit.edition(), page)
}

async fn read_install(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "page");
    let book = service.shelf.book();
    let visit = visit(request.headers());
    let mut hasher = foldhash::fast::FixedState::with_seed(visit.edition()).build_hasher();
    service.platforms.iter().map(|platform| platform.kind().name).for_each(|name| hasher.write(name.as_bytes()));
    send_page(&request, book.hash ^ hasher.finish(), || install::page(&book, &service.platforms, &visit))
}

/// A page that depends on this state; it is made where the browser has not got it.
fn send_page(request: &HttpRequest, state: u64, page: impl FnOnce() -> String) -> HttpResponse {
    let tag = reply::tag(state, Wants::Html, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    reply::content(page(), Wants::Html, &Caching::Tagged(tag), request.headers())
}

async fn asset(request: HttpRequest) -> HttpResponse {
    access::note(&request, REST, "page");
    let Assets { style, script, desk, icon } = all();
    let Some(asset) = [style, script, desk, icon].into_iter().find(|asset| asset.path == request.path()) else {
        let what = "There is no such file; a newer page names its own.".to_owned();
        return reply::problem(&Problem::NotFound(what, Vec::new()), Wants::Text);
    };
    send(asset, &request)
}

/// Browsers ask for it where no page names an icon.
async fn icon(request: HttpRequest) -> HttpResponse {
    access::note(&request, REST, "page");
    send(&all().icon, &request)
}

fn send(asset: &'static Asset, request: &HttpRequest) -> HttpResponse {
    // A name that holds no hash may be another file tomorrow.
    let keep =
        if asset.path == request.path() { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    let mut response = HttpResponse::Ok();
    response
        .content_type(asset.media_type)
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if !asset.gzip.is_empty() && reply::accepts_gzip(request.headers()) {
        return response.insert_header((header::CONTENT_ENCODING, "gzip")).body(&*asset.gzip);
    }
    response.body(&*asset.plain)
}

/// Search engines may read all that everybody may.
async fn robots(request: HttpRequest) -> HttpResponse {
    access::note(&request, REST, "other");
    reply::content("User-agent: *\nAllow: /\n", Wants::Text, &Caching::Never, request.headers())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn only_a_plain_host_is_repeated() {
        let check = |host: &str, expected: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(host).unwrap());
            assert_eq!(origin(&headers), expected, "{host}");
        };
        check("words.example.com", "https://words.example.com");
        check("localhost:9000", "http://localhost:9000");
        check("[::1]:9000", "http://[::1]:9000");
        check("x'; rm -rf ~; '", "http://localhost:8080");
        check("<script>", "http://localhost:8080");
        check("", "http://localhost:8080");
    }
}
