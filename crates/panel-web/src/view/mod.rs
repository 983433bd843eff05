//! Pages: view-models that are ready to print, templates that only loop and show, one frame.
//!
//! [`Site`] is made once and shared as `Data<Site>`; [`Viewer`] is who looks, made by the session for
//! each request; [`Page`] is the title and the ways around; the body is a template with its data.
//!
//! A page with a template of its own, `templates/pages/actions/list.hbs`:
//!
//! ```text
//! <h1 class="govuk-heading-l">{{heading}}</h1>
//! {{#if late}}{{part "govuk/warning-text" late}}{{/if}}
//! {{part "govuk/table" actions}}
//! ```
//!
//! ```
//! use actix_web::{HttpResponse, web};
//! use panel_web::errors::Failure;
//! use panel_web::view::parts::Warning;
//! use panel_web::view::table::{Cell, Column, Row, Table};
//! use panel_web::view::{Colour, Page, Site, Viewer};
//! use serde::Serialize;
//!
//! #[derive(Serialize)]
//! struct ActionList { heading: String, late: Option<Warning>, actions: Table }
//!
//! async fn list(site: web::Data<Site>, viewer: web::ReqData<Viewer>) -> Result<HttpResponse, Failure> {
//!     let row = Row::new(vec![
//!         Cell::link("/actions/1", "Visit the home").heading(),
//!         Cell::tag("Overdue", Colour::Red),
//!         Cell::number(3),
//!     ]);
//!     let columns = vec![Column::new("Action"), Column::new("Status"), Column::numeric("Days late")];
//!     let view = ActionList {
//!         heading: "Actions".to_owned(),
//!         late: None,
//!         actions: Table::new(columns, vec![row]).hidden_caption("Actions").or_say("No actions."),
//!     };
//!     let page = Page::new("Actions").section_start("actions");
//!     Ok(site.page(&viewer, &page, "pages/actions/list", &view)?)
//! }
//! ```
//!
//! A page that needs no template of its own is put together from parts: [`Body`].
//!
//! In templates:
//!
//! - `{{name}}` escapes; there is no way to print markup. A name that the data lacks is an error, in
//!   `{{#if name}}` too, so every optional value is an `Option` that is always there.
//! - `{{part "govuk/table" table}}` draws a part over a value (`{{part partial this}}` for a
//!   [`controls::Control`]); it is faster than `{{> name}}`, which copies.
//! - `{{prose text}}` prints what people wrote, with its lines. `{{word "back"}}` prints a fixed word
//!   from [`words`].
//! - A form of one button: `<form method="post" action="…"><input type="hidden" name="csrf"
//!   value="{{@root/csrf}}">…</form>`; every body has `csrf` at its root.
//! - Parts under `govuk/` take the types of [`parts`], [`facts`], [`table`], [`paging`] and
//!   [`controls`], and are held to GOV.UK's published examples by tests; those under `parts/` take
//!   the types of [`lists`], [`order`] and forms. Rows of tables, places of orders, and
//!   controls of one label and one box are drawn in Rust: they are most of what the service draws.
//! - No style or script stands in a page: the content security policy lets none in. `data-autosave`,
//!   `data-reorder`, `data-shortcut="a"` and `data-timer="10"` are what `assets/panel.js` acts on.

pub mod body;
pub mod controls;
pub mod dates;
pub mod facts;
#[cfg(test)]
mod golden;
pub mod lists;
pub mod order;
pub mod page;
pub mod paging;
pub mod parts;
pub mod passkey;
pub mod sheet;
mod single;
pub mod site;
pub mod square;
pub mod table;
pub mod templates;
pub mod words;

pub use body::Body;
pub use page::{Page, Section, Viewer};
pub use parts::{Banner, Button, Colour, Link, Tag};
pub use sheet::{Act, Sheet};
pub use site::{Drawn, Settings, Site};
pub use templates::{Templates, ViewError};

/// Digits in groups of three: `20,000` from `20000`.
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
