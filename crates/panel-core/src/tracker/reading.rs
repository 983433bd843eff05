//! Reads a whole workbook, sheet by sheet, into a preview.

use super::actions::{self, Surroundings};
use super::agencies::{Agencies, Sighting};
use super::fields::{Field, SheetKind};
use super::mapping::{ColumnMapping, Mapping, SheetMapping};
use super::preview::{Counts, Preview, SamePerson, WordUse};
use super::reader::RowReader;
use super::remark::{BadKind, BadRow, Place, Warning, WarningKind};
use super::sheet::{Cell, Row, Sheet, Workbook};
use super::status::ReferralWord;
use super::{dates, referrals, reps};
use crate::agency::Agency;
use crate::contact::Postcode;
use crate::likeness::{self, Record};
use crate::text::{EmailAddress, Name, Title, fold};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A sheet that is read, with its mapping and what its rows are.
type Entry<'a> = (&'a Sheet, &'a SheetMapping, SheetKind);

/// A workbook that is being read.
pub(super) struct Reading<'a> {
    mapping: &'a Mapping,
    known: &'a [Agency],
    today: NaiveDate,
    entries: Vec<Entry<'a>>,
    agencies: Agencies,
    /// The good rows that were read, by what is in them.
    contents: HashMap<(SheetKind, String), u32>,
    /// The external references that were given, with the row that has each.
    externals: HashMap<String, u32>,
    preview: Preview,
}

impl<'a> Reading<'a> {
    /// Prepares to read; the mapping must have no problems on this workbook.
    pub(super) fn new(
        workbook: &'a Workbook,
        mapping: &'a Mapping,
        known: &'a [Agency],
        today: NaiveDate,
    ) -> Self {
        let find = |name: &str| workbook.sheets.iter().find(|sheet| sheet.name == name);
        let sheets = mapping.sheets.iter();
        let entries: Vec<Entry<'a>> =
            sheets.filter_map(|entry| Some((find(&entry.sheet)?, entry, entry.kind?))).collect();
        let agencies = recognise_agencies(&entries, mapping, known);
        let (contents, externals) = (HashMap::new(), HashMap::new());
        let preview = Preview::default();
        Self { mapping, known, today, entries, agencies, contents, externals, preview }
    }

    /// Reads everything.
    pub(super) fn finish(mut self) -> Preview {
        self.remark_on_columns();
        let bad_references = self.read_referrals();
        self.read_actions(&bad_references);
        self.remark_on_hearings();
        self.read_reps();
        self.preview.action_words = self.words(SheetKind::Actions, actions::meaning);
        self.preview.referral_words = self.words(SheetKind::Referrals, referrals::meaning);
        self.link_people();
        self.sort_and_count();
        self.preview.agencies = self.agencies.into_guesses();
        self.preview
    }

