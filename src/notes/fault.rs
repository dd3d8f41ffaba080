//! What is wrong in a note, drawn as the errors of scenarios are.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::Source;
use crate::scenario::visible::is_invisible;

/// Something that is not so: where, what, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub source: Arc<Source>,
    /// Where in its text; empty at the beginning where it is about the whole file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it; may be empty.
    pub help: String,
    /// Whether readers would be misled, or would see that something is not finished: no site is
    /// built with it.
    pub misleads: bool,
}

impl Fault {
    /// `message` is wrong at `span` of `source`; `help` says how to mend it, and may be empty.
    pub(super) fn new(
        source: &Arc<Source>,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Fault {
        Fault { source: Arc::clone(source), span, message: message.into(), help: help.into(), misleads: false }
    }

    /// The same, if readers would be misled by it.
    pub(super) fn misleading(self) -> Fault {
        Fault { misleads: true, ..self }
    }

    /// The line that it is in, counted from one.
    pub fn line(&self) -> usize {
        let before = self.source.text.get(..self.span.start).unwrap_or(&self.source.text);
        before.bytes().filter(|&byte| byte == b'\n').count() + 1
    }

    /// The fault as a picture: with colours, or in plain text.
    pub fn draw(&self, with_colours: bool) -> String {
        self.drawn(&Level::ERROR, with_colours)
    }

    /// The same of a fault with which a site is built.
    pub fn draw_as_warning(&self, with_colours: bool) -> String {
        self.drawn(&Level::WARNING, with_colours)
    }

    /// The same of what is no fault, and worth knowing.
    pub fn draw_as_note(&self, with_colours: bool) -> String {
        self.drawn(&Level::NOTE, with_colours)
    }

    fn drawn(&self, level: &Level<'_>, with_colours: bool) -> String {
        let renderer = if with_colours { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let (message, help) = (printable(&self.message), printable(&self.help));
        let title = level.clone().primary_title(&*message);
        let text = &self.source.text;
        let is_of_file = self.span.is_empty() && self.span.start == 0;
        let mut group = if is_of_file {
            title.element(Origin::path(&*self.source.origin))
        } else {
            let span = within(&self.span, text);
            let snippet = Snippet::source(text.as_str()).path(&*self.source.origin);
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        };
        if !help.is_empty() {
            group = group.element(Level::HELP.message(&*help));
        }
        renderer.render(&[group])
    }
}

/// The text without what could steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if is_invisible(c) && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The span held at the text's characters.
fn within(span: &Range<usize>, text: &str) -> Range<usize> {
    let at = |offset: usize| (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    at(span.start)..at(span.end).max(at(span.start))
}
