//! `dsys merge`: the parts of a sweep joined into the whole.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::Context;

use crate::explore::sweep::{self, NotJoined, Part};

use super::args::{Color, Merge};
use super::exit::Outcome;
use super::library::registry;
use super::output::Input;
use super::rows::Results;
use super::usage::usage;

pub(super) fn run(args: &Merge, color: Color) -> anyhow::Result<Outcome> {
    let results = Results::of(&args.results, false)?;
    let places = results.open()?;
    let help = "`dsys merge` wants every part of one sweep once, each as `dsys sweep --shard` wrote it";
    let inputs: Vec<Input> = args.parts.iter().filter_map(|path| Input::file(path)).collect();
    places.refuse_inputs(&inputs)?;
    let parts = args.parts.iter().map(|path| read(path, help)).collect::<anyhow::Result<Vec<_>>>()?;
    let (plan, swept) = sweep::join(registry(), &parts).map_err(|error| usage(error.to_string(), help))?;
    results.check_names(&plan)?;
    places.write(&plan, &swept.rows(&plan), swept.is_partial, color)?;
    Ok(Outcome::Done)
}

fn read(path: &Path, help: &str) -> anyhow::Result<(String, Part)> {
    let name = path.display().to_string();
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let help = "give the files that `dsys sweep --shard … -o FILE` wrote";
            return Err(usage(format!("there is no file `{name}`"), help));
        }
        file => file.with_context(|| format!("`{name}` cannot be read"))?,
    };
    match sweep::read_part(registry(), &name, file) {
        Ok(part) => Ok((name, part)),
        Err(error @ NotJoined::Unreadable { .. }) => Err(error.into()),
        Err(error) => Err(usage(error.to_string(), help)),
    }
}
