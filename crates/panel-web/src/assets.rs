//! Style sheets and scripts: embedded, addressed by the hash of their content, sent compressed.

use crate::view::{Site, ViewError};
use actix_web::http::header::{
    self, AcceptEncoding, CacheControl, CacheDirective, Encoding, EntityTag, Header, IfNoneMatch,
};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::future::{Ready, ready};
use std::io::Write as _;

/// The route that [`serve`] answers: the hash of all assets, then a file's name.
pub const ROUTE: &str = "/assets/{stamp}/{name}";

/// A year, in seconds: the longest a browser keeps what never changes under its address.
const YEAR: u32 = 31_536_000;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Embedded;

/// What is served, and where it stands in the source. All lie in one folder of the address, so that
/// one script can import another by its plain name.
const SERVED: [(&str, &str, &str); 9] = [
    (
        "govuk-frontend.min.css",
        "vendor/govuk-frontend/govuk-frontend.min.css",
        "text/css; charset=utf-8",
    ),
    (
        "govuk-frontend.min.js",
        "vendor/govuk-frontend/govuk-frontend.min.js",
        "text/javascript; charset=utf-8",
    ),
    ("panel.css", "panel.css", "text/css; charset=utf-8"),
    // Made at the start, from the deployment's marking.
    ("marking.css", "", "text/css; charset=utf-8"),
    ("panel.js", "panel.js", "text/javascript; charset=utf-8"),
    ("passkeys.js", "passkeys.js", "text/javascript; charset=utf-8"),
    ("session.js", "session.js", "text/javascript; charset=utf-8"),
    ("start.js", "start.js", "text/javascript; charset=utf-8"),
    ("icon.svg", "icon.svg", "image/svg+xml"),
];

#[derive(Debug)]
struct Asset {
    name: &'static str,
    kind: &'static str,
    etag: String,
    plain: Bytes,
    gzip: Bytes,
}

impl Asset {
    fn tag(&self, gzip: bool) -> EntityTag {
        let mark = if gzip { "-gz" } else { "" };
        EntityTag::new_strong(format!("{}{mark}", self.etag))
    }
}

/// Every asset, hashed and compressed once at the start.
#[derive(Debug)]
pub struct Assets {
    base: String,
    stamp: String,
    files: Vec<Asset>,
}

impl Assets {
    /// Reads, hashes and compresses every asset; `marking` is what every printed sheet carries.
    ///
    /// # Errors
    /// [`ViewError::Asset`] names a file that is not embedded or cannot be compressed.
    pub fn load(marking: Option<&str>) -> Result<Self, ViewError> {
        let mut all = Sha256::new();
        let mut files = Vec::with_capacity(SERVED.len());
        for (name, source, kind) in SERVED {
            let missing = || ViewError::Asset(name.to_owned());
            let plain = if source.is_empty() {
                marking_css(marking).into_bytes()
            } else {
                Embedded::get(source).ok_or_else(missing)?.data.into_owned()
            };
            all.update(name.as_bytes());
            all.update(&plain);
            let gzip = compressed(&plain).map_err(|_| missing())?;
            let etag = hex(&Sha256::digest(&plain), 32);
            files.push(Asset { name, kind, etag, plain: plain.into(), gzip: gzip.into() });
        }
        let stamp = hex(&all.finalize(), 16);
        Ok(Self { base: format!("/assets/{stamp}"), stamp, files })
    }

    /// The folder of the address that every asset lies in, such as `/assets/3fa…`.
    pub fn base(&self) -> &str {
        &self.base
    }

    fn answer(&self, request: &HttpRequest, stamp: &str, name: &str) -> HttpResponse {
        let Some(asset) = self.files.iter().find(|asset| asset.name == name) else {
            return HttpResponse::NotFound().finish();
        };
        let gzip = takes_gzip(request);
        let tag = asset.tag(gzip);
        let known = IfNoneMatch::parse(request).is_ok_and(|known| match known {
            IfNoneMatch::Any => true,
            IfNoneMatch::Items(tags) => tags.iter().any(|other| other.weak_eq(&tag)),
        });
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header(kept(stamp == self.stamp))
            .insert_header(header::ETag(tag))
            .insert_header((header::VARY, "accept-encoding"));
        if known {
            return response.finish();
        }
        response.insert_header((header::CONTENT_TYPE, asset.kind));
        if gzip {
            response.insert_header((header::CONTENT_ENCODING, "gzip"));
        }
        response.body(if gzip { asset.gzip.clone() } else { asset.plain.clone() })
    }
}

/// The style that puts the marking at the head and the foot of every printed sheet.
fn marking_css(marking: Option<&str>) -> String {
    let Some(marking) = marking else { return String::new() };
    let mut words = String::new();
    for character in marking.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, ' ' | '-') {
            words.push(character);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(words, "\\{:x} ", u32::from(character));
        }
    }
    let place =
        |place| format!("@{place} {{ content: \"{words}\"; font: 700 11pt arial, sans-serif; }}");
    format!("@page {{ {} {} }}\n", place("top-center"), place("bottom-center"))
}

