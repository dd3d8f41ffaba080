//! What a note must be like, whatever it says, and where its links lead.

use crate::library::MEETUP_FILE;
use crate::scenario::known;

use super::super::link::{self, Target, Wrong};
use super::super::parse::Link;
use super::super::{Kind, Note, TEMPLATE, event, front};
use super::Checking;

impl<'b> Checking<'b> {
    /// What a note must be like, whatever it says.
    pub(super) fn form(&mut self, note: &'b Note) {
        let fail = |message: &str, help: &str| (message.to_owned(), help.to_owned());
        let headings = &note.parsed.headings;
        if note.parsed.is_too_deep {
            return self.add((&note.source, 0..0), fail("the note is nested too deeply to be read", "quote less"));
        }
        match headings.first() {
            _ if front::is_unclear(&note.source.text) => {}
            Some(first) if first.level == 1 && first.text.trim() == note.front.title => {}
            Some(first) if first.level == 1 => {
                let message = format!("the heading is not the title, `{}`", note.front.title);
                self.add((&note.source, first.span.clone()), (message, "let both say the same".to_owned()));
            }
            _ => {
                let help = format!("begin with `# {}`", note.front.title);
                self.add((&note.source, 0..0), ("the note does not begin with a heading".to_owned(), help));
            }
        }
        for heading in headings {
            let place = (&note.source, heading.span.clone());
            if heading.is_repeated {
                let message = format!("an earlier heading has the anchor `#{}` already", heading.anchor);
                self.add(place, (message, "give each heading of a note its own words".to_owned()));
            } else if heading.anchor.is_empty() {
                self.add(place, fail("this heading has no words to link to", "give it some"));
            }
        }
        self.markup(note);
        if !note.front.is_draft {
            for place in event::left(&note.source.text) {
                let help = "write what belongs here, or take it away; in code, braces can be shown";
                self.add_misleading((&note.source, place), fail("this place is still open", help));
            }
        }
        let is_silent = note.front.is_read
            && note.front.kind == Kind::Topic
            && !note.front.is_draft
            && note.runs(self.book.library).next().is_none()
            && !note.source.text.to_lowercase().contains("no scenario");
        if is_silent {
            let help = "link one, or say plainly that no scenario makes its point yet";
            self.add((&note.source, 0..0), fail("the topic links to no run", help));
        }
    }

    /// What Markdown reads otherwise than it was meant.
    fn markup(&mut self, note: &'b Note) {
        let parsed = &note.parsed;
        let kinds = [
            (
                &parsed.dropped,
                "HTML is left out of notes",
                "Markdown is shown; of HTML only `<details><summary>Answer</summary>` and `</details>` are",
            ),
            (
                &parsed.unclosed,
                "this answer does not end",
                "write `</details>` after it, with a blank line before and after",
            ),
            (
                &parsed.unopened,
                "no answer ends here",
                "take it away, or begin one with `<details><summary>Answer</summary>` and a blank line",
            ),
            (
                &parsed.failed_links,
                "this is not read as a link",
                "blanks in an address are written `%20`; where no link is meant, `\\](`",
            ),
        ];
        for (spans, message, help) in kinds {
            for span in spans {
                self.add((&note.source, span.clone()), (message.to_owned(), help.to_owned()));
            }
        }
    }

    pub(super) fn links(&mut self, note: &'b Note) {
        for link in &note.parsed.links {
            let place = (&note.source, link.span.clone());
            match link::resolve(self.book.library, &note.path, &link.url) {
                // What the meetup's file names wrongly is told there.
                Err(_) if self.is_taken_wrong && link::is_not_taken(self.book.library, &link.url) => {}
                Err(wrong) => self.add(place, wrong),
                Ok(target) => {
                    if let Err(wrong) = self.fits(link, &target).and_then(|()| self.is_ready(note, &target)) {
                        self.add(place, wrong);
                    } else if let Target::Run(run) = target {
                        self.wanted.push((run, place));
                    }
                }
            }
        }
    }

    /// Whether a link of a note that readers see leads to one that they see too.
    fn is_ready(&self, note: &Note, target: &Target) -> Result<(), Wrong> {
        let Target::Note { path, .. } = target else { return Ok(()) };
        if !note.front.is_draft && !self.book.library.is_for_readers(path) {
            let name = path.trim_start_matches("notes/").trim_end_matches(".md");
            let help = format!("add `{name}` to `guides` under `[take]` in `{MEETUP_FILE}`, or leave the link out");
            return Err((format!("`{path}` is a guide for organisers, which the site does not have"), help));
        }
        let is_draft = self.book.at(path).is_some_and(|there| there.front.is_draft);
        if note.front.is_draft || !is_draft {
            return Ok(());
        }
        let help = "readers do not see it: link it once `draft` is taken away there";
        Err((format!("`{path}` is a draft"), help.to_owned()))
    }

    /// Whether a link's target is of the right sort, and has the heading that is named.
    fn fits(&self, link: &Link, target: &Target) -> Result<(), Wrong> {
        let fail = |message: String, help: &str| Err((message, help.to_owned()));
        match target {
            Target::Picture(_) | Target::Run(_) if link.is_image => Ok(()),
            _ if link.is_image => {
                let help = "copy the picture into `notes/`, or name a scenario, whose run is drawn";
                fail("this is no picture of the library".to_owned(), help)
            }
            Target::Note { path, .. } if path == TEMPLATE => Ok(()),
            Target::Note { path, anchor: Some(anchor) } => {
                let headings = self.book.at(path).map(|note| note.parsed.headings.as_slice()).unwrap_or_default();
                let anchors = || headings.iter().map(|heading| heading.anchor.as_str());
                if anchors().any(|known| known == anchor) {
                    return Ok(());
                }
                let help = known("headings", anchors(), anchor);
                Err((format!("`{path}` has no heading `#{anchor}`"), help))
            }
            _ => Ok(()),
        }
    }
}
