//! The one place that derives lead tags, short codes and links from a resolved site.
//!
//! [`model::tag`](crate::model::tag) and [`model::code`](crate::model::code) define the formats;
//! [`model::audience`](crate::model::audience) says which channel a page puts into its lead tags. This module applies
//! them to a site. Later phases (register, render, links, sales, explain) take tags, codes and links from here.

mod codes;
mod cta_links;
mod index;
mod issued;
mod share_links;

pub use codes::codes_to_quote;
pub use cta_links::{cta_url, tag_query, with_query};
pub use index::{CampaignOffers, LeadTags};
pub use issued::{Issued, current_tag, issued, issued_on_any_channel};
pub use share_links::{rooted_share_link, share_link, short_link, short_path};
