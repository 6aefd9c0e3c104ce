//! Tagline turns a folder of Markdown campaigns into landing pages on which every call to action says
//! where its lead came from.
//!
//! Data goes one way, and [`pipeline`] tells it in order:
//!
//! [`load`] reads files → [`parse`] makes pages of them, each for itself → [`resolve`] holds them against
//! the site and the day → [`registry`] names every offer by its lead tag → [`register`] compares those with
//! the ones ever issued → [`render`] and [`sales`] write files, one by one, into a [`sink`]. [`links`] lists what to
//! hand out, and [`check`] what people should know of a site that can be built. The pictures of pages are made in
//! [`images`].
//!
//! Modules stand on floors and import downwards only: [`word`], then [`model`], then [`kept`] and [`images`], then the passes, then
//! [`pipeline`] and [`serve`], then [`cli`]. The two lowest floors do no I/O and know no template engine.

pub mod check;
pub mod cli;
pub mod explain;
pub mod images;
pub mod init;
pub mod kept;
pub mod links;
pub mod load;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod register;
pub mod registry;
pub mod render;
pub mod report;
pub mod resolve;
pub mod sales;
pub mod schema;
pub mod serve;
pub mod sink;
pub mod word;
