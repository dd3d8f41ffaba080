//! The two generals' chain of acknowledgements as a loop that draws what the network decides, and nothing else.

use crate::process::{MessageId, NodeId};
use crate::scenario::{Link, Scenario};
use crate::sim::draw::{Key, Odds};
use crate::sim::purpose;
use crate::time::Time;

use super::workload::Done;

/// A chain of `last` messages, once a seed from 1 to `n`. What is violated is agreement: one attacks alone.
pub(super) fn runs(n: u64, last: u32, scenario: &Scenario) -> Done {
    let Link { delay, loss, .. } = scenario.network.default;
    let lose = Odds::new(loss);
    let [alice, bob] = [0, 1].map(NodeId::new);
    let number = |node| Key::NONE.text(scenario.names.of(node)).as_number();
    let numbers = [number(alice), number(bob)];
    let mut done = Done::default();
    for seed in 1..=n {
        let seed = Key::of_seed(seed);
        let links = [seed.number(numbers[0]).number(numbers[1]), seed.number(numbers[1]).number(numbers[0])];
        let mut now = Time::ZERO;
        for number in 1..=last {
            let back = usize::from(number % 2 == 0);
            let id = MessageId::first(alice, bob, number.div_ceil(2));
            let draw = |purpose| links[back].number(id.key() | purpose).stream();
            if lose.draw(&mut draw(purpose::LOSE)) {
                done.violated += u64::from(number == last);
                break;
            }
            now = now + draw(purpose::DELAY).span(&delay);
            done.delivered += 1;
        }
        std::hint::black_box(now);
    }
    done
}
