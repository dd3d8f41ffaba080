//! Scenarios as they are loaded, for a problem that exists here alone.

use super::*;

/// One problem with one protocol, which has crash points and accepts everything.
struct Words;

impl Vocabulary for Words {
    fn problems(&self) -> Vec<&'static str> {
        vec!["charging"]
    }
    fn protocols(&self, problem: &str) -> Vec<&'static str> {
        if problem == "charging" { vec!["retry"] } else { Vec::new() }
    }
    fn node_names(&self, _: &str, count: usize) -> Vec<String> {
        ["alice", "bob", "carol", "dave"].into_iter().take(count).map(str::to_owned).collect()
    }
    fn properties(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["safe", "live"]
    }
    fn measures(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["effects"]
    }
    fn counts(&self) -> Vec<&'static str> {
        vec!["delivered"]
    }
    fn outputs(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["decision"]
    }
    fn crash_points(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["charged"]
    }
    fn lies(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["flip"]
    }
    fn chances(&self, _: &str, _: &str) -> Vec<&'static str> {
        vec!["coin", "load.gap"]
    }
    fn check(&self, _: &Scenario) -> Vec<Complaint> {
        Vec::new()
    }
}

const HEAD: &str = "title = 'T'\nproblem = 'charging'\nprotocol = 'retry'\nnodes = ['alice', 'bob', 'zoe']\n";

fn load_with(rest: &str, set: &[&str], force: &[&str], seed: Option<u64>) -> Result<Scenario, Invalid> {
    let text = format!("{HEAD}{rest}");
    let owned = |flags: &[&str]| -> Vec<String> { flags.iter().map(|&flag| flag.to_owned()).collect() };
    let (set, force) = (owned(set), owned(force));
    load(&Request { name: "t", origin: "t.toml", text: &text, set: &set, force: &force, seed }, &Words)
}

