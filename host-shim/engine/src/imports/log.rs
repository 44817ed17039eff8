use crate::api::log::{Host, Level};
use crate::call::Call;
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn write(
        &mut self,
        level: Level,
        message: String,
        fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        self.log(level, message, fields).await;
        Ok(())
    }
}
