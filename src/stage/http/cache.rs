//! Answers that were given lately, kept for those who ask the same.

use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::stage::run_request::RunRequest;

/// Answers that were given lately. The same order always gives the same bytes, and a room full of
/// telephones asks for one link at once: the first is worked for, and the others wait for its
/// answer.
pub(super) type Answers = Cache<RunRequest, Bytes, Weight>;

/// Room for the answer of a run or two of the largest, and for hundreds as they mostly are.
const KEPT_BYTES: u64 = 16 << 20;
/// How many answers there are at least. For more the room would be divided, and a part of it would
/// be too small for one of the largest.
const KEPT: usize = 32;

/// No answers yet, and room for some.
pub(super) fn kept() -> Answers {
    Cache::with_weighter(KEPT, KEPT_BYTES, Weight)
}

/// What keeping an answer takes of memory.
#[derive(Clone, Debug)]
pub(super) struct Weight;

impl Weighter<RunRequest, Bytes> for Weight {
    fn weight(&self, order: &RunRequest, answer: &Bytes) -> u64 {
        (order.size() + answer.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::run_request::Seed;

    #[test]
    fn answers_are_kept_up_to_a_limit_also_when_one_of_them_is_large() {
        let answers = kept();
        let order = |number: u64| RunRequest { seed: Some(Seed::Number(number)), ..RunRequest::default() };
        let large = Bytes::from(vec![b' '; 12 << 20]);
        answers.insert(order(0), large.clone());
        assert!(answers.get(&order(0)).is_some());
        for number in 1..1_000 {
            answers.insert(order(number), large.slice(..100 << 10));
        }
        assert!(answers.get(&order(999)).is_some());
        let weight = answers.weight();
        assert!((KEPT_BYTES / 2..=KEPT_BYTES).contains(&weight), "{} answers of {weight} bytes", answers.len());
    }
}
