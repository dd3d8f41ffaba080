//! Who may ask: the check of Host and Origin, and the headers that keep the page to itself.
//!
//! A page of another site can send requests to this machine's loopback address, and a name that its
//! owner points at 127.0.0.1 makes the browser take the answers for that site's own ("DNS
//! rebinding"). So a request is answered only if it was meant for this server by its name, and if
//! the page that sent it, where the browser tells, is ours.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::stage::refusal::Refusal;

/// The address under which others reach the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    origin: String,
    host: String,
}

/// Why an address is none that others could open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is no address at all.
    #[error("it is not a web address: write one such as `http://192.168.1.20:7411/`")]
    NoUrl,
    /// It has a query or a fragment, where links put theirs.
    #[error("it may not have a `?` or a `#`: links put theirs behind it")]
    HasMore,
}

impl FromStr for PublicUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<PublicUrl, UrlError> {
        if text.contains(['?', '#']) {
            return Err(UrlError::HasMore);
        }
        let uri: Uri = text.parse().map_err(|_| UrlError::NoUrl)?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or(UrlError::NoUrl)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(UrlError::NoUrl)?;
        let path = uri.path().trim_end_matches('/');
        let default_port = if scheme == "https" { 443 } else { 80 };
        let port = authority.port_u16().filter(|&port| port != default_port);
        let host = authority.host().to_ascii_lowercase();
        let origin = match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Ok(PublicUrl { text: format!("{origin}{path}/"), origin, host })
    }
}

impl std::fmt::Display for PublicUrl {
    /// The address with a slash at its end.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A name of a machine in its network: `laptop.local`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostName(String);

/// Why a text is no name of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not the name of a machine: write one such as `laptop.local`, without a port")]
pub struct NameError;

impl FromStr for HostName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<HostName, NameError> {
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let is_label = |label: &str| {
            let is_plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            (1..=63).contains(&label.len()) && is_plain && !label.starts_with('-') && !label.ends_with('-')
        };
        // What ends in digits would be read as an address.
        let is_number = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        let is_name = name.len() <= 253 && name.split('.').all(is_label) && !is_number;
        if is_name { Ok(HostName(name)) } else { Err(NameError) }
    }
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The names under which the stage answers.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The address that it listens on.
    pub(super) listen: SocketAddr,
    /// The address under which others reach it.
    pub(super) public: Option<PublicUrl>,
    /// Names of its machine that somebody vouched for.
    pub(super) names: Vec<HostName>,
}

impl Names {
    /// Whether a request for this host is meant for the stage. Ports do not matter: a tunnel
    /// changes them, and a foreign name is foreign with any.
    fn is_ours(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = authority.host().to_ascii_lowercase();
        if host.contains('@') {
            return false;
        }
        // An address cannot be pointed elsewhere by its owner, as a name can.
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            let ours = self.listen.ip();
            return address.is_loopback() || address == ours || ours.is_unspecified() || self.is_public(&name);
        }
        let name = name.trim_end_matches('.');
        name == "localhost" || self.is_public(name) || self.names.iter().any(|known| known.0 == name)
    }

    fn is_public(&self, name: &str) -> bool {
        self.public.as_ref().is_some_and(|public| public.host == name)
    }

    /// What is wrong with the names in a request, if anything is.
    fn refusal(&self, uri: &Uri, headers: &HeaderMap) -> Option<Refusal> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
        if host.is_empty() || hosts.next().is_some() {
            return Some(Refusal::new(StatusCode::BAD_REQUEST, "a request names one host"));
        }
        let is_ours = self.is_ours(host) && uri.authority().is_none_or(|named| self.is_ours(named.as_str()));
        if !is_ours {
            let message = "this server has another name; `dsys serve --name laptop.local` tells it one more";
            return Some(Refusal::new(StatusCode::MISDIRECTED_REQUEST, message));
        }
        let origins = headers.get_all(header::ORIGIN).iter();
        let mut origins = origins.map(|origin| origin.to_str().unwrap_or_default());
        let is_foreign = |origin: &str| {
            let is_public = self.public.as_ref().is_some_and(|public| public.origin == origin);
            let is_same = origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
            !is_public && !is_same
        };
        let foreign = origins.any(is_foreign);
        foreign.then(|| Refusal::new(StatusCode::FORBIDDEN, "this was asked by a page of another site"))
    }
}

