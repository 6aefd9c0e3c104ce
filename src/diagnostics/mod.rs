//! Problems of a site as data: a rule, a message, locations and help. [`printer`](crate::printer) formats them.

mod diagnostic;
mod findings;
mod fix;
mod hidden;
mod levels;
mod mask;
mod wording;

pub use self::diagnostic::{DeniedBy, Diagnostic, Label, Replacement, Severity};
pub use self::findings::Findings;
pub use self::fix::Fix;
pub use self::hidden::{hidden_character, hidden_in_key, hidden_in_yaml, lookalike, place_of};
pub use self::levels::{Level, Levels};
pub use self::mask::Mask;
pub use self::wording::{count, distance, first_few, grouped, list, nearest};
