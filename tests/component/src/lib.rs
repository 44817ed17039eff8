//! Tests of the built component in the engine.
