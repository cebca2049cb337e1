//! Whatever the shape of a payload, the program needs a bounded amount of memory for it.

use ihook_tests::files::workflow_of;
use ihook_tests::process::{self, Program, until};
use serde_json::{Value, json};

use crate::tell;

const MIB: usize = 1024 * 1024;
/// Over what the idle program needs, in MiB: so much, and so many times the body.
const BESIDE: u64 = 64;
const TIMES: u64 = 150;

/// A figure of the process, in MiB.
fn figure(program: &Program, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let kib: u64 = line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap();
    kib.div_ceil(1024)
}

/// A body of just under 1 MiB that repeats something between its ends.
fn body(start: &str, part: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = start.to_owned();
    for n in 0.. {
        let part = part(n);
        if text.len() + part.len() + end.len() > MIB - 16 {
            break;
        }
        text.push_str(&part);
    }
    format!("{}{end}", text.trim_end_matches(','))
}

fn list_of(item: &str) -> String {
    body("{\"memberId\":\"12345\",\"list\":[", |_| format!("{item},"), "]}")
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=X";

/// Name, which workflow takes it, content type, body.
fn shapes() -> Vec<(&'static str, &'static str, &'static str, String)> {
    let deep = format!("{}0{}", "{\"a\":".repeat(60), "}".repeat(60));
    let chain = format!("{}{{}}{}", "{\"a\":".repeat(40), "}".repeat(40));
    let part = |n| format!("--X\r\nContent-Disposition: form-data; name=f{n}\r\n\r\n{n}\r\n");
    vec![
        ("zeros", "plain", JSON, list_of("0")),
        ("empty lists", "plain", JSON, list_of("[]")),
        ("empty objects", "plain", JSON, list_of("{}")),
        ("nested lists", "plain", JSON, list_of("[[0]]")),
        ("empty texts", "plain", JSON, list_of("\"\"")),
        ("nothing", "plain", JSON, list_of("null")),
        ("many small objects", "plain", JSON, list_of("{\"a\":1}")),
        ("empty names", "plain", JSON, list_of("{\"\":0}")),
        ("names", "plain", JSON, body("{", |n| format!("\"k{n}\":0,"), "}")),
        ("names alike", "plain", JSON, body("{\"list\":[", |n| format!("{{\"key{n}\":{n}}},"), "]}")),
        ("depth 64", "plain", JSON, list_of(&deep)),
        ("a long text", "plain", JSON, body("{\"text\":\"", |_| "x".to_owned(), "\"}")),
        ("escapes", "plain", JSON, body("{\"text\":\"", |_| "\\u00e9".to_owned(), "\"}")),
        ("unicode", "plain", JSON, body("{\"text\":\"", |_| "é漢😀".to_owned(), "\"}")),
        ("a long number", "plain", JSON, body("{\"n\":", |_| "7".to_owned(), "}")),
        ("numbers with many digits", "plain", JSON, list_of(&"7".repeat(1_000))),
        ("large exponents", "plain", JSON, list_of("1e9999")),
        ("many violations", "judged", JSON, list_of("0")),
        (
            "recursion",
            "endless",
            JSON,
            body(&format!("{{\"a\":{chain},\"list\":["), |_| "0,".to_owned(), "]}"),
        ),
        ("a loop", "loop", JSON, format!("{{\"list\":[{}]}}", vec!["{\"a\":2}"; 24_000].join(","))),
        ("a loop that is too long", "loop", JSON, list_of("{\"a\":1}")),
        (
            "a loop behind a step",
            "loop behind",
            JSON,
            format!("{{\"list\":[{}]}}", vec!["0"; 24_000].join(",")),
        ),
        ("a key by template", "keyed", JSON, list_of("0")),
        ("a form", "form", FORM, body("a=1", |n| format!("&f{n}={n}"), "")),
        ("a form of one name", "form", FORM, body("a=1", |n| format!("&a={n}"), "")),
        ("a form in parts", "form", PARTS, body("", part, "--X--")),
    ]
}

fn workflows() -> Vec<(&'static str, Value)> {
    let judge = |schema: Value| json!({"id": "v", "type": "jsonSchemaValidation", "schema": schema});
    let notice =
        |id: &str| json!({"id": id, "type": "notify", "title": "t", "message": "", "outputProperty": id});
    let gate = |id: &str| json!({"id": id, "type": "gate", "expression": "i.a == 1", "outputProperty": id});
    let each =
        json!({"id": "e", "type": "forEach", "list": "/list", "as": "i", "actions": [gate("g"), gate("h")]});
    let again = json!({"properties": {"a": {"$ref": "#"}}, "required": ["a"]});
    let plain = workflow_of(json!([judge(json!({"type": "object"})), notice("n")]));
    let trigger = |name: &str, value: Value| {
        let mut file = plain.clone();
        file["trigger"][name] = value;
        file
    };
    let key = json!({"from": "template:{{ list | size }}{{ list | first }}", "windowHours": 1});
    let mut late = workflow_of(json!([judge(json!({"anyOf": [again, again]})), notice("n")]));
    late["trigger"]["validateBeforeAnswering"] = json!(false);
    vec![
        ("plain", plain.clone()),
        (
            "judged",
            workflow_of(json!([judge(json!({"properties": {"list": {"items": {"type": "string"}}}}))])),
        ),
        ("endless", late),
        ("loop", workflow_of(json!([each]))),
        ("loop behind", workflow_of(json!([notice("n"), each, notice("m")]))),
        ("keyed", trigger("idempotency", key)),
        ("form", trigger("acceptForm", json!(true))),
    ]
}

// The validator makes every violation before it gives the first: half a million take 240 MiB.
#[ignore = "not met yet: two bodies of violations or recursion, one after the other, leave up to 292 MiB"]
#[tokio::test(flavor = "multi_thread")]
async fn no_shape_of_a_payload_takes_more_memory_than_a_bounded_multiple_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = process::serve(dir.path());
    command.args(["--sandbox", "127.0.0.1:0"]);
    let program = Program::start(command);
    let mut hooks = Vec::new();
    for (name, file) in workflows() {
        hooks.push((name, program.import(&file).await));
    }
    let idle = figure(&program, "VmRSS");
    for (shape, workflow, content_type, body) in shapes() {
        assert!(body.len() <= MIB, "{shape}: {}", body.len());
        let (_, hook) = hooks.iter().find(|(name, _)| *name == workflow).unwrap();
        let url = format!("{}{hook}", program.at("hooks"));
        let send = || program.http.post(&url).header("content-type", content_type).body(body.clone()).send();
        // Alone, then two at once.
        let first = send().await.unwrap();
        let (second, third) = tokio::join!(send(), send());
        for answer in [first, second.unwrap(), third.unwrap()] {
            let status = answer.status().as_u16();
            assert!(status == 200 || status == 400, "{shape}: {status}");
            assert!(answer.bytes().await.unwrap().len() < 100_000, "{shape}: a long answer");
        }
        let open = json!({"status": ["queued", "running", "waiting"], "limit": 1});
        until("the runs end", async || program.call("run_list", open.clone()).await["runs"] == json!([]))
            .await;
        let peak = figure(&program, "VmHWM") - idle;
        tell(&format!("{shape}: {peak} MiB over {idle} so far"));
        assert!(peak <= BESIDE + TIMES, "{shape}: {peak} MiB over the {idle} of the idle program");
    }
    program.kill();
}
