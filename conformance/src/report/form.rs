//! The forms in which a report is written.

/// In what form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Text(Screen),
    /// For programs; [`report_schema`](crate::report_schema) describes it.
    Json,
    /// For CI servers that show test results: JUnit's XML.
    Junit,
    /// For the summary page of a CI run.
    Markdown,
    /// For people without a terminal: one page that needs nothing else.
    Html,
    /// For consumers of the Test Anything Protocol, version 14.
    Tap,
}

/// What text is written on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Whether it shows colours.
    pub colour: Colour,
    /// How many columns it has; none where lines may be of any length.
    pub width: Option<usize>,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain.
    #[default]
    Never,
    /// With terminal colours.
    Always,
}
