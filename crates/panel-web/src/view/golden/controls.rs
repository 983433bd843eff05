//! Form controls and the error summary, against the published examples.

use super::{check, check_as, flag, nested, only, text};
use crate::view::controls::{
    ChoiceItem, Choices, Control, DateBox, DateInput, Entry, ErrorLine, ErrorSummary, FileUpload,
    Group, Head, PasswordInput, Select, TextInput, Textarea,
};
use serde_json::Value;

/// Hint and error hold plain text and nothing else.
fn is_said_plainly(options: &Value) -> bool {
    ["hint", "errorMessage"]
        .iter()
        .all(|key| options[*key].is_null() || only(&options[*key], &["text"]).is_some())
}

fn head(options: &Value) -> Option<Head> {
    only(&options["label"], &["text", "classes", "isPageHeading"])?;
    is_said_plainly(options).then(|| Head {
        label_classes: text(&options["label"], "classes").unwrap_or_default(),
        heading: flag(&options["label"], "isPageHeading"),
        hint: nested(options, "hint"),
        error: nested(options, "errorMessage"),
        ..Head::new(
            text(options, "id").or_else(|| text(options, "name")).unwrap(),
            nested(options, "label").unwrap(),
        )
    })
}

fn group(options: &Value, id: &str) -> Option<Group> {
    if !options["fieldset"].is_null() {
        only(&options["fieldset"], &["legend"])?;
        only(&options["fieldset"]["legend"], &["text", "classes", "isPageHeading"])?;
    }
    let legend = &options["fieldset"]["legend"];
    is_said_plainly(options).then(|| Group {
        id: id.to_owned(),
        legend: text(legend, "text"),
        legend_classes: text(legend, "classes").unwrap_or_default(),
        heading: flag(legend, "isPageHeading"),
        hint: nested(options, "hint"),
        error: nested(options, "errorMessage"),
    })
}

const SINGLE: [&str; 6] = ["id", "name", "label", "hint", "errorMessage", "classes"];

