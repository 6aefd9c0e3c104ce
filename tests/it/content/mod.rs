//! Front matter, bodies, calls to action and images.

mod body;
mod contact;
mod ctas;
mod dates;
mod files;
mod images;
mod pages;
mod raw_html;
