//! Form controls as GOV.UK draws them. A form declared in [`crate::form`] builds these by itself;
//! a page builds one by hand only where it draws a control outside such a form.

use serde::Serialize;

/// What stands above a single control: its label, hint and error.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The control's id; the hint and the error derive theirs from it.
    pub id: String,
    /// The label's text.
    pub label: String,
    /// Extra classes of the label, such as `govuk-label--s`.
    pub label_classes: String,
    /// Whether the label is the page's heading.
    pub heading: bool,
    /// Help under the label.
    pub hint: Option<String>,
    /// What is wrong, without the word "Error".
    pub error: Option<String>,
}

impl Head {
    /// A label over the control with this id.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), ..Self::default() }
    }

    fn described_by(&self, before: Option<&str>, after: Option<&str>) -> Option<String> {
        described(before, &self.id, self.hint.is_some(), self.error.is_some(), after)
    }
}

/// What stands above a group of controls: legend, hint and error.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Group {
    /// The id that the parts' ids start with.
    pub id: String,
    /// The legend, or none for a group that something else names.
    pub legend: Option<String>,
    /// Extra classes of the legend, such as `govuk-fieldset__legend--s`.
    pub legend_classes: String,
    /// Whether the legend is the page's heading.
    pub heading: bool,
    /// Help under the legend.
    pub hint: Option<String>,
    /// What is wrong, without the word "Error".
    pub error: Option<String>,
}

impl Group {
    /// A legend over the group with this id.
    pub fn new(id: impl Into<String>, legend: impl Into<String>) -> Self {
        Self { id: id.into(), legend: Some(legend.into()), ..Self::default() }
    }

    fn described_by(&self, before: Option<&str>) -> Option<String> {
        described(before, &self.id, self.hint.is_some(), self.error.is_some(), None)
    }
}

/// The ids that describe a control, in the order they are read out.
fn described(
    before: Option<&str>,
    id: &str,
    hint: bool,
    error: bool,
    after: Option<&str>,
) -> Option<String> {
    let ids: Vec<String> = [
        before.map(str::to_owned),
        hint.then(|| format!("{id}-hint")),
        error.then(|| format!("{id}-error")),
        after.map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Any control, with the template that draws it: `{{part partial this}}`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "partial")]
pub enum Control {
    /// A single line.
    #[serde(rename = "govuk/input")]
    Input(TextInput),
    /// A password, never shown again.
    #[serde(rename = "govuk/password-input")]
    Password(PasswordInput),
    /// Several lines.
    #[serde(rename = "govuk/textarea")]
    Textarea(Textarea),
    /// One of a closed list.
    #[serde(rename = "govuk/select")]
    Select(Select),
    /// One of a few.
    #[serde(rename = "govuk/radios")]
    Radios(Choices),
    /// Any number of a few.
    #[serde(rename = "govuk/checkboxes")]
    Checkboxes(Choices),
    /// A date in three boxes.
    #[serde(rename = "govuk/date-input")]
    Date(DateInput),
    /// A file.
    #[serde(rename = "govuk/file-upload")]
    File(FileUpload),
}

/// A single line.
#[derive(Debug, Clone, Default)]
pub struct TextInput {
    /// Label, hint and error.
    pub head: Head,
    /// The field's name.
    pub name: String,
    /// The input's type: `text`, `email`, `search`.
    pub kind: &'static str,
    /// What stands in it; an empty value is written too.
    pub value: Option<String>,
    /// Width and other classes.
    pub classes: String,
    /// Extra classes of the group.
    pub group_classes: String,
    /// `true`, `false` or nothing.
    pub spellcheck: Option<&'static str>,
    /// Whether it is greyed out.
    pub disabled: bool,
    /// Ids that describe it.
    pub described_by: Option<String>,
    /// What a browser may fill in.
    pub autocomplete: Option<String>,
    /// How a keyboard capitalises.
    pub autocapitalize: Option<String>,
    /// A pattern the browser checks.
    pub pattern: Option<String>,
    /// Which keyboard a phone shows.
    pub inputmode: Option<String>,
    /// A sign before the box.
    pub prefix: Option<String>,
    /// A sign after the box.
    pub suffix: Option<String>,
    /// The value as it was understood, such as a date with its weekday.
    pub read_back: Option<String>,
}

