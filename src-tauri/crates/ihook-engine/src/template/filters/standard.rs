//! The standard filters of the `liquid` crate that do what the public suite wants: each is a template of one
//! output that the crate parses and renders.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::value::Value;
use super::{Call, Filter, Result, filter};

pub(super) const FILTERS: &[Filter] = &[
    filter("capitalize", 0, 0, rewritten),
    filter("escape", 0, 0, rewritten),
    filter("escape_once", 0, 0, rewritten),
    filter("strip_html", 0, 0, rewritten),
    filter("strip_newlines", 0, 0, rewritten),
    filter("url_decode", 0, 0, rewritten),
    filter("url_encode", 0, 0, |call| {
        // A form's encoding, as Liquid has it: the crate writes a blank as it stands in a path.
        let encoded = rewritten(call)?;
        Ok(Value::text(encoded.scalar().unwrap_or_default().replace("%20", "+")))
    }),
    filter("newline_to_br", 0, 0, |call| {
        let lines = call.text()?.replace("\r\n", "\n");
        rewrite(call, &lines)
    }),
];

/// What one call takes of the work of a rendering: setting the crate up costs more than a short text does.
const STEPS: u32 = 20;

static TEMPLATES: LazyLock<HashMap<&'static str, liquid::Template>> = LazyLock::new(|| {
    let parser = liquid::ParserBuilder::with_stdlib().build();
    let template = |filter: &Filter| {
        let parsed = parser.as_ref().ok()?.parse(&format!("{{{{ text | {} }}}}", filter.name));
        Some((filter.name, parsed.ok()?))
    };
    FILTERS.iter().filter_map(template).collect()
});

fn rewritten<'r>(call: &Call<'_, 'r>) -> Result<Value<'r>> {
    let text = call.text()?;
    rewrite(call, &text)
}

fn rewrite<'r>(call: &Call<'_, 'r>, text: &str) -> Result<Value<'r>> {
    call.meter.spend(STEPS)?;
    let fault = || call.fault(format!("cannot take {}", crate::step_error::shown(text)));
    let template = TEMPLATES.get(call.filter.name).ok_or_else(fault)?;
    let mut out = Vec::new();
    template.render_to(&mut out, &liquid::object!({ "text": text })).map_err(|_| fault())?;
    String::from_utf8(out).map(Value::text).map_err(|_| fault())
}
