//! Links, lists, banners and tables, against the published examples.

use super::{check, flag, nested, only, text};
use crate::view::facts::{Fact, Facts, Task, Tasks};
use crate::view::parts::{Banner, Button, Confirmation, Details, Inset, Link, Tag, Warning};
use crate::view::table::{Cell, Column, Row, Table};
use serde_json::{Value, json};

#[test]
fn buttons_are_drawn_to_the_letter() {
    check("button", 15, |options| {
        only(
            options,
            &[
                "text",
                "href",
                "name",
                "value",
                "classes",
                "disabled",
                "id",
                "isStartButton",
                "preventDoubleClick",
            ],
        )?;
        // What starts a journey is a link.
        (!flag(options, "isStartButton") || !options["href"].is_null()).then_some(())?;
        (options["preventDoubleClick"] != false).then_some(Button {
            text: text(options, "text")?,
            href: text(options, "href"),
            name: text(options, "name"),
            value: text(options, "value"),
            classes: text(options, "classes").unwrap_or_default(),
            id: text(options, "id"),
            disabled: flag(options, "disabled"),
            once: flag(options, "preventDoubleClick"),
            start: flag(options, "isStartButton"),
            hidden: None,
        })
    });
}

#[test]
fn words_set_apart_are_drawn_to_the_letter() {
    check("tag", 9, |options| {
        only(options, &["text", "classes"])?;
        Some(Tag {
            text: text(options, "text")?,
            classes: text(options, "classes").unwrap_or_default(),
        })
    });
    check("warning-text", 3, |options| {
        only(options, &["text", "iconFallbackText"])?;
        (options["iconFallbackText"].is_null() || options["iconFallbackText"] == "Warning")
            .then(|| text(options, "text").map(|text| Warning { text }))?
    });
    check("inset-text", 3, |options| {
        only(options, &["text", "id"])?;
        Some(Inset { text: text(options, "text")?, id: text(options, "id") })
    });
    check("details", 4, |options| {
        only(options, &["summaryText", "text", "id", "open"])?;
        Some(Details {
            summary: text(options, "summaryText")?,
            text: text(options, "text")?,
            id: text(options, "id"),
            open: flag(options, "open"),
        })
    });
    check("panel", 2, |options| {
        only(options, &["titleText", "text"])?;
        Some(Confirmation { title: text(options, "titleText")?, text: text(options, "text") })
    });
}

#[test]
fn ways_around_are_drawn_to_the_letter() {
    check("back-link", 2, |options| {
        only(options, &["href", "text"])?;
        Some(Link::new(
            text(options, "href").unwrap_or_else(|| "#".to_owned()),
            text(options, "text").unwrap_or_else(|| "Back".to_owned()),
        ))
    });
    check("skip-link", 3, |options| {
        only(options, &["href", "text"])?;
        Some(Link::new(
            text(options, "href").unwrap_or_else(|| "#content".to_owned()),
            text(options, "text")?,
        ))
    });
    check("breadcrumbs", 1, |options| {
        only(options, &["items", "collapseOnMobile"])?;
        flag(options, "collapseOnMobile").then_some(())?;
        let items = options["items"].as_array()?.iter();
        Some(json!({"items": items.map(|item| json!({
            "href": text(item, "href"), "text": text(item, "text"),
        })).collect::<Vec<_>>()}))
    });
    check("pagination", 9, pagination);
}

/// Pages as published: the numbers come from the example, the rest from our own type's fields.
fn pagination(options: &Value) -> Option<Value> {
    only(options, &["previous", "next", "items", "landmarkLabel"])?;
    let block = options["items"].is_null();
    let link = |key: &str| {
        let link = &options[key];
        text(link, "href").map(|href| {
            json!({
                "href": href,
                "text": text(link, "text"),
                "label": if block { text(link, "labelText") } else { None },
                "decorated": block && text(link, "labelText").is_none(),
            })
        })
    };
    let items = options["items"].as_array().cloned().unwrap_or_default();
    let number = |item: &Value| {
        json!({
            "number": text(item, "number"),
            "href": text(item, "href"),
            "label": text(item, "visuallyHiddenText")
                .unwrap_or_else(|| format!("Page {}", text(item, "number").unwrap_or_default())),
            "current": flag(item, "current"),
            "ellipsis": flag(item, "ellipsis"),
        })
    };
    Some(json!({
        "label": text(options, "landmarkLabel").unwrap_or_else(|| "Pagination".to_owned()),
        "block": block,
        "previous": link("previous"),
        "next": link("next"),
        "items": items.iter().map(number).collect::<Vec<_>>(),
    }))
}

