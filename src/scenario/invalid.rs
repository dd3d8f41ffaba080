//! What is wrong with a scenario, drawn as rustc draws it.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};

use super::document::{Document, Flag};
use super::findings::{Finding, Findings};

/// How many errors are drawn; of the others only the number is told.
const DRAWN: usize = 20;
/// The longest message that is drawn whole.
const LONGEST: usize = 400;

/// What is shown in the place of a path where a flag is wrong.
const COMMAND_LINE: &str = "command line";

/// All that is wrong with a scenario's text and flags.
///
/// `Display` draws it in plain text, [`Invalid::styled`] in colours.
#[derive(Clone, Debug)]
pub struct Invalid {
    origin: String,
    text: String,
    flags: Vec<Flag>,
    findings: Vec<Finding>,
}

/// An error with its place, for programs that draw it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The line of the file, counted from 1; nothing for what is about the whole file or about a flag.
    pub line: Option<usize>,
    /// The character of the line, counted from 1.
    pub column: Option<usize>,
    /// The flag that it is about, as one would write it.
    pub flag: Option<&'a str>,
    /// What is wrong.
    pub message: &'a str,
    /// What is allowed, or was meant; may be empty.
    pub help: &'a str,
}

impl Invalid {
    pub(super) fn new(document: &Document<'_>, findings: Findings) -> Invalid {
        Invalid {
            origin: document.origin.to_owned(),
            text: document.text.to_owned(),
            flags: document.flags().to_vec(),
            findings: findings.sorted(),
        }
    }

    /// How many errors there are.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// The messages alone, in the order of the text.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|finding| finding.complaint.message.as_str())
    }

    /// The errors with their places, in the order of the text.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.findings.iter().map(|finding| {
            let complaint = &finding.complaint;
            let (source, start, is_flag) = self.source(complaint.span.start);
            let before = &source[..within(&complaint.span, start, source).start];
            let is_somewhere = !is_flag && complaint.span != (0..0);
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            Place {
                line: is_somewhere.then(|| before.matches('\n').count() + 1),
                column: is_somewhere.then_some(column),
                flag: is_flag.then_some(source),
                message: &complaint.message,
                help: &complaint.help,
            }
        })
    }

    /// The errors in colours, for a terminal.
    pub fn styled(&self) -> String {
        self.draw(&Renderer::styled())
    }

    fn draw(&self, renderer: &Renderer) -> String {
        let renderer = renderer.clone().decor_style(DecorStyle::Ascii);
        let drawn = self.findings.iter().take(DRAWN).map(|finding| self.draw_one(finding, &renderer));
        let mut text = drawn.collect::<Vec<_>>().join("\n\n");
        if self.findings.len() > DRAWN {
            let rest = self.findings.len() - DRAWN;
            text.push_str(&format!("\n\nerror: and {rest} more in {}", self.origin));
        }
        text
    }

    fn draw_one(&self, finding: &Finding, renderer: &Renderer) -> String {
        let complaint = &finding.complaint;
        let title = Level::ERROR.primary_title(tidy(&complaint.message));
        let mut group = self.picture(title, &complaint.span, finding.beside.as_ref());
        if !complaint.help.is_empty() {
            group = group.element(Level::HELP.message(tidy(&complaint.help)));
        }
        without_position(renderer.render(&[group]))
    }

    /// Adds the lines that the finding is about. One that is about the whole file has only its path.
    fn picture<'a>(
        &'a self,
        title: Title<'a>,
        span: &Range<usize>,
        beside: Option<&'a (Range<usize>, String)>,
    ) -> Group<'a> {
        if span.is_empty() && span.start == 0 {
            return title.element(Origin::path(&self.origin));
        }
        let (source, start, flag) = self.source(span.start);
        let mut snippet =
            self.snippet(source, flag).annotation(AnnotationKind::Primary.span(within(span, start, source)));
        let mut other = None;
        if let Some((there, what)) = beside {
            let (source, start, flag) = self.source(there.start);
            let mark = AnnotationKind::Context.span(within(there, start, source)).label(what.as_str());
            if self.source(span.start).1 == start {
                snippet = snippet.annotation(mark);
            } else {
                other = Some(self.snippet(source, flag).annotation(mark));
            }
        }
        title.element(snippet).elements(other)
    }

    fn snippet<'a>(&'a self, source: &'a str, is_flag: bool) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let path = if is_flag { COMMAND_LINE } else { &self.origin };
        Snippet::source(source).path(path).line_numbering(!is_flag)
    }

    /// The text in which `offset` lies, where it begins, and whether it is a flag.
    fn source(&self, offset: usize) -> (&str, usize, bool) {
        match self.flags.iter().rfind(|flag| flag.start <= offset) {
            Some(flag) => (&flag.shown, flag.start, true),
            None => (&self.text, 0, false),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.draw(&Renderer::plain()))
    }
}

impl std::error::Error for Invalid {}

/// The picture with no line and no column behind the name of the command line, which has none.
fn without_position(picture: String) -> String {
    let position = format!("{COMMAND_LINE}:1:");
    match picture.split_once(&position) {
        Some((before, after)) => {
            format!("{before}{COMMAND_LINE}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
        }
        None => picture,
    }
}

/// The span within its source, held at the source's characters.
fn within(span: &Range<usize>, start: usize, source: &str) -> Range<usize> {
    let from = source.floor_char_boundary((span.start - start).min(source.len()));
    let to = source.ceil_char_boundary(span.end.saturating_sub(start).min(source.len()));
    from..to.max(from)
}

/// A message that cannot break the picture: on one line, without control characters, and not too long.
fn tidy(message: &str) -> String {
    let mut tidy: String =
        message.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if message.chars().nth(LONGEST).is_some() {
        tidy.push('…');
    }
    tidy
}
