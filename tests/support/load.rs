//! TEMPORARY stand-in until scenario::load lands.
use dsys::process::{Names, NodeId};
use dsys::scenario::params::Params;
use dsys::scenario::*;
use dsys::time::{Span, Time};

pub(crate) fn load(text: &str) -> Scenario {
    let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{e}\n{text}"));
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    let de = toml::de::DeTable::parse(text).unwrap();
    let names: Vec<String> = match &table["nodes"] {
        toml::Value::Integer(n) => (dsys::problems::byzantine_generals::PROBLEM.node_names)(*n as usize),
        toml::Value::Array(a) => a.iter().map(|v| v.as_str().unwrap().to_owned()).collect(),
        _ => panic!(),
    };
    let names = Names::new(names);
    let sub = |t: &toml::Spanned<toml::de::DeValue<'static>>| match t.get_ref() {
        toml::de::DeValue::Table(x) => Params::new(toml::Spanned::new(0..0, x.clone())),
        _ => panic!(),
    };
    let params =
        de.get_ref().get("params").map(sub).unwrap_or_else(|| Params::new(toml::de::DeTable::parse("").unwrap()));
    let mut faults = Vec::new();
    for f in table.get("fault").and_then(|f| f.as_array()).into_iter().flatten() {
        if let Some(t) = f.get("traitor") {
            let t = t.as_table().unwrap();
            let id = |v: &toml::Value| names.find(v.as_str().unwrap()).unwrap_or_else(|| panic!("{v}"));
            let who = if let Some(n) = t.get("node") {
                Traitors::These(vec![id(n)])
            } else if let Some(n) = t.get("nodes") {
                Traitors::These(n.as_array().unwrap().iter().map(id).collect())
            } else {
                Traitors::Count(t["count"].as_integer().unwrap() as usize)
            };
            let mut args = t.clone();
            for k in ["node", "nodes", "count", "lie"] {
                args.remove(k);
            }
            let args: &'static str = Box::leak(toml::to_string(&args).unwrap().into_boxed_str());
            faults.push(Fault::Traitor {
                who,
                lie: Lie {
                    name: t["lie"].as_str().unwrap().to_owned(),
                    span: 0..0,
                    arguments: Params::new(toml::de::DeTable::parse(args).unwrap()),
                },
            });
        } else if let Some(t) = f.get("crash") {
            let t = t.as_table().unwrap();
            let at: Span = t["at"].as_str().unwrap().parse().unwrap();
            faults.push(Fault::Crash {
                node: names.find(t["node"].as_str().unwrap()).unwrap(),
                when: CrashWhen::At(Time::ZERO + at),
                down: None,
            });
        }
    }
    let mut network = Network::default();
    let dist = |v: &toml::Value| -> Distribution {
        let t = v.as_table().unwrap();
        if let Some(c) = t.get("constant") {
            Distribution::Constant(c.as_str().unwrap().parse().unwrap())
        } else {
            let u = t["uniform"].as_array().unwrap();
            Distribution::Uniform {
                min: u[0].as_str().unwrap().parse().unwrap(),
                max: u[1].as_str().unwrap().parse().unwrap(),
            }
        }
    };
    if let Some(n) = table.get("network") {
        if let Some(d) = n.get("delay") {
            network.default.delay = dist(d);
        }
        if let Some(l) = n.get("loss") {
            network.default.loss = Probability::new(l.as_float().unwrap()).unwrap();
        }
        for l in n.get("link").and_then(|l| l.as_array()).into_iter().flatten() {
            let mut link = network.default;
            if let Some(d) = l.get("delay") {
                link.delay = dist(d);
            }
            if let Some(x) = l.get("loss") {
                link.loss = Probability::new(x.as_float().unwrap()).unwrap();
            }
            let id = |k: &str| -> NodeId { names.find(l[k].as_str().unwrap()).unwrap() };
            network.exceptions.push((id("from"), id("to"), link));
        }
        network.exceptions.sort_by_key(|&(a, b, _)| (a, b));
    }
    let mut forced = Vec::new();
    for (k, v) in table.get("force").and_then(|f| f.as_table()).into_iter().flatten() {
        let (choice, decision) = dsys::scenario::choice::parse(k, v.as_str().unwrap(), &names).unwrap();
        forced.push(Forced { choice, decision, span: 0..0 });
    }
    let expect = table.get("expect").and_then(|e| e.as_table()).map(|t| {
        t.iter()
            .map(|(k, v)| {
                (
                    k.clone(),
                    match v.as_str().unwrap() {
                        "holds" => Expected::Holds,
                        "violated" => Expected::Violated,
                        _ => Expected::Unknown,
                    },
                )
            })
            .collect()
    });
    Scenario {
        name: "test".into(),
        hash: String::new(),
        title: String::new(),
        problem: table["problem"].as_str().unwrap().into(),
        protocol: table["protocol"].as_str().unwrap().into(),
        seed: table.get("seed").and_then(|s| s.as_integer()).unwrap_or(1) as u64,
        until: Time::ZERO + Span::from_ms(60_000),
        story: Story::default(),
        params,
        network,
        clocks: vec![ClockSpec::default(); names.count()],
        names,
        faults,
        forced,
        forced_by_flag: false,
        expect,
        sweep: None,
        search: None,
        limits: Limits::default(),
        overridden: Vec::new(),
    }
}
