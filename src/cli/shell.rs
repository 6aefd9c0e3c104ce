//! `tagline completions` and `tagline man`: the command line, told to shells and to `man`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::Shell;

use super::print;

#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell that is to complete commands and options
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub struct ManArgs {
    /// Write the pages of all commands into this folder, in place of the main one to standard output
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Writes a shell's script.
pub fn completions(args: &CompletionsArgs, mut command: Command) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tagline", &mut script);
    print(&script)
}

/// Writes manual pages.
///
/// # Errors
///
/// Where one cannot be written.
pub fn man(args: &ManArgs, command: Command) -> anyhow::Result<ExitCode> {
    let Some(folder) = &args.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        return Ok(print(&page));
    };
    let cannot = || format!("cannot write manual pages to `{}`", folder.display());
    fs::create_dir_all(folder).with_context(cannot)?;
    clap_mangen::generate_to(command, folder).with_context(cannot)?;
    Ok(ExitCode::SUCCESS)
}
