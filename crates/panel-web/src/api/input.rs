//! What an endpoint takes beside the ids in its path: a query, a JSON body, or a file.

use super::document::Schemas;
use super::endpoint::Raw;
use super::json::{fields, object, wrong};
use crate::errors::Failure;
use actix_web::web::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::marker::PhantomData;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AllOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What an endpoint takes, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// A query.
    Query,
    /// A JSON object.
    Json,
    /// The bytes of a file.
    File,
}

impl Takes {
    /// The kind that its body must say it is.
    pub(super) const fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Query => None,
            Self::Json => Some("application/json"),
            Self::File => Some("application/octet-stream"),
        }
    }
}

/// What an endpoint takes: read from the request, and described.
pub(crate) trait Input: Sized {
    /// Of what kind it is.
    const TAKES: Takes;
    /// Reads it.
    fn read(raw: &Raw) -> Result<Self, Failure>;
    /// Describes it.
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder;
}

/// Nothing beside the path.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl Input for Nothing {
    const TAKES: Takes = Takes::Nothing;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        query(&raw.query)
    }
    fn describe(operation: OperationBuilder, _: &mut Schemas) -> OperationBuilder {
        operation
    }
}

/// A query.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + ToSchema> Input for Query<T> {
    const TAKES: Takes = Takes::Query;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        query(&raw.query).map(Self)
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        parameters::<T>(operation, schemas)
    }
}

/// A query that asks for one page of a list: with `after`, the page that begins there.
#[derive(Debug)]
pub(crate) struct Paged<T, C = String> {
    /// The mark of the page, as the page before gave it.
    pub(crate) after: Option<C>,
    /// The rest of the query.
    pub(crate) query: T,
}

/// The parameter of a page's mark.
#[derive(Debug, Deserialize, ToSchema)]
struct After {
    /// `next` of the page before, as it was; without it, the first page.
    #[expect(dead_code, reason = "it describes what `Paged` reads")]
    after: Option<String>,
}

impl<T: DeserializeOwned + ToSchema, C: std::str::FromStr> Input for Paged<T, C> {
    const TAKES: Takes = Takes::Query;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(&raw.query).map_err(|_| Failure::Malformed)?;
        let (marks, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(k, _)| k == "after");
        let rest = serde_urlencoded::to_string(rest).map_err(|_| Failure::Malformed)?;
        let no_mark = || wrong("after", "not_a_mark", "This is not the mark of a page");
        let after = match marks.as_slice() {
            [] => None,
            [(_, mark)] => Some(mark.parse().map_err(|_| no_mark())?),
            _ => return Err(no_mark()),
        };
        Ok(Self { after, query: query(&rest)? })
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        parameters::<T>(parameters::<After>(operation, schemas), schemas)
    }
}

/// A JSON object.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + ToSchema> Input for Body<T> {
    const TAKES: Takes = Takes::Json;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        fields(whole(raw)?).map(Self)
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        json_body(operation, schemas.reference::<T>())
    }
}

/// A JSON object that names the version it changes, beside the fields of a form.
#[derive(Debug)]
pub(crate) struct Edit<T> {
    /// The version that was read.
    pub(crate) version: i32,
    /// The form.
    pub(crate) form: T,
}

/// The version that was read.
#[derive(Debug, Deserialize, ToSchema)]
struct VersionRead {
    /// The version that was read. A change to any other is refused with 409.
    version: i32,
}

impl<T: DeserializeOwned + ToSchema> Input for Edit<T> {
    const TAKES: Takes = Takes::Json;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        let mut sent = whole(raw)?;
        let version = sent.remove("version").map(|version| ("version".to_owned(), version));
        let VersionRead { version } = fields(version.into_iter().collect())?;
        Ok(Self { version, form: fields(sent)? })
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        schemas.parts_of::<T>();
        json_body(operation, with_version(T::schema()))
    }
}

/// The fields of a form with the version among them. A form refuses fields that it does not know, so
/// the two cannot be said beside each other.
fn with_version(form: RefOr<Schema>) -> RefOr<Schema> {
    let version = VersionRead::schema();
    match (form, version) {
        (RefOr::T(Schema::Object(mut form)), RefOr::T(Schema::Object(version))) => {
            form.properties.extend(version.properties);
            form.required.extend(version.required);
            Schema::Object(form).into()
        }
        (form, version) => AllOfBuilder::new().item(form).item(version).into(),
    }
}

