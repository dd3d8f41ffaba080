//! Output shown in a note, held against the real one.
//!
//! Lines of `...` stand for any number of lines. What stands between them must be in the output as
//! it is, in this order.

use super::link::Wrong;
use super::parse::Line;

/// What stands for lines that are left out.
const LEFT_OUT: [&str; 2] = ["...", "…"];

/// The first shown line that is not so, if there is one.
pub(super) fn compare(shown: &[Line], real: &str) -> Result<(), (Line, Wrong)> {
    let real: Vec<&str> = real.lines().map(str::trim_end).collect();
    let is_gap = |line: &Line| LEFT_OUT.contains(&line.text.trim());
    let mut at = 0;
    let mut may_skip = false;
    let mut rest = shown;
    while let Some(first) = rest.first() {
        if is_gap(first) {
            may_skip = true;
            rest = &rest[1..];
            continue;
        }
        let length = rest.iter().position(is_gap).unwrap_or(rest.len());
        let (stretch, after) = rest.split_at(length);
        at = place(stretch, &real, at, may_skip)?;
        (rest, may_skip) = (after, false);
    }
    let left = real[at.min(real.len())..].iter().position(|line| !line.is_empty());
    match (left, may_skip, shown.last()) {
        (Some(more), false, Some(last)) => {
            let help = format!("the next line is `{}`; `...` stands for lines that are left out", real[at + more]);
            Err((last.clone(), ("the real output goes on after this line".to_owned(), help)))
        }
        _ => Ok(()),
    }
}

/// Where the real output goes on after a stretch of shown lines.
fn place(stretch: &[Line], real: &[&str], from: usize, may_skip: bool) -> Result<usize, (Line, Wrong)> {
    let alike = |at: usize| {
        let pairs = stretch.iter().zip(real[at..].iter());
        pairs.take_while(|(shown, real)| shown.text == **real).count()
    };
    let last = if may_skip { real.len() } else { from };
    let best =
        (from..=last.min(real.len())).map(|at| (alike(at), at)).max_by_key(|&(lines, at)| (lines, usize::MAX - at));
    let (lines, at) = best.unwrap_or((0, from));
    match stretch.get(lines) {
        None => Ok(at + stretch.len()),
        Some(line) if lines == 0 && may_skip => {
            let help = match real[from.min(real.len())..].iter().max_by_key(|real| likeness(&line.text, real)) {
                Some(near) if !near.trim().is_empty() => format!("the most like it is `{near}`"),
                _ => String::new(),
            };
            Err((line.clone(), ("the real output has no such line here".to_owned(), help)))
        }
        Some(line) => {
            let there = real.get(at + lines).map_or("nothing more".to_owned(), |real| format!("`{real}`"));
            Err((line.clone(), ("the real output is another here".to_owned(), format!("it has {there}"))))
        }
    }
}

/// How many words two lines share.
fn likeness(one: &str, other: &str) -> usize {
    let words: Vec<&str> = other.split_whitespace().collect();
    one.split_whitespace().filter(|word| words.contains(word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shown: &str, expect: Result<(), (&str, &str)>) {
        let line = |text: &str| Line { text: text.to_owned(), span: 0..0 };
        let shown: Vec<Line> = shown.lines().map(line).collect();
        let got = compare(&shown, "one\ntwo\nthree  \n\nfour\n");
        let got = got.map_err(|(line, (message, _))| (line.text, message));
        assert_eq!(got, expect.map_err(|(line, message)| (line.to_owned(), message.to_owned())));
    }

    #[test]
    fn shown_output_is_the_real_one_but_for_what_is_left_out() {
        check("one\ntwo\nthree\n\nfour", Ok(()));
        check("one\n...", Ok(()));
        check("...\nfour", Ok(()));
        check("one\n...\nthree\n...", Ok(()));
        check("…\ntwo\n…\nfour", Ok(()));
        check("two\n...", Err(("two", "the real output is another here")));
        check("one\n2\n...", Err(("2", "the real output is another here")));
        check("...\nfive\n...", Err(("five", "the real output has no such line here")));
        check("...\nfour\n...\none\n...", Err(("one", "the real output has no such line here")));
        check("...\ntwo\nfour", Err(("four", "the real output is another here")));
        check("one\ntwo", Err(("two", "the real output goes on after this line")));
    }
}
