//! What is shown and what is not: conditions, `case` and `cycle`.

use super::super::ast::{Arm, Atom, Cycle, Expression, Junction, Test};
use super::super::compare::{self, Operator};
use super::super::meter::{Out, text_of};
use super::{Flow, Rendering, Result};

impl<'r> Rendering<'r> {
    /// Shows the item whose turn it is; nothing where the cycle has fewer items than the one before.
    pub(super) fn cycle(&mut self, cycle: &'r Cycle, out: &mut Out<'_>) -> Result<()> {
        let key = match &cycle.group {
            Some(group) => {
                let group = self.expression(group)?;
                ["group ", &*text_of(&group, self.meter)?].concat()
            }
            None => format!("items {}", cycle.written),
        };
        let turn = self.cycles.get(&key).copied();
        if turn.is_none() {
            self.meter.keep(key.len())?;
        }
        let turn = turn.unwrap_or(0);
        if let Some(item) = cycle.items.get(turn) {
            let value = self.expression(item)?;
            out.write_value(&value)?;
        }
        let next = turn + 1;
        self.cycles.insert(key, if next < cycle.items.len() { next } else { 0 });
        Ok(())
    }

    /// Every `when` that fits, once for each of its values that does; `else` where none did so far.
    pub(super) fn case(&mut self, value: &'r Expression, arms: &'r [Arm], out: &mut Out<'_>) -> Result<Flow> {
        let value = self.expression(value)?;
        let mut found = false;
        for arm in arms {
            let mut times = usize::from(arm.values.is_empty() && !found);
            for other in &arm.values {
                let other = self.expression(other)?;
                if compare::holds(&value, Operator::Equal, &other, self.meter)? {
                    found = true;
                    times += 1;
                }
            }
            for _ in 0..times {
                let flow = self.nodes(&arm.body.nodes, out)?;
                if flow != Flow::On {
                    return Ok(flow);
                }
            }
        }
        Ok(Flow::On)
    }

    /// From the left, as far as it matters: what stands behind an `and` or `or` is one whole.
    pub(super) fn holds(&mut self, test: &'r Test) -> Result<bool> {
        for (atom, junction) in &test.0 {
            let holds = self.atom(atom)?;
            match junction {
                Some(Junction::And) if holds => {}
                Some(Junction::Or) if !holds => {}
                _ => return Ok(holds),
            }
        }
        Ok(false)
    }

    fn atom(&mut self, atom: &'r Atom) -> Result<bool> {
        let left = self.expression(&atom.left)?;
        let Some((operator, right)) = &atom.right else { return Ok(compare::truthy(&left)) };
        let right = self.expression(right)?;
        compare::holds(&left, *operator, &right, self.meter)
    }
}
