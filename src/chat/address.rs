//! Addresses of platforms and of our own: which are any, and who can call them.

use std::net::Ipv4Addr;

use url::{Host, Url};

/// An address as a platform or an admin writes it, its host in plain letters. Others would be turned into Punycode, for
/// which the tables are left out of the program.
///
/// What a browser would make a host of as well, after three slashes or a tab among them, is no address here.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let plain = scheme.bytes().all(|b| b.is_ascii_alphabetic())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]@".contains(&b));
    plain.then(|| Url::parse(text).ok())?
}

/// The origin of an absolute `http` or `https` address without a user's name in it: `https://hooks.slack.com`. Origins
/// are compared in this form, on both sides made by the same parser.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let url = address(url)?;
    let plain = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    plain.then(|| url.origin().ascii_serialization())
}

/// The address of a site or a service that others are told to call, `https://saywell.example.com/tools`, without a slash
/// at its end; none if it is no `http` or `https` address, or if there is a user's name, a query or a fragment in it.
#[must_use]
pub fn base(url: &str) -> Option<String> {
    let url = address(url).filter(|url| url.query().is_none() && url.fragment().is_none())?;
    origin(url.as_str()).map(|origin| format!("{origin}{}", url.path().trim_end_matches('/')))
}

/// The address of a service that a platform out in the world can call, as [`base`] gives it.
///
/// # Errors
/// Why nobody out there can, to be read after the address.
pub fn public(url: &str) -> Result<String, &'static str> {
    const LOCAL: [&str; 7] = ["localhost", "local", "localdomain", "internal", "lan", "home", "home.arpa"];
    let base = base(url).ok_or("is no address")?;
    let url = Url::parse(&base).map_err(|_| "is no address")?;
    if url.scheme() != "https" {
        return Err("begins with http: it has to be https");
    }
    let is_local = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.')
                || LOCAL.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
        }
        Some(Host::Ipv4(address)) => is_private(address),
        Some(Host::Ipv6(address)) => address.to_ipv4_mapped().map_or_else(
            || {
                address.is_loopback()
                    || address.is_unspecified()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            },
            is_private,
        ),
        None => true,
    };
    if is_local { Err("is in a network of your own") } else { Ok(base) }
}

/// Whether nobody on the internet can have this address.
fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_reserved = first == 0 || first >= 224 || is_shared || address.is_documentation();
    address.is_loopback() || address.is_private() || address.is_link_local() || is_reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_only_a_network_of_ones_own_can_call_is_told_from_one_of_the_internet() {
        for url in [
            "https://saywell.example.com",
            "https://saywell.example.test:8443/tools/",
            "https://8.8.8.8",
            "https://172.32.0.1",
            "https://[2606:4700::1111]",
            "https://internal.example.com",
        ] {
            assert_eq!(public(url).as_deref(), Ok(url.trim_end_matches('/')), "{url}");
        }
        for url in [
            "http://saywell.example.com",
            "https://localhost",
            "https://localhost.",
            "https://LOCALHOST:8080",
            "https://x.localhost",
            "https://saywell",
            "https://printer.local",
            "https://saywell.internal",
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://10.0.0.1",
            "https://172.16.0.1",
            "https://172.31.255.255:8443",
            "https://192.168.1.7",
            "https://169.254.169.254",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://255.255.255.255",
            "https://192.0.2.1",
            "https://[::1]",
            "https://[::]",
            "https://[::ffff:10.0.0.1]",
            "https://[fe80::1]",
            "https://[fd00::1]",
            "ftp://saywell.example.com",
            "saywell.example.com",
            "https://u:p@saywell.example.com",
            "",
        ] {
            assert!(public(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_address_has_a_plain_host_right_after_two_slashes() {
        let host = |text: &str| address(text).map(|url| url.host_str().unwrap_or_default().to_owned());
        for (text, expected) in [
            ("https://hooks.slack.com/commands/1", Some("hooks.slack.com")),
            ("http://[::1]:8065/hooks/1", Some("[::1]")),
            ("https://é.example.com/", None),
            ("https:///é.example.com/", None),
            ("https://\\é.example.com/", None),
            ("https:/\t/é.example.com/://a", None),
            ("https:é.example.com/://a", None),
            ("hooks.slack.com", None),
        ] {
            assert_eq!(host(text).as_deref(), expected, "{text:?}");
        }
    }
}
