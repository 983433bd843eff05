//! Notes on the way: how it goes, and what shows that it was done.

use super::{Act, Action, ActionChange, ActionError, ActionEvent, By};
use crate::text::Note;
use chrono::NaiveDate;

impl Action {
    /// Adds a note to the history, also of a finished action, whose evidence may come later. With
    /// `from_agency` it is the word of the agency that owes the action, else the panel's own remark.
    ///
    /// # Errors
    /// [`ActionError::NotAllowed`].
    pub fn note(
        &self,
        by: By,
        note: Note,
        evidence: bool,
        from_agency: bool,
        today: NaiveDate,
    ) -> Result<ActionEvent, ActionError> {
        by.may(if from_agency { Act::Report } else { Act::Remark })?;
        let change = ActionChange::Noted { note, evidence, from_agency };
        Ok(ActionEvent { action: self.id, by, on: today, change })
    }
}
