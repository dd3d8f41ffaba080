//! The names of nodes where a scenario gives only their count.

/// People, in the order in which they join.
pub const PEOPLE: [&str; 10] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];

/// Names for `count` nodes: those given first, and then what `other` says of each place beyond
/// them, counted from 0.
///
/// A default name is hashed into every draw of its node's messages, so that a change of it changes
/// every run.
pub fn cast<'a>(
    count: usize,
    given: impl IntoIterator<Item = &'a &'a str>,
    other: impl Fn(usize) -> String,
) -> Vec<String> {
    let mut names: Vec<String> = given.into_iter().take(count).map(|&name| name.to_owned()).collect();
    names.extend((names.len()..count).map(other));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_come_first_and_others_by_their_place() {
        let names = |count| cast(count, ["server"].iter().chain(&PEOPLE[..1]), |place| format!("node-{place}"));
        assert_eq!(names(0), Vec::<String>::new());
        assert_eq!(names(1), ["server"]);
        assert_eq!(names(4), ["server", "alice", "node-2", "node-3"]);
    }
}
