use super::*;
use crate::goplugin::rpc::{CallError, Rpc};
use crate::goplugin::{Header, LossyString};
use gobwire::{Describer, Gob, GobType, ValueEncoder};

/// A Go string with any bytes.
struct Raw(&'static [u8]);

impl Encode for Raw {
    fn describe_value(&self, d: &mut Describer<'_>) -> Result<i64, gobwire::Error> {
        String::describe(d)
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, e: &mut ValueEncoder<'_>) -> Result<(), gobwire::Error> {
        e.bytes(self.0);
        Ok(())
    }
}

impl GobType for Raw {
    fn describe(d: &mut Describer<'_>) -> Result<i64, gobwire::Error> {
        String::describe(d)
    }

    fn compatible(_: &gobwire::TypeTable, _: i64) -> bool {
        false
    }
}

#[derive(Gob, Default)]
struct Sum {
    a: i64,
    b: i64,
}

fn connect() -> Rpc {
    let mut service = Service::default();
    service.method("Plugin.Add", |sum: Sum| async move { Ok(sum.a + sum.b) });
    service
        .method("Plugin.Panic", |_: Empty| async { if true { panic!("on purpose") } else { Ok(Empty {}) } });
    service.method("Plugin.Quote", |typed: String| async move {
        if true { panic!("{typed} is wrong") } else { Ok(Empty {}) }
    });
    service.method("Plugin.First", |header: Header| async move {
        Ok(header
            .into_iter()
            .next()
            .map(|(name, values)| format!("{}: {}", name.0, values[0].0))
            .unwrap_or_default())
    });
    let (host, plugin) = tokio::io::duplex(1 << 16);
    tokio::spawn(Arc::new(service).serve(plugin));
    Rpc::new(host)
}

#[tokio::test]
async fn a_header_that_is_not_utf8_arrives_with_replacement_characters() {
    let sent = std::collections::BTreeMap::from([("X-Name".to_owned(), vec![Raw(b"caf\xe9 \xff!")])]);
    let seen: String = connect().call("Plugin.First", &sent).await.unwrap();
    assert_eq!(seen, "X-Name: caf\u{fffd} \u{fffd}!");
}

#[tokio::test]
async fn a_panic_is_answered_and_the_connection_lives_on() {
    let host = connect();
    let error = host.call::<_, Empty>("Plugin.Panic", &Empty {}).await.unwrap_err();
    assert_eq!(error.to_string(), "the plugin panicked: on purpose");
    assert_eq!(host.call::<_, i64>("Plugin.Add", &Sum { a: 2, b: 3 }).await.unwrap(), 5);
}

#[tokio::test]
async fn f41_a_panic_repeats_nothing_that_a_user_typed() {
    let error =
        connect().call::<_, Empty>("Plugin.Quote", &"alice@example.com".to_owned()).await.unwrap_err();
    assert_eq!(error.to_string(), "the plugin panicked: its reason is left out");
}

#[tokio::test]
async fn an_unknown_method_and_wrong_arguments_are_refused_and_the_connection_lives_on() {
    let host = connect();
    let error = host.call::<_, Empty>("Plugin.Unknown", &Sum { a: 1, b: 1 }).await.unwrap_err();
    assert_eq!(error.to_string(), "rpc: can't find method Plugin.Unknown");
    assert!(matches!(
        host.call::<_, i64>("Plugin.Add", &LossyString("two".into())).await,
        Err(CallError::Refused(_))
    ));
    assert_eq!(host.call::<_, i64>("Plugin.Add", &Sum { a: 1, b: 1 }).await.unwrap(), 2);
}

#[tokio::test]
async fn calls_at_once_each_get_their_own_answer() {
    let host = connect();
    let calls: Vec<_> = (0..200)
        .map(|n| {
            let host = host.clone();
            tokio::spawn(async move { host.call::<_, i64>("Plugin.Add", &Sum { a: n, b: n }).await.unwrap() })
        })
        .collect();
    for (n, call) in (0..).zip(calls) {
        assert_eq!(call.await.unwrap(), 2 * n);
    }
}

#[tokio::test]
async fn one_call_more_than_can_be_taken_is_told_so_and_those_under_way_go_on() {
    let (open, gate) = tokio::sync::watch::channel(false);
    let mut service = Service::default();
    let under_way = Arc::new(Semaphore::new(0));
    let begun = Arc::clone(&under_way);
    let wait = move |_: Empty| {
        let (mut gate, begun) = (gate.clone(), Arc::clone(&begun));
        async move {
            begun.add_permits(1);
            gate.wait_for(|open| *open).await.map_err(|error| error.to_string())?;
            Ok("done".to_owned())
        }
    };
    service.method_or("Plugin.Wait", wait.clone(), |_: Empty| async { Ok("busy".to_owned()) });
    service.method("Plugin.Bare", wait);
    let (host, plugin) = tokio::io::duplex(1 << 16);
    tokio::spawn(Arc::new(service).serve(plugin));
    let host = Rpc::new(host);
    for method in ["Plugin.Wait", "Plugin.Bare"] {
        let fill = |_| {
            let host = host.clone();
            tokio::spawn(async move { host.call::<_, String>(method, &Empty {}).await })
        };
        let calls: Vec<_> = (0..MAX_CALLS).map(fill).collect();
        under_way.acquire_many(u32::try_from(MAX_CALLS).unwrap()).await.unwrap().forget();
        let one_more = host.call::<_, String>(method, &Empty {}).await;
        match method {
            "Plugin.Wait" => assert_eq!(one_more.unwrap(), "busy"),
            _ => assert!(one_more.unwrap_err().to_string().contains("under way already")),
        }
        open.send_replace(true);
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), "done");
        }
        open.send_replace(false);
    }
}
