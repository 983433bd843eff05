//! From a field's declaration, its value and its error to the control that a template draws.

use super::field::{Choice, Drawing, Options, Size, Spec};
use super::parse::{self, Century};
use super::read::FieldError;
use super::values::Values;
use super::wording::Part;
use crate::view::controls::{
    ChoiceItem, Choices, Control, DateBox, DateInput, Entry, FileUpload, Group, Head,
    PasswordInput, Select, TextInput, Textarea,
};
use crate::view::dates;
use crate::view::words::Language;
use std::collections::BTreeMap;

/// What drawing needs besides the declarations.
#[derive(Debug, Clone, Default)]
pub(super) struct Filling {
    pub(super) values: Values,
    pub(super) errors: Vec<FieldError>,
    pub(super) choices: BTreeMap<String, Vec<Choice>>,
    pub(super) autosave: BTreeMap<String, String>,
    /// Drawn as filters: nothing need be filled in, and space is short.
    pub(super) filtering: bool,
    /// Nothing is needed, so nothing is marked as optional.
    pub(super) unmarked: bool,
    /// What every id starts with, so that two forms of one page can ask for the same name.
    pub(super) prefix: &'static str,
}

impl Filling {
    /// The id of a field's control.
    pub(super) fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(super) fn choices_of(&self, spec: &Spec<'_>) -> Vec<Choice> {
        match spec.options {
            Options::None => Vec::new(),
            Options::Fixed(list) => list(),
            Options::Given => self.choices.get(spec.name).cloned().unwrap_or_default(),
        }
    }

    fn error_of(&self, spec: &Spec<'_>) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == spec.name)
    }

    /// The field's value as a person reads it: dates with their weekday, choices by their words.
    pub(super) fn shown(&self, spec: &Spec<'_>, values: &Values) -> String {
        match spec.drawing {
            Drawing::Password => String::new(),
            Drawing::Date | Drawing::ShortDate => read_back(spec, values)
                .unwrap_or_else(|| typed_parts(spec, values).join(" ").trim().to_owned()),
            Drawing::Time => {
                let typed = values.one(spec.name);
                parse::time(typed).map_or_else(|_| typed.to_owned(), dates::time)
            }
            Drawing::Tick => {
                let words = Language::English.words();
                let ticked = values.one(spec.name) == "yes";
                if ticked { words.yes } else { words.no }.to_owned()
            }
            Drawing::Select | Drawing::Radios | Drawing::Checkboxes => {
                let choices = self.choices_of(spec);
                let words = values.all(spec.name).iter().map(|value| {
                    let known = choices.iter().find(|choice| choice.value == *value);
                    known.map_or(value.as_str(), |choice| choice.text.as_str())
                });
                words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
            }
            _ => {
                let typed = values.one(spec.name);
                let before = spec.prefix.filter(|_| !typed.is_empty()).unwrap_or_default();
                let after = spec.suffix.filter(|_| !typed.is_empty());
                format!(
                    "{before}{typed}{}",
                    after.map(|sign| format!(" {sign}")).unwrap_or_default()
                )
            }
        }
    }
}

/// What was typed under each of the field's names.
fn typed_parts<'v>(spec: &Spec<'_>, values: &'v Values) -> Vec<&'v str> {
    spec.names().iter().map(|name| values.one(name)).filter(|typed| !typed.is_empty()).collect()
}

/// The date as it was understood, with its weekday.
fn read_back(spec: &Spec<'_>, values: &Values) -> Option<String> {
    let read = if values.has(spec.name) {
        parse::single(values.one(spec.name), Century::This)
    } else {
        let part = |part| values.one(&format!("{}-{part}", spec.name)).to_owned();
        parse::boxes(&part("day"), &part("month"), &part("year"), Century::This)
    };
    // A two-digit year of birth is read with today's date in hand, so it is not guessed here.
    let certain =
        values.one(&format!("{}-year", spec.name)).len().max(values.one(spec.name).len()) >= 4;
    read.ok().filter(|_| certain).map(dates::with_weekday)
}

/// The control for one field; `reveals` are the controls under each of its choices.
pub(super) fn control(
    spec: &Spec<'_>,
    filling: &Filling,
    reveals: &mut dyn FnMut(&str) -> Vec<Control>,
) -> Option<Control> {
    let value = filling.values.one(spec.name);
    Some(match spec.drawing {
        Drawing::Hidden => return None,
        Drawing::Line | Drawing::Email | Drawing::Time | Drawing::Number | Drawing::ShortDate => {
            Control::Input(text_input(spec, filling))
        }
        Drawing::Password => Control::Password(PasswordInput::new(
            spec.name,
            head(spec, filling),
            spec.autocomplete.unwrap_or("current-password"),
        )),
        Drawing::Narrative(rows) => {
            let mut area = Textarea::new(spec.name, head(spec, filling)).limit(spec.max);
            value.clone_into(&mut area.value);
            area.rows = rows;
            area.count_type = Some("characters");
            area.threshold = Some(75);
            area.autosave = filling.autosave.get(spec.name).cloned();
            Control::Textarea(area)
        }
        Drawing::Date => Control::Date(date_input(spec, filling)),
        Drawing::Select => {
            let words = Language::English.words();
            let text = if filling.filtering { words.any } else { words.choose }.to_owned();
            let empty = Entry { text, ..Entry::default() };
            let listed = filling.choices_of(spec).into_iter().map(|choice| Entry {
                selected: choice.value == value,
                value: choice.value,
                text: choice.text,
                disabled: false,
            });
            let items = std::iter::once(empty).chain(listed).collect();
            Control::Select(Select::new(spec.name, head(spec, filling), items))
        }
        Drawing::Radios => {
            let mut drawn = choices(spec, filling, reveals);
            if spec.inline {
                "govuk-radios--inline".clone_into(&mut drawn.classes);
            }
            Control::Radios(drawn)
        }
        Drawing::Checkboxes => {
            let mut drawn = choices(spec, filling, reveals);
            if filling.filtering {
                "govuk-checkboxes--small".clone_into(&mut drawn.classes);
            }
            Control::Checkboxes(drawn)
        }
        Drawing::Tick => Control::Checkboxes(tick(spec, filling, reveals)),
        Drawing::File => {
            let mut file = FileUpload::new(spec.name, head(spec, filling));
            file.accept = spec.accept.map(str::to_owned);
            Control::File(file)
        }
    })
}

