//! Throw-away: prints what the page gets.
use dsys::{library, problems::Registry, report, scenario};
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let story = library::find(&args[0], &Registry).unwrap();
    let pick = |flag: &str| args.windows(2).filter(|w| w[0] == flag).map(|w| w[1].clone()).collect::<Vec<_>>();
    let (set, force) = (pick("--set"), pick("--force"));
    let seed = pick("--seed").first().and_then(|s| s.parse().ok());
    let request = scenario::Request { name: &story.name, origin: "x.toml", text: &story.text, set: &set, force: &force, seed };
    match scenario::load(&request, &Registry) {
        Ok(scenario) => {
            let report = report::run(&scenario, report::Claims::IfUntouched).unwrap();
            println!("{}", serde_json::json!({"report": report.to_json(), "show": dsys::stage::show::show(&report)}));
        }
        Err(error) => println!("{}", serde_json::json!({"error": {"message": error.to_string()}})),
    }
}
