//! The names of what belongs to a call: to a request, or to one attempt at it.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Names a request, or one attempt at it, in a draw of the workload.
///
/// `17` is the request of that number, and `17.2` the second attempt at it. A service that asks
/// another one makes attempts of its own: `17.2.3` is its third for the client's second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Call {
    request: u32,
    /// The attempts, the outermost in the highest 16 bits; zero where there is none.
    attempts: u64,
}

impl Call {
    /// So many services can stand between the client and the last, that included.
    pub const DEEPEST: usize = (u64::BITS / Call::BITS) as usize;

    /// The most attempts that one caller can make for one request.
    pub const MOST_ATTEMPTS: u32 = (1 << Call::BITS) - 1;

    /// The bits of one number of attempts.
    const BITS: u32 = 16;

    /// The number of the request.
    pub const fn request(self) -> u32 {
        self.request
    }

    /// The attempt of this number, from 1, that somebody makes who has to answer this call. One
    /// that is too deep, or that comes after too many, is named as the last that can be.
    #[must_use]
    pub const fn attempt(self, nth: u32) -> Call {
        let depth = self.depth();
        let place = if depth < Call::DEEPEST { depth } else { Call::DEEPEST - 1 };
        let nth = if nth < Call::MOST_ATTEMPTS { nth } else { Call::MOST_ATTEMPTS };
        let shift = Call::shift(place);
        Call { attempts: self.attempts & !((Call::MOST_ATTEMPTS as u64) << shift) | (nth as u64) << shift, ..self }
    }

    /// The request or the outer call for which this attempt is made.
    #[must_use]
    pub const fn parent(self) -> Call {
        let Some(last) = self.depth().checked_sub(1) else { return self };
        Call { attempts: self.attempts & !((Call::MOST_ATTEMPTS as u64) << Call::shift(last)), ..self }
    }

    /// Which attempt it is of those that its caller makes for the same; 0 for a request.
    pub const fn nth(self) -> u32 {
        match self.depth() {
            0 => 0,
            depth => self.at(depth - 1),
        }
    }

    /// The numbers of the attempts, the outermost first.
    pub fn attempts(self) -> impl Iterator<Item = u32> {
        (0..self.depth()).map(move |place| self.at(place))
    }

    /// How many attempts are nested in each other.
    const fn depth(self) -> usize {
        // Every attempt is at least 1, so that nothing but zeros stands behind the last.
        Call::DEEPEST - (self.attempts.trailing_zeros() / Call::BITS) as usize
    }

    const fn at(self, place: usize) -> u32 {
        (self.attempts >> Call::shift(place)) as u32 & Call::MOST_ATTEMPTS
    }

    const fn shift(place: usize) -> u32 {
        u64::BITS - Call::BITS * (place as u32 + 1)
    }
}

/// A request, or the `nth` of anything.
impl From<u32> for Call {
    fn from(request: u32) -> Call {
        Call { request, attempts: 0 }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.request)?;
        self.attempts().try_for_each(|nth| write!(f, ".{nth}"))
    }
}

/// A text names no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCall;

impl FromStr for Call {
    type Err = NoCall;

    fn from_str(text: &str) -> Result<Call, NoCall> {
        let number = |text: &str| match text.parse::<u32>() {
            Ok(number) if number > 0 && text.as_bytes()[0].is_ascii_digit() => Ok(number),
            _ => Err(NoCall),
        };
        let mut parts = text.split('.');
        let mut call = Call::from(number(parts.next().unwrap_or_default())?);
        for (depth, part) in parts.enumerate() {
            let nth = number(part)?;
            if depth == Call::DEEPEST || nth > Call::MOST_ATTEMPTS {
                return Err(NoCall);
            }
            call = call.attempt(nth);
        }
        Ok(call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_named_by_its_request_and_its_attempts() {
        let second = Call::from(17).attempt(2);
        assert_eq!(second.to_string(), "17.2");
        assert_eq!(second.attempt(3).to_string(), "17.2.3");
        assert_eq!(
            (second.attempt(3).parent(), second.parent(), Call::from(17).parent()),
            (second, 17.into(), 17.into())
        );
        assert_eq!((second.nth(), second.attempt(3).nth(), Call::from(17).nth()), (2, 3, 0));
    }

    #[test]
    fn the_deepest_and_the_last_are_held() {
        let deepest = Call::from(1).attempt(1).attempt(1).attempt(1).attempt(Call::MOST_ATTEMPTS + 1);
        assert_eq!(deepest.to_string(), "1.1.1.1.65535");
        assert_eq!(deepest.attempt(7).to_string(), "1.1.1.1.7");
    }

    #[test]
    fn what_is_written_is_read() {
        for name in ["1", "17.2", "4294967295.1.2.3.65535"] {
            assert_eq!(name.parse::<Call>().map(|call| call.to_string()).as_deref(), Ok(name));
        }
        for name in
            ["", "0", "x", "+1", "1.", "1.0", "1.+2", ".1", "1.2.", "1.1.1.1.1.1", "1.65536", "4294967296", "-1"]
        {
            assert_eq!(name.parse::<Call>(), Err(NoCall), "{name}");
        }
    }
}
