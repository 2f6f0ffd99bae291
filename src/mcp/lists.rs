//! Long lists, a page at a time. A cursor names the state of the book, so that a page never goes on another list.

use serde_json::{Map, Value};

use super::message::Error;

/// The most entries of a page.
const PAGE: usize = 100;

/// A page of a list.
pub(super) struct Page {
    pub(super) entries: Vec<Value>,
    /// Where the next one begins.
    next: Option<String>,
}

impl Page {
    /// The page that a request asks for: the first, or the one at its `cursor`.
    ///
    /// # Errors
    /// The cursor is not one of ours, or the book has changed since.
    pub(super) fn of(
        entries: impl Iterator<Item = Value>,
        params: &Map<String, Value>,
        hash: u64,
    ) -> Result<Self, Error> {
        let wrong = || Error::params("The cursor is not one of this list. Start again without a cursor.");
        let start = match params.get("cursor") {
            None | Some(Value::Null) => 0,
            Some(cursor) => cursor.as_str().and_then(|cursor| place(cursor, hash)).ok_or_else(wrong)?,
        };
        let mut rest = entries.skip(start);
        let entries: Vec<Value> = rest.by_ref().take(PAGE).collect();
        if entries.is_empty() && start > 0 {
            return Err(wrong());
        }
        let next = rest.next().map(|_| format!("{hash:016x}{}", start + PAGE));
        Ok(Self { entries, next })
    }

    /// The result of a request for a list of this name.
    pub(super) fn named(self, name: &str) -> Map<String, Value> {
        let mut result = Map::from_iter([(name.to_owned(), Value::Array(self.entries))]);
        result.extend(self.next.map(|next| ("nextCursor".to_owned(), next.into())));
        result
    }
}

/// Where a cursor goes on.
fn place(cursor: &str, hash: u64) -> Option<usize> {
    let (state, place) = cursor.split_at_checked(16)?;
    (u64::from_str_radix(state, 16) == Ok(hash)).then_some(())?;
    place.parse().ok().filter(|place| *place > 0 && place % PAGE == 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(count: usize, cursor: Option<&str>) -> Result<(usize, Option<String>), Error> {
        let params = cursor.map(|cursor| ("cursor".to_owned(), json!(cursor))).into_iter().collect();
        Page::of((0..count).map(Value::from), &params, 7).map(|page| (page.entries.len(), page.next))
    }

    #[test]
    fn a_list_is_read_page_by_page_to_its_end() {
        let (first, next) = page(250, None).unwrap();
        let (second, last) = page(250, next.as_deref()).unwrap();
        assert_eq!((first, second), (100, 100));
        assert_eq!(page(250, last.as_deref()), Ok((50, None)));
        assert_eq!(page(100, None), Ok((100, None)));
        assert_eq!(page(0, None), Ok((0, None)));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        for cursor in
            ["", "1", "0000000000000007", "00000000000000070", "0000000000000008100", "0000000000000007300", "ü"]
        {
            assert!(page(250, Some(cursor)).is_err(), "{cursor}");
        }
    }
}