fn loaded(rest: &str, set: &[&str]) -> Scenario {
    load_with(rest, set, &[], None).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn refused(rest: &str, set: &[&str]) -> String {
    load_with(rest, set, &[], None).expect_err(rest).to_string()
}

fn names(scenario: &Scenario) -> Vec<&str> {
    scenario.names.iter().collect()
}

fn node(scenario: &Scenario, name: &str) -> NodeId {
    scenario.names.find(name).unwrap()
}

fn settings(scenario: &Scenario) -> Vec<(&str, &str)> {
    scenario.overridden.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

#[test]
fn what_is_not_given_has_its_default() {
    let scenario = loaded("", &[]);
    assert_eq!((scenario.seed, scenario.until, scenario.limits), (1, Time::from_ns(60_000_000_000), Limits::default()));
    assert_eq!(scenario.network, Network::default());
    assert_eq!(scenario.clocks, vec![ClockSpec::default(); 3]);
    assert!(scenario.faults.is_empty() && scenario.forced.is_empty() && scenario.expect.is_none());
    assert!(scenario.is_untouched());
    assert_eq!(scenario.hash.len(), 16);
    assert_ne!(scenario.hash, loaded("seed = 1", &[]).hash);
}

#[test]
fn a_delay_has_many_shapes() {
    let ms = Span::from_ms;
    for (text, expected) in [
        ("'7ms'", Distribution::Constant(ms(7))),
        ("{ constant = '7ms' }", Distribution::Constant(ms(7))),
        ("{ uniform = ['1ms', '2ms'] }", Distribution::Uniform { min: ms(1), max: ms(2) }),
        ("{ uniform = ['2ms', '2ms'] }", Distribution::Uniform { min: ms(2), max: ms(2) }),
        ("{ exponential = { mean = '9ms' } }", Distribution::Exponential { mean: ms(9), min: ms(0) }),
        ("{ exponential = { mean = '9ms', min = '1ms' } }", Distribution::Exponential { mean: ms(9), min: ms(1) }),
        ("{ log-normal = { median = '9ms', sigma = 2 } }", Distribution::LogNormal { median: ms(9), sigma: 2.0 }),
    ] {
        assert_eq!(loaded(&format!("network.delay = {text}"), &[]).network.default.delay, expected, "{text}");
        let offset = loaded(&format!("clock.bob.offset = {text}"), &[]).clocks[1].offset;
        assert_eq!(offset, expected, "{text}");
    }
    let offset = loaded("clock.offset = { uniform = ['-2ms', '-1ms'] }", &[]).clocks[0].offset;
    assert_eq!(offset, Distribution::Uniform { min: ms(-2), max: ms(-1) });
}

#[test]
fn an_exception_changes_only_what_it_names() {
    let text = "network = { loss = 0.5, fifo = true, link = [{ from = 'bob', to = 'alice', loss = 0 }] }";
    let scenario = loaded(text, &[]);
    let (alice, bob) = (node(&scenario, "alice"), node(&scenario, "bob"));
    let (there, back) = (scenario.network.link(bob, alice), scenario.network.link(alice, bob));
    assert_eq!((there.loss.get(), there.fifo, there.delay), (0.0, true, Link::default().delay));
    assert_eq!(back.loss.get(), 0.5);
}

#[test]
fn drift_is_exact_to_a_thousandth() {
    for (ppm, ppb) in [
        ("50", Some(50_000)),
        ("-0.001", Some(-1)),
        ("12.345", Some(12_345)),
        ("99999.999", Some(99_999_999)),
        ("1e-4", None),
    ] {
        let scenario = load_with(&format!("clock.drift-ppm = {ppm}"), &[], &[], None);
        assert_eq!(scenario.ok().map(|scenario| scenario.clocks[2].drift_ppb), ppb, "{ppm}");
    }
}

#[test]
fn an_isolated_node_is_cut_off_from_all_others() {
    let scenario = loaded("fault = [{ isolate = { node = 'bob', at = '1s', for = '2s' } }]", &[]);
    let [Fault::Partition { groups, lasts, one_way: false, .. }] = &scenario.faults[..] else { panic!("{scenario:?}") };
    let of = |name| node(&scenario, name);
    assert_eq!(*groups, [vec![of("bob")], vec![of("alice"), of("zoe")]]);
    assert_eq!(*lasts, Some(Span::from_ms(2_000)));
}

#[test]
fn a_crash_has_one_moment() {
    let when = |keys: &str| match &loaded(&format!("fault = [{{ crash = {{ node = 'bob', {keys} }} }}]"), &[]).faults[..]
    {
        [Fault::Crash { when, .. }] => when.clone(),
        other => panic!("{other:?}"),
    };
    let point = || "charged".to_owned();
    assert_eq!(when("at = '1ms'"), CrashWhen::At(Time::from_ns(1_000_000)));
    assert_eq!(when("point = 'charged:2'"), CrashWhen::Point { point: point(), nth: 2 });
    let probability = Probability::new(0.5).unwrap();
    assert_eq!(
        when("point = 'charged', probability = 0.5"),
        CrashWhen::EachPoint { point: point(), probability, item: None, until: None }
    );
    assert_eq!(when("rate = 2"), CrashWhen::Rate { per_second: 2.0, until: None });
    for (keys, words) in [
        ("point = 'charged'", "must say which time"),
        ("point = 'charged:0'", "must say which time"),
        ("point = 'charged:x'", "must say which time"),
        ("point = 'charged:1', probability = 0.5", "is for every passing"),
        ("point = 'charge:1'", "did you mean `charged`?"),
        ("at = '1s', for = '-1s'", "must not be negative"),
    ] {
        let said = refused(&format!("fault = [{{ crash = {{ node = 'bob', {keys} }} }}]"), &[]);
        assert!(said.contains(words) && said.matches("error:").count() == 1, "{keys}: {said}");
    }
}

#[test]
fn a_flag_sets_any_key() {
    let file = "[[fault]]\ncrash = { node = 'bob', at = '1s' }\n[story]\ntry = ['a']\n";
    let scenario = loaded(file, &["fault.0.crash.at=5ms", "title= a title ", "network.loss=0.25", "story.try.0=b"]);
    assert!(
        matches!(scenario.faults[0], Fault::Crash { when: CrashWhen::At(at), .. } if at == Time::from_ns(5_000_000))
    );
    assert_eq!((scenario.title.as_str(), scenario.network.default.loss.get()), ("a title", 0.25));
    assert_eq!(scenario.story.try_next[0].flags, "b");
    let expected = [("fault.0.crash.at", "5ms"), ("title", "a title"), ("network.loss", "0.25"), ("story.try.0", "b")];
    assert_eq!(settings(&scenario), expected);
    assert!(!scenario.is_untouched());
}

#[test]
fn a_flag_adds_rows() {
    let crash = |node: &str| format!("{{ crash = {{ node = '{node}', at = '5ms' }} }}");
    let added = [format!("fault.+1={}", crash("alice")), format!("fault.+2={}", crash("bob"))];
    let added: Vec<&str> = added.iter().map(String::as_str).collect();
    let file = "[[fault]]\ncrash = { node = 'bob', at = '1s' }\n";
    for (file, faults) in [(file, 3), ("", 2)] {
        let scenario = loaded(file, &added);
        assert_eq!((scenario.faults.len(), settings(&scenario).len()), (faults, 2));
    }
    assert_eq!(loaded(file, &[added[1]]).faults.len(), 2, "the number only tells rows apart");
    for wrong in ["params.+1=2", "fault.+1=3", "fault.+x={}", "network.loss.+1=0"] {
        assert!(refused("", &[wrong]).contains(&format!("--set {wrong}")), "{wrong}: {}", refused("", &[wrong]));
    }
}

#[test]
fn the_last_of_several_flags_wins() {
    let scenario = load_with("", &["seed=3", "network.loss=1", "seed=4", "network.loss=0"], &[], None).unwrap();
    assert_eq!((scenario.seed, scenario.network.default.loss.get()), (4, 0.0));
    assert_eq!(settings(&scenario), [("seed", "4"), ("network.loss", "0")]);
    let scenario = load_with("", &["seed=3"], &[], Some(9)).unwrap();
    assert_eq!((scenario.seed, settings(&scenario)), (9, vec![("seed", "9")]));
}

#[test]
fn a_flag_sets_names_with_dots_in_them() {
    let set = ["force.alice:bob:1.delay=5ms", "sweep.over.network.loss=[0, 1]", "clock.bob.drift-ppm=5"];
    let scenario = loaded("", &set);
    assert_eq!(scenario.forced[0].choice.name(&scenario.names), "alice:bob:1.delay");
    assert_eq!(scenario.sweep.unwrap().over, [("network.loss".to_owned(), vec!["0".to_owned(), "1".to_owned()])]);
    assert_eq!(scenario.clocks[1].drift_ppb, 5_000);
}

#[test]
fn a_count_over_a_list_cuts_or_extends_it() {
    assert_eq!(names(&loaded("", &["nodes=2"])), ["alice", "bob"]);
    assert_eq!(names(&loaded("", &["nodes=5"])), ["alice", "bob", "zoe", "carol", "dave"]);
    assert!(refused("", &["nodes=6"]).contains("has names for 5 nodes only, not for 6"));
    assert_eq!(names(&loaded("", &["nodes=['x', 'y']"])), ["x", "y"]);
    assert_eq!(names(&loaded("", &["nodes.2=yan"])), ["alice", "bob", "yan"]);
}

#[test]
fn a_forced_choice_of_a_flag_wins() {
    let file = "[force]\n'bob:alice:1' = 'lose'\n'alice:bob:1.fate' = 'lose'\n";
    let force = ["alice:bob:1=twice", "alice:bob:1=corrupt", "zoe.coin:1=1"];
    let scenario = load_with(file, &[], &force, None).unwrap();
    let forced: Vec<(String, String)> = scenario
        .forced
        .iter()
        .map(|forced| (forced.choice.name(&scenario.names), forced.decision.option(&scenario.names)))
        .collect();
    let expected = [("alice:bob:1", "corrupt"), ("bob:alice:1", "lose"), ("zoe.coin:1", "1")];
    assert_eq!(forced, expected.map(|(name, option)| (name.to_owned(), option.to_owned())));
    assert!(scenario.forced_by_flag && !scenario.is_untouched());
}

#[test]
fn a_grid_is_written_in_many_ways() {
    for (grid, values) in [
        ("'0..0.3/0.1'", &["0", "0.1", "0.2", "0.3"][..]),
        ("'0.05..0.2/0.1'", &["0.05", "0.15"]),
        ("'0..1/1'", &["0", "1"]),
        ("[0, 0.5, 1e0]", &["0", "0.5", "1e0"]),
    ] {
        let scenario = loaded(&format!("sweep.over = {{ 'network.loss' = {grid} }}"), &[]);
        let over = scenario.sweep.map(|sweep| sweep.over.into_iter().next().unwrap().1);
        let expected = values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
        assert_eq!(over.unwrap(), expected, "{grid}");
    }
}

#[test]
fn values_of_a_grid_are_as_one_writes_them_after_a_flag() {
    let file = "sweep.over = { 'network.delay' = '5ms..15ms/5ms', title = ['a b', '1', ' x', 'true'], seed = '-1..1' }";
    assert!(refused(file, &[]).contains("`seed` cannot be swept: `seed` must be at least 0, not -1"));
    let over = loaded(&file.replace("-1..", "0.."), &[]).sweep.unwrap().over;
    let values: Vec<Vec<&str>> = over.iter().map(|(_, values)| values.iter().map(String::as_str).collect()).collect();
    assert_eq!(values, [vec!["5ms", "10ms", "15ms"], vec!["a b", "'1'", "' x'", "'true'"], vec!["0", "1"]]);
}

/// What a protocol may ask for.
#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// How many rounds.
    #[schemars(range(min = 0, max = 15))]
    m: u32,
    /// How long one lasts.
    #[serde(with = "Positive")]
    round: Span,
    /// How long to wait.
    #[serde(with = "FromZero")]
    wait: Span,
    /// How far off.
    shift: Span,
    /// The pause between two.
    gap: Distribution,
    /// How likely.
    odds: Probability,
    /// What is claimed.
    claim: Option<Claim>,
}

impl Default for Settings {
    fn default() -> Settings {
        let (round, wait, shift) = (Span::from_ms(1), Span::ZERO, Span::ZERO);
        Settings { m: 1, round, wait, shift, gap: Distribution::Constant(round), odds: Probability::ZERO, claim: None }
    }
}

fn read_params(text: &str) -> Result<Settings, Vec<String>> {
    let read = loaded(&format!("[params]\n{text}"), &[]).params.read::<Settings>();
    read.map_err(|complaints| complaints.into_iter().map(|complaint| complaint.message).collect())
}

#[test]
fn a_protocol_reads_its_parameters() {
    assert_eq!(read_params(""), Ok(Settings::default()));
    let text = "m = 0xf\nround = '2ms'\nshift = '-1s'\nodds = 1\ngap = { uniform = ['1ms', '2ms'] }\nclaim = 'holds'";
    let settings = read_params(text).unwrap();
    assert_eq!((settings.m, settings.round, settings.shift), (15, Span::from_ms(2), Span::from_ms(-1_000)));
    assert_eq!(settings.gap, Distribution::Uniform { min: Span::from_ms(1), max: Span::from_ms(2) });
    assert_eq!(settings.claim, Some(Claim::Holds));
}

#[test]
fn a_protocol_is_spared_what_does_not_fit() {
    let text =
        "m = 16\nround = '0s'\nwait = '-1s'\nshift = 'x'\nodds = 2\ngap = { unifrom = [] }\nclaim = 'hold'\nn = 1";
    let expected = [
        "`m` must be at least 0 and at most 15, not 16",
        "`round` must be longer than nothing, not `0s`",
        "`wait` must not be negative: `-1s`",
        "`shift` must be a duration, not `x`",
        "`odds` must be at least 0 and at most 1, not 2",
        "`unifrom` is no kind of `gap`",
        "`claim` cannot be `hold`",
        "unknown key `n`",
    ];
    assert_eq!(read_params(text).unwrap_err(), expected);
    assert_eq!(read_params("gap = { uniform = ['2ms', '1ms'] }").unwrap_err(), ["2ms is more than 1ms"]);
}

#[test]
fn a_parameter_can_name_a_node() {
    #[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Roles {
        leader: Option<NodeId>,
        #[serde(default)]
        others: Vec<NodeId>,
    }
    let read = |text: &str| loaded(&format!("[params]\n{text}"), &[]).params.read::<Roles>();
    let [first, second] = [0, 1].map(NodeId::new);
    assert_eq!(read("").unwrap(), Roles { leader: None, others: vec![] });
    let roles = read("leader = 'bob'\nothers = ['alice', 'bob']").unwrap();
    assert_eq!(roles, Roles { leader: Some(second), others: vec![first, second] });
    for (text, message, help) in [
        ("leader = 'bobb'", "there is no node `bobb`", "did you mean `bob`?"),
        ("leader = '1'", "there is no node `1`", "the nodes are `alice`"),
        ("others = ['alice', 'bbo']", "there is no node `bbo`", "did you mean `bob`?"),
        ("leader = 1", "`leader` must be a node's name, not the number 1", ""),
    ] {
        let complaints = read(text).unwrap_err();
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert_eq!(complaints[0].message, message);
        assert!(complaints[0].help.contains(help), "{complaints:?}");
    }
}

