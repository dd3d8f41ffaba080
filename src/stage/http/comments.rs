//! Leaves the comments of the page's own files out of what browsers fetch: they are a third of the
//! weight, and written for those who read the files.
//!
//! Only comments that have their lines to themselves go, and each leaves an empty line: an error
//! still names the line of the file as it is written.

/// A script or a style without the lines that only comment.
pub(super) fn without_comments(text: &str) -> String {
    let mut is_open = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let told = line.trim();
        let begins = !is_open && told.starts_with("/*");
        // Code may follow a comment on its line, such as what a type is given to.
        let is_comment = is_open || told.starts_with("//") || (begins && rest_is_comment(told));
        is_open = (is_open || (begins && is_comment)) && !told.ends_with("*/");
        if is_comment { &line[line.trim_end_matches(['\n', '\r']).len()..] } else { line }
    });
    lines.collect()
}

/// Whether a comment that begins a line is all that the line holds.
fn rest_is_comment(line: &str) -> bool {
    line.find("*/").is_none_or(|end| end + "*/".len() == line.len())
}

#[cfg(test)]
mod tests {
    use super::super::assets::{files, source};
    use super::*;

    #[test]
    fn comments_leave_empty_lines_and_code_stays() {
        let text = "// @ts-check\nlet a = 1; // kept\n/** @type {A} */ ([\n  /* b */\n/**\n * c // d\n */\n]);\n";
        assert_eq!(without_comments(text), "\nlet a = 1; // kept\n/** @type {A} */ ([\n\n\n\n\n]);\n");
        let style = "/* Where\n   it is. */\na {\n  /* why */\n  color: red;\n}\n";
        assert_eq!(without_comments(style), "\n\na {\n\n  color: red;\n}\n");
    }

    /// A text over several lines could hold a line that only looks like a comment.
    #[test]
    fn no_text_in_a_script_of_the_page_has_more_than_a_line() {
        for name in files().filter(|name| name.ends_with(".js")) {
            for line in without_comments(&source(&name).unwrap()).lines() {
                // Signs within a text or within a pattern's class begin none.
                let (first, classes) = line.split_once("[^").unwrap_or((line, ""));
                let others = classes.split("[^").map(|class| class.split_once(']').map_or("", |(_, rest)| rest));
                let plain = std::iter::once(first).chain(others).collect::<String>().replace("\"`\"", "");
                let signs = plain.matches('`').count();
                assert!(signs.is_multiple_of(2), "{name}: {line}");
            }
        }
    }

    #[test]
    fn a_third_of_the_weight_is_gone() {
        let (mut before, mut after) = (0, 0);
        for name in files().filter(|name| name.ends_with(".js") || name.ends_with(".css")) {
            let text = source(&name).unwrap();
            before += text.len();
            after += without_comments(&text).len();
            assert_eq!(text.lines().count(), without_comments(&text).lines().count(), "{name}");
        }
        assert!(after * 10 < before * 8, "{after} of {before} bytes");
    }
}
