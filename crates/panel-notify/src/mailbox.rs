//! A mailbox in place of a mail server: what a demonstration shows, and what tests look into.

use crate::letter::Composed;
use chrono::{DateTime, Utc};
use panel_core::outbox::Delivery;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// As many letters as a mailbox shows.
const KEPT: usize = 500;

/// A letter that arrived.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Arrived {
    /// Its `Message-ID`, with brackets.
    pub message_id: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// The latest letters, in memory and, when there is a folder, as files. Clones show the same letters.
#[derive(Debug, Clone, Default)]
pub struct Mailbox {
    letters: Arc<Mutex<VecDeque<Arrived>>>,
    folder: Option<PathBuf>,
}

impl Mailbox {
    /// A mailbox in memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mailbox that also writes each letter to `folder` as an `.eml` file.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder: Some(folder), ..Self::default() })
    }

    /// What arrived, latest first.
    pub fn letters(&self) -> Vec<Arrived> {
        self.lock().iter().rev().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arrived>> {
        // A panic elsewhere leaves the letters as good as they were.
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn deliver(&self, letter: &Composed) -> Delivery {
        if let Some(folder) = &self.folder {
            let file = folder.join(format!("{}.eml", letter.letter.id));
            if std::fs::write(file, &letter.bytes).is_err() {
                return Delivery::Later("folder".to_owned());
            }
        }
        let mut letters = self.lock();
        if letters.len() == KEPT {
            letters.pop_front();
        }
        letters.push_back(Arrived {
            message_id: letter.message_id(),
            at: letter.at,
            to: letter.letter.to.clone(),
            subject: letter.letter.subject.clone(),
            body: letter.letter.body.clone(),
        });
        Delivery::Accepted
    }
}
