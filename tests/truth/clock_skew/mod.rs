//! Clock skew: drift, reading a remote clock, averages, NTP.

mod cristian;
mod drift;
mod estimate;

use dsys::problems::Registry;
use dsys::report::{self, Claims, Report};
use dsys::scenario::{Expected, Request, Scenario, load};

/// A scenario of this problem from text: the rest of the file after the protocol's name.
fn scenario(protocol: &str, rest: &str) -> Scenario {
    let text = format!("title = \"A test\"\nproblem = \"clock-skew\"\nprotocol = \"{protocol}\"\n{rest}");
    let request = Request { name: "test", origin: "test.toml", text: &text, set: &[], force: &[], seed: None };
    load(&request, &Registry).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn run(scenario: &Scenario) -> Report {
    report::run(scenario, Claims::IfUntouched).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}

/// A measure that must be defined.
fn measure(report: &Report, name: &str) -> i64 {
    let measured = report.measures.iter().find(|measured| measured.measure.name == name);
    measured.and_then(|measured| measured.value).unwrap_or_else(|| panic!("{name} is not defined"))
}

fn verdict(report: &Report, name: &str) -> Expected {
    report.properties.iter().find(|judged| judged.name == name).map(|judged| judged.verdict.word()).unwrap()
}

fn because<'a>(report: &'a Report, name: &str) -> &'a str {
    report.properties.iter().find(|judged| judged.name == name).map(|judged| judged.verdict.because()).unwrap()
}

#[test]
fn every_shipped_scenario_runs_as_it_claims() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/clock-skew");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let request = Request { name, origin: name, text: &text, set: &[], force: &[], seed: None };
        let report = run(&load(&request, &Registry).unwrap_or_else(|error| panic!("{error}")));
        let said: Vec<String> = report
            .properties
            .iter()
            .map(|j| format!("{}: {:?} {}", j.name, j.verdict.word(), j.verdict.because()))
            .collect();
        assert_eq!(report.expected, Some(true), "{name}\n{}", said.join("\n"));
        assert!(report.warnings.is_empty(), "{name}: {:?}", report.warnings);
    }
}
