//! A simulated Zoom.
