//! Tags of languages (BCP 47), as pages carry them: `en`, `pt-BR`.

use super::link::Wrong;

/// The languages with a code of two letters (ISO 639-1).
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik \
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms \
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl \
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh \
    zu";

/// The language of a text that nobody has said otherwise of, and of the words of a site.
pub const ENGLISH: &str = "en";

/// Whether a language is English, of whatever country.
pub fn is_english(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|code| code.eq_ignore_ascii_case(ENGLISH))
}

/// The tag of a language.
///
/// # Errors
///
/// What is wrong with it, and what is probably meant.
pub(super) fn read(text: &str) -> Result<String, Wrong> {
    const HELP: &str = "write the language's code, as in `en`, `de` or `pt-BR`";
    if is_tag(text) {
        let code = text.split('-').next().unwrap_or_default().to_lowercase();
        if code.len() == 3 || CODES.split(' ').any(|known| known == code) {
            return Ok(text.to_owned());
        }
        return Err((format!("there is no language `{code}`"), HELP.to_owned()));
    }
    let meant = as_usual(text);
    let help = if read_again(&meant, text) { format!("did you mean `{meant}`? {HELP}") } else { HELP.to_owned() };
    Err((format!("`{text}` is no tag of a language"), help))
}

/// Whether the usual way to write a text makes a tag of it.
fn read_again(meant: &str, text: &str) -> bool {
    meant != text && read(meant).is_ok()
}

fn is_tag(text: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = text.split('-').next().unwrap_or_default();
    let is_language = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    is_language && text.split('-').all(is_part)
}

/// A tag as it is usually written: `pt-PT` for `PT_pt`, and for `pt_PT.UTF-8`.
fn as_usual(text: &str) -> String {
    let text = text.trim().split('.').next().unwrap_or_default().replace(['_', ' '], "-");
    let part =
        |(at, part): (usize, &str)| if at > 0 && part.len() == 2 { part.to_uppercase() } else { part.to_lowercase() };
    text.split('-').enumerate().map(part).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_language_has_a_tag() {
        for tag in ["en", "pt-BR", "de-CH-1996", "zh-Hant", "gsw", "PT-pt"] {
            assert_eq!(read(tag).as_deref(), Ok(tag));
        }
        let check = |text: &str, message: &str, meant: Option<&str>| {
            let (told, help) = read(text).unwrap_err();
            assert_eq!(told, message);
            let did_you = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
            assert_eq!(help, format!("{did_you}write the language's code, as in `en`, `de` or `pt-BR`"));
        };
        check("xx-YY", "there is no language `xx`", None);
        check("PT_pt", "`PT_pt` is no tag of a language", Some("pt-PT"));
        check("pt_BR.UTF-8", "`pt_BR.UTF-8` is no tag of a language", Some("pt-BR"));
        check("English, mostly", "`English, mostly` is no tag of a language", None);
        check("x_y", "`x_y` is no tag of a language", None);
        check("", "`` is no tag of a language", None);
    }
}
