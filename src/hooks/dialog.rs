//! `hooks.submit-dialog`: a dialog that a user sent or closed.

use super::channel_settings;
use crate::flow::Io;
use crate::model::Submission;
use crate::say::i18n::Localizer;

/// Field names, and what is wrong with each.
pub type FieldErrors = Vec<(String, String)>;

/// Does what the dialog is for.
///
/// # Errors
/// What is wrong with each field.
pub async fn submit(io: Io, submission: Submission) -> Result<(), FieldErrors> {
    if submission.cancelled {
        return Ok(());
    }
    if submission.dialog_id == channel_settings::DIALOG {
        return channel_settings::submitted(&io, &submission).await;
    }
    // Of another version.
    let field = submission.values.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let l10n = Localizer::of_user(&io, &submission.user_id).await;
    Err(vec![(field, l10n.general_unknown_dialog())])
}
