//! `tagline serve`.

mod hostile_requests;
mod same_as_build;
mod server;
