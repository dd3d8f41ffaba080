//! Markdown to HTML that contains only what a note may say.
//!
//! The tree is changed before it is printed. Links are changed to lead to the site's pages, or are
//! removed. Raw HTML is removed, except for folded answers, which are written anew. comrak escapes
//! the rest, and prints no raw HTML by itself.

use std::fmt::Write;

use comrak::nodes::{AstNode, Node, NodeValue};
use comrak::{Anchorizer, Arena};
use maud::{PreEscaped, html};

use crate::library::Library;
use crate::view::svg;

use super::super::claim::PROMPT;
use super::super::link::{self, RunLink, Target};
use super::super::parse::{self, Fold, plain};
use super::super::{TEMPLATE, run};

/// A run with more events than this is no picture beside a text: its words link to it.
pub(super) const MOST_DRAWN: usize = 400;

/// Where the links of a text lead. This depends on where the text is shown: a site has many pages,
/// the stage has one.
pub trait Ways {
    /// To a run.
    fn run(&self, run: &RunLink) -> String;

    /// To a note, or to a heading of one: the note's path in the library, and the anchor. `None` if
    /// the note is not shown there.
    fn note(&self, path: &str, anchor: Option<&str>) -> Option<String>;

    /// To a picture: its path in the library.
    fn picture(&self, path: &str) -> String;
}

/// Where a text is shown, and what its links can name.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "the ways are a trait object")]
pub struct Place<'a> {
    /// What it links into.
    pub library: &'a Library,
    /// The note's path in the library, from which its links lead.
    pub note: &'a str,
    /// Where they lead.
    pub ways: &'a dyn Ways,
}

/// The text of a note as HTML.
pub fn body(place: Place<'_>, markdown: &str) -> String {
    written(place, markdown, None)
}

/// The text of a note as HTML, each of its headings with a link to itself, and `contents` under its
/// title.
pub(super) fn section_body(place: Place<'_>, markdown: &str, contents: &str) -> String {
    written(place, markdown, Some(contents))
}

fn written(place: Place<'_>, markdown: &str, contents: Option<&str>) -> String {
    let arena = Arena::new();
    let root = parse::tree(&arena, markdown);
    let mut writer = Rewrite { place, arena: &arena, anchors: Anchorizer::new(), contents };
    writer.blocks(root);
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &parse::options(), &mut out);
    out
}

/// The text escaped for HTML and for XML.
pub(super) fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

struct Rewrite<'a, 'p> {
    place: Place<'p>,
    arena: &'a Arena<'a>,
    anchors: Anchorizer,
    /// What stands under the title, where headings have links to themselves.
    contents: Option<&'p str>,
}

