//! Hooks for tests: a build can be killed at each step, and the exchange of folders can be disabled. Outside of tests
//! they do nothing.

#[cfg(not(test))]
pub(super) fn step(_: &str) {}

#[cfg(not(test))]
pub(super) fn may_exchange() -> bool {
    true
}

#[cfg(test)]
pub(super) use test::*;

#[cfg(test)]
mod test {
    use std::{env, process};

    /// The environment variable with the step at which to exit.
    pub const KILL_AT: &str = "TAGLINE_TEST_KILL_AT";
    pub const NO_EXCHANGE: &str = "TAGLINE_TEST_NO_EXCHANGE";
    /// The exit status of a killed build.
    pub const KILLED: i32 = 99;

    /// Ends the process like a kill: nothing is dropped or cleaned up.
    pub fn step(name: &str) {
        if env::var(KILL_AT).is_ok_and(|step| step == name) {
            process::exit(KILLED);
        }
    }

    pub fn may_exchange() -> bool {
        env::var_os(NO_EXCHANGE).is_none()
    }
}
