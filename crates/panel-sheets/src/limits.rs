//! What a file may hold. Together the limits keep reading below 64 MB of memory.

/// Bytes of an uploaded workbook.
pub const FILE_BYTES: usize = 20 << 20;

/// Bytes of an uploaded CSV file, whose letters may take three times the room once decoded.
pub const CSV_BYTES: usize = 10 << 20;

/// Files inside a workbook.
pub const PARTS: usize = 2_000;

/// Bytes that all files inside a workbook unpack to.
pub const UNPACKED_BYTES: u64 = 96 << 20;

/// How many times larger than packed a workbook of more than [`FREE_BYTES`] may be. Spreadsheets
/// reach 40; a bomb reaches 1,000.
pub const RATIO: u64 = 200;

/// Bytes up to which the ratio does not matter.
pub const FREE_BYTES: u64 = 1 << 20;

/// Bytes of one file inside a workbook that is held in memory as a whole, such as the table of
/// texts; sheets are read as a stream.
pub const PART_BYTES: u64 = 12 << 20;

/// Bytes between two marks of a sheet's XML: a cell's text at its longest stays well below.
pub const XML_RUN_BYTES: usize = 512 << 10;

/// Sheets in a workbook.
pub const SHEETS: usize = 100;

/// Rows with content in all sheets together.
pub const ROWS: usize = 100_000;

/// Columns in a sheet.
pub const COLUMNS: usize = 256;

/// Cells with content in all sheets together.
pub const CELLS: usize = 500_000;

/// Characters in one cell; Excel has the same limit.
pub const CELL_CHARS: usize = 32_767;

/// Bytes of text in all cells together.
pub const TEXT_BYTES: usize = 16 << 20;

/// Rows of one written sheet under its headings; more go to a further sheet.
pub const SHEET_ROWS: usize = 1_048_575;
