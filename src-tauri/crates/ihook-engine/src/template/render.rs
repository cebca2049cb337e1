//! Goes over a template's tree and writes what it shows.

mod branches;
mod loops;

use std::collections::HashMap;

use super::ast::{Block, Chain, Expression, FilterCall, Kind, Node, Path, Step};
use super::fault::Fault;
use super::filters::Call;
use super::meter::{Meter, Out};
use super::rendered::Rendered;
use super::scope::Scope;
use super::value::Value;
use loops::Frame;

type Result<T> = std::result::Result<T, Fault>;

/// What the template shows over these names.
pub(super) fn render(nodes: &[Node], scope: &Scope) -> Result<Rendered> {
    let meter = Meter::new();
    let mut out = Out::new(&meter);
    let mut rendering = Rendering {
        scope,
        meter: &meter,
        frames: Vec::new(),
        assigned: HashMap::new(),
        counters: HashMap::new(),
        cycles: HashMap::new(),
        offsets: HashMap::new(),
        shown: None,
    };
    rendering.nodes(nodes, &mut out)?;
    let (text, values) = out.into_parts();
    Ok(Rendered { text, values, compound: meter.compound() })
}

/// What comes after a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// One rendering: `'r` is the life of the template and of its names.
struct Rendering<'r> {
    scope: &'r Scope,
    meter: &'r Meter,
    /// The loops that run, the innermost last.
    frames: Vec<Frame<'r>>,
    assigned: HashMap<&'r str, Value<'r>>,
    counters: HashMap<&'r str, i64>,
    cycles: HashMap<String, usize>,
    /// Where a loop of that name ended, for `offset: continue`.
    offsets: HashMap<&'r str, usize>,
    /// What an `ifchanged` showed last.
    shown: Option<String>,
}

/// Where a path begins.
enum Root<'r> {
    Value(Value<'r>),
    /// The counters of the loop of that number.
    Loop(usize),
}

