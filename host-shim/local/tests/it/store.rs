//! The storage keeps the contract's semantics, also over a restart.

use local_host::{
    model::{Channel, ChannelKind, NewPost, Regional, Status, User},
    store::{Condition, KEY_BYTES_MAX, Store, StoreError, VALUE_BYTES_MAX, Written},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};
use tempfile::TempDir;

/// A store in a folder of its own, on a clock that the test moves.
struct Fixture {
    folder: TempDir,
    now_ms: Arc<AtomicU64>,
}

impl Fixture {
    fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder for the test"),
            now_ms: Arc::new(AtomicU64::new(1_000_000)),
        }
    }

    fn open(&self) -> Store {
        self.try_open().expect("a store")
    }

    fn try_open(&self) -> Result<Store, StoreError> {
        let now_ms = Arc::clone(&self.now_ms);
        Store::open(&self.folder.path().join("sub/local.redb"), Arc::new(move || now_ms.load(SeqCst)))
    }

    fn pass(&self, by_ms: u64) {
        self.now_ms.fetch_add(by_ms, SeqCst);
    }
}

fn equals(bytes: &[u8]) -> Condition {
    Condition::Equals(bytes.to_vec())
}

fn message(channel_id: &str, user_id: &str, text: &str, root_id: Option<&str>) -> NewPost {
    NewPost {
        channel_id: channel_id.into(),
        root_id: root_id.map(str::to_owned),
        user_id: user_id.into(),
        message: text.into(),
        card: None,
        file_ids: Vec::new(),
        by_plugin: false,
    }
}

fn texts(store: &Store, channel_id: &str) -> Vec<String> {
    store.posts_in(channel_id, 100).expect("posts").into_iter().map(|post| post.message).collect()
}

#[test]
fn writes_happen_only_when_their_condition_holds() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let steps: &[(Condition, &[u8], Written, &[u8])] = &[
        (equals(b"a"), b"b", Written::Conflict, b""),
        (Condition::Absent, b"a", Written::Stored, b"a"),
        (Condition::Absent, b"b", Written::Conflict, b"a"),
        (equals(b"b"), b"c", Written::Conflict, b"a"),
        (equals(b"a"), b"b", Written::Stored, b"b"),
        (Condition::Always, b"c", Written::Stored, b"c"),
    ];
    for (index, (condition, value, written, then)) in steps.iter().enumerate() {
        assert_eq!(store.kv_set("key", value, None, condition).unwrap(), *written, "step {index}");
        assert_eq!(store.kv_get("key").unwrap().unwrap_or_default(), *then, "step {index}");
    }
    assert_eq!(store.kv_delete("key", &equals(b"b")).unwrap(), Written::Conflict);
    assert_eq!(store.kv_delete("key", &equals(b"c")).unwrap(), Written::Stored);
    assert_eq!(store.kv_get("key").unwrap(), None);
    assert_eq!(store.kv_delete("key", &Condition::Always).unwrap(), Written::Stored);
}

#[test]
fn a_key_is_gone_at_the_end_of_its_time() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store.kv_set("short", b"1", Some(60), &Condition::Always).unwrap();
    store.kv_set("long", b"2", None, &Condition::Always).unwrap();

    fixture.pass(59_999);
    assert_eq!(store.kv_get("short").unwrap().as_deref(), Some(b"1".as_slice()));
    assert_eq!(store.kv_set("short", b"x", None, &Condition::Absent).unwrap(), Written::Conflict);

    fixture.pass(1);
    assert_eq!(store.kv_get("short").unwrap(), None);
    assert_eq!(store.kv_set("short", b"x", None, &equals(b"1")).unwrap(), Written::Conflict);
    assert_eq!(store.kv_set("short", b"3", None, &Condition::Absent).unwrap(), Written::Stored);

    fixture.pass(u64::from(u32::MAX) * 1000);
    store.kv_sweep().unwrap();
    assert_eq!(
        store.kv_get("short").unwrap().as_deref(),
        Some(b"3".as_slice()),
        "a new write has a new time"
    );
    assert_eq!(store.kv_get("long").unwrap().as_deref(), Some(b"2".as_slice()));
}

#[test]
fn a_write_replaces_the_time_of_the_one_before() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store.kv_set("lease", b"1", Some(10), &Condition::Always).unwrap();
    store.kv_set("lease", b"2", Some(100), &equals(b"1")).unwrap();
    fixture.pass(50_000);
    assert_eq!(store.kv_get("lease").unwrap().as_deref(), Some(b"2".as_slice()));
}

