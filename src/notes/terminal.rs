//! A note as text for the terminal: wrapped, links numbered, runs as commands.
//!
//! The text is coloured; the caller takes the colours off where they are not wanted.

use anstyle::{Ansi256Color, Color, Style};
use comrak::Arena;
use comrak::nodes::{ListType, Node, NodeValue};
use textwrap::core::display_width;

use crate::library::Library;
use crate::scenario::visible::visible;
use crate::view::shell::in_lines;
use crate::view::terminal as view;

use super::link::{self, Target};
use super::parse::{self, Fold, plain};
use super::{Note, path_name, run};

const STRONG: Style = Style::new().bold();
const EMPHASIS: Style = Style::new().italic();
const FAINT: Style = Style::new().fg_color(Some(Color::Ansi256(Ansi256Color(243))));
const CODE: Style = Style::new().fg_color(Some(Color::Ansi256(Ansi256Color(32))));

/// The narrowest that a note gets: less is not read.
const NARROWEST: usize = 30;

/// The most lines of a run's timeline beside a text.
const MOST_DRAWN: usize = 16;

/// How a note is printed.
#[derive(Clone, Copy, Debug)]
pub struct Print {
    /// The columns that there are.
    pub columns: usize,
    /// Whether answers are shown that are folded away.
    pub answers: bool,
}

/// The note as text.
pub fn render(note: &Note, library: &Library, print: Print) -> String {
    let arena = Arena::new();
    let root = parse::tree(&arena, &note.source.text);
    let mut page = Page { note, library, print, out: String::new(), links: Vec::new(), hidden: 0, is_hiding: false };
    page.blocks(root, "", print.columns.max(NARROWEST));
    page.closing();
    page.out
}

struct Page<'n> {
    note: &'n Note,
    library: &'n Library,
    print: Print,
    out: String,
    /// What the links lead to, by number from one on.
    links: Vec<String>,
    /// How many answers were left folded.
    hidden: usize,
    is_hiding: bool,
}

