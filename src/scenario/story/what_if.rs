//! What a story has ready to be changed, and its run's twin.

use crate::scenario::cast::Cast;
use crate::scenario::findings::Findings;
use crate::scenario::spec;
use crate::scenario::tries::Line;
use crate::scenario::values::At;
use crate::scenario::{Try, Twin};
use crate::time::Time;

/// Reads what to try next.
pub(super) fn tries(tries: &[At<spec::Try>]) -> Vec<Try> {
    let read = |line: &At<spec::Try>| match &**line {
        spec::Try::Flags(flags) => Try { says: None, flags: flags.clone() },
        spec::Try::Told(spec::Told { says, flags }) => Try { says: Some(says.clone()), flags: (**flags).clone() },
    };
    tries.iter().map(read).collect()
}

/// All flags that a story proposes for its own scenario, with their places: they are tried when all
/// else is sound.
pub(in crate::scenario) fn lines_to_try(story: &spec::Story) -> Vec<Line> {
    let proposed = story.try_next.iter().map(|line| match &**line {
        spec::Try::Flags(flags) => (flags.clone(), line.span()),
        spec::Try::Told(told) => ((*told.flags).clone(), told.flags.span()),
    });
    // What is changed in another scenario is tried by the library, which knows it.
    let own = story.twin.iter().filter(|twin| twin.run.is_none());
    let own = own.filter_map(|twin| twin.flags.as_ref()).map(|flags| ((**flags).clone(), flags.span()));
    proposed.chain(own).collect()
}

/// Reads the twin. One whose node is not there is wrong, or left out if it `may_lack` that.
pub(super) fn twin(
    twin: Option<&At<spec::Twin>>,
    cast: &Cast<'_>,
    may_lack: bool,
    findings: &mut Findings,
) -> Option<Twin> {
    let twin = twin?;
    let mut own = Findings::default();
    let node = cast.node(&twin.node, &mut own);
    if twin.run.is_none() && twin.flags.is_none() && findings.lost(twin.span()).next().is_none() {
        let help = "name the scenario of the other run as `run`, or write what is changed as `flags`";
        own.add(twin.span(), "this twin does not say which run it is", help);
    }
    if may_lack && !own.is_empty() {
        return None;
    }
    for complaint in own.into_complaints() {
        findings.complain(complaint);
    }
    Some(Twin {
        node: node?,
        run: twin.run.as_deref().cloned(),
        flags: twin.flags.as_deref().cloned(),
        this: twin.this.clone(),
        other: twin.other.clone(),
        until: twin.until.as_ref().map(|until| Time::ZERO + **until),
        place: twin.run.as_ref().map_or_else(|| twin.span(), At::span),
    })
}