#[test]
fn one_of_many_who_write_at_once_wins() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let stored: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8_u8)
            .map(|writer| {
                let store = &store;
                scope.spawn(move || store.kv_set("lease", &[writer], None, &Condition::Absent).unwrap())
            })
            .collect();
        writers.into_iter().map(|writer| usize::from(writer.join().unwrap() == Written::Stored)).sum()
    });
    assert_eq!(stored, 1);
}

#[test]
fn keys_are_listed_in_the_order_of_their_bytes() {
    let fixture = Fixture::new();
    let store = fixture.open();
    for (key, expires_in_s) in [("b_2", None), ("b_10", Some(5)), ("a", None), ("b_1", None), ("c", None)] {
        store.kv_set(key, b"1", expires_in_s, &Condition::Always).unwrap();
    }
    let list = |prefix: &str, after: Option<&str>, limit| store.kv_list(prefix, after, limit).unwrap();
    assert_eq!(list("b_", None, 10), ["b_1", "b_10", "b_2"]);
    assert_eq!(list("b_", None, 2), ["b_1", "b_10"]);
    assert_eq!(list("b_", Some("b_10"), 10), ["b_2"]);
    assert_eq!(list("b_", Some("a"), 10), ["b_1", "b_10", "b_2"]);
    assert_eq!(list("b_", Some("c"), 10), [""; 0]);
    assert_eq!(list("", None, 10), ["a", "b_1", "b_10", "b_2", "c"]);
    fixture.pass(5_000);
    assert_eq!(list("b_", None, 10), ["b_1", "b_2"]);
}

#[test]
fn keys_and_values_have_limits() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let longest = "k".repeat(KEY_BYTES_MAX);
    assert_eq!(store.kv_set(&longest, b"1", None, &Condition::Always).unwrap(), Written::Stored);
    for key in [String::new(), "k".repeat(KEY_BYTES_MAX + 1)] {
        assert!(matches!(store.kv_get(&key), Err(StoreError::InvalidKey(length)) if length == key.len()));
        let set = store.kv_set(&key, b"1", None, &Condition::Always);
        assert!(matches!(set, Err(StoreError::InvalidKey(_))), "{set:?}");
    }
    for value in [Vec::new(), vec![0; VALUE_BYTES_MAX + 1]] {
        let set = store.kv_set("key", &value, None, &Condition::Always);
        assert!(matches!(set, Err(StoreError::InvalidValue(length)) if length == value.len()), "{set:?}");
    }
}

#[test]
fn everything_is_there_after_a_restart() {
    let fixture = Fixture::new();
    let maya = User {
        id: "maya".into(),
        username: "maya".into(),
        display_name: "Maya".into(),
        email: Some("maya@example.com".into()),
        is_admin: true,
        is_guest: false,
        is_bot: false,
        note: String::new(),
    };
    let status = Status { emoji: "camera".into(), text: "In a meeting".into(), expires_ms: Some(2_000_000) };
    let store = fixture.open();
    store.put_users(std::slice::from_ref(&maya)).unwrap();
    let channel = store.direct_channel("maya", "bot").unwrap();
    let (post, _) = store.create_post(message(&channel.id, "maya", "hello", None), Some("once")).unwrap();
    store.kv_set("key", b"value", Some(60), &Condition::Always).unwrap();
    store.set_status("maya", Some(&status)).unwrap();
    let file = store.put_file(&channel.id, "notes.txt", b"words").unwrap();
    drop(store);

    let store = fixture.open();
    assert_eq!(store.users().unwrap(), [maya]);
    assert_eq!(store.channels().unwrap(), std::slice::from_ref(&channel));
    assert_eq!(store.posts_in(&channel.id, 10).unwrap(), std::slice::from_ref(&post));
    assert_eq!(store.kv_get("key").unwrap().as_deref(), Some(b"value".as_slice()));
    assert_eq!(store.status("maya").unwrap(), Some(status));
    assert_eq!(store.file_content(&file.id).unwrap(), b"words");
    let (again, new) = store.create_post(message(&channel.id, "maya", "hello", None), Some("once")).unwrap();
    assert_eq!((again, new), (post, false));

    fixture.pass(1_000_000);
    assert_eq!(store.kv_get("key").unwrap(), None, "its time went on while nothing ran");
    assert_eq!(store.status("maya").unwrap(), None);
}

#[test]
fn a_file_has_one_owner() {
    let fixture = Fixture::new();
    let _first = fixture.open();
    let error = fixture.try_open().err().unwrap();
    assert!(matches!(error, StoreError::InUse(_)), "{error}");
    assert!(error.to_string().contains("--data"), "{error}");
}

#[test]
fn a_file_that_is_no_store_is_refused_with_advice() {
    let fixture = Fixture::new();
    std::fs::create_dir_all(fixture.folder.path().join("sub")).unwrap();
    std::fs::write(fixture.folder.path().join("sub/local.redb"), b"these are not the bytes of a store")
        .unwrap();
    let error = fixture.try_open().err().unwrap();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
    assert!(error.to_string().contains("--fresh"), "{error}");
}

