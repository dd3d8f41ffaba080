//! A run or a text as the picture that networks show beside a link: whose it is, its title, what it
//! asks, and what happens in the run.

use crate::report::Report;

use super::svg::{
    self,
    draw::{BLUE, INK},
};
use super::text;

/// The size that networks show without cutting, in pixels.
pub const WIDTH: u32 = 1200;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 630;

/// What stands free on all sides.
const MARGIN: f64 = 60.0;
/// The room of a line of text.
const ROOM: f64 = WIDTH as f64 - 2.0 * MARGIN;
const SAYS_FONT: f64 = 31.0;

/// The picture as SVG. Its words are in the font that the viewer has for text without serifs.
pub fn render(name: &str, title: &str, says: &str, report: Option<&Report>) -> String {
    let (size, most) = if report.is_some() { (50.0, 2) } else { (64.0, 4) };
    let mut y = 62.0;
    let mut words = line(y, 26.0, "font-weight=\"bold\" fill=\"#005f96\"", &text::shorten(name, ROOM, 26.0));
    // Words alone stand in the middle.
    y += if report.is_some() { 12.0 } else { 110.0 };
    for title in text::wrap(title, ROOM / 1.08, size, 2) {
        y += size * 1.16;
        words += &line(y, size, "font-weight=\"bold\"", &title);
    }
    y += 8.0;
    for says in text::wrap(says, ROOM, SAYS_FONT, most) {
        y += 40.0;
        words += &line(y, SAYS_FONT, "fill=\"#3d424b\"", &says);
    }
    let diagram = report.map(|report| svg::lanes(report, MARGIN, y + 26.0, ROOM, f64::from(HEIGHT) - y - 46.0));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" font-family=\"{}\" fill=\"{INK}\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <rect width=\"14\" height=\"{HEIGHT}\" fill=\"{BLUE}\"/>\n{words}{}</svg>\n",
        svg::draw::SANS,
        diagram.unwrap_or_default()
    )
}

fn line(y: f64, size: f64, looks: &str, words: &str) -> String {
    format!("<text x=\"{MARGIN}\" y=\"{y:.1}\" font-size=\"{size}\" {looks}>{}</text>\n", svg::escape(words))
}
