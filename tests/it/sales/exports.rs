//! The CSV files for sales, and the description of their columns.

use serde_json::Value;

use crate::support::Site;

#[test]
fn csv_files_begin_with_a_byte_order_mark_and_the_register_does_not() {
    let site = Site::new();
    let run = site.build().clean();
    for file in ["lead-sources.csv", "campaigns.csv", "links.csv"] {
        assert_eq!(run.sales(file).matches('\u{feff}').count(), 1, "{file}");
        assert!(run.sales(file).starts_with('\u{feff}'), "{file}");
    }
    assert!(!site.read("lead-tags.csv").contains('\u{feff}'));
    assert!(!site.run(&["links", "--format", "csv"]).ok().stdout.contains('\u{feff}'));
}

#[test]
fn data_package_has_the_columns_of_each_csv_file_in_their_order() {
    let site = Site::new();
    let run = site.build().clean();
    let package: Value = serde_json::from_str(&run.sales("datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 3);
    for resource in resources {
        let csv = run.sales(resource["path"].as_str().unwrap());
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(csv.trim_start_matches('\u{feff}').lines().next().unwrap(), names.join(","));
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        for record in reader.records() {
            for (cell, field) in record.unwrap().iter().zip(fields) {
                assert!(!cell.is_empty() || field["constraints"]["required"] != true, "{field}");
                let is_day = cell.parse::<jiff::civil::Date>().is_ok();
                assert!(field["type"] != "date" || cell.is_empty() || is_day, "{field}: {cell}");
            }
        }
    }
}
