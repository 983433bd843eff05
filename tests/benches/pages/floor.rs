//! The least that a page can cost: bare statements, a bare template, no product between them.

use anyhow::{Context, Result};
use handlebars::Handlebars;
use panel_app::Ctx;
use panel_store::floor::{Rows, page};
use panel_store::{Caller, Store, Who};
use panel_tests::world::World;

/// Every field of every row in a cell, and nothing else.
const BARE: &str = "<!doctype html><title>Floor</title><h1>Floor</h1>\
    <table>{{#each items}}<tr id=\"{{id}}\"><td>{{position}}<td>{{reference}}<td>{{surname}}\
    <td>{{forename}}<td>{{born_on}}<td>{{title}}<td>{{minutes}}<td>{{why}}{{/each}}</table>\
    <table>{{#each actions}}<tr id=\"{{id}}\"><td>{{reference}}<td>{{surname}}<td>{{forename}}\
    <td>{{text}}<td>{{agency}}<td>{{user}}<td>{{set_on}}<td>{{due}}<td>{{due_word}}<td>{{state}}\
    <td>{{outcome}}<td>{{version}}{{/each}}</table>\
    {{#each agencies}}<option value=\"{{this.[0]}}\">{{this.[1]}}{{/each}}\
    {{#each people}}<option value=\"{{this.[0]}}\">{{this.[1]}}{{/each}}{{counted}} {{requests}} {{issued}} {{waiting}}";

/// A page without a product.
pub(crate) struct Floor<'w> {
    ctx: Ctx<'w>,
    store: Store,
    templates: Handlebars<'static>,
    token_hash: String,
    rows: Rows,
}

impl<'w> Floor<'w> {
    pub(crate) fn new(world: &'w World, who: &str, token_hash: String, rows: Rows) -> Result<Self> {
        let mut templates = Handlebars::new();
        templates.register_template_string("bare", BARE)?;
        Ok(Self { ctx: world.by(who), store: world.unwalled()?, templates, token_hash, rows })
    }

    /// Reads, logs, commits and renders once; how many items and actions there were.
    pub(crate) fn draw(&self) -> Result<(usize, usize)> {
        let caller = Caller {
            who: Who::Person(self.ctx.actor().clone()),
            now: self.ctx.now,
            today: self.ctx.today,
            request: self.ctx.request,
            ids: &*self.ctx.app.ids,
        };
        let shown = page(&self.store, &self.token_hash, &caller, self.rows)?;
        let html = self.templates.render("bare", &shown)?;
        (html.len() > BARE.len() / 2).then_some(shown.counts()).context("nothing was drawn")
    }
}