impl<'r> Rendering<'r> {
    fn nodes(&mut self, nodes: &'r [Node], out: &mut Out<'_>) -> Result<Flow> {
        for node in nodes {
            let flow = self.meter.spend(1).and_then(|()| self.node(node, out));
            match flow.map_err(|fault| fault.or_at(node.at))? {
                Flow::On => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'r Node, out: &mut Out<'_>) -> Result<Flow> {
        match &node.kind {
            Kind::Text(text) => out.push(text)?,
            Kind::Output(chain) => {
                let value = self.chain(chain)?;
                out.write_value(&value)?;
            }
            Kind::Assign { name, value } => {
                let value = self.chain(value)?;
                self.store(name, value)?;
            }
            Kind::Capture { name, body } => {
                let (text, flow) = self.aside(body)?;
                self.store(name, Value::text(text))?;
                return Ok(flow);
            }
            Kind::Count { name, is_up } => {
                let count = self.counters.entry(name).or_default();
                let before = *count;
                *count = if *is_up { before.saturating_add(1) } else { before.saturating_sub(1) };
                let shown = if *is_up { before } else { *count };
                out.push(&shown.to_string())?;
            }
            Kind::Cycle(cycle) => self.cycle(cycle, out)?,
            Kind::If { branches, otherwise } => {
                for branch in branches {
                    self.meter.spend(1)?;
                    if self.holds(&branch.test)? == branch.wanted {
                        return self.nodes(&branch.body.nodes, out);
                    }
                }
                return self.nodes(&otherwise.nodes, out);
            }
            Kind::Case { value, arms } => return self.case(value, arms, out),
            Kind::For(each) => return self.each(each, out),
            Kind::Table(each) => return self.table(each, out),
            Kind::IfChanged(body) => {
                let (text, flow) = self.aside(body)?;
                if self.shown.as_deref() != Some(&text) {
                    // What of it came out of values is not known any more: all of it counts as such.
                    out.write_value(&Value::text(text.clone()))?;
                    self.shown = Some(text);
                }
                return Ok(flow);
            }
            Kind::Break => return Ok(Flow::Break),
            Kind::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn aside(&mut self, body: &'r Block) -> Result<(String, Flow)> {
        let mut out = Out::new(self.meter);
        let flow = self.nodes(&body.nodes, &mut out)?;
        Ok((out.into_text(), flow))
    }

    fn store(&mut self, name: &'r str, value: Value<'r>) -> Result<()> {
        self.meter.weigh(&value).and_then(|weight| self.meter.keep(weight))?;
        self.assigned.insert(name, value);
        Ok(())
    }

    fn chain(&mut self, chain: &'r Chain) -> Result<Value<'r>> {
        let mut value = self.expression(&chain.value)?;
        for call in &chain.filters {
            value = self.filter(value, call).map_err(|fault| fault.or_at(call.at))?;
        }
        Ok(value)
    }

    fn filter(&mut self, input: Value<'r>, call: &'r FilterCall) -> Result<Value<'r>> {
        self.meter.spend(1)?;
        if call.filter.weighs {
            self.meter.weigh(&input)?;
        }
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.argument(argument)?);
        }
        let mut named = Vec::with_capacity(call.named.len());
        for (name, argument) in &call.named {
            named.push((&**name, self.argument(argument)?));
        }
        let facts = self.scope.facts();
        let call = Call { filter: call.filter, input, arguments, named, meter: self.meter, facts };
        let output = (call.filter.run)(&call)?;
        self.meter.weigh(&output)?;
        Ok(output)
    }

    fn argument(&mut self, argument: &'r Expression) -> Result<Value<'r>> {
        let value = self.expression(argument)?;
        self.meter.weigh(&value)?;
        Ok(value)
    }

    fn expression(&mut self, expression: &'r Expression) -> Result<Value<'r>> {
        Ok(match expression {
            Expression::Nil => Value::Nil,
            Expression::Bool(flag) => Value::Bool(*flag),
            Expression::Empty => Value::Empty,
            Expression::Blank => Value::Blank,
            Expression::Number(number) => Value::Number((**number).into()),
            Expression::Text(text) => Value::text(&**text),
            Expression::Path(path) => return self.path(path),
            Expression::Range(ends) => Value::Range(self.bound(&ends.0)?, self.bound(&ends.1)?),
        })
    }

    /// An end of a range: a whole number; what is missing is zero, and a fraction is cut off.
    fn bound(&mut self, end: &'r Expression) -> Result<i64> {
        let value = self.expression(end)?;
        if value.is_missing() {
            return Ok(0);
        }
        let whole = loops::whole(&value);
        whole.ok_or_else(|| Fault::new(format!("a range needs whole numbers, not {}", value.shown())))
    }

    fn path(&mut self, path: &'r Path) -> Result<Value<'r>> {
        self.meter.spend(1)?;
        let root = match &path.root {
            Step::Name(name) => self.root(name),
            Step::Index(index) => {
                let name = self.expression(index)?;
                self.root(name.scalar().unwrap_or_default())
            }
        };
        let (mut value, steps) = match root {
            Root::Value(value) => (value, path.steps.iter()),
            Root::Loop(number) => self.counter(number, &path.steps),
        };
        for step in steps {
            value = self.step(&value, step)?;
        }
        Ok(value)
    }

    fn step(&mut self, value: &Value<'r>, step: &'r Step) -> Result<Value<'r>> {
        if !matches!(step, Step::Name(name) if &**name == "size") {
            value.sole()?;
        }
        // The size of a text is counted.
        self.meter.spend_bytes(value.as_text().map_or(0, str::len))?;
        Ok(Value::or_nil(match step {
            Step::Name(name) => value.member(name),
            Step::Index(index) => {
                let key = self.expression(index)?;
                value.at(&key)
            }
        }))
    }

    fn root(&self, name: &str) -> Root<'r> {
        for (number, frame) in self.frames.iter().enumerate().rev() {
            if frame.variable == name {
                return Root::Value(frame.value.clone());
            }
            if frame.counters() == name {
                return Root::Loop(number);
            }
        }
        let known = self.assigned.get(name).cloned().or_else(|| self.scope.root(name));
        Root::Value(Value::or_nil(known.or_else(|| self.counters.get(name).copied().map(Value::whole))))
    }
}
