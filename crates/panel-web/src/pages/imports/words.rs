//! What the status words of the file mean.

use super::{correct, load_found, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::one_of;
use crate::form::layout::Layout;
use crate::form::{Field, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::Button;
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{Change, Found};
use panel_core::action::ActionStatus;
use panel_core::id::ImportId;
use panel_core::tracker::preview::WordUse;
use panel_core::tracker::status::ReferralWord;
use panel_core::words::count;
use std::collections::BTreeMap;

/// Words that one form takes. A column with more holds notes, not words for a status.
const MOST: usize = 200;

static ACTION: Field<'_, ActionStatus> = one_of("action", "Word").as_select();
static REFERRAL: Field<'_, ReferralWord> = one_of("referral", "Word").as_select();

/// The name and label of the field of each word, and which word it is.
type Labels = Vec<(String, String, String)>;

fn labels<T>(kind: &str, words: &[WordUse<T>]) -> Labels {
    let label = |(place, word): (usize, &WordUse<T>)| {
        let written = if word.written.is_empty() {
            "Left empty".to_owned()
        } else {
            format!("“{}”", word.written)
        };
        let rows = count(word.rows, "row");
        (format!("{kind}_{place}"), format!("{written} ({rows})"), word.folded.clone())
    };
    words.iter().take(MOST).enumerate().map(label).collect()
}

fn fields<'a, T>(of: &Field<'static, T>, labels: &'a Labels) -> Vec<Optional<'a, T>> {
    labels.iter().map(|(name, label, _)| of.under(name, label).optional()).collect()
}

fn layout<'a>(
    referrals: &'a [Optional<'a, ReferralWord>],
    actions: &'a [Optional<'a, ActionStatus>],
) -> Layout<'a> {
    let mut layout = Layout::new();
    if !referrals.is_empty() {
        layout = layout.section("Referrals", None);
        layout = referrals.iter().fold(layout, Layout::with);
    }
    if !actions.is_empty() {
        layout = layout.section("Actions", None);
        layout = actions.iter().fold(layout, Layout::with);
    }
    layout
}

async fn draw(asker: &Asker, id: ImportId, refused: Option<Refused>) -> Answer {
    let (shown, found) = load_found(asker, id).await?;
    let (of_referrals, of_actions) = both(&found);
    let (referrals, actions) = (fields(&REFERRAL, &of_referrals), fields(&ACTION, &of_actions));
    let mut form = FormView::new(layout(&referrals, &actions), format!("{}/words", path(id)));
    for (field, word) in referrals.iter().zip(&found.preview.referral_words) {
        form = form.fill(field, &word.meaning);
    }
    for (field, word) in actions.iter().zip(&found.preview.action_words) {
        form = form.fill(field, &word.meaning);
    }
    let form = form
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(id))
        .refused(refused);
    let view = FormPage::new("What status words mean", form)
        .caption(&*shown.import.file_name)
        .intro("A word without a meaning keeps its rows from being imported.");
    asker.form(page("What status words mean", &shown.import), view).await
}

fn both(found: &Found) -> (Labels, Labels) {
    let preview = &found.preview;
    (labels("referral", &preview.referral_words), labels("action", &preview.action_words))
}

pub(super) async fn ask(asker: Asker, id: web::Path<ImportId>) -> Answer {
    draw(&asker, *id, None).await
}

fn read(asker: &Asker, posted: &Posted, found: &Found) -> Result<Result<Change, Refused>, Failure> {
    let (of_referrals, of_actions) = both(found);
    let (referrals, actions) = (fields(&REFERRAL, &of_referrals), fields(&ACTION, &of_actions));
    let mut reader = layout(&referrals, &actions).read(&posted.values, asker.today()?);
    let (mut of_referral, mut of_action) = (BTreeMap::new(), BTreeMap::new());
    for (field, (.., word)) in referrals.iter().zip(&of_referrals) {
        of_referral.insert(word.clone(), reader.get(field).flatten());
    }
    for (field, (.., word)) in actions.iter().zip(&of_actions) {
        of_action.insert(word.clone(), reader.get(field).flatten());
    }
    Ok(reader.finish(|| Some(Change::Words { actions: of_action, referrals: of_referral })))
}

pub(super) async fn set(asker: Asker, id: web::Path<ImportId>, posted: Posted) -> Answer {
    let id = *id;
    let (_, found) = load_found(&asker, id).await?;
    let change = match read(&asker, &posted, &found)? {
        Ok(change) => change,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    match correct(&asker, id, &posted, change).await? {
        Ok(()) => see(format!("{}#words", path(id))),
        Err(refused) => draw(&asker, id, Some(refused)).await,
    }
}
