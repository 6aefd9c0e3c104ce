//! Front matter, bodies, calls to action and pictures, and mistakes in them.

mod bad_input;
mod body;
mod contact;
mod ctas;
mod dates;
mod images;
mod pages;
