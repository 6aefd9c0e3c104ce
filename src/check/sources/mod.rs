//! Rules about the sources of leads, as analytics reports them.

pub mod channels;
pub mod consent;
pub mod ga4;
pub mod utm;
