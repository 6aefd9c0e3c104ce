//! Test submissions: forms that are sent to `tagline serve`.

use crate::support::Site;

#[test]
fn form_post_is_stored_as_a_test_submission_and_redirected() {
    let site = Site::new();
    let server = site.serve();
    let origin = format!("http://{}", server.address);
    let form =
        "lead_tag=spring_guide_acme&name=Zo%C3%AB&redirect=https%3A%2F%2Fkazi.example%2Fspring%2Fthanks%2Fguide%2F";
    let headers = [("Origin", origin.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let response = server.request("POST", "/spring/", &headers, form);
    assert_eq!((response.status, response.header("location")), (303, "/spring/thanks/guide/"));
    server.get("/spring/thanks/guide/").ok();
    let leads = server.get("/__tagline/leads").ok().page();
    for needed in ["spring_guide_acme", "Zoë", "/spring/", "POST"] {
        assert!(leads.text().contains(needed), "`{needed}` is not in {}", leads.text());
    }
    assert_eq!(leads.the("iframe").get("src"), "/__tagline/desk/#spring_guide_acme");
}

#[test]
fn form_post_never_redirects_to_another_host() {
    let site = Site::new();
    let server = site.serve();
    let origin = format!("http://{}", server.address);
    for redirect in [
        "https://a.example//evil.example/",
        "https://a.example/%0d%0aset-cookie:a=b",
        "javascript:alert(1)",
        "nonsense",
    ] {
        let form = format!("redirect={}", tagline::model::url_encoding::query_value(redirect));
        let response = server.request("POST", "/spring/", &[("Origin", &origin)], &form);
        assert_eq!(response.status, 303, "{redirect}");
        let to = response.header("location");
        assert!(to.starts_with('/') && !to.starts_with("//"), "{redirect} leads to {to}");
        assert_eq!(response.header("set-cookie"), "");
    }
    let lead = r#"{"method":"POST","url":"https://a.example/","body":"","page":"javascript:alert(1)"}"#;
    assert_eq!(server.request("POST", "/__tagline/leads", &[("Origin", &origin)], lead).status, 400);
}
