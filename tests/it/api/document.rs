//! The description of the interface, held against the table of routes and against itself.

use panel_tests::program::Program;
use panel_tests::site::Pages;
use panel_tests::world::World;
use panel_web::routes::table;
use serde_json::Value;
use std::collections::BTreeSet;

/// The document, as anybody may read it.
fn document() -> Value {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    Program::with_token(&pages, String::new()).get("/api/openapi.json").well()
}

/// Every operation as method, path and description.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

/// Everything in a value that is named `$ref`.
fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_row_of_the_interface_is_described_and_everything_described_is_mounted() {
    let rows: BTreeSet<(String, String)> = table()
        .iter()
        .filter(|row| row.path.starts_with("/api/v1/"))
        .map(|row| (row.method.to_string(), row.path.to_owned()))
        .collect();
    let document = document();
    let described: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    assert!(rows.len() > 100, "{}", rows.len());
    assert_eq!(rows, described);
}

#[test]
fn pages_are_not_described() {
    let told = table().into_iter().filter(|row| row.described.is_some());
    for row in told {
        assert!(row.path.starts_with("/api/v1/"), "{}", row.path);
    }
}

#[test]
fn the_document_is_whole() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    for wanted in ["title", "version"] {
        assert!(document["info"][wanted].as_str().is_some_and(|text| !text.is_empty()), "{wanted}");
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 500);
    let leads = |reference: &str| {
        reference.strip_prefix('#').is_some_and(|path| document.pointer(path).is_some())
    };
    let nowhere: BTreeSet<&str> = found.into_iter().filter(|one| !leads(one)).collect();
    assert!(nowhere.is_empty(), "{nowhere:?}");
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        assert_eq!(operation["security"], serde_json::json!([{"token": []}]), "{method} {path}");
    }
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
}

#[test]
fn every_parameter_of_a_path_is_declared_and_no_other() {
    for (method, path, operation) in operations(&document()) {
        let wanted: BTreeSet<&str> =
            path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).collect();
        let declared = operation["parameters"].as_array().cloned().unwrap_or_default();
        let names: Vec<(&str, &str)> = declared
            .iter()
            .map(|one| (one["in"].as_str().unwrap(), one["name"].as_str().unwrap()))
            .collect();
        let in_path: BTreeSet<&str> =
            names.iter().filter(|(place, _)| *place == "path").map(|(_, name)| *name).collect();
        assert_eq!(in_path, wanted, "{method} {path}");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{method} {path}");
        let keyed = names.contains(&("header", "Idempotency-Key"));
        assert_eq!(keyed, method != "GET", "{method} {path}");
        for one in &declared {
            assert!(one["schema"].is_object(), "{method} {path} {one}");
            assert!(one["in"] != "path" || one["required"] == true, "{method} {path} {one}");
        }
    }
}

/// The schema of the JSON object that an operation takes, wherever it is written out.
fn body_of<'d>(document: &'d Value, operation: &'d Value) -> &'d Value {
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let named = body["$ref"].as_str().and_then(|link| link.strip_prefix('#'));
    named.map_or(body, |link| document.pointer(link).unwrap())
}

/// Whether a schema demands a field.
fn requires(schema: &Value, field: &str) -> bool {
    schema["required"].as_array().is_some_and(|fields| fields.contains(&field.into()))
}

/// The operation by which what `path` is about is read: at the path itself, or at one above it.
fn reading<'d>(document: &'d Value, path: &str) -> Option<&'d Value> {
    let steps: Vec<&str> = path.split('/').collect();
    let above = (0..=steps.len()).rev().filter_map(|n| steps.get(..n));
    let mut ways = above.flat_map(|steps| [steps.join("/"), format!("{}/draft", steps.join("/"))]);
    ways.find_map(|way| {
        let read = &document["paths"][way]["get"];
        read["responses"]["200"]["headers"]["ETag"].is_object().then_some(read)
    })
}

