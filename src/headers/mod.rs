//! Response headers: a Content-Security-Policy that allows exactly what the pages use, the other security headers, and
//! the files that make hosts send them.

mod config_file;
pub mod csp;
pub mod hosts;
pub mod page_sources;
pub mod value;
