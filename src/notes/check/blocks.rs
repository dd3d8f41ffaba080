//! Claims and shown output: what of them is asked of runs.

use super::super::claim::{self, About, Claim, PROMPT};
use super::super::parse::{Block, Line};
use super::super::{Note, run};
use super::{Asked, Checking};

impl<'b> Checking<'b> {
    pub(super) fn blocks(&mut self, note: &'b Note) {
        for block in &note.parsed.blocks {
            match block.language.as_str() {
                "dsys" => self.claimed(note, block),
                "console" => self.shown(note, block),
                // These show how a note is written.
                "markdown" | "text" => {}
                _ => self.unmarked(note, block),
            }
        }
    }

    /// A command in a block that is not marked as one that is run.
    fn unmarked(&mut self, note: &'b Note, block: &Block) {
        let is_command = |line: &&Line| line.text.strip_prefix(PROMPT).is_some_and(is_run);
        let mark = match block.language.as_str() {
            "" => "this block has no mark".to_owned(),
            other => format!("a block with the mark `{other}` is not run"),
        };
        if let Some(line) = block.lines.iter().find(is_command) {
            let help = "mark it `dsys` to have it run, `console` to have its output checked";
            self.add(
                (&note.source, line.span.clone()),
                (format!("nothing runs this command: {mark}"), help.to_owned()),
            );
        }
    }

    fn claimed(&mut self, note: &'b Note, block: &Block) {
        let (claims, faults) = claim::read(self.book.library, block);
        for (line, wrong) in faults {
            self.add((&note.source, line.span), wrong);
        }
        for Claim { about, command, lines } in claims {
            self.claims.push((about.clone(), Asked::Made((&note.source, command.span))));
            for (line, statement) in lines {
                self.claims.push((about.clone(), Asked::Holds((&note.source, line.span), statement)));
            }
        }
    }

    fn shown(&mut self, note: &'b Note, block: &Block) {
        let Some((first, output)) = block.lines.split_first() else { return };
        let Some(command) = first.text.trim().strip_prefix(PROMPT).filter(|command| command.starts_with("dsys "))
        else {
            return self.without_command(note, block);
        };
        if let Some(second) = output.iter().find(|line| line.text.starts_with("$ dsys ")) {
            let wrong = ("a block shows the output of one command".to_owned(), "begin another block".to_owned());
            self.add((&note.source, second.span.clone()), wrong);
            return;
        }
        match run::command(self.book.library, command) {
            Err(wrong) => self.add((&note.source, first.span.clone()), wrong),
            Ok(run) => {
                let about = About::Run(run);
                self.claims.push((about.clone(), Asked::Made((&note.source, first.span.clone()))));
                self.claims.push((about, Asked::Prints(&note.source, output.to_vec())));
            }
        }
    }

    /// A block of output whose first line is no command of dsys, though another is one, or would be
    /// with its sign.
    fn without_command(&mut self, note: &'b Note, block: &Block) {
        let is_command = |line: &&Line| is_run(line.text.strip_prefix(PROMPT).unwrap_or(&line.text));
        if let Some(line) = block.lines.iter().find(is_command) {
            let help = "let the first line be the command with its sign, as in `$ dsys run three-generals`";
            let wrong = ("nothing runs this command: the block does not begin with it".to_owned(), help.to_owned());
            self.add((&note.source, line.span.clone()), wrong);
        }
    }
}

/// Whether this begins a command that notes run.
fn is_run(command: &str) -> bool {
    ["dsys run ", "dsys sweep ", "dsys search "].iter().any(|begin| command.starts_with(begin))
}
