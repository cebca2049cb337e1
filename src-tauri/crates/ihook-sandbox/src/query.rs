//! Queries of collections: filters with operators, order, and pages.

use std::cmp::Ordering;

use ihook_imis::wire::ColumnType;
use ihook_imis::wire::PagedResult;
use serde_json::Value;
use url::form_urlencoded;

/// Without a limit a page has this many items.
const PAGE: usize = 100;
/// A larger limit is cut to this without a word.
const MOST: usize = 500;

/// A query string as iMIS reads it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) filters: Vec<Filter>,
    pub(crate) order: Option<Order>,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    pub(crate) entity_id: Option<String>,
    pub(crate) query_name: Option<String>,
    /// The answers to a query's prompts, in their order.
    pub(crate) parameters: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) property: String,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) property: String,
    pub(crate) operator: Operator,
    pub(crate) value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Between,
    Contains,
    EndsWith,
    Equal,
    Greater,
    GreaterOrEqual,
    In,
    IsEmpty,
    IsFalse,
    IsTrue,
    Less,
    LessOrEqual,
    NotContain,
    NotEmpty,
    NotEqual,
    NotIn,
    StartsWith,
}

const OPERATORS: [(&str, Operator); 23] = [
    ("between", Operator::Between),
    ("contains", Operator::Contains),
    ("endswith", Operator::EndsWith),
    ("eq", Operator::Equal),
    ("==", Operator::Equal),
    ("gt", Operator::Greater),
    (">", Operator::Greater),
    ("ge", Operator::GreaterOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("in", Operator::In),
    ("isempty", Operator::IsEmpty),
    ("isfalse", Operator::IsFalse),
    ("istrue", Operator::IsTrue),
    ("lt", Operator::Less),
    ("<", Operator::Less),
    ("le", Operator::LessOrEqual),
    ("<=", Operator::LessOrEqual),
    ("notcontain", Operator::NotContain),
    ("notempty", Operator::NotEmpty),
    ("ne", Operator::NotEqual),
    ("!=", Operator::NotEqual),
    ("notin", Operator::NotIn),
    ("startswith", Operator::StartsWith),
];

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let mut parsed = Self { limit: PAGE, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = || value.trim().parse::<usize>().ok();
            match name.to_ascii_lowercase().as_str() {
                "limit" => parsed.limit = number().filter(|limit| *limit > 0).unwrap_or(PAGE).min(MOST),
                // No collection is longer; it keeps the arithmetic of pages safe.
                "offset" => parsed.offset = number().unwrap_or(0).min(1 << 30),
                "orderby" => parsed.order = Some(order(&value)),
                "entityid" => parsed.entity_id = Some(value.into_owned()),
                "queryname" => parsed.query_name = Some(value.into_owned()),
                "parameter" => parsed.parameters.push(without_operator(&value)),
                _ => parsed.filters.push(filter(&name, &value)),
            }
        }
        parsed
    }

    /// Takes out an equality on a property, for an index to answer.
    pub(crate) fn take_equal(&mut self, property: &str) -> Option<String> {
        let found = self.filters.iter().position(|filter| {
            filter.operator == Operator::Equal && filter.property.eq_ignore_ascii_case(property)
        })?;
        Some(self.filters.remove(found).value)
    }

    /// Whether the filters leave every record as it is and no order is asked for.
    pub(crate) fn is_plain(&self) -> bool {
        self.filters.is_empty() && self.order.is_none()
    }

    /// The name of the first property that is asked for and that nobody knows.
    pub(crate) fn unknown(&self, known: impl Fn(&str) -> bool) -> Option<&str> {
        let asked = self.filters.iter().map(|filter| filter.property.as_str());
        asked.chain(self.order.as_ref().map(|order| order.property.as_str())).find(|name| !known(name))
    }

    /// Whether an item passes all filters; `field` tells its type and text.
    pub(crate) fn keeps(&self, field: impl Fn(&str) -> (ColumnType, Option<String>)) -> bool {
        self.filters.iter().all(|filter| {
            let (kind, text) = field(&filter.property);
            filter.keeps(kind, text.as_deref().unwrap_or_default())
        })
    }

    /// Sorts items as asked; stable, so that equals keep their order.
    pub(crate) fn sort<T>(&self, items: &mut [T], field: impl Fn(&T, &str) -> (ColumnType, Option<String>)) {
        let Some(order) = &self.order else { return };
        items.sort_by(|left, right| {
            let (kind, left) = field(left, &order.property);
            let (_, right) = field(right, &order.property);
            let ordering = compare(kind, &left.unwrap_or_default(), &right.unwrap_or_default());
            if order.descending { ordering.reverse() } else { ordering }
        });
    }

    /// The page of a list that was gathered whole.
    pub(crate) fn page<T>(&self, items: Vec<T>, json: impl Fn(T) -> Value) -> PagedResult {
        let total = items.len();
        self.paged(items.into_iter().skip(self.offset).take(self.limit).map(json).collect(), total)
    }

    /// The page around items that were cut to it already.
    pub(crate) fn paged(&self, items: Vec<Value>, total: usize) -> PagedResult {
        let end = self.offset + items.len();
        let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        PagedResult {
            items,
            offset: wide(self.offset),
            limit: wide(self.limit),
            total: wide(total),
            next: (end < total).then(|| wide(end)),
        }
    }
}

