//! `PagedResult`: the answer to every query of a collection.

use serde_json::{Value, json};

use super::value::{list, member, text, typed_list};

/// One page of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct PagedResult {
    /// The page's items as they came.
    pub items: Vec<Value>,
    /// Where the page begins.
    pub offset: u64,
    /// How many items were asked for; some collections answer 0.
    pub limit: u64,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins; nothing at the end.
    pub next: Option<u64>,
}

impl PagedResult {
    /// Reads a page. Nothing where the JSON is no page.
    ///
    /// The end is told by `HasNext` and `NextOffset`, never by `Limit`. A page that points backwards, or that
    /// has no items, is the last one: a faulty server cannot make the reader go in circles.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let items = match json {
            Value::Array(items) => items.clone(),
            _ => list(member(json, "Items")?).to_vec(),
        };
        let number =
            |name: &str| member(json, name).and_then(text).and_then(|digits| digits.parse::<u64>().ok());
        let offset = number("Offset").unwrap_or(0);
        let count = u64::try_from(items.len()).unwrap_or(0);
        let named = number("NextOffset").filter(|next| *next > offset);
        let has_next = member(json, "HasNext").and_then(text).map(|flag| flag.eq_ignore_ascii_case("true"));
        let next = match has_next {
            Some(false) => None,
            Some(true) => Some(named.unwrap_or(offset + count)),
            None => named,
        };
        Some(Self {
            offset,
            limit: number("Limit").unwrap_or(0),
            total: number("TotalCount").unwrap_or(offset + count),
            next: next.filter(|_| count > 0),
            items,
        })
    }

    /// Writes the page; `item` is the `$type` of what it holds.
    #[must_use]
    pub fn to_json(&self, item: &str) -> Value {
        json!({
            "$type": format!("Asi.Soa.Core.DataContracts.PagedResult`1[[{item}]], Asi.Contracts"),
            "Items": typed_list(
                &format!("System.Collections.Generic.List`1[[{item}]], mscorlib"), self.items.clone()),
            "Offset": self.offset, "Limit": self.limit, "Count": self.items.len(), "TotalCount": self.total,
            "NextPageLink": null, "HasNext": self.next.is_some(), "NextOffset": self.next.unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_by_has_next_and_next_offset() {
        let check = |json: Value, next: Option<u64>, total: u64| {
            let page = PagedResult::read(&json).expect("a page");
            assert_eq!((page.next, page.total), (next, total), "{json}");
        };
        let items = json!({ "$values": [1, 2] });
        check(
            json!({"Items": items, "Offset": 0, "HasNext": true, "NextOffset": 2, "TotalCount": 5}),
            Some(2),
            5,
        );
        check(
            json!({"Items": items, "Offset": 4, "HasNext": false, "NextOffset": 0, "TotalCount": 6}),
            None,
            6,
        );
        check(json!({"Items": items, "Offset": 0, "Limit": 0, "HasNext": true, "NextOffset": 2}), Some(2), 2);
        check(json!({"Items": items, "Offset": 2, "HasNext": true, "NextOffset": 0}), Some(4), 4);
        check(json!({"Items": items, "Offset": 2, "NextOffset": 1}), None, 4);
        check(json!({"Items": {"$values": []}, "HasNext": true, "NextOffset": 9, "TotalCount": 9}), None, 9);
        check(json!({"items": [1], "offset": {"$type": "System.Int32", "$value": 3}}), None, 4);
        check(json!([1, 2, 3]), None, 3);
    }

    #[test]
    fn what_is_no_page_is_not_read_as_an_empty_one() {
        for json in [json!({"Message": "no"}), json!("text"), Value::Null] {
            assert_eq!(PagedResult::read(&json), None, "{json}");
        }
    }

    #[test]
    fn a_written_page_reads_back() {
        let page = PagedResult { items: vec![json!(1)], offset: 3, limit: 1, total: 9, next: Some(4) };
        let json = page.to_json(super::super::GENERIC_ENTITY);
        assert_eq!(PagedResult::read(&json), Some(page));
        assert_eq!(json["Count"], json!(1));
    }
}
