//! The description of the interface in OpenAPI 3.1, made from the table of routes.

use super::endpoint::{Call, IDEMPOTENCY_KEY, Ids};
use super::input::{Input, Takes};
use super::reply::Answers;
use crate::problem::{MEDIA_TYPE, Problem};
use crate::routes::{Route, route, table};
use actix_web::HttpResponse;
use actix_web::http::header::IF_MATCH;
use actix_web::http::{Method, StatusCode};
use panel_app::agenda::{DraftLine, LineView};
use panel_app::panels::Panel;
use panel_app::users::SeatRow;
use panel_core::agency::Agency;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref, RefOr,
    Required, Response, ResponseBuilder, Schema,
};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/api/openapi.json", Anyone => show)]
}

static DOCUMENT: LazyLock<Result<String, serde_json::Error>> =
    LazyLock::new(|| document(&table()).to_json());

async fn show() -> crate::answer::Answer {
    let document = DOCUMENT.as_ref();
    let document = document.map_err(|error| crate::errors::Failure::Broken(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(document.as_str()))
}

/// How a row of the table is described.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The path of the module of its area.
    pub(crate) area: &'static str,
    /// The name of its handler.
    pub(crate) name: &'static str,
    /// What it does, in a few words.
    pub(crate) summary: &'static str,
    /// Whether `If-Match` may name the version that it changes.
    pub(crate) matches: bool,
    /// What it takes and answers.
    pub(crate) parts: fn(&mut Schemas) -> Parts,
}

impl Described {
    fn area(&self) -> &'static str {
        self.area.rsplit("::").next().unwrap_or(self.area)
    }

    /// The name by which programs made from the document call it.
    pub fn operation(&self) -> String {
        format!("{}.{}", self.area(), self.name)
    }
}

/// What a handler takes and answers.
pub(crate) struct Parts {
    path: Vec<RefOr<Schema>>,
    takes: Takes,
    operation: OperationBuilder,
    status: StatusCode,
    answer: Response,
}

/// Describes a handler by its types.
pub(crate) fn parts<P: Ids, I: Input, A: Answers>(
    _: Call<P, I, A>,
    schemas: &mut Schemas,
) -> Parts {
    Parts {
        path: P::schemas(),
        takes: I::TAKES,
        operation: I::describe(OperationBuilder::new(), schemas),
        status: A::STATUS,
        answer: A::describe(schemas),
    }
}

/// The schemas that the document refers to, by name.
#[derive(Default)]
pub(crate) struct Schemas {
    by_name: BTreeMap<String, RefOr<Schema>>,
    clashes: Vec<String>,
}

impl Schemas {
    /// Takes a type in with all it is made of, and refers to it.
    pub(super) fn reference<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.parts_of::<T>();
        self.add(name::<T>(), T::schema());
        Ref::from_schema_name(name::<T>()).into()
    }

    /// Takes in what a type is made of, for where the type itself is written out.
    pub(super) fn parts_of<T: ToSchema>(&mut self) {
        let mut found = Vec::new();
        T::schemas(&mut found);
        for (name, schema) in found {
            self.add(name, schema);
        }
    }

    fn add(&mut self, name: String, schema: RefOr<Schema>) {
        match self.by_name.get(&name) {
            Some(known) if *known != schema => self.clashes.push(name),
            Some(_) => {}
            None => {
                self.by_name.insert(name, schema);
            }
        }
    }
}

/// The name of a type in the document: of a generic one with what it holds, such as `Listed_Agency`.
pub(super) fn name<T: ToSchema>() -> String {
    let full = std::any::type_name::<T>();
    if !full.contains('<') {
        return T::name().into_owned();
    }
    let parts = full.split(['<', '>', ',', ' ']).filter(|part| !part.is_empty());
    let bare = parts.map(|part| part.rsplit("::").next().unwrap_or(part));
    bare.collect::<Vec<_>>().join("_")
}

/// How a request can end other than well: the name of the answer, its status and what it means.
const ENDS: [(&str, u16, &str); 11] = [
    ("Malformed", 400, "The request cannot be read: no JSON, or a name given twice."),
    ("SignedOut", 401, "There is no token, or it does not hold any more."),
    ("NotFound", 404, "There is no such thing, or the caller may not know of it."),
    ("NotAcceptable", 406, "The answer would be of none of the kinds that `Accept` names."),
    ("Stale", 409, "Somebody else changed it first. `current` holds what it says now."),
    ("Unmatched", 412, "As 409, where `If-Match` named the version that was read."),
    ("TooLarge", 413, "The body is too large."),
    ("WrongKind", 415, "The body is not of the kind that is read here."),
    ("Refused", 422, "Some fields were not accepted, or a rule forbids it now; `code` says which."),
    ("Slowed", 429, "Too much was opened, taken or guessed; `Retry-After` says when it goes on."),
    ("Unavailable", 503, "The service is busy or away; the same request may be sent again."),
];

