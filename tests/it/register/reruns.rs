//! Campaigns that run a second time under the same id.

use super::fixtures::{issued, renamed};
use crate::support::{CAMPAIGN, Site};

/// Moves the end of the campaign and of its coupon.
fn ends_on(site: Site, day: &str) -> Site {
    site.edit(CAMPAIGN, "ends: 2027-03-31", &format!("ends: {day}")).edit(
        CAMPAIGN,
        "expires: 2027-03-31",
        &format!("expires: {day}"),
    )
}

#[test]
fn end_that_moves_by_more_than_half_a_year_is_one_rerun_warning() {
    let site = ends_on(issued(), "2027-09-28");
    for command in ["check", "check", "build"] {
        site.run(&[command]).warning().assert(
            "reused-campaign-id",
            "content/spring/index.md:5:7",
            &[
                "the end date of `spring` moved by 181 days, from 2027-03-31",
                "5 | ends: 2027-09-28",
                "`campaign: spring-2027`",
            ],
        );
    }
    site.build().clean();
    site.check().clean();
}

#[test]
fn end_that_moves_by_half_a_year_or_less_is_no_rerun() {
    for day in ["2027-09-26", "2027-09-27"] {
        ends_on(issued(), day).build().clean();
    }
}

#[test]
fn rerun_warning_suggests_an_id_with_the_year() {
    let site = ends_on(issued(), "2028-03-31");
    site.build_on("2028-02-01").warning().assert(
        "reused-campaign-id",
        "content/spring/index.md:5:7",
        &["moved by 366 days", "`campaign: spring-2028`"],
    );
}

#[test]
fn campaign_first_issued_after_its_old_end_is_no_rerun() {
    let site = ends_on(Site::new(), "2020-03-31").edit(CAMPAIGN, "starts: 2027-03-01\n", "").edit(
        CAMPAIGN,
        "      expires: 2020-03-31\n",
        "",
    );
    site.build_on("2027-03-01").ok();
    site.edit(CAMPAIGN, "ends: 2020-03-31", "ends: 2027-03-31").build().clean();
}

#[test]
fn rerun_is_not_reported_without_data_of_the_last_build() {
    let site = ends_on(issued(), "2028-03-31");
    std::fs::remove_file(site.path("sales/campaigns.csv")).unwrap();
    site.check().clean();
    for text in [
        "",
        "campaign,ends\nspring,2027-03-31\n",
        "campaign,title,state,starts,ends,owner,landing_page\nspring,a,live,,soon,,\n",
    ] {
        site.write("sales/campaigns.csv", text);
        site.check().clean();
    }
}

#[test]
fn campaign_with_a_new_id_is_no_rerun() {
    let site = ends_on(renamed("campaign: spring-2028\nwas: [spring]\n"), "2028-03-31");
    site.build().clean();
}
