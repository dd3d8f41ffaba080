//! A report as the page plays it.

use serde_json::Value as Json;

use crate::report::Report;

/// What the page needs of a report, as one JSON object.
pub fn show(report: &Report) -> Json {
    report.to_json()
}
