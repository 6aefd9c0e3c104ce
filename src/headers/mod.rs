//! Response headers: the Content-Security-Policy of a site, and the files that tell a host to send it.

pub mod csp;
pub mod hosts;
