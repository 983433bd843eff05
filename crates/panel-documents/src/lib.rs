//! Documents: the agenda, the minutes and the action list, as a page to print and as plain text.
//!
//! A document is data first: a view made from core's values for one audience, with every word it will
//! show. Only then is it drawn, so that what a reader may not know is absent from the data and cannot
//! reach any form of it. Nothing here reads a clock, a database or a setting.
//!
//! To add a document: write its view in a module of its own (`pub struct Minutes`, `Serialize`, with a
//! constructor from core's values), put its body in `templates/<name>.hbs`, and implement [`Document`]:
//! the template's name, the heading, whose it is, and the lines of its plain text through [`Text`].
//! [`html`] and [`text`] then put the same frame around it as around every other.
//!
//! In a template every name must exist in the data (`{{#if name}}` too), everything is escaped, and
//! what people typed is shown by `{{prose name}}`, which keeps its lines. The body begins at `<h2>`;
//! the frame has the `<h1>`. Looks come from classes alone: those of GOV.UK Frontend, and
//! `panel-document…` of the service's own style sheet, which also says how it prints.

pub mod actions;
pub mod agenda;
pub mod engine;
pub mod markup;
pub mod minutes;
mod owed;
mod page;
mod text;

pub use page::{Document, Frame, RenderError, body, html, text};
pub use text::Text;
