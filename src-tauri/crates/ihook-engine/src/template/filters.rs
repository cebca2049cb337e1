//! The filters: Liquid's own where they are bounded and exact, ours elsewhere.

mod dates;
mod json;
mod lists;
mod numbers;
mod text;

use std::fmt;

use liquid::model::ValueCow;
use liquid_core::error::{Error, Result};
use liquid_core::parser::{Filter, FilterArguments, FilterReflection, ParameterReflection, ParseFilter};
use liquid_core::{Expression, Language, Runtime, Value, ValueView};

use super::meter::{Meter, VALUE, meter};

/// One call of a filter of ours.
struct Call<'c> {
    name: &'static str,
    input: &'c dyn ValueView,
    arguments: Vec<ValueCow<'c>>,
    named: Vec<(&'c str, ValueCow<'c>)>,
    runtime: &'c dyn Runtime,
    meter: &'c Meter,
}

impl Call<'_> {
    fn text(&self) -> String {
        self.input.to_kstr().into_string()
    }

    fn argument(&self, at: usize) -> Option<&dyn ValueView> {
        self.arguments.get(at).map(ValueCow::as_view)
    }

    fn argument_text(&self, at: usize) -> Option<String> {
        self.argument(at).map(|value| value.to_kstr().into_string())
    }

    /// A whole number among the arguments; nil counts as none given.
    fn argument_whole(&self, at: usize) -> Result<Option<i64>> {
        let Some(value) = self.argument(at).filter(|value| !value.is_nil()) else { return Ok(None) };
        match super::compare::decimal(value).and_then(crate::decimal::Decimal::to_whole) {
            Some(number) => Ok(Some(number)),
            None => Err(self.fault(format!("needs a whole number, not {}", shown(value)))),
        }
    }

    fn fault(&self, what: impl fmt::Display) -> Error {
        Error::with_msg(format!("the filter “{}” {what}", self.name))
    }

    /// Refuses a result before it is made.
    fn room(&self, bytes: usize) -> Result<()> {
        if bytes > VALUE {
            return Err(self.meter.refuse("the template works on a value of more than 1 MiB"));
        }
        self.meter.spend_bytes(bytes)
    }
}

fn shown(value: &dyn ValueView) -> String {
    crate::step_error::shown(value.to_kstr().as_str())
}

type Run = fn(&Call<'_>) -> Result<Value>;

/// A filter of ours: its name, how many arguments it takes, which named ones, and what it does.
#[derive(Clone, Copy)]
struct Ours {
    name: &'static str,
    arguments: (usize, usize),
    named: &'static [&'static str],
    /// Whether the input is copied or read through, and so has to be paid for and within bounds.
    weighs: bool,
    run: Run,
}

const fn filter(name: &'static str, least: usize, most: usize, run: Run) -> Ours {
    Ours { name, arguments: (least, most), named: &[], weighs: true, run }
}

impl FilterReflection for Ours {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> &str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl ParseFilter for Ours {
    fn parse(&self, arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let fault = |what: String| Error::with_msg(format!("the filter “{}” {what}", self.name));
        let positional: Vec<Expression> = arguments.positional.collect();
        let named: Vec<(String, Expression)> =
            arguments.keyword.map(|(name, value)| (name.to_owned(), value)).collect();
        let (least, most) = self.arguments;
        if positional.len() < least || positional.len() > most {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            return Err(fault(format!("takes {wanted} arguments, not {}", positional.len())));
        }
        if let Some((name, _)) = named.iter().find(|(name, _)| !self.named.contains(&name.as_str())) {
            return Err(fault(format!("has no argument “{name}”")));
        }
        Ok(Box::new(Parsed { filter: *self, positional, named }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

struct Parsed {
    filter: Ours,
    positional: Vec<Expression>,
    named: Vec<(String, Expression)>,
}

impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.filter.name)
    }
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.filter.name)
    }
}

impl Filter for Parsed {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let meter = meter(runtime);
        meter.spend(1)?;
        if self.filter.weighs {
            meter.weigh(input)?;
        }
        let evaluated = |value: &'_ Expression| -> Result<Value> {
            let value = value.evaluate(runtime)?;
            meter.weigh(value.as_view())?;
            Ok(value.into_owned())
        };
        let arguments: Result<Vec<ValueCow<'_>>> =
            self.positional.iter().map(|value| evaluated(value).map(ValueCow::Owned)).collect();
        let named: Result<Vec<(&str, ValueCow<'_>)>> = self
            .named
            .iter()
            .map(|(name, value)| Ok((name.as_str(), ValueCow::Owned(evaluated(value)?))))
            .collect();
        let call = Call {
            name: self.filter.name,
            input,
            arguments: arguments?,
            named: named?,
            runtime,
            meter: &meter,
        };
        let output = (self.filter.run)(&call)?;
        meter.weigh(&output)?;
        Ok(output)
    }
}

/// One of Liquid's filters, with its input and its output weighed.
#[derive(Clone)]
struct Weighed(Box<dyn ParseFilter>);

impl ParseFilter for Weighed {
    fn parse(&self, arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let inner = self.0.parse(arguments)?;
        Ok(Box::new(WeighedCall { name: self.0.reflection().name().to_owned(), inner }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self.0.reflection()
    }
}

struct WeighedCall {
    name: String,
    inner: Box<dyn Filter>,
}

impl fmt::Debug for WeighedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for WeighedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Filter for WeighedCall {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let meter = meter(runtime);
        meter.spend(1)?;
        meter.weigh(input)?;
        let output = self.inner.evaluate(input, runtime)?;
        meter.weigh(&output)?;
        Ok(output)
    }
}

/// Registers every filter that a template may use.
pub(super) fn register(language: &mut Language) {
    use liquid_lib::stdlib;

    let theirs: [Box<dyn ParseFilter>; 19] = [
        stdlib::Capitalize.into(),
        stdlib::Compact.into(),
        stdlib::Concat.into(),
        stdlib::Downcase.into(),
        stdlib::Escape.into(),
        stdlib::EscapeOnce.into(),
        stdlib::Lstrip.into(),
        stdlib::Map.into(),
        stdlib::NewlineToBr.into(),
        stdlib::Reverse.into(),
        stdlib::Rstrip.into(),
        stdlib::Strip.into(),
        stdlib::StripHtml.into(),
        stdlib::StripNewlines.into(),
        stdlib::TruncateWords.into(),
        stdlib::Upcase.into(),
        stdlib::UrlDecode.into(),
        stdlib::UrlEncode.into(),
        stdlib::Where.into(),
    ];
    for filter in theirs {
        let name = filter.reflection().name().to_owned();
        language.filters.register(name, Weighed(filter).into());
    }
    let ours = [numbers::FILTERS, text::FILTERS, lists::FILTERS, dates::FILTERS, json::FILTERS];
    for filter in ours.into_iter().flatten() {
        language.filters.register(filter.name.to_owned(), (*filter).into());
    }
}
