//! From Markdown to what is checked: headings, links and blocks, each with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{ListType, Node, NodeValue, Sourcepos};
use comrak::{Anchorizer, Arena, Options};

use super::{front, open};

/// How deep quotes, lists and words may be nested.
const DEEPEST: usize = 64;

/// What a note holds.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) headings: Vec<Heading>,
    pub(super) links: Vec<Link>,
    pub(super) blocks: Vec<Block>,
    /// HTML that is not passed on.
    pub(super) dropped: Vec<Range<usize>>,
    /// What folds an answer away and has no end in the same list, quote or text.
    pub(super) unclosed: Vec<Range<usize>>,
    /// Ends of answers that have no beginning.
    pub(super) unopened: Vec<Range<usize>>,
    /// What looks like a link and is text.
    pub(super) failed_links: Vec<Range<usize>>,
    /// Whether it is nested more deeply than anybody reads, and nothing of it was read.
    pub(super) is_too_deep: bool,
}

#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) anchor: String,
    /// Whether an earlier heading of the note would have the same anchor.
    pub(super) is_repeated: bool,
    pub(super) span: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) url: String,
    /// Its words.
    pub(super) text: String,
    pub(super) span: Range<usize>,
    pub(super) is_image: bool,
    /// Whether it is of a numbered list under the heading "Demos".
    pub(super) is_demo: bool,
    /// Whether it is of a list of any sort.
    pub(super) is_listed: bool,
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block {
    /// The first word after the fence.
    pub(super) language: String,
    pub(super) lines: Vec<Line>,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// HTML that a note may hold: what folds an answer away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// `<details><summary>Answer</summary>`
    Opens(String),
    /// `</details>`
    Closes,
}

impl Fold {
    /// The fold that a block of HTML is, if it is one.
    pub(super) fn of(html: &str) -> Option<Fold> {
        let html = html.trim();
        if html == "</details>" {
            return Some(Fold::Closes);
        }
        let summary = html.strip_prefix("<details>")?.trim_start().strip_prefix("<summary>")?;
        let summary = summary.strip_suffix("</summary>")?;
        (!summary.contains(['<', '>', '&'])).then(|| Fold::Opens(summary.trim().to_owned()))
    }
}

/// How all notes are read.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.tasklist = true;
    options
}

/// The text with its front matter blanked, so that every line keeps its number.
fn body(text: &str) -> String {
    let Some((_, rest)) = front::split(text) else { return text.to_owned() };
    let lines = text[..rest].bytes().filter(|&byte| byte == b'\n').count();
    "\n".repeat(lines) + &text[rest..]
}

/// The tree of a text; an empty one where it is so deep that a function which calls itself on each
/// level could run out of stack.
pub(super) fn tree<'a>(arena: &'a Arena<'a>, text: &str) -> Node<'a> {
    let text = &body(text);
    // A line of very many signs would keep the parser itself busy for long.
    let is_hopeless = text.lines().any(|line| signs(line) > DEEPEST);
    let root = comrak::parse_document(arena, if is_hopeless { "" } else { text }, &options());
    if is_shallow(root) { root } else { comrak::parse_document(arena, "", &options()) }
}

/// How many quotes and lists a line begins.
fn signs(line: &str) -> usize {
    let mut count = 0;
    let mut rest = line.trim_start();
    while let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix(['-', '*', '+'])?.strip_prefix(' ')) {
        count += 1;
        rest = after.trim_start();
    }
    count
}

fn is_shallow(root: Node<'_>) -> bool {
    let mut depth = 0_usize;
    root.traverse().all(|edge| {
        match edge {
            NodeEdge::Start(_) => depth += 1,
            NodeEdge::End(_) => depth = depth.saturating_sub(1),
        }
        depth <= DEEPEST
    })
}

/// Reads a note.
pub(super) fn parse(text: &str) -> Parsed {
    let arena = Arena::new();
    let root = tree(&arena, text);
    let is_empty = root.first_child().is_none() && !body(text).trim().is_empty();
    let parsed = Parsed { is_too_deep: is_empty, ..Parsed::default() };
    let mut walk = Walk { lines: Lines::new(text), parsed, seen: BTreeSet::new(), demos: None };
    walk.blocks(root, Lists::default());
    walk.parsed
}

