//! Output: results on standard output, diagnostics and progress on standard error.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::ProgressStyle;

use crate::diagnostics::Diagnostic;
use crate::printer::{self, DiagnosticFormat, PrintOptions, TerminalText};

/// The exit status if the content has errors; nothing was written.
pub const CONTENT_ERRORS: u8 = 1;
/// The exit status for wrong usage, and for file and network errors.
const FAILURE: u8 = 2;

/// Prints a result for people to standard output.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print_result(result: &TerminalText) -> anyhow::Result<ExitCode> {
    write_to_stdout(result.as_bytes())
}

/// Prints data for programs to standard output, unchanged unless it is a terminal.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print_data(data: &[u8]) -> anyhow::Result<ExitCode> {
    match io::stdout().is_terminal() {
        true => print_result(&TerminalText::new(&String::from_utf8_lossy(data))),
        false => write_to_stdout(data),
    }
}

fn write_to_stdout(result: &[u8]) -> anyhow::Result<ExitCode> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        // `tagline links | head` closes the pipe early. That is not a failure.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Prints text to standard error.
pub fn print_note(text: &TerminalText) {
    // If standard error cannot be written to, there is no place left to report it.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Prints diagnostics to standard error. `consequence` follows their count: "; nothing was written".
pub fn print_diagnostics(diagnostics: &[Diagnostic], consequence: &str, root: &Path, format: DiagnosticFormat) {
    let options = PrintOptions { format, colored: has_colors(&io::stderr()), root };
    print_note(&printer::diagnostics(diagnostics, consequence, options));
}

/// Prints diagnostics as text and returns the exit status for content errors.
pub fn refuse(diagnostics: &[Diagnostic], root: &Path) -> ExitCode {
    print_diagnostics(diagnostics, "; nothing was written", root, DiagnosticFormat::Text);
    ExitCode::from(CONTENT_ERRORS)
}

/// Prints the error of a command that failed for another reason than the site's content.
pub fn print_failure(error: &anyhow::Error, format: DiagnosticFormat) -> ExitCode {
    print_note(&printer::failure(&format!("{error:#}"), format));
    ExitCode::from(FAILURE)
}

/// Prints help, the version, or what is wrong with the arguments. An argument with control characters is printed without
/// colors, so that they can be escaped.
pub fn print_usage(message: &clap::Error) -> ExitCode {
    let has_controls = std::env::args_os().any(|argument| argument.to_string_lossy().contains(char::is_control));
    let printed = match has_controls {
        true => {
            print_note(&TerminalText::new(&message.render().to_string()));
            Ok(())
        }
        false => message.print(),
    };
    match printed {
        Ok(()) => u8::try_from(message.exit_code()).map_or(ExitCode::from(FAILURE), ExitCode::from),
        Err(_) => ExitCode::from(FAILURE),
    }
}

pub fn has_colors(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The width of lines if standard output is not a terminal, in characters.
const DEFAULT_WIDTH: usize = 120;

/// Returns the width of the terminal, in characters.
pub fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(terminal_width).filter(|&width| width >= 40).unwrap_or(DEFAULT_WIDTH)
}

#[cfg(unix)]
fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn terminal_width() -> Option<usize> {
    None
}

/// Returns `41 ms` or `12.3 s`.
pub fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..10_000 => format!("{ms} ms"),
        ms => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
    }
}

/// A progress bar that appears after one second, if standard error is a terminal. It is removed when dropped.
pub struct ProgressBar {
    /// What is counted: `pages`.
    unit: &'static str,
    started: Instant,
    is_terminal: bool,
    bar: OnceLock<indicatif::ProgressBar>,
}

impl ProgressBar {
    pub fn new(unit: &'static str) -> ProgressBar {
        ProgressBar { unit, started: Instant::now(), is_terminal: io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    pub fn show(&self, done: usize, total: usize) {
        if !self.is_terminal || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let template = format!("{{bar:40}} {{pos}}/{{len}} {}, {{eta}} left", self.unit);
            let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
            indicatif::ProgressBar::new(total as u64).with_style(style)
        });
        bar.set_position(done as u64);
        // Another bar may follow, for example for external links.
        if done == total {
            self.clear();
        }
    }

    pub fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.clear();
    }
}
