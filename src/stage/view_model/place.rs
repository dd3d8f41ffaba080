//! Where nodes stand: places in a box from (-1, -1) at the upper left to (1, 1) at the lower right.

use std::f64::consts::{FRAC_PI_2, TAU};

use crate::problems::Layout;

/// A place for each of `count` nodes.
pub(super) fn places(layout: Layout, count: usize) -> Vec<(f64, f64)> {
    match (layout, count) {
        (_, 0 | 1) => vec![(0.0, 0.0); count],
        // Two are one beside the other, unless one is above the other by its part.
        (Layout::Ring | Layout::Row | Layout::Split | Layout::Rows, 2) => vec![(-1.0, 0.0), (1.0, 0.0)],
        (Layout::Hills, 2) => vec![(-1.0, -0.15), (1.0, -0.15)],
        (Layout::Hills | Layout::Ring, _) => ring(count),
        (Layout::Star, _) => std::iter::once((0.0, -1.0)).chain(bow(count - 1, 1.0)).collect(),
        (Layout::Fan, _) => bow(count - 1, -1.0).into_iter().chain([(0.0, 1.0)]).collect(),
        (Layout::Row, _) => spread(count).into_iter().map(|x| (x, 0.0)).collect(),
        (Layout::Split, _) => {
            std::iter::once((-1.0, 0.0)).chain(spread(count - 1).into_iter().map(|y| (1.0, y))).collect()
        }
        (Layout::Rows, _) => {
            let above = count.div_ceil(2);
            let row = |count: usize, y: f64| spread(count).into_iter().map(move |x| (x, y));
            row(above, -1.0).chain(row(count - above, 1.0)).collect()
        }
    }
}

/// A ring that begins on top and goes round by the left.
fn ring(count: usize) -> Vec<(f64, f64)> {
    let angle = |index: usize| -TAU * index as f64 / count as f64 - FRAC_PI_2;
    // Not in a trace, so the standard functions will do; a picture may differ in its last digit.
    #[allow(clippy::disallowed_methods, reason = "places in a picture are in no trace")]
    (0..count).map(|index| (angle(index).cos(), angle(index).sin())).collect()
}

/// A row at `y` whose ends bow towards the middle, for those who face one.
fn bow(count: usize, y: f64) -> Vec<(f64, f64)> {
    let bend = if count > 2 { 0.55 } else { 0.0 };
    spread(count).into_iter().map(|x| (x, y * (1.0 - bend * x * x))).collect()
}

/// `count` numbers from -1 to 1, evenly.
fn spread(count: usize) -> Vec<f64> {
    match count {
        1 => vec![0.0],
        _ => (0..count).map(|index| 2.0 * index as f64 / (count - 1) as f64 - 1.0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_place_of_its_own_inside_the_box() {
        let layouts =
            [Layout::Hills, Layout::Ring, Layout::Star, Layout::Fan, Layout::Row, Layout::Split, Layout::Rows];
        for layout in layouts {
            for count in 1..=40 {
                let places = places(layout, count);
                assert_eq!(places.len(), count);
                for (index, &(x, y)) in places.iter().enumerate() {
                    assert!(x.abs() <= 1.0 && y.abs() <= 1.0, "{layout:?} of {count}");
                    let apart = |&(a, b): &(f64, f64)| (a - x).abs() + (b - y).abs() > 0.01;
                    assert!(places[..index].iter().all(apart), "{layout:?} of {count}");
                }
            }
        }
    }
}
