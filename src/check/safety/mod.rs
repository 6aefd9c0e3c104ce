//! Rules about secrets, third-party scripts and the Content-Security-Policy.

pub mod csp;
mod raw_html;
pub mod scripts;
mod secret_patterns;
pub mod secrets;
