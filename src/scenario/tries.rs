//! What a story says to try next, loaded as it would be: flags that the scenario refuses help
//! nobody.

use super::findings::{Findings, known};
use super::values::At;
use super::{Request, Vocabulary, load};

/// The flags that change a run.
const FLAGS: [&str; 3] = ["--set", "--force", "--seed"];

/// Says of each line to try what is wrong with it, if anything is.
pub(super) fn check(tries: &[At<String>], request: &Request<'_>, vocabulary: &dyn Vocabulary, findings: &mut Findings) {
    for line in tries {
        if let Err((message, help)) = one(line, request, vocabulary) {
            findings.add(line.span(), message, help);
        }
    }
}

fn one(line: &str, request: &Request<'_>, vocabulary: &dyn Vocabulary) -> Result<(), (String, String)> {
    let Some(words) = shlex::split(line) else {
        return Err(("this has a quote that does not end".to_owned(), String::new()));
    };
    let (mut set, mut force, mut seed) = (Vec::new(), Vec::new(), None);
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
        match flag {
            "--set" => set.push(value.to_owned()),
            "--force" => force.push(value.to_owned()),
            _ => match value.parse() {
                Ok(number) => seed = Some(number),
                Err(_) => {
                    return Err((format!("`{value}` is no seed"), "a seed is a whole number from 0 on".to_owned()));
                }
            },
        }
    }
    if set.is_empty() && force.is_empty() && seed.is_none() {
        return Err(("this changes nothing: there is no flag in it".to_owned(), known("flags", FLAGS, "")));
    }
    match load(&Request { set: &set, force: &force, seed, ..*request }, vocabulary) {
        Ok(_) => Ok(()),
        Err(invalid) => {
            let message = invalid.messages().next().unwrap_or_default();
            let help = invalid.places().find(|place| !place.help.is_empty()).map(|place| place.help.to_owned());
            Err((format!("this cannot be tried: {message}"), help.unwrap_or_default()))
        }
    }
}