fn order(value: &str) -> Order {
    let (property, direction) = value.split_once(':').unwrap_or((value, ""));
    Order {
        property: property.trim().to_owned(),
        descending: direction.to_ascii_lowercase().starts_with("desc"),
    }
}

fn operator(name: &str) -> Option<Operator> {
    let name = name.trim().to_ascii_lowercase();
    OPERATORS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
}

fn filter(property: &str, value: &str) -> Filter {
    let property = property.to_owned();
    if let Some((name, rest)) = value.split_once(':')
        && let Some(operator) = operator(name)
    {
        return Filter { property, operator, value: rest.to_owned() };
    }
    let bare = operator(value).filter(|operator| {
        matches!(operator, Operator::IsEmpty | Operator::NotEmpty | Operator::IsTrue | Operator::IsFalse)
    });
    match bare {
        Some(operator) => Filter { property, operator, value: String::new() },
        None => Filter { property, operator: Operator::Equal, value: value.to_owned() },
    }
}

fn without_operator(value: &str) -> String {
    match value.split_once(':') {
        Some((name, rest)) if operator(name).is_some() => rest.to_owned(),
        _ => value.to_owned(),
    }
}

impl Filter {
    fn keeps(&self, kind: ColumnType, text: &str) -> bool {
        let (seen, asked) = (text.to_lowercase(), self.value.to_lowercase());
        let against = |asked: &str| if text.is_empty() { Ordering::Less } else { compare(kind, text, asked) };
        let some = !text.is_empty();
        let list = || self.value.split([',', '|']).map(str::trim);
        match self.operator {
            Operator::Equal => against(&self.value).is_eq() && some || asked.is_empty() && !some,
            Operator::NotEqual => against(&self.value).is_ne() || !some,
            Operator::Greater => some && against(&self.value).is_gt(),
            Operator::GreaterOrEqual => some && against(&self.value).is_ge(),
            Operator::Less => some && against(&self.value).is_lt(),
            Operator::LessOrEqual => some && against(&self.value).is_le(),
            Operator::Between => {
                let mut ends = list();
                let (from, to) = (ends.next().unwrap_or_default(), ends.next().unwrap_or_default());
                some && against(from).is_ge() && against(to).is_le()
            }
            Operator::In => some && list().any(|one| against(one).is_eq()),
            Operator::NotIn => !some || list().all(|one| against(one).is_ne()),
            Operator::Contains => seen.contains(&asked),
            Operator::NotContain => !seen.contains(&asked),
            Operator::StartsWith => seen.starts_with(&asked),
            Operator::EndsWith => seen.ends_with(&asked),
            Operator::IsEmpty => !some,
            Operator::NotEmpty => some,
            Operator::IsTrue => seen == "true",
            Operator::IsFalse => seen == "false",
        }
    }
}

/// Numbers by value, times by their whole form, texts without regard to case, as SQL Server does.
fn compare(kind: ColumnType, left: &str, right: &str) -> Ordering {
    match kind {
        ColumnType::Integer | ColumnType::Decimal { .. } | ColumnType::Monetary => {
            match (left.trim().parse::<f64>(), right.trim().parse::<f64>()) {
                (Ok(left), Ok(right)) => left.total_cmp(&right),
                _ => left.cmp(right),
            }
        }
        ColumnType::DateTime | ColumnType::Date | ColumnType::Time => whole(left).cmp(&whole(right)),
        ColumnType::String | ColumnType::Boolean | ColumnType::Guid | ColumnType::Binary => {
            left.trim_end().to_lowercase().cmp(&right.trim_end().to_lowercase())
        }
    }
}

