//! `dsys run --ask`: stops at the story's questions and takes an answer to each.

use std::io::{IsTerminal, Write, stdin, stdout};

use console::{Key, Term};

use crate::report::Report;
use crate::view::terminal::Part;

/// Whether somebody is there to answer.
pub(super) fn is_answered() -> bool {
    stdin().is_terminal() && stdout().is_terminal()
}

/// Prints the parts of a report, takes an answer at each question, and says at the end which were
/// right.
pub(super) fn print(report: &Report, parts: &[Part]) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    let mut answers: Vec<(usize, usize)> = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => write!(out, "{text}")?,
            Part::Question(number, text) => {
                let choices = report.scenario.story.predict[*number].choices.len();
                write!(out, "{text}\nYour answer, 1 to {choices}, or Enter to go on: ")?;
                out.flush()?;
                let answer = answer(choices)?;
                answers.extend(answer.map(|choice| (*number, choice)));
                writeln!(out, "{}\n", answer.map_or_else(String::new, |choice| (choice + 1).to_string()))?;
            }
        }
    }
    let predictions = report.predictions();
    for (number, choice) in answers {
        let (prediction, say) = (&predictions[number], &predictions[number].choices[choice]);
        let is_right = match (prediction.answer, &say.because) {
            (Some(answer), _) if answer == choice => "This run says the same.".to_owned(),
            (_, Some(because)) => because.clone(),
            (Some(_), None) => "This run says something else.".to_owned(),
            (None, None) => String::new(),
        };
        writeln!(out, "You said: {} {is_right}", say.say)?;
    }
    Ok(())
}

/// The choice whose key is pressed; `None` for a key that goes on.
fn answer(choices: usize) -> anyhow::Result<Option<usize>> {
    let terminal = Term::stdout();
    loop {
        match terminal.read_key()? {
            Key::Char(digit @ '1'..='9') => {
                let choice = digit as usize - '1' as usize;
                if choice < choices {
                    return Ok(Some(choice));
                }
            }
            Key::Enter | Key::Char(' ') | Key::PageDown | Key::ArrowRight | Key::ArrowDown => return Ok(None),
            _ => {}
        }
    }
}
