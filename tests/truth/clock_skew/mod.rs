//! Clock skew: drift, reading a remote clock, averages, NTP.

mod averaging;
mod berkeley;
mod chart;
mod cristian;
mod drift;
mod estimate;
mod ntp;
mod parts;
mod reports;
mod sentences;
mod service;
mod strata;

use dsys::problems::Bound;
use dsys::report::{self, Claims, Report};
use dsys::scenario::Expected;

use crate::support::{load, theory};

/// A scenario of this problem from text: the rest of the file after the protocol's name.
pub(crate) fn scenario(protocol: &str, rest: &str) -> Bound {
    load(&format!(
        "title = \"A test\"
problem = \"clock-skew\"
protocol = \"{protocol}\"
{rest}"
    ))
}

fn run(scenario: &Bound) -> Report {
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
