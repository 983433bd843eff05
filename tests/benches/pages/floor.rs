//! The least that a page can cost: bare statements, a bare template, no product between them.

use anyhow::{Context, Result};
use handlebars::Handlebars;
use panel_app::Ctx;
use panel_store::Store;
use panel_store::floor::{Ground, Rows, page};
use panel_tests::caller;
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
    ground: Ground,
    templates: Handlebars<'static>,
    token_hash: String,
    rows: Rows,
}

impl<'w> Floor<'w> {
    /// Behind the wall, as the product.
    pub(crate) fn new(world: &'w World, who: &str, token_hash: &str, rows: Rows) -> Result<Self> {
        Self::on(world.app.store.clone(), Ground::Walled, world.by(who), token_hash, rows)
    }

    /// On the tables alone, where a wall stands before them.
    pub(crate) fn bare(
        world: &'w World,
        who: &str,
        token_hash: &str,
        rows: Rows,
    ) -> Result<Option<Self>> {
        let on = |store| Self::on(store, Ground::Bare, world.by(who), token_hash, rows);
        world.unwalled()?.map(on).transpose()
    }

    fn on(
        store: Store,
        ground: Ground,
        ctx: Ctx<'w>,
        token_hash: &str,
        rows: Rows,
    ) -> Result<Self> {
        let mut templates = Handlebars::new();
        templates.register_template_string("bare", BARE)?;
        Ok(Self { ctx, store, ground, templates, token_hash: token_hash.to_owned(), rows })
    }

    /// Reads, logs, commits and renders once; how many items and actions there were.
    pub(crate) fn draw(&self) -> Result<(usize, usize)> {
        let caller = caller::of(&self.ctx);
        let shown = page(&self.store, self.ground, &self.token_hash, &caller, self.rows)?;
        let html = self.templates.render("bare", &shown)?;
        (html.len() > BARE.len() / 2).then_some(shown.counts()).context("nothing was drawn")
    }
}
