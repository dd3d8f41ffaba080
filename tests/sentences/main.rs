//! The sentences of runs, held against what can be wrong with a sentence at the edges of what it
//! counts and compares.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod changes;
mod every;
mod generals;
mod scenarios;

use support::sentences::faults_of;

#[test]
fn a_sentence_that_is_wrong_at_an_edge_is_found() {
    let wrong = [
        "",
        " ",
        "1 timers fired.",
        "After that 1 more orders were lost.",
        "None orders were charged.",
        "all 1 of its messages were lost.",
        "It is 5ms, which is less than 5ms.",
        "Order 3 stands behind order 3: it took long.",
        "The clock jumps by +0s.",
        "-3 orders were charged.",
        "The answer took -980ms.",
        "bob heard  two.",
        "bob heard, and .",
        "Order 1 was charged twice: .",
        "Order 1 was charged twice: and",
        "It heard nothing of of bob.",
        "3 order were lost.",
        "There are 0 more such.",
        "bob heard {node}.",
        "Its stamp [2, 1] is not less than [2, 1].",
    ];
    for sentence in wrong {
        assert!(!faults_of(sentence).is_empty(), "{sentence}");
    }
}

#[test]
fn a_sentence_that_is_right_is_left_alone() {
    let right = [
        "Order 1 stands behind order 2: shop:broker:1 was lost, and order 2 did not wait for it.",
        "Order 1 was charged 3 times: its acknowledgements ledger:shop:1 and ledger:shop:2 were lost.",
        "The one charge was the only one of its order.",
        "The snapshot holds 5 tokens, and there are 6: shop:ledger:1 was lost.",
        "ledger crashed at 30ms, after it had recorded the order, and took the copy that came at 130ms for one.",
        "The clock is 5ms off, which is less than 7ms.",
        "bob's clock is -3ms off.",
        "None of the orders was charged.",
        "Nobody ordered, so nothing had to be charged.",
        "checkpoint 1 holds a total of 28, and its sources had read 21.",
        "1 order was lost, and 1 more was charged twice.",
        "bob's receipt happened before, but its stamp [2, 1] is not less than [1, 0].",
    ];
    for sentence in right {
        assert_eq!(faults_of(sentence), Vec::<String>::new(), "{sentence}");
    }
}
