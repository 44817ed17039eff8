//! The command line.

use crate::simulation::SignIn;
use std::path::PathBuf;
use url::Url;

/// A small chat in your browser with Zoom in it. Without options it brings a simulated Zoom: no account is needed.
#[derive(clap::Parser, Clone, Debug)]
// The recipe gives some options; whoever types one again means the later.
#[command(name = "local-host", args_override_self = true)]
pub struct Args {
    /// The plugin's component, compiled for this machine. `./just component` makes it, and `./just run` says where it is.
    #[arg(long, value_name = "FILE", default_value = "target/component/zoom.cwasm")]
    pub component: PathBuf,

    /// Where the page is served, on this machine only. 0 takes a free port.
    #[arg(long, default_value_t = 8765)]
    pub port: u16,

    /// Folder for what is to last. `./just run` takes target/local-data; otherwise the default is your own data folder.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Forget what was stored before.
    #[arg(long)]
    pub fresh: bool,

    /// How the plugin signs in to the simulated Zoom.
    #[arg(long, value_name = "WAY", value_enum, default_value_t, conflicts_with = "settings")]
    pub sign_in: SignIn,

    /// Use a real Zoom account: a JSON file with the plugin's settings, which say how it signs in, and your users. CONTRIBUTING.md has
    /// an example.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,

    /// Where Zoom reaches this machine, for example the address of a tunnel. Only the plugin is reachable there.
    #[arg(long, value_name = "URL", requires = "settings", value_parser = public_url)]
    pub public_url: Option<Url>,

    /// Where browsers find the chat when a proxy of this machine stands before it: http, a loopback address with its port, and
    /// perhaps a path, which the proxy takes off. It leaves the Host header as it is.
    #[arg(long, value_name = "URL", conflicts_with = "public_url", value_parser = proxy_url)]
    pub behind: Option<Url>,

    /// Folder with what the plugin's web client fetches: served below /plugins/zoom/public/, as chat servers do.
    #[arg(long, value_name = "DIR")]
    pub public: Option<PathBuf>,

    /// Print more: each call of the plugin, and the plugin's own log.
    #[arg(long, short)]
    pub verbose: bool,
}

fn proxy_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    // Whoever reaches the chat may act as any of its users.
    let is_local = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !plain || !is_local || url.scheme() != "http" || url.port().is_none() {
        return Err("it must look like http://127.0.0.1:8065 or http://127.0.0.1:8065/path".to_owned());
    }
    Ok(url)
}

fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim_end_matches('/')).map_err(|error| error.to_string())?;
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.path() == "/";
    if !plain || !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("it must look like https://example.com, without a path".to_owned());
    }
    Ok(url)
}
