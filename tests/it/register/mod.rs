//! The tag register.

mod merges;
mod reconcile;
mod renames;
mod reruns;
