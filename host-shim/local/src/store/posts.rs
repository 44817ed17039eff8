//! Posts and the files that hang on them.

use super::{META, Store, StoreError, from_json, get_json, table, to_json};
use crate::model::{Card, FileInfo, NewPost, Post};
use redb::{ReadableTable as _, Table, TableDefinition, WriteTransaction};

/// Post's number to the post. Numbers are given in order and never twice.
const POSTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("posts");
/// Channel and post's number: what is in a channel, in order.
const TIMELINE: TableDefinition<'_, (&str, u64), ()> = TableDefinition::new("timeline");
/// Idempotency key to the number of the post that it made.
const MADE: TableDefinition<'_, &str, u64> = TableDefinition::new("idempotency");
const FILES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("files");
const CONTENTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("file-contents");

impl Store {
    /// Makes a post. With a key that made one before, that one's id comes back and nothing is made.
    /// The flag says whether the post is new.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn create_post(
        &self,
        new: NewPost,
        idempotency_key: Option<&str>,
    ) -> Result<(Post, bool), StoreError> {
        let now_ms = self.now_ms();
        self.write(|tx| {
            let mut posts = tx.open_table(POSTS)?;
            let mut made = tx.open_table(MADE)?;
            if let Some(key) = idempotency_key {
                let before = made.get(key)?.map(|number| number.value());
                if let Some(number) = before {
                    let post = post_at(&posts, number)?.ok_or(StoreError::NotFound("post"))?;
                    return Ok((post, false));
                }
            }
            let number = next_number(tx)?;
            let post = numbered(new, number, now_ms);
            posts.insert(number, to_json(&post)?.as_slice())?;
            tx.open_table(TIMELINE)?.insert((post.channel_id.as_str(), number), ())?;
            if let Some(key) = idempotency_key {
                made.insert(key, number)?;
            }
            Ok((post, true))
        })
    }

    /// Replaces a post's message and card.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn update_post(&self, id: &str, message: String, card: Option<Card>) -> Result<Post, StoreError> {
        let now_ms = self.now_ms();
        self.write(|tx| {
            let mut posts = tx.open_table(POSTS)?;
            let number = number_of(id).ok_or(StoreError::NotFound("post"))?;
            let mut post = post_at(&posts, number)?.ok_or(StoreError::NotFound("post"))?;
            post.message = message;
            post.card = card;
            post.edited_ms = Some(now_ms);
            posts.insert(number, to_json(&post)?.as_slice())?;
            Ok(post)
        })
    }

    /// Deletes a post, and its replies when it begins a thread. Gives back what was deleted.
    ///
    /// # Errors
    /// When the storage fails. A missing post is no error.
    pub fn delete_post(&self, id: &str) -> Result<Vec<Post>, StoreError> {
        self.write(|tx| {
            let mut posts = tx.open_table(POSTS)?;
            let mut timeline = tx.open_table(TIMELINE)?;
            let Some(number) = number_of(id) else { return Ok(Vec::new()) };
            let Some(first) = post_at(&posts, number)? else { return Ok(Vec::new()) };
            let numbers: Vec<u64> = numbers_in(&timeline, &first.channel_id, number)?;
            let mut deleted = Vec::new();
            for number in numbers {
                let Some(post) = post_at(&posts, number)? else { continue };
                if post.id == id || post.root_id.as_deref() == Some(id) {
                    posts.remove(number)?;
                    timeline.remove((post.channel_id.as_str(), number))?;
                    deleted.push(post);
                }
            }
            Ok(deleted)
        })
    }

    /// The post with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn post(&self, id: &str) -> Result<Post, StoreError> {
        let number = number_of(id).ok_or(StoreError::NotFound("post"))?;
        self.read(|tx| {
            let Some(posts) = table(tx, POSTS)? else { return Err(StoreError::NotFound("post")) };
            post_at(&posts, number)?.ok_or(StoreError::NotFound("post"))
        })
    }

    /// The newest posts of a channel, oldest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn posts_in(&self, channel_id: &str, count_max: usize) -> Result<Vec<Post>, StoreError> {
        self.read(|tx| {
            let (Some(posts), Some(timeline)) = (table(tx, POSTS)?, table(tx, TIMELINE)?) else {
                return Ok(Vec::new());
            };
            let mut found = Vec::new();
            for entry in timeline.range((channel_id, 0)..=(channel_id, u64::MAX))?.rev().take(count_max) {
                found.extend(post_at(&posts, entry?.0.value().1)?);
            }
            found.reverse();
            Ok(found)
        })
    }

    /// Notes that the user has read the channel up to this post, or all of it. What was read stays read.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn mark_read(&self, user_id: &str, channel_id: &str, up_to: Option<&str>) -> Result<(), StoreError> {
        let last = match up_to {
            Some(post_id) => number_of(post_id),
            None => self.posts_in(channel_id, 1)?.pop().and_then(|post| number_of(&post.id)),
        };
        let before = self.read_up_to(user_id, channel_id)?;
        self.set_read(user_id, channel_id, last.unwrap_or(0).max(before))
    }

    /// How many posts of others in the channel the user has not read.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn unread_count(&self, user_id: &str, channel_id: &str) -> Result<usize, StoreError> {
        let from = self.read_up_to(user_id, channel_id)?;
        self.read(|tx| {
            let (Some(posts), Some(timeline)) = (table(tx, POSTS)?, table(tx, TIMELINE)?) else {
                return Ok(0);
            };
            let mut count = 0;
            for number in numbers_in(&timeline, channel_id, from.saturating_add(1))? {
                count += usize::from(post_at(&posts, number)?.is_some_and(|post| post.user_id != user_id));
            }
            Ok(count)
        })
    }

    /// Stores a file of a channel.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn put_file(&self, channel_id: &str, name: &str, content: &[u8]) -> Result<FileInfo, StoreError> {
        self.write(|tx| {
            let file = FileInfo {
                id: format!("file{:012}", next_number(tx)?),
                channel_id: channel_id.to_owned(),
                name: name.to_owned(),
                bytes: content.len() as u64,
            };
            tx.open_table(FILES)?.insert(file.id.as_str(), to_json(&file)?.as_slice())?;
            tx.open_table(CONTENTS)?.insert(file.id.as_str(), content)?;
            Ok(file)
        })
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn file(&self, id: &str) -> Result<FileInfo, StoreError> {
        self.read(|tx| match table(tx, FILES)? {
            Some(files) => get_json(&files, id)?.ok_or(StoreError::NotFound("file")),
            None => Err(StoreError::NotFound("file")),
        })
    }

    /// A file's content.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn file_content(&self, id: &str) -> Result<Vec<u8>, StoreError> {
        self.read(|tx| {
            let Some(contents) = table(tx, CONTENTS)? else { return Err(StoreError::NotFound("file")) };
            contents.get(id)?.map(|bytes| bytes.value().to_vec()).ok_or(StoreError::NotFound("file"))
        })
    }
}

fn next_number(tx: &WriteTransaction) -> Result<u64, StoreError> {
    let mut meta: Table<'_, &str, u64> = tx.open_table(META)?;
    let number = meta.get("last-number")?.map_or(1, |last| last.value() + 1);
    meta.insert("last-number", number)?;
    Ok(number)
}

fn numbered(new: NewPost, number: u64, created_ms: u64) -> Post {
    new.into_post(format!("post{number:012}"), created_ms)
}

fn number_of(id: &str) -> Option<u64> {
    id.strip_prefix("post")?.parse().ok()
}

fn post_at(
    posts: &impl redb::ReadableTable<u64, &'static [u8]>,
    number: u64,
) -> Result<Option<Post>, StoreError> {
    posts.get(number)?.map(|bytes| from_json(bytes.value())).transpose()
}

fn numbers_in(
    timeline: &impl redb::ReadableTable<(&'static str, u64), ()>,
    channel_id: &str,
    from: u64,
) -> Result<Vec<u64>, StoreError> {
    timeline.range((channel_id, from)..=(channel_id, u64::MAX))?.map(|entry| Ok(entry?.0.value().1)).collect()
}
