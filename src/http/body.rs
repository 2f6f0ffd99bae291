//! Bodies as they come: bounded in size and in time, never unpacked, since a signature is over the bytes that were sent.

use std::{future::poll_fn, pin::Pin, time::Duration};

use actix_web::{
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap},
    web::{Bytes, BytesMut, Payload},
};
use futures_core::Stream as _;
use tokio::time::timeout;

use super::problem::Problem;

/// The largest body, in bytes: far above anything that a platform sends.
pub(crate) const LARGEST: usize = 256 * 1024;

/// How long a body may take in all. The framework leaves this to the application.
const DEADLINE: Duration = Duration::from_secs(10);

/// Reads a body.
///
/// # Errors
/// [`Problem::UnsupportedType`] where it is packed, [`Problem::TooLarge`] as soon as that is known,
/// [`Problem::TooSlow`], [`Problem::Unreadable`] where it breaks off.
pub(crate) async fn read(mut payload: Payload, headers: &HeaderMap) -> Result<Bytes, Problem> {
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::UnsupportedType("sent as it is, without Content-Encoding"));
    }
    let announced: Option<usize> =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > LARGEST) {
        return Err(Problem::TooLarge(LARGEST));
    }
    let all = async {
        let first = next(&mut payload, LARGEST).await?.unwrap_or_default();
        // Nearly every body comes in one piece.
        let Some(second) = next(&mut payload, LARGEST - first.len()).await? else { return Ok(first) };
        let mut body = BytesMut::with_capacity(announced.unwrap_or(2 * first.len()));
        body.extend_from_slice(&first);
        body.extend_from_slice(&second);
        while let Some(chunk) = next(&mut payload, LARGEST - body.len()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    timeout(DEADLINE, all).await.map_err(|_| Problem::TooSlow)?
}

/// The next piece, at most so long.
async fn next(payload: &mut Payload, most: usize) -> Result<Option<Bytes>, Problem> {
    match poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await {
        None => Ok(None),
        Some(Ok(chunk)) if chunk.len() <= most => Ok(Some(chunk)),
        Some(Ok(_)) => Err(Problem::TooLarge(LARGEST)),
        Some(Err(_)) => Err(Problem::Unreadable),
    }
}
