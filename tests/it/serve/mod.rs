//! `tagline serve`.

mod changes;
mod edits;
mod errors;
mod events;
mod hostile_requests;
mod process;
mod responses;
mod same_as_build;
mod submissions;
