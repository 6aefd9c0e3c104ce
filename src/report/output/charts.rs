//! Charts as inline SVG. Their colors come from the style sheet of the page, and each has a table with the same numbers.

use std::fmt::Write;

use crate::html::escape::escaped;

const WIDTH: f64 = 720.0;
/// The room for the names on the left of horizontal charts.
const NAMES: f64 = 210.0;
const ROW: f64 = 26.0;
/// Longer names are cut off, in characters.
const MAX_NAME: usize = 28;

/// A week with its leads and its wins.
pub struct WeekBar {
    pub name: String,
    pub leads: u64,
    pub won: u64,
}

/// A bar with a name and a text at its end.
pub struct Bar {
    pub name: String,
    pub value: f64,
    pub text: String,
}

/// A share with its interval, all from 0 to 1.
pub struct Range {
    pub name: String,
    pub share: f64,
    pub low: f64,
    pub high: f64,
    pub text: String,
}

/// Bars of leads, with bars of wins in front.
pub fn weeks(weeks: &[WeekBar], title: &str) -> String {
    let (height, base, left) = (240.0, 200.0, 44.0);
    let most = weeks.iter().map(|week| week.leads).max().unwrap_or(0).max(1);
    let step = (WIDTH - left - 8.0) / weeks.len().max(1) as f64;
    let bar = (step * 0.8).clamp(0.5, 48.0);
    let scale = |number: u64| number as f64 * (base - 24.0) / most as f64;
    let mut svg = opening(height, title);
    let _ = write!(svg, "<text x=\"{:.1}\" y=\"28\" text-anchor=\"end\">{most}</text>", left - 8.0);
    let _ = write!(svg, "<text x=\"{:.1}\" y=\"{base:.1}\" text-anchor=\"end\">0</text>", left - 8.0);
    let _ = write!(svg, "<path class=\"axis\" d=\"M{left} {base}H{WIDTH}\"/>");
    // About eight names fit below the bars.
    let every = weeks.len().div_ceil(8).max(1);
    for (index, week) in weeks.iter().enumerate() {
        let x = left + step * index as f64;
        for (class, number) in [("leads", week.leads), ("won", week.won)] {
            let bar_height = scale(number);
            let width = if class == "won" { bar * 0.5 } else { bar };
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{bar_height:.1}\"/>",
                base - bar_height
            );
        }
        if index % every == 0 {
            let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{:.1}\">{}</text>", base + 20.0, escaped(&week.name));
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Horizontal bars. `class` chooses their color.
pub fn bars(bars: &[Bar], class: &str, title: &str) -> String {
    let most = bars.iter().map(|bar| bar.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut svg = opening(ROW * bars.len() as f64 + 8.0, title);
    for (index, bar) in bars.iter().enumerate() {
        let y = ROW * index as f64 + 4.0;
        let length = bar.value / most * (WIDTH - NAMES - 130.0);
        name(&mut svg, &bar.name, y);
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{NAMES}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"16\"/>",
            y + 2.0
        );
        let _ =
            write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", NAMES + length + 8.0, y + 15.0, escaped(&bar.text));
    }
    svg.push_str("</svg>");
    svg
}

/// Shares as points, with their intervals as lines.
pub fn ranges(ranges: &[Range], title: &str) -> String {
    let most = ranges.iter().map(|range| range.high).fold(0.0, f64::max).max(0.01);
    let x = |share: f64| NAMES + share / most * (WIDTH - NAMES - 130.0);
    let mut svg = opening(ROW * ranges.len() as f64 + 8.0, title);
    for (index, range) in ranges.iter().enumerate() {
        let y = ROW * index as f64 + 4.0;
        let middle = y + 10.0;
        name(&mut svg, &range.name, y);
        let (low, high) = (x(range.low), x(range.high));
        let _ = write!(
            svg,
            "<path class=\"range\" d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {:.1}v8M{high:.1} {:.1}v8\"/>",
            middle - 4.0,
            middle - 4.0
        );
        let _ = write!(svg, "<circle class=\"leads\" cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"5\"/>", x(range.share));
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", high + 8.0, y + 15.0, escaped(&range.text));
    }
    svg.push_str("</svg>");
    svg
}

fn opening(height: f64, title: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">", escaped(title))
}

fn name(svg: &mut String, name: &str, y: f64) {
    let short: String = match name.chars().count() > MAX_NAME {
        true => name.chars().take(MAX_NAME - 1).chain(['…']).collect(),
        false => name.to_owned(),
    };
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
        NAMES - 10.0,
        y + 15.0,
        escaped(&short)
    );
}
