//! Only this machine's own programs and pages reach the simulation.

use anyhow::Result;
use reqwest::header::{HOST, ORIGIN};

use crate::support::World;

/// The status of the answer to this method and path with these headers.
async fn status(world: &World, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<u16> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut request = client.request(method.parse()?, format!("{}{path}", world.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(request.send().await?.status().as_u16())
}

#[tokio::test]
async fn f09_the_host_header_is_one_that_loopback_goes_by() -> Result<()> {
    let world = World::new().await?;
    let own = world.base.trim_start_matches("http://");
    let hosts = [
        (own, true),
        ("localhost:1", true),
        ("LocalHost", true),
        ("[::1]:8765", true),
        ("127.0.0.1", true),
        ("evil.example", false),
        ("evil.example:80", false),
        ("127.0.0.1.evil.example", false),
        ("evil.example:127.0.0.1", false),
        ("", false),
    ];
    for (host, is_known) in hosts {
        // The control hands out secrets; the others, what people do.
        for (path, known) in [("/sim/requests", 200), ("/v2/users/me", 401), ("/j/1", 404)] {
            let expected = if is_known { known } else { 421 };
            assert_eq!(
                status(&world, "GET", path, &[(HOST.as_str(), host)]).await?,
                expected,
                "{host} {path}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn f09_pages_of_other_sites_do_not_control_the_simulation() -> Result<()> {
    let world = World::new().await?;
    for (name, value, expected) in [
        (ORIGIN.as_str(), world.base.as_str(), 204),
        (ORIGIN.as_str(), "http://localhost:8765", 204),
        (ORIGIN.as_str(), "https://evil.example", 403),
        (ORIGIN.as_str(), "null", 403),
        ("sec-fetch-site", "same-origin", 204),
        ("sec-fetch-site", "cross-site", 403),
    ] {
        assert_eq!(
            status(&world, "DELETE", "/sim/faults", &[(name, value)]).await?,
            expected,
            "{name}: {value}"
        );
    }
    Ok(())
}
