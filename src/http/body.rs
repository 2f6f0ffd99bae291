//! Bodies as they come: bounded in size and in time, never unpacked, since a signature is over the bytes that were sent.

use std::time::Duration;

use actix_web::{
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap},
    web::{BytesMut, Payload},
};
use tokio::time::timeout;

use super::problem::Problem;

/// The largest body, in bytes: far above anything that a platform sends.
pub const LARGEST: usize = 256 * 1024;

/// How long a body may take in all. The framework leaves this to the application.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Reads a body.
///
/// # Errors
/// [`Problem::UnsupportedType`] where it is packed, [`Problem::TooLarge`] as soon as that is known,
/// [`Problem::TooSlow`], [`Problem::Unreadable`] where it breaks off.
pub async fn read(mut payload: Payload, headers: &HeaderMap) -> Result<BytesMut, Problem> {
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::UnsupportedType("sent as it is, without Content-Encoding"));
    }
    let announced: Option<usize> =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > LARGEST) {
        return Err(Problem::TooLarge(LARGEST));
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(1024));
    let all = async {
        while let Some(chunk) = next(&mut payload).await {
            let chunk = chunk.map_err(|_| Problem::Unreadable)?;
            if body.len() + chunk.len() > LARGEST {
                return Err(Problem::TooLarge(LARGEST));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(())
    };
    timeout(DEADLINE, all).await.map_err(|_| Problem::TooSlow)??;
    Ok(body)
}

async fn next(payload: &mut Payload) -> Option<Result<actix_web::web::Bytes, actix_web::error::PayloadError>> {
    use futures_core::Stream as _;
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *payload).poll_next(context)).await
}
