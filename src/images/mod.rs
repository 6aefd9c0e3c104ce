//! Images of pages: detects what an image file is ([`inspect`]), plans the files to publish ([`plan`]), and creates each of
//! them once ([`cache`]).
//!
//! A photograph becomes WebP files in several widths and one file in its own format, all upright and without metadata. An
//! SVG is published without scripts and external references. Animated images are published unchanged, and [`position`] finds
//! the GPS positions in them.

pub mod cache;
mod cmyk;
mod container;
mod encode;
pub mod inspect;
pub mod plan;
pub mod position;
pub mod svg;
mod webp;
