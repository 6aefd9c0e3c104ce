//! The source and the destination of leads: channels, arrival, destinations and links.

mod arrival;
mod channels;
mod consents;
mod destinations;
mod fields;
mod links;
mod newsletters;
mod privacy;
mod providers;
mod thanks;
