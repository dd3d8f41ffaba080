//! Which part of a sweep somebody runs: part 2 of 8.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refused::Refused;

/// The most parts that a sweep may be divided into.
const MOST_PARTS: u64 = 1_000_000;

/// Which part of the runs of each point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The part's number, from 1.
    pub part: u64,
    /// Of so many.
    pub of: u64,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };

    /// The runs, of so many in all, that are this part's.
    pub fn of_runs(self, runs: u64) -> Range<u64> {
        let until = |part: u64| (u128::from(runs) * u128::from(part) / u128::from(self.of)) as u64;
        until(self.part - 1)..until(self.part)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Shard, Refused> {
        let help = "write which part of how many, as in `--shard 1/4` … `--shard 4/4`";
        let numbers = text.split_once('/').map(|(part, of)| (part.trim().parse(), of.trim().parse()));
        match numbers {
            Some((Ok(part), Ok(of))) if (1..=of).contains(&part) && of <= MOST_PARTS => Ok(Shard { part, of }),
            Some((Ok(_), Ok(of))) if of > MOST_PARTS => {
                Err(Refused::new(format!("`--shard {text}`: at most {MOST_PARTS} parts are allowed"), help))
            }
            Some((Ok(part), Ok(0 | 1))) | Some((Ok(part @ 0), Ok(_))) => {
                Err(Refused::new(format!("`--shard {text}`: there is no part {part}"), help))
            }
            Some((Ok(_), Ok(of))) => {
                Err(Refused::new(format!("`--shard {text}`: of {of} parts, the last is {of}/{of}"), help))
            }
            _ => Err(Refused::new(format!("`--shard {text}` is no part"), help)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_divide_the_runs() {
        for (runs, of) in [(10, 1), (10, 3), (10, 10), (1_000_000_000, 7), (5, 4)] {
            let mut next = 0;
            for part in 1..=of {
                let range = Shard { part, of }.of_runs(runs);
                assert!(range.start == next && range.end > range.start, "{part}/{of} of {runs}: {range:?}");
                next = range.end;
            }
            assert_eq!(next, runs);
        }
    }

    #[test]
    fn parts_are_read() {
        let check = |text: &str, expect: Result<(u64, u64), &str>| match (text.parse::<Shard>(), expect) {
            (Ok(shard), expect) => assert_eq!(Ok((shard.part, shard.of)), expect, "{text}"),
            (Err(refused), expect) => assert_eq!(Err(refused.to_string().as_str()), expect, "{text}"),
        };
        check("1/1", Ok((1, 1)));
        check("4/4", Ok((4, 4)));
        check("5/4", Err("`--shard 5/4`: of 4 parts, the last is 4/4"));
        check("0/4", Err("`--shard 0/4`: there is no part 0"));
        check("0/0", Err("`--shard 0/0`: there is no part 0"));
        check("2/1", Err("`--shard 2/1`: there is no part 2"));
        check("1/1000001", Err("`--shard 1/1000001`: at most 1000000 parts are allowed"));
        check("1", Err("`--shard 1` is no part"));
        check("-1/4", Err("`--shard -1/4` is no part"));
        check("1/99999999999999999999", Err("`--shard 1/99999999999999999999` is no part"));
    }
}