#[test]
fn the_schema_knows_every_key_and_protocol() {
    let protocols = vec![schema::ProtocolWords {
        name: "retry",
        params: schema::of::<Settings>(),
        properties: vec!["safe", "live"],
        lies: Vec::new(),
    }];
    let schema = schema(&[schema::ProblemWords { name: "charging", protocols }]);
    let text = schema.to_string();
    assert!(!text.contains("$ref") && !text.contains("null"), "{text}");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["properties"]["problem"]["enum"], serde_json::json!(["charging"]));
    assert_eq!(schema["required"], serde_json::json!(["title", "problem", "protocol", "nodes"]));
    let params = &schema["allOf"][1]["then"]["properties"]["params"]["properties"];
    assert_eq!(params["m"]["maximum"], 15);
    assert_eq!(params["round"]["description"], "How long one lasts.");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let said = refused(&format!("# {}", "x".repeat(1 << 20)), &[]);
    assert!(said.contains("a scenario at most 1 MiB") && said.lines().count() < 5, "{said}");
}

#[test]
fn a_story_of_before_is_told_how_to_write_it_now() {
    let old = "[story]\nsummary = 'S'\npredict = { ask = 'Q', choices = ['a', 'b'], answer = 'a' }\n";
    let invalid = load_with(old, &[], &[], None).unwrap_err();
    let messages: Vec<&str> = invalid.messages().collect();
    let expect =
        ["`summary` is written as `setup` and `lesson` now", "`answer` is written as the `when` of each choice now"];
    assert_eq!(messages, expect);
}