/// Lets in what is meant for the stage, and tells browsers how to treat every answer.
pub(super) async fn check(State(names): State<Arc<Names>>, request: Request, next: Next) -> Response {
    let mut response = match names.refusal(request.uri(), request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// No script and no style that is not a file of ours, nothing from another host, no frame around
/// the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check_host(listen: &str, public: Option<&str>, host: &str, expect: bool) {
        let public = public.map(|url| url.parse().unwrap());
        let names = vec!["demo.local".parse().unwrap()];
        let names = Names { listen: listen.parse().unwrap(), public, names };
        assert_eq!(names.is_ours(host), expect, "{host} at {listen}");
    }

    #[test]
    fn only_names_that_are_ours_are_answered() {
        let here = "127.0.0.1:7411";
        for host in ["127.0.0.1:7411", "localhost:7411", "LOCALHOST", "localhost:8080", "[::1]:7411", "127.0.0.2"] {
            check_host(here, None, host, true);
        }
        let foreign = ["evil.example", "localhost.evil.example:7411", "127.0.0.1.evil.example", "192.168.1.20:7411"];
        for host in foreign.into_iter().chain(["a@localhost", "", "localhost:7411:1", "/", "ünï"]) {
            check_host(here, None, host, false);
        }
        check_host("0.0.0.0:7411", None, "192.168.1.20:7411", true);
        check_host("[::]:7411", None, "[fe80::1]:7411", true);
        check_host("0.0.0.0:7411", None, "laptop.local:7411", false);
        check_host("0.0.0.0:7411", Some("http://laptop.local:7411"), "laptop.local:7411", true);
        for host in ["demo.local", "demo.local:7411", "Demo.Local.:7411"] {
            check_host(here, None, host, true);
        }
        for host in ["demo", "demo.local.evil.example", "xdemo.local", "a@demo.local"] {
            check_host(here, None, host, false);
        }
        check_host("192.168.1.20:7411", None, "192.168.1.20:7411", true);
        check_host("192.168.1.20:7411", None, "192.168.1.21:7411", false);
    }

    #[test]
    fn a_name_is_one_that_a_network_can_tell() {
        for name in ["demo.local", "DEMO.local.", "laptop", "a-1.b2.example"] {
            assert!(name.parse::<HostName>().is_ok(), "{name}");
        }
        let long = format!("{}.local", "a".repeat(64));
        for none in
            ["", ".", "demo.local:7411", "http://demo.local", "*", "*.local", "a_b", "-a", "127.0.0.1", "::1", &long]
        {
            assert_eq!(none.parse::<HostName>(), Err(NameError), "{none}");
        }
    }

    fn check_public(text: &str, expect: Result<(&str, &str), UrlError>) {
        let url = text.parse::<PublicUrl>();
        assert_eq!(url.as_ref().map(|url| (url.text.as_str(), url.origin.as_str())).map_err(|error| *error), expect);
    }

    #[test]
    fn a_public_url_is_an_address_with_a_slash_at_its_end() {
        check_public("http://laptop.local:7411", Ok(("http://laptop.local:7411/", "http://laptop.local:7411")));
        check_public("https://Dsys.Example:443/stage/", Ok(("https://dsys.example/stage/", "https://dsys.example")));
        for none in ["", "laptop.local", "ftp://a", "http://", "http://a@b/", "javascript:alert(1)", "http://a b"] {
            check_public(none, Err(UrlError::NoUrl));
        }
        check_public("http://a/?b", Err(UrlError::HasMore));
        check_public("http://a/#b", Err(UrlError::HasMore));
    }
}
