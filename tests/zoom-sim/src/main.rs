//! `zoom-sim`: a simulated Zoom as a process of its own.

use std::{io::Write as _, net::SocketAddr};

use anyhow::Context as _;
use clap::Parser;
use tokio::net::TcpListener;
use zoom_sim::{App, Clock, NewUser, SimConfig, WebhookConfig, ZoomSim};

/// A simulated Zoom: its API under /v2, the control of the simulation under /sim.
#[derive(Parser)]
struct Args {
    /// Address to listen on; port 0 lets the system choose. The first line printed is the address.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// API Key of the JWT app.
    #[arg(long, default_value = "sim-api-key")]
    api_key: String,
    /// API Secret of the JWT app.
    #[arg(long, default_value = "sim-api-secret-of-thirty-six-letters")]
    api_secret: String,
    /// An app for OAuth, as JSON: `{"kind":"user","client_id":"…","client_secret":"…","redirect_uris":["…"]}`;
    /// the kind is `user`, `account` or `server_to_server`. May be given several times.
    #[arg(long = "app", value_parser = app)]
    apps: Vec<App>,
    /// The account's id, which Server-to-Server OAuth asks with.
    #[arg(long, default_value = "SimAccount000000000000")]
    account_id: String,
    /// Where webhooks go, with its query. Set without validation, as the receiver may not be up yet.
    #[arg(long)]
    webhook_url: Option<String>,
    /// Secret Token that signs webhooks.
    #[arg(long, requires = "webhook_url")]
    webhook_secret_token: Option<String>,
    /// Address of a user of the account; may be given several times. The first one is the owner.
    #[arg(long = "user")]
    users: Vec<String>,
    /// Let time stand still at this Unix time in milliseconds until it is moved through /sim/clock.
    #[arg(long)]
    clock_at_ms: Option<i64>,
    /// Seed of ids, uuids and passcodes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where join links point; this server itself if absent.
    #[arg(long)]
    web_url: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("{} cannot be listened on: is another server there?", args.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let sim = ZoomSim::new(SimConfig {
        account_id: args.account_id,
        api_key: args.api_key,
        api_secret: args.api_secret,
        clock: args.clock_at_ms.map_or_else(Clock::real, Clock::manual),
        seed: args.seed,
        web_url: args.web_url.unwrap_or_else(|| address.clone()),
        ..SimConfig::default()
    });
    for email in args.users {
        sim.add_user(NewUser::new(email))?;
    }
    for app in args.apps {
        sim.put_app(app)?;
    }
    if let Some(url) = args.webhook_url {
        let secret_token = args.webhook_secret_token;
        sim.set_webhook(Some(WebhookConfig { secret_token, ..WebhookConfig::new(url) }))?;
    }
    announce(&address)?;
    tokio::select! {
        served = sim.serve(listener) => served.context("the listener failed"),
        signal = tokio::signal::ctrl_c() => signal.context("signals cannot be received"),
    }
}

fn app(json: &str) -> Result<App, String> {
    serde_json::from_str(json).map_err(|error| format!("this is not the JSON of an app: {error}"))
}

/// The address on a line of its own: whoever started this reads it.
fn announce(address: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{address}")?;
    stdout.flush()?;
    Ok(())
}
