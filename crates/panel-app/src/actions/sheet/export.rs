//! Writes the register to a file.

use super::columns::{Col, cells};
use crate::actions::register::{Filters, Row};
use crate::budget;
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded;
use panel_core::coded::Coded;
use panel_sheets::{Table, write_csv, write_xlsx};
use panel_store::actions::register;
use serde::{Deserialize, Serialize};

/// Actions of one file at most: what is written can be read back within the limits of reading.
pub const MOST_EXPORTED: usize = 20_000;

coded! {
    /// The format of a file.
    pub enum Format: "file format" {
        /// An Excel workbook.
        Xlsx = "xlsx" => "Excel workbook",
        /// Separated text.
        Csv = "csv" => "CSV",
    }
}

/// A file to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How many actions it holds.
    pub rows: usize,
}

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The whole list as a file, with the same filters and in the same order as on the page. It is noted
/// as a disclosure.
///
/// # Errors
/// [`AppError::Spent`]; [`AppError::Rule`] `too_many` for more than [`MOST_EXPORTED`] actions; [`AppError::Invalid`] for a
/// range of dates that runs backwards.
pub fn export(ctx: &Ctx<'_>, filters: &Filters, format: Format) -> Result<File, AppError> {
    ctx.must_be_sure()?;
    let filter = filters.filter()?;
    ctx.hand_out(|az| {
        budget::takes_file(az)?;
        let Some(lines) = register::whole(az, &filter, filters.order(), MOST_EXPORTED)? else {
            let message = format!(
                "There are more than {MOST_EXPORTED} actions. Choose fewer by filter, such as a \
                 range of due dates"
            );
            return Err(AppError::rule("too_many", message));
        };
        let deed = Deed::new(AuditKind::Export, "action.export", SubjectKind::Listing, None);
        az.did(Deed {
            panel: filter.panel,
            ..deed.with(format!("{} {} actions", format.code(), lines.len()))
        });
        let rows: Vec<Row> = lines.into_iter().map(|line| Row::new(line, ctx.today)).collect();
        write(ctx, &rows, format)
    })
}

fn write(ctx: &Ctx<'_>, rows: &[Row], format: Format) -> Result<File, AppError> {
    let table = Table {
        title: "Actions".to_owned(),
        columns: Col::ALL.iter().map(|col| col.column()).collect(),
        rows: rows.iter().map(|row| cells(row, ctx.today)).collect(),
    };
    let bytes = match format {
        Format::Xlsx => write_xlsx(&table),
        Format::Csv => write_csv(&table),
    };
    Ok(File {
        name: format!("actions-{}.{}", ctx.today, format.code()),
        media_type: format.media_type().to_owned(),
        bytes: bytes.map_err(AppError::failed)?,
        rows: rows.len(),
    })
}
