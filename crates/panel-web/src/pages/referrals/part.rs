//! The parts of the referral form: what each asks, what it is called, and which of the fields that a
//! panel measures belong to it.

use super::asked::{self, Group};
use super::leaf::Leaf;
use panel_core::referral::ReferralField;

/// A part of the form that there is once, or one entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Where it came from and who refers.
    About,
    /// The person who is referred.
    Person,
    /// A victim, counted from 0.
    Victim(usize),
    /// Whether there are children.
    Family,
    /// A child, counted from 0.
    Child(usize),
    /// An incident, counted from 0.
    Incident(usize),
    /// Why.
    Grounds,
    /// What else is known.
    Context,
    /// An order, counted from 0.
    Order(usize),
    /// What nobody knows.
    Gaps,
}

/// A list of entries in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Those who are harmed.
    Victims,
    /// Children.
    Children,
    /// Incidents.
    Incidents,
    /// Orders.
    Orders,
}

impl List {
    /// Every list.
    pub(super) const ALL: [Self; 4] =
        [Self::Victims, Self::Children, Self::Incidents, Self::Orders];

    /// The list's place in the form's JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Victims => "victims",
            Self::Children => "children",
            Self::Incidents => "incidents",
            Self::Orders => "context.orders",
        }
    }

    /// The list's place in addresses.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            other => other.name(),
        }
    }

    pub(super) fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.slug() == slug)
    }

    /// One entry of it.
    pub(super) const fn at(self, place: usize) -> Part {
        match self {
            Self::Victims => Part::Victim(place),
            Self::Children => Part::Child(place),
            Self::Incidents => Part::Incident(place),
            Self::Orders => Part::Order(place),
        }
    }

    /// What one entry is called in a sentence.
    pub(super) const fn one(self) -> &'static str {
        match self {
            Self::Victims => "person who is harmed",
            Self::Children => "child",
            Self::Incidents => "incident",
            Self::Orders => "order",
        }
    }

    /// What one entry is called with its article.
    pub(super) fn a(self) -> String {
        let article = if self == Self::Incidents || self == Self::Orders { "an" } else { "a" };
        format!("{article} {}", self.one())
    }
}

impl Part {
    /// The part that stands alone at this address.
    pub(super) fn of_slug(slug: &str) -> Option<Self> {
        let single =
            [Self::About, Self::Person, Self::Family, Self::Grounds, Self::Context, Self::Gaps];
        single.into_iter().find(|part| part.slug() == slug)
    }

    /// The list that the part is an entry of, and its place counted from 0.
    pub(super) const fn entry(self) -> Option<(List, usize)> {
        match self {
            Self::Victim(place) => Some((List::Victims, place)),
            Self::Child(place) => Some((List::Children, place)),
            Self::Incident(place) => Some((List::Incidents, place)),
            Self::Order(place) => Some((List::Orders, place)),
            _ => None,
        }
    }

    /// The part's address below that of the draft.
    pub(super) fn slug(self) -> String {
        match (self, self.entry()) {
            (_, Some((list, place))) => format!("{}/{}", list.slug(), place + 1),
            (Self::About, _) => "about".to_owned(),
            (Self::Person, _) => "person".to_owned(),
            (Self::Family, _) => "family".to_owned(),
            (Self::Grounds, _) => "grounds".to_owned(),
            (Self::Context, _) => "context".to_owned(),
            (_, None) => "gaps".to_owned(),
        }
    }

    /// The heading of its page.
    pub(super) fn title(self) -> String {
        match self {
            Self::About => "About the referral".to_owned(),
            Self::Person => "The person referred".to_owned(),
            Self::Victim(place) => format!("Person who is harmed: {}", place + 1),
            Self::Family => "Children in the family".to_owned(),
            Self::Child(place) => format!("Child {}", place + 1),
            Self::Incident(place) => format!("Incident {}", place + 1),
            Self::Grounds => "Why you refer this person".to_owned(),
            Self::Context => "What else is known".to_owned(),
            Self::Order(place) => format!("Order {}", place + 1),
            Self::Gaps => "What nobody knows".to_owned(),
        }
    }

    /// What its questions' names begin with.
    pub(super) fn prefix(self) -> String {
        self.entry().map_or_else(String::new, |(list, place)| format!("{}.{place}.", list.name()))
    }

    fn groups(self, runs: bool) -> Vec<Group> {
        match self {
            Self::About => asked::about(runs),
            Self::Person => asked::person(),
            Self::Victim(_) => asked::victim(),
            Self::Family => asked::family(),
            Self::Child(_) => asked::child(),
            Self::Incident(_) => asked::incident(),
            Self::Grounds => asked::grounds(),
            Self::Context => asked::context(),
            Self::Order(_) => asked::order(),
            Self::Gaps => asked::gaps(),
        }
    }

