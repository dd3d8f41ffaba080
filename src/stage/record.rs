//! A run as one HTML file that plays from a disk, with no server and no other file.
//!
//! The file is the page itself, with its styles, its modules and the run put into it. Browsers load
//! no module from a disk, so that modules come as `data:` addresses, which an import map gives
//! names. The page finds the run in `<script type="application/json" id="recorded">` and plays it
//! instead of asking a server.
//!
//! What the page's files must keep to for this, and a test holds them to it: `index.html` links
//! styles by `<link rel="stylesheet" href="…">` and its one script by `<script type="module"
//! src="…"></script>`, modules import each other by `from "./…"`, `import "./…"` or
//! `import("./…")`, and no style mentions another file. Lines that begin with a comment are
//! skipped: types are imported there.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::http::assets;

/// What a file on a disk may do: what is in it, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; \
     img-src data: blob:; base-uri 'none'; form-action 'none'";

/// What a page of a site may do: what is in its files, and in the modules that [`SHARED`] makes of
/// its own texts.
const POLICY_BESIDE: &str = "default-src 'none'; script-src 'self' blob:; style-src 'self'; \
     img-src 'self' data: blob:; base-uri 'none'; form-action 'none'";

/// What such a page may do beside that where the engine is: run it, in workers that are made of its
/// script.
const ENGINE: (&str, &str) =
    ("script-src 'self' blob:", "worker-src blob:; script-src 'self' blob: 'wasm-unsafe-eval'");

/// The name of the script that pages share.
pub const SHARED: &str = "stage.js";

const UNPACK: &str = include_str!("unpack.js");

/// Why the page cannot be put into one file: its own files are not as they must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A file that is named is not there.
    #[error("the page's file `{0}` is missing")]
    Missing(String),
    /// A module imports from outside of the page's folder.
    #[error("`{module}` imports `{import}`, which is outside of the page's folder")]
    Outside {
        /// The module.
        module: String,
        /// What it imports.
        import: String,
    },
    /// The page has no script.
    #[error("`index.html` has no `<script type=\"module\" src=…>`")]
    NoScript,
}

/// The page with this run in it. `recorded` is what `POST /api/run` answers.
///
/// # Errors
///
/// When the page's own files are not as they must be, which a test makes sure they are.
pub fn page(title: &str, recorded: &str) -> Result<String, RecordError> {
    let mut html = text("index.html")?;
    inline_links(&mut html)?;
    let (start, end, src) = script(&html).ok_or(RecordError::NoScript)?;
    let modules = modules(&src)?;
    let imports: Map<String, Json> =
        modules.into_iter().map(|(name, module)| (bare(&name), data("text/javascript", &module).into())).collect();
    let imports = Json::Object(Map::from_iter([("imports".to_owned(), Json::Object(imports))]));
    let scripts = format!(
        "<script type=\"application/json\" id=\"recorded\">{}</script>\n<script type=\"importmap\">{}</script>\n\
         <script type=\"module\">import \"{}\";</script>",
        in_script(recorded),
        in_script(&imports.to_string()),
        bare(&src),
    );
    html.replace_range(start..end, &scripts);
    set_title(&mut html, title);
    set_policy(&mut html, POLICY);
    Ok(html)
}

/// A page that has its files beside it, for sites that share them.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Its title.
    pub title: &'a str,
    /// The run in it, as `POST /api/run` answers it; `None` where the library is shown first.
    pub recorded: Option<&'a str>,
    /// What leads to the folder of the files: the page's styles, its icon, and [`shared`] as
    /// [`SHARED`].
    pub way: &'a str,
    /// Where the run, or what there is to run, is told without JavaScript.
    pub told: &'a str,
    /// The script in that folder that holds the library, where there is an engine to run it.
    pub library: Option<&'a str>,
}

/// The page, its files beside it.
///
/// # Errors
///
/// When the page's own files are not as they must be, which a test makes sure they are.
pub fn beside(page: &Beside<'_>) -> Result<String, RecordError> {
    let Beside { title, recorded, way, told, library } = page;
    let mut html = text("index.html")?;
    let (start, end, _) = script(&html).ok_or(RecordError::NoScript)?;
    let run = recorded.map(in_script);
    let run = run.map(|run| format!("<script type=\"application/json\" id=\"recorded\">{run}</script>\n"));
    let library = library.map(|library| format!("<script defer src=\"{library}\"></script>\n"));
    let scripts = format!(
        "{}{}<script defer src=\"{SHARED}\"></script>",
        run.unwrap_or_default(),
        library.as_deref().unwrap_or_default()
    );
    html.replace_range(start..end, &scripts);
    let mut from = 0;
    while let Some((start, end)) = ["<link ", "<script "].iter().filter_map(|tag| element(&html, from, tag)).min() {
        let led = html[start..end]
            .replace(" href=\"", &format!(" href=\"{way}"))
            .replace(" src=\"", &format!(" src=\"{way}"));
        html.replace_range(start..end, &led);
        from = start + led.len();
    }
    if let (Some(start), Some(end)) = (html.rfind("<noscript>"), html.rfind("</noscript>")) {
        let text = if recorded.is_some() { "The run as text" } else { "What there is to read" };
        let words = maud::html! { "This page plays runs with JavaScript. " a href=(*told) { (text) } " needs none." };
        html.replace_range(start + "<noscript>".len()..end, &words.into_string());
    }
    set_title(&mut html, title);
    let (without, with) = ENGINE;
    let policy = if library.is_some() { POLICY_BESIDE.replace(without, with) } else { POLICY_BESIDE.to_owned() };
    set_policy(&mut html, &policy);
    Ok(html)
}

