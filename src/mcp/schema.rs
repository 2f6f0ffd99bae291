//! JSON Schemas (2020-12) of what tools take and give, from the types themselves: the same that the OpenAPI document has.

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The schema of a type, whole in itself.
pub(super) fn of<T: ToSchema>() -> Value {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let own = |schema| serde_json::to_value(schema).unwrap_or_default();
    let mut schema = own(T::schema());
    let defs: Map<String, Value> = parts.into_iter().map(|(name, part)| (name, own(part))).collect();
    if let (Some(schema), false) = (schema.as_object_mut(), defs.is_empty()) {
        schema.insert("$defs".into(), defs.into());
    }
    localize(&mut schema);
    schema
}

/// Makes references to parts of an OpenAPI document references to parts of this schema.
fn localize(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/components/schemas/")
            {
                *target = format!("#/$defs/{name}");
            }
            members.values_mut().for_each(localize);
        }
        Value::Array(items) => items.iter_mut().for_each(localize),
        _ => {}
    }
}
