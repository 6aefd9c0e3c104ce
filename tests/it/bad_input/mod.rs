//! Invalid input, by the file that is wrong: each error is reported at its place with what to write instead, the exit
//! status is 1, and the output of the last build does not change.

mod body;
mod environment;
mod events;
mod files;
mod front_matter;
mod hostile;
mod paths;
mod register;
mod site_yaml;
mod theme;
mod urls;
mod values;
mod yaml;
