//! Rendered pages: themes, structured data, minifying and response headers.

mod escaping;
mod example;
mod footer;
mod minify;
mod minify_example;
mod policy;
mod structured_data;
mod template_errors;
mod theme;