#[test]
fn a_condition_is_taken_where_a_version_is_changed_that_a_reading_tells() {
    let document = document();
    let mut taken = 0;
    for (method, path, operation) in operations(&document) {
        let declared = operation["parameters"].as_array().cloned().unwrap_or_default();
        let condition = declared.iter().any(|one| one["name"] == "if-match");
        let answers = operation["responses"].as_object().unwrap();
        assert_eq!(answers.contains_key("412"), condition, "{method} {path}");
        let body = body_of(&document, &operation);
        // Where there may be none yet, it may be null.
        let version = body["properties"]["version"]["type"] == "integer";
        assert_eq!(requires(body, "version"), version && !condition, "{method} {path}: {body}");
        if condition {
            taken += 1;
            assert!(version, "{method} {path} has a version: {body}");
            assert!(reading(&document, &path).is_some(), "{method} {path}");
        }
    }
    assert!(taken > 50, "{taken}");
}

#[test]
fn every_answer_has_a_schema_and_every_end_is_a_problem() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let answer = match answer["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
                Some(reference) => document.pointer(reference).unwrap(),
                None => answer,
            };
            let kinds = answer["content"].as_object();
            let kinds: Vec<&str> =
                kinds.map(|kinds| kinds.keys().map(String::as_str).collect()).unwrap_or_default();
            let expected = match status.as_str() {
                "204" => vec![],
                "200" | "201" if kinds == ["*/*"] => vec!["*/*"],
                "200" if path.ends_with("/document") => vec!["text/html", "text/plain"],
                "200" | "201" => vec!["application/json"],
                _ => vec!["application/problem+json"],
            };
            assert_eq!(kinds, expected, "{method} {path} {status}");
        }
        assert!(operation["responses"]["401"].is_object(), "{method} {path}");
    }
}

#[test]
fn forms_say_which_fields_they_know_and_which_version_they_need() {
    let document = document();
    let body = |path: &str, method: &str| {
        let content = &document["paths"][path][method]["requestBody"]["content"];
        content["application/json"]["schema"].clone()
    };
    let change = body("/api/v1/agencies/{agency}", "put");
    assert_eq!(change["properties"]["version"]["type"], "integer");
    assert_eq!(change["additionalProperties"], false);
    assert!(["name", "kind"].iter().all(|name| requires(&change, name)), "{change}");
    let agency_type = &document["components"]["schemas"]["AgencyType"];
    assert!(agency_type["enum"].as_array().unwrap().contains(&"police".into()), "{agency_type}");
}

#[test]
fn no_form_is_joined_of_parts_that_know_no_fields_of_one_another() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let named = part["$ref"].as_str().and_then(|link| link.rsplit('/').next());
            let part = named.map_or(part, |named| &schemas[named]);
            assert_ne!(part["additionalProperties"], false, "{name} is a form that nothing fits");
        }
    }
    let sent = &schemas["Sent"];
    assert_eq!(sent["additionalProperties"], false);
    for field in ["perpetrator", "confirmed", "received_at"] {
        assert!(sent["properties"][field].is_object(), "{field}: {sent}");
    }
    assert!(!requires(sent, "received_at"));
    assert!(schemas["Corrected"]["properties"]["version"].is_object());
}

#[test]
fn the_guide_names_addresses_and_codes_that_are_there() {
    let guide = include_str!("../../../docs/api.md");
    let rows = table();
    let mut found = 0;
    for rest in guide.split("\"$PANEL/").skip(1) {
        let path = rest.split(['"', '?']).next().unwrap();
        let steps = path.split('/').map(|step| {
            let name = step.strip_prefix('$').and_then(|name| name.strip_suffix("_ID"));
            name.map_or_else(|| step.to_owned(), |name| format!("{{{}}}", name.to_lowercase()))
        });
        let path = format!("/{}", steps.collect::<Vec<_>>().join("/"));
        assert!(rows.iter().any(|row| row.path == path), "{path}");
        found += 1;
    }
    assert!(found >= 5, "{found}");
    let document = document();
    let named = document["components"]["responses"].as_object().unwrap();
    let described: BTreeSet<String> = operations(&document)
        .iter()
        .flat_map(|(_, _, operation)| operation["responses"].as_object().unwrap().keys().cloned())
        .collect();
    assert_eq!(named.len(), 11);
    for status in guide.lines().filter_map(|line| line.strip_prefix("| ")?.get(..3)) {
        let known = described.contains(status) || matches!(status, "405" | "Sta");
        assert!(known, "{status} is in the guide and in no operation");
    }
}
