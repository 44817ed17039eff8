//! `hooks.submit-dialog`: a dialog that a user sent or closed.

use crate::flow::Io;
use crate::model::Submission;

/// Field names, and what is wrong with each.
pub type FieldErrors = Vec<(String, String)>;

/// Does what the dialog is for.
///
/// # Errors
/// What is wrong with each field.
pub async fn submit(_io: Io, submission: Submission) -> Result<(), FieldErrors> {
    if submission.cancelled {
        return Ok(());
    }
    Ok(())
}