impl TextInput {
    /// A line of text under this label.
    pub fn new(name: impl Into<String>, head: Head) -> Self {
        let described_by = head.described_by(None, None);
        Self { head, name: name.into(), kind: "text", described_by, ..Self::default() }
    }

    /// Sets what stands in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Adds a sign before the box, such as `£`.
    #[must_use]
    pub fn prefix(mut self, sign: impl Into<String>) -> Self {
        self.prefix = Some(sign.into());
        self
    }

    /// Adds a sign after the box, such as `days`.
    #[must_use]
    pub fn suffix(mut self, sign: impl Into<String>) -> Self {
        self.suffix = Some(sign.into());
        self
    }
}

/// A password, never shown again.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PasswordInput {
    /// Label, hint and error.
    pub head: Head,
    /// The field's name.
    pub name: String,
    /// Width and other classes.
    pub classes: String,
    /// Ids that describe it.
    pub described_by: Option<String>,
    /// `current-password` or `new-password`, so that managers work.
    pub autocomplete: String,
}

impl PasswordInput {
    /// A password box under this label.
    pub fn new(name: impl Into<String>, head: Head, autocomplete: &str) -> Self {
        let described_by = head.described_by(None, None);
        let autocomplete = autocomplete.to_owned();
        Self { head, name: name.into(), described_by, autocomplete, ..Self::default() }
    }
}

/// Several lines, counted when there is a limit.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Textarea {
    /// Label, hint and error.
    pub head: Head,
    /// The field's name.
    pub name: String,
    /// What stands in it.
    pub value: String,
    /// Lines shown.
    pub rows: usize,
    /// Extra classes.
    pub classes: String,
    /// Extra classes of the group.
    pub group_classes: String,
    /// `true`, `false` or nothing.
    pub spellcheck: Option<&'static str>,
    /// Whether it is greyed out.
    pub disabled: bool,
    /// Ids that describe it.
    pub described_by: Option<String>,
    /// What a browser may fill in.
    pub autocomplete: Option<String>,
    /// The most characters it takes, counted by the script.
    pub limit: Option<usize>,
    /// The limit as it is read, such as `4,000`.
    limit_said: String,
    /// The share of the limit, in percent, from which the count is shown.
    pub threshold: Option<u8>,
    /// How the script counts: `characters` counts as a reader does.
    pub count_type: Option<&'static str>,
    /// Where the script saves what is typed.
    pub autosave: Option<String>,
}

impl Textarea {
    /// A text area of five lines under this label.
    pub fn new(name: impl Into<String>, head: Head) -> Self {
        let described_by = head.described_by(None, None);
        Self { head, name: name.into(), rows: 5, described_by, ..Self::default() }
    }

    /// Counts characters up to `limit`.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self.limit_said = super::grouped(&limit.to_string());
        let info = format!("{}-info", self.head.id);
        // The count is announced last, so it is described first and read after the label.
        self.described_by = self.head.described_by(Some(&info), None);
        self
    }
}

/// One entry of a select.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Whether it is chosen.
    pub selected: bool,
    /// Whether it cannot be chosen.
    pub disabled: bool,
}

/// One of a closed list.
#[derive(Debug, Clone, Default)]
pub struct Select {
    /// Label, hint and error.
    pub head: Head,
    /// The field's name.
    pub name: String,
    /// The list.
    pub items: Vec<Entry>,
    /// Extra classes.
    pub classes: String,
    /// Extra classes of the group.
    pub group_classes: String,
    /// Whether it is greyed out.
    pub disabled: bool,
    /// Ids that describe it.
    pub described_by: Option<String>,
}

impl Select {
    /// A list under this label.
    pub fn new(name: impl Into<String>, head: Head, items: Vec<Entry>) -> Self {
        let described_by = head.described_by(None, None);
        Self { head, name: name.into(), items, described_by, ..Self::default() }
    }
}

