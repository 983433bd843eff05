//! How the types that macros declare look in the description of the JSON interface. Only with the
//! feature `openapi`; nothing else here knows of that description.

use crate::coded::Coded;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

#[doc(hidden)]
pub use utoipa;

/// A string.
pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// A string of at most `max` characters, counted as a reader counts them.
pub fn bounded_text(max: usize) -> RefOr<Schema> {
    text().max_length(Some(max)).min_length(Some(1)).into()
}

/// A string in a format of its own, with an example.
pub fn formatted(format: &str, example: &str) -> RefOr<Schema> {
    text()
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .examples([serde_json::Value::from(example)])
        .into()
}

/// A UUID.
pub fn uuid() -> RefOr<Schema> {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
}

/// One of the codes of a vocabulary, each with its words.
pub fn coded<T: Coded>() -> RefOr<Schema> {
    let words = T::ALL.iter().map(|value| format!("`{}`: {}", value.code(), value.label()));
    text()
        .enum_values(Some(T::ALL.iter().map(|value| value.code())))
        .description(Some(words.collect::<Vec<_>>().join("; ")))
        .into()
}

/// Gives a type a schema: of an expression, or of the type that it is written as.
#[macro_export]
macro_rules! schema {
    ($type:ty as $written:ty) => {
        impl $crate::schema::utoipa::PartialSchema for $type {
            fn schema() -> $crate::schema::utoipa::openapi::RefOr<
                $crate::schema::utoipa::openapi::schema::Schema,
            > {
                <$written as $crate::schema::utoipa::PartialSchema>::schema()
            }
        }

        impl $crate::schema::utoipa::ToSchema for $type {
            fn schemas(
                schemas: &mut Vec<(
                    String,
                    $crate::schema::utoipa::openapi::RefOr<
                        $crate::schema::utoipa::openapi::schema::Schema,
                    >,
                )>,
            ) {
                <$written as $crate::schema::utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
    ($type:ty, $schema:expr) => {
        impl $crate::schema::utoipa::PartialSchema for $type {
            fn schema() -> $crate::schema::utoipa::openapi::RefOr<
                $crate::schema::utoipa::openapi::schema::Schema,
            > {
                $schema
            }
        }

        impl $crate::schema::utoipa::ToSchema for $type {}
    };
}

/// A value that may be null, where `Option` cannot be said: among the values of a map.
#[derive(Debug, utoipa::ToSchema)]
pub struct OrNull<T>(Option<T>);

/// A day of the week, as `chrono` writes it.
#[derive(Debug)]
pub struct Weekday;

crate::schema!(
    Weekday,
    text().enum_values(Some(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])).into()
);