impl Page<'_> {
    /// The blocks within a node, each line after `lead`, with a blank line between two.
    fn blocks(&mut self, node: Node<'_>, lead: &str, columns: usize) {
        for child in node.children() {
            let value = child.data().value.clone();
            if let NodeValue::HtmlBlock(html) = &value {
                self.fold(&html.literal, lead);
                continue;
            }
            if self.is_hiding || matches!(value, NodeValue::FrontMatter(_)) {
                continue;
            }
            self.gap(lead);
            self.block(child, &value, lead, columns);
        }
    }

    fn block(&mut self, node: Node<'_>, value: &NodeValue, lead: &str, columns: usize) {
        let room = columns.saturating_sub(display_width(lead)).max(NARROWEST / 2);
        match value {
            NodeValue::Heading(_) => {
                let text = self.inline(node);
                self.lines(lead, wrapped(&text, room).iter().map(|line| format!("{STRONG}{line}{STRONG:#}")));
            }
            NodeValue::Paragraph => {
                let text = self.inline(node);
                self.lines(lead, wrapped(&text, room));
                self.diagrams(node, lead, room);
            }
            NodeValue::CodeBlock(code) => {
                let inked = |line: &str| {
                    if line.trim().is_empty() { String::new() } else { format!("    {CODE}{line}{CODE:#}") }
                };
                // Claims and what a run prints are read; all else may be copied, which a new line
                // would break.
                let is_read = ["dsys", "console"].contains(&code.info.as_str());
                for line in code.literal.lines().map(clean) {
                    if is_read && !line.trim_start().starts_with('$') && display_width(&line) + 4 > room {
                        let indent = &line[..line.len() - line.trim_start().len()];
                        let text = wrapped(line.trim_start(), room.saturating_sub(6 + display_width(indent)));
                        let lines = text.iter().enumerate();
                        let more = |at: usize| if at == 0 { "" } else { "  " };
                        self.lines(lead, lines.map(|(at, text)| inked(&format!("{indent}{}{text}", more(at)))));
                    } else {
                        self.lines(lead, [inked(&line)]);
                    }
                }
            }
            NodeValue::List(list) => {
                for (number, item) in (list.start..).zip(node.children()) {
                    let sign = match list.list_type {
                        ListType::Ordered => format!("{number}. "),
                        ListType::Bullet => "• ".to_owned(),
                    };
                    self.item(item, &sign, lead, columns);
                }
            }
            NodeValue::BlockQuote | NodeValue::Alert(_) => self.blocks(node, &format!("{lead}│ "), columns),
            NodeValue::Table(_) => self.table(node, lead, room),
            NodeValue::ThematicBreak => self.lines(lead, ["─".repeat(room)]),
            NodeValue::FootnoteDefinition(footnote) => {
                let sign = format!("[{}] ", clean(&footnote.name));
                self.item(node, &sign, lead, columns);
            }
            _ => self.blocks(node, lead, columns),
        }
    }

    /// The timelines of the runs that a paragraph shows as pictures, each cut to what one reads
    /// beside a text.
    fn diagrams(&mut self, paragraph: Node<'_>, lead: &str, room: usize) {
        if room < view::NARROWEST {
            return;
        }
        for child in paragraph.children() {
            let NodeValue::Image(link) = &child.data().value else { continue };
            let Ok(Target::Run(run)) = link::resolve(self.library, &self.note.path, &link.url) else { continue };
            let Ok(report) = run::run(self.library, &run) else { continue };
            let timeline = view::timeline_of(&report, room);
            let lines: Vec<&str> = timeline.lines().collect();
            let shown = lines.iter().take(MOST_DRAWN).map(|line| (*line).to_owned());
            let more = (lines.len() > MOST_DRAWN).then(|| format!("{FAINT}… {}{FAINT:#}", run.command(self.library)));
            self.lines(lead, std::iter::once(String::new()).chain(shown).chain(more));
        }
    }

    /// An item of a list: its sign stands before its first line, and as much room before the
    /// others.
    fn item(&mut self, item: Node<'_>, sign: &str, lead: &str, columns: usize) {
        let start = self.out.len();
        let room = " ".repeat(display_width(sign));
        let inner = format!("{lead}{room}");
        let before = std::mem::take(&mut self.out);
        let is_tight = item.children().count() <= 1;
        self.blocks(item, &inner, columns);
        let text = std::mem::replace(&mut self.out, before);
        let text = text.trim_start_matches('\n');
        let first = text.strip_prefix(&*inner).unwrap_or(text);
        self.out.push_str(&format!("{lead}{sign}{first}"));
        if !is_tight && self.out.len() > start {
            self.gap(lead);
        }
    }

    fn fold(&mut self, html: &str, lead: &str) {
        match Fold::of(html) {
            Some(Fold::Opens(summary)) if self.print.answers => {
                self.gap(lead);
                self.lines(lead, [format!("{STRONG}{}:{STRONG:#}", clean(&summary))]);
            }
            Some(Fold::Opens(_)) => {
                self.hidden += usize::from(!self.is_hiding);
                self.is_hiding = true;
            }
            Some(Fold::Closes) => self.is_hiding = false,
            None => {}
        }
    }

    /// The table in columns where they fit, else a paragraph a row.
    fn table(&mut self, table: Node<'_>, lead: &str, room: usize) {
        let rows: Vec<Vec<String>> =
            table.children().map(|row| row.children().map(|cell| self.inline(cell)).collect()).collect();
        let Some((head, body)) = rows.split_first() else { return };
        let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max();
        let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or(0)).collect();
        if widths.iter().sum::<usize>() + 2 * widths.len() <= room {
            let line = |row: &Vec<String>| {
                let cells = row
                    .iter()
                    .zip(&widths)
                    .map(|(cell, &width)| format!("{cell}{}", " ".repeat(width.saturating_sub(display_width(cell)))));
                cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
            };
            self.lines(lead, [format!("{STRONG}{}{STRONG:#}", line(head))]);
            let body: Vec<String> = body.iter().map(line).collect();
            self.lines(lead, body);
            return;
        }
        for row in body {
            let first = row.first().map(String::as_str).unwrap_or_default();
            self.lines(lead, wrapped(first, room));
            for (name, cell) in head.iter().zip(row).skip(1).filter(|(_, cell)| !cell.is_empty()) {
                // Of two columns, the second is plainly about the first.
                let is_plain = head.len() == 2;
                let text = if is_plain { cell.clone() } else { format!("{FAINT}{name}:{FAINT:#} {cell}") };
                let lines = wrapped(&text, room.saturating_sub(4));
                self.lines(&format!("{lead}    "), lines);
            }
        }
    }

    /// The text within a node, its links numbered.
    fn inline(&mut self, node: Node<'_>) -> String {
        let mut text = String::new();
        for child in node.children() {
            let value = child.data().value.clone();
            match value {
                NodeValue::Text(words) => text.push_str(&clean(&words)),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                NodeValue::Code(code) => text.push_str(&format!("{CODE}{}{CODE:#}", clean(&code.literal))),
                NodeValue::Strong => text.push_str(&format!("{STRONG}{}{STRONG:#}", self.inline(child))),
                NodeValue::Emph => text.push_str(&format!("{EMPHASIS}{}{EMPHASIS:#}", self.inline(child))),
                NodeValue::Link(link) => {
                    let words = self.inline(child);
                    let number = self.number(&link.url);
                    // The blank does not break, so that the number stays with its words.
                    text.push_str(&format!("{words}\u{a0}{FAINT}[{number}]{FAINT:#}"));
                }
                NodeValue::Image(link) => match link::resolve(self.library, &self.note.path, &link.url) {
                    Ok(Target::Run(_)) => {
                        let number = self.number(&link.url);
                        text.push_str(&format!("{}\u{a0}{FAINT}[{number}]{FAINT:#}", clean(&plain(child))));
                    }
                    _ => text.push_str(&format!("[picture: {}]", clean(&plain(child)))),
                },
                NodeValue::FootnoteReference(footnote) => text.push_str(&format!("[{}]", clean(&footnote.name))),
                NodeValue::TaskItem(_) | NodeValue::HtmlInline(_) => {}
                _ => text.push_str(&self.inline(child)),
            }
        }
        text
    }

    /// The number of a link; a target that was there before keeps its own.
    fn number(&mut self, url: &str) -> usize {
        let target = match link::resolve(self.library, &self.note.path, url) {
            Ok(Target::Run(run)) => run.command(self.library),
            Ok(Target::Web(url)) => clean(&url),
            Ok(Target::Note { path, anchor: Some(anchor) }) if path == self.note.path => {
                format!("above: {}", clean(&anchor))
            }
            Ok(Target::Note { path, .. }) => format!("dsys notes {}", path_name(self.library, &path)),
            Ok(Target::Picture(path)) => path,
            Err((message, _)) => format!("{} ({message})", clean(url)),
        };
        let known = self.links.iter().position(|known| *known == target);
        known.unwrap_or_else(|| {
            self.links.push(target);
            self.links.len() - 1
        }) + 1
    }

    fn lines(&mut self, lead: &str, lines: impl IntoIterator<Item = impl AsRef<str>>) {
        for line in lines {
            self.out.push_str(format!("{lead}{}", line.as_ref()).trim_end());
            self.out.push('\n');
        }
    }

    /// A blank line, unless there is one.
    fn gap(&mut self, lead: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            let bar = if lead.contains('│') { lead.trim_end() } else { "" };
            self.out.push_str(&format!("{bar}\n"));
        }
    }

    fn closing(&mut self) {
        let columns = self.print.columns.max(NARROWEST);
        if self.hidden > 0 {
            self.gap("");
            let answers =
                if self.hidden == 1 { "One answer is".to_owned() } else { format!("{} answers are", self.hidden) };
            let text = format!("{answers} folded away: dsys notes {} --answers", self.note.name());
            self.lines("", wrapped(&text, columns).iter().map(|line| format!("{FAINT}{line}{FAINT:#}")));
        }
        if !self.links.is_empty() {
            self.gap("");
            self.lines("", [format!("{STRONG}Links{STRONG:#}")]);
            let digits = self.links.len().to_string().len();
            for (index, target) in std::mem::take(&mut self.links).into_iter().enumerate() {
                let lead = format!("  [{}]{} ", index + 1, " ".repeat(digits - (index + 1).to_string().len()));
                let lines = in_lines(&target, columns.saturating_sub(lead.len()));
                let blank = " ".repeat(lead.len());
                let lines = lines
                    .iter()
                    .enumerate()
                    .map(|(at, line)| format!("{}{line}", if at == 0 { &lead } else { &blank }));
                self.lines("", lines.collect::<Vec<_>>());
            }
        }
        let demos = self.note.demos(self.library).count();
        if demos > 0 {
            let of = if demos == 1 { "demo".to_owned() } else { format!("{demos} demos, in this order") };
            let words = format!("A playlist of {of}: `dsys serve` has it in its library.");
            self.gap("");
            self.lines("", [format!("{FAINT}{words}{FAINT:#}")]);
        }
    }
}

