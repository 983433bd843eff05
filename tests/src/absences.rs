//! What does not compile: each wall of the house, with somebody who runs against it.
//!
//! This does, and stands for what the cases below have in common:
//!
//! ```
//! use panel_app::{AppError, Ctx, cases};
//! use panel_core::id::CaseId;
//! fn look(ctx: &Ctx<'_>, case: CaseId) -> Result<cases::CaseDetail, AppError> { cases::show(ctx, case) }
//! fn is_shown<T: std::fmt::Debug>() {}
//! fn is_sent<T: serde::Serialize>() {}
//! is_shown::<panel_store::cases::CaseRow>();
//! is_sent::<panel_store::cases::CaseRow>();
//! ```
//!
//! A query without anybody who asks:
//! ```compile_fail
//! fn find(case: panel_core::id::CaseId) { let _ = panel_store::cases::find(case); }
//! ```
//! A transaction that nobody opened:
//! ```compile_fail
//! let az = panel_store::Authz::new();
//! ```
//! One made by hand:
//! ```compile_fail
//! fn forge<'t>(caller: &'t panel_store::Caller<'t>) -> panel_store::Authz<'t> { panel_store::Authz { caller } }
//! ```
//! One that is kept beyond its commit:
//! ```compile_fail
//! fn keep(store: &panel_store::Store, caller: &panel_store::Caller<'_>) {
//!     let mut kept = None;
//!     let _: Result<(), panel_store::StoreError> = store.read(caller, |az| { kept = Some(az); Ok(()) });
//! }
//! ```
//! The connection below it:
//! ```compile_fail
//! fn reach(az: &mut panel_store::Authz<'_>) { let _ = az.conn(); }
//! ```
//! Its scope:
//! ```compile_fail
//! fn widen(az: &mut panel_store::Authz<'_>) { az.scope().hidden.clear(); }
//! ```
//! Its notes, so that nothing is logged:
//! ```compile_fail
//! fn silence(az: panel_store::Authz<'_>) { let _ = az.into_notes(); }
//! ```
//! A use case without a request:
//! ```compile_fail
//! fn look(app: &panel_app::App, case: panel_core::id::CaseId) { let _ = panel_app::cases::show(app, case); }
//! ```
//! A request's transaction, from outside the use cases:
//! ```compile_fail
//! fn look(ctx: &panel_app::Ctx<'_>) { let _ = ctx.read(|_| Ok::<_, panel_app::AppError>(())); }
//! ```
//! The same for a change:
//! ```compile_fail
//! fn change(ctx: &panel_app::Ctx<'_>) { let _ = ctx.write(|_| Ok::<_, panel_app::AppError>(())); }
//! ```
//! An id of one thing for another:
//! ```compile_fail
//! fn look(ctx: &panel_app::Ctx<'_>, person: panel_core::id::PersonId) { let _ = panel_app::cases::show(ctx, person); }
//! ```
//! An id from text that nobody read:
//! ```compile_fail
//! let case: panel_core::id::CaseId = "0198f0a4-0000-7000-8000-000000000001";
//! ```
//! A note that nobody checked:
//! ```compile_fail
//! let note: panel_core::text::Note = "Anything".to_owned();
//! ```
//! A route whose handler is put in from outside the table:
//! ```compile_fail
//! fn add(mut route: panel_web::routes::Route) { route.mount = || actix_web::web::get(); }
//! ```
//! A session of the pages:
//! ```compile_fail
//! use panel_web::session::live;
//! ```
//! A transaction in an answer:
//! ```compile_fail
//! fn is_sent<T: serde::Serialize>() {}
//! is_sent::<panel_store::Authz<'static>>();
//! ```
//! What was done, without being said in whose name:
//! ```compile_fail
//! let caller = panel_store::Caller { who: panel_store::Who::Nobody };
//! ```
