//! A component that behaves as the text of its command says, well or badly, so that tests see what the host makes of it.
//!
//! `/probe WORD …` runs the word's behaviour (see `behaviour.rs`) and answers with what came of it.

#![cfg(target_arch = "wasm32")]

mod behaviour;
#[expect(unsafe_code, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ path: "../../../wit", world: "plugin" });
    export!(Probe);

    use crate::Probe;
}
mod hooks;
mod shown;

/// The component.
struct Probe;
