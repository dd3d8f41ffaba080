//! Stories as they were written before `setup` and `lesson`: what says how to write them now, and
//! what leaves them out of a link that is older than this program.

use std::ops::Range;

use toml::de::{DeArray, DeValue};

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

/// Takes a story out that was written before, and says whether it did.
pub(in crate::scenario) fn leave_out(tree: &mut Tree<'_>) -> bool {
    let Some(story) = tree.get_ref().get("story") else { return false };
    let is_old = |question: &Tree<'_>| place_of("answer", question).is_some();
    let has_old_question = story.get_ref().get("predict").is_some_and(|predict| match predict.get_ref() {
        DeValue::Array(questions) => questions.iter().any(is_old),
        _ => is_old(predict),
    });
    let is_old = has_old_question || place_of("summary", story).is_some();
    if let (true, DeValue::Table(file)) = (is_old, tree.get_mut()) {
        file.remove("story");
    }
    is_old
}

/// Where the key of a table stands.
fn place_of(key: &str, table: &Tree<'_>) -> Option<Range<usize>> {
    let DeValue::Table(entries) = table.get_ref() else { return None };
    entries.keys().find(|place| place.get_ref() == key).map(|place| place.span())
}
