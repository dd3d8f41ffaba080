//! A note as text for the terminal.
