//! A run or a text as the picture that networks show beside a link: whose it is, its title, what it
//! asks, and what happens in the run.

use crate::report::Report;

use super::spacetime::{Limits, Rect};
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

/// The picture as SVG. Its words are in the font that the viewer has for text without serifs. Of a
/// run that `asks`, it tells nothing of what comes of it.
pub fn render(name: &str, title: &str, says: &str, report: Option<&Report>, asks: bool) -> String {
    let diagram = |y| {
        let (report, room) = (report?, room_below(y));
        if !asks {
            return svg::lanes(report, Limits::default(), room);
        }
        let limits = Limits { marks: 0, ..Limits::default() };
        let is_empty = report.trace.counts.sent == 0;
        let open = || Report { properties: Vec::new(), chart: None, ..report.clone() };
        if is_empty { None } else { svg::lanes(&open(), limits, room) }
    };
    let (above, y) = words(name, title, says, true);
    let (words, diagram) = match diagram(y + 26.0) {
        Some(diagram) => (above, diagram),
        None => (words(name, title, says, false).0, String::new()),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" font-family=\"{}\" fill=\"{INK}\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <rect width=\"14\" height=\"{HEIGHT}\" fill=\"{BLUE}\"/>\n{words}{diagram}</svg>\n",
        svg::draw::SANS,
    )
}

/// Whether what happens in a run can be read in a picture, below two lines of title and two more.
pub fn is_legible(report: &Report) -> bool {
    let y = words("", &"title ".repeat(20), &"says ".repeat(40), true).1 + 26.0;
    svg::lanes(report, Limits::default(), room_below(y)).is_some()
}

/// The room of a diagram.
fn room_below(y: f64) -> Rect {
    Rect { x: MARGIN, y, width: ROOM, height: f64::from(HEIGHT) - y - 20.0 }
}

/// The words, and where they end: above a diagram, or alone in the middle.
fn words(name: &str, title: &str, says: &str, has_diagram: bool) -> (String, f64) {
    let (size, most) = if has_diagram { (50.0, 2) } else { (64.0, 4) };
    let mut y = 62.0;
    let mut words = line(y, 26.0, "font-weight=\"bold\" fill=\"#005f96\"", &text::shorten(name, ROOM, 26.0));
    y += if has_diagram { 12.0 } else { 110.0 };
    for title in text::wrap(title, ROOM / 1.08, size, 2) {
        y += size * 1.16;
        words += &line(y, size, "font-weight=\"bold\"", &title);
    }
    y += 8.0;
    for says in text::wrap(says, ROOM, SAYS_FONT, most) {
        y += 40.0;
        words += &line(y, SAYS_FONT, "fill=\"#3d424b\"", &says);
    }
    (words, y)
}

fn line(y: f64, size: f64, looks: &str, words: &str) -> String {
    format!("<text x=\"{MARGIN}\" y=\"{y:.1}\" font-size=\"{size}\" {looks}>{}</text>\n", svg::escape(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
    use crate::report::{self, Claims};
    use crate::scenario::Request;

    fn card(name: &str, asks: bool) -> String {
        let story = library::find(name).unwrap();
        let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
        let report = report::run(&scenario, Claims::IfUntouched).unwrap();
        render("Us", "A title", "What comes of it?", Some(&report), asks)
    }

    #[test]
    fn a_picture_that_asks_shows_the_messages_and_no_answer() {
        let (asks, tells) = (card("three-generals", true), card("three-generals", false));
        assert!(asks.contains(">attack<") && tells.contains(">attack<"));
        for answer in ["decision", "validity"] {
            assert!(tells.contains(answer) && !asks.contains(answer), "{answer}");
        }
    }

    #[test]
    fn words_stand_alone_where_nothing_could_be_read_or_nothing_is_sent() {
        let has_lanes = |svg: &str| svg.matches("<svg").count() > 1;
        assert!(has_lanes(&card("last-messenger", true)));
        assert!(!has_lanes(&card("four-days-without-synchronisation", true)));
        assert!(!has_lanes(&card("two-falsetickers-among-seven", false)));
    }
}
