//! What a site has: activity types and panel sources with their columns.

use ihook_engine::activity;
use ihook_engine::record::{Column, Panel};

use crate::client::{Client, PAGE};
use crate::failure::{Failed, FailureClass};
use crate::send::Call;
use crate::wire::{ActivityType, read_columns, read_definition};

/// Definitions are long; fewer a page keep an answer within its limit.
const DEFINITIONS_PAGE: u32 = 100;
/// More than any site has.
const MOST: u32 = 20_000;

impl Client {
    /// The activity types of the site (Settings > Contacts > Activity types).
    ///
    /// # Errors
    /// Every failure of the reads.
    pub async fn activity_types(&self) -> Result<Vec<ActivityType>, Failed> {
        let (items, _) = self.pages("LegacyActivityType", &[], MOST, PAGE).await?;
        Ok(items.iter().filter_map(ActivityType::read).collect())
    }

    /// The columns of an activity with the lengths that this site gives them; those of the vendor's schema where
    /// it does not tell (many sites answer 404 or 501).
    ///
    /// # Errors
    /// Where the site could not be asked.
    pub async fn activity_columns(&self) -> Result<Vec<Column>, Failed> {
        let told = match self.get("metadata/Activity", &[]).await {
            Ok((_, json)) => read_columns(&json),
            Err(failed) if is_untold(&failed) => Vec::new(),
            Err(failed) => return Err(failed),
        };
        let longest = |column: &Column| {
            let there = told.iter().find(|there| there.name.eq_ignore_ascii_case(&column.name))?;
            (there.kind == column.kind).then_some(there.max_length?)
        };
        let columns = activity::columns().iter();
        Ok(columns
            .map(|column| Column { max_length: longest(column).or(column.max_length), ..column.clone() })
            .collect())
    }

    /// The panel sources that were made in the panel designer, as the vendor's own picker lists them.
    ///
    /// # Errors
    /// Every failure of the reads.
    pub async fn panels(&self) -> Result<Vec<Panel>, Failed> {
        let (items, _) = self.pages("BOEntityDefinition", &[], MOST, DEFINITIONS_PAGE).await?;
        let panels = items.iter().filter_map(read_definition);
        Ok(panels.filter(|(_, designable)| *designable).map(|(panel, _)| panel).collect())
    }

    /// One panel source by name; nothing where there is none or it is no panel.
    ///
    /// # Errors
    /// Everything but iMIS's own 404.
    pub async fn panel(&self, name: &str) -> Result<Option<Panel>, Failed> {
        if name.trim().is_empty() {
            return Ok(None);
        }
        let url = self.inner.site.record_url("BOEntityDefinition", &[name.trim().to_owned()]);
        let found = self.find(Call::get(url)).await?;
        Ok(found.and_then(|(_, json)| read_definition(&json)).map(|(panel, _)| panel))
    }
}

/// iMIS itself says that it does not tell.
fn is_untold(failed: &Failed) -> bool {
    let is_refused = failed.class == FailureClass::Refused;
    (is_refused && matches!(failed.status(), Some(400 | 403 | 404 | 405))) || failed.status() == Some(501)
}
