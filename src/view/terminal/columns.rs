//! Cells in columns, each as wide as its widest cell. What does not fit beside each other is put
//! below each other.

use super::style::{padded, width};

/// Rows of cells under a head.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// How many columns, from the first, say what a row is about: they begin every block.
    pub(super) keys: usize,
    /// How many columns, from the first, hold words, which are aligned to the left; numbers are
    /// aligned to the right.
    pub(super) words: usize,
}

/// Columns that fit beside each other: their head, and a line for each row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) head: String,
    pub(super) lines: Vec<String>,
}

impl Columns {
    /// The columns of the table as one block.
    pub(super) fn width(&self) -> usize {
        let gaps = self.head.len().saturating_sub(1) * GAP;
        (0..self.head.len()).map(|column| self.widest(column)).sum::<usize>() + gaps
    }

    /// The table in blocks of at most `room` columns. Only what is too long for a block by itself
    /// is cut.
    pub(super) fn blocks(&self, room: usize) -> Vec<Block> {
        let keys: Vec<usize> = (0..self.keys.min(self.head.len())).collect();
        // However many keys there are, a column beside them has room.
        let most = room.saturating_sub((keys.len() + 1) * GAP) / (keys.len() + 1);
        let mut widths: Vec<usize> = (0..self.head.len()).map(|column| self.widest(column)).collect();
        let whole: usize = keys.iter().map(|&key| widths[key] + GAP).sum();
        let rest = (keys.len()..self.head.len()).map(|column| widths[column]).max().unwrap_or(0);
        if whole + rest > room {
            widths.iter_mut().for_each(|width| *width = (*width).min(most.max(1)));
        }
        let begun: usize = keys.iter().map(|&key| widths[key] + GAP).sum();
        let mut blocks = Vec::new();
        let (mut columns, mut used) = (keys.clone(), begun);
        for column in keys.len()..self.head.len() {
            if used + widths[column] > room && columns.len() > keys.len() {
                blocks.push(self.block(&columns, &widths));
                (columns, used) = (keys.clone(), begun);
            }
            columns.push(column);
            used += widths[column] + GAP;
        }
        blocks.push(self.block(&columns, &widths));
        blocks
    }

    fn widest(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.chain(self.head.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
    }

    fn block(&self, columns: &[usize], widths: &[usize]) -> Block {
        let line = |row: &Vec<String>| {
            let cell = |&column: &usize| {
                let (room, text) = (widths[column], row.get(column).map_or("", String::as_str));
                let text = cut(text, room);
                match column < self.words {
                    true => padded(&text, room),
                    false => format!("{}{text}", padded("", room - width(&text))),
                }
            };
            columns.iter().map(cell).collect::<Vec<_>>().join("  ")
        };
        Block { head: line(&self.head), lines: self.rows.iter().map(line).collect() }
    }
}

const GAP: usize = 2;

/// The text in at most `room` columns.
fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept) + width(c.encode_utf8(&mut [0; 4])) + 1 > room {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Columns {
        let words = |row: &[&str]| row.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let rows = vec![words(&["bob", "1", "22", "333"]), words(&["alexandra", "4", "5", "6"])];
        Columns { head: words(&["who", "one", "two", "three"]), rows, keys: 1, words: 1 }
    }

    #[test]
    fn what_does_not_fit_stands_below() {
        assert_eq!(table().width(), 26);
        let heads = |room| table().blocks(room).into_iter().map(|block| block.head).collect::<Vec<_>>();
        assert_eq!(heads(26), ["who        one  two  three"]);
        assert_eq!(heads(25), ["who        one  two", "who        three"]);
        assert_eq!(heads(16), ["who        one", "who        two", "who        three"]);
        assert_eq!(table().blocks(25)[1].lines, ["bob          333", "alexandra      6"]);
        for room in 8..30 {
            for block in table().blocks(room) {
                assert!(block.lines.iter().chain([&block.head]).all(|line| width(line) <= room), "{room}: {block:?}");
            }
        }
    }

    #[test]
    fn a_long_cell_is_cut_at_its_end() {
        assert_eq!((cut("alexandra", 5), cut("bob", 3)), ("alex…".to_owned(), "bob".to_owned()));
    }
}
