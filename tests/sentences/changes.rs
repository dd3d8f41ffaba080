//! What changes are told as, and what nodes note and tell: every prepared change of every scenario,
//! and every note and output of its run.

use dsys::library::Library;
use dsys::report::{self, Claims, Report};
use dsys::scenario::{Flags, Request};
use dsys::trace::EventKind;
use dsys::view::called::Called;
use dsys::view::fork;

use super::support::sentences::{faults_of, form_of};

#[test]
fn what_a_prepared_change_comes_to_is_told_in_sound_sentences() {
    let library = Library::shipped();
    let mut told = 0;
    for story in library.stories() {
        let plain = Request::new(&story.name, &story.text);
        let run = |request: &Request<'_>| report::run(&library.load(request).unwrap(), Claims::Always).unwrap();
        let before = run(&plain);
        for one in &before.scenario.story.try_next {
            let flags = Flags::read(&one.flags).unwrap();
            for clause in fork::told(&before, &run(&flags.on(&plain))) {
                let faults = faults_of(&without_quotes(&clause.says));
                assert!(faults.is_empty(), "{} {}:\n{faults:?}\n{}", story.name, one.flags, clause.says);
                let is_capital = clause.says.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic());
                assert!(is_capital, "{}: {}", story.name, clause.says);
                told += 1;
            }
        }
    }
    assert!(told > 300, "{told}");
}

/// A sentence with a word for what each message says, which counts nothing.
fn without_quotes(sentence: &str) -> String {
    let mut parts = sentence.split('“');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| format!("{told}words{}", part.split_once('”').map_or("", |(_, rest)| rest)))
}

#[test]
fn what_nodes_note_and_tell_is_a_sentence() {
    let library = Library::shipped();
    for story in library.stories() {
        let scenario = library.load(&Request::new(&story.name, &story.text)).unwrap();
        let report = report::run(&scenario, Claims::Always).unwrap();
        let called = Called::of(&report.scenario);
        for sentence in notes_of(&report).iter().map(|sentence| called.told(sentence)) {
            let faults = form_of(&sentence);
            assert!(faults.is_empty(), "{}:\n{faults:?}\n{sentence}", story.name);
            assert_eq!(called.told(&sentence), sentence, "what was told is told the same again");
        }
    }
}

/// What nodes note and tell, as the page says it.
fn notes_of(report: &Report) -> Vec<String> {
    let trace = &report.trace;
    let one = |event: &dsys::trace::Event| {
        let node = trace.names.of(event.node?);
        match (event.what, trace.words.of(event.id)) {
            (EventKind::Noted(note), Some(words)) => {
                Some(format!("{node} notes {} {}: {words}.", note.name, note.value))
            }
            (EventKind::Noted(note), None) => Some(format!("{node} notes {} {}.", note.name, note.value)),
            (EventKind::Output(output), _) => Some(format!("{node} tells the user: {} {}.", output.name, output.value)),
            _ => None,
        }
    };
    trace.events.iter().filter_map(one).collect()
}
