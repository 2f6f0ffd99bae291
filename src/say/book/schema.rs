//! The format of the files as JSON Schema.

use super::{
    file::{CommandFile, Kind, SourcesFile, SynonymsFile},
    grave::CarefulFile,
    rules::CheckFile,
};

/// The JSON Schema of a kind of file, for editors.
#[must_use]
pub fn schema(kind: Kind) -> serde_json::Value {
    let schema = match kind {
        Kind::Command => schemars::schema_for!(CommandFile),
        Kind::Sources => schemars::schema_for!(SourcesFile),
        Kind::Synonyms => schemars::schema_for!(SynonymsFile),
        Kind::Check => schemars::schema_for!(CheckFile),
        Kind::Careful => schemars::schema_for!(CarefulFile),
    };
    schema.to_value()
}