/// The script that brings the page's modules to pages that have them beside them ([`beside`]).
/// Browsers load no module from a disk, but they load this: it holds their texts and makes them
/// modules (`unpack.js`).
///
/// # Errors
///
/// When the page's own files are not as they must be, which a test makes sure they are.
pub fn shared() -> Result<String, RecordError> {
    let html = text("index.html")?;
    let (.., first) = script(&html).ok_or(RecordError::NoScript)?;
    let modules: Map<String, Json> =
        modules(&first)?.into_iter().map(|(name, module)| (bare(&name), module.into())).collect();
    let (modules, first) = (Json::Object(modules), Json::from(bare(&first)));
    Ok(format!("{UNPACK}\nunpack({modules}, {first});\n"))
}

fn set_title(html: &mut String, title: &str) {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    if let (Some(start), Some(end)) = (html.find("<title>"), html.find("</title>")) {
        html.replace_range(start + "<title>".len()..end, &title);
    }
}

fn set_policy(html: &mut String, policy: &str) {
    // Before the first thing that it is about.
    let head = html.find("<meta").unwrap_or(0);
    html.insert_str(head, &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n"));
}

fn text(name: &str) -> Result<String, RecordError> {
    assets::text(name).ok_or_else(|| RecordError::Missing(name.to_owned()))
}

/// JSON as it can stand in a script's element: nothing in it ends one.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

fn data(media_type: &str, text: &str) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(text))
}

/// A module's name in the import map.
fn bare(name: &str) -> String {
    format!("stage/{name}")
}

/// Puts the files of all `<link>`s in their place.
fn inline_links(html: &mut String) -> Result<(), RecordError> {
    let mut from = 0;
    while let Some((start, end)) = element(html, from, "<link ") {
        let tag = &html[start..end];
        let href = attribute(tag, "href").unwrap_or_default().trim_start_matches("./").to_owned();
        let inlined = match attribute(tag, "rel") {
            Some("stylesheet") => format!("<style>\n{}</style>", text(&href)?),
            Some("icon") if href.ends_with(".svg") => {
                format!("<link rel=\"icon\" href=\"{}\">", data("image/svg+xml", &text(&href)?))
            }
            // Modules that are loaded ahead come with the import map; what else there is, is for
            // servers.
            _ => String::new(),
        };
        html.replace_range(start..end, &inlined);
        from = start + inlined.len();
    }
    Ok(())
}

/// The place of the page's script element, and its module.
fn script(html: &str) -> Option<(usize, usize, String)> {
    let mut from = 0;
    while let Some((start, end)) = element(html, from, "<script ") {
        let tag = &html[start..end];
        if attribute(tag, "type") == Some("module")
            && let Some(src) = attribute(tag, "src")
        {
            let close = "</script>";
            let end = end + html[end..].find(close)? + close.len();
            return Some((start, end, src.trim_start_matches("./").to_owned()));
        }
        from = end;
    }
    None
}

