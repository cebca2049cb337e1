//! Requests and answers written down from the reference of the iMIS API: the client must send the one and
//! understand the other, and the sandbox must take the one and give the other, so that the same page holds both.

use std::path::PathBuf;

use ihook_imis::{Access, Client, Consequence, Failed, NewRecord, Record, Target};
use serde_json::{Value, json};

use crate::support::{Act, Odd, Running, client, good_token, http, http_answer, start};

/// Every page, with its name.
fn pages() -> Vec<(String, Value)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/imis");
    let mut pages: Vec<_> = std::fs::read_dir(&directory)
        .expect("the pages")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a page");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let page = serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            (name, page)
        })
        .collect();
    pages.sort_by(|left, right| left.0.cmp(&right.0));
    pages
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The request line of a page, its query percent-encoded as the client does it.
fn target(request: &Value) -> String {
    const STRICT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, STRICT).to_string();
    let query = request["query"].as_object().cloned().unwrap_or_default();
    let pairs: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(word(value)))).collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", word(&request["path"]), pairs.join("&"))
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let pair = |pair: &Value| (word(&pair[0]).to_owned(), word(&pair[1]).to_owned());
    value.as_array().map(|all| all.iter().map(pair).collect()).unwrap_or_default()
}

/// Does what the page asks of the client, and tells it as the page does.
async fn call(client: &Client, asked: &Value) -> Result<Value, Failed> {
    let (what, given) = asked.as_object().and_then(|asked| asked.iter().next()).expect("one call");
    let target = || serde_json::from_value::<Target>(given["target"].clone()).expect("a target");
    let keys = |keys: Vec<String>| json!({ "keys": keys });
    Ok(match what.as_str() {
        "signIn" => client.parties(None, 1).await.map(|_| json!({ "ok": true }))?,
        "insert" => {
            let record: NewRecord = serde_json::from_value(given.clone()).expect("a record");
            json!({ "key": client.insert(&record).await?.key })
        }
        "rows" => {
            let limit = u32::try_from(given["limit"].as_u64().unwrap_or(1)).unwrap_or(1);
            let page = client.rows(word(&given["entity"]), &pairs(&given["filters"]), limit).await?;
            json!({ "total": page.total, "keys": page.records.iter().map(Record::key_text).collect::<Vec<_>>() })
        }
        "record" => {
            keys(client.record(&target(), word(&given["key"])).await?.iter().map(Record::key_text).collect())
        }
        "delete" => client
            .delete(word(&given["entity"]), word(&given["key"]))
            .await
            .map(|()| json!({ "ok": true }))?,
        "party" => match client.party(word(given)).await? {
            Some(party) => json!({ "keys": [party.id], "name": party.name }),
            None => keys(Vec::new()),
        },
        "activityTypes" => keys(client.activity_types().await?.into_iter().map(|kind| kind.code).collect()),
        "panels" => keys(client.panels().await?.into_iter().map(|panel| panel.name).collect()),
        "panel" => keys(client.panel(word(given)).await?.into_iter().map(|panel| panel.name).collect()),
        "get" => {
            client.get(word(&given["path"]), &pairs(&given["query"])).await.map(|_| json!({ "ok": true }))?
        }
        other => panic!("the page asks for {other}"),
    })
}

fn reported(failed: &Failed, expected: &Value) -> Value {
    let (class, status) = match failed.consequence(Access::Write) {
        Consequence::Fail => ("refused", failed.status()),
        Consequence::Wait => ("notApplied", None),
        Consequence::Doubt => ("unknown", None),
        Consequence::Stop => ("credentials", None),
    };
    let mut report = json!({ "class": class });
    if let Some(status) = status {
        report["status"] = json!(status);
    }
    if let Some(fault) = failed.fields.first() {
        report["field"] = json!(fault.field);
    }
    // The words are for people: a page names those that must be among them.
    let words = expected["says"].as_array().cloned().unwrap_or_default();
    report["says"] = words.into_iter().filter(|said| failed.message.contains(word(said))).collect();
    report
}

