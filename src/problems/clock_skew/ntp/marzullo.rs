//! Marzullo's algorithm: the smallest interval that lies in as many of the given ones as any moment
//! does.
//!
//! Keith Marzullo, "Maintaining the Time in a Distributed System", dissertation, Stanford
//! University, 1984.
//!
//! Each source says that the truth is between two values, and some are wrong. Sweep from the lowest
//! edge to the highest and count the intervals that are open: where most are open is where the
//! truth most likely is.

/// The interval in which most of the intervals `(low, high)` overlap, and how many do: the first
/// such, from the left. `None` without intervals.
pub fn marzullo(intervals: &[(i64, i64)]) -> Option<(usize, (i64, i64))> {
    // At the same edge an interval opens before another closes: to touch is to overlap.
    let opens = intervals.iter().map(|&(low, _)| (low, 0));
    let closes = intervals.iter().map(|&(_, high)| (high, 1));
    let mut edges: Vec<(i64, u8)> = opens.chain(closes).collect();
    edges.sort_unstable();
    let mut best: Option<(usize, (i64, i64))> = None;
    let mut open = 0_usize;
    for (index, &(edge, closes)) in edges.iter().enumerate() {
        if closes == 1 {
            open = open.saturating_sub(1);
            continue;
        }
        open += 1;
        if best.is_none_or(|(most, _)| open > most) {
            let end = edges.get(index + 1).map_or(edge, |&(next, _)| next);
            best = Some((open, (edge, end)));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_interval_in_which_most_overlap() {
        for (intervals, expect) in [
            (&[(8, 12), (11, 13), (10, 12)][..], Some((3, (11, 12)))),
            (&[(8, 12), (11, 13), (14, 15)], Some((2, (11, 12)))),
            (&[(8, 9), (8, 12), (10, 12)], Some((2, (8, 9)))),
            (&[(1, 5)], Some((1, (1, 5)))),
            (&[(0, 2), (2, 4)], Some((2, (2, 2)))),
            (&[], None),
        ] {
            assert_eq!(marzullo(intervals), expect, "{intervals:?}");
        }
    }
}
