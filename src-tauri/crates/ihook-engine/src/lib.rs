//! What a workflow is and does: pure data in, outcomes out; no IO, no clock, no async, no SQL.

pub mod infer;
pub mod json;
pub mod legacy;
pub mod schema;
pub mod workflow;