/// No fields: an edit that has nothing but its version, or a list that is not narrowed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plain {}

/// Why something is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    /// Why.
    pub(crate) reason: String,
}

/// A JSON object that the use case reads by itself, field by field, described as `T`.
#[derive(Debug)]
pub(crate) struct Whole<T> {
    /// What was sent.
    pub(crate) value: Value,
    described: PhantomData<T>,
}

impl<T: ToSchema> Input for Whole<T> {
    const TAKES: Takes = Takes::Json;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        Ok(Self { value: Value::Object(whole(raw)?), described: PhantomData })
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        json_body(operation, schemas.reference::<T>())
    }
}

impl<T: ToSchema> Whole<T> {
    /// Takes the version out of it.
    pub(crate) fn version(mut self) -> Result<(i32, Value), panel_app::AppError> {
        let found = self.value.as_object_mut().and_then(|fields| fields.remove("version"));
        let version = found.as_ref().and_then(Value::as_i64).and_then(|v| i32::try_from(v).ok());
        version.map(|version| (version, self.value)).ok_or_else(|| {
            panel_app::AppError::field("version", "missing", "The version that was read is missing")
        })
    }
}

/// The bytes of a file, with a query.
#[derive(Debug)]
pub(crate) struct Upload<T> {
    /// The query.
    pub(crate) query: T,
    /// The bytes.
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned + ToSchema> Input for Upload<T> {
    const TAKES: Takes = Takes::File;
    fn read(raw: &Raw) -> Result<Self, Failure> {
        Ok(Self { query: query(&raw.query)?, bytes: Bytes::copy_from_slice(&raw.body) })
    }
    fn describe(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
        let bytes = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .build();
        let content = ContentBuilder::new().schema(Some(bytes)).build();
        let body = RequestBodyBuilder::new()
            .content("application/octet-stream", content)
            .required(Some(Required::True))
            .build();
        parameters::<T>(operation, schemas).request_body(Some(body))
    }
}

/// Reads a query.
fn query<T: DeserializeOwned>(sent: &str) -> Result<T, Failure> {
    let parsed = serde_urlencoded::Deserializer::new(form_urlencoded(sent));
    serde_path_to_error::deserialize(parsed).map_err(|error| super::json::fault(&error))
}

fn form_urlencoded(sent: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(sent.as_bytes())
}

/// The fields of a body, beside which there is no query. The version that was read is among them
/// whether the body names it or `If-Match`; where both do, they must agree.
fn whole(raw: &Raw) -> Result<Map<String, Value>, Failure> {
    query::<Nothing>(&raw.query)?;
    let mut sent = object(&raw.body)?;
    let Some(expected) = raw.expected else { return Ok(sent) };
    match sent.insert("version".to_owned(), expected.into()) {
        Some(named) if named != expected => {
            Err(wrong("version", "not_as_in_if_match", "Must be the version that If-Match names"))
        }
        _ => Ok(sent),
    }
}

fn json_body(operation: OperationBuilder, schema: RefOr<Schema>) -> OperationBuilder {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let body = RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(Required::True))
        .build();
    operation.request_body(Some(body))
}

/// Every field of `T` as a parameter of the query.
fn parameters<T: ToSchema>(operation: OperationBuilder, schemas: &mut Schemas) -> OperationBuilder {
    schemas.parts_of::<T>();
    let RefOr::T(Schema::Object(fields)) = T::schema() else { return operation };
    fields.properties.into_iter().fold(operation, |operation, (name, schema)| {
        let required = fields.required.contains(&name);
        let description = match &schema {
            RefOr::T(Schema::Object(field)) => field.description.clone(),
            RefOr::T(Schema::OneOf(field)) => field.description.clone(),
            RefOr::Ref(field) => Some(field.description.clone()).filter(|text| !text.is_empty()),
            RefOr::T(_) => None,
        };
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(if required { Required::True } else { Required::False })
            .description(description)
            .schema(Some(schema));
        operation.parameter(parameter)
    })
}
