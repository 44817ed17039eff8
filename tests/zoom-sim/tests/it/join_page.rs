//! The page behind a join link.

use anyhow::Result;
use serde_json::json;
use zoom_sim::Attendee;

use crate::support::{ALICE, World};

#[tokio::test]
async fn a_join_link_tells_what_is_behind_it() -> Result<()> {
    let world = World::new().await?;
    let body = json!({ "type": 1, "topic": "<script>alert(1)</script>", "default_password": true });
    let meeting = world.sim.create_meeting(ALICE, &body)?;
    let link = meeting.join_url.strip_prefix("https://example.zoom.us").unwrap();
    let page = world.call_as(None, "GET", link, None).await?;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script>"), "{}", page.body);
    assert!(page.body.contains("waits for its host") && page.body.contains("the right passcode"));

    world.sim.start_meeting(meeting.id)?;
    world.sim.join_meeting(meeting.id, &Attendee::Guest("Carol".into()))?;
    let page = world.call_as(None, "GET", &format!("/j/{}", meeting.id), None).await?;
    assert!(page.body.contains("People in it: 1.") && page.body.contains("no passcode"), "{}", page.body);
    let wrong = world.call_as(None, "GET", &format!("/j/{}?pwd=x", meeting.id), None).await?;
    assert!(wrong.body.contains("is wrong"), "{}", wrong.body);
    assert_eq!(world.call_as(None, "GET", "/j/123", None).await?.status, 404);
    Ok(())
}
