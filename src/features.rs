//! What people can do, one folder a thing: its flow, its records, its sentences. No feature imports another; what two need lies below.

pub mod connect;
pub mod doctor;
pub mod official_import;
pub mod reconcile;
pub mod recording;
pub mod start;
pub mod subscription;
