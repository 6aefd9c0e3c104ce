//! The fields of forms: built-in ones, and those of `fields` in `site.yaml`.

use crate::support::html::{Element, Page};
use crate::support::{CAMPAIGN, SITE, Site, assert_each_rejected, invalid};

const FORM: &str = "[name, email]";
/// One field of each type.
const FIELDS: &str = "fields:
  goal: { label: Your goal, help: In a few words. }
  story: { label: Your story, type: long_text }
  seats: { label: Seats, type: number, required: true }
  start: { label: Start, type: date }
  site_url: { label: Website, type: url }
  budget: { label: Budget, type: choice, options: [\"Up to 1,000\", More], required: true }
  city: { label: City, type: choice, options: [A, B, C, D, E, F] }
  topics: { label: Topics, type: choices, options: [Hiring, Payroll], required: true }
  customer: { label: Customer already, type: yes_no }
  origin: { type: hidden, value: spring page }
";
const ALL: &str = "[email, goal, story, seats, start, site_url, budget, city, topics, customer, origin]";

fn site(form: &str) -> Site {
    Site::new().edit(SITE, "destinations:\n", &format!("{FIELDS}destinations:\n")).edit(CAMPAIGN, FORM, form)
}

fn is_required(element: &Element) -> bool {
    element.attributes.contains_key("required")
}

/// The controls with a name: element, type and whether an answer is required.
fn controls<'p>(page: &'p Page, name: &str) -> Vec<(&'p str, &'p str, bool)> {
    let with_name = page.elements.iter().filter(|element| element.has("name", name));
    with_name.map(|element| (&*element.name, element.get("type"), is_required(element))).collect()
}

#[test]
fn every_type_has_its_control() {
    let site = site(ALL);
    let run = site.build().clean();
    let page = run.page("spring/");
    for (name, expected) in [
        ("goal", &[("input", "text", false)][..]),
        ("story", &[("textarea", "", false)]),
        ("seats", &[("input", "number", true)]),
        ("start", &[("input", "date", false)]),
        ("site_url", &[("input", "url", false)]),
        ("budget", &[("input", "radio", true), ("input", "radio", true)]),
        ("city", &[("select", "", false)]),
        ("customer", &[("input", "radio", false), ("input", "radio", false)]),
        ("origin", &[("input", "hidden", false)]),
    ] {
        assert_eq!(controls(&page, name), expected, "{name}");
    }
    assert_eq!(page.with("name", "origin").get("value"), "spring page");
    assert_eq!(values(&page, "budget"), ["Up to 1,000", "More"]);
    assert_eq!(values(&page, "customer"), ["yes", "no"]);
}

/// The values of the controls with a name.
fn values<'p>(page: &'p Page, name: &str) -> Vec<&'p str> {
    let with_name = page.elements.iter().filter(|element| element.has("name", name));
    with_name.map(|element| element.get("value")).collect()
}

#[test]
fn groups_of_options_are_fieldsets_with_a_legend() {
    let site = site(ALL);
    let run = site.build().clean();
    let page = run.page("spring/");
    let legends: Vec<&str> = page.all("legend").map(|legend| &*legend.text).collect();
    assert_eq!(legends, ["Budget", "Topics", "Customer already (optional)"]);
    assert_eq!(page.all("fieldset").count(), 3);
    for (id, label) in [("guide_budget_1", "Up to 1,000"), ("guide_topics_2", "Payroll"), ("guide_customer_1", "Yes")] {
        assert_eq!(page.with("for", id).text, label);
        page.with("id", id);
    }
}

#[test]
fn required_group_of_boxes_is_required_with_and_without_a_script() {
    let html = site(ALL).build().clean().public("spring/index.html");
    // The parser of this test reads pages as a browser with scripts does, for which `noscript` is text.
    let (_, without_script) = html.split_once("<noscript>").unwrap();
    let (without_script, _) = without_script.split_once("</noscript>").unwrap();
    let page = Page::read(without_script);
    let list = page.with("name", "topics");
    assert_eq!((&*list.name, is_required(list), list.attributes.contains_key("multiple")), ("select", true, true));
    assert_eq!(page.all("option").map(|option| option.get("value")).collect::<Vec<_>>(), ["Hiring", "Payroll"]);
    let page = Page::read(&html.replace(without_script, ""));
    assert_eq!(page.with("data-required", "Please choose at least one.").name, "fieldset");
    assert_eq!(controls(&page, "topics"), [("input", "checkbox", false), ("input", "checkbox", false)]);
    assert!(html.contains("noscript:has(select) + .choices{display:none}"), "no style hides the boxes");
}

#[test]
fn optional_group_of_boxes_is_the_same_without_a_script() {
    let site = site("[email, topics]").edit(SITE, "Payroll], required: true", "Payroll]");
    assert!(!site.build().clean().public("spring/index.html").contains("<noscript>"));
}

