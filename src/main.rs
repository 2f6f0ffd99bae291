//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    saywell::cli::Cli::from_args(std::env::args_os()).run()
}
