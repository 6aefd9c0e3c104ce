//! The tag register.

mod fixtures;
mod merges;
mod reconcile;
mod renames;
mod reruns;