    fn of_kind(&self, kind: SheetKind) -> Vec<Entry<'a>> {
        self.entries.iter().filter(|(.., found)| *found == kind).copied().collect()
    }

    fn remark_on_columns(&mut self) {
        for (sheet, mapping, _) in &self.entries {
            for column in mapping.columns.iter().filter(|column| column.field.is_none()) {
                let values = rows_of(sheet, mapping)
                    .filter(|row| !row.cell(column.column).is_blank())
                    .count();
                if values > 0 {
                    self.preview.warnings.push(column_left_out(mapping, column, values));
                }
            }
        }
    }

    /// Reads the referrals; answers the references of the bad ones with their rows.
    fn read_referrals(&mut self) -> HashMap<String, u32> {
        let mut bad_references = HashMap::new();
        for (sheet, mapping, kind) in self.of_kind(SheetKind::Referrals) {
            for row in rows_of(sheet, mapping) {
                let mut reader = RowReader::new(sheet, mapping, row, self.today);
                let draft =
                    referrals::read(&mut reader, row, &sheet.name, self.mapping, &self.agencies);
                let draft = draft.filter(|_| !self.is_repeated(kind, &mut reader, row));
                let draft = draft.and_then(|mut draft| {
                    let named = draft.reference.is_some().then_some(Field::Reference);
                    self.claim(&mut draft.origin.external, named, &mut reader, row).then_some(draft)
                });
                let reference = fold(&reader.words(Field::Reference));
                if !reader.bad.is_empty() && !reference.is_empty() {
                    bad_references.entry(reference).or_insert(row.number);
                }
                self.preview.referrals.extend(draft);
                self.keep_remarks(reader);
            }
        }
        bad_references
    }

    fn read_actions(&mut self, bad_references: &HashMap<String, u32>) {
        let meetings = self.meetings();
        let known = std::mem::take(&mut self.preview.referrals);
        let around = Surroundings::new(&known, bad_references, &meetings);
        for (sheet, mapping, kind) in self.of_kind(SheetKind::Actions) {
            for row in rows_of(sheet, mapping) {
                let mut reader = RowReader::new(sheet, mapping, row, self.today);
                let (all, agencies) = (self.mapping, &self.agencies);
                let draft = actions::read(&mut reader, row, &sheet.name, all, agencies, &around);
                let draft = draft.filter(|_| !self.is_repeated(kind, &mut reader, row));
                let draft = draft.and_then(|mut draft| {
                    self.claim(&mut draft.origin.external, None, &mut reader, row).then_some(draft)
                });
                self.preview.actions.extend(draft);
                self.keep_remarks(reader);
            }
        }
        self.preview.referrals = known;
        self.preview.meetings = meetings.into_iter().collect();
    }

    /// Holds what the log says of each case against the meetings that set actions about it.
    fn remark_on_hearings(&mut self) {
        let actions = self.preview.actions.iter();
        let heard: HashSet<&str> = actions.filter_map(|it| it.referral.as_deref()).collect();
        let odd = self.preview.referrals.iter().filter_map(|referral| {
            let of = &referral.origin;
            let said = match (referral.status, heard.contains(of.external.as_str())) {
                (ReferralWord::Heard, false) => WarningKind::NoHearing,
                (ReferralWord::AwaitingTriage, true) => WarningKind::HeardUntriaged,
                _ => return None,
            };
            Some(((of.sheet.as_str(), of.row), said))
        });
        let odd: HashMap<(&str, u32), WarningKind> = odd.collect();
        let mut warnings = Vec::new();
        for (sheet, mapping, _) in self.of_kind(SheetKind::Referrals) {
            for row in rows_of(sheet, mapping) {
                if let Some(kind) = odd.get(&(sheet.name.as_str(), row.number)) {
                    let reader = RowReader::new(sheet, mapping, row, self.today);
                    let place = reader.place(Field::Status);
                    let words = hearing_words(*kind).to_owned();
                    warnings.push(Warning { place, kind: *kind, words });
                }
            }
        }
        self.preview.warnings.extend(warnings);
    }

    fn read_reps(&mut self) {
        let mut principals = HashMap::new();
        for (sheet, mapping, kind) in self.of_kind(SheetKind::Reps) {
            for row in rows_of(sheet, mapping) {
                let mut reader = RowReader::new(sheet, mapping, row, self.today);
                let draft = reps::read(&mut reader, row, &sheet.name, &self.agencies, self.known);
                let draft = draft.filter(|_| !self.is_repeated(kind, &mut reader, row));
                let draft = draft.and_then(|mut draft| {
                    let external = &mut draft.origin.external;
                    self.claim(external, Some(Field::Email), &mut reader, row).then_some(draft)
                });
                if let Some(draft) = draft {
                    let words = reader.words(Field::DeputyFor);
                    let place = reader.place(Field::DeputyFor);
                    principals.insert(draft.origin.external.clone(), (words, place));
                    self.preview.reps.push(draft);
                }
                self.keep_remarks(reader);
            }
        }
        for external in reps::find_principals(&mut self.preview.reps, &principals) {
            let Some((_, place)) = principals.remove(&external) else { continue };
            let words = "the person this is the deputy of was not found".to_owned();
            self.preview.warnings.push(Warning { place, kind: WarningKind::LeftOut, words });
        }
    }

    fn keep_remarks(&mut self, reader: RowReader<'_>) {
        // What is said about a good row would only distract from what makes a row bad.
        if reader.bad.is_empty() {
            self.preview.warnings.extend(reader.warnings);
        }
        self.preview.bad.extend(reader.bad);
    }

    /// Whether a good row stands in the file already, word for word.
    fn is_repeated(&mut self, kind: SheetKind, reader: &mut RowReader<'_>, row: &Row) -> bool {
        let first = *self.contents.entry((kind, reader.content())).or_insert(row.number);
        if first != row.number {
            let words = format!("the row is the same as row {first} and is taken once");
            let place = Place { column: None, heading: None, ..reader.place(Field::Reference) };
            reader.warnings = vec![Warning { place, kind: WarningKind::RepeatedRow, words }];
            self.preview.counts.repeated_rows += 1;
        }
        first != row.number
    }

    /// Makes sure that an external reference is given once. Where `named` is the field that the
    /// tracker itself tells rows apart by, a second row with it is bad; else it is numbered.
    fn claim(
        &mut self,
        external: &mut String,
        named: Option<Field>,
        reader: &mut RowReader<'_>,
        row: &Row,
    ) -> bool {
        let bare = external.clone();
        for number in 2_u32.. {
            let Some(first) = self.externals.get(external.as_str()) else { break };
            if let Some(field) = named {
                let reason = format!("stands in row {first} too, with other content");
                reader.reject(field, BadKind::Repeated, reason);
                return false;
            }
            *external = format!("{bare} #{number}");
        }
        self.externals.insert(external.clone(), row.number);
        true
    }

    /// Every meeting that some action names, bad rows included: `next panel` counts them all.
    fn meetings(&self) -> BTreeSet<NaiveDate> {
        let mut meetings = BTreeSet::new();
        for (sheet, mapping, _) in self.of_kind(SheetKind::Actions) {
            let Some(column) = mapping.column(Field::Meeting) else { continue };
            for row in rows_of(sheet, mapping) {
                let cell = row.cell(column.column);
                let read = dates::read(cell, dates::Purpose::Event, self.today);
                meetings.extend(read.ok().flatten());
            }
        }
        meetings
    }

    /// The status words of all sheets of a kind, in the order in which they are first written.
    fn words<T>(
        &self,
        kind: SheetKind,
        meaning: impl Fn(&str, &Mapping) -> Option<T>,
    ) -> Vec<WordUse<T>> {
        let mut uses: Vec<WordUse<T>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (sheet, mapping, _) in self.of_kind(kind) {
            for row in rows_of(sheet, mapping) {
                let written = words_in(row, mapping, Field::Status);
                let folded = fold(&written);
                let place = *places.entry(folded.clone()).or_insert(uses.len());
                if let Some(found) = uses.get_mut(place) {
                    found.rows += 1;
                } else {
                    let meaning = meaning(&written, self.mapping);
                    let written = written.trim().to_owned();
                    uses.push(WordUse { written, folded, rows: 1, meaning });
                }
            }
        }
        uses
    }

    fn link_people(&mut self) {
        let text = |name: Option<&Name>| name.map_or("", Name::as_str).to_owned();
        let records = self.preview.referrals.iter().map(|referral| {
            let subject = &referral.subject;
            let forename = text(subject.forename.as_ref());
            let address = subject.address.as_ref().map_or("", Title::as_str);
            Record::new(subject.surname.as_str(), &forename, subject.born)
                .living_at(address, subject.postcode.as_ref().map_or("", Postcode::as_str))
                .known_as(&text(subject.alias.as_ref()))
        });
        let groups = likeness::groups(&records.collect::<Vec<_>>());
        let links = groups.into_iter();
        self.preview.links = links
            .map(|group| SamePerson { referrals: group.members, evidence: group.pairs })
            .collect();
    }

    fn sort_and_count(&mut self) {
        let order: HashMap<&str, usize> = self
            .entries
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.0.name.as_str(), at))
            .collect();
        let key = |place: &Place| {
            let sheet = order.get(place.sheet.as_str()).copied();
            let column = place.column.clone().unwrap_or_default();
            (sheet, place.row, column.len(), column)
        };
        let preview = &mut self.preview;
        preview.bad.sort_by_cached_key(|bad| key(&bad.place));
        preview.warnings.sort_by_cached_key(|warning| key(&warning.place));
        let bad_rows: BTreeSet<_> =
            preview.bad.iter().map(|BadRow { place, .. }| (&place.sheet, place.row)).collect();
        let linked: usize = preview.links.iter().map(|link| link.referrals.len() - 1).sum();
        let rows = self.entries.iter().map(|(sheet, mapping, _)| rows_of(sheet, mapping).count());
        preview.counts = Counts {
            rows: rows.sum(),
            referrals: preview.referrals.len(),
            actions: preview.actions.len(),
            reps: preview.reps.len(),
            bad_rows: bad_rows.len(),
            repeated_rows: preview.counts.repeated_rows,
            people: preview.referrals.len() - linked,
        };
    }
}

