use crate::api::posts::{Draft, Error, Host, Patch, Post, PostId, Privacy};
use crate::call::Call;
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn create(&mut self, draft: Draft) -> wasmtime::Result<Result<PostId, Error>> {
        Self::within(self.limits.import, "posts.create", late, self.server.create_post(draft)).await
    }

    async fn update(&mut self, id: PostId, patch: Patch) -> wasmtime::Result<Result<(), Error>> {
        Self::within(self.limits.import, "posts.update", late, self.server.update_post(id, patch)).await
    }

    async fn delete(&mut self, id: PostId) -> wasmtime::Result<Result<(), Error>> {
        Self::within(self.limits.import, "posts.delete", late, self.server.delete_post(id)).await
    }

    async fn get(&mut self, id: PostId) -> wasmtime::Result<Result<Post, Error>> {
        Self::within(self.limits.import, "posts.get", late, self.server.get_post(id)).await
    }

    async fn recent(
        &mut self,
        channel_id: String,
        since_ms: u64,
    ) -> wasmtime::Result<Result<Vec<Post>, Error>> {
        let answer = self.server.recent_posts(channel_id, since_ms);
        Self::within(self.limits.import, "posts.recent", late, answer).await
    }

    async fn send_private(
        &mut self,
        user_id: String,
        draft: Draft,
        privacy: Privacy,
    ) -> wasmtime::Result<Result<PostId, Error>> {
        let answer = self.server.send_private(user_id, draft, privacy);
        Self::within(self.limits.import, "posts.send-private", late, answer).await
    }

    async fn update_private(
        &mut self,
        user_id: String,
        id: PostId,
        draft: Draft,
    ) -> wasmtime::Result<Result<(), Error>> {
        let answer = self.server.update_private(user_id, id, draft);
        Self::within(self.limits.import, "posts.update-private", late, answer).await
    }

    async fn delete_private(&mut self, user_id: String, id: PostId) -> wasmtime::Result<Result<(), Error>> {
        let answer = self.server.delete_private(user_id, id);
        Self::within(self.limits.import, "posts.delete-private", late, answer).await
    }
}

/// A write may have happened all the same.
fn late<T>(text: String) -> Result<T, Error> {
    Err(Error::Other(text))
}
