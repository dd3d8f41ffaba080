//! Where the page can be opened: the addresses of this machine in its networks, and the one that a
//! phone most likely reaches.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use if_addrs::Interface;
use serde::Serialize;

use super::guard::{HostName, PublicUrl};

/// Where the page can be opened.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where the server listens.
    pub(super) listen: SocketAddr,
    /// The address that links lead to, if somebody said so.
    pub(super) public: Option<PublicUrl>,
    /// Names of this machine.
    pub(super) names: Vec<HostName>,
}

/// Where the page can be opened, as it reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::stage) struct ReachAnswer {
    /// The address that others most likely reach.
    url: Option<String>,
    all: Vec<String>,
    /// Who can open it, a sentence.
    says: String,
}

impl Reach {
    /// The address on this machine.
    pub fn here(&self) -> String {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        self.url(ip)
    }

    /// All addresses under which others can open the page, the one that they most likely reach
    /// first.
    pub fn all(&self) -> Vec<String> {
        let addresses = if self.listen.ip().is_unspecified() {
            sorted(&if_addrs::get_if_addrs().unwrap_or_default(), outward(), self.listen.is_ipv4())
        } else {
            Vec::from_iter((!self.listen.ip().is_loopback()).then(|| self.listen.ip()))
        };
        let public = self.public.iter().map(PublicUrl::to_string);
        let addresses = addresses.into_iter().map(|ip| self.url(ip));
        // A name leads to a machine only where the network tells it.
        let names = self.names.iter().map(|name| format!("http://{name}:{}/", self.listen.port()));
        let names = names.filter(|_| !self.listen.ip().is_loopback());
        let mut all: Vec<String> = Vec::new();
        for url in public.chain(addresses).chain(names) {
            if !all.contains(&url) {
                all.push(url);
            }
        }
        all
    }

    /// The address that others most likely reach.
    pub fn best(&self) -> Option<String> {
        self.all().into_iter().next()
    }

    /// Who can open the page, as a sentence without its stop.
    pub(super) fn in_words(&self) -> String {
        let ip = self.listen.ip();
        match (&self.public, self.best()) {
            (Some(_), _) => "The link leads to the address that `dsys serve --public-url` was told".to_owned(),
            (None, Some(_)) if ip.is_unspecified() => {
                "Phones and laptops in the same network as this machine can open it".to_owned()
            }
            (None, Some(_)) => format!("Phones and laptops that reach {ip} can open it"),
            (None, None) if ip.is_unspecified() => {
                "This machine is in no network now, so no other can open its address".to_owned()
            }
            (None, None) => {
                let port = self.listen.port();
                format!(
                    "No phone can open an address of this machine alone: `dsys serve --listen 0.0.0.0:{port}` lets those of \
                     the same network in"
                )
            }
        }
    }

    /// As the page reads it.
    pub(super) fn told(&self) -> ReachAnswer {
        let all = self.all();
        ReachAnswer { url: all.first().cloned(), all, says: format!("{}.", self.in_words()) }
    }

    fn url(&self, ip: IpAddr) -> String {
        format!("http://{}/", SocketAddr::new(ip, self.listen.port()))
    }
}

