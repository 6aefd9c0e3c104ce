//! Values as people and programs write them, in several notations, encodings and forms.

use serde_json::json as value;

use super::fixtures::{account, counts, json, report_bytes, report_text, site};

fn amounts(cells: &[&str]) -> String {
    let rows = cells.iter().map(|cell| format!("spring_save_acme;Won;{cell}\n"));
    format!("Lead tag;Status;Amount\n{}", rows.collect::<String>())
}

#[test]
fn amounts_in_two_notations_are_read_by_their_own_form() {
    let cases: [(&[&str], &str); 6] = [
        (&["1234,56", "1234.56"], "2469.12"),
        (&["12 345,60", "1'234.50"], "13580.10"),
        (&["1250,5", "99.90"], "1350.40"),
        (&["1.234,56", "1,234.56"], "2469.12"),
        (&["1.500", "12,50"], "1512.50"),
        (&["1.500", "12.50"], "14.00"),
    ];
    for (cells, sum) in cases {
        let report = json(report_text(&site(), &amounts(cells), &["--format", "json"]));
        assert_eq!(report["total"]["value"][0]["amount"], sum, "{cells:?}");
        assert_eq!(report["files"][0]["bad_amounts"], 0, "{cells:?}");
    }
}

/// The proof is far behind the rows that columns are recognized from.
#[test]
fn any_amount_of_the_column_decides_open_ones() {
    let mut cells = vec!["1.500"; 3000];
    cells.push("0.25");
    let report = json(report_text(&site(), &amounts(&cells), &["--format", "json"]));
    assert_eq!(report["total"]["value"][0]["amount"], "4500.25");
}

#[test]
fn open_amounts_in_a_column_that_contradicts_itself_are_an_error() {
    for cells in [&["99.90", "1,500", "12,50"][..], &["10", "1,500", "1.500"]] {
        let run = report_text(&site(), &amounts(cells), &[]).failed(1);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains("error: this amount can be two"), "{}", run.stderr);
        assert!(run.stderr.contains("leads.csv:3") && run.stderr.contains("--decimals point"), "{}", run.stderr);
    }
    let report = json(report_text(&site(), &amounts(&["10k", "1.5 Mio."]), &["--format", "json"]));
    assert_eq!((&report["files"][0]["bad_amounts"], &report["total"]["value"]), (&value!(2), &value!([])));
}

#[test]
fn months_with_accents_are_read_in_windows_1252() {
    let text = "Lead tag;Créé le;Statut\nspring_save_acme;3 février 2027;\nspring_save_acme;14 août 2026;\nspring_save_acme;1 décembre 2026;\n";
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [text.as_bytes(), &bytes] {
        let report = json(report_bytes(&site(), "leads.csv", bytes, &["--format", "json"]));
        assert_eq!((&report["files"][0]["bad_days"], &report["without_day"]), (&value!(0), &value!(0)));
        assert_eq!(report["weeks"][0]["week"], "2026-08-10");
    }
}

#[test]
fn utf16_is_read_at_any_size() {
    let site = site();
    for rows in [1, 2, 700, 5000] {
        let mut text = "\u{feff}Lead tag,Email\n".to_owned();
        (0..rows).for_each(|number| text.push_str(&format!("spring_save_acme,€€€é😀{number}@b.example\n")));
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            let report = json(report_bytes(&site, "leads.csv", &bytes, &["--format", "json"]));
            assert_eq!(report["total"]["leads"], rows);
        }
    }
    let small = "\u{feff}lead tag,email\nspring_save_acme,a@b.example\nspring_save_acme,€€€€€€€€@b.example";
    let bytes: Vec<u8> = small.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(json(report_bytes(&site, "leads.csv", &bytes, &["--format", "json"]))["total"]["leads"], 2);
}

#[test]
fn file_without_a_header_is_refused_without_its_cells() {
    for first in [
        "ada@secret.example,2027-03-16,New,spring_save_acme",
        "Ada Secret,2027-03-16,New,spring_save_acme",
        "+254 700 000 000,New,Secret",
        "Secret <ada@secret.example>,Won,x",
        "Ada Secret,2027-03-16,Won,",
    ] {
        let run = report_text(&site(), &format!("{first}\nb@x.example,2027-03-16,New,spring_save_acme\n"), &[]);
        let run = run.failed(1);
        assert!(run.stderr.starts_with("error: the file has no header"), "{}", run.stderr);
        assert!(run.stderr.contains("leads.csv:1"), "{}", run.stderr);
        for cell in ["ecret", "700 000", "spring_save", "b@x"] {
            assert!(!run.stderr.contains(cell), "{cell} is in {}", run.stderr);
        }
    }
    let run = report_text(&site(), "Ada Secret,Won,\nx,New,spring_save_acme\n", &[]).ok();
    assert!(run.stdout.contains("not used: 1 column\n") && !run.stdout.contains("Secret"), "{}", run.stdout);
    let run = report_text(&site(), "Ada Secret,Won,\nx,New,y\n", &[]).failed(1);
    assert!(!run.stderr.contains("Secret"), "{}", run.stderr);
    // Days and short numbers are no telephone numbers.
    report_text(&site(), "Lead tag,2027-03-16,2027\nspring_save_acme,,\n", &[]).ok();
    let run = report_text(&site(), "Email,Note (ada@secret),12\na@x.example,b,c\n", &[]).failed(1);
    assert!(run.stderr.contains("the columns are `Email`;"), "{}", run.stderr);
}

