//! Wrong answers on demand.

use anyhow::Result;
use serde_json::json;
use zoom_sim::{Change, Delay, Fault, FaultAnswer, RetryAfter};

use crate::support::{ALICE, NOW_MS, World};

fn error(status: u16, code: u32) -> FaultAnswer {
    FaultAnswer::Error { status, code, message: "As told.".into() }
}

#[tokio::test]
async fn queued_faults_come_one_by_one_and_sticky_ones_stay() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault { times: Some(2), ..Fault::next(error(500, 1)) });
    world.sim.add_fault(Fault::next(error(400, 2)));
    world.sim.add_fault(Fault::sticky(error(503, 3)));
    for expected in [(500, 1), (500, 1), (400, 2), (503, 3), (503, 3)] {
        assert_eq!(world.get("/v2/users/me").await?.refusal()?, expected);
    }
    world.sim.clear_faults();
    assert_eq!(world.get("/v2/users/me").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_fault_waits_for_the_call_it_is_meant_for() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault::next(error(500, 1)).on("post", "/meetings"));
    assert_eq!(world.get("/v2/users/me").await?.status, 200);
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.refusal()?, (500, 1));
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.status, 201);
    Ok(())
}

#[tokio::test]
async fn a_call_may_have_its_effect_and_a_wrong_answer() -> Result<()> {
    let world = World::new().await?;
    let before = world.sim.meetings().len();
    world.sim.add_fault(Fault::next(FaultAnswer::BadGateway));
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.status, 502);
    assert_eq!(world.sim.meetings().len(), before, "no effect");
    world.sim.add_fault(Fault { after_effect: true, ..Fault::next(FaultAnswer::BadGateway) });
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.status, 502);
    assert_eq!(world.sim.meetings().len(), before + 1, "the meeting exists");
    Ok(())
}

#[tokio::test]
async fn the_shapes_of_wrong_answers() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault::next(FaultAnswer::BadGateway));
    let html = world.get("/v2/users/me").await?;
    assert_eq!((html.status, html.header("content-type")), (502, Some("text/html")));
    assert!(html.body.starts_with("<html>"), "{}", html.body);

    world.sim.add_fault(Fault::next(FaultAnswer::Empty { status: 200 }));
    let empty = world.get("/v2/users/me").await?;
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));

    world.sim.add_fault(Fault::next(error(200, 200)));
    let success = world.get("/v2/users/me").await?;
    assert_eq!((success.status, success.json()?), (200, json!({ "code": 200, "message": "As told." })));

    world.sim.add_fault(Fault::next(FaultAnswer::Raw {
        status: 418,
        content_type: None,
        headers: vec![("x-mine".into(), "yes".into())],
        body: "{\"half\":".into(),
    }));
    let raw = world.get("/v2/users/me").await?;
    assert_eq!((raw.status, raw.header("content-type"), raw.header("x-mine")), (418, None, Some("yes")));
    assert_eq!(raw.body, "{\"half\":");
    Ok(())
}

#[tokio::test]
async fn rate_limits_with_each_form_of_retry_after() -> Result<()> {
    let world = World::new().await?;
    let forms = [
        (RetryAfter::Seconds, Some("90")),
        (RetryAfter::Date, Some("2026-01-05T09:31:42Z")),
        (RetryAfter::Absent, None),
    ];
    for (retry_after, header) in forms {
        world.sim.add_fault(Fault::next(FaultAnswer::RateLimited { retry_after, seconds: 90 }));
        let answer = world.get("/v2/users/me").await?;
        assert_eq!(answer.refusal()?, (429, 429));
        assert_eq!(answer.header("retry-after"), header);
    }
    Ok(())
}

#[tokio::test]
async fn a_connection_may_end_without_an_answer() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault::next(FaultAnswer::Disconnect));
    assert!(world.get("/v2/users/me").await.is_err());
    assert_eq!(world.sim.requests().pop().map(|request| request.status), Some(None));
    assert_eq!(world.get("/v2/users/me").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_slow_answer_waits_for_the_clock() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault::slow(Delay::ClockMs(5000)));
    let mut changes = world.sim.subscribe();
    let call = world.get("/v2/users/me");
    let mover = async {
        while !matches!(changes.recv().await?, Change::Request { .. }) {}
        assert_eq!(world.sim.requests()[0].status, None, "not answered yet");
        world.sim.clock().set_ms(NOW_MS + 5000);
        Ok::<_, anyhow::Error>(())
    };
    let (answer, moved) = tokio::join!(call, mover);
    moved?;
    assert_eq!(answer?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_slow_answer_is_slow_for_a_caller_with_a_real_timeout() -> Result<()> {
    let world = World::new().await?;
    world.sim.add_fault(Fault::slow(Delay::RealMs(60_000)));
    let call = world.get("/v2/users/me");
    let timeout = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(timeout, call).await.is_err());
    assert_eq!(world.sim.requests().len(), 1, "Zoom was asked");
    assert_eq!(world.sim.user(ALICE).map(|user| user.email), Some(ALICE.into()));
    Ok(())
}