/// The address from which this machine would send to the outside, if it could. Nothing is sent.
fn outward() -> Option<IpAddr> {
    // An address of those that documents are written with, which leads nowhere.
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// What the names begin with of networks that are within this machine, or lead elsewhere than into
/// the room.
const WITHIN: [&str; 10] = ["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "utun", "cni"];

/// The addresses that others can open, the most likely first: the one that leads outward, then
/// those of private networks, then the others, each kind of IPv4 first. Left out are loopback, and
/// IPv6 addresses that hold on one link only, which no address line of a browser takes.
fn sorted(interfaces: &[Interface], outward: Option<IpAddr>, v4_only: bool) -> Vec<IpAddr> {
    let is_of_use = |interface: &&Interface| match interface.ip() {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !v4_only && !ip.is_loopback() && !ip.is_unicast_link_local(),
    };
    let rank = |interface: &&Interface| {
        let ip = interface.ip();
        let is_self_assigned = matches!(ip, IpAddr::V4(ip) if ip.is_link_local());
        let is_within = WITHIN.iter().any(|start| interface.name.starts_with(start));
        let is_private = match ip {
            IpAddr::V4(ip) => ip.is_private(),
            IpAddr::V6(ip) => ip.is_unique_local(),
        };
        (outward != Some(ip), is_within, is_self_assigned, ip.is_ipv6(), !is_private)
    };
    let mut found: Vec<&Interface> = interfaces.iter().filter(is_of_use).collect();
    found.sort_by_key(rank);
    found.into_iter().map(Interface::ip).collect()
}

#[cfg(test)]
mod tests {
    use if_addrs::{IfAddr, Ifv4Addr, Ifv6Addr};

    use super::*;

    fn interface((name, ip): (&str, &str)) -> Interface {
        let addr = match ip.parse().unwrap() {
            IpAddr::V4(ip) => IfAddr::V4(Ifv4Addr { ip, netmask: Ipv4Addr::BROADCAST, prefixlen: 24, broadcast: None }),
            IpAddr::V6(ip) => {
                IfAddr::V6(Ifv6Addr { ip, netmask: Ipv6Addr::UNSPECIFIED, prefixlen: 64, broadcast: None })
            }
        };
        Interface { name: name.to_owned(), addr, index: None, oper_status: if_addrs::IfOperStatus::Up, is_p2p: false }
    }

    #[test]
    fn the_network_that_leads_outward_comes_first_and_what_nobody_can_open_is_left_out() {
        let all = [
            ("lo", "127.0.0.1"),
            ("lo", "::1"),
            ("docker0", "172.17.0.1"),
            ("eth0", "169.254.3.4"),
            ("wlan0", "fe80::1"),
            ("wlan0", "2001:db8::5"),
            ("wlan0", "192.168.1.20"),
            ("eth1", "10.0.0.5"),
        ]
        .map(interface);
        let check = |outward: Option<&str>, v4_only, expect: &[&str]| {
            let found = sorted(&all, outward.map(|ip| ip.parse().unwrap()), v4_only);
            let expect: Vec<IpAddr> = expect.iter().map(|ip| ip.parse().unwrap()).collect();
            assert_eq!(found, expect);
        };
        check(None, true, &["192.168.1.20", "10.0.0.5", "169.254.3.4", "172.17.0.1"]);
        let both = ["10.0.0.5", "192.168.1.20", "2001:db8::5", "169.254.3.4", "172.17.0.1"];
        check(Some("10.0.0.5"), false, &both);
    }

    fn reach(listen: &str, public: Option<&str>, names: &[&str]) -> Reach {
        Reach {
            listen: listen.parse().unwrap(),
            public: public.map(|url| url.parse().unwrap()),
            names: names.iter().map(|name| name.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn each_way_of_listening_has_its_sentence() {
        let check = |reach: Reach, here: &str, best: Option<&str>, says: &str| {
            assert_eq!((reach.here().as_str(), reach.best().as_deref()), (here, best));
            assert!(reach.in_words().contains(says), "{}", reach.in_words());
        };
        let loopback = "http://127.0.0.1:7411/";
        check(reach("127.0.0.1:7411", None, &["demo.local"]), loopback, None, "--listen 0.0.0.0:7411");
        check(reach("[::1]:7411", None, &[]), "http://[::1]:7411/", None, "No phone");
        let lan = "http://192.168.1.20:7411/";
        check(reach("192.168.1.20:7411", None, &["demo.local"]), lan, Some(lan), "that reach 192.168.1.20");
        let public = "https://dsys.example/";
        check(reach("127.0.0.1:7411", Some(public), &[]), loopback, Some(public), "--public-url");
        assert_eq!(reach("192.168.1.20:7411", None, &["demo.local"]).all(), [lan, "http://demo.local:7411/"]);
        assert_eq!(reach("0.0.0.0:7411", None, &[]).here(), loopback);
        assert_eq!(reach("[::]:7411", None, &[]).here(), "http://[::1]:7411/");
    }
}
