//! Names that mean something already.

use super::super::model::UMBRELLA;

/// Names that no command may have: they would hide a path of the service, or a word of the umbrella command.
pub(super) const RESERVED: [&str; 33] = [
    "assets",
    "careful",
    "check",
    "discord",
    "docs",
    "google-chat",
    "googlechat",
    "healthz",
    "help",
    "install",
    "list",
    "mattermost",
    "metrics",
    "nextcloud",
    "openapi",
    "phrases",
    "random",
    "readyz",
    "rocketchat",
    UMBRELLA,
    "search",
    "share",
    "slack",
    "sources",
    "synology",
    "synonyms",
    "teams",
    "telegram",
    "v1",
    "v2",
    "webex",
    "words",
    "zulip",
];

/// Words that mean something after a command, so that no topic or alias may be called so.
pub(super) const KEYWORDS: [&str; 11] =
    ["all", "check", "help", "list", "random", "search", "share", "sources", "source", "steps", "why"];
