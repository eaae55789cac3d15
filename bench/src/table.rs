//! The table that people read.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};

use crate::measure::{Goal, Line, Unit};

/// The lines as a table, and which goals were missed.
pub(crate) fn of(lines: &[Line]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["", "min", "median", "max", "goal", "", "on this machine"]);
    for line in lines {
        let figure = |value: f64| format!("{value:.*}{}", digits(line.unit), suffix(line.unit));
        table.add_row([
            line.what.clone(),
            figure(line.found.min),
            figure(line.found.median),
            figure(line.found.max),
            match line.goal {
                Goal::AtLeast(goal) => format!("≥ {}", figure(goal)),
                Goal::AtMost(goal) => format!("≤ {}", figure(goal)),
                Goal::Open => String::new(),
            },
            match (line.goal, line.is_met()) {
                (Goal::Open, _) => String::new(),
                (_, true) => "met".to_owned(),
                (_, false) => "missed".to_owned(),
            },
            line.absolute.clone(),
        ]);
    }
    for column in 1..5 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = format!("{table}\n");
    let goals = lines
        .iter()
        .filter(|line| !matches!(line.goal, Goal::Open))
        .count();
    let missed = lines.iter().filter(|line| !line.is_met()).count();
    if goals > 0 {
        let _ = writeln!(text, "{} of {goals} goals met", goals - missed);
    }
    text
}

fn digits(unit: Unit) -> usize {
    match unit {
        Unit::OfFloor
        | Unit::OfHandWritten
        | Unit::OfReqwestAndSerde
        | Unit::OfFewKeys
        | Unit::OfMemory
        | Unit::OfOneServer
        | Unit::Seconds => 2,
        Unit::Milliseconds | Unit::Megabytes => 1,
        Unit::Microseconds | Unit::BytesPerKey => 0,
    }
}

fn suffix(unit: Unit) -> &'static str {
    match unit {
        Unit::OfFloor
        | Unit::OfHandWritten
        | Unit::OfReqwestAndSerde
        | Unit::OfFewKeys
        | Unit::OfMemory
        | Unit::OfOneServer => " ×",
        Unit::Seconds => " s",
        Unit::Milliseconds => " ms",
        Unit::Microseconds => " µs",
        Unit::Megabytes => " MB",
        Unit::BytesPerKey => " B",
    }
}
