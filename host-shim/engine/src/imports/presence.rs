use crate::api::presence::{CustomStatus, Error, Host};
use crate::call::Call;
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn get(&mut self, user_id: String) -> wasmtime::Result<Result<Option<CustomStatus>, Error>> {
        Self::within(self.limits.import, "presence.get", late, self.server.presence(user_id)).await
    }

    async fn set(
        &mut self,
        user_id: String,
        status: Option<CustomStatus>,
    ) -> wasmtime::Result<Result<(), Error>> {
        Self::within(self.limits.import, "presence.set", late, self.server.set_presence(user_id, status))
            .await
    }
}

/// A write may have happened all the same.
fn late<T>(text: String) -> Result<T, Error> {
    Err(Error::Other(text))
}