#[test]
fn unknown_lead_tags_are_listed_if_three_rows_share_them() {
    let rows =
        |unknown: &str, times: usize| format!("Lead tag\nspring_save_direct\n{}", format!("{unknown}\n").repeat(times));
    let report = json(report_text(&site(), &rows("winter_save_acme", 3), &["--format", "json"]));
    assert_eq!(report["unknown_lead_tags"], value!([{ "lead_tag": "winter_save_acme", "rows": 3 }]));
    let run = report_text(&site(), &rows("ada_love_lace", 2), &["--format", "json"]).ok();
    assert!(!run.stdout.contains("ada_love"), "{}", run.stdout);
    let report = json(run);
    assert_eq!(
        (&report["unknown_lead_tags"], &report["files"][0]["accounts"]["unknown_tag"]),
        (&value!([]), &value!(2))
    );
}

#[test]
fn value_of_a_duplicate_is_not_lost() {
    let header = "Email,Status,Amount,Lead tag\n";
    let row = |status: &str, amount: &str| format!("a@x.example,{status},{amount},spring_save_acme\n");
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("New", "100"), ("Won", "")], "100.00"),
        (&[("Won", ""), ("New", "100")], "100.00"),
        (&[("New", "100"), ("New", "150"), ("Won", "")], "150.00"),
        (&[("New", "100"), ("Won", "80")], "80.00"),
        (&[("Won", "80"), ("New", "100")], "80.00"),
    ];
    for (rows, amount) in cases {
        let rows: String = rows.iter().map(|(status, amount)| row(status, amount)).collect();
        let report = json(report_text(&site(), &format!("{header}{rows}"), &["--format", "json"]));
        assert_eq!(counts(&report["total"]), [1, 1, 1, 0, 0]);
        assert_eq!(report["total"]["value"][0]["amount"], amount, "{rows}");
    }
}

#[test]
fn people_are_the_same_however_they_are_written() {
    for (first, second) in [
        ("Jean <a@b.example>", "A@B.example"),
        ("JÖRG@b.example", "jörg@b.example"),
        ("\"Dupont, Jean <a@b.example>\"", "a@b.example"),
    ] {
        let text = format!("Email,Lead tag\n{first},spring_save_acme\n{second},spring_save_acme\n");
        let report = json(report_text(&site(), &text, &["--format", "json"]));
        assert_eq!(report["files"][0]["accounts"]["duplicate"], 1, "{first}");
    }
    let text = "Phone,Lead tag\n+254 700 000 000,spring_save_acme\n00254700000000,spring_save_acme\n0700 000 000,spring_save_acme\n";
    let report = json(report_text(&site(), text, &["--format", "json"]));
    assert_eq!(account(&report, 0), [("counted".to_owned(), 2), ("duplicate".to_owned(), 1)]);
}

#[test]
fn impossible_day_is_none_and_shown_as_its_form() {
    let rows: String = ["12.03.2027", "13.03.2027", "31.02.2027", "Ada 17"]
        .iter()
        .map(|day| format!("spring_save_acme,{day},12 or 13\n"))
        .collect();
    let run = report_text(&site(), &format!("Lead tag,Created,Amount\n{rows}"), &[]).ok();
    assert!(run.stdout.contains("2 days are none, the first in line 4, of the form `99.99.9999`;"), "{}", run.stdout);
    assert!(run.stdout.contains("4 amounts are none, the first in line 2, of the form `99 xx 99`;"), "{}", run.stdout);
    assert!(!run.stdout.contains("31.02.2027"), "{}", run.stdout);
}

#[test]
fn costs_are_rounded_and_single_things_are_singular() {
    let site = site();
    let rows: String = (0..70).map(|number| format!("p{number}@x.example,New,spring_save_acme\n")).collect();
    site.write("costs.csv", "channel,month,amount\nacme,2027-03,300\n");
    let costs = site.path("costs.csv");
    let text = format!("Email,Status,Lead tag\n{rows}");
    let report = json(report_text(&site, &text, &["--format", "json", "--costs", costs.to_str().unwrap()]));
    assert_eq!(report["channels"]["rows"][0]["cost_per_lead"], "4.29");
    let text =
        "Email,Lead tag\na@x.example,spring_save_acme\na@x.example,spring_save_acme\nb@x.example,winter_save_acme\n";
    let run = report_text(&site, text, &[]).ok();
    assert!(run.stdout.contains("3 rows: 1 counted, 1 duplicate, 1 unknown lead tag\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\n1 lead: 0 qualified"), "{}", run.stdout);
}