/// The text without what could steer a terminal.
fn clean(text: &str) -> String {
    visible(&text.replace(['\n', '\t', '\r'], " ")).into_owned()
}

fn wrapped(text: &str, room: usize) -> Vec<String> {
    let options = textwrap::Options::new(room.max(1))
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Book;
    use super::*;

    #[test]
    fn no_note_is_wider_than_its_columns() {
        let library = Library::shipped();
        for note in &Book::read(&library).notes {
            for columns in [60, 100] {
                let text = render(note, &library, Print { columns, answers: true });
                let text = anstream::adapter::strip_str(&text).to_string();
                let (body, _) = text.split_once("\nLinks\n").unwrap_or((&text, ""));
                // What may be copied is as long as it is.
                let is_copied = |line: &str| line.starts_with("    ") && line.contains(['$', '[', '(', '"', '=']);
                for line in body.lines().filter(|line| !is_copied(line)) {
                    assert!(display_width(line) <= columns, "{} at {columns}: {line}", note.path);
                }
            }
        }
    }

    #[test]
    fn a_note_cannot_steer_the_terminal() {
        for text in ["a\u{1b}[31mb", "a\u{9b}31mb", "a\u{202e}b"] {
            assert!(!clean(text).contains(|c: char| c.is_control() || c == '\u{202e}'));
        }
    }
}
