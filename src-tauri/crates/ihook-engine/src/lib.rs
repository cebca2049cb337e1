//! What a workflow is and does: pure data in, outcomes out; no IO, no clock, no async, no SQL.

pub mod activity;
pub mod check;
pub mod compare;
mod decimal;
pub mod dry;
pub mod infer;
pub mod json;
pub mod legacy;
mod near;
pub mod plan;
pub mod preview;
pub mod record;
pub mod run;
pub mod schema;
pub mod signature;
pub mod step_error;
pub mod template;
pub mod text;
pub mod time;
pub mod workflow;
