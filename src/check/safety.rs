//! What should not leave the house, and what should not come into a page.
