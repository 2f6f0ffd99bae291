//! The floor under every figure: the same web framework, which reads a request's body and answers with so many bytes.
//!
//! `bare 127.0.0.1:8081 1200`
#![allow(clippy::expect_used, reason = "a tool for measuring may fail loudly")]

use std::env::args;

use actix_web::{
    App, HttpResponse, HttpServer,
    http::header::ContentType,
    web::{self, Bytes},
};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = args().nth(1).expect("an address");
    let length = args().nth(2).and_then(|length| length.parse().ok()).expect("a length in bytes");
    let answer = Bytes::from("x".repeat(length));
    HttpServer::new(move || {
        let answer = answer.clone();
        let handle = move |_: Bytes| {
            let answer = answer.clone();
            async move { HttpResponse::Ok().content_type(ContentType::json()).body(answer) }
        };
        App::new().route("/", web::post().to(handle.clone())).route("/", web::get().to(handle))
    })
    .workers(1)
    .bind(address)?
    .run()
    .await
}
