//! The flags that change a run, written in one line as on the command line.

use super::Request;
use super::findings::known;

/// The flags that change a run.
const FLAGS: [&str; 3] = ["--set", "--force", "--seed"];

/// Flags that were read from a line: `--set network.loss=0.2 --force bob:alice:1=lose --seed 7`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `KEY=VALUE` of each `--set`.
    pub set: Vec<String>,
    /// `CHOICE=OPTION` of each `--force`.
    pub force: Vec<String>,
    /// The number of the last `--seed`.
    pub seed: Option<u64>,
}

impl Flags {
    /// Reads a line; a shell's quotes hold words together.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what is allowed, which may be empty.
    pub fn read(line: &str) -> Result<Flags, (String, String)> {
        let Some(words) = shlex::split(line) else {
            return Err(("this has a quote that does not end".to_owned(), String::new()));
        };
        let mut flags = Flags::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (flag, value) = match word.split_once('=').filter(|_| word.starts_with("--")) {
                Some((flag, value)) => (flag, Some(value)),
                None => (word.as_str(), None),
            };
            if !FLAGS.contains(&flag) {
                return Err((format!("`{flag}` is no flag that changes a run"), known("flags", FLAGS, flag)));
            }
            let Some(value) = value.or_else(|| words.next().map(String::as_str)) else {
                return Err((format!("`{flag}` has no value"), "write it as on the command line".to_owned()));
            };
            flags.add(flag, value)?;
        }
        if flags == Flags::default() {
            return Err(("this changes nothing: there is no flag in it".to_owned(), known("flags", FLAGS, "")));
        }
        Ok(flags)
    }

    fn add(&mut self, flag: &str, value: &str) -> Result<(), (String, String)> {
        match flag {
            "--set" => self.set.push(value.to_owned()),
            "--force" => self.force.push(value.to_owned()),
            _ => match value.parse() {
                Ok(number) => self.seed = Some(number),
                Err(_) => {
                    return Err((format!("`{value}` is no seed"), "a seed is a whole number from 0 on".to_owned()));
                }
            },
        }
        Ok(())
    }

    /// A request for the same scenario, changed by these flags alone.
    pub fn on<'a>(&'a self, request: &Request<'a>) -> Request<'a> {
        Request { set: &self.set, force: &self.force, seed: self.seed, ..*request }
    }
}
