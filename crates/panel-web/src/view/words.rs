//! The fixed words of the frame and of the shared parts, in one place, so that a second language
//! is a second table. Page bodies hold their own text.

/// Languages the frame speaks; Welsh joins when its table is translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// British English.
    #[default]
    English,
}

impl Language {
    /// The language's tag for `lang` attributes.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    /// The language's table.
    pub const fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
        }
    }
}

macro_rules! words {
    ($($key:ident = $english:literal;)+) => {
        /// Every fixed word; templates name one as `{{word "skip_link"}}`.
        #[derive(Debug)]
        pub struct Words {
            $(
                #[doc = $english]
                pub $key: &'static str,
            )+
        }

        /// The English table.
        pub static ENGLISH: Words = Words { $($key: $english,)+ };

        impl Words {
            /// The keys a template may name.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($key)),+];

            /// The word under this key.
            pub fn by_key(&self, key: &str) -> Option<&'static str> {
                match key {
                    $(stringify!($key) => Some(self.$key),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    skip_link = "Skip to main content";
    menu = "Menu";
    service_information = "Service information";
    sign_out = "Sign out";
    signed_in_as = "Signed in as";
    back = "Back";
    breadcrumb = "Breadcrumb";
    error = "Error";
    error_prefix = "Error: ";
    error_summary = "There is a problem";
    success = "Success";
    important = "Important";
    warning = "Warning";
    support_links = "Support links";
    demo_banner = "Demonstration – invented people";
    glass = "Emergency access";
    glass_close = "Close it again";
    marking_label = "Protective marking";
    pagination = "Pagination";
    previous = "Previous";
    next = "Next";
    page = "page";
    page_number = "Page";
    change = "Change";
    optional = "(optional)";
    yes = "Yes";
    no = "No";
    not_given = "Not given";
    day = "Day";
    month = "Month";
    year = "Year";
    show = "Show";
    show_password = "Show password";
    count_limit_before = "You can enter up to";
    count_limit_after = "characters";
    filter = "Filter";
    filter_apply = "Apply filters";
    filter_clear = "Clear filters";
    filter_selected = "Selected filters";
    filter_remove = "Remove this filter";
    select_row = "Select";
    no_results = "There is nothing to show.";
    save = "Save";
    save_continue = "Save and continue";
    cancel = "Cancel";
    choose = "Choose one";
    any = "Any";
    hidden_character = "hidden direction mark";
    stale_heading = "Someone else changed this while you were typing";
    stale_intro = "Nothing of yours is lost. Compare what you typed with what is saved now, \
                   change your text if you need to, then decide which to keep.";
    stale_yours = "Your version";
    stale_theirs = "Saved now";
    stale_save = "Save my version";
    stale_keep = "Keep what is saved now";
    check_heading = "Check your answers";
    check_confirm = "Confirm and save";
    check_change = "Change answers";
    resend_heading = "Check and send this again";
    resend_intro = "You signed in again while this page was open, so nothing has been saved yet. \
                    What you typed is below. Send it again to save it.";
    confirmed_intro = "You confirmed that it is you. Nothing has been done yet: check this and send it.";
    resend_button = "Send again";
    drag = "Drag to another place";
    move_up = "Move up";
    move_down = "Move down";
    timer = "Time on this item";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_its_word() {
        for key in Words::KEYS {
            let word = ENGLISH.by_key(key);
            assert!(word.is_some_and(|word| !word.is_empty()), "{key}");
        }
        assert_eq!(ENGLISH.by_key("nothing"), None);
    }
}
