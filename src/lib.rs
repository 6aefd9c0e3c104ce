//! Tagline turns a folder of Markdown campaigns into landing pages. Every call to action names the source of its lead.
//!
//! Data goes one way. [`pipeline`] has a file for each command and calls the phases in this order:
//!
//! 1. [`load`] lists and reads the files of a site.
//! 2. [`parse`] turns each file into values, and [`theme`] loads the templates.
//! 3. [`resolve`] gives pages their addresses and states on a day, and resolves every link. It checks layouts and blocks
//!    against the theme, so the theme is loaded before.
//! 4. [`lead_tags`] derives the lead tag of every offer.
//! 5. [`register`] compares them with the lead tags that were issued before.
//! 6. [`check`] applies the lint rules, for `tagline check` only.
//! 7. [`render`], [`site_files`], [`headers`] and [`sales`] write files, one by one, into a [`sink`].
//!
//! [`publish`] sends a built site to folders and object stores, and [`diff`] compares it with what is published.
//! [`links`] lists the share links, [`explain`] looks up lead tags, [`report`] counts what sales made of the leads, [`calendar`] makes the entries of events for calendars, and [`images`] makes the files of pictures.
//!
//! Modules import downwards only, in these layers: [`source`], [`rules`], [`diagnostics`] and other ground modules; [`yaml`];
//! [`model`]; [`images`], [`cache_dir`],
//! [`body_store`] and [`pieces`]; the phases; [`pipeline`]; [`serve`]; [`cli`]. The lowest layers do no input or
//! output and do not use the template engine. `tests/it/house/layers.rs` checks this.

pub mod body_store;
pub mod cache_dir;
pub mod calendar;
pub mod characters;
pub mod check;
pub mod cli;
pub mod diagnostics;
pub mod diff;
pub mod digest;
pub mod explain;
pub mod fonts;
pub mod headers;
pub mod html;
pub mod images;
pub mod init;
pub mod lead_tags;
pub mod links;
pub mod load;
pub mod model;
pub mod months;
pub mod parse;
pub mod pieces;
pub mod pipeline;
pub mod printer;
pub mod publish;
pub mod register;
pub mod render;
pub mod report;
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
pub mod web_client;
pub mod yaml;