impl<'a> Rewrite<'a, '_> {
    fn raw(&self, html: String) -> Node<'a> {
        self.arena.alloc(AstNode::from(NodeValue::Raw(html)))
    }

    fn blocks(&mut self, node: Node<'a>) {
        let mut open = 0_usize;
        let children: Vec<Node<'a>> = node.children().collect();
        for child in children {
            let value = child.data().value.clone();
            match value {
                NodeValue::Heading(heading) => self.heading(child, heading.level),
                NodeValue::HtmlBlock(html) => {
                    match Fold::of(&html.literal) {
                        Some(Fold::Opens(summary)) => {
                            open += 1;
                            child.insert_before(
                                self.raw(format!("<details><summary>{}</summary>\n", escaped(&summary))),
                            );
                        }
                        Some(Fold::Closes) if open > 0 => {
                            open -= 1;
                            child.insert_before(self.raw("</details>\n".to_owned()));
                        }
                        _ => {}
                    }
                    child.detach();
                }
                NodeValue::HtmlInline(_) => child.detach(),
                NodeValue::CodeBlock(code) => {
                    let language = code.info.split_whitespace().next().unwrap_or_default();
                    child.insert_before(self.raw(self.code(language, &code.literal)));
                    child.detach();
                }
                NodeValue::Table(_) => {
                    let lead = "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n";
                    child.insert_before(self.raw(lead.to_owned()));
                    child.insert_after(self.raw("</div>\n".to_owned()));
                    self.blocks(child);
                }
                NodeValue::Link(link) => {
                    self.blocks(child);
                    self.link(child, &link.url);
                }
                NodeValue::Image(link) => self.picture(child, &link.url),
                _ => self.blocks(child),
            }
        }
        for _ in 0..open {
            node.append(self.raw("</details>\n".to_owned()));
        }
    }

    /// Gives a heading its anchor.
    fn heading(&mut self, node: Node<'a>, level: u8) {
        let words = plain(node);
        let id = self.anchors.anchorize(&words);
        node.prepend(self.raw(html! { span id=(id) {} }.into_string()));
        self.blocks(node);
        let Some(contents) = self.contents else { return };
        if level == 1 {
            node.insert_after(self.raw(contents.to_owned()));
        } else {
            let label = format!("Link to: {words}");
            let link = html! { a.anchor href=(format!("#{id}")) aria-label=(label) { "#" } };
            node.append(self.raw(link.into_string()));
        }
    }

    /// Makes a link lead to its page, or leaves only its words.
    fn link(&self, node: Node<'a>, url: &str) {
        let Place { library, note, ways } = self.place;
        let there = match link::resolve(library, note, url) {
            Ok(Target::Web(url)) => Some(url),
            Ok(Target::Run(run)) => Some(ways.run(&run)),
            Ok(Target::Note { path, .. }) if path == TEMPLATE => None,
            Ok(Target::Note { path, anchor }) => ways.note(&path, anchor.as_deref()),
            Ok(Target::Picture(path)) => Some(ways.picture(&path)),
            Err(_) => None,
        };
        match there {
            Some(there) => {
                if let NodeValue::Link(link) = &mut node.data_mut().value {
                    link.url = there;
                    link.title = String::new();
                }
            }
            None => {
                let words: Vec<Node<'a>> = node.children().collect();
                for word in words {
                    node.insert_before(word);
                }
                node.detach();
            }
        }
    }

    /// Shows a picture of the library, or the diagram of a run. Of any other picture, only the
    /// words are left.
    fn picture(&self, node: Node<'a>, url: &str) {
        let Place { library, note, ways } = self.place;
        let words = plain(node);
        let html = match link::resolve(library, note, url) {
            Ok(Target::Picture(path)) => html! { img src=(ways.picture(&path)) alt=(words); }.into_string(),
            Ok(Target::Run(run)) => self.diagram(&run, &words),
            _ => escaped(&words),
        };
        node.insert_before(self.raw(html));
        node.detach();
    }

    /// The diagram of a run with its words below, which lead to the run. A run that cannot be made
    /// leaves its words; the check of the notes tells of it.
    fn diagram(&self, link: &RunLink, words: &str) -> String {
        let there = self.place.ways.run(link);
        let drawn = run::run(self.place.library, link).ok().filter(|report| report.trace.events.len() <= MOST_DRAWN);
        // Within a paragraph, so no element that would end it.
        let drawn = drawn.map(|report| PreEscaped(svg::render(&report)));
        html! {
            span.run-shown {
                @if let Some(drawn) = drawn { span.drawn tabindex="0" role="group" aria-label=(words) { (drawn) } }
                a href=(there) { (words) }
            }
        }
        .into_string()
    }

    /// Returns a block of code. Commands of claims and of shown output are links to their runs.
    fn code(&self, language: &str, text: &str) -> String {
        let is_run = language == "dsys" || language == "console";
        let mut lines = String::new();
        for line in text.lines() {
            let command = line.trim_start().strip_prefix(PROMPT).filter(|_| is_run);
            let run = command.and_then(|command| run::command(self.place.library, command).ok());
            let line = escaped(line);
            let written = match run {
                Some(run) => {
                    let there = self.place.ways.run(&run);
                    writeln!(lines, "<a href=\"{}\">{line}</a>", escaped(&there))
                }
                None => writeln!(lines, "{line}"),
            };
            // Writing to a string cannot fail.
            let _ = written;
        }
        let class = if language == "dsys" { "claim" } else { "code" };
        format!("<pre class=\"{class}\" tabindex=\"0\"><code>{lines}</code></pre>\n")
    }
}
