//! Tagline turns a folder of Markdown campaigns into landing pages on which every call to action says
//! where its lead came from.
//!
//! Data goes one way, and [`pipeline`] tells it in order:
//!
//! [`load`] reads files → [`parse`] makes pages of them, each for itself → [`resolve`] holds them against
//! the site and the day → [`lead_tags`] names every offer by its lead tag → [`register`] compares those with
//! the ones ever issued → [`render`] and [`sales`] write files, one by one, into a [`sink`]. [`links`] lists what to
//! hand out, and [`check`] what people should know of a site that can be built. The pictures of pages are made in
//! [`images`].
//!
//! Modules stand on floors and import downwards only: [`word`], then [`model`], then [`cache_dir`] and [`images`], then the passes, then
//! [`pipeline`] and [`serve`], then [`cli`]. The two lowest floors do no I/O and know no template engine.

pub mod cache_dir;
pub mod check;
pub mod cli;
pub mod diagnostics;
pub mod digest;
pub mod explain;
pub mod headers;
pub mod html;
pub mod images;
pub mod init;
pub mod lead_tags;
pub mod links;
pub mod load;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod printer;
pub mod register;
pub mod render;
pub mod resolve;
pub mod rules;
pub mod sales;
pub mod schema;
pub mod scripts;
pub mod serve;
pub mod sink;
pub mod site_files;
pub mod source;
pub mod spreadsheet;
pub mod sync;
pub mod theme;
pub mod yaml;
