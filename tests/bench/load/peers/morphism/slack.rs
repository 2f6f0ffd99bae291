//! One command with slack-morphism and axum, as their documentation wires them: the signature is verified, the command
//! read, and the answer is a constant that the service once gave.

use std::{env, error::Error, fs, sync::Arc};

use axum::{Extension, Router, http::header::CONTENT_TYPE, routing::post};
use slack_morphism::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reply: &'static str = fs::read_to_string(env::var("REPLY")?)?.leak();
    let secret: SlackSigningSecret = env::var("SECRET")?.into();
    let client = Arc::new(SlackClient::new(SlackClientHyperConnector::new()?));
    let listener: SlackEventsAxumListener<SlackHyperHttpsConnector> =
        SlackEventsAxumListener::new(Arc::new(SlackClientEventsListenerEnvironment::new(client)));
    let answer = move |Extension(command): Extension<SlackCommandEvent>| async move {
        assert_eq!(command.command.0, "/recover");
        ([(CONTENT_TYPE, "application/json")], reply)
    };
    let verified = listener.events_layer(&secret).with_event_extractor(SlackEventsExtractors::command_event());
    let app = Router::new().route("/slack/commands", post(answer).layer(verified));
    let socket = tokio::net::TcpListener::bind(("127.0.0.1", env::var("PORT")?.parse()?)).await?;
    Ok(axum::serve(socket, app).await?)
}