#[test]
fn a_direct_channel_is_one_for_both() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let one = store.direct_channel("maya", "jonas").unwrap();
    let other = store.direct_channel("jonas", "maya").unwrap();
    assert_eq!(one, other);
    assert_eq!(one.kind, ChannelKind::Direct);
    assert!(one.has_member("maya") && one.has_member("jonas") && !one.has_member("priya"));
}

#[test]
fn posts_stay_in_order_and_in_their_channel() {
    let fixture = Fixture::new();
    let store = fixture.open();
    for channel in ["a", "ab"] {
        for text in ["1", "2", "3"] {
            store.create_post(message(channel, "maya", &format!("{channel}{text}"), None), None).unwrap();
        }
    }
    assert_eq!(texts(&store, "a"), ["a1", "a2", "a3"]);
    assert_eq!(texts(&store, "ab"), ["ab1", "ab2", "ab3"]);
    let newest: Vec<_> = store.posts_in("a", 2).unwrap().into_iter().map(|post| post.message).collect();
    assert_eq!(newest, ["a2", "a3"]);
}

#[test]
fn a_changed_post_says_when() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let (post, _) = store.create_post(message("a", "maya", "before", None), None).unwrap();
    fixture.pass(500);
    let changed = store.update_post(&post.id, "after".into(), None).unwrap();
    assert_eq!(changed.message, "after");
    assert_eq!((changed.created_ms, changed.edited_ms), (1_000_000, Some(1_000_500)));
    assert_eq!(store.post(&post.id).unwrap(), changed);
    for id in ["post000000009999", "nonsense", ""] {
        let error = store.update_post(id, String::new(), None).unwrap_err();
        assert!(matches!(error, StoreError::NotFound("post")), "{id}: {error}");
    }
}

#[test]
fn a_deleted_thread_takes_its_replies_along() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let (first, _) = store.create_post(message("a", "maya", "first", None), None).unwrap();
    store.create_post(message("a", "jonas", "between", None), None).unwrap();
    store.create_post(message("a", "jonas", "reply", Some(&first.id)), None).unwrap();
    let deleted: Vec<_> =
        store.delete_post(&first.id).unwrap().into_iter().map(|post| post.message).collect();
    assert_eq!(deleted, ["first", "reply"]);
    assert_eq!(texts(&store, "a"), ["between"]);
    assert!(store.delete_post(&first.id).unwrap().is_empty(), "deleting twice is no error");
}

#[test]
fn unread_are_the_posts_of_others_since_the_last_look() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let channel = Channel {
        id: "a".into(),
        name: "a".into(),
        display_name: "A".into(),
        purpose: String::new(),
        kind: ChannelKind::Public,
        members: vec!["maya".into(), "jonas".into()],
        archived: false,
    };
    store.put_channel(&channel).unwrap();
    store.create_post(message("a", "maya", "1", None), None).unwrap();
    store.create_post(message("a", "maya", "2", None), None).unwrap();
    assert_eq!(store.unread_count("jonas", "a").unwrap(), 2);
    assert_eq!(store.unread_count("maya", "a").unwrap(), 0, "one's own posts are read");
    store.mark_read("jonas", "a", None).unwrap();
    assert_eq!(store.unread_count("jonas", "a").unwrap(), 0);
    let (seen, _) = store.create_post(message("a", "maya", "3", None), None).unwrap();
    let (unseen, _) = store.create_post(message("a", "maya", "4", None), None).unwrap();
    assert_eq!(store.unread_count("jonas", "a").unwrap(), 2);
    store.mark_read("jonas", "a", Some(&seen.id)).unwrap();
    assert_eq!(store.unread_count("jonas", "a").unwrap(), 1, "what came while one was looking stays unread");
    store.mark_read("jonas", "a", Some(&unseen.id)).unwrap();
    store.mark_read("jonas", "a", Some(&seen.id)).unwrap();
    assert_eq!(store.unread_count("jonas", "a").unwrap(), 0, "what was read stays read");
}

#[test]
fn how_a_user_reads_words_and_times_is_kept_for_each_user() {
    let fixture = Fixture::new();
    let german = Regional { locale: "de".into(), timezone: "Europe/Berlin".into() };
    let store = fixture.open();
    store.set_regional("ada", &german).unwrap();
    drop(store);
    let store = fixture.open();
    assert_eq!(store.regional("ada").unwrap(), german);
    assert_eq!(store.regional("ben").unwrap(), Regional { locale: "en".into(), timezone: "UTC".into() });
}
