//! One file per command, over one [`compile`](compile::compile): it reads a site's files and returns what to render.
//!
//! The commands hand the compiled site to [`write`](mod@write), except [`session`], which serves it from memory.

mod build;
mod check;
mod compile;
mod diff;
mod durable;
mod explain;
mod fix;
mod freshness;
mod history;
mod inputs;
mod links;
mod memo;
mod names;
mod new;
mod outcome;
mod pages;
mod program;
mod publish;
mod register_file;
mod register_lock;
mod report;
mod report_outputs;
mod request;
mod restore;
pub mod session;
mod tags;
mod write;

pub use self::build::build;
pub use self::check::check;
pub use self::diff::diff;
pub use self::explain::{Explained, Unexplained, explain};
pub use self::fix::{FixMode, Fixed, check_and_fix};
pub use self::links::links;
pub use self::names::{SiteNames, names};
pub use self::new::{NewPage, new_page, new_translation};
pub use self::outcome::{Outcome, RunSummary};
pub use self::publish::{PublishOptions, Published, base_url, publish, publish_status, remove_published, roll_back};
pub use self::report::{Saving, Unreported, report, save, write_file};
pub use self::report_outputs::{Output, OutputKind, check_outputs};
pub use self::request::Request;
pub use self::restore::restore;
pub use self::tags::tags;
