//! The page's files, embedded in the program, as answers: with their type, an ETag, and gzipped
//! where that helps.
//!
//! A debug build reads them from the folder: a change of the page shows when it is loaded again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::trace::Digest;

use super::comments::without_comments;

#[derive(RustEmbed)]
#[folder = "src/stage/assets/"]
struct Files;

/// Bytes that are the same until the program is another.
#[derive(Debug)]
pub(super) struct Asset {
    media_type: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    gzipped: Option<Bytes>,
}

/// The page's files, each packed when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Assets {
    packed: Mutex<BTreeMap<String, Arc<Asset>>>,
}

impl Assets {
    /// The file of this name.
    pub(super) fn get(&self, name: &str) -> Option<Arc<Asset>> {
        let media_type = media_type(name)?;
        let file = Files::get(name)?;
        let etag = etag(&file.metadata.sha256_hash());
        let mut packed = self.packed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asset) = packed.get(name).filter(|asset| asset.etag == etag) {
            return Some(Arc::clone(asset));
        }
        let served = text(name).map_or_else(|| file.data.into_owned(), String::into_bytes);
        let asset = Arc::new(Asset::new(media_type, served, etag));
        packed.insert(name.to_owned(), Arc::clone(&asset));
        Some(asset)
    }
}

/// The names of all files of the page.
pub fn files() -> impl Iterator<Item = Cow<'static, str>> {
    Files::iter()
}

/// A file of the page as text, as browsers get it.
pub(in crate::stage) fn text(name: &str) -> Option<String> {
    let text = source(name)?;
    let has_comments = name.ends_with(".js") || name.ends_with(".css");
    Some(if has_comments { without_comments(&text) } else { text })
}

/// A file of the page as text, as it is written.
pub(super) fn source(name: &str) -> Option<String> {
    media_type(name)?;
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
}

/// The type of a file by its ending. A file of another kind is not served, and no path that climbs
/// has one of these.
pub(super) fn media_type(name: &str) -> Option<&'static str> {
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '%', ':']);
    if !name.split('/').all(is_plain) {
        return None;
    }
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// The ETag of what has this digest: enough of it to tell one version from the next.
fn etag(digest: &[u8]) -> HeaderValue {
    let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{digits}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

impl Asset {
    /// An answer of JSON that is made at start-up.
    pub(super) fn of_json(answer: &impl Serialize) -> Asset {
        // None of our types fails to be written.
        Asset::of("application/json", serde_json::to_vec(answer).unwrap_or_default())
    }

    /// Bytes that are made at start-up.
    pub(super) fn of(media_type: &'static str, plain: Vec<u8>) -> Asset {
        let etag = etag(&Digest::of_bytes(&plain).to_be_bytes());
        Asset::new(media_type, plain, etag)
    }

    fn new(media_type: &'static str, plain: Vec<u8>, etag: HeaderValue) -> Asset {
        let gzipped = gzip(&plain).filter(|gzipped| gzipped.len() < plain.len());
        Asset { media_type, etag, plain: plain.into(), gzipped: gzipped.map(Bytes::from) }
    }

    /// The answer to a request with these headers.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let wants = |name, is: &dyn Fn(&str) -> bool| {
            let values = asked.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|item| is(item.trim()))
        };
        let is_known = wants(header::IF_NONE_MATCH, &|tag| {
            tag == "*" || tag.trim_start_matches("W/").as_bytes() == self.etag.as_bytes()
        });
        let gzipped = self.gzipped.as_ref().filter(|_| wants(header::ACCEPT_ENCODING, &accepts_gzip));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(gzipped.unwrap_or(&self.plain).clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        // Asked again each time: the answer is a few bytes, and a new program never meets an old
        // file.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if !is_known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
            if gzipped.is_some() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
        }
        response
    }
}

/// Whether an item of `Accept-Encoding` allows gzip.
fn accepts_gzip(item: &str) -> bool {
    let (coding, quality) = item.split_once(';').unwrap_or((item, ""));
    let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
    matches!(coding.trim(), "gzip" | "*") && !refused
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}