fn keys(more: &[&'static str]) -> Vec<&'static str> {
    SINGLE.iter().chain(more).copied().collect()
}

#[test]
fn inputs_are_drawn_to_the_letter() {
    let more = [
        "value",
        "prefix",
        "suffix",
        "type",
        "spellcheck",
        "autocomplete",
        "pattern",
        "autocapitalize",
        "inputmode",
        "disabled",
    ];
    check("input", 26, |options| {
        only(options, &keys(&more))?;
        for sign in ["prefix", "suffix"] {
            if !options[sign].is_null() {
                only(&options[sign], &["text"])?;
            }
        }
        let mut input = TextInput::new(text(options, "name").unwrap(), head(options)?);
        if let Some(value) = text(options, "value") {
            input = input.value(value);
        }
        if let Some(sign) = nested(options, "prefix") {
            input = input.prefix(sign);
        }
        if let Some(sign) = nested(options, "suffix") {
            input = input.suffix(sign);
        }
        input.kind = match text(options, "type").as_deref() {
            None | Some("text") => "text",
            Some("number") => "number",
            Some("email") => "email",
            Some(_) => return None,
        };
        input.classes = text(options, "classes").unwrap_or_default();
        input.spellcheck =
            options["spellcheck"].as_bool().map(|on| if on { "true" } else { "false" });
        input.autocomplete = text(options, "autocomplete");
        input.autocapitalize = text(options, "autocapitalize");
        input.pattern = text(options, "pattern");
        input.inputmode = text(options, "inputmode");
        input.disabled = flag(options, "disabled");
        Some(input)
    });
}

#[test]
fn passwords_are_drawn_to_the_letter() {
    check("password-input", 6, |options| {
        only(options, &keys(&["autocomplete"]))?;
        let fill = text(options, "autocomplete").unwrap_or_else(|| "current-password".to_owned());
        let mut input = PasswordInput::new(text(options, "name").unwrap(), head(options)?, &fill);
        input.classes = text(options, "classes").unwrap_or_default();
        Some(input)
    });
}

fn textarea(options: &Value, more: &[&'static str]) -> Option<Textarea> {
    only(options, &keys(more))?;
    let mut area = Textarea::new(text(options, "name").unwrap(), head(options)?);
    if let Some(limit) = options["maxlength"].as_u64() {
        area = area.limit(usize::try_from(limit).unwrap());
    }
    area.value = text(options, "value").unwrap_or_default();
    area.rows = options["rows"].as_u64().map_or(5, |rows| usize::try_from(rows).unwrap());
    area.classes = text(options, "classes").unwrap_or_default();
    area.spellcheck = options["spellcheck"].as_bool().map(|on| if on { "true" } else { "false" });
    area.autocomplete = text(options, "autocomplete");
    area.threshold = options["threshold"].as_u64().map(|share| u8::try_from(share).unwrap());
    area.count_type = match text(options, "countType").as_deref() {
        Some("characters") => Some("characters"),
        Some(_) => return None,
        None => None,
    };
    Some(area)
}

#[test]
fn text_areas_are_drawn_to_the_letter() {
    check("textarea", 11, |options| {
        textarea(options, &["value", "rows", "spellcheck", "autocomplete"])
    });
    check_as("character-count", "textarea", 18, |options| {
        options["maxlength"].as_u64()?;
        textarea(options, &["value", "rows", "spellcheck", "maxlength", "threshold", "countType"])
    });
}

#[test]
fn selects_are_drawn_to_the_letter() {
    check("select", 5, |options| {
        only(options, &keys(&["items", "value"]))?;
        let value = text(options, "value");
        let items = options["items"].as_array()?.iter().map(|item| {
            only(item, &["value", "text", "selected", "disabled"])?;
            let own = text(item, "value")?;
            Some(Entry {
                selected: item["selected"]
                    .as_bool()
                    .unwrap_or_else(|| value.as_ref() == Some(&own)),
                disabled: flag(item, "disabled"),
                text: text(item, "text")?,
                value: own,
            })
        });
        let items = items.collect::<Option<Vec<_>>>()?;
        let mut select = Select::new(text(options, "name").unwrap(), head(options)?, items);
        select.classes = text(options, "classes").unwrap_or_default();
        Some(select)
    });
}

fn choices(options: &Value) -> Option<Choices> {
    only(
        options,
        &[
            "name",
            "idPrefix",
            "fieldset",
            "hint",
            "errorMessage",
            "items",
            "classes",
            "value",
            "values",
        ],
    )?;
    let name = text(options, "name")?;
    let id = text(options, "idPrefix").unwrap_or_else(|| name.clone());
    let chosen: Vec<String> = match &options["values"] {
        Value::Array(values) => {
            values.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
        }
        _ => text(options, "value").into_iter().collect(),
    };
    let items = options["items"].as_array()?.iter().map(|item| choice(item, &name, &chosen));
    let mut drawn = Choices::new(group(options, &id)?, items.collect::<Option<Vec<_>>>()?);
    drawn.classes = text(options, "classes").unwrap_or_default();
    Some(drawn)
}

fn choice(item: &Value, name: &str, chosen: &[String]) -> Option<ChoiceItem> {
    only(item, &["id", "value", "text", "checked", "disabled", "hint", "divider", "conditional"])?;
    if !item["hint"].is_null() {
        only(&item["hint"], &["text"])?;
    }
    let value = text(item, "value").unwrap_or_default();
    let revealed = item["conditional"]["html"].as_str().is_some_and(|html| !html.is_empty());
    let inner = TextInput::new("inner", Head::new("inner", "Inner"));
    Some(ChoiceItem {
        id: text(item, "id").unwrap_or_default(),
        name: name.to_owned(),
        checked: item["checked"].as_bool().unwrap_or_else(|| chosen.contains(&value)),
        value,
        text: text(item, "text").unwrap_or_default(),
        hint: nested(item, "hint"),
        disabled: flag(item, "disabled"),
        divider: text(item, "divider"),
        reveal: if revealed { vec![Control::Input(inner)] } else { Vec::new() },
        item_described_by: None,
    })
}

#[test]
fn radios_are_drawn_to_the_letter() {
    check("radios", 24, choices);
}

#[test]
fn checkboxes_are_drawn_to_the_letter() {
    check("checkboxes", 22, choices);
}

#[test]
fn dates_are_drawn_to_the_letter() {
    check("date-input", 7, |options| {
        only(
            options,
            &[
                "id",
                "fieldset",
                "hint",
                "errorMessage",
                "namePrefix",
                "values",
                "day",
                "month",
                "year",
            ],
        )?;
        options["fieldset"]["legend"].as_object()?;
        let id = text(options, "id")?;
        let before = text(options, "namePrefix").map(|p| format!("{p}-")).unwrap_or_default();
        let any = ["day", "month", "year"].iter().any(|part| flag(&options[*part], "error"));
        let part = |part: &str, label: &str, width| {
            if !options[part].is_null() {
                only(&options[part], &["error"])?;
            }
            let name = format!("{before}{part}");
            let value = text(&options["values"], part).or_else(|| text(&options["values"], &name));
            Some(DateBox {
                id: format!("{id}-{part}"),
                label: label.to_owned(),
                has_value: value.is_some(),
                value: value.unwrap_or_default(),
                error: flag(&options[part], "error")
                    || (!any
                        && options[part]["error"] != false
                        && !options["errorMessage"].is_null()),
                width,
                autocomplete: None,
                inputmode: "numeric",
                name,
            })
        };
        let parts =
            vec![part("day", "Day", 2)?, part("month", "Month", 2)?, part("year", "Year", 4)?];
        Some(DateInput::new(group(options, &id)?, parts))
    });
}

#[test]
fn file_boxes_are_drawn_to_the_letter() {
    check("file-upload", 6, |options| {
        only(options, &["id", "name", "label", "hint", "errorMessage", "javascript"])?;
        let mut file = FileUpload::new(text(options, "name").unwrap(), head(options)?);
        file.enhanced = flag(options, "javascript");
        Some(file)
    });
}

#[test]
fn error_summaries_are_drawn_to_the_letter() {
    check("error-summary", 4, |options| {
        only(options, &["titleText", "errorList"])?;
        (options["titleText"] == "There is a problem").then_some(())?;
        let errors = options["errorList"]
            .as_array()?
            .iter()
            .map(|line| Some(ErrorLine { text: text(line, "text")?, href: text(line, "href") }));
        Some(ErrorSummary { errors: errors.collect::<Option<_>>()? })
    });
}
