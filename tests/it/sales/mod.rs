//! The lead desk, exports and `explain`.

mod desk;
mod explain;
mod explain_found;
mod exports;
