//! Who has sent a request: the connection that it came by, and the page that it came from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;

use super::connections::{Busy, Connection};
use super::queue::Who;

/// The header by which a page tells itself apart from the others of its address. It is drawn anew
/// whenever the page is opened, and nobody keeps it.
const PAGE: HeaderName = HeaderName::from_static("x-dsys-page");
/// A longer token is none.
const LONGEST_TOKEN: usize = 64;

/// Who has sent a request.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) who: Who,
    connection: Option<Arc<Connection>>,
}

impl Asker {
    /// Something is done for them, for as long as this is kept: their connection is not idle.
    pub(super) fn busy(&self) -> Option<Busy> {
        self.connection.as_ref().map(Connection::busy)
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asker, Infallible> {
        let connection = parts.extensions.get::<Arc<Connection>>().cloned();
        let address = connection.as_ref().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| connection.address);
        let token = parts.headers.get(PAGE).and_then(|token| token.to_str().ok());
        let page = token.filter(|token| token.len() <= LONGEST_TOKEN).unwrap_or_default().to_owned();
        Ok(Asker { who: Who { address, page }, connection })
    }
}

/// The part of an address that tells one machine, or one room, from another: of an IPv6 address the
/// network, since one machine has all the addresses in it.
pub(super) fn home(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX))),
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_machine_are_one() {
        let check = |address: &str, expect: &str| {
            assert_eq!(home(address.parse().unwrap()), expect.parse::<IpAddr>().unwrap(), "{address}");
        };
        check("192.168.1.20", "192.168.1.20");
        check("::ffff:192.168.1.20", "192.168.1.20");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("fe80::1", "fe80::");
    }
}