    /// Its questions under their full names; `runs` as whoever runs the panel is asked.
    pub(super) fn questions(self, runs: bool) -> Questions {
        let own = self.prefix();
        let groups = self.groups(runs).into_iter().map(|group| {
            let full = |leaf: Box<dyn Leaf>| Question {
                name: format!("{own}{}{}", group.prefix, leaf.spec().name()),
                label: leaf.spec().label().to_owned(),
                leaf,
            };
            Asked {
                heading: group.heading,
                intro: group.intro,
                questions: group.leaves.into_iter().map(full).collect(),
            }
        });
        Questions { groups: groups.collect() }
    }

    /// The part in which a measured field is asked; an entry stands for its whole list.
    pub(super) fn of(field: ReferralField) -> Self {
        use ReferralField as F;
        match field {
            F::ReferrerName | F::ReferrerContact => Self::About,
            F::PerpetratorSurname
            | F::PerpetratorForename
            | F::PerpetratorBorn
            | F::PerpetratorGender
            | F::PerpetratorEthnicity
            | F::PerpetratorAddress
            | F::PerpetratorLanguage
            | F::LivesWithVictim
            | F::Liberty
            | F::ReleaseDate
            | F::PositionOfTrust => Self::Person,
            F::VictimName
            | F::VictimBorn
            | F::VictimAddress
            | F::VictimTelephone
            | F::SafeToCall
            | F::Relationship
            | F::Aware
            | F::UnawareReason
            | F::Consent
            | F::NoConsentReason
            | F::Advocate
            | F::AfraidOf
            | F::SafeToTalkTo
            | F::NotSafeToTalkTo
            | F::WantsPolice
            | F::Wishes => Self::Victim(0),
            F::Children => Self::Family,
            F::ChildDetails => Self::Child(0),
            F::Incidents | F::IncidentDates | F::IncidentVictims => Self::Incident(0),
            F::Criteria | F::Grounds => Self::Grounds,
            F::Weapons | F::RisksToStaff | F::NewPartner | F::Arrangements | F::OtherPanel => {
                Self::Context
            }
        }
    }

    /// Whether two parts are one, or entries of one list.
    pub(super) fn is_kin_of(self, other: Self) -> bool {
        match (self.entry(), other.entry()) {
            (Some((one, _)), Some((two, _))) => one == two,
            _ => self == other,
        }
    }
}

/// A question under its full name.
pub(super) struct Question {
    /// Its place in the form's JSON.
    pub(super) name: String,
    label: String,
    leaf: Box<dyn Leaf>,
}

/// Questions under a heading.
pub(super) struct Asked {
    heading: &'static str,
    intro: Option<&'static str>,
    questions: Vec<Question>,
}

impl Asked {
    /// The questions of an entry, whose labels then say which one it is.
    pub(super) fn about(mut self, part: Part) -> Self {
        if part.entry().is_some() {
            for question in &mut self.questions {
                question.label = format!("{}, {}", part.title(), question.label);
            }
        }
        self
    }
}

/// The questions of a part, or of several.
pub(super) struct Questions {
    pub(super) groups: Vec<Asked>,
}

impl Questions {
    /// Every question's full name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(|group| &group.questions).map(|one| one.name.as_str())
    }

    /// Leaves only those whose name `keep` wants.
    pub(super) fn only(mut self, keep: impl Fn(&str) -> bool) -> Self {
        for group in &mut self.groups {
            group.questions.retain(|question| keep(&question.name));
        }
        self
    }

    /// The questions ready to be drawn and read.
    pub(super) fn drawn(&self) -> Drawn<'_> {
        let groups = self.groups.iter().map(|asked| {
            let all = asked.questions.iter();
            let leaves = all.map(|one| one.leaf.named(&one.name, &one.label)).collect();
            (asked.heading, asked.intro, leaves)
        });
        Drawn { groups: groups.collect() }
    }
}

type DrawnGroup<'a> = (&'static str, Option<&'static str>, Vec<Box<dyn Leaf + 'a>>);

/// Questions under their full names.
pub(super) struct Drawn<'a> {
    pub(super) groups: Vec<DrawnGroup<'a>>,
}

impl<'a> Drawn<'a> {
    /// The questions as a form.
    pub(super) fn layout(&'a self) -> crate::form::Layout<'a> {
        let mut layout = crate::form::Layout::new();
        for (heading, intro, leaves) in &self.groups {
            if !heading.is_empty() {
                layout = layout.section(heading, *intro);
            }
            for leaf in leaves {
                layout = layout.with(leaf.as_ref());
            }
        }
        layout
    }

    /// Every question.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Box<dyn Leaf + 'a>> {
        self.groups.iter().flat_map(|(_, _, leaves)| leaves)
    }
}
