//! Reads a site's folder: which files there are ([`scan`]), and their contents ([`read`]). Nothing else reads content.

mod assets;
mod completeness;
mod file_entry;
mod names;
mod scan;
mod sources;
mod text;

pub use self::assets::CachedAssets;
pub use self::file_entry::FileEntry;
pub use self::names::{
    CHECKSUM_FILE, FIGURES_FILE, FOLDERS, REGISTER_FILE, SITE_FILE, is_ignored, is_sales_note, is_theme_text,
};
pub use self::scan::{Scan, scan};
pub use self::sources::{Sources, ThemeFile, page, page_files, page_reader, page_text, read, read_changed, site_file};
pub use self::text::decoded;