#[test]
fn help_is_a_line_that_describes_its_field() {
    let site = site("[email, goal]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.with("id", "guide_goal").get("aria-describedby"), "guide_goal_help");
    assert_eq!(page.with("id", "guide_goal_help").text, "In a few words.");
}

#[test]
fn form_decides_whether_its_field_is_required() {
    let form = "[{ field: email, required: true }, { field: name, required: false }, { field: company, required: true }, \
                { field: seats, required: false }, { field: goal, required: true }]";
    let site = site(form);
    let run = site.build().clean();
    let page = run.page("spring/");
    for (name, expected) in [("email", true), ("name", false), ("company", true), ("seats", false), ("goal", true)] {
        assert_eq!(is_required(page.with("name", name)), expected, "{name}");
    }
}

#[test]
fn phone_is_required_where_the_email_address_is_not() {
    let site = site("[{ field: email, required: false }, phone]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(["email", "phone"].map(|name| is_required(page.with("name", name))), [false, true]);
}

#[test]
fn first_and_last_name_are_built_in_and_required() {
    let site = site("[first_name, last_name, email]");
    let run = site.build().clean();
    let page = run.page("spring/");
    for (name, autocomplete, label) in
        [("first_name", "given-name", "First name"), ("last_name", "family-name", "Last name")]
    {
        let field = page.with("name", name);
        assert_eq!((field.get("autocomplete"), is_required(field)), (autocomplete, true));
        assert_eq!(page.with("for", &format!("guide_{name}")).text, label);
    }
}

#[test]
fn wrong_field_of_a_site_is_an_error_at_its_place() {
    let own = |field: &str| format!("fields: {{ {field} }}\ndestinations:\n");
    for (field, rule, text) in [
        ("«email: { label: Mail }", "bad-field", "`email` is a built-in field"),
        ("«campaign: { label: Campaign }", "bad-field", "a name that forms use themselves"),
        ("«consent_a: { label: A }", "bad-field", "a name that forms use themselves"),
        ("«team-goal: { label: Goal }", "bad-id", "write `team_goal`"),
        ("a: { label: A, type: «dropdown }", "bad-field", "did you mean `choice`?"),
        ("a: { label: A, type: «chioce }", "bad-field", "did you mean `choice`?"),
        ("a: { label: A, «type: choice }", "bad-field", "needs `options`"),
        ("a: { label: A, type: choice, options: «[] }", "bad-field", "`options` has no option"),
        ("a: { label: A, type: choices, options: [One, Two, «One] }", "bad-field", "`One` is given twice"),
        ("a: { label: A, «options: [One, Two] }", "bad-field", "write `type: choice`"),
        ("a: { label: A, type: date, «options: [One, Two] }", "bad-field", "no `options`"),
        ("a: { «type: hidden }", "bad-field", "write what is sent"),
        ("a: { type: hidden, value: x, «required: true }", "bad-field", "it always has its `value`"),
        ("a: { label: A, «value: x }", "bad-field", "write `type: hidden`"),
        ("a: { «type: number }", "missing-key", "`label` is missing"),
        ("a: { label: A, «lable: B }", "unknown-key", "`label`"),
        ("a: { label: A, required: «yes }", "wrong-type", "write `true`"),
        ("«a:", "empty-value", "`a` has no value"),
    ] {
        let new = own(field);
        assert_each_rejected(&Site::new(), &[invalid(SITE, "destinations:\n", &new, rule, text)]);
    }
}

#[test]
fn wrong_field_of_a_form_is_an_error_at_its_place() {
    let edits = [
        ("[email, «budgte]", "bad-form-fields", "did you mean `budget`?"),
        ("[email, «emial]", "bad-form-fields", "did you mean `email`?"),
        ("[«emial]", "bad-form-fields", "did you mean `email`?"),
        ("[email, «Team Size]", "bad-form-fields", "did you mean `team_size`?"),
        ("[email, «zzz]", "bad-form-fields", "`fields: { zzz: { label: … } }`"),
        ("[email, goal, «goal]", "duplicate-key", "`goal` is given twice"),
        ("[email, { field: «email, required: true }]", "duplicate-key", "`email` is given twice"),
        ("«[goal]", "bad-form-fields", "neither `email` nor `phone`"),
        ("[{ field: email, required: «false }]", "bad-form-fields", "without `email` and without `phone`"),
        ("[email, { field: goal, required: «maybe }]", "wrong-type", "neither `true` nor `false`"),
        ("[email, { field: origin, required: «true }]", "bad-form-fields", "nobody answers it"),
        ("[email, { «filed: goal }]", "unknown-key", "did you mean `field`?"),
        ("[email, { «required: true }]", "missing-key", "`field` is missing"),
    ];
    let edits: Vec<_> = edits.iter().map(|(new, rule, text)| invalid(CAMPAIGN, ALL, new, rule, text)).collect();
    assert_each_rejected(&site(ALL), &edits);
}

#[test]
fn field_that_nobody_lists_is_no_error() {
    site(FORM).build().clean();
}

#[test]
fn own_field_is_sent_by_the_name_of_its_destination() {
    let hubspot = "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, \
                   fields: { budget: annual_budget, topics: topics, customer: is_customer, origin: origin } } }";
    let site = site("[email, budget, topics, customer, origin]").edit(
        SITE,
        "{ endpoint: https://forms.kazi.example/leads }",
        hubspot,
    );
    let run = site.build().clean();
    let page = run.page("spring/");
    let budget: Vec<_> = page.elements.iter().filter(|element| element.has("data-field", "budget")).collect();
    assert_eq!(budget.iter().map(|it| it.get("name")).collect::<Vec<_>>(), ["annual_budget"; 2]);
    // HubSpot's own words for yes and no.
    let customer = page.elements.iter().filter(|element| element.has("name", "is_customer"));
    assert_eq!(customer.map(|it| it.get("value")).collect::<Vec<_>>(), ["true", "false"]);
    assert_eq!(page.with("name", "origin").get("value"), "spring page");
}

#[test]
fn own_field_that_does_not_fit_its_destination_is_an_error() {
    let hubspot = "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, fields: { budget: budget } } }";
    let salesforce = "{ salesforce: { org: 00D5g000004AbCdEAK, fields: { lead_tag: 00N5g00000AbCdE, budget: city } } }";
    let long = "x".repeat(41);
    let edits = [
        (SITE, "{ budget: budget }", "{ «bugdet: budget }", "unknown-key", "did you mean `budget`?"),
        (SITE, "{ budget: budget }", "{ topics: topics, budget: «topics }", "bad-destination-field", "both sent to"),
        (CAMPAIGN, FORM, "[email, «goal]", "bad-destination-field", "fields: { goal: … }"),
    ];
    let edits = edits.map(|(file, old, new, rule, text)| invalid(file, old, new, rule, text));
    let endpoint = "{ endpoint: https://forms.kazi.example/leads }";
    assert_each_rejected(&site(FORM).edit(SITE, endpoint, hubspot), &edits);
    let longer = format!("More, {long}]");
    let edits = [
        invalid(SITE, "budget: city", "topics: «city", "bad-destination-field", "multi-select picklist"),
        invalid(CAMPAIGN, "[name, email, company]", "«[email, company]", "bad-destination-field", "requires `name`"),
        invalid(
            CAMPAIGN,
            "[name, email, company]",
            "«[first_name, email, company]",
            "bad-destination-field",
            "add `last_name`",
        ),
        invalid(
            CAMPAIGN,
            "[name, email, company]",
            "[name, «last_name, email, company]",
            "bad-destination-field",
            "one field for `name` and `last_name`",
        ),
    ];
    let of_salesforce = || site("[name, email, company]").edit(SITE, endpoint, salesforce);
    assert_each_rejected(&of_salesforce(), &edits);
    let run = of_salesforce().edit(SITE, "More]", &longer).build().failed(1);
    assert!(run.stderr.contains("has 41 characters, but `city` accepts at most 40"), "{}", run.stderr);
    let run = site(FORM)
        .edit(SITE, endpoint, &hubspot.replace("budget: budget", "topics: topics"))
        .edit(SITE, "Payroll]", "Payroll; tax]")
        .build()
        .failed(1);
    assert!(run.stderr.contains("write the option without `;`"), "{}", run.stderr);
}

#[test]
fn hubspot_receives_first_and_last_name_apart() {
    let hubspot = "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e } }";
    let site =
        site("[first_name, last_name, email]").edit(SITE, "{ endpoint: https://forms.kazi.example/leads }", hubspot);
    let run = site.build().clean();
    let page = run.page("spring/");
    for (ours, theirs) in [("first_name", "firstname"), ("last_name", "lastname")] {
        assert_eq!(page.with("data-field", ours).get("name"), theirs);
    }
}

#[test]
fn hostile_text_in_fields_stays_text() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;{{ 1 }}";
    let quoted = format!("'{}'", evil.replace('\'', "''"));
    let fields = format!(
        "fields:\n  a: {{ label: {quoted}, help: {quoted}, type: choices, options: [{quoted}], required: true }}\n  \
         b: {{ label: {quoted}, type: choice, options: [{quoted}, x, y, z, u, v] }}\n  \
         c: {{ type: hidden, value: {quoted} }}\ndestinations:\n"
    );
    let site = Site::new().edit(SITE, "destinations:\n", &fields).edit(CAMPAIGN, FORM, "[email, a, b, c]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert!(page.elements.iter().all(|element| !element.has("src", "x")));
    assert_eq!(page.with("name", "c").get("value"), evil);
    assert_eq!(page.with("id", "guide_a_1").get("value"), evil);
    assert_eq!(page.with("for", "guide_a_1").text, evil);
    assert_eq!(page.with("id", "guide_a_help").text, evil);
    let html = run.public("spring/index.html");
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
}

#[test]
fn explain_names_own_fields_by_their_labels() {
    let site = site("[email, budget, origin]");
    site.build().clean();
    let run = site.run(&["explain", "spring_guide_acme"]).ok();
    assert!(run.stdout.contains("email, Budget"), "{}", run.stdout);
    assert!(!run.stdout.contains("origin"), "{}", run.stdout);
}
