//! Whose request it is: the peer's address, or, where the peer is a proxy that is trusted, the address that it forwards.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the rightmost forwarded address that is not a trusted proxy's own. What a peer that is not
/// trusted says of forwarding is not looked at, since anybody can write it.
#[must_use]
pub fn address(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = peer?.ip().to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let mut client = peer;
    for hop in hops(headers).iter().rev() {
        // A hop that cannot be read hides all before it.
        let Some(address) = hop else { break };
        client = *address;
        if !is_trusted(address) {
            break;
        }
    }
    Some(client)
}

/// The forwarded addresses, nearest last: of `Forwarded` (RFC 7239) if it is there, or else of `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let fields = |name: HeaderName| {
        headers.get_all(name).filter_map(|field| field.to_str().ok()).flat_map(|field| field.split(',')).take(64)
    };
    let forwarded: Vec<_> = fields(FORWARDED)
        .map(|element| {
            let node = element.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                name.eq_ignore_ascii_case("for").then_some(value)
            })?;
            node_address(node)
        })
        .collect();
    if forwarded.is_empty() { fields(X_FORWARDED_FOR).map(node_address).collect() } else { forwarded }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `"[2001:db8::1]:80"`.
fn node_address(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    node.parse::<IpAddr>()
        .or_else(|_| node.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| node.trim_matches(['[', ']']).parse())
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn check(peer: &str, headers: &[(&'static str, &'static str)], expected: &str) {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let found = address(peer.parse().ok(), &map, &trusted);
        assert_eq!(found, expected.parse().ok(), "{peer} {headers:?}");
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("192.0.2.9:1", &[("x-forwarded-for", "203.0.113.1")], "192.0.2.9");
        check("10.0.0.1:1", &[("x-forwarded-for", "203.0.113.1")], "203.0.113.1");
        check("10.0.0.1:1", &[("x-forwarded-for", "198.51.100.7, 203.0.113.1, 10.0.0.2")], "203.0.113.1");
        check("10.0.0.1:1", &[("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "203.0.113.1")], "203.0.113.1");
        check("10.0.0.1:1", &[("x-forwarded-for", "203.0.113.1, nonsense")], "10.0.0.1");
        check("10.0.0.1:1", &[("forwarded", "for=\"[2001:db8::1]:443\";proto=https")], "2001:db8::1");
        check("10.0.0.1:1", &[("forwarded", "for=_hidden"), ("x-forwarded-for", "203.0.113.1")], "10.0.0.1");
        check("[fd00::1]:1", &[("x-forwarded-for", "::ffff:203.0.113.1")], "203.0.113.1");
        check("10.0.0.1:1", &[], "10.0.0.1");
    }
}
