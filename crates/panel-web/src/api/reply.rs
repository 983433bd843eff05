//! What an endpoint answers: JSON, something new, nothing, or a file.

use super::document::{Schemas, name};
use crate::errors::Failure;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG, LOCATION};
use panel_app::AppError;
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    media_type: String,
    body: Vec<u8>,
    location: Option<String>,
    file_name: Option<String>,
    version: Option<i32>,
}

impl Reply {
    fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(value).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Self::new(status, "application/json".to_owned(), body))
    }

    fn new(status: StatusCode, media_type: String, body: Vec<u8>) -> Self {
        Self { status, media_type, body, location: None, file_name: None, version: None }
    }

    /// As HTTP.
    pub(super) fn response(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::NO_CONTENT {
            return response.finish();
        }
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(version) = self.version {
            response.insert_header((ETAG, format!("\"{version}\"")));
        }
        if let Some(name) = self.file_name {
            let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let name: String = name.chars().filter(kept).collect();
            let value = format!("attachment; filename=\"{name}\"");
            response.insert_header((CONTENT_DISPOSITION, value));
        }
        response.content_type(self.media_type).body(self.body)
    }
}

/// What an endpoint answers: written, and described.
pub(crate) trait Answers {
    /// Its status.
    const STATUS: StatusCode;
    /// Whether it is JSON, or a file of a kind that depends.
    const IS_JSON: bool = true;
    /// Writes it.
    fn reply(self) -> Result<Reply, Failure>;
    /// Describes it.
    fn describe(schemas: &mut Schemas) -> Response;
}

/// A value: 200.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

/// What a use case tells.
pub(super) type Told<T> = Result<Json<T>, AppError>;

/// Tells a value.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of an endpoint")]
pub(super) fn told<T>(value: T) -> Told<T> {
    Ok(Json(value))
}

impl<T: Serialize + ToSchema> Answers for Json<T> {
    const STATUS: StatusCode = StatusCode::OK;
    fn reply(self) -> Result<Reply, Failure> {
        Reply::json(StatusCode::OK, &self.0)
    }
    fn describe(schemas: &mut Schemas) -> Response {
        let content = ContentBuilder::new().schema(Some(schemas.reference::<T>())).build();
        ResponseBuilder::new().description("Done.").content("application/json", content).build()
    }
}

/// One thing with the version of its row, which its `ETag` tells: 200.
#[derive(Debug)]
pub(crate) struct One<T> {
    version: i32,
    value: T,
}

/// What a use case shows of one thing.
pub(super) type Seen<T> = Result<One<T>, AppError>;

/// Shows one thing at this version.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of an endpoint")]
pub(super) fn one<T>(version: i32, value: T) -> Seen<T> {
    Ok(One { version, value })
}

impl<T: Serialize + ToSchema> Answers for One<T> {
    const STATUS: StatusCode = StatusCode::OK;
    fn reply(self) -> Result<Reply, Failure> {
        let reply = Reply::json(StatusCode::OK, &self.value)?;
        Ok(Reply { version: Some(self.version), ..reply })
    }
    fn describe(schemas: &mut Schemas) -> Response {
        let tag = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .description(Some("Its version, for `If-Match`."))
            .build();
        ResponseBuilder::from(Json::<T>::describe(schemas)).header("ETag", tag).build()
    }
}

/// What can say how something stands now that a change of it was too late.
pub(super) trait Shows: Answers {
    /// What it says.
    fn value(&self) -> serde_json::Result<serde_json::Value>;
}

impl<T: Serialize + ToSchema> Shows for Json<T> {
    fn value(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(&self.0)
    }
}

impl<T: Serialize + ToSchema> Shows for One<T> {
    fn value(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(&self.value)
    }
}

/// Something new, and where it is: 201.
#[derive(Debug)]
pub(crate) struct Created<T> {
    at: String,
    value: T,
}

/// What a use case makes.
pub(super) type Made<T> = Result<Created<T>, AppError>;

/// Tells of something new at this path.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of an endpoint")]
pub(super) fn made<T>(at: String, value: T) -> Made<T> {
    Ok(Created { at, value })
}

