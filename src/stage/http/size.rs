//! How much there is to read of a request, which decides about its turn.

use crate::stage::fork::ForkRequest;
use crate::stage::run_request::{LARGE_TEXT, RunRequest};

impl RunRequest {
    /// Whether it is a link that has a text in it, which may be much larger.
    pub(super) fn is_packed(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.contains("&text="))
    }

    /// What it takes of memory, in bytes, about.
    pub(super) fn size(&self) -> usize {
        let RunRequest { scenario, text, set, force, link, .. } = self;
        let texts = [scenario, text, link].into_iter().flatten().map(String::len);
        let pairs =
            set.iter().chain(force).map(|(name, value)| size_of::<(String, String)>() + name.len() + value.len());
        size_of::<RunRequest>() + texts.chain(pairs).sum::<usize>()
    }

    /// Whether it may take long to read. Few bytes of a link can be many of a text.
    pub(super) fn may_be_large(&self) -> bool {
        self.size() > LARGE_TEXT || self.is_packed()
    }
}

impl ForkRequest {
    /// Whether it may take long to read.
    pub(super) fn may_be_large(&self) -> bool {
        self.before.size() + self.after.size() > LARGE_TEXT || self.before.is_packed() || self.after.is_packed()
    }
}
