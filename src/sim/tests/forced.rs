//! Crashes and pauses that were forced to follow an event.

use super::*;

/// Everybody says that it is up, and again 3 ms later.
fn says_that_it_is_up() -> Toy {
    Toy {
        start: |_, (), ctx| {
            tell(ctx, "up", 1);
            tell(ctx, "up", 2);
            ctx.set_timer(Span::from_ms(3), 3);
        },
        timer: |_, number, ctx| tell(ctx, "up", number),
        ..Toy::default()
    }
}

fn told_when(forced: &[(&str, &str)]) -> Vec<String> {
    let mut scenario = two();
    for (name, option) in forced {
        force(&mut scenario, name, option);
    }
    let mut simulation = Simulation::new(says_that_it_is_up(), None, &scenario);
    let told = told(simulation.run(1, Recording::Everything, None));
    assert!(simulation.warnings(false).is_empty(), "{:?}", simulation.warnings(false));
    told.into_iter().filter(|line| line.starts_with("bob")).collect()
}

#[test]
fn a_node_that_is_paused_before_its_start_waits_with_it() {
    // The first event is that alice starts, the next ones are what she says.
    for event in 0..3 {
        let told = |what, option| told_when(&[(&format!("bob@{event}.{what}"), option)]);
        assert!(told("crash", "forever").is_empty(), "after {event}");
        assert_eq!(told("crash", "5ms"), ["bob up 1 5", "bob up 2 5", "bob up 3 8"], "after {event}");
        assert_eq!(told("pause", "5ms"), ["bob up 1 5", "bob up 2 5", "bob up 3 8"], "after {event}");
    }
}

#[test]
fn a_forced_fault_can_follow_another() {
    // Bob starts in event 3, says 1 in event 4, and the fault after that is event 5.
    let twice = ["bob up 1 0", "bob up 1 1", "bob up 2 1", "bob up 3 4"];
    assert_eq!(told_when(&[("bob@4.pause", "40ms"), ("bob@5.crash", "1ms")]), twice);
    assert_eq!(told_when(&[("alice@4.crash", "40ms"), ("bob@5.crash", "1ms")]), twice);
    // Also after the last event that there is: bob is alone, since alice went down with it.
    let last = [("alice@0.crash", "forever"), ("bob@6.pause", "40ms"), ("bob@7.crash", "1ms")];
    assert_eq!(told_when(&last)[..3], ["bob up 1 0", "bob up 2 0", "bob up 3 3"]);
    assert_eq!(told_when(&last)[3..], ["bob up 1 4", "bob up 2 4", "bob up 3 7"]);
}

#[test]
fn what_was_forced_after_a_handler_comes_before_what_was_planned_after_its_message() {
    let toy = Toy {
        start: |_, (), ctx| {
            tell(ctx, "up", 1);
            if ctx.me() == ALICE {
                ctx.send(BOB, 1);
            }
        },
        message: |_, (_, number), ctx| tell(ctx, "got", number),
        ..Toy::default()
    };
    let mut scenario = two();
    scenario.network.default = slow(10);
    let after = CrashWhen::After(MessageId::first(ALICE, BOB, 1));
    scenario.faults = vec![Fault::crash(BOB, after, None)];
    let trace = run(toy.clone(), &scenario);
    assert_eq!(told(&trace).last().unwrap(), "bob got 1 10");
    let got = trace.outputs().last().unwrap().0.id.number();
    force(&mut scenario, &format!("bob@{got}.crash"), "5ms");
    assert_eq!(told(&run(toy, &scenario)).last().unwrap(), "bob up 1 15", "he was down for a while, not for good");
}
