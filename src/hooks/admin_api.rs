//! Routes for administrators: what the page of the plugin's settings needs.

use super::http::{self, Failure, Refusal};
use crate::error::UserError;
use crate::features::doctor as examination;
use crate::flow::Io;
use crate::model::{HttpResponse, Request, User};
use crate::say::i18n::Localizer;
use crate::settings::{Secret, webhook_secret};
use serde_json::json;

/// `GET /api/v1/doctor`: what the command says, as data.
pub(super) async fn doctor(io: &Io, request: &Request) -> Result<HttpResponse, Failure> {
    let (user, l10n) = administrator(io, request).await?;
    let findings = examination::examine(io, &l10n, &user).await;
    let shown = findings.into_iter().map(|finding| {
        json!({
            "check": examination::text::check(&finding.check, &l10n),
            "state": finding.state.name(),
            "found": finding.found,
            "remedy": finding.remedy,
        })
    });
    Ok(http::json(200, &shown.collect::<Vec<_>>()))
}

/// `GET /api/v1/setup`: the secret that stands in addresses which Zoom is given, empty where it is not set. Servers show no saved
/// secret on the settings' page, so that the page could not show these addresses by itself.
pub(super) async fn setup(io: &Io, request: &Request) -> Result<HttpResponse, Failure> {
    administrator(io, request).await?;
    let secret = webhook_secret(&io.settings().await);
    Ok(http::json(200, &json!({ "webhook_secret": secret.as_ref().map_or("", Secret::expose) })))
}

async fn administrator(io: &Io, request: &Request) -> Result<(User, Localizer), Failure> {
    let user_id = request.user_id.as_deref().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    let (l10n, user) = Localizer::with_user(io, user_id).await;
    match user {
        Ok(user) if user.is_admin => Ok((user, l10n)),
        Ok(_) => Err(Failure::Error(UserError::NotAnAdmin.into(), l10n)),
        Err(error) => Err(Failure::Error(error.into(), l10n)),
    }
}
