//! YAML with spans. `tree` parses a text (`simple` if it can); `entries` reads a mapping by its table of keys (`keys`); `values` reads
//! single values, and `strict` refuses characters that nobody sees in them. JSON Schema (`schema`) and the tables in `docs/` (`docs`) come from the same tables.

mod broken_line;
pub mod docs;
pub mod entries;
pub mod keys;
mod lines;
mod node;
pub mod reader;
pub mod schema;
pub mod shape;
mod simple;
mod strict;
mod syntax_errors;
pub mod tree;
pub mod values;

pub use entries::Entries;
pub use keys::{Instead, Key, Mapping, Names, Shape, ShapeKind};
pub use node::{MapKey, Node, Value};
pub use reader::{Expected, YamlReader};
pub use tree::read;
