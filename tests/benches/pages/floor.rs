//! The least that a page can cost: bare statements, a bare template, no product between them.

use anyhow::{Context, Result};
use handlebars::Handlebars;
use panel_app::Ctx;
use panel_store::floor::{Ground, Rows, page};
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
    bare: Option<Store>,
    templates: Handlebars<'static>,
    token_hash: String,
    rows: Rows,
}

impl<'w> Floor<'w> {
    pub(crate) fn new(world: &'w World, who: &str, token_hash: String, rows: Rows) -> Result<Self> {
        let mut templates = Handlebars::new();
        templates.register_template_string("bare", BARE)?;
        let (ctx, store, bare) = (world.by(who), world.app.store.clone(), world.unwalled()?);
        Ok(Self { ctx, store, bare, templates, token_hash, rows })
    }

    /// Reads, logs, commits and renders once; how many items and actions there were.
    pub(crate) fn draw(&self) -> Result<(usize, usize)> {
        self.on(&self.store, Ground::Walled)
    }

    /// Whether there is a wall that it can do without.
    pub(crate) fn is_walled(&self) -> bool {
        self.bare.is_some()
    }

    /// The same on the tables alone, where a wall stands before them.
    pub(crate) fn draw_bare(&self) -> Result<(usize, usize)> {
        self.on(self.bare.as_ref().context("there is no wall")?, Ground::Bare)
    }

    fn on(&self, store: &Store, ground: Ground) -> Result<(usize, usize)> {
        let caller = Caller {
            who: Who::Person(self.ctx.actor().clone()),
            now: self.ctx.now,
            today: self.ctx.today,
            request: self.ctx.request,
            ids: &*self.ctx.app.ids,
        };
        let shown = page(store, ground, &self.token_hash, &caller, self.rows)?;
        let html = self.templates.render("bare", &shown)?;
        (html.len() > BARE.len() / 2).then_some(shown.counts()).context("nothing was drawn")
    }
}
