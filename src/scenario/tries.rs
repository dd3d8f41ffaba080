//! What a story says to try next, loaded as it would be: flags that the scenario refuses help
//! nobody.

use std::ops::Range;

use super::findings::Findings;
use super::flags::Flags;
use super::{Request, Vocabulary, load};

/// A line of flags, and where it stands.
pub(super) type Line = (String, Range<usize>);

/// Says of each line to try what is wrong with it, if anything is.
pub(super) fn check(tries: &[Line], request: &Request<'_>, vocabulary: &dyn Vocabulary, findings: &mut Findings) {
    for (line, place) in tries {
        if let Err((message, help)) = one(line, request, vocabulary) {
            findings.add(place.clone(), message, help);
        }
    }
}

fn one(line: &str, request: &Request<'_>, vocabulary: &dyn Vocabulary) -> Result<(), (String, String)> {
    let flags = Flags::read(line)?;
    match load(&flags.on(request), vocabulary) {
        Ok(_) => Ok(()),
        Err(invalid) => {
            let message = invalid.messages().next().unwrap_or_default();
            let help = invalid.places().find(|place| !place.help.is_empty()).map(|place| place.help.to_owned());
            Err((format!("this cannot be tried: {message}"), help.unwrap_or_default()))
        }
    }
}
