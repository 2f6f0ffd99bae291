//! What a page loads, sent to whoever asks for it.

use actix_web::{HttpRequest, HttpResponse, http::header};

use crate::http::{
    access,
    assets::{Asset, Assets, all},
    metrics::REST,
    problem::Problem,
    reply,
    wants::Wants,
};

/// `GET /assets/{name}`.
pub async fn read(request: HttpRequest) -> HttpResponse {
    access::note(&request, REST, "page");
    let Assets { style, script, desk, icon } = all();
    let Some(asset) = [style, script, desk, icon].into_iter().find(|asset| asset.path == request.path()) else {
        let what = "There is no such file; a newer page names its own.".to_owned();
        return reply::problem(&Problem::NotFound(what, Vec::new()), Wants::Text);
    };
    send(asset, &request)
}

/// `GET /favicon.ico`: browsers ask for it where no page names an icon.
pub async fn icon(request: HttpRequest) -> HttpResponse {
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
