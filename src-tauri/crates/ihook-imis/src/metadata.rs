//! What a site has: activity types and panel sources with their columns.

use ihook_engine::record::Panel;

use crate::client::{Client, PAGE};
use crate::failure::Failed;
use crate::send::Call;
use crate::wire::{ActivityType, read_definition};

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
    /// Everything but a 404.
    pub async fn panel(&self, name: &str) -> Result<Option<Panel>, Failed> {
        if name.trim().is_empty() {
            return Ok(None);
        }
        let url = self.inner.site.record_url("BOEntityDefinition", &[name.trim().to_owned()]);
        let found = self.find(Call::get(url)).await?;
        Ok(found.as_ref().and_then(read_definition).map(|(panel, _)| panel))
    }
}
