//! Front matter, bodies, calls to action and images.

mod body;
mod contact;
mod ctas;
mod dates;
mod images;
mod pages;