/// The ends that a handler can have.
fn ends(
    method: &Method,
    takes: Takes,
    matches: bool,
) -> impl Iterator<Item = &'static (&'static str, u16, &'static str)> {
    let reads = *method == Method::GET;
    ENDS.iter().filter(move |(_, status, _)| match status {
        400 | 413 => takes != Takes::Query && !(reads && takes == Takes::Nothing),
        415 => takes.media_type().is_some(),
        409 => !reads,
        412 => matches,
        _ => true,
    })
}

/// The document of these rows.
pub(crate) fn document(rows: &[Route]) -> OpenApi {
    let (paths, schemas) = described(rows);
    let info = InfoBuilder::new()
        .title("Panel")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What coordinators and representatives do in Panel, for programs that act for them. \
             Every request carries a person's token and may do what that person may. Dates and \
             times of day are local to London; instants are in UTC.",
        ))
        .build();
    let token = Http::builder().scheme(HttpAuthScheme::Bearer).build();
    let components = ENDS.iter().fold(ComponentsBuilder::new(), |components, (name, _, words)| {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let end = ResponseBuilder::new().description(*words).content(MEDIA_TYPE, problem).build();
        components.response(*name, end)
    });
    let components = components
        .schemas_from_iter(schemas.by_name)
        .security_scheme("token", SecurityScheme::Http(token))
        .build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build()
}

fn described(rows: &[Route]) -> (Paths, Schemas) {
    let mut schemas = Schemas::default();
    schemas.reference::<Problem>();
    // What stands in a pair, or in a type that holds any type, is not found by what is around it.
    schemas.parts_of::<SeatRow>();
    schemas.reference::<Agency>();
    schemas.reference::<Panel>();
    schemas.reference::<LineView>();
    schemas.reference::<DraftLine>();
    let mut paths = Paths::new();
    let mut spared = Vec::new();
    for row in rows {
        let (Some(described), Some(method)) = (row.described, http_method(&row.method)) else {
            continue;
        };
        let mut operation = operation(row, described, &mut schemas).build();
        match json_body(&mut operation) {
            Some(RefOr::T(form)) if described.matches => spare_version(form),
            Some(RefOr::Ref(form)) if described.matches => spared.push(form.ref_location.clone()),
            _ => {}
        }
        let item = PathItem::new(method, operation);
        match paths.paths.get_mut(row.path) {
            Some(known) => known.merge_operations(item),
            None => {
                paths.paths.insert(row.path.to_owned(), item);
            }
        }
    }
    for form in spared.iter().filter_map(|place| place.rsplit('/').next()) {
        if let Some(RefOr::T(form)) = schemas.by_name.get_mut(form) {
            spare_version(form);
        }
    }
    (paths, schemas)
}

/// The schema of the JSON object that an operation takes.
fn json_body(operation: &mut Operation) -> Option<&mut RefOr<Schema>> {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return None };
    match body.content.get_mut(Takes::Json.media_type()?)? {
        RefOr::T(content) => content.schema.as_mut(),
        RefOr::Ref(_) => None,
    }
}

/// A body may leave the version out where `If-Match` may name it.
fn spare_version(form: &mut Schema) {
    if let Schema::Object(form) = form {
        form.required.retain(|name| name != "version");
    }
}

fn operation(row: &Route, described: Described, schemas: &mut Schemas) -> OperationBuilder {
    let parts = (described.parts)(schemas);
    let mut operation = parts
        .operation
        .tag(described.area())
        .operation_id(Some(described.operation()))
        .summary(Some(described.summary))
        .description(Some(format!("For: {}.", row.access.in_words())))
        .security(SecurityRequirement::new("token", Vec::<String>::new()))
        .response(parts.status.as_str(), parts.answer);
    for (name, schema) in names(row.path).zip(parts.path) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(schema));
        operation = operation.parameter(parameter);
    }
    if row.method != Method::GET {
        operation = operation.parameter(idempotency_key());
    }
    if described.matches {
        operation = operation.parameter(if_match());
    }
    for (name, status, _) in ends(&row.method, parts.takes, described.matches) {
        operation = operation.response(status.to_string(), Ref::from_response_name(*name));
    }
    operation
}

fn idempotency_key() -> ParameterBuilder {
    let key = ObjectBuilder::new().schema_type(Type::String).max_length(Some(128)).build();
    ParameterBuilder::new()
        .name(IDEMPOTENCY_KEY)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A name of the caller's own for this one change. The same request under the same name \
             is done once, and answered alike however often it is sent.",
        ))
        .schema(Some(key))
}

fn if_match() -> ParameterBuilder {
    let tag = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"[0-9]+\"$")).build();
    ParameterBuilder::new()
        .name(IF_MATCH.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The `ETag` with which it was read. The body may then leave `version` out, and a change \
             of anything else is refused with 412.",
        ))
        .schema(Some(tag))
}

/// The names in a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
}

fn http_method(method: &Method) -> Option<HttpMethod> {
    match method.as_str() {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "PUT" => Some(HttpMethod::Put),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_types_go_by_one_name() {
        let (_, schemas) = described(&table());
        let clashes: std::collections::BTreeSet<String> = schemas.clashes.into_iter().collect();
        assert!(clashes.is_empty(), "{clashes:?}");
    }
}