fn label_text(spec: &Spec<'_>, filling: &Filling) -> String {
    if spec.optional && !filling.filtering && !filling.unmarked {
        format!("{} {}", spec.label, Language::English.words().optional)
    } else {
        spec.label.to_owned()
    }
}

fn size_class(spec: &Spec<'_>, of: &str) -> String {
    match spec.size {
        Size::Plain => String::new(),
        Size::Small => format!("{of}--s"),
        Size::Medium => format!("{of}--m"),
        Size::Heading => format!("{of}--l"),
    }
}

fn head(spec: &Spec<'_>, filling: &Filling) -> Head {
    Head {
        id: filling.id(spec.name),
        label: label_text(spec, filling),
        label_classes: size_class(spec, "govuk-label"),
        heading: spec.size == Size::Heading,
        hint: spec.hint.map(str::to_owned),
        error: filling.error_of(spec).map(|error| error.message.clone()),
    }
}

fn group(spec: &Spec<'_>, filling: &Filling) -> Group {
    Group {
        id: filling.id(spec.name),
        legend: Some(label_text(spec, filling)),
        legend_classes: size_class(spec, "govuk-fieldset__legend"),
        heading: spec.size == Size::Heading,
        hint: spec.hint.map(str::to_owned),
        error: filling.error_of(spec).map(|error| error.message.clone()),
    }
}

fn text_input(spec: &Spec<'_>, filling: &Filling) -> TextInput {
    let mut input = TextInput::new(spec.name, head(spec, filling));
    if filling.values.has(spec.name) {
        input = input.value(filling.values.one(spec.name));
    }
    if let Some(sign) = spec.prefix {
        input = input.prefix(sign);
    }
    if let Some(sign) = spec.suffix {
        input = input.suffix(sign);
    }
    if let Some(width) = spec.width {
        input.classes = format!("govuk-input--width-{width}");
    }
    match spec.drawing {
        Drawing::Email => input.kind = "email",
        Drawing::Number => input.inputmode = Some("numeric".to_owned()),
        Drawing::ShortDate => {
            "govuk-input--width-10".clone_into(&mut input.classes);
            input.read_back = read_back(spec, &filling.values);
        }
        _ => {}
    }
    input.autocomplete = spec.autocomplete.map(str::to_owned);
    input.spellcheck = spec.spellcheck.map(|on| if on { "true" } else { "false" });
    input
}

fn date_input(spec: &Spec<'_>, filling: &Filling) -> DateInput {
    let words = Language::English.words();
    let error = filling.error_of(spec);
    // A whole date that was sent in one box is shown in the first one, so that nothing is lost.
    let whole = filling.values.has(spec.name).then(|| filling.values.one(spec.name));
    let parts =
        [(Part::Day, words.day, 2), (Part::Month, words.month, 2), (Part::Year, words.year, 4)];
    let boxes = parts.map(|(part, label, width)| {
        let name = format!("{}-{}", spec.name, part.word());
        let typed = whole.filter(|_| part == Part::Day).unwrap_or(filling.values.one(&name));
        DateBox {
            id: filling.id(&name),
            label: label.to_owned(),
            value: typed.to_owned(),
            has_value: !typed.is_empty(),
            error: error.is_some_and(|error| error.part.is_none_or(|faulty| faulty == part)),
            width,
            autocomplete: None,
            // Month names are read too, so the keyboard must offer letters.
            inputmode: if part == Part::Month { "text" } else { "numeric" },
            name,
        }
    });
    let mut input = DateInput::new(group(spec, filling), boxes.into());
    input.read_back = read_back(spec, &filling.values);
    input
}

fn choices(
    spec: &Spec<'_>,
    filling: &Filling,
    reveals: &mut dyn FnMut(&str) -> Vec<Control>,
) -> Choices {
    let chosen = filling.values.all(spec.name);
    let items = filling.choices_of(spec).into_iter().map(|choice| ChoiceItem {
        name: spec.name.to_owned(),
        checked: chosen.contains(&choice.value),
        reveal: reveals(&choice.value),
        value: choice.value,
        text: choice.text,
        hint: choice.hint,
        ..ChoiceItem::default()
    });
    let items = items.collect();
    Choices::new(group(spec, filling), items)
}

fn tick(
    spec: &Spec<'_>,
    filling: &Filling,
    reveals: &mut dyn FnMut(&str) -> Vec<Control>,
) -> Choices {
    let item = ChoiceItem {
        name: spec.name.to_owned(),
        checked: filling.values.one(spec.name) == "yes",
        reveal: reveals("yes"),
        value: "yes".to_owned(),
        text: spec.label.to_owned(),
        ..ChoiceItem::default()
    };
    let alone = Group { legend: None, ..group(spec, filling) };
    Choices::new(alone, vec![item])
}
