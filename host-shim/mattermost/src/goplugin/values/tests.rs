use std::collections::BTreeMap;

use gobwire::{
    Describer, Encode, Encoder, Gob, GobType, Interface, TypeTable, Value as Any, ValueEncoder, names,
};
use tokio::io::AsyncWriteExt as _;

use super::*;

#[derive(Gob, Debug, Default)]
struct Post {
    id: String,
    props: BTreeMap<String, Option<Interface>>,
    message: String,
}

/// A Go string with any bytes.
#[derive(Default, Clone)]
struct Raw(Vec<u8>);

impl Encode for Raw {
    fn describe_value(&self, d: &mut Describer<'_>) -> Result<i64, gobwire::Error> {
        String::describe(d)
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn encode(&self, e: &mut ValueEncoder<'_>) -> Result<(), gobwire::Error> {
        e.bytes(&self.0);
        Ok(())
    }
}

impl GobType for Raw {
    fn describe(d: &mut Describer<'_>) -> Result<i64, gobwire::Error> {
        String::describe(d)
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        String::compatible(types, wire)
    }
}

impl Decode for Raw {
    fn decode_into(&mut self, _: &mut gobwire::ValueDecoder<'_>, _: i64) -> Result<(), gobwire::Error> {
        Ok(())
    }
}

/// A post as other parties write it.
#[derive(Gob, Default, Clone)]
#[gob(name = "Post")]
struct Sent {
    id: String,
    props: BTreeMap<String, Option<Interface>>,
    message: Raw,
}

fn sent(id: &str, prop: Option<Interface>, message: &[u8]) -> Sent {
    Sent { id: id.into(), props: BTreeMap::from([("k".to_owned(), prop)]), message: Raw(message.to_vec()) }
}

fn list(length: usize) -> Option<Interface> {
    let list: Vec<_> = (0..length).map(|_| Some(Interface::bool(true))).collect();
    Interface::new(names::ANY_SLICE, &list).ok()
}

/// What a reader makes of these bytes, which arrive in such pieces: of each value its id, its number of props and its message, or the
/// reason why it cannot be used.
async fn read(bytes: &[u8], piece: usize) -> (Vec<String>, Result<(), StreamError>) {
    let (mut write, read) = tokio::io::duplex(piece);
    let bytes = bytes.to_vec();
    let writing = tokio::spawn(async move {
        let _ = write.write_all(&bytes).await;
    });
    let mut values = Values::new(read);
    let mut seen = Vec::new();
    let end = loop {
        match values.next().await {
            Ok(Some(value)) => seen.push(match value.decode::<Post>() {
                Ok(post) => format!("{} {} {}", post.id, post.props.len(), post.message),
                Err(error) => error.to_string(),
            }),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    drop(values);
    writing.await.unwrap();
    (seen, end)
}

async fn read_sent(posts: &[Sent]) -> Vec<String> {
    let mut encoder = Encoder::new();
    let bytes: Vec<u8> = posts.iter().flat_map(|post| encoder.encode(post).unwrap()).collect();
    let (seen, end) = read(&bytes, 1 << 16).await;
    end.unwrap();
    seen
}

#[tokio::test]
async fn f01_text_that_is_not_utf8_arrives_with_replacement_characters() {
    let posts = [sent("p1", None, b"caf\xe9 \xff!"), sent("p2", None, "é".as_bytes())];
    assert_eq!(read_sent(&posts).await, ["p1 1 caf\u{fffd} \u{fffd}!", "p2 1 é"]);
}

#[tokio::test]
async fn f01_props_of_too_many_parts_or_bytes_are_left_out_and_the_rest_is_read() {
    let posts = [
        sent("p1", list(2_000), b"one"),
        sent("p2", list(2_100), b"two"),
        sent("p3", Some(Interface::string("x".repeat(100 << 10))), b"three"),
        sent("p4", Some(Interface::string("x".repeat(1 << 20))), b"four"),
        sent("p5", list(1), b"five"),
    ];
    assert_eq!(read_sent(&posts).await, ["p1 1 one", "p2 0 two", "p3 1 three", "p4 0 four", "p5 1 five"]);
}

#[tokio::test]
async fn f01_a_value_that_is_too_large_is_refused_and_the_next_is_read() {
    let posts = [sent("p1", None, &vec![b'x'; 5 << 20]), sent("p2", None, b"two")];
    assert_eq!(read_sent(&posts).await, ["it is larger than 4 MiB", "p2 1 two"]);
}

#[tokio::test]
async fn f46_what_nobody_needs_is_passed_over_however_large_it_is() {
    let mut encoder = Encoder::new();
    let large = sent("p1", list(50_000), &vec![b'x'; 6 << 20]);
    let bytes: Vec<u8> =
        [large, sent("p2", None, b"two")].iter().flat_map(|post| encoder.encode(post).unwrap()).collect();
    let mut values = Values::new(bytes.as_slice());
    let first = values.next_without(&["Message", "Props"]).await.unwrap().unwrap();
    let first: Post = first.decode().unwrap();
    assert_eq!((first.id.as_str(), first.props.len(), first.message.as_str()), ("p1", 0, ""));
    let second: Post = values.next_without(&["Props"]).await.unwrap().unwrap().decode().unwrap();
    assert_eq!((second.id.as_str(), second.props.len(), second.message.as_str()), ("p2", 0, "two"));
}

/// What Go's encoder makes of three posts whose props hold types that were not met before: it defines them in the middle of a
/// value, which goes on in another message or behind another number.
const FROM_GO: &str = "2f7f03010104506f737401ff8000010301024964010c00010550726f707301ff820001074d657373616765010c00000027ff81040101176d61705b737472696e675d696e74657266616365207b7d01ff8200010c0110000025ff80010270310101016b0e5b5d696e74657266616365207b7dff83020102ff8400011000006aff8455000307666c6f61743634080400fef83f176d61705b737472696e675d696e74657266616365207b7dff82100001016206737472696e670c030001780c5b5d2a6d61696e2e506f7374ff85020102ff860001ff8000000aff860700010102696e000104636166e9001fff80010270320102016e00017306737472696e670c030001ff010374776f0007ff800102703300";

fn from_go() -> Vec<u8> {
    (0..FROM_GO.len()).step_by(2).map(|at| u8::from_str_radix(&FROM_GO[at..at + 2], 16).unwrap()).collect()
}

/// A post's message in a stream that begins as [`FROM_GO`], with maps within maps: `{"a":{"a":…}}`. A writer that went into each of
/// them would need a stack as deep.
fn nested(id: &str, levels: usize) -> Vec<u8> {
    const POST: &[u8] = b"\xff\x80";
    // Its name, its type, a size that says nothing, and one pair.
    const MAP: &[u8] = b"\x17map[string]interface {}\xff\x82\x01\x00\x01\x01a";
    let (before, behind) = (b"\x01\x01\x01k", b"\x00\x01\x04deep\x00");
    let text = [&[id.len() as u8][..], id.as_bytes()].concat();
    let body = [POST, b"\x01", &text, before, &MAP.repeat(levels), behind].concat();
    let mut message = Vec::new();
    gobwire::frame(&mut message, &body);
    message
}

#[tokio::test]
async fn f01_props_nested_too_deep_are_left_out_and_the_rest_is_read() {
    let posts = [("p4", 60), ("p5", 70), ("p6", 300), ("p7", 100_000), ("p8", 1)];
    let posts = posts.into_iter().flat_map(|(id, levels)| nested(id, levels));
    let bytes: Vec<u8> = from_go().into_iter().chain(posts).collect();
    let (seen, end) = read(&bytes, 1 << 16).await;
    end.unwrap();
    assert_eq!(seen[3..], ["p4 1 deep", "p5 0 deep", "p6 0 deep", "p7 0 deep", "p8 1 deep"]);
}

#[tokio::test]
async fn types_are_defined_in_the_middle_of_a_value_and_bytes_come_in_any_pieces() {
    for piece in [1, 2, 3, 7, 64, 4096] {
        let (seen, end) = read(&from_go(), piece).await;
        end.unwrap();
        assert_eq!(seen, ["p1 1 caf\u{fffd}", "p2 2 two", "p3 0 "], "{piece}");
    }
    // A value that nobody decodes defines its types all the same.
    let (mut write, read) = tokio::io::duplex(1 << 12);
    write.write_all(&from_go()).await.unwrap();
    let mut values = Values::new(read);
    values.next().await.unwrap().unwrap();
    let second: Post = values.next().await.unwrap().unwrap().decode().unwrap();
    assert_eq!(second.props["s"].as_ref().unwrap().value, Any::String("\u{fffd}".into()));
}

/// What a value of each kind holds stays as it was.
#[tokio::test]
async fn values_are_decoded_as_they_were_sent() {
    #[derive(Gob, Debug, Default, PartialEq, Clone)]
    struct Inner {
        on: bool,
        list: Vec<String>,
    }
    #[derive(Gob, Debug, Default, PartialEq, Clone)]
    struct Outer {
        whole: i64,
        unsigned: u64,
        float: f64,
        bytes: Vec<u8>,
        inner: Inner,
        inners: Vec<Option<Inner>>,
        by_name: BTreeMap<String, Vec<i64>>,
        any: Option<Interface>,
    }
    let inner = Inner { on: true, list: vec!["a".into(), String::new()] };
    let outer = Outer {
        whole: -5_000_000_000,
        unsigned: u64::MAX,
        float: 2.5,
        bytes: vec![0, 0xff, 7],
        inner: inner.clone(),
        inners: vec![Some(inner.clone()), Some(Inner::default())],
        by_name: BTreeMap::from([("x".into(), vec![1, -1]), ("empty".into(), vec![])]),
        any: Interface::new("model.Inner", &inner).ok(),
    };
    let bytes = Encoder::new().encode(&outer).unwrap();
    let mut values = Values::new(bytes.as_slice());
    let value = values.next().await.unwrap().unwrap();
    assert_eq!(value.decode::<Outer>().unwrap(), outer);
    assert!(values.next().await.unwrap().is_none());
}

/// A stream that breaks off, or whose bytes were changed, ends with an error or gives other values: never with a panic, and
/// never with more memory than there are bytes.
#[tokio::test]
async fn broken_streams_end_with_an_error() {
    let whole = from_go();
    for length in 1..whole.len() {
        let (seen, end) = read(&whole[..length], 64).await;
        assert!(seen.len() < 3 || end.is_ok(), "{length}");
    }
    for at in 0..whole.len() {
        for bits in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= bits;
            let _ = read(&changed, 64).await;
        }
    }
    // Lengths that no message has: nothing is reserved for them.
    for length in [&[0xf8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0xf0], &[0xfc, 0xff]] {
        let (seen, end) = read(length, 64).await;
        assert!(seen.is_empty() && end.is_err(), "{length:?}");
    }
}
