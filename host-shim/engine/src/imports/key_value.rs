use crate::api::key_value::{Condition, Error, Host, Outcome};
use crate::call::Call;
use crate::limits::{KEY_BYTES, LISTED_KEYS, VALUE_BYTES};
use crate::server::ChatServer;

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        if let Err(refused) = check_key(&key) {
            return Ok(Err(refused));
        }
        Self::within(self.limits.import, "key-value.get", late, self.server.kv_get(key)).await
    }

    async fn set(
        &mut self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: Condition,
    ) -> wasmtime::Result<Result<Outcome, Error>> {
        if let Err(refused) = check_key(&key).and_then(|()| check_value(&value)) {
            return Ok(Err(refused));
        }
        let answer = self.server.kv_set(key, value, expires_in_s, condition);
        Self::within(self.limits.import, "key-value.set", late, answer).await
    }

    async fn delete(
        &mut self,
        key: String,
        condition: Condition,
    ) -> wasmtime::Result<Result<Outcome, Error>> {
        if let Err(refused) = check_key(&key) {
            return Ok(Err(refused));
        }
        Self::within(self.limits.import, "key-value.delete", late, self.server.kv_delete(key, condition))
            .await
    }

    async fn list(
        &mut self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<String>, Error>> {
        if prefix.len() > KEY_BYTES || after.as_ref().is_some_and(|after| after.len() > KEY_BYTES) {
            return Ok(Err(Error::InvalidKey));
        }
        let answer = self.server.kv_list(prefix, after, limit.min(LISTED_KEYS));
        Self::within(self.limits.import, "key-value.list", late, answer).await
    }
}

fn check_key(key: &str) -> Result<(), Error> {
    if key.is_empty() || key.len() > KEY_BYTES { Err(Error::InvalidKey) } else { Ok(()) }
}

fn check_value(value: &[u8]) -> Result<(), Error> {
    match value.len() {
        0 => Err(Error::Other("an empty value is not stored".to_owned())),
        1..=VALUE_BYTES => Ok(()),
        length => {
            Err(Error::Other(format!("a value of {length} bytes is not stored: at most {VALUE_BYTES}")))
        }
    }
}

/// A write may have happened all the same.
fn late<T>(text: String) -> Result<T, Error> {
    Err(Error::Other(text))
}
