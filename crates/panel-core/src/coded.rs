//! Closed vocabularies: each value has a stable code for storage and interfaces, and plain words.

/// A value of a closed vocabulary.
pub trait Coded: Copy + Eq + 'static {
    /// What the vocabulary is called in an error, such as `role`.
    const VOCABULARY: &'static str;
    /// Every value, in the order it is offered.
    const ALL: &'static [Self];
    /// The stable code, in `snake_case`; it never changes once released.
    fn code(self) -> &'static str;
    /// The words a reader sees.
    fn label(self) -> &'static str;
    /// The value with this code.
    ///
    /// # Errors
    /// [`UnknownCode`] when the vocabulary has no such code.
    fn from_code(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|value| value.code() == code).ok_or_else(|| UnknownCode {
            vocabulary: Self::VOCABULARY,
            code: code.chars().take(60).collect(),
        })
    }
}

/// A code that its vocabulary does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not a known {vocabulary}")]
pub struct UnknownCode {
    /// The vocabulary that was asked.
    pub vocabulary: &'static str,
    /// The code that it lacks, cut to 60 characters.
    pub code: String,
}

/// Declares a closed vocabulary: `coded! { /// doc pub enum Role: "role" { Chair = "chair" => "Chair" } }`.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* pub enum $name:ident: $vocabulary:literal {
        $($(#[$value_doc:meta])* $value:ident = $code:literal => $label:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $code)] $value,)+
        }

        impl $crate::coded::Coded for $name {
            const VOCABULARY: &'static str = $vocabulary;
            const ALL: &'static [Self] = &[$(Self::$value),+];
            fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$value => $label,)+ }
            }
        }

        $crate::coded_schema!($name);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::coded::Coded::label(*self))
            }
        }
    };
}

/// The schema of a vocabulary, where the interface is described.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! coded_schema {
    ($name:ident) => {
        $crate::schema!($name, $crate::schema::coded::<$name>());
    };
}

/// Nothing, where the interface is not described.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! coded_schema {
    ($name:ident) => {};
}
