//! Names that mean something already. Those that mean something to the service are given to the reader.

use super::super::model::UMBRELLA;

/// Names that no command may have: they are words of the umbrella command, or kinds of files.
pub(super) const OWN: [&str; 11] =
    ["careful", "check", "help", "list", "random", UMBRELLA, "search", "share", "sources", "synonyms", "words"];

/// Words that mean something after a command, so that no topic or alias may be called so.
pub(super) const KEYWORDS: [&str; 11] =
    ["all", "check", "help", "list", "random", "search", "share", "sources", "source", "steps", "why"];
