//! `--save-mapping`: the columns that were recognized, as keys of `site.yaml`.

use std::collections::BTreeMap;

use super::error::InputError;
use super::run::Report;
use crate::model::site::report::ColumnRole;

/// Returns `site.yaml` with the columns of a report at its end. `None` if it has them already.
///
/// # Errors
///
/// If it has other settings for reports. They are the author's, so they are not changed.
pub fn with_mapping(site_yaml: &str, file: &str, report: &Report) -> Result<Option<String>, InputError> {
    let lines = lines(report);
    let has_report = site_yaml.lines().any(|line| line.starts_with("report:"));
    if !has_report {
        let break_before = if site_yaml.ends_with('\n') || site_yaml.is_empty() { "" } else { "\n" };
        return Ok(Some(format!("{site_yaml}{break_before}\nreport:\n  columns:\n{lines}")));
    }
    if lines.lines().all(|line| site_yaml.lines().any(|own| own.trim_end() == line)) {
        return Ok(None);
    }
    let wanted = lines.lines().map(str::trim).collect::<Vec<_>>().join(", ");
    let error = InputError::new(file, "it has settings for reports already, so nothing was written");
    Err(error.help(format!("write them yourself: `report: {{ columns: {{ {wanted} }} }}`")))
}

fn lines(report: &Report) -> String {
    let mut headers: BTreeMap<ColumnRole, Vec<&str>> = BTreeMap::new();
    for (role, header) in report.files.iter().flat_map(|file| &file.columns) {
        let of_role = headers.entry(*role).or_default();
        if !of_role.contains(&header.as_str()) {
            of_role.push(header);
        }
    }
    let quoted = |header: &&str| serde_json::Value::from(*header).to_string();
    let line = |(role, headers): (ColumnRole, Vec<&str>)| match &headers[..] {
        [one] => format!("    {}: {}\n", role.key(), quoted(one)),
        several => format!("    {}: [{}]\n", role.key(), several.iter().map(quoted).collect::<Vec<_>>().join(", ")),
    };
    headers.into_iter().map(line).collect()
}
