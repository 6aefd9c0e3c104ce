//! HTML as text: escaping, tags, minifying, sections of a body, plain text, and the marks of slots. None of it depends
//! on a site.

pub mod comments;
pub mod entities;
pub mod escape;
pub mod minify;
pub mod sections;
pub mod slot_marks;
pub mod tags;
pub mod text;
