//! The JSON interface: the same use cases as the pages, for programs with a person's token.
//!
//! An area is a list of rows, `api!(PUT "/api/v1/agencies/{agency}", Administrator => change or show,
//! "Change an agency")`, and a function for each, whose types say what is taken and answered:
//!
//! ```text
//! fn change(ctx: &Ctx<'_>, Path(id): Path<AgencyId>, edit: Edit<AgencyForm>) -> Told<Versioned<Agency>>
//! ```
//!
//! The router calls that function and [`document`] describes its types, so that neither can know
//! something that the other does not.

pub(crate) mod actions;
pub(crate) mod agencies;
pub(crate) mod agenda;
pub(crate) mod cases;
pub(crate) mod document;
mod endpoint;
pub(crate) mod glass;
pub(crate) mod handling;
pub(crate) mod imports;
pub(crate) mod information;
mod input;
mod json;
pub(crate) mod live;
pub(crate) mod me;
pub(crate) mod meetings;
pub(crate) mod minutes;
mod named;
pub(crate) mod panels;
pub(crate) mod papers;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod referrals;
mod reply;
pub(crate) mod series;
pub(crate) mod transfers;
pub(crate) mod users;

use crate::routes::Route;

/// What the areas need.
mod prelude {
    pub(super) use super::endpoint::{Path, Paths, api};
    pub(super) use super::input::{
        Because, Body, Edit, Nothing, Paged, Plain, Query, Upload, Whole,
    };
    pub(super) use super::reply::{
        Done, Download, Listed, Made, New, Paper, Seen, Told, Version, all, changed, done, made,
        one, page, told,
    };
    pub(super) use crate::routes::Route;
    pub(super) use panel_app::{AppError, Ctx};
    pub(super) use serde::{Deserialize, Serialize};
    pub(super) use utoipa::ToSchema;
}

/// The rows of every area.
pub(crate) fn routes() -> Vec<Route> {
    let areas = [
        document::routes(),
        me::routes(),
        agencies::routes(),
        users::routes(),
        panels::routes(),
        series::routes(),
        meetings::routes(),
        agenda::routes(),
        live::routes(),
        minutes::routes(),
        papers::routes(),
        information::routes(),
        referrals::routes(),
        cases::routes(),
        glass::routes(),
        people::routes(),
        actions::routes(),
        transfers::routes(),
        handling::routes(),
        imports::routes(),
        records::routes(),
    ];
    areas.concat()
}
