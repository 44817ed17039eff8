//! The few pages that people see on their way to Zoom and back, and to a meeting.

use crate::model::HttpResponse;
use crate::say::i18n::Locale;

/// A page with a heading and paragraphs. Texts are escaped here.
pub(crate) fn page(status: u16, title: &str, paragraphs: &[String], locale: Locale) -> HttpResponse {
    with_form(status, title, paragraphs, "", locale)
}

/// A form of one button.
pub(crate) struct Form<'a> {
    /// Where it is sent, relative to the page.
    pub(crate) action: &'a str,
    /// A field that nobody sees, and what stands in it.
    pub(crate) hidden: (&'a str, &'a str),
    /// What the button says.
    pub(crate) button: &'a str,
}

/// A page with one button.
pub(crate) fn question(title: &str, paragraphs: &[String], form: &Form<'_>, locale: Locale) -> HttpResponse {
    let Form { action, hidden: (name, value), button } = form;
    let [action, name, value, button] = [action, name, value, button].map(|text| escape(text));
    let form = format!(
        "<form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"{name}\" value=\"{value}\">\
         <button autofocus>{button}</button></form>"
    );
    with_form(200, title, paragraphs, &form, locale)
}

/// Sends the browser elsewhere with a fresh GET.
pub(crate) fn redirect(url: &str) -> HttpResponse {
    let headers = [("location", url), ("cache-control", "no-store"), ("referrer-policy", "no-referrer")];
    HttpResponse { status: 303, headers: owned(&headers), body: Vec::new() }
}

fn with_form(status: u16, title: &str, paragraphs: &[String], form: &str, locale: Locale) -> HttpResponse {
    let (language, direction) = (locale.tag(), locale.direction());
    let title = escape(title);
    let text: String = paragraphs.iter().map(|text| format!("<p>{}</p>", escape(text))).collect();
    let body = format!(
        "<!doctype html><html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto 0;padding:0 1.5rem;\
         color-scheme:light dark}}button{{font:inherit;padding:.5em 1.2em}}</style></head><body><main><h1>{title}</h1>{text}{form}</main></body></html>"
    );
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        (
            // Without `form-action`: browsers hold every redirect after the form to it, and Zoom's sign-in may lead anywhere.
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ];
    HttpResponse { status, headers: owned(&headers), body: body.into_bytes() }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
