//! The source and the destination of leads: channels, arrival, destinations and links.

mod arrival;
mod channels;
mod destinations;
mod links;
mod privacy;
mod providers;
