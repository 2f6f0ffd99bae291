//! The format of the files as JSON Schema.

use serde_json::Value;

use super::file::Kind;

/// The schemas of all kinds, as the types that read the files make them. A test holds them against the types, and writes
/// them anew: what makes them would be a sixtieth of the program.
const OF_TYPES: &str = include_str!("schema.json");

/// The JSON Schema of a kind of file, for editors.
#[must_use]
pub fn schema(kind: Kind) -> Value {
    let mut all: Value = serde_json::from_str(OF_TYPES).unwrap_or_default();
    all.get_mut(name(kind)).map(Value::take).unwrap_or_default()
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Command => "command",
        Kind::Sources => "sources",
        Kind::Synonyms => "synonyms",
        Kind::Check => "check",
        Kind::Careful => "careful",
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use schemars::schema_for;

    use super::{
        super::{
            file::{CommandFile, SourcesFile, SynonymsFile},
            grave::CarefulFile,
            rules::CheckFile,
        },
        *,
    };

    #[test]
    fn the_file_says_what_the_types_say() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/say/book/schema.json");
        let said: serde_json::Map<String, Value> = [
            (Kind::Command, schema_for!(CommandFile)),
            (Kind::Sources, schema_for!(SourcesFile)),
            (Kind::Synonyms, schema_for!(SynonymsFile)),
            (Kind::Check, schema_for!(CheckFile)),
            (Kind::Careful, schema_for!(CarefulFile)),
        ]
        .map(|(kind, schema)| (name(kind).to_owned(), schema.to_value()))
        .into_iter()
        .collect();
        let said = Value::Object(said);
        if env::var_os("SAYWELL_WRITE").is_some() {
            fs::write(file, format!("{said}\n")).unwrap();
        }
        let written: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert!(written == said, "write it anew: SAYWELL_WRITE=1 cargo test --lib what_the_types_say");
    }
}
