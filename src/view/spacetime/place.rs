//! Where labels go: the best of a few places each, none of which is taken.

use serde::Serialize;

/// A rectangle with its sides along the picture's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rect {
    /// The left side.
    pub x: f64,
    /// The upper side.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The point that lies this part of the way to `other`.
    pub fn towards(self, other: Point, part: f64) -> Point {
        Point { x: self.x + (other.x - self.x) * part, y: self.y + (other.y - self.y) * part }
    }

    /// How far `other` is away.
    pub fn distance(self, other: Point) -> f64 {
        ((other.x - self.x) * (other.x - self.x) + (other.y - self.y) * (other.y - self.y)).sqrt()
    }
}

impl Rect {
    /// A rectangle around its centre.
    pub(super) fn around(centre: Point, width: f64, height: f64) -> Rect {
        Rect { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }
    }

    /// Whether two rectangles share more than an edge.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Whether `other` lies within this rectangle.
    pub fn contains(&self, other: &Rect) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    /// The rectangle made larger by `by` on every side.
    pub(super) fn grown(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    /// Whether the line from `a` to `b` runs through the rectangle. (You-Dong Liang, Brian Barsky,
    /// "A new concept and method for line clipping", 1984.)
    pub(super) fn is_crossed_by(&self, a: Point, b: Point) -> bool {
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let sides = [
            (a.x - b.x, a.x - self.x),
            (b.x - a.x, self.x + self.width - a.x),
            (a.y - b.y, a.y - self.y),
            (b.y - a.y, self.y + self.height - a.y),
        ];
        for (direction, distance) in sides {
            if direction == 0.0 && distance < 0.0 {
                return false;
            } else if direction < 0.0 {
                from = from.max(distance / direction);
            } else if direction > 0.0 {
                to = to.min(distance / direction);
            }
        }
        from < to
    }
}

/// What is drawn already.
#[derive(Clone, Debug)]
pub(super) struct Board {
    /// Nothing may leave it.
    pub(super) within: Rect,
    /// Nothing may cover these.
    pub(super) taken: Vec<Rect>,
    /// What should not be covered: the arrows' lines.
    pub(super) lines: Vec<(Point, Point)>,
}

impl Board {
    /// The first of the `places` that covers fewest lines, and at most `most`, if one is free; it
    /// is then taken. `own` is the line that belongs to what is placed.
    pub(super) fn place(
        &mut self,
        places: impl IntoIterator<Item = Rect>,
        own: Option<usize>,
        most: usize,
    ) -> Option<Rect> {
        let is_free = |place: &Rect| self.within.contains(place) && !self.taken.iter().any(|t| t.overlaps(place));
        let covers = |place: &Rect| {
            let others = self.lines.iter().enumerate().filter(|&(index, _)| Some(index) != own);
            others.filter(|&(_, &(a, b))| place.is_crossed_by(a, b)).count()
        };
        let free = places.into_iter().filter(is_free).map(|place| (covers(&place), place));
        let (_, best) = free.filter(|&(covered, _)| covered <= most).min_by_key(|&(covered, _)| covered)?;
        self.taken.push(best.grown(3.0));
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_what_it_runs_through() {
        let rect = Rect { x: 10.0, y: 10.0, width: 10.0, height: 10.0 };
        let point = |x, y| Point { x, y };
        for (a, b, expect) in [
            (point(0.0, 15.0), point(30.0, 15.0), true),
            (point(0.0, 0.0), point(30.0, 30.0), true),
            (point(12.0, 12.0), point(14.0, 13.0), true),
            (point(0.0, 5.0), point(30.0, 5.0), false),
            (point(0.0, 15.0), point(9.0, 15.0), false),
            (point(0.0, 25.0), point(25.0, 0.0), true),
            (point(0.0, 15.0), point(15.0, 0.0), false),
        ] {
            assert_eq!(rect.is_crossed_by(a, b), expect, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_place_is_taken_once() {
        let within = Rect { x: 0.0, y: 0.0, width: 100.0, height: 100.0 };
        let mut board = Board { within, taken: Vec::new(), lines: Vec::new() };
        let (a, b) = (Rect { width: 20.0, height: 20.0, ..within }, Rect { x: 90.0, width: 20.0, ..within });
        assert_eq!(board.place([b, a], None, 0), Some(a), "the first leaves the board");
        assert_eq!(board.place([b, a], None, 0), None);
    }
}
