//! Zoom meetings for chat servers: the core.