fn whole(time: &str) -> String {
    let time = time.trim().replace(' ', "T");
    const MIDNIGHT: &str = "0000-00-00T00:00:00";
    match time.get(..19) {
        Some(seconds) => seconds.to_owned(),
        None => format!("{time}{}", MIDNIGHT.get(time.len()..).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keeps(query: &str, kind: ColumnType, text: Option<&str>) -> bool {
        Query::parse(query).keeps(|_| (kind, text.map(str::to_owned)))
    }

    #[test]
    fn every_operator_keeps_what_it_says() {
        let check = |query: &str, kind: ColumnType, text: Option<&str>, expected: bool| {
            assert_eq!(keeps(query, kind, text), expected, "{query} on {text:?}");
        };
        let string = || ColumnType::String;
        check("P=abc", string(), Some("ABC"), true);
        check("P=eq:abc", string(), Some("abcd"), false);
        check("P=%3D%3D:abc", string(), Some("abc"), true);
        check("P=ne:abc", string(), Some("x"), true);
        check("P=ne:abc", string(), None, true);
        check("P=startsWith:Jon", string(), Some("jonas"), true);
        check("P=ENDSWITH:as", string(), Some("jonas"), true);
        check("P=contains:NA", string(), Some("jonas"), true);
        check("P=notContain:NA", string(), Some("jonas"), false);
        check("P=in:a,b|c", string(), Some("C"), true);
        check("P=in:a,b", string(), Some("c"), false);
        check("P=notIn:a,b", string(), Some("c"), true);
        check("P=notIn:a,b", string(), Some("B"), false);
        check("P=notIn:a,b", string(), None, true);
        check("P=isEmpty", string(), None, true);
        check("P=isEmpty:", string(), Some("x"), false);
        check("P=notEmpty", string(), Some("x"), true);
        check("P=101", string(), Some("00101"), false);
        check("P=gt:9", ColumnType::Integer, Some("10"), true);
        check("P=le:9.50", ColumnType::Monetary, Some("9.5"), true);
        check("P=between:1,3", ColumnType::Integer, Some("3"), true);
        check("P=between:1,3", ColumnType::Integer, Some("4"), false);
        check("P=lt:5", ColumnType::Integer, None, false);
        check("P=ge:2026-05-27", ColumnType::DateTime, Some("2026-05-27T00:00:00"), true);
        check("P=lt:2026-05-27T09:15", ColumnType::DateTime, Some("2026-05-27T09:15:00"), false);
        check("P=2026-05-27T09:15:00", ColumnType::DateTime, Some("2026-05-27T09:15:00"), true);
        check("P=isTrue", ColumnType::Boolean, Some("true"), true);
        check("P=isFalse:", ColumnType::Boolean, Some("true"), false);
    }

    #[test]
    fn limits_are_capped_and_names_take_any_case() {
        let query = Query::parse(
            "Limit=9999&OFFSET=7&OrderBy=Name:Descending&entityid=~1%7C2&queryName=$/A&parameter=eq:5",
        );
        assert_eq!((query.limit, query.offset), (500, 7));
        assert_eq!(query.order, Some(Order { property: "Name".to_owned(), descending: true }));
        assert_eq!((query.entity_id.as_deref(), query.query_name.as_deref()), (Some("~1|2"), Some("$/A")));
        assert_eq!(query.parameters, ["5"]);
        assert_eq!(Query::parse("limit=0").limit, 100);
        assert_eq!(Query::parse("").limit, 100);
    }

    #[test]
    fn pages_say_where_the_next_one_begins() {
        let query = Query::parse("limit=2&offset=1");
        let page = query.page(vec![1, 2, 3, 4], |item| json!(item));
        assert_eq!((page.items.clone(), page.next, page.total), (vec![json!(2), json!(3)], Some(3), 4));
        let end = Query::parse("limit=2&offset=3").page(vec![1, 2, 3, 4], |item| json!(item));
        assert_eq!((end.items, end.next), (vec![json!(4)], None));
    }

    #[test]
    fn an_order_sorts_by_the_kind_of_its_property() {
        let mut items = vec!["10", "9", "100"];
        Query::parse("OrderBy=N:desc")
            .sort(&mut items, |item, _| (ColumnType::Integer, Some((*item).to_owned())));
        assert_eq!(items, ["100", "10", "9"]);
    }
}
