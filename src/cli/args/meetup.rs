//! What can be written after `dsys meetup`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::notes::date::Date;
use crate::notes::when::TimeOfDay;

#[derive(Debug, Args)]
pub(in crate::cli) struct Meetup {
    #[command(subcommand)]
    pub(in crate::cli) command: MeetupCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum MeetupCommand {
    /// Make the library of a meetup: notes, a first event, a workflow that checks and publishes
    Init(Box<Init>),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// The folder to make it in; made if it is not there, and empty if it is
    pub(in crate::cli) folder: PathBuf,
    /// The meetup's name; made from the folder's name unless told otherwise
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,
    /// What it is about, a sentence
    #[arg(long, value_name = "SENTENCE")]
    pub(in crate::cli) about: Option<String>,
    /// The city or region where it meets
    #[arg(long)]
    pub(in crate::cli) city: Option<String>,
    /// Its time zone, as in Europe/Berlin; that of the city if one is called after it
    #[arg(long)]
    pub(in crate::cli) zone: Option<String>,
    /// The language of its notes, as in en or pt-BR
    #[arg(long, value_name = "CODE")]
    pub(in crate::cli) language: Option<String>,
    /// Who runs it
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) organiser: Option<String>,
    /// Where people ask to be invited: a page, or mailto:name@example.org
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) join: Option<String>,
    /// Where its site will be
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// The problems whose shipped notes it takes over, as in two-generals,clock-skew; all without
    /// this flag, and none with an empty text
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(in crate::cli) problems: Option<Vec<String>>,
    /// The topics whose shipped notes it takes over, likewise
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(in crate::cli) topics: Option<Vec<String>>,
    /// The day of the first event, as in 2026-12-08
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) date: Option<Date>,
    /// When its events begin, as in 18:30
    #[arg(long)]
    pub(in crate::cli) time: Option<TimeOfDay>,
    /// How long its events last, as in 2h
    #[arg(long)]
    pub(in crate::cli) duration: Option<String>,
    /// Where its events are: virtual, or a place
    #[arg(long)]
    pub(in crate::cli) place: Option<String>,
}
