//! What `build`, `init` and `new` write, and how they replace folders.

mod output;
mod start;
