//! A new connection to Slack: the API gives a fresh address for each, and a proxy may stand between.

use std::{fmt::Write as _, io, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use thiserror::Error;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::spawn_blocking,
    time::{error::Elapsed, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async_tls_with_config,
    tungstenite::{self, protocol::WebSocketConfig},
};
use ureq::{Proxy, http::Uri};
use url::Url;

use crate::chat::proof::{ExposeSecret as _, Secret};

/// How long Slack's API, and then the connection, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The service takes no larger bodies either, and a form is larger than the JSON in it.
const LARGEST: usize = 256 << 10;
/// The head of a proxy's answer.
const HEAD: usize = 8 << 10;

/// A connection.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Slack's API, as far as it is needed.
#[derive(Debug, Clone)]
pub(super) struct Api {
    url: String,
    token: Secret,
    agent: ureq::Agent,
    proxy: Option<Proxy>,
}

/// Why Slack will never let us in.
#[derive(Debug, Error)]
pub(crate) enum FatalError {
    /// The token is wrong.
    #[error(
        "SLACK_APP_TOKEN: Slack refuses it ({_0}). Make an app-level token with the scope connections:write, in the \
         app's settings under Basic Information"
    )]
    Token(String),
    /// The system does not.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Why there is no connection now.
#[derive(Debug, Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Fatal(#[from] FatalError),
    #[error("Slack asks for a pause of {} seconds", _0.as_secs())]
    Pause(Duration),
    #[error("Slack says {_0}")]
    Slack(String),
    #[error("Slack answers {_0}")]
    Status(u16),
    #[error("Slack's answer cannot be read")]
    Unreadable,
    #[error("{_0}")]
    Network(String),
    #[error("the proxy answers {_0}")]
    Proxy(String),
    #[error("it takes too long")]
    Slow(#[from] Elapsed),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Network(error.kind().to_string())
    }
}

/// Without the address, which is as good as a key.
impl From<tungstenite::Error> for OpenError {
    fn from(error: tungstenite::Error) -> Self {
        match error {
            tungstenite::Error::Http(response) => Self::Status(response.status().as_u16()),
            // Here stands what is wrong with a certificate.
            tungstenite::Error::Io(error) => Self::Network(error.to_string()),
            _ => Self::Unreadable,
        }
    }
}

impl Api {
    /// The API that stands beside these hooks.
    pub(super) fn new(hooks: &str, token: Secret, proxy: Option<Proxy>) -> Self {
        let url = format!("{}/api/apps.connections.open", hooks.replacen("://hooks.", "://", 1));
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(proxy.clone())
            .user_agent(concat!("saywell/", env!("CARGO_PKG_VERSION")))
            // One request every few hours.
            .max_idle_connections(0)
            .build()
            .into();
        Self { url, token, agent, proxy }
    }

    /// Opens a connection; Slack has not greeted yet.
    pub(super) async fn open(&self) -> Result<Socket, OpenError> {
        let api = self.clone();
        let address = spawn_blocking(move || api.address()).await.map_err(|_| OpenError::Unreadable)??;
        timeout(PATIENCE, self.dial(&address)).await?
    }

    /// Asks for the address of one connection. The token stands in a header only.
    fn address(&self) -> Result<Url, OpenError> {
        #[derive(Deserialize)]
        struct Opened {
            ok: bool,
            url: Option<String>,
            error: Option<String>,
        }
        let request =
            self.agent.post(&self.url).header("authorization", format!("Bearer {}", self.token.expose_secret()));
        let mut response = request.send_empty().map_err(|error| network(&error))?;
        match response.status().as_u16() {
            200 => {}
            429 => return Err(OpenError::Pause(pause(&response))),
            status => return Err(OpenError::Status(status)),
        }
        let body = response.body_mut().read_to_vec().map_err(|error| network(&error))?;
        match serde_json::from_slice(&body).map_err(|_| OpenError::Unreadable)? {
            Opened { ok: true, url: Some(url), .. } => self.checked(&url).ok_or(OpenError::Unreadable),
            Opened { error: Some(error), .. } => Err(refused(&error)),
            _ => Err(OpenError::Unreadable),
        }
    }

    /// Only where the API itself is spoken to in the clear, as in tests, may a connection be.
    fn checked(&self, url: &str) -> Option<Url> {
        let clear = self.url.starts_with("http://");
        Url::parse(url).ok().filter(|url| url.scheme() == "wss" || (clear && url.scheme() == "ws"))
    }