#[test]
fn what_was_not_found_and_not_used_is_said() {
    let run = report_text(&site(), "Email,Company,12,Lead tag\na@x.example,b,c,spring_save_acme\n", &[]).ok();
    for text in [
        "no column with a status was found, so every lead counts as open",
        "no column with the day of creation was found",
        "not used: `Company`; and 1 more\n",
    ] {
        assert!(run.stdout.contains(text), "{text} is not in {}", run.stdout);
    }
    let run = report_text(&site(), "Created,Status,Lead tag\n2027-03-16,New,spring_save_acme\n", &[]).ok();
    assert!(!run.stdout.contains("was found") && !run.stdout.contains("not used"), "{}", run.stdout);
}

/// Decimals follow a comma in one amount and a point in another, so `1.500` can be two amounts.
#[test]
fn contradicting_amounts_are_an_error_that_an_option_or_the_site_answers() {
    let rows = |amounts: &[&str]| {
        let row = |amount: &&str| format!("spring_save_acme,Won,\"{amount}\"\n");
        format!("Lead tag,Status,Amount\n{}", amounts.iter().map(row).collect::<String>())
    };
    let site = site();
    let text = rows(&["1.500", "12,50", "99.90"]);
    let run = report_text(&site, &text, &[]).failed(1);
    assert!(run.stderr.contains("--decimals point") && run.stderr.contains("leads.csv:2"), "{}", run.stderr);
    let value = |options: &[&str], site: &crate::support::Site, text: &str| {
        let report = json(report_text(site, text, &[options, &["--format", "json"]].concat()));
        report["total"]["value"][0]["amount"].as_str().unwrap().to_owned()
    };
    assert_eq!(value(&["--decimals", "comma"], &site, &text), "1612.40");
    assert_eq!(value(&["--decimals", "point"], &site, &text), "113.90");
    // If nothing decides it, three digits are thousands unless somebody says so. A proof goes first.
    assert_eq!(value(&[], &site, &rows(&["1.500"])), "1500.00");
    assert_eq!(value(&["--decimals", "point"], &site, &rows(&["1.500"])), "1.50");
    assert_eq!(value(&["--decimals", "point"], &site, &rows(&["1.500", "12,5"])), "1512.50");
    let site = site.edit("site.yaml", "footer:", "report: { decimals: comma }\nfooter:");
    assert_eq!(value(&[], &site, &text), "1612.40");
}

#[test]
fn header_can_name_its_currency_in_brackets() {
    let text = "Lead tag,Status,Deal value (EUR),Anfrage (alt)\nspring_save_acme,Won,12,x\nspring_save_acme,Won,£5,x\n";
    let report = json(report_text(&site(), text, &["--format", "json"]));
    let expected = value!([{ "currency": "EUR", "amount": "12.00" }, { "currency": "GBP", "amount": "5.00" }]);
    assert_eq!(report["total"]["value"], expected);
}

#[test]
fn nothing_wins_more_often_without_wins() {
    let mut text = "Email,Status,Lead tag\n".to_owned();
    for number in 0..426 {
        let cta = if number < 100 { "save" } else { "guide" };
        text.push_str(&format!("p{number}@x.example,New,spring_{cta}_acme\n"));
    }
    let report = json(report_text(&site(), &text, &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [426, 0, 0, 0, 426]);
    assert_eq!(report["insights"], value!([]));
}

#[test]
fn single_small_group_is_hidden_on_the_page_together_with_the_next() {
    let site = site();
    let mut text = "Email,Status,Lead tag\n".to_owned();
    for (channel, leads) in [("acme", 3), ("newsletter", 7), ("direct", 41)] {
        (0..leads)
            .for_each(|number| text.push_str(&format!("{channel}{number}@x.example,New,spring_save_{channel}\n")));
    }
    let page = site.path("report.html");
    report_text(&site, &text, &["--html", page.to_str().unwrap()]).ok();
    let html = site.read("report.html");
    let row = |name: &str| {
        html.split("<tr>").find(|row| row.contains(&format!("<th scope=\"row\">{name}</th>"))).unwrap().to_owned()
    };
    assert!(row("acme").contains("<td>not shown</td>"), "{}", row("acme"));
    assert!(row("newsletter").contains("<td>not shown</td>"), "{}", row("newsletter"));
    assert!(row("direct").contains("<td>41</td>"), "{}", row("direct"));
}
