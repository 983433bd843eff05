//! A page as somebody without script has it: words to read, links to follow, and forms that are sent
//! with everything that stands in them.

use scraper::{ElementRef, Html, Selector};

/// A page that was opened.
#[derive(Debug)]
pub struct Paper {
    /// The path it was asked for under, after redirects.
    pub path: String,
    /// What came.
    pub html: String,
    tree: Html,
}

/// A form of a page, with what stands in it.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Where it is sent.
    pub action: String,
    /// What is sent, in the order of the page.
    pub fields: Vec<(String, String)>,
    /// Every control there is, filled in or not.
    names: Vec<String>,
}

impl Paper {
    /// A page from its text.
    pub fn new(path: &str, html: String) -> Self {
        Self { path: path.to_owned(), tree: Html::parse_document(&html), html }
    }

    /// What can be read between the menu and the footer, with one space between words.
    pub fn words(&self) -> String {
        self.all("main").into_iter().map(words).collect()
    }

    /// The page's heading.
    pub fn heading(&self) -> String {
        self.all("h1").into_iter().map(words).collect()
    }

    /// Every link with its words and where it leads.
    pub fn links(&self) -> Vec<(String, String)> {
        let link = |a: ElementRef<'_>| Some((words(a), a.attr("href")?.to_owned()));
        self.all("a[href]").into_iter().filter_map(link).collect()
    }

    /// Where every form leads.
    pub fn actions(&self) -> Vec<String> {
        let action = |form: ElementRef<'_>| form.attr("action").map(str::to_owned);
        self.all("form").into_iter().filter_map(action).collect()
    }

    /// The name and value of every button that a form of the page is sent with.
    pub fn buttons(&self) -> Vec<(String, String)> {
        let button =
            |b: ElementRef<'_>| Some((b.attr("name")?.to_owned(), b.attr("value")?.to_owned()));
        self.all("button[name]").into_iter().filter_map(button).collect()
    }

    /// Where the first link leads whose words hold these.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let found = self.links().into_iter().find(|(words, _)| words.contains(text));
        let Some((_, href)) = found else { panic!("no link {text:?} on {}", self.told()) };
        href
    }

    /// The form that leads to this path, or to this path with a query.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn form(&self, action: &str) -> Filled {
        let leads = |form: &ElementRef<'_>| {
            let to = form.attr("action").unwrap_or_default();
            to == action || to.split_once('?').is_some_and(|(path, _)| path == action)
        };
        let Some(form) = self.all("form").into_iter().find(leads) else {
            panic!("no form to {action}, only to {:?}, on {}", self.actions(), self.told())
        };
        filled(form)
    }

    /// What the label of a control says.
    pub fn label(&self, id: &str) -> String {
        self.all(&format!("label[for=\"{id}\"]")).into_iter().map(words).collect()
    }

    /// The options of a list to choose from: what is read and what is sent.
    pub fn options(&self, name: &str) -> Vec<(String, String)> {
        let of = format!("select[name=\"{name}\"] option");
        let option = |o: ElementRef<'_>| (words(o), o.attr("value").unwrap_or_default().to_owned());
        self.all(&of).into_iter().map(option).collect()
    }

    /// What is sent for the option that reads like this.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn option(&self, name: &str, text: &str) -> String {
        let options = self.options(name);
        let found = options.iter().find(|(words, _)| words.contains(text));
        let Some((_, value)) = found else { panic!("no {text:?} among {options:?}") };
        value.clone()
    }

    /// The value of the first box to tick of this name.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn first_value(&self, name: &str) -> String {
        let all = self.all(&format!("input[name=\"{name}\"]"));
        let value = all.first().and_then(|first| first.attr("value"));
        value.unwrap_or_else(|| panic!("no box {name:?} on {}", self.told())).to_owned()
    }

    /// Asserts that all of these can be read.
    ///
    /// # Panics
    /// When one cannot.
    #[track_caller]
    pub fn holds(&self, all: &[&str]) -> &Self {
        let read = self.words();
        for words in all {
            assert!(read.contains(words), "{words:?} is not on {}", self.told());
        }
        self
    }

    /// Asserts that none of these can be read.
    ///
    /// # Panics
    /// When one can.
    #[track_caller]
    pub fn lacks(&self, all: &[&str]) -> &Self {
        let read = self.words();
        for words in all {
            assert!(!read.contains(words), "{words:?} is on {}", self.told());
        }
        self
    }

    /// Asserts that these are read in this order.
    ///
    /// # Panics
    /// When they are not.
    #[track_caller]
    pub fn in_order(&self, all: &[&str]) -> &Self {
        let read = self.words();
        let mut rest = read.as_str();
        for words in all {
            let Some((_, after)) = rest.split_once(words) else {
                panic!("{words:?} does not follow in {all:?} on {}", self.told())
            };
            rest = after;
        }
        self
    }

    fn told(&self) -> String {
        format!("{}:\n{}", self.path, self.words())
    }

    fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
        self.tree.select(&selector).collect()
    }
}

impl Filled {
    /// Fills a control in, in place of what stood there. A date such as `9/12/2026` goes into its
    /// three boxes where there are three.
    ///
    /// # Panics
    /// When the form has no such control.
    #[track_caller]
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if !self.has(name) && self.has(&format!("{name}-day")) {
            let boxes = ["day", "month", "year"].into_iter().zip(value.split('/'));
            return boxes
                .fold(self, |form, (part, text)| form.with(&format!("{name}-{part}"), text));
        }
        assert!(self.names.iter().any(|n| n == name), "no {name:?} among {:?}", self.names);
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses one of several buttons.
    #[must_use]
    pub fn pressing(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Whether there is a control of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|other| other == name)
    }

    /// Every control of the form.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What is sent for the first control of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// The text of an element, with one space between words.
fn words(element: ElementRef<'_>) -> String {
    let text: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    text.join(" ")
}

/// What a form would send as it stands.
fn filled(form: ElementRef<'_>) -> Filled {
    let action = form.attr("action").unwrap_or_default().to_owned();
    let mut filled = Filled { action, fields: Vec::new(), names: Vec::new() };
    let Ok(controls) = Selector::parse("input[name], textarea[name], select[name]") else {
        return filled;
    };
    for control in form.select(&controls) {
        let name = control.attr("name").unwrap_or_default();
        filled.names.push(name.to_owned());
        if let Some(value) = standing(control) {
            filled.fields.push((name.to_owned(), value));
        }
    }
    filled
}

/// What stands in a control, if it would be sent at all.
fn standing(control: ElementRef<'_>) -> Option<String> {
    if control.attr("disabled").is_some() {
        return None;
    }
    let value = || control.attr("value").unwrap_or_default().to_owned();
    match (control.value().name(), control.attr("type")) {
        // The parser has dropped the line break that a text begins with.
        ("textarea", _) => Some(control.text().collect()),
        ("select", _) => chosen(control),
        (_, Some("radio" | "checkbox")) => control.attr("checked").map(|_| value()),
        (_, Some("submit" | "button" | "file")) => None,
        _ => Some(value()),
    }
}

fn chosen(list: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").ok()?;
    let mut all = list.select(&options);
    let first = list.select(&options).next();
    let option = all.find(|option| option.attr("selected").is_some()).or(first)?;
    Some(option.attr("value").map_or_else(|| words(option), str::to_owned))
}
