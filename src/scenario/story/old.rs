//! Stories as they were written before `setup` and `lesson`: what says how to write them now, what
//! carries them over, and what leaves them out of a link that is older than this program.

use std::ops::Range;

use toml::de::{DeArray, DeTable, DeValue};

use crate::scenario::document::Tree;
use crate::scenario::findings::Findings;

/// Says of each key that a story no longer has how it is written now, and takes it out. A single
/// question becomes a list of one, as the rest of the loader knows them.
pub(in crate::scenario) fn refuse(tree: &mut Tree<'_>, findings: &mut Findings) {
    let DeValue::Table(file) = tree.get_mut() else { return };
    let Some(DeValue::Table(story)) = file.get_mut("story").map(|story| story.get_mut()) else { return };
    let summary = story.keys().find(|key| key.get_ref() == "summary").map(|key| key.span());
    if let Some(summary) = summary {
        let help = "write what is known before the run as `setup`, and what happened as `lesson`";
        findings.add(summary, "`summary` is written as `setup` and `lesson` now", help);
        story.remove("summary");
    }
    let Some(predict) = story.get_mut("predict") else { return };
    if predict.get_ref().is_table() {
        let span = predict.span();
        let one = std::mem::replace(predict, Tree::new(span.clone(), DeValue::Boolean(false)));
        let mut list = DeArray::new();
        list.push(one);
        *predict = Tree::new(span, DeValue::Array(list));
    }
    let DeValue::Array(questions) = predict.get_mut() else { return };
    let mut kept = DeArray::new();
    for question in std::mem::replace(questions, DeArray::new()) {
        match place_of("answer", &question) {
            Some(answer) => {
                let help = "the right choice is computed from the run: say of each choice `when` it is right, as in \
                            `choices = [{ say = \"Yes.\", when = \"validity: holds\" }, …]`";
                findings.add(answer, "`answer` is written as the `when` of each choice now", help);
            }
            None => kept.push(question),
        }
    }
    let is_empty = kept.is_empty();
    *questions = kept;
    if is_empty {
        story.remove("predict");
    }
}

/// A scenario's text without its story, if that was written before; `None` if it was not. Comments
/// are lost.
pub fn without(text: &str) -> Option<String> {
    let places = Places::of(text)?;
    let mut file: toml::Table = text.parse().ok()?;
    (!places.is_new()).then(|| file.remove("story"))?;
    Some(file.to_string())
}

/// A scenario's text with a story that was written before carried over, and marked where somebody
/// has to look at it; `None` if it was not written before.
pub fn carried_over(text: &str) -> Option<String> {
    let places = Places::of(text)?;
    if places.is_new() {
        return None;
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line_of = |place: usize| text[..place].matches('\n').count();
    if let Some(summary) = places.summary {
        let line = line_of(summary.start);
        let column = summary.start - text[..summary.start].rfind('\n').map_or(0, |end| end + 1);
        lines[line].replace_range(column..column + summary.len(), "setup");
        lines[line].insert_str(0, "# Look at this: what happens, and why it matters, belongs into `lesson = \"…\"`.\n");
    }
    if let Some((key, value)) = places.question {
        let first = line_of(key.start);
        // A table under a heading ends before the next heading.
        let is_heading = lines[first].trim_start().starts_with('[');
        let last = match is_heading {
            true => (first + 1..lines.len()).find(|&line| lines[line].starts_with('[')).unwrap_or(lines.len()) - 1,
            false => line_of(value.end.saturating_sub(1)),
        };
        // With dotted keys each line is a part of the question, and the value has no place of its
        // own.
        let is_part = |line: &str| ["predict.", "story.predict."].iter().any(|key| line.trim_start().starts_with(key));
        for (number, line) in lines.iter_mut().enumerate().filter(|(_, line)| !line.is_empty()) {
            if (first..=last).contains(&number) || is_part(line) {
                line.insert_str(0, "# ");
            }
        }
        let say = "# Look at this: say of each choice when it is right, and take the signs of the comment away:\n\
                   # choices = [{ say = \"Yes.\", when = \"PROPERTY: holds\" }, …]\n";
        lines[first].insert_str(0, say);
    }
    Some(lines.join("\n") + "\n")
}

/// Where the keys stand that a story no longer has.
struct Places {
    summary: Option<Range<usize>>,
    /// A question with an answer: its key, and its value.
    question: Option<(Range<usize>, Range<usize>)>,
}

impl Places {
    /// `None` if the text cannot be read, or has no story.
    fn of(text: &str) -> Option<Places> {
        let file = DeTable::parse(text).ok()?;
        let story = file.get_ref().get("story")?.get_ref().as_table()?;
        let summary = story.keys().find(|key| key.get_ref() == "summary").map(|key| key.span());
        let question = story.iter().find(|(key, value)| {
            key.get_ref() == "predict"
                && value.get_ref().as_table().is_some_and(|question| question.contains_key("answer"))
        });
        Some(Places { summary, question: question.map(|(key, value)| (key.span(), value.span())) })
    }

    fn is_new(&self) -> bool {
        self.summary.is_none() && self.question.is_none()
    }
}

/// Where the key of a table stands.
fn place_of(key: &str, table: &Tree<'_>) -> Option<Range<usize>> {
    let DeValue::Table(entries) = table.get_ref() else { return None };
    entries.keys().find(|place| place.get_ref() == key).map(|place| place.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "title = 'T'\n# kept\n[story]\nsummary = \"\"\"\nA\nB\"\"\"\npredict = { ask = 'Q', choices = ['a', 'b'], \
                       answer = 'a' }\nnote = 'n.md'\n[params]\nx = 1\n";

    #[test]
    fn a_story_of_before_is_left_out_of_a_link() {
        let new = without(OLD).unwrap();
        assert!(!new.contains("story") && new.contains("x = 1"), "{new}");
        assert_eq!(without("[story]\nsetup = 'S'\n"), None);
        assert_eq!(without("no TOML"), None);
    }

    #[test]
    fn a_story_of_before_is_carried_over_and_marked() {
        let new = carried_over(OLD).unwrap();
        assert!(new.contains("# kept") && new.contains("\nsetup = \"\"\"\nA\nB"), "{new}");
        assert!(new.contains("\n# predict = { ask = 'Q'") && new.contains("\nnote = 'n.md'"), "{new}");
        assert!(Places::of(&new).unwrap().is_new(), "{new}");
        let under_heading = "[story]\nsummary = 'S'\n[story.predict]\nask = 'Q'\nchoices = ['a', 'b']\nanswer = 'b'\n\n\
                             [[story.beat]]\nat = '0s'\nsay = 'x'\n";
        let new = carried_over(under_heading).unwrap();
        assert!(new.contains("\n# answer = 'b'\n\n[[story.beat]]\nat = '0s'"), "{new}");
        assert!(Places::of(&new).unwrap().is_new(), "{new}");
        let dotted = "[story]\npredict.ask = 'Q'\nnote = 'n.md'\npredict.choices = ['a', 'b']\npredict.answer = 'b'\n";
        let new = carried_over(dotted).unwrap();
        assert!(new.contains("\n# predict.answer = 'b'\n") && new.contains("\nnote = 'n.md'\n"), "{new}");
        assert!(Places::of(&new).unwrap().is_new(), "{new}");
        assert_eq!(carried_over("[story]\nsetup = 'S'\n"), None);
    }
}