    async fn dial(&self, address: &Url) -> Result<Socket, OpenError> {
        let (host, port) = address.host_str().zip(port(address)).ok_or(OpenError::Unreadable)?;
        let uri: Uri = address.as_str().parse().map_err(|_| OpenError::Unreadable)?;
        let stream = match &self.proxy {
            Some(proxy) if !proxy.is_no_proxy(&uri) => tunnel(proxy, host, port).await?,
            _ => TcpStream::connect((host.trim_matches(['[', ']']), port)).await?,
        };
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST))
            .read_buffer_size(16 << 10)
            .write_buffer_size(0);
        let (socket, _) = client_async_tls_with_config(address.as_str(), stream, Some(config), None).await?;
        Ok(socket)
    }
}

fn port(address: &Url) -> Option<u16> {
    address.port().or(match address.scheme() {
        "wss" => Some(443),
        _ => Some(80),
    })
}

/// Tokens and apps that are no longer good do not get better by waiting.
fn refused(error: &str) -> OpenError {
    // It goes to the log, and comes from outside.
    let name: String = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
    match name.as_str() {
        "not_authed"
        | "invalid_auth"
        | "token_revoked"
        | "token_expired"
        | "account_inactive"
        | "missing_scope"
        | "not_allowed_token_type"
        | "no_permission"
        | "user_removed_from_team"
        | "team_disabled" => FatalError::Token(name).into(),
        _ => OpenError::Slack(name),
    }
}

fn network(error: &ureq::Error) -> OpenError {
    match error {
        ureq::Error::Io(error) => OpenError::Network(error.to_string()),
        ureq::Error::HostNotFound => OpenError::Network("Slack's name cannot be resolved".into()),
        ureq::Error::Timeout(_) => OpenError::Network("Slack's API takes too long".into()),
        ureq::Error::ConnectProxyFailed(answer) => OpenError::Proxy(answer.clone()),
        _ => OpenError::Network("Slack's API cannot be reached".into()),
    }
}

/// How long Slack wants to be left alone.
fn pause<B>(response: &ureq::http::Response<B>) -> Duration {
    const USUAL: u64 = 30;
    const MOST: u64 = 300;
    let seconds = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Duration::from_secs(seconds.unwrap_or(USUAL).min(MOST))
}

/// A way through a proxy, by `CONNECT` (RFC 9110, section 9.3.6).
async fn tunnel(proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, OpenError> {
    let mut stream = TcpStream::connect((proxy.host().trim_matches(['[', ']']), proxy.port())).await?;
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(name) = proxy.username() {
        let login = BASE64_STANDARD.encode(format!("{name}:{}", proxy.password().unwrap_or_default()));
        let _ = write!(request, "Proxy-Authorization: Basic {login}\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    let head = head(&mut stream).await?;
    let status = head.split(' ').nth(1).unwrap_or_default().get(..3).unwrap_or_default();
    if status.starts_with('2') { Ok(stream) } else { Err(OpenError::Proxy(status.to_owned())) }
}

/// An answer's head. Byte by byte, since what follows it belongs to whom we speak to next.
async fn head(stream: &mut TcpStream) -> Result<String, OpenError> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= HEAD {
            return Err(OpenError::Proxy("with too long a head".into()));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_stands_beside_the_hooks_and_only_a_clear_api_gives_clear_addresses() {
        let api = |hooks| Api::new(hooks, Secret::from("xapp-1"), None);
        for (hooks, url) in [
            ("https://hooks.slack.com", "https://slack.com/api/apps.connections.open"),
            ("https://hooks.slack-gov.com", "https://slack-gov.com/api/apps.connections.open"),
            ("http://127.0.0.1:8099", "http://127.0.0.1:8099/api/apps.connections.open"),
        ] {
            assert_eq!(api(hooks).url, url);
        }
        let [real, stand_in] = ["https://hooks.slack.com", "http://127.0.0.1:8099"].map(api);
        for (url, expected) in [
            ("wss://wss-primary.slack.com/link/?ticket=1", (true, true)),
            ("ws://127.0.0.1/link", (false, true)),
            ("https://slack.com", (false, false)),
            ("nonsense", (false, false)),
        ] {
            assert_eq!((real.checked(url).is_some(), stand_in.checked(url).is_some()), expected, "{url}");
        }
    }

    #[test]
    fn only_what_waiting_does_not_mend_is_final() {
        for (error, is_final) in
            [("invalid_auth", true), ("missing_scope", true), ("internal_error", false), ("ratelimited", false)]
        {
            assert_eq!(matches!(refused(error), OpenError::Fatal(_)), is_final, "{error}");
        }
        assert_eq!(refused("a b\n<c>").to_string(), "Slack says abc");
    }
}