/// The text of a node and all within it.
pub(super) fn plain(node: Node<'_>) -> String {
    let mut text = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Where a note's text is code.
fn code(root: Node<'_>, lines: &Lines<'_>) -> Vec<Range<usize>> {
    let is_code = |node: &Node<'_>| matches!(node.data().value, NodeValue::Code(_) | NodeValue::CodeBlock(_));
    root.descendants().filter(is_code).map(|node| lines.span(node.data().sourcepos)).collect()
}

/// A note's text with blanks in place of its code, so that all else keeps its place.
pub(super) fn without_code(text: &str) -> String {
    let arena = Arena::new();
    let mut bytes = text.as_bytes().to_vec();
    for place in code(tree(&arena, text), &Lines::new(text)) {
        bytes[place].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'.');
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Where a note's text has open places, as in `{{title}}`; braces in code are only shown.
pub(super) fn open_places(text: &str) -> Vec<Range<usize>> {
    let arena = Arena::new();
    let root = tree(&arena, text);
    let lines = Lines::new(text);
    let code = code(root, &lines);
    let begin = front::split(text).map_or(0, |(_, rest)| rest);
    let places = open::places(&text[begin..]).map(|place| place.start + begin..place.end + begin);
    places.filter(|place| !code.iter().any(|code| code.start < place.end && place.start < code.end)).collect()
}

struct Walk<'t> {
    lines: Lines<'t>,
    parsed: Parsed,
    /// The anchors so far, as they would be without numbers.
    seen: BTreeSet<String>,
    /// The level of the heading "Demos" that we are under.
    demos: Option<u8>,
}

/// The lists that a part of a text is in.
#[derive(Clone, Copy, Debug, Default)]
struct Lists {
    is_any: bool,
    is_numbered: bool,
}

impl Lists {
    fn within(self, list: ListType) -> Lists {
        Lists { is_any: true, is_numbered: self.is_numbered || list == ListType::Ordered }
    }
}

impl Walk<'_> {
    fn blocks(&mut self, node: Node<'_>, lists: Lists) {
        let mut open = Vec::new();
        for child in node.children() {
            let data = child.data();
            let span = self.lines.span(data.sourcepos);
            let mut lists = lists;
            match &data.value {
                NodeValue::Heading(heading) => self.heading(heading.level, plain(child), span),
                NodeValue::Link(link) => self.link(&link.url, plain(child), span, false, lists),
                NodeValue::Image(link) => self.link(&link.url, plain(child), span, true, Lists::default()),
                NodeValue::List(list) => lists = lists.within(list.list_type),
                NodeValue::CodeBlock(code) if code.fenced => self.code(&code.info, &code.literal, data.sourcepos),
                NodeValue::HtmlBlock(html) => self.fold(&html.literal, data.sourcepos, &mut open),
                NodeValue::HtmlInline(_) => self.parsed.dropped.push(span),
                NodeValue::Text(words) if words.contains("](") => self.text(span),
                _ => {}
            }
            self.blocks(child, lists);
        }
        self.parsed.unclosed.append(&mut open);
    }

    /// HTML between the blocks of a text, of which the answers at `open` are not closed yet.
    fn fold(&mut self, html: &str, place: Sourcepos, open: &mut Vec<Range<usize>>) {
        let line = self.lines.line(place.start.line);
        match Fold::of(html) {
            Some(Fold::Opens(_)) => open.push(line),
            Some(Fold::Closes) if open.pop().is_some() => {}
            Some(Fold::Closes) => self.parsed.unopened.push(line),
            None => self.parsed.dropped.push(self.lines.span(place)),
        }
    }

    /// Words, in which `](` is left of a link that Markdown does not take for one, unless a
    /// backslash says that it is meant.
    fn text(&mut self, span: Range<usize>) {
        let written = self.lines.text.get(span.clone()).unwrap_or_default();
        let left = written.match_indices("](").filter(|&(at, _)| !written[..at].ends_with('\\'));
        self.parsed.failed_links.extend(left.map(|(at, left)| span.start + at..span.start + at + left.len()));
    }

    fn heading(&mut self, level: u8, text: String, span: Range<usize>) {
        let anchor = Anchorizer::new().anchorize(&text);
        let is_repeated = !self.seen.insert(anchor.clone());
        if self.demos.is_some_and(|demos| level <= demos) {
            self.demos = None;
        }
        if text.trim().eq_ignore_ascii_case("demos") {
            self.demos = Some(level);
        }
        self.parsed.headings.push(Heading { level, text, anchor, is_repeated, span });
    }

    fn link(&mut self, url: &str, text: String, span: Range<usize>, is_image: bool, lists: Lists) {
        // The place of the address itself, where it stands in the text as it is.
        let within = self.lines.text.get(span.clone()).and_then(|shown| shown.rfind(url));
        let span = within.map_or(span.clone(), |at| span.start + at..span.start + at + url.len());
        let is_demo = lists.is_numbered && self.demos.is_some();
        self.parsed.links.push(Link { url: url.to_owned(), text, span, is_image, is_demo, is_listed: lists.is_any });
    }

    fn code(&mut self, info: &str, literal: &str, place: Sourcepos) {
        let line = |(index, text): (usize, &str)| Line {
            text: text.trim_end().to_owned(),
            span: self.lines.line(place.start.line + 1 + index),
        };
        let lines = literal.lines().enumerate().map(line).collect();
        let language = info.split_whitespace().next().unwrap_or_default().to_owned();
        self.parsed.blocks.push(Block { language, lines, span: self.lines.line(place.start.line) });
    }
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let after = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(after).collect() }
    }

    fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + column).min(self.text.len())
    }

    fn span(&self, place: Sourcepos) -> Range<usize> {
        let start = self.offset(place.start.line, place.start.column.saturating_sub(1));
        start..self.offset(place.end.line, place.end.column).max(start)
    }

    /// A line without the blanks around it.
    fn line(&self, line: usize) -> Range<usize> {
        let (start, end) = (self.offset(line, 0), self.offset(line + 1, 0));
        let text = self.text.get(start..end).unwrap_or_default();
        let start = start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "+++\ntitle = \"é\"\n+++\n\n# Über *uns*\n\nSee [it](a.md#b), ![p](p.png) and <https://x.y>.\n\n\
                        ## Demos\n\n1. [one](s.toml?seed=1)\n\n   ```dsys run\n   $ dsys run x\n   a: holds\n   ```\n\n\
                        - [two](t.toml)\n\n## Over\n\n1. [three](u.toml)\n\n<b>no</b>\n\n<details><summary>Answer</summary>\n\nyes\n\n\
                        </details>\n\n# Über uns\n";

    #[test]
    fn a_note_is_read_with_places() {
        let parsed = parse(NOTE);
        let at = |span: &Range<usize>| &NOTE[span.clone()];
        let headings: Vec<_> =
            parsed.headings.iter().map(|h| (h.level, h.text.as_str(), h.anchor.as_str(), h.is_repeated)).collect();
        let expect = [
            (1, "Über uns", "über-uns", false),
            (2, "Demos", "demos", false),
            (2, "Over", "over", false),
            (1, "Über uns", "über-uns", true),
        ];
        assert_eq!(headings, expect);
        let links: Vec<_> =
            parsed.links.iter().map(|l| (l.text.as_str(), at(&l.span), l.is_image, l.is_demo)).collect();
        let expect = [
            ("it", "a.md#b", false, false),
            ("p", "p.png", true, false),
            ("https://x.y", "https://x.y", false, false),
            ("one", "s.toml?seed=1", false, true),
            ("two", "t.toml", false, false),
            ("three", "u.toml", false, false),
        ];
        assert_eq!(links, expect);
        let [block] = &parsed.blocks[..] else { panic!("{:?}", parsed.blocks) };
        assert_eq!((block.language.as_str(), at(&block.span)), ("dsys", "```dsys run"));
        let lines: Vec<_> = block.lines.iter().map(|line| (line.text.as_str(), at(&line.span))).collect();
        assert_eq!(lines, [("$ dsys run x", "$ dsys run x"), ("a: holds", "a: holds")]);
        let dropped: Vec<&str> = parsed.dropped.iter().map(at).collect();
        assert_eq!(dropped, ["<b>", "</b>"]);
    }

    #[test]
    fn a_note_that_is_nested_too_deeply_is_not_read() {
        for deep in [">".repeat(60_000), "- ".repeat(20_000), "*a **b ".repeat(5_000), "[".repeat(20_000)] {
            parse(&format!("# A\n\n{deep} x\n"));
        }
        assert!(parse(&format!("{} x\n", ">".repeat(60_000))).is_too_deep);
        assert!(!parse(&format!("{} x\n", ">".repeat(30))).is_too_deep && !parse("").is_too_deep);
    }

    #[test]
    fn an_answer_begins_and_ends_in_the_same_text() {
        let check = |text: &str, expect: (usize, usize)| {
            let parsed = parse(text);
            assert_eq!((parsed.unclosed.len(), parsed.unopened.len()), expect, "{text}");
        };
        const BEGIN: &str = "<details><summary>A</summary>";
        check(&format!("{BEGIN}\n\na\n\n</details>\n\nb\n"), (0, 0));
        check(&format!("- {BEGIN}\n\n  a\n\n  </details>\n"), (0, 0));
        check(&format!("{BEGIN}\n\na\n"), (1, 0));
        check("a\n\n</details>\n", (0, 1));
        check(&format!("- {BEGIN}\n\n  a\n\n</details>\n"), (1, 1));
    }

    #[test]
    fn what_looks_like_a_link_and_is_none_is_found() {
        let check = |text: &str, expect: &[usize]| {
            let starts: Vec<usize> = parse(text).failed_links.iter().map(|span| span.start).collect();
            assert_eq!(starts, expect, "{text}");
        };
        check("[a](b.md), `[a](b c.md)` and a\\](b c)\n\n    [a](b c)\n", &[]);
        check("[a](b c.md)", &[2]);
        check("é [*a*](b c.md) and\n[a](\nb c)", &[7, 23]);
        check("| a | b |\n|---|---|\n| c | [d](e f) |\n", &[28]);
    }

    #[test]
    fn only_what_folds_an_answer_is_kept_of_html() {
        let check = |html: &str, expect: Option<Fold>| assert_eq!(Fold::of(html), expect, "{html}");
        check("<details><summary>Answer</summary>\n", Some(Fold::Opens("Answer".to_owned())));
        check("</details>", Some(Fold::Closes));
        check("<details open><summary>A</summary>", None);
        check("<details><summary><img src=x onerror=alert(1)></summary>", None);
        check("<details><summary>&lt;</summary>", None);
        check("<script>alert(1)</script>", None);
    }
}
