//! Black-box tests: the whole application over HTTP and its command table.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod admin;
mod answers;
mod bindings;
mod borders;
mod clocks;
mod connections;
mod costly;
#[cfg(target_os = "linux")]
mod crowded;
mod decisions;
mod doubt;
mod drafts;
mod dry_run;
mod editing;
mod erasing;
mod failing;
mod failing_imis;
mod fuzz;
mod guard;
mod guessing;
mod handshakes;
mod imis_records;
mod keeping;
mod limits;
mod lists;
mod outage;
#[cfg(target_os = "linux")]
mod output;
mod panels;
mod process;
mod proxying;
mod receive;
mod receive_forms;
mod receive_log;
mod receive_order;
mod receive_proxy;
mod receive_sender;
mod receive_wire;
mod redacting;
mod reruns;
mod restoring;
mod restoring_open;
mod running;
mod runs;
mod secrets;
#[cfg(target_os = "linux")]
mod secrets_move;
mod stalled;
mod starters;
mod steady;
mod tidy;
mod trying;
mod versions;
mod waits;
mod workflows;
