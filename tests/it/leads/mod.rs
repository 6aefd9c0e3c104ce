//! Where leads come from and where they go: channels, arrival, destinations, links.

mod arrival;
mod channels;
mod destinations;
mod links;
mod privacy;
mod providers;
