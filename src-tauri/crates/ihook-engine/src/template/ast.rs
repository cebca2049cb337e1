//! A template that was read.

use super::compare::Operator;
use super::filters::Filter;

/// What stands between two places of a template, and whether it shows nothing but blanks.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) nodes: Vec<Node>,
    /// A tag whose blocks are all blank shows nothing, as Liquid has it.
    pub(super) is_blank: bool,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Text(Box<str>),
    Output(Chain),
    Assign {
        name: Box<str>,
        value: Chain,
    },
    Capture {
        name: Box<str>,
        body: Block,
    },
    /// Counts up and shows what was before, or down and shows what is now.
    Count {
        name: Box<str>,
        is_up: bool,
    },
    Cycle(Cycle),
    If {
        branches: Vec<Branch>,
        otherwise: Block,
    },
    Case {
        value: Expression,
        arms: Vec<Arm>,
    },
    For(Box<Loop>),
    Table(Box<Loop>),
    IfChanged(Block),
    Break,
    Continue,
}

/// Whether a loop stands among them, at any depth.
pub(super) fn has_loop(nodes: &[Node]) -> bool {
    let within = |block: &Block| has_loop(&block.nodes);
    nodes.iter().any(|node| match &node.kind {
        Kind::For(_) | Kind::Table(_) => true,
        Kind::Capture { body, .. } | Kind::IfChanged(body) => within(body),
        Kind::If { branches, otherwise } => {
            within(otherwise) || branches.iter().any(|branch| within(&branch.body))
        }
        Kind::Case { arms, .. } => arms.iter().any(|arm| within(&arm.body)),
        Kind::Text(_)
        | Kind::Output(_)
        | Kind::Assign { .. }
        | Kind::Count { .. }
        | Kind::Cycle(_)
        | Kind::Break
        | Kind::Continue => false,
    })
}

/// A branch of `if` or `unless`, taken where its test holds, or does not.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) test: Test,
    pub(super) wanted: bool,
    pub(super) body: Block,
}

/// What stands under a `when`, or, without values, under an `else`.
#[derive(Debug)]
pub(super) struct Arm {
    pub(super) values: Vec<Expression>,
    pub(super) body: Block,
}

#[derive(Debug)]
pub(super) struct Cycle {
    /// What tells it from other cycles: its group, or else its items as they are written.
    pub(super) group: Option<Expression>,
    pub(super) written: Box<str>,
    pub(super) items: Vec<Expression>,
}

#[derive(Debug)]
pub(super) struct Loop {
    pub(super) variable: Box<str>,
    pub(super) source: Expression,
    /// `item-list`, by which `offset: continue` finds the loop before.
    pub(super) name: Box<str>,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Offset>,
    pub(super) columns: Option<Expression>,
    pub(super) is_reversed: bool,
    pub(super) body: Block,
    pub(super) otherwise: Block,
}

#[derive(Debug)]
pub(super) enum Offset {
    At(Expression),
    Continue,
}

/// A value and the filters that it goes through.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) value: Expression,
    pub(super) filters: Vec<FilterCall>,
}

#[derive(Debug)]
pub(super) struct FilterCall {
    pub(super) at: usize,
    pub(super) filter: &'static Filter,
    pub(super) arguments: Vec<Expression>,
    pub(super) named: Vec<(Box<str>, Expression)>,
}

/// Atoms with what stands behind each; read from right to left, as Liquid does.
#[derive(Debug)]
pub(super) struct Test(pub(super) Vec<(Atom, Option<Junction>)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Junction {
    And,
    Or,
}

#[derive(Debug)]
pub(super) struct Atom {
    pub(super) left: Expression,
    pub(super) right: Option<(Operator, Expression)>,
}

#[derive(Debug)]
pub(super) enum Expression {
    Nil,
    Bool(bool),
    Empty,
    Blank,
    Number(Box<str>),
    Text(Box<str>),
    Path(Path),
    Range(Box<(Self, Self)>),
}

/// A name and the way from there; the name may itself stand in brackets.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) root: Step,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) enum Step {
    Name(Box<str>),
    Index(Box<Expression>),
}
