//! `dsys merge`: the parts of a sweep joined into the whole.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;

use crate::explore::sweep;

use super::args::{Color, Merge};
use super::exit::{Outcome, usage};
use super::sweep::Results;

pub(super) fn run(args: &Merge, color: Color) -> anyhow::Result<Outcome> {
    let results = Results::of(&args.results, false)?;
    let files = args.parts.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let help = "`dsys merge` wants every part of one sweep once, each as `dsys sweep --shard` wrote it";
    let (plan, swept) = sweep::join(&files).map_err(|error| usage(error.to_string(), help))?;
    results.check_names(&plan)?;
    results.write(&plan, &swept.rows(&plan), swept.is_partial, color)?;
    Ok(Outcome::Done)
}

fn read(path: &Path) -> anyhow::Result<(String, String)> {
    let name = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| usage(format!("`{name}` is no part of a sweep: it is not text"), ""))?;
            Ok((name, text))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(usage(format!("there is no file `{name}`"), "give the files that `dsys sweep --shard … -o FILE` wrote"))
        }
        Err(error) => Err(error).with_context(|| format!("`{name}` cannot be read")),
    }
}