impl<T: Serialize + ToSchema> Answers for Created<T> {
    const STATUS: StatusCode = StatusCode::CREATED;
    fn reply(self) -> Result<Reply, Failure> {
        let reply = Reply::json(StatusCode::CREATED, &self.value)?;
        Ok(Reply { location: Some(self.at), ..reply })
    }
    fn describe(schemas: &mut Schemas) -> Response {
        let content = ContentBuilder::new().schema(Some(schemas.reference::<T>())).build();
        let location = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .description(Some("Where it is."))
            .build();
        ResponseBuilder::new()
            .description("Made.")
            .content("application/json", content)
            .header("Location", location)
            .build()
    }
}

/// Nothing more to say: 204.
#[derive(Debug)]
pub(crate) struct Done;

/// Tells that it is done.
#[expect(clippy::unnecessary_wraps, reason = "it is the last word of an endpoint")]
pub(super) fn done() -> Result<Done, AppError> {
    Ok(Done)
}

impl Answers for Done {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;
    fn reply(self) -> Result<Reply, Failure> {
        Ok(Reply::new(StatusCode::NO_CONTENT, String::new(), Vec::new()))
    }
    fn describe(_: &mut Schemas) -> Response {
        ResponseBuilder::new().description("Done.").build()
    }
}

/// A file: 200.
#[derive(Debug)]
pub(crate) struct Download {
    /// Its name.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media_type: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

impl Answers for Download {
    const STATUS: StatusCode = StatusCode::OK;
    const IS_JSON: bool = false;
    fn reply(self) -> Result<Reply, Failure> {
        let reply = Reply::new(StatusCode::OK, self.media_type, self.bytes);
        Ok(Reply { file_name: Some(self.name), ..reply })
    }
    fn describe(_: &mut Schemas) -> Response {
        let bytes = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .build();
        let content = ContentBuilder::new().schema(Some(bytes)).build();
        ResponseBuilder::new().description("The file.").content("*/*", content).build()
    }
}

/// A document to print: 200.
#[derive(Debug)]
pub(crate) enum Paper {
    /// As HTML.
    Html(String),
    /// As plain text.
    Text(String),
}

impl Answers for Paper {
    const STATUS: StatusCode = StatusCode::OK;
    const IS_JSON: bool = false;
    fn reply(self) -> Result<Reply, Failure> {
        let (kind, text) = match self {
            Self::Html(text) => ("text/html; charset=utf-8", text),
            Self::Text(text) => ("text/plain; charset=utf-8", text),
        };
        Ok(Reply::new(StatusCode::OK, kind.to_owned(), text.into_bytes()))
    }
    fn describe(_: &mut Schemas) -> Response {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let content = ContentBuilder::new().schema(Some(text)).build();
        ResponseBuilder::new()
            .description("The document.")
            .content("text/html", content.clone())
            .content("text/plain", content)
            .build()
    }
}

/// The version that something has now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    /// The version that the next change must name.
    pub(crate) version: i32,
}

/// Tells the new version of something that was changed.
pub(super) fn changed(version: i32) -> Told<Version> {
    told(Version { version })
}

/// A list, or a page of one.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<T> {
    /// What it holds.
    pub(crate) rows: Vec<T>,
    /// The mark of the next page, to be sent as `after`; null on the last.
    pub(crate) next: Option<String>,
}

impl<T: ToSchema> PartialSchema for Listed<T> {
    fn schema() -> RefOr<Schema> {
        let rows = ArrayBuilder::new().items(Ref::from_schema_name(name::<T>()));
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(
                "The mark of the next page, to be sent as `after`; null on the last.",
            ));
        let both = ObjectBuilder::new().property("rows", rows).property("next", next);
        both.required("rows").required("next").into()
    }
}

impl<T: ToSchema> ToSchema for Listed<T> {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((name::<T>(), T::schema()));
        T::schemas(schemas);
    }
}

/// Tells a page of a list.
pub(super) fn page<T>(rows: Vec<T>, next: Option<impl ToString>) -> Told<Listed<T>> {
    told(Listed { rows, next: next.map(|next| next.to_string()) })
}

/// Tells a whole list.
pub(super) fn all<T>(rows: Vec<T>) -> Told<Listed<T>> {
    page(rows, None::<String>)
}

/// Something new, by its id.
#[derive(Debug, Serialize)]
pub(crate) struct New<T> {
    /// Its id.
    pub(crate) id: T,
}

impl<T: ToSchema> PartialSchema for New<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().property("id", T::schema()).required("id").into()
    }
}

impl<T: ToSchema> ToSchema for New<T> {}
