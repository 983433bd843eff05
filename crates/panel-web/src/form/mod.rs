//! Forms: declared once, then read, refused and drawn from the same declaration.
//!
//! A field is a `static` whose type is the type of its value. A [`Form`] lists fields, under headings
//! if there are many. The handler that shows the form and the handler that takes it share both.
//!
//! ```
//! use actix_web::{HttpResponse, http::header, web};
//! use chrono::NaiveDate;
//! use panel_core::id::{ActionId, AgencyId, RequestId};
//! use panel_core::text::{Note, Title};
//! use panel_web::errors::Failure;
//! use panel_web::form::kinds::{date, id, line, narrative};
//! use panel_web::form::{Choice, Days, Field, Form, FormPage, FormView, Optional, Refused, Values};
//! use panel_web::view::{Button, Page, Site, Viewer};
//!
//! static TITLE: Field<Title> =
//!     line("title", "What needs to be done?").missing("Enter what needs to be done").noun("the action");
//! static WHY: Optional<Note> = narrative("why", "Why is it needed?").optional();
//! static OWNER: Field<AgencyId> = id("owner", "Owner agency");
//! static DUE: Field<NaiveDate> = date("due", "Due date").days(Days::FromToday);
//! static FORM: Form = Form::of(&[&TITLE, &WHY, &OWNER, &DUE]);
//!
//! /// What the use case takes.
//! struct AddAction { title: Title, why: Option<Note>, owner: AgencyId, due: NaiveDate, operation: RequestId }
//!
//! /// Takes the form out of what was sent.
//! fn read(values: &Values, today: NaiveDate) -> Result<AddAction, Refused> {
//!     let mut read = FORM.read(values, today);
//!     let (title, why) = (read.get(&TITLE), read.get(&WHY));
//!     let (owner, due) = (read.get(&OWNER), read.get(&DUE));
//!     let operation = read.operation();
//!     // Every field was read and every error noted before anything is given up.
//!     read.finish(|| Some(AddAction { title: title?, why: why?, owner: owner?, due: due?, operation: operation? }))
//! }
//!
//! /// Draws the form, empty or refused.
//! fn page(refused: Option<Refused>, agencies: Vec<Choice>, operation: RequestId) -> FormPage<'static> {
//!     let form = FormView::new(&FORM, "/actions/new")
//!         .choices(&OWNER, agencies)
//!         .operation(operation)
//!         .refused(refused)
//!         .button(Button::new("Add the action"))
//!         .cancel("/actions");
//!     FormPage::new("Add an action", form)
//! }
//!
//! /// `POST /actions/new`: `Values` has compared the session's token already.
//! async fn add(site: web::Data<Site>, viewer: web::ReqData<Viewer>, values: Values) -> Result<HttpResponse, Failure> {
//! #   let (today, agencies): (NaiveDate, Vec<Choice>) = (NaiveDate::default(), Vec::new());
//! #   let fresh: RequestId = "0198f0a4-0000-7000-8000-000000000001".parse().unwrap();
//!     match read(&values, today) {
//!         // Here the use case runs: `web::block(move || app.add_action(ctx, command)).await??`.
//!         Ok(command) => Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/actions")).finish()),
//!         Err(refused) => {
//!             let page_of = Page::new("Add an action").section("actions").back("/actions", "Actions");
//!             Ok(page(Some(refused), agencies, fresh).answer(&site, &viewer, page_of)?)
//!         }
//!     }
//! }
//! ```
//!
//! - Kinds of field: [`kinds`]. `.optional()` turns a `Field<T>` into an `Optional<T>`, whose value is
//!   an `Option<T>`. A field under a choice is declared with `.shown_when("status", "other")` and read
//!   only when that was chosen.
//! - A value that a use case refuses comes back beside its field by [`Refused::by_rule`]; a reason the
//!   handler finds itself by [`Reader::refuse`].
//! - Rows that the database decides: `OUTCOME.under(&name, &label)` in a [`Layout`].
//! - Filters are read from a [`Query`] and drawn by [`FormView::filters`].
//! - A stale write: [`StaleView`]. Check your answers: [`CheckView`] (`do=confirm` or `do=change`).
//!   What cannot be undone: [`ConfirmView`]. A form with a file: [`Upload`].
//! - A field that the form does not list, a single field sent twice and a body over its limit are
//!   refused before any handler sees a value.

mod draw;
mod extract;
pub mod field;
pub mod kept;
pub mod kinds;
pub mod layout;
pub mod parse;
pub mod read;
pub mod review;
pub mod stale;
pub mod upload;
pub mod values;
pub mod view;
pub mod wording;

pub use extract::{Query, Upload};
pub(crate) use extract::{Typed, brings_file, is_packed, whole};
pub use field::{Choice, Days, Declared, Field, Optional, Readable, Size};
pub use kept::{Kept, local_path};
pub use layout::{Form, Layout, Section};
pub use read::{FieldError, Reader, Refused};
pub use review::{CheckView, ConfirmView};
pub use stale::StaleView;
pub use values::{InputError, Values};
pub use view::{FormPage, FormView};
pub use wording::Fault;

/// The name under which a form's buttons say which of them was pressed.
pub const PRESSED: &str = "do";

/// The name under which the session's token against forged requests is sent.
pub const CSRF: &str = "csrf";

/// The name under which the id of one intended change is sent.
pub const OPERATION: &str = "operation";

/// The name under which the version of the row that the page showed is sent.
pub const VERSION: &str = "version";

#[cfg(test)]
mod tests;
#[cfg(test)]
mod view_tests;
