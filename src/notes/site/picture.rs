//! The pictures that previews of links show: a page's title, what it asks, and the diagram of its
//! run, as PNG.
//!
//! The fonts are this crate's own and no font of the machine is used, so the same book gives the
//! same pictures everywhere.

use std::sync::Arc;

use rayon::prelude::*;
use resvg::usvg::{self, fontdb};
use resvg::{render, tiny_skia};

use crate::view::card::{self, HEIGHT, WIDTH};

use super::preview::{Card, cards, picture_of};
use super::{Files, Site};

const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/Inter-Bold.ttf");
const FAMILY: &str = "Inter";

/// All pictures of a site.
///
/// # Errors
///
/// The picture that cannot be drawn, and why.
pub(super) fn all(site: &Site<'_>) -> Result<Files, String> {
    let options = options();
    let draw = |card: &Card<'_>| {
        let there = picture_of(site, &card.page);
        let svg = card::render(site.name(), &card.title, &card.says, card.ran.map(|ran| &ran.report), card.asks);
        let png = png(&svg, &options).map_err(|why| format!("`{there}`: {why}"))?;
        Ok((there, png))
    };
    cards(site).par_iter().map(draw).collect()
}

fn options() -> usvg::Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    fonts.set_serif_family(FAMILY);
    usvg::Options { font_family: FAMILY.to_owned(), fontdb: Arc::new(fonts), ..usvg::Options::default() }
}

fn png(svg: &str, options: &usvg::Options<'_>) -> Result<Vec<u8>, String> {
    let tree = usvg::Tree::from_str(svg, options).map_err(|error| error.to_string())?;
    let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).ok_or("there is no room for it")?;
    render(&tree, tiny_skia::Transform::default(), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| error.to_string())
}
