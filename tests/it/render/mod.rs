//! Rendered pages: themes, structured data, minifying and response headers.

mod announcement;
mod escaping;
mod example;
mod footer;
mod looks;
mod minify;
mod minify_example;
mod other_pages;
mod policy;
mod structured_data;
mod template_errors;
mod theme;