/// The next tag that begins like this: where it begins and ends.
fn element(html: &str, from: usize, begins: &str) -> Option<(usize, usize)> {
    let start = from + html.get(from..)?.find(begins)?;
    let end = start + html[start..].find('>')? + 1;
    Some((start, end))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// A module and all that it imports, in turn, by their names; their imports name each other as the
/// import map does.
fn modules(first: &str) -> Result<BTreeMap<String, String>, RecordError> {
    let mut modules = BTreeMap::new();
    let mut wanted = vec![first.to_owned()];
    while let Some(name) = wanted.pop() {
        if modules.contains_key(&name) {
            continue;
        }
        let mut module = text(&name)?;
        let mut from = 0;
        while let Some((start, end)) = import(&module, from) {
            let imported = resolved(&name, &module[start..end])
                .ok_or_else(|| RecordError::Outside { module: name.clone(), import: module[start..end].to_owned() })?;
            module.replace_range(start..end, &bare(&imported));
            from = start + bare(&imported).len();
            wanted.push(imported);
        }
        modules.insert(name, module);
    }
    Ok(modules)
}

/// The next name of a file that a module imports: where it begins and ends, between its quotes.
fn import(module: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let quote = at + module[at..].find(['"', '\''])?;
        let sign = char::from(module.as_bytes()[quote]);
        let start = quote + 1;
        let rest = &module[start..];
        let before = module[..quote].trim_end();
        let line = module[..quote].rsplit('\n').next().unwrap_or_default().trim_start();
        let is_comment = ["//", "/*", "*"].iter().any(|sign| line.starts_with(sign));
        let is_import = !is_comment && ["from", "import", "import("].iter().any(|word| before.ends_with(word));
        if is_import && (rest.starts_with("./") || rest.starts_with("../")) {
            return Some((start, start + rest.find(sign)?));
        }
        at = start;
    }
}

/// The file that a module means by a relative name.
fn resolved(module: &str, import: &str) -> Option<String> {
    let mut parts: Vec<&str> = module.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_import(module: &str, expect: &[&str]) {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some((start, end)) = import(module, from) {
            found.push(&module[start..end]);
            from = end + 1;
        }
        assert_eq!(found, expect, "{module}");
    }

    #[test]
    fn imports_are_found_and_nothing_else() {
        check_import("import { a } from \"./a.js\";\nimport './b/c.js'\n", &["./a.js", "./b/c.js"]);
        check_import("import {\n  a,\n} from '../a.js'; export { b } from \"./b.js\"", &["../a.js", "./b.js"]);
        check_import("const m = await import(\"./late.js\");import\"./x.js\"", &["./late.js", "./x.js"]);
        check_import("const from = \"./no.js\"; say('./no.js', `from`); // it's fine", &[]);
        check_import("fetch(\"./api/run\")", &[]);
        check_import("/** @import { A } from \"./a.js\" */\nimport \"./b.js\";", &["./b.js"]);
        check_import(
            "/**\n * @typedef {import(\"./a.js\").A} A\n */\n// import \"./c.js\";\nimport \"./b.js\";",
            &["./b.js"],
        );
    }

    #[test]
    fn a_relative_name_is_a_file_of_the_folder() {
        let check = |module, import, expect| assert_eq!(resolved(module, import).as_deref(), expect);
        check("main.js", "./field.js", Some("field.js"));
        check("views/field.js", "../draw/token.js", Some("draw/token.js"));
        check("views/field.js", "./token.js", Some("views/token.js"));
        check("main.js", "../outside.js", None);
    }

    #[test]
    fn a_page_beside_its_files_finds_them_and_its_run() {
        let recorded = r#"{"file":"<link href=\"x\"><noscript>"}"#;
        let page = Beside {
            title: "A run",
            recorded: Some(recorded),
            way: "../../stage/",
            told: "../../runs/a&b.html",
            library: None,
        };
        let page = beside(&page).unwrap();
        for part in [
            "<title>A run</title>",
            "\\u003clink href",
            "id=\"recorded\">{",
            "}</script>\n<script defer src=\"../../stage/stage.js\"></script>\n",
            " href=\"../../stage/page.css\"",
            "<noscript>This",
            " href=\"../../runs/a&amp;b.html\"",
        ] {
            assert_eq!(page.matches(part).count(), 1, "{part} in {page}");
        }
        assert!(page.find("Content-Security-Policy") < page.find("<title>"), "{page}");
        let tags = page.split('<').filter(|tag| tag.contains(" href=\"") && !tag.starts_with('/'));
        assert!(tags.clone().all(|tag| tag.contains("=\"../../")), "{page}");
    }

    #[test]
    fn modules_can_be_made_one_after_the_other() {
        let modules = modules("main.js").unwrap();
        let mut made: Vec<&str> = Vec::new();
        while made.len() < modules.len() {
            let is_made = |name: &str| made.iter().any(|made| bare(made) == name);
            let is_next = |(name, text): &(&String, &String)| {
                let mut quoted = text.split(['"', '\'']).filter(|part| part.starts_with("stage/"));
                !made.contains(&name.as_str()) && quoted.all(is_made)
            };
            let next = modules.iter().find(is_next);
            made.push(
                next.unwrap_or_else(|| panic!("modules import each other in a circle; not in it are {made:?}")).0,
            );
        }
        assert!(made.len() > 1 && made.last() == Some(&"main.js"), "{made:?}");
    }

    #[test]
    fn no_text_of_a_run_ends_its_script() {
        assert_eq!(in_script("\"</script><!--\""), "\"\\u003c/script>\\u003c!--\"");
    }
}
