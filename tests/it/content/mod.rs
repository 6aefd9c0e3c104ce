//! Front matter, bodies, calls to action and images.

mod blocks;
mod body;
mod calendar_files;
mod contact;
mod ctas;
mod dates;
mod events;
mod files;
mod hero;
mod images;
mod languages;
mod pages;
mod raw_html;
mod share;
mod versions;
