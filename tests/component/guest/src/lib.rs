//! A component that behaves as it is told, well or badly.
