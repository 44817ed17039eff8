//! HashiCorp go-plugin's net/rpc protocol, the plugin's side: the handshake, the calls both ways, and the streams that
//! carry HTTP bodies. It knows the transport and nothing of Mattermost's calls.
//!
//! The multiplexer, the stream broker and the encoding are libraries. The RPC client and server and the start are our own, because a
//! plugin must outlive a value that it cannot read, free what a finished call held, answer a call that panicked, bound the calls
//! under way, and end when its host ends.

use gobwire::Gob;

mod client;
mod handshake;
mod http;
mod message;
mod rpc;
mod service;
mod text;
mod values;

pub(crate) use client::{Client, RpcError};
pub(crate) use goplugin::MuxBroker as Broker;
pub(crate) use handshake::serve;
pub(crate) use http::{BodyStream, ResponseWriter};
pub(crate) use service::Service;
pub(crate) use text::Header;
#[cfg(test)]
pub(crate) use text::LossyString;

/// A broker over a connection on which nothing happens.
#[cfg(test)]
pub(crate) fn idle_broker() -> Broker {
    use goplugin::yamux::{Config, Session};
    let (stream, _) = tokio::io::duplex(1);
    let session = Session::server(stream, Config::default());
    Broker::new(session.unwrap_or_else(|error| panic!("{error}"))).0
}

/// Go's `struct{}`: a call without arguments, or an answer without a value.
#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Empty {}