/// One radio button or checkbox, or a divider between two.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChoiceItem {
    /// The input's id.
    pub id: String,
    /// The field's name.
    pub name: String,
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Help beside it.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub checked: bool,
    /// Whether it cannot be chosen.
    pub disabled: bool,
    /// A word, such as "or", that stands here instead of an input.
    pub divider: Option<String>,
    /// Controls that belong to this choice, shown when it is chosen.
    pub reveal: Vec<Control>,
    /// Ids that describe a single checkbox outside a fieldset, and its own hint.
    pub item_described_by: Option<String>,
}

/// Radio buttons or checkboxes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Choices {
    /// Legend, hint and error.
    pub group: Group,
    /// Whether the group stands in a fieldset.
    pub fieldset: bool,
    /// The choices.
    pub items: Vec<ChoiceItem>,
    /// Extra classes, such as `govuk-radios--inline`.
    pub classes: String,
    /// Extra classes of the group.
    pub group_classes: String,
    /// Ids that describe the fieldset.
    pub described_by: Option<String>,
}

impl Choices {
    /// The choices under this legend. Each item's id is derived from the group's and its place,
    /// the first without a number so that an error can link to it.
    pub fn new(group: Group, mut items: Vec<ChoiceItem>) -> Self {
        let fieldset = group.legend.is_some();
        let outside = if fieldset { None } else { group.described_by(None) };
        for (place, item) in items.iter_mut().enumerate() {
            if item.id.is_empty() {
                item.id = choice_id(&group.id, place);
            }
            let own = item.hint.is_some().then(|| format!("{}-item-hint", item.id));
            let ids: Vec<String> = [outside.clone(), own].into_iter().flatten().collect();
            item.item_described_by = (!ids.is_empty()).then(|| ids.join(" "));
        }
        let described_by = group.described_by(None);
        Self { group, fieldset, items, described_by, ..Self::default() }
    }
}

/// The id of the choice at this place, counted from 0.
pub fn choice_id(group: &str, place: usize) -> String {
    if place == 0 { group.to_owned() } else { format!("{group}-{}", place + 1) }
}

/// One box of a date.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DateBox {
    /// The box's id.
    pub id: String,
    /// The box's field name.
    pub name: String,
    /// Day, Month or Year.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// Whether to write the value, even an empty one.
    pub has_value: bool,
    /// Whether this box is at fault.
    pub error: bool,
    /// Width in characters: 2 or 4.
    pub width: u8,
    /// What a browser may fill in.
    pub autocomplete: Option<String>,
    /// Which keyboard a phone shows.
    pub inputmode: &'static str,
}

/// A date in three boxes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DateInput {
    /// Legend, hint and error.
    pub group: Group,
    /// Day, month and year.
    pub parts: Vec<DateBox>,
    /// Extra classes of the group.
    pub group_classes: String,
    /// Ids that describe the fieldset.
    pub described_by: Option<String>,
    /// The date as it was understood, with its weekday.
    pub read_back: Option<String>,
}

impl DateInput {
    /// The boxes under this legend.
    pub fn new(group: Group, parts: Vec<DateBox>) -> Self {
        let described_by = group.described_by(None);
        Self { group, parts, described_by, ..Self::default() }
    }
}

/// A file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FileUpload {
    /// Label, hint and error.
    pub head: Head,
    /// The field's name.
    pub name: String,
    /// Whether the script adds a place to drop a file.
    pub enhanced: bool,
    /// The endings a browser offers, such as `.xlsx`.
    pub accept: Option<String>,
    /// Ids that describe it.
    pub described_by: Option<String>,
}

impl FileUpload {
    /// A file box under this label.
    pub fn new(name: impl Into<String>, head: Head) -> Self {
        let described_by = head.described_by(None, None);
        Self { head, name: name.into(), described_by, ..Self::default() }
    }
}

/// One line of the error summary.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorLine {
    /// What is wrong.
    pub text: String,
    /// The control at fault, as `#id`, or none for the form as a whole.
    pub href: Option<String>,
}

/// The summary at the top of a page whose form was refused.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorSummary {
    /// Every error, in the order of the form.
    pub errors: Vec<ErrorLine>,
}
