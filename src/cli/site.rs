//! The folder that a site is built into.

use std::fs;
use std::path::{Component, Path};

use anyhow::Context;

use crate::notes::site::{Files, MARK};

use super::output::{Place, Written};
use super::usage::usage;

/// A folder that takes a site, as was tried.
pub(super) struct Site<'a> {
    folder: &'a Path,
    /// The files of the site that was built here before.
    before: Vec<String>,
}

impl<'a> Site<'a> {
    /// Makes the folder where there is none, and tries whether it takes files.
    ///
    /// # Errors
    ///
    /// When it does not, or holds something else than a site that was built before.
    pub(super) fn open(folder: &'a Path) -> anyhow::Result<Site<'a>> {
        refuse_to_mix(folder)?;
        fs::create_dir_all(folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
        Place::open(&folder.join("index.html"))?;
        let before = fs::read_to_string(folder.join(MARK)).unwrap_or_default();
        Ok(Site { folder, before: before.lines().map(str::to_owned).collect() })
    }

    /// Writes all files, and takes away those of the build before that are no more. Whenever it is
    /// stopped, the list of the site's files names at least those that are there, so that the next
    /// build knows them.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or taken away. Those that can be are nevertheless.
    pub(super) fn write(&self, pages: &Files) -> anyhow::Result<()> {
        let stale: Vec<&str> =
            self.before.iter().map(String::as_str).filter(|path| !pages.contains_key(*path)).collect();
        let Some(list) = pages.get(MARK) else { anyhow::bail!("the site has no list of its files") };
        let both = [String::from_utf8_lossy(list).trim_end(), &stale.join("\n"), ""].join("\n");
        self.write_one(MARK, both.as_bytes())?;
        let mut written = Written::default();
        for (path, bytes) in pages.iter().filter(|(path, _)| *path != MARK) {
            written.add(self.write_one(path, bytes));
        }
        written.all()?;
        for path in stale {
            self.take_away(path)?;
        }
        self.write_one(MARK, list)
    }

    fn write_one(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("`{}` cannot be made", parent.display()))?;
        }
        Place::open(&path)?.write(|out| out.write_all(bytes))
    }

    /// Takes away a file that is stale. The list is only believed where it stays in the folder.
    fn take_away(&self, path: &str) -> anyhow::Result<()> {
        let is_within = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let stale = self.folder.join(path);
        if is_within && stale.is_file() {
            fs::remove_file(&stale).with_context(|| format!("`{}` cannot be taken away", stale.display()))?;
        }
        Ok(())
    }
}

/// Refuses to write into a folder that holds something else than a site that was built before.
fn refuse_to_mix(folder: &Path) -> anyhow::Result<()> {
    if folder.is_file() {
        return Err(usage(format!("`{}` is a file", folder.display()), "name a folder"));
    }
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty || folder.join(MARK).is_file() {
        return Ok(());
    }
    let message = format!("`{}` holds something else", folder.display());
    Err(usage(message, "name a folder that is empty or that a site was built into before"))
}
