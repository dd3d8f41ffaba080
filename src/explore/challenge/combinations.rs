//! All that a challenge allows to change, fewer changes first.

use crate::arrange::Arrange;

/// The most combinations of changes that are tried.
pub const MOST_COMBINATIONS: usize = 1_000;

/// Each choice of keys with a value for each, as `KEY=VALUE`: first none, then every key by itself,
/// and so on. `None` if there are more than [`MOST_COMBINATIONS`].
pub(super) fn combinations(change: &[(String, Vec<String>)]) -> Option<Vec<Vec<String>>> {
    let count = change.iter().map(|(_, values)| values.len() + 1).fold(1, usize::saturating_mul);
    if count > MOST_COMBINATIONS {
        return None;
    }
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for (key, values) in change {
        let with = all.iter().flat_map(|set| {
            values.iter().map(move |value| {
                let mut set = set.clone();
                set.push(format!("{key}={value}"));
                set
            })
        });
        let with: Vec<_> = with.collect();
        all.extend(with);
    }
    // Stable, so that the order of the file decides among as many changes.
    all.arrange_by_key(Vec::len);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(keys: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        keys.iter().map(|&(key, all)| (key.to_owned(), values(all))).collect()
    }

    #[test]
    fn fewer_changes_come_first_and_none_is_left_out() {
        let all = combinations(&change(&[("a", &["1", "2"]), ("b", &["x"])])).unwrap();
        let all: Vec<String> = all.iter().map(|set| set.join(" ")).collect();
        assert_eq!(all, ["", "a=1", "a=2", "b=x", "a=1 b=x", "a=2 b=x"]);
    }

    #[test]
    fn there_is_a_limit() {
        let nine: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9"];
        assert_eq!(combinations(&change(&[("a", nine), ("b", nine), ("c", nine)])).map(|all| all.len()), Some(1_000));
        assert_eq!(combinations(&change(&[("a", nine), ("b", nine), ("c", nine), ("d", &["1"])])), None);
    }
}
