//! What people look for and what is not here yet: the nearest scenarios, and what to read.

use super::Library;

/// A protocol that many look for, and that cannot be run here yet.
#[derive(Debug)]
pub struct Absent {
    /// What it is called, as a heading would write it.
    pub title: &'static str,
    /// What it is looked for as: small letters and digits, as [`plain`] makes them.
    names: &'static [&'static str],
    /// The scenarios that come nearest to what it is about: `PROBLEM/NAME`.
    near: &'static [&'static str],
    /// The entry of the note on resources that tells of it: the words of its link.
    pub resource: &'static str,
}

const CRASHES: &[&str] = &["byzantine-generals/four-generals", "two-generals/last-messenger"];
const COMMIT: &[&str] = &["two-generals/last-messenger", "exactly-once/the-dual-write"];
const REPLICAS: &[&str] = &["clock-skew/last-write-wins-under-a-partition", "clock-skew/the-write-that-vanished"];

const ALL: [Absent; 10] = [
    Absent {
        title: "Raft",
        names: &["raft", "etcd"],
        near: CRASHES,
        resource: "In search of an understandable consensus algorithm",
    },
    Absent {
        title: "Paxos",
        names: &["paxos", "multipaxos", "basicpaxos", "synod", "egalitarianpaxos", "epaxos"],
        near: CRASHES,
        resource: "The part-time parliament",
    },
    Absent {
        title: "PBFT",
        names: &["pbft", "practicalbyzantinefaulttolerance", "hotstuff", "tendermint"],
        near: &["byzantine-generals/four-generals", "byzantine-generals/signatures-save-three"],
        resource: "Practical Byzantine fault tolerance",
    },
    Absent {
        title: "Two-phase commit",
        names: &["2pc", "twophasecommit", "2phasecommit", "xa", "atomiccommit"],
        near: COMMIT,
        resource: "Notes on data base operating systems",
    },
    Absent {
        title: "Three-phase commit",
        names: &["3pc", "threephasecommit", "3phasecommit"],
        near: COMMIT,
        resource: "Notes on data base operating systems",
    },
    Absent {
        title: "Zab",
        names: &["zab", "zookeeper"],
        near: &["clock-skew/the-lease-held-twice", "clock-skew/fencing"],
        resource: "ZooKeeper: wait-free coordination for Internet-scale systems",
    },
    Absent {
        title: "Sagas",
        names: &["saga", "sagas"],
        near: &["exactly-once/the-dual-write", "exactly-once/the-outbox"],
        resource: "Sagas",
    },
    Absent {
        title: "CRDTs",
        names: &["crdt", "crdts", "conflictfreereplicateddatatypes"],
        near: REPLICAS,
        resource: "Conflict-free replicated data types",
    },
    Absent {
        title: "Dynamo",
        names: &["dynamo", "quorum", "quorums", "sloppyquorum"],
        near: REPLICAS,
        resource: "Dynamo: Amazon's highly available key-value store",
    },
    Absent {
        title: "Gossip",
        names: &["gossip", "swim", "epidemic", "antientropy"],
        near: &["two-generals/a-hundred-messengers", "two-generals/more-acks-do-not-help"],
        resource: "Gossip Glomers",
    },
];

/// A name in small letters and digits alone: `2pc` for `2-PC`.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// All that is not here yet, of which the library has something near: not what its problems have by
/// now.
pub fn absent(library: &Library) -> impl Iterator<Item = &'static Absent> {
    ALL.iter().filter(|absent| absent.near(library).next().is_some() && !absent.is_here(library))
}

/// What is not here yet of this name.
pub fn named(library: &Library, name: &str) -> Option<&'static Absent> {
    let name = plain(name);
    absent(library).find(|absent| absent.names.contains(&&*name))
}

impl Absent {
    /// What it is looked for as.
    pub fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// The nearest scenarios of a library, by the names under which they are found there.
    pub fn near(&self, library: &Library) -> impl Iterator<Item = &'static str> {
        self.near.iter().filter(|path| library.story(path).is_some()).map(|path| library.short_name(path))
    }

    /// Whether one of its names is a problem or a protocol of the library.
    fn is_here(&self, library: &Library) -> bool {
        let registry = library.registry();
        let protocols = registry.protocols().map(|(_, entry)| entry.name);
        let here = registry.problems.iter().map(|problem| problem.name).chain(protocols);
        here.map(plain).any(|here| self.names.contains(&&*here))
    }

    /// That it is not here yet, and which scenarios are nearest.
    pub fn says(&self, library: &Library) -> String {
        let near: Vec<String> = self.near(library).map(|name| format!("`{name}`")).collect();
        format!("{}: not here yet; nearest: {}", self.title, near.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearest_is_there_and_what_is_to_be_read_is_listed() {
        let library = Library::shipped();
        let resources = library.file("notes/resources.md").unwrap().text().replace('\n', " ");
        for entry in &ALL {
            assert_eq!(entry.near(&library).count(), entry.near.len(), "{}", entry.title);
            assert!(resources.contains(&format!("[{}](", entry.resource)), "no resource `{}`", entry.resource);
            assert!(entry.names.iter().all(|name| plain(name) == *name), "{}", entry.title);
        }
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let library = Library::shipped();
        for (name, title) in [
            ("raft", "Raft"),
            ("Multi-Paxos", "Paxos"),
            ("2PC", "Two-phase commit"),
            ("two-phase-commit", "Two-phase commit"),
        ] {
            assert_eq!(named(&library, name).map(|absent| absent.title), Some(title));
        }
        assert!(named(&library, "three-generals").is_none());
        assert!(named(&Library::empty(crate::problems::SHIPPED), "raft").is_none());
    }
}
