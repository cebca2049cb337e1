//! `assign`, `capture` and `ifchanged`: what a template keeps, within its limits.

use std::io::Write;

use liquid::model::KString;
use liquid_core::error::{Result, ResultLiquidReplaceExt};
use liquid_core::parser::{FilterChain, ParseTag, TagBlock, TagReflection, TagTokenIter};
use liquid_core::{Language, Renderable, Runtime, Template, Value};

use super::super::meter::{OUTPUT, Out, meter};

#[derive(Debug, Clone, Copy)]
pub(super) struct Assign;

impl TagReflection for Assign {
    fn tag(&self) -> &'static str {
        "assign"
    }

    fn description(&self) -> &'static str {
        ""
    }
}

impl ParseTag for Assign {
    fn parse(&self, mut arguments: TagTokenIter<'_>, language: &Language) -> Result<Box<dyn Renderable>> {
        let name = variable(&mut arguments)?;
        arguments
            .expect_next("“=” is missing")?
            .expect_str("=")
            .into_result_custom_msg("“=” is expected here")?;
        let value = arguments.expect_next("a value is missing")?.expect_filter_chain(language);
        let value = value.into_result_custom_msg("a value is expected here")?;
        arguments.expect_nothing()?;
        Ok(Box::new(Assignment { name, value }))
    }

    fn reflection(&self) -> &dyn TagReflection {
        self
    }
}

fn variable(arguments: &mut TagTokenIter<'_>) -> Result<KString> {
    let name = arguments.expect_next("the variable's name is missing")?.expect_identifier();
    Ok(KString::from_ref(name.into_result_custom_msg("a plain name is expected here")?))
}

#[derive(Debug)]
struct Assignment {
    name: KString,
    value: FilterChain,
}

impl Renderable for Assignment {
    fn render_to(&self, _writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let value = self.value.evaluate(runtime)?;
        meter(runtime).weigh(value.as_view())?;
        runtime.set_global(self.name.clone(), value.into_owned());
        meter(runtime).fault().map_or(Ok(()), |fault| Err(liquid_core::Error::with_msg(fault)))
    }
}

#[derive(Debug)]
struct Capture {
    name: KString,
    body: Template,
}

pub(super) fn parse_capture(
    mut arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    let name = variable(&mut arguments)?;
    arguments.expect_nothing()?;
    let body = Template::new(block.parse_all(language)?);
    block.assert_empty();
    Ok(Box::new(Capture { name, body }))
}

impl Renderable for Capture {
    fn render_to(&self, _writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let text = aside(&self.body, runtime)?;
        runtime.set_global(self.name.clone(), Value::scalar(text));
        meter(runtime).fault().map_or(Ok(()), |fault| Err(liquid_core::Error::with_msg(fault)))
    }
}

fn aside(body: &Template, runtime: &dyn Runtime) -> Result<String> {
    let mut out = Out::new(OUTPUT, meter(runtime));
    body.render_to(&mut out, runtime)?;
    Ok(out.into_text())
}

#[derive(Debug)]
struct Changed(Template);

#[derive(Default)]
struct Last(Option<String>);

pub(super) fn parse_changed(
    mut arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
) -> Result<Box<dyn Renderable>> {
    arguments.expect_nothing()?;
    let body = Template::new(block.parse_all(language)?);
    block.assert_empty();
    Ok(Box::new(Changed(body)))
}

impl Renderable for Changed {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        let text = aside(&self.0, runtime)?;
        let before = runtime.registers().get_mut::<Last>().0.replace(text.clone());
        if before.as_ref() == Some(&text) {
            return Ok(());
        }
        write!(writer, "{text}").replace("output failed")
    }
}
