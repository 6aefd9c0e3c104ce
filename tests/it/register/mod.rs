//! The tag register.

mod history;
mod reconcile;
