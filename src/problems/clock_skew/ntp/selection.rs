//! Whom to believe: NTP's selection, cluster and combine algorithms.
//!
//! RFC 5905, sections 11.2.1 to 11.2.3. Selection finds an interval that holds the truth if most
//! servers are right, and drops the falsetickers. Cluster drops those of the rest that are far from
//! the others. Combine averages the survivors.
//!
//! The RFC's text accepts an interval if "d = f" midpoints lie outside it; what is meant, and what
//! the reference implementation does, is "at most f".

use crate::time::Span;

use super::filter::root_mean_square;
use super::marzullo::marzullo;

/// What is known of one server when it comes to choosing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which server.
    pub server: usize,
    /// How far its clock is ahead (θ).
    pub offset: Span,
    /// How wrong that can be (the root synchronisation distance, λ).
    pub distance: Span,
    /// How much its readings vary (ψ).
    pub jitter: Span,
}

impl Candidate {
    /// The lower end of its interval.
    pub const fn low(&self) -> i64 {
        self.offset.ns().saturating_sub(self.distance.ns())
    }

    /// The upper end of its interval.
    pub const fn high(&self) -> i64 {
        self.offset.ns().saturating_add(self.distance.ns())
    }
}

/// An interval in which the truth lies if no more than `falsetickers` of the candidates are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intersection {
    /// Its lower edge.
    pub low: i64,
    /// Its upper edge.
    pub high: i64,
    /// How many falsetickers had to be allowed for.
    pub falsetickers: usize,
}

/// What an edge of the candidates' list is. In the order in which edges at the same place count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Low,
    Middle,
    High,
}

/// Step 4: the selection algorithm's interval (section 11.2.1); `None` if no majority agrees. The
/// items are those of the section's own list.
pub fn intersection(candidates: &[Candidate]) -> Option<Intersection> {
    // Items 1 and 2.
    let edges = |of: &Candidate| [(of.low(), Edge::Low), (of.offset.ns(), Edge::Middle), (of.high(), Edge::High)];
    let mut upwards: Vec<(i64, Edge)> = candidates.iter().flat_map(edges).collect();
    upwards.sort_unstable();
    let count = candidates.len();
    for falsetickers in (0..count).take_while(|falsetickers| 2 * falsetickers < count) {
        let wanted = count - falsetickers;
        // Items 3 and 4.
        let (low, before) = scan(upwards.iter(), Edge::Low, wanted)?;
        let (high, after) = scan(upwards.iter().rev(), Edge::High, wanted)?;
        // Item 5: at most f midpoints lie outside.
        if before + after <= falsetickers && low < high {
            return Some(Intersection { low, high, falsetickers });
        }
    }
    None
}

/// Follows the edges until `wanted` intervals are open at once: where that is, and how many
/// midpoints were met before.
fn scan<'a>(edges: impl Iterator<Item = &'a (i64, Edge)>, opens: Edge, wanted: usize) -> Option<(i64, usize)> {
    let (mut open, mut middles) = (0_usize, 0);
    let mut last = None;
    for &(at, edge) in edges {
        last = Some((at, middles));
        match edge {
            Edge::Middle => middles += 1,
            edge if edge == opens => {
                open += 1;
                if open >= wanted {
                    return Some((at, middles));
                }
            }
            _ => open = open.saturating_sub(1),
        }
    }
    // So many are never open at once: whatever lies beyond all edges has all midpoints before it.
    last.map(|(at, _)| (at, middles))
}

/// The interval that the selection algorithm finds, and those of the candidates whose midpoint lies
/// in it.
pub fn truechimers(candidates: &[Candidate]) -> (Option<(i64, i64)>, Vec<Candidate>) {
    let Some(found) = intersection(candidates) else { return (None, Vec::new()) };
    let inside = |of: &&Candidate| found.low <= of.offset.ns() && of.offset.ns() <= found.high;
    (Some((found.low, found.high)), candidates.iter().filter(inside).copied().collect())
}

/// The interval in which most of the candidates' overlap, if they are a majority, and those of the
/// candidates whose interval holds it: Marzullo's algorithm instead of NTP's.
pub fn most_overlapping(candidates: &[Candidate]) -> (Option<(i64, i64)>, Vec<Candidate>) {
    let intervals: Vec<(i64, i64)> = candidates.iter().map(|of| (of.low(), of.high())).collect();
    match marzullo(&intervals) {
        Some((most, (low, high))) if 2 * most > candidates.len() => {
            let holds = |of: &&Candidate| of.low() <= low && high <= of.high();
            (Some((low, high)), candidates.iter().filter(holds).copied().collect())
        }
        _ => (None, Vec::new()),
    }
}

/// Step 4: the cluster algorithm (section 11.2.2): the survivors, the best first, and their
/// selection jitter.
pub fn cluster(mut candidates: Vec<Candidate>, nmin: usize) -> (Vec<Candidate>, Span) {
    // Item 2. All servers of a client have the same stratum, so that the merit is the distance.
    candidates.sort_by_key(|candidate| candidate.distance);
    loop {
        // Items 3 to 5.
        let selection_jitter = |of: &Candidate, index: usize| {
            let others = candidates.iter().enumerate().filter(move |&(other, _)| other != index);
            root_mean_square(others.map(|(_, other)| other.offset - of.offset))
        };
        let jitters = candidates.iter().enumerate().map(|(index, of)| (selection_jitter(of, index), index));
        let Some((most, worst)) = jitters.max() else { return (candidates, Span::ZERO) };
        let least = candidates.iter().map(|candidate| candidate.jitter).min().unwrap_or(Span::ZERO);
        // Item 6.
        if most < least || candidates.len() <= nmin.max(1) {
            return (candidates, most);
        }
        candidates.remove(worst);
    }
}