#[test]
fn banners_are_drawn_to_the_letter() {
    check("notification-banner", 3, |options| {
        only(options, &["text", "type"])?;
        Some(if options["type"] == "success" {
            Banner::success(text(options, "text")?)
        } else {
            Banner::important(text(options, "text")?)
        })
    });
}

fn fact(row: &Value) -> Option<Fact> {
    only(row, &["key", "value", "actions"])?;
    only(&row["key"], &["text"])?;
    only(&row["value"], &["text"])?;
    let mut fact = Fact::new(nested(row, "key")?, nested(row, "value")?);
    if let Some(items) = row["actions"]["items"].as_array() {
        only(&row["actions"], &["items"])?;
        (!items.is_empty()).then_some(())?;
        for link in items {
            only(link, &["href", "text", "visuallyHiddenText"])?;
            let hidden = text(link, "visuallyHiddenText").unwrap_or_default();
            fact = fact.link(text(link, "href")?, text(link, "text")?, hidden);
        }
    }
    Some(fact)
}

#[test]
fn lists_of_facts_are_drawn_to_the_letter() {
    check("summary-list", 6, |options| {
        only(options, &["rows", "classes", "card"])?;
        let rows = options["rows"].as_array()?.iter().map(fact).collect::<Option<Vec<_>>>()?;
        let mut facts = Facts::new(rows);
        if options["classes"] == "govuk-summary-list--no-border" {
            facts = facts.without_lines();
        } else if !options["classes"].is_null() {
            return None;
        }
        if let Some(card) = options["card"].as_object() {
            only(&options["card"], &["title", "actions"])?;
            only(&card["title"], &["text"])?;
            facts = facts.card(text(&card["title"], "text")?);
            for link in options["card"]["actions"]["items"].as_array().into_iter().flatten() {
                only(link, &["href", "text", "visuallyHiddenText"])?;
                let hidden = text(link, "visuallyHiddenText").unwrap_or_default();
                facts = facts.card_link(text(link, "href")?, text(link, "text")?, hidden);
            }
        }
        Some(facts)
    });
}

#[test]
fn task_lists_are_drawn_to_the_letter() {
    check("task-list", 2, |options| {
        only(options, &["items", "idPrefix"])?;
        let items = options["items"].as_array()?.iter().map(|item| {
            only(item, &["title", "hint", "href", "status"])?;
            only(&item["title"], &["text"])?;
            only(&item["status"], &["text", "tag"])?;
            let mut task = Task::new(
                nested(item, "title")?,
                text(&item["status"], "text").unwrap_or_default(),
            );
            task.href = text(item, "href");
            task.hint = nested(item, "hint");
            let tag = &item["status"]["tag"];
            task.tag = text(tag, "text").map(|words| Tag {
                text: words,
                classes: text(tag, "classes").unwrap_or_default(),
            });
            Some(task)
        });
        let id = text(options, "idPrefix").unwrap_or_else(|| "task-list".to_owned());
        Some(Tasks::new(&id, items.collect::<Option<Vec<_>>>()?))
    });
}

#[test]
fn tables_are_drawn_to_the_letter() {
    check("table", 4, |options| {
        only(options, &["head", "rows", "firstCellIsHeader", "caption", "captionClasses"])?;
        let numeric = |cell: &Value| cell["format"] == "numeric";
        let columns = options["head"].as_array().into_iter().flatten().map(|column| {
            only(column, &["text", "format"])?;
            let words = text(column, "text")?;
            Some(if numeric(column) { Column::numeric(words) } else { Column::new(words) })
        });
        let rows = options["rows"].as_array()?.iter().map(|row| {
            let cells = row.as_array()?.iter().enumerate().map(|(place, cell)| {
                only(cell, &["text", "format"])?;
                let words = text(cell, "text")?;
                let drawn =
                    if numeric(cell) { Cell::number(words.as_str()) } else { Cell::text(words) };
                let heads = place == 0 && flag(options, "firstCellIsHeader");
                Some(if heads { drawn.heading() } else { drawn })
            });
            Some(Row::new(cells.collect::<Option<_>>()?))
        });
        let table = Table::new(columns.collect::<Option<_>>()?, rows.collect::<Option<_>>()?);
        Some(match text(options, "caption") {
            Some(caption) => {
                (options["captionClasses"] == "govuk-table__caption--m").then_some(())?;
                table.caption(caption).narrow()
            }
            None => table,
        })
    });
}
