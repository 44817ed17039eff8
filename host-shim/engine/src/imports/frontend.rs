use crate::api::frontend::{Audience, Dialog, Error, Host};
use crate::call::Call;
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn publish(
        &mut self,
        event: String,
        payload: String,
        to: Audience,
    ) -> wasmtime::Result<Result<(), Error>> {
        Self::within(self.limits.import, "frontend.publish", late, self.server.publish(event, payload, to))
            .await
    }

    async fn open_dialog(
        &mut self,
        trigger_id: String,
        dialog: Dialog,
    ) -> wasmtime::Result<Result<(), Error>> {
        let answer = self.server.open_dialog(trigger_id, dialog);
        Self::within(self.limits.import, "frontend.open-dialog", late, answer).await
    }
}

/// It may have been delivered all the same.
fn late<T>(text: String) -> Result<T, Error> {
    Err(Error::Other(text))
}