/// Step 4: the combine algorithm (section 11.2.3): the survivors' offsets and jitters, each
/// weighted by the reciprocal of its distance, and the jitter of the system, √(ψ_s² + ψ_p²).
pub fn combine(survivors: &[Candidate], selection_jitter: Span) -> (Span, Span) {
    const ONE: i128 = 1_000_000_000_000_000_000;
    let (mut weights, mut offsets, mut jitters) = (0_i128, 0_i128, 0_i128);
    for survivor in survivors {
        let weight = ONE / i128::from(survivor.distance.ns().max(1));
        weights += weight;
        offsets += weight * i128::from(survivor.offset.ns());
        jitters += weight * i128::from(survivor.jitter.ns());
    }
    let mean = |sum: i128| Span::from_ns(i64::try_from(sum.div_euclid(weights.max(1))).unwrap_or(i64::MAX));
    let squares = |span: Span| u128::from(span.ns().unsigned_abs()).pow(2);
    let jitter = squares(selection_jitter).saturating_add(squares(mean(jitters))).isqrt();
    (mean(offsets), Span::from_ns(i64::try_from(jitter).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(of: &[(i64, i64)]) -> Vec<Candidate> {
        let candidate = |(server, &(offset, distance)): (usize, &(i64, i64))| {
            let (offset, distance) = (Span::from_ns(offset), Span::from_ns(distance));
            Candidate { server, offset, distance, jitter: Span::from_ns(1) }
        };
        of.iter().enumerate().map(candidate).collect()
    }

    fn servers(of: &[Candidate]) -> Vec<usize> {
        of.iter().map(|candidate| candidate.server).collect()
    }

    #[test]
    fn the_interval_holds_the_midpoints_of_a_majority() {
        for (given, expect) in [
            (&[(0, 2), (1, 2), (10, 2)][..], Some((-1, 2, 1))),
            (&[(0, 2), (10, 2)], None),
            (&[(0, 2), (1, 2), (10, 2), (11, 2)], None),
            (&[(0, 5), (1, 4), (-2, 6), (2, 3), (40, 5)], Some((-3, 5, 2))),
            (&[(3, 2)], Some((1, 5, 0))),
            (&[(0, 4), (3, 4)], Some((-1, 4, 0))),
            // The interval that is in both leaves out both midpoints.
            (&[(0, 2), (3, 2)], None),
            (&[(0, 0)], None),
            (&[], None),
        ] {
            let found = intersection(&candidates(given)).map(|found| (found.low, found.high, found.falsetickers));
            assert_eq!(found, expect, "{given:?}");
        }
    }

    #[test]
    fn two_falsetickers_among_seven_are_dropped_and_four_are_believed() {
        let given = [(0, 10), (2, 10), (-3, 10), (1, 12), (4, 11), (500, 10), (510, 10)];
        assert_eq!(servers(&truechimers(&candidates(&given)).1), [0, 1, 2, 3, 4]);
        let given = [(0, 10), (2, 10), (-3, 10), (501, 12), (504, 11), (500, 10), (510, 10)];
        assert_eq!(servers(&truechimers(&candidates(&given)).1), [3, 4, 5, 6]);
    }

    #[test]
    fn marzullo_believes_whom_selection_does_not() {
        // Two intervals that overlap, though neither midpoint is in the other.
        let given = candidates(&[(0, 2), (3, 2), (50, 1)]);
        assert_eq!(servers(&most_overlapping(&given).1), [0, 1]);
        assert_eq!(servers(&truechimers(&given).1), [] as [usize; 0]);
        assert_eq!(servers(&most_overlapping(&candidates(&[(0, 2), (10, 2)])).1), [] as [usize; 0]);
    }

    #[test]
    fn cluster_drops_the_outliers_until_they_are_no_worse_than_the_jitter() {
        let check = |given: &[(i64, i64)], nmin, expect: &[usize], jitter: i64| {
            let (survivors, selection_jitter) = cluster(candidates(given), nmin);
            assert_eq!((servers(&survivors).as_slice(), selection_jitter.ns()), (expect, jitter), "{given:?}");
        };
        check(&[(0, 30), (100, 10), (1, 20), (2, 40), (-90, 50)], 3, &[2, 0, 3], 1);
        check(&[(0, 30), (100, 10), (1, 20)], 3, &[1, 2, 0], 99);
        check(&[(0, 30), (100, 10), (1, 20)], 1, &[2], 0);
        check(&[(7, 1)], 3, &[0], 0);
        check(&[], 3, &[], 0);
    }

    #[test]
    fn nearer_servers_weigh_more() {
        // Weights 1/10 and 1/30.
        let (offset, jitter) = combine(&candidates(&[(0, 10), (40, 30)]), Span::ZERO);
        assert_eq!((offset.ns(), jitter.ns()), (9, 1));
        let (offset, _) = combine(&candidates(&[(0, 10_000), (40_000, 30_000)]), Span::ZERO);
        assert_eq!((offset.ns() + 1) / 10 * 10, 10_000);
        let of = |jitter| Candidate { jitter: Span::from_ns(jitter), ..candidates(&[(5, 1_000)])[0] };
        assert_eq!(combine(&[of(4)], Span::from_ns(3)).1, Span::from_ns(5), "√(3² + 4²)");
    }
}
