//! What is wrong with a scenario, drawn as rustc draws it.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};

use super::complaint::Complaint;
use super::document::{Document, Flag, FlagKind};
use super::findings::{Finding, Findings};
use super::visible::{masked, visible};

/// How many errors are drawn; of the others only the number is told.
const DRAWN: usize = 20;
/// The longest message that is drawn whole.
const LONGEST: usize = 400;

/// What is shown instead of a path where a flag is wrong.
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
    /// The line of the file, counted from 1; `None` for what is about the whole file or about a
    /// flag.
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
            origin: visible(document.origin).into_owned(),
            text: masked(document.text).into_owned(),
            flags: document
                .flags()
                .iter()
                .map(|flag| Flag { shown: masked(&flag.shown).into_owned(), ..flag.clone() })
                .collect(),
            findings: findings.sorted(),
        }
    }

    /// The same, where a setting was not written as `--set KEY=VALUE` but as `flag`, in which its
    /// key stands at `key` and its value at `value`.
    #[must_use]
    pub fn of_setting(mut self, setting: &str, flag: &str, key: usize, value: Range<usize>) -> Invalid {
        let written = FlagKind::Set.shown(setting);
        let Some(at) = self.flags.iter().position(|known| known.shown == masked(&written)) else { return self };
        let old = self.flags.remove(at);
        let value_before = written.len() - setting.split_once('=').map_or(0, |(_, value)| value.len());
        let key_before = written.len() - setting.len();
        let end = self.flags.iter().map(|flag| flag.span().end).chain([old.span().end]).max().unwrap_or_default();
        let start = end + 1;
        let moved = |offset: usize| match offset - old.start {
            within if within >= value_before => start + (value.start + within - value_before).min(value.end),
            within => start + key + within.saturating_sub(key_before),
        };
        let is_old = |offset: usize| (old.start..=old.span().end).contains(&offset);
        for finding in &mut self.findings {
            let beside = finding.beside.as_mut().map(|(there, _)| there);
            for span in [&mut finding.complaint.span].into_iter().chain(beside) {
                if is_old(span.start) {
                    // A value that stands for a whole range has no place of its own in it.
                    let is_value = span.start - old.start >= value_before;
                    let to = if is_value && value.len() != written.len() - value_before {
                        start + value.start..start + value.end
                    } else {
                        moved(span.start)..moved(span.end)
                    };
                    *span = to;
                }
            }
        }
        self.flags.push(Flag { kind: FlagKind::Set, start, shown: masked(flag).into_owned() });
        self
    }

    /// How many errors there are.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// The messages alone, in the order of the text.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|finding| finding.complaint.message.as_str())
    }

    /// The errors with the bytes of the text that they are about, in the order of the text.
    pub fn complaints(&self) -> impl Iterator<Item = &Complaint> {
        self.findings.iter().map(|finding| &finding.complaint)
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

    /// Adds the lines that the finding is about. One that is about the whole file has only its
    /// path.
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

/// A message that cannot break the picture: on one line, with everything to be seen, and not too
/// long.
fn tidy(message: &str) -> String {
    let kept: String = message.chars().take(LONGEST).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let mut tidy = visible(&kept).into_owned();
    if message.chars().nth(LONGEST).is_some() {
        tidy.push('…');
    }
    tidy
}
