//! Blocks and tags of our own, where Liquid's are not lenient or not bounded enough.

mod branches;
mod loops;
mod stored;

use std::io::Write;

use liquid_core::error::Result;
use liquid_core::parser::{BlockReflection, ParseBlock, ParseTag, TagBlock, TagReflection, TagTokenIter};
use liquid_core::{Expression, Language, Renderable, Runtime};

use super::meter::meter;

type ParseInner = fn(TagTokenIter<'_>, TagBlock<'_, '_>, &Language) -> Result<Box<dyn Renderable>>;

/// A block by its names and its parser.
#[derive(Clone, Copy)]
struct Block {
    start: &'static str,
    end: &'static str,
    parse: ParseInner,
}

impl BlockReflection for Block {
    fn start_tag(&self) -> &str {
        self.start
    }

    fn end_tag(&self) -> &str {
        self.end
    }

    fn description(&self) -> &str {
        ""
    }
}

impl ParseBlock for Block {
    fn parse(
        &self,
        arguments: TagTokenIter<'_>,
        block: TagBlock<'_, '_>,
        language: &Language,
    ) -> Result<Box<dyn Renderable>> {
        Ok(Box::new(Paid((self.parse)(arguments, block, language)?)))
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}

/// A tag that pays one step whenever it runs.
#[derive(Clone)]
struct PaidTag(Box<dyn ParseTag>);

impl ParseTag for PaidTag {
    fn parse(&self, arguments: TagTokenIter<'_>, language: &Language) -> Result<Box<dyn Renderable>> {
        Ok(Box::new(Paid(self.0.parse(arguments, language)?)))
    }

    fn reflection(&self) -> &dyn TagReflection {
        self.0.reflection()
    }
}

#[derive(Debug)]
struct Paid(Box<dyn Renderable>);

impl Renderable for Paid {
    fn render_to(&self, writer: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        meter(runtime).spend(1)?;
        self.0.render_to(writer, runtime)
    }
}

/// Registers every block and tag that a template may use; `include` and `render` are not among them.
pub(super) fn register(language: &mut Language) {
    use liquid_lib::stdlib;

    let ours: [(&'static str, &'static str, ParseInner); 7] = [
        ("for", "endfor", loops::parse_for),
        ("tablerow", "endtablerow", loops::parse_table),
        ("if", "endif", branches::parse_if),
        ("unless", "endunless", branches::parse_unless),
        ("case", "endcase", branches::parse_case),
        ("capture", "endcapture", stored::parse_capture),
        ("ifchanged", "endifchanged", stored::parse_changed),
    ];
    for (start, end, parse) in ours {
        language.blocks.register(start.to_owned(), Block { start, end, parse }.into());
    }
    language.blocks.register("comment".to_owned(), stdlib::CommentBlock.into());
    language.blocks.register("raw".to_owned(), stdlib::RawBlock.into());
    let tags: [Box<dyn ParseTag>; 6] = [
        stored::Assign.into(),
        stdlib::BreakTag.into(),
        stdlib::ContinueTag.into(),
        stdlib::CycleTag.into(),
        stdlib::IncrementTag.into(),
        stdlib::DecrementTag.into(),
    ];
    for tag in tags {
        let name = tag.reflection().tag().to_owned();
        language.tags.register(name, PaidTag(tag).into());
    }
}

/// The value that must come next in a tag.
fn expect_value(arguments: &mut TagTokenIter<'_>) -> Result<Expression> {
    arguments
        .expect_next("a value is missing")?
        .expect_value()
        .into_result_custom_msg("a value is expected here")
}
