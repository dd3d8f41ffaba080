//! What comes after a run: the scenario's own task, and the next step of the path.

use crate::view::shell::in_lines;

use super::style::{FAINT, clean, inked, width, wrapped};

/// A step that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The command that takes it.
    pub command: String,
    /// The title of its scenario.
    pub title: String,
}

/// Says what comes next. `challenge` is the command that tells the task of the scenario, if it has
/// one. Nothing where nothing comes next.
pub fn next(challenge: Option<&str>, next: Option<&Next>, columns: usize) -> String {
    let challenge = challenge.map(|command| line("Your turn: ", command, "solve it yourself", columns));
    let next = next.map(|next| line("Next: ", &next.command, &next.title, columns));
    [challenge, next].into_iter().flatten().collect()
}

/// A command, and what it is: beside it where there is room, else below.
fn line(label: &str, command: &str, says: &str, columns: usize) -> String {
    let says = clean(says);
    let beside = format!("{command}  ({says})");
    if width(label) + width(&beside) <= columns {
        return format!("{}{beside}\n", inked(FAINT, label));
    }
    let blank = " ".repeat(width(label));
    let lines = in_lines(command, columns.saturating_sub(width(label)));
    let command = lines.join(&format!("\n{blank}"));
    let says: Vec<String> = wrapped(&format!("({says})"), columns.saturating_sub(width(label)));
    let says: String = says.iter().map(|line| format!("{blank}{line}\n")).collect();
    format!("{}{command}\n{says}", inked(FAINT, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_next_is_beside_its_command_where_there_is_room() {
        let step = Next { command: "dsys run b".to_owned(), title: "The second of two".to_owned() };
        let plain = |columns| {
            let text = next(Some("dsys challenge a"), Some(&step), columns);
            anstream::adapter::strip_str(&text).to_string()
        };
        assert_eq!(
            plain(80),
            "Your turn: dsys challenge a  (solve it yourself)\nNext: dsys run b  (The second of two)\n"
        );
        assert_eq!(plain(40).lines().last(), Some("Next: dsys run b  (The second of two)"));
        assert_eq!(plain(40).lines().nth(1), Some("           (solve it yourself)"));
        assert_eq!(next(None, None, 80), "");
    }
}