#[tokio::test]
async fn the_client_sends_and_understands_every_page() {
    let pages = pages();
    assert!(pages.len() >= 15, "the pages are there");
    for (name, page) in pages {
        let (request, response) = (page["request"].clone(), page["response"].clone());
        let body = response.get("body").map(Value::to_string).unwrap_or_default();
        let answer = http_answer(&format!("{} X", response["status"]), "", &body);
        let is_sign_in = request.get("form").is_some();
        let odd = Odd::start(move |asked| match good_token(asked) {
            Some(token) if !is_sign_in => token,
            None if is_sign_in => Act::Say(http_answer("200 OK", "", r#"{"Items":{"$values":[]}}"#)),
            _ => Act::Say(answer.clone()),
        })
        .await;
        let account = &page["call"]["signIn"];
        let (user, password) = if account.is_null() {
            ("u", "p")
        } else {
            (word(&account["username"]), word(&account["password"]))
        };
        let outcome = call(&client(&odd.base, user, password), &page["call"]).await;
        let outcome = outcome.unwrap_or_else(|failed| reported(&failed, &page["outcome"]));
        assert_eq!(outcome, page["outcome"], "{name}: what the client makes of it");
        let line = format!("{} {} HTTP", word(&request["method"]), target(&request));
        let seen = odd.seen.lock().expect("the requests").clone();
        let sent: Vec<&String> = seen.iter().filter(|sent| sent.starts_with(&line)).collect();
        assert_eq!(sent.len(), 1, "{name}: {line}\n{seen:#?}");
        let (_, sent) = sent[0].split_once("\r\n\r\n").expect("a body");
        match request.get("form") {
            Some(form) => assert_eq!(sent, word(form), "{name}"),
            None => assert_eq!(
                serde_json::from_str::<Value>(sent).unwrap_or(Value::Null).to_string(),
                request["body"].to_string(),
                "{name}: with its members in this order"
            ),
        }
    }
}

#[tokio::test]
async fn the_sandbox_takes_and_answers_every_page() {
    for (name, page) in pages() {
        let sandbox = start().await;
        sandbox.control("settings", json!({ "strict": true })).await;
        for given in page["given"].as_array().cloned().unwrap_or_default() {
            let (status, answer) = ask(&sandbox, &given).await;
            assert_eq!(status, 201, "{name}: {answer}");
        }
        let (status, answer) = ask(&sandbox, &page["request"]).await;
        assert_eq!(json!(status), page["response"]["status"], "{name}: {answer}");
        if let Some(expected) = page["response"].get("body") {
            holds(expected, &answer, &name);
        }
    }
}

async fn ask(sandbox: &Running, request: &Value) -> (u16, Value) {
    if let Some(form) = request.get("form") {
        let answer = http().post(format!("{}/token", sandbox.base)).body(word(form).to_owned()).send().await;
        let answer = answer.expect("an answer");
        return (answer.status().as_u16(), answer.json().await.expect("json"));
    }
    sandbox.raw(word(&request["method"]), &target(request), request.get("body").cloned()).await
}

/// Values that a server makes up as it goes along.
const FREE: [&str; 10] = [
    "access_token",
    ".issued",
    ".expires",
    "expires_in",
    "Offset",
    "Limit",
    "Count",
    "TotalCount",
    "CreatedOn",
    "Caption",
];

/// Everything on the page is in the answer, of the same form; the answer may say more.
fn holds(expected: &Value, answer: &Value, place: &str) {
    match expected {
        Value::Object(members) => {
            for (name, expected) in members {
                let there = answer.get(name).unwrap_or_else(|| panic!("{place}: no {name} in {answer}"));
                let is_free = FREE.contains(&name.as_str())
                    || FREE.iter().any(|free| members.get("Name").is_some_and(|name| name == free));
                if is_free && name != "Name" {
                    assert_eq!(kind(expected), kind(there), "{place}/{name}");
                } else {
                    holds(expected, there, &format!("{place}/{name}"));
                }
            }
        }
        Value::Array(items) => {
            let there = answer.as_array().unwrap_or_else(|| panic!("{place}: no list but {answer}"));
            for item in items {
                // Items are found by what names them, whatever else is there.
                let same = |other: &&Value| {
                    ["Name", "FieldName", "EntityTypeName", "ActivityTypeId"]
                        .iter()
                        .all(|name| item.get(name) == other.get(name))
                };
                let other = if item.is_object() {
                    there.iter().find(same)
                } else {
                    there.iter().find(|other| *other == item)
                };
                let other = other.unwrap_or_else(|| panic!("{place}: no {item} in {answer}"));
                holds(item, other, place);
            }
        }
        _ => assert_eq!(expected, answer, "{place}"),
    }
}

fn kind(value: &Value) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(value)
}
