use crate::api::directory::{Channel, Error, Host, Permission, User};
use crate::call::Call;
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn find_user(&mut self, id: String) -> wasmtime::Result<Result<User, Error>> {
        Self::within(self.limits.import, "directory.find-user", late, self.server.find_user(id)).await
    }

    async fn find_user_by_email(&mut self, email: String) -> wasmtime::Result<Result<User, Error>> {
        let answer = self.server.find_user_by_email(email);
        Self::within(self.limits.import, "directory.find-user-by-email", late, answer).await
    }

    async fn bot_user(&mut self) -> wasmtime::Result<Result<User, Error>> {
        Self::within(self.limits.import, "directory.bot-user", late, self.server.bot_user()).await
    }

    async fn find_channel(&mut self, id: String) -> wasmtime::Result<Result<Channel, Error>> {
        Self::within(self.limits.import, "directory.find-channel", late, self.server.find_channel(id)).await
    }

    async fn is_member(
        &mut self,
        channel_id: String,
        user_id: String,
    ) -> wasmtime::Result<Result<bool, Error>> {
        let answer = self.server.is_member(channel_id, user_id);
        Self::within(self.limits.import, "directory.is-member", late, answer).await
    }

    async fn member_count(&mut self, channel_id: String) -> wasmtime::Result<Result<u32, Error>> {
        let answer = self.server.member_count(channel_id);
        Self::within(self.limits.import, "directory.member-count", late, answer).await
    }

    async fn may(
        &mut self,
        user_id: String,
        permission: Permission,
        channel_id: Option<String>,
    ) -> wasmtime::Result<Result<bool, Error>> {
        let answer = self.server.may(user_id, permission, channel_id);
        Self::within(self.limits.import, "directory.may", late, answer).await
    }

    async fn direct_channel(&mut self, user_id: String) -> wasmtime::Result<Result<String, Error>> {
        let answer = self.server.direct_channel(user_id);
        Self::within(self.limits.import, "directory.direct-channel", late, answer).await
    }

    async fn preference(
        &mut self,
        user_id: String,
        name: String,
    ) -> wasmtime::Result<Result<Option<String>, Error>> {
        let answer = self.server.preference(user_id, name);
        Self::within(self.limits.import, "directory.preference", late, answer).await
    }
}

/// Everything here is safe to ask again.
fn late<T>(text: String) -> Result<T, Error> {
    Err(Error::Unavailable(text))
}