/// The rows under the headings. Rows without anything in a column that is read are no rows, nor are
/// headings that stand again further down.
fn rows_of<'a>(sheet: &'a Sheet, mapping: &'a SheetMapping) -> impl Iterator<Item = &'a Row> {
    let read = || mapping.columns.iter().filter(|column| column.field.is_some());
    sheet.rows.iter().filter(move |row| {
        row.number > mapping.heading_row
            && read().any(|column| !row.cell(column.column).is_blank())
            && !read().all(|column| is_heading(row.cell(column.column), column))
    })
}

fn is_heading(cell: &Cell, column: &ColumnMapping) -> bool {
    fold(&cell.shown()) == fold(&column.heading)
}

fn words_in<'a>(row: &'a Row, mapping: &SheetMapping, field: Field) -> Cow<'a, str> {
    mapping
        .column(field)
        .map_or(Cow::Borrowed(""), |column| row.cell(column.column).value().shown())
}

fn hearing_words(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::NoHearing => {
            "no meeting of the file set an action about this case, so that it comes to the next \
             agenda as a new one"
        }
        _ => {
            "meetings set actions about this person: they get a case, and the referral still \
             awaits triage"
        }
    }
}

fn column_left_out(mapping: &SheetMapping, column: &ColumnMapping, values: usize) -> Warning {
    let same = |other: &&ColumnMapping| {
        other.field.is_some() && fold(&other.heading) == fold(&column.heading)
    };
    let words = match mapping.columns.iter().find(same) {
        Some(other) => {
            let letters = other.letters();
            format!("is not read ({values} values): column {letters} has the same heading")
        }
        None => format!("is not read ({values} values)"),
    };
    let place = Place {
        sheet: mapping.sheet.clone(),
        row: mapping.heading_row,
        column: Some(column.letters()),
        heading: Some(column.heading.clone()),
        value: column.heading.clone(),
    };
    Warning { place, kind: WarningKind::ColumnLeftOut, words }
}

fn recognise_agencies(entries: &[Entry<'_>], mapping: &Mapping, known: &[Agency]) -> Agencies {
    let mut seen: BTreeMap<(String, Option<String>, bool), usize> = BTreeMap::new();
    for (sheet, columns, kind) in entries {
        for row in rows_of(sheet, columns) {
            let words = words_in(row, columns, Field::Agency).into_owned();
            let email = match kind {
                SheetKind::Referrals => words_in(row, columns, Field::ReferrerEmail),
                SheetKind::Reps => words_in(row, columns, Field::Email),
                SheetKind::Actions => Cow::Borrowed(""),
            };
            let email = EmailAddress::parse(&email).ok().map(|email| email.folded());
            let domain = email.and_then(|email| Some(email.rsplit_once('@')?.1.to_owned()));
            *seen.entry((words, domain, *kind == SheetKind::Reps)).or_default() += 1;
        }
    }
    let sightings: Vec<Sighting<'_>> = seen
        .iter()
        .map(|((words, domain, is_rep), rows)| Sighting {
            words,
            domain: domain.as_deref(),
            is_rep: *is_rep,
            rows: *rows,
        })
        .collect();
    Agencies::recognise(&sightings, known, &mapping.agencies)
}