#[test]
fn a_question_is_read_as_one_table_or_as_several() {
    let choices = "choices = [{ say = 'a', when = 'safe: holds' }, { say = 'b', because = 'never' }]";
    let one = format!("[story.predict]\nask = 'Q'\n{choices}\n");
    let two = format!("[[story.predict]]\nask = 'Q'\n{choices}\n[[story.predict]]\nask = 'R'\nat = '1ms'\n{choices}\n");
    assert_eq!(load_with(&one, &[], &[], None).unwrap().story.predict.len(), 1);
    let several = load_with(&two, &[], &[], None).unwrap().story.predict;
    assert_eq!(several[1].when, Some(BeatWhen::At(Time::from_ns(1_000_000))));
    assert!(matches!(
        several[0].choices[..],
        [PredictChoice { right: Right::When(_), .. }, PredictChoice { right: Right::Never(_), .. }]
    ));
}

#[test]
fn a_choice_is_about_what_is_there() {
    let with = |when: &str, rest: &str| {
        let choices = format!("[{{ say = 'a', when = \"{when}\" }}, {{ say = 'b', because = 'never' }}]");
        load_with(&format!("[story.predict]\nask = 'Q'\nchoices = {choices}\n{rest}"), &[], &[], None)
    };
    for (when, expect) in [
        ("safe: held", "`held` is no verdict"),
        ("sane: holds", "`retry` has no property `sane`"),
        ("effect = 3", "`retry` has no figure `effect`"),
        ("effects = 3 and", "a part of this condition is empty"),
        ("decision of carol = x", "there is no node `carol`"),
        ("decisions includes x", "`retry` has no output `decisions`"),
        ("alice:carol:1 before decision of bob", "there is no node `carol`"),
        ("rate of safe < 0.1", "the scenario's sweep, and it has none"),
        ("found", "the scenario's search, and it has none"),
    ] {
        let invalid = with(when, "").unwrap_err();
        let messages = invalid.messages().collect::<Vec<_>>().join("; ");
        assert!(messages.contains(expect), "{when}: {messages}");
    }
    for when in ["safe: holds and effects = 3", "decision of bob = none or delivered > 2"] {
        assert!(with(when, "").is_ok(), "{when}");
    }
    let sweep = "[sweep]\nover = { seed = [1, 2] }\n";
    assert!(with("rate of safe at network.loss=0 < 0.1", sweep).is_err(), "a key that is not swept");
    // Without a flag it is wrong; with one that takes the thing away, the question is not asked.
    let text = "[story.predict]\nask = 'Q'\nchoices = [{ say = 'a', when = 'decision of zoe = x' }, { say = 'b', because = 'never' }]\n";
    assert_eq!(load_with(text, &[], &[], None).unwrap().story.predict.len(), 1);
    assert_eq!(load_with(text, &["nodes=['alice', 'bob']"], &[], None).unwrap().story.predict.len(), 0);
}
