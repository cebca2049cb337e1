//! Black-box tests: the whole application over HTTP and its command table.

mod admin;
mod bindings;
mod connections;
mod doubt;
mod process;
mod receive;
mod reruns;
mod runs;
mod tidy;
mod workflows;
