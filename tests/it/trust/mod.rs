//! What a stranger, an accident or a wrong character cannot do. `docs/security.md` lists these promises with their tests.

mod attacks;
mod gate;
mod private;
mod properties;
mod terminal;
