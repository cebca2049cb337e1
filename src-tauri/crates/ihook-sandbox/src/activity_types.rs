//! The activity types of the sandbox, each with the fields it uses.

use ihook_imis::ActivityType;

type Prompts = &'static [(&'static str, &'static str)];

/// Codes, descriptions and the labels of the fields each type uses.
const TYPES: [(&str, &str, Prompts); 16] = [
    (
        "ATTEND",
        "Attendance",
        &[
            ("SubtypePrompt", "Event code"),
            ("DescriptionPrompt", "Session"),
            ("UnitsPrompt", "Hours"),
            ("Uf1Prompt", "Check-in ID"),
            ("NotePrompt", "Notes"),
        ],
    ),
    (
        "CALL",
        "Telephone call",
        &[
            ("DescriptionPrompt", "Subject"),
            ("TicklerPrompt", "Call back on"),
            ("ActionPrompt", "Action"),
            ("NotePrompt", "Notes"),
        ],
    ),
    (
        "MEETING",
        "Meeting",
        &[
            ("SubtypePrompt", "Committee"),
            ("DescriptionPrompt", "Subject"),
            ("EffectiveDatePrompt", "Begins"),
            ("ThruDatePrompt", "Ends"),
            ("NotePrompt", "Minutes"),
        ],
    ),
    (
        "CEU",
        "Continuing education",
        &[
            ("SubtypePrompt", "Course"),
            ("DescriptionPrompt", "Title"),
            ("UnitsPrompt", "Credits"),
            ("SourcePrompt", "Provider"),
            ("Uf1Prompt", "Certificate number"),
        ],
    ),
    ("AWARD", "Award", &[("SubtypePrompt", "Award"), ("DescriptionPrompt", "Citation")]),
    (
        "BADGE",
        "Badge scan",
        &[
            ("SubtypePrompt", "Event code"),
            ("DescriptionPrompt", "Point of scan"),
            ("Uf1Prompt", "Badge number"),
        ],
    ),
    (
        "COMMITTEE",
        "Committee service",
        &[("SubtypePrompt", "Committee"), ("EffectiveDatePrompt", "From"), ("ThruDatePrompt", "Until")],
    ),
    ("DOWNLOAD", "Publication download", &[("SubtypePrompt", "Publication"), ("SourcePrompt", "Site")]),
    ("EMAIL", "E-mail", &[("DescriptionPrompt", "Subject"), ("NotePrompt", "Text")]),
    (
        "EXHIBIT",
        "Exhibition visit",
        &[("SubtypePrompt", "Event code"), ("CoIdPrompt", "Exhibitor"), ("NotePrompt", "Interest")],
    ),
    ("LETTER", "Letter", &[("DescriptionPrompt", "Subject"), ("SourcePrompt", "Campaign")]),
    (
        "MENTOR",
        "Mentoring",
        &[("DescriptionPrompt", "Topic"), ("UnitsPrompt", "Hours"), ("CoIdPrompt", "Mentor")],
    ),
    (
        "SURVEY",
        "Survey answer",
        &[("SubtypePrompt", "Survey"), ("Uf4Prompt", "Score"), ("NotePrompt", "Comment")],
    ),
    (
        "VISIT",
        "Site visit",
        &[
            ("DescriptionPrompt", "Place"),
            ("EffectiveDatePrompt", "On"),
            ("NotePrompt", "Report"),
            ("FollowUpPrompt", "Follow-up"),
        ],
    ),
    (
        "VOLUNTEER",
        "Volunteer work",
        &[("SubtypePrompt", "Programme"), ("UnitsPrompt", "Hours"), ("AmountPrompt", "Value")],
    ),
    (
        "WEBINAR",
        "Webinar",
        &[
            ("SubtypePrompt", "Webinar code"),
            ("DescriptionPrompt", "Title"),
            ("UnitsPrompt", "Minutes"),
            ("Uf6Prompt", "Joined"),
            ("Uf7Prompt", "Left"),
        ],
    ),
];

/// The activity types of the sandbox.
pub(crate) fn activity_types() -> Vec<ActivityType> {
    let own = |(name, label): &(&str, &str)| ((*name).to_owned(), (*label).to_owned());
    TYPES
        .iter()
        .map(|(code, description, prompts)| ActivityType {
            code: (*code).to_owned(),
            description: (*description).to_owned(),
            prompts: prompts.iter().map(own).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fit_their_column_and_are_given_once() {
        let mut codes: Vec<String> = activity_types().into_iter().map(|kind| kind.code).collect();
        assert!(codes.iter().all(|code| code.len() <= 10));
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), TYPES.len());
    }
}
