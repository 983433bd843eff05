//! Something for every field: the forms that people are offered and the bodies that programs may send, each
//! filled in by one rule.

use super::ground::Ground;
use super::hand::{Control, FormOf, forms, links};
use super::keys::{Key, Knocker, Reply, told};
use panel_tests::assure::Dice;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Every form that somebody is offered on the first so many pages, by where it leads.
pub(super) fn offered(
    at: &str,
    knocker: &Knocker,
    key: &Key,
    most: usize,
) -> BTreeMap<String, FormOf> {
    let (mut seen, mut found) = (BTreeSet::new(), BTreeMap::new());
    let mut open = VecDeque::from(["/".to_owned(), "/settings".to_owned()]);
    while let Some(path) = open.pop_front() {
        let plain = path.split('?').next().unwrap_or_default().to_owned();
        if seen.len() >= most || !seen.insert(plain) {
            continue;
        }
        let reply = knocker.ask(at, key, "GET", &path);
        if reply.status == 200 && reply.headers.contains("text/html") {
            open.extend(links(&reply.body));
            let sent = forms(&reply.body).into_iter().filter(|form| form.posts && may_send(form));
            found.extend(sent.map(|form| (form.action.clone(), form)));
        }
    }
    found
}

/// Whoever ends her own session can send nothing more.
fn may_send(form: &FormOf) -> bool {
    let ends = ["sign-out", "sessions/", "/remove", "/leaving"];
    !ends.iter().any(|word| form.action.contains(word))
}

/// Sends a form with this in every box to type in, and something in every choice.
pub(super) fn fill(
    at: &str,
    knocker: &Knocker,
    key: &Key,
    form: &FormOf,
    text: &mut dyn FnMut(&str) -> String,
    dice: &mut Dice,
) -> Reply {
    let mut fields = vec![("csrf".to_owned(), key.csrf.clone())];
    for (name, control) in form.controls.iter().filter(|(name, _)| name != "csrf") {
        let value = match control {
            Control::Hidden(value) | Control::Tick(value) => Some(value.clone()),
            Control::Text(_) => Some(text(name)),
            Control::Choice(values) => dice.of(values).cloned(),
            Control::Button(value) => dice.one_in(2).then(|| value.clone()),
            Control::File => None,
        };
        fields.extend(value.map(|value| (name.clone(), value)));
    }
    told(knocker.request(at, key, "POST", &form.action).form(&fields))
}

/// What a program may send, from the description of the interface: method, path and body.
pub(super) struct Described(Value);

impl Described {
    pub(super) fn read(at: &str, knocker: &Knocker) -> Self {
        let reply = knocker.ask(at, &Key::default(), "GET", "/api/openapi.json");
        Self(serde_json::from_str(&reply.body).unwrap())
    }

    /// Every change with a JSON body: its method, its path, and the schema of its body.
    pub(super) fn changes(&self) -> Vec<(String, String, Value)> {
        let mut all = Vec::new();
        for (path, item) in self.0["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                if !schema.is_null() {
                    all.push((method.to_uppercase(), path.clone(), schema.clone()));
                }
            }
        }
        all
    }

    /// A value of a schema, with this wherever something is written.
    pub(super) fn value(&self, schema: &Value, text: &mut dyn FnMut(&str) -> String) -> Value {
        self.made(schema, "", text, 0)
    }

    fn made(
        &self,
        schema: &Value,
        name: &str,
        text: &mut dyn FnMut(&str) -> String,
        deep: u8,
    ) -> Value {
        if deep > 9 {
            return Value::Null;
        }
        if let Some(place) = schema["$ref"].as_str() {
            let found = self.0.pointer(place.trim_start_matches('#')).cloned().unwrap();
            return self.made(&found, name, text, deep + 1);
        }
        for several in ["oneOf", "anyOf"] {
            let some = |all: &Vec<Value>| all.iter().find(|one| one["type"] != "null").cloned();
            if let Some(one) = schema[several].as_array().and_then(some) {
                return self.made(&one, name, text, deep + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.made(part, name, text, deep + 1) {
                    whole.extend(fields);
                }
            }
            return Value::Object(whole);
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        match kind(&schema["type"]) {
            "object" => {
                let none = Map::new();
                let fields = schema["properties"].as_object().unwrap_or(&none);
                let field = |(name, one): (&String, &Value)| {
                    (name.clone(), self.made(one, name, text, deep + 1))
                };
                Value::Object(fields.iter().map(field).collect())
            }
            "array" => json!([self.made(&schema["items"], name, text, deep + 1)]),
            "integer" | "number" => json!(1),
            "boolean" => json!(true),
            "string" => written(schema, name, text),
            _ => Value::Null,
        }
    }
}

fn written(schema: &Value, name: &str, text: &mut dyn FnMut(&str) -> String) -> Value {
    match schema["format"].as_str() {
        Some("uuid") => json!("0198f0a4-0000-7000-8000-000000000001"),
        Some("date") => json!("2026-05-20"),
        Some("time") => json!("10:00:00"),
        Some("date-time") => json!("2026-04-20T08:00:00Z"),
        _ => json!(text(name)),
    }
}

/// A type, or the first of several that is not null.
fn kind(of: &Value) -> &str {
    let of_several = |all: &'_ Vec<Value>| all.iter().position(|one| one != "null");
    match of {
        Value::Array(all) => of_several(all).and_then(|at| all[at].as_str()).unwrap_or_default(),
        one => one.as_str().unwrap_or_default(),
    }
}

/// A path of the interface with things that are there in its places.
pub(super) fn filled(ground: &Ground, path: &str) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => ground.of(name).next().map_or_else(|| "1".to_owned(), |it| it.id.clone()),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