fn compressed(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn hex(bytes: &[u8], characters: usize) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes.iter().take(characters / 2) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Answers with one asset, for `GET` and `HEAD` at [`ROUTE`].
///
/// Under the present hash it may be kept for a year; under a former one, which a page drawn before
/// an upgrade still names, the present file is sent and checked again next time.
#[expect(clippy::needless_pass_by_value, reason = "extractors arrive by value")]
pub fn serve(
    request: HttpRequest,
    path: Path<(String, String)>,
    site: Data<Site>,
) -> Ready<HttpResponse> {
    let (stamp, name) = path.into_inner();
    ready(site.assets().answer(&request, &stamp, &name))
}

/// How long a browser may keep an asset: under the present hash for a year, else not unasked.
fn kept(lasting: bool) -> CacheControl {
    CacheControl(if lasting {
        vec![
            CacheDirective::Public,
            CacheDirective::MaxAge(YEAR),
            CacheDirective::Extension("immutable".to_owned(), None),
        ]
    } else {
        vec![CacheDirective::NoCache]
    })
}

fn takes_gzip(request: &HttpRequest) -> bool {
    AcceptEncoding::parse(request).is_ok_and(|accepted| {
        let offered = [Encoding::gzip(), Encoding::identity()];
        accepted.negotiate(offered.iter()) == Some(Encoding::gzip())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Settings;
    use actix_web::http::StatusCode;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, web};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Record {
        file: Vec<File>,
    }

    #[derive(Deserialize)]
    struct File {
        path: String,
        sha256: String,
    }

    #[test]
    fn vendored_files_are_those_that_were_recorded() {
        let record = Embedded::get("vendor/VENDOR.toml").unwrap();
        let record: Record = toml::from_str(std::str::from_utf8(&record.data).unwrap()).unwrap();
        let vendored = Embedded::iter()
            .filter(|path| path.starts_with("vendor/") && !path.ends_with("LICENSE.txt"))
            .count();
        assert_eq!(record.file.len(), vendored - 1, "every vendored file has a hash");
        for file in record.file {
            let data = Embedded::get(&format!("vendor/{}", file.path)).unwrap().data;
            assert_eq!(hex(&Sha256::digest(&data), 64), file.sha256, "{}", file.path);
        }
        assert!(Embedded::get("vendor/govuk-frontend/LICENSE.txt").is_some());
    }

    #[test]
    fn nothing_that_belongs_to_gov_uk_alone_is_served() {
        for (_, source, _) in SERVED.iter().filter(|(_, source, _)| !source.is_empty()) {
            let data = Embedded::get(source).unwrap().data;
            let text = std::str::from_utf8(&data).unwrap();
            for mark in ["GDS Transport", "govuk-crest", "@font-face", "url(", "crown"] {
                assert!(!text.contains(mark), "{source} holds {mark}");
            }
        }
    }

    async fn get(
        path: &str,
        header: Option<(&str, &str)>,
    ) -> (StatusCode, Vec<(String, String)>, Bytes) {
        let site = Data::new(Site::new(Settings::default()).unwrap());
        let route = web::resource(ROUTE).route(web::get().to(serve)).route(web::head().to(serve));
        let app = init_service(App::new().app_data(site.clone()).service(route)).await;
        let path = path.replace("STAMP", &site.assets().stamp);
        let mut request = TestRequest::get().uri(&path);
        if let Some(header) = header {
            request = request.insert_header(header);
        }
        let response = call_service(&app, request.to_request()).await;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        (response.status(), headers, read_body(response).await)
    }

    fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
        headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[actix_web::test]
    async fn an_asset_under_its_hash_may_be_kept_for_a_year() {
        let (status, headers, body) = get("/assets/STAMP/panel.js", None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(header(&headers, "content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(header(&headers, "cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(body, Embedded::get("panel.js").unwrap().data.as_ref());
    }

    #[actix_web::test]
    async fn an_asset_under_a_former_hash_is_sent_but_not_kept() {
        let (status, headers, _) = get("/assets/0123/panel.css", None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(header(&headers, "cache-control"), Some("no-cache"));
    }

    #[actix_web::test]
    async fn an_asset_is_sent_compressed_to_those_who_take_it() {
        let sheet = "/assets/STAMP/govuk-frontend.min.css";
        let (_, headers, small) = get(sheet, Some(("accept-encoding", "gzip, br"))).await;
        assert_eq!(header(&headers, "content-encoding"), Some("gzip"));
        assert_eq!(header(&headers, "content-type"), Some("text/css; charset=utf-8"));
        let (_, headers, plain) = get(sheet, Some(("accept-encoding", "gzip;q=0"))).await;
        assert_eq!(header(&headers, "content-encoding"), None);
        assert!(small.len() * 5 < plain.len());
    }

    #[actix_web::test]
    async fn an_unchanged_asset_is_not_sent_again() {
        let (_, headers, _) = get("/assets/STAMP/icon.svg", None).await;
        assert_eq!(header(&headers, "content-type"), Some("image/svg+xml"));
        let tag = header(&headers, "etag").unwrap();
        let (status, _, body) = get("/assets/STAMP/icon.svg", Some(("if-none-match", tag))).await;
        assert_eq!(status, StatusCode::NOT_MODIFIED);
        assert!(body.is_empty());
    }

    #[test]
    fn the_marking_is_only_words_in_the_style() {
        let css = marking_css(Some("OFFICIAL-SENSITIVE \"} body { x"));
        assert!(css.contains("content: \"OFFICIAL-SENSITIVE \\22 \\7d  body \\7b  x\";"), "{css}");
        assert_eq!(marking_css(None), "");
    }

    #[actix_web::test]
    async fn what_is_not_an_asset_is_not_found() {
        for path in ["/assets/STAMP/VENDOR.toml", "/assets/STAMP/..%2fvendor%2fVENDOR.toml"] {
            assert_eq!(get(path, None).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
