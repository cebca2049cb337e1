//! The real client against the real sandbox, and against servers that misbehave.

mod contract;
mod faults;
mod inserts;
mod misbehaving;
mod reads;
mod server;
mod signing_in;
mod support;
mod tls;
