//! Every rule has a site that triggers it, and a site can set its level.
//!
//! A new rule needs an arm in [`site`], or this file does not compile.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, PAGE, PAGE_TEMPLATE, Run, SITE, Site};
use rayon::prelude::*;
use tagline::rules::{Class, Rule};

/// The random part of a secret. Secrets are put together at run time, so that no scanner takes this file for a leak.
const SECRET: &str = "7Qm2XvT9bLk4RzWc8NpYd3Hs";
/// The last line of the campaign's body.
const LAST_LINE: &str = "Read the [prices](/prices.md#teams).";

/// The small site with one change that triggers this rule.
fn site(rule: Rule) -> Site {
    match rule {
        Rule::NotUtf8 => Site::new().bytes(PAGE, b"---\ntitle: Caf\xe9\n---\n"),
        Rule::ForbiddenCharacter => page_edit("# Prices", "# Pri\u{8}ces"),
        Rule::BadSymlink => symlink_out_of_site(),
        Rule::FileTooLarge => Site::new().file("content/long.md", &"word ".repeat(1024 * 1024)),
        Rule::PathClash => Site::new().file("content/spring.md", "---\ntitle: Two\n---\n"),
        Rule::ReservedName => Site::new().file("content/offer.de.md", "---\ntitle: Two\n---\n"),
        Rule::BadFileName => Site::new().file("content/!!!.md", "---\ntitle: Two\n---\n"),
        Rule::PrivateFile => Site::new().file("static/.env", "PASSWORD=x\n"),
        Rule::MissingContent => Site::new().file("static/list.pdf", ""),
        Rule::WrongFileFormat => Site::new().file("static/list.pdf", "<!doctype html><title>Sign in</title>"),
        Rule::UnsafeFileName => Site::new().file("static/50% off.pdf", "%PDF-1.7 prices"),
        Rule::RobotsWithoutSitemap => Site::new().file("static/robots.txt", "User-agent: *\nAllow: /\n"),
        Rule::HiddenFromSearch => Site::new()
            .file("static/robots.txt", "User-agent: *\nDisallow: /\nSitemap: https://kazi.example/sitemap.xml\n"),
        Rule::MissingSite => Site::new().remove(SITE),
        Rule::YamlSyntax => page_edit("title: Prices", "title: Prices: all"),
        Rule::YamlTab => page_edit("title: Prices", "title: Prices\n\tsummary: x"),
        Rule::YamlAlias => page_edit("title: Prices", "title: &price Prices"),
        Rule::YamlTooDeep => {
            page_edit("title: Prices", &format!("title: Prices\nextra: {}", "[".repeat(40) + &"]".repeat(40)))
        }
        Rule::DuplicateKey => page_edit("title: Prices", "title: Prices\ntitle: Two"),
        Rule::UnknownKey => page_edit("title: Prices", "title: Prices\ntitel: Two"),
        Rule::MissingKey => page_edit("title: Prices\n", ""),
        Rule::EmptyValue => page_edit("title: Prices", "title:"),
        Rule::WrongType => page_edit("title: Prices", "title: [New]"),
        Rule::BadFrontMatter => Site::new().file(PAGE, "# Prices\n"),
        Rule::BadId => campaign_edit("  trial:", "  free_trial:"),
        Rule::ReservedChannel => campaign_edit("[newsletter, acme]", "[newsletter, direct]"),
        Rule::BadDate => campaign_edit("ends: 2027-03-31", "ends: 31/03/2027"),
        Rule::BadDuration => site_edit("leads:\n", "leads:\n  respond_within: soon\n"),
        Rule::BadTimezone => site_edit("Africa/Nairobi", "Africa/Nairoby"),
        Rule::BadLanguage => site_edit("timezone:", "language: english!\ntimezone:"),
        Rule::BadUrl => campaign_edit("https://cal.example.com/kazi", "cal.example.com/kazi"),
        Rule::UnsafeScheme => campaign_edit("https://cal.example.com/kazi", "javascript:alert(1)"),
        Rule::InsecureUrl => campaign_edit("https://cal.example.com/kazi", "http://cal.example.com/kazi"),
        Rule::BadEmail => site_edit("sales@kazi.example", "sales at kazi"),
        Rule::BadPrice => campaign_edit("ctas:\n", "product: { name: Team, price: €49, currency: EUR }\nctas:\n"),
        Rule::DatesReversed => campaign_edit("ends: 2027-03-31", "ends: 2027-02-28"),
        Rule::BadTranslation => Site::edited(SITE, "channels:\n", "languages: { de: { label: Deutsch } }\nchannels:\n")
            .file("content/offer.de.md", "---\ntitle: Zwei\n---\nText\n"),
        Rule::BadVersion => campaign_edit("ctas:\n", "versions: { b: { title: Two } }\nsplit: { c: 50 }\nctas:\n"),
        Rule::UnseenVersion => campaign_edit("ctas:\n", "versions: { b: {} }\nctas:\n"),
        Rule::DecidedTest => {
            campaign_edit("ctas:\n", "versions: { b: { title: Two } }\nsplit: { b: 50 }\nwinner: b\nctas:\n")
        }
        Rule::ReservedUtmContent => campaign_edit("example.com/kazi", "example.com/kazi?utm_content=mine"),
        Rule::ReservedLeadTagParameter => campaign_edit("cal.example.com/kazi", "cal.com/kazi?metadata[lead_tag]=mine"),
        Rule::DroppedByProvider => campaign_edit("cal.example.com/kazi", "buy.stripe.com/abc?utm_term=hire+fast"),
        Rule::HiddenCharacter => campaign_edit("code: SPRING20", "code: SPRING20\u{200b}"),
        Rule::LookalikeCharacters => campaign_edit("code: SPRING20", "code: SPRING\u{41e}20"),
        Rule::ReadAsAnotherValue => campaign_edit("code: SPRING20", "code: \"0020\""),
        Rule::UnknownChannel => campaign_edit("[newsletter, acme]", "[newsleter, acme]"),
        Rule::UnknownDestination => site_edit("deliver_to: crm", "deliver_to: crn"),
        Rule::MissingDestination => site_edit("  deliver_to: crm\n", ""),
        Rule::BadDestinationKind => site_edit("{ endpoint:", "{ netlify: true, endpoint:"),
        Rule::InsecureEndpoint => site_edit("https://forms", "http://forms"),
        Rule::BadDestinationAccount => site_with_hubspot("portal: kazi, form: 0f8fad5b-d9cb-469f-a165-70867728950e"),
        Rule::BadDestinationField => {
            site_with_hubspot("portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, fields: { team_size: Size-Of }")
        }
        Rule::UnknownTheme => site_edit("timezone:", "theme: lanch\ntimezone:"),
        Rule::ChannelOverlap => site_edit("channels:\n", "channels:\n  x: { label: X, source: news, medium: email }\n"),
        Rule::BadReferrer => site_edit("medium: email }", "medium: email, referrers: [\"https://x.example/feed\"] }"),
        Rule::UnknownClickId => site_edit("medium: email }", "medium: email, click_ids: [gcild] }"),
        Rule::BadField => site_edit("channels:\n", "fields: { budget: { label: Budget, type: choice } }\nchannels:\n"),
        Rule::BadConsent => site_edit("  consent:", "  consents: [{ id: news, text: News. }]\n  consent:"),
        Rule::BadAnalytics => site_edit("channels:\n", "analytics: { gtm: G-ABC1234567 }\nchannels:\n"),
        Rule::BadGateKey => site_edit("gate_key: 0123456789abcdef0123456789abcdef", "gate_key: kazi"),
        Rule::EndedAnnouncement => {
            site_edit("channels:\n", "announcement: { text: Now, ends: 2026-12-31 }\nchannels:\n")
        }
        Rule::BadPolicySource => site_edit(
            "timezone:",
            "security: { content_security_policy: { script-src: [\"'unsafe-inline'\"] } }\ntimezone:",
        ),
        Rule::BadPublishTarget => site_edit("channels:\n", "publish: { live: { site: s4://kazi } }\nchannels:\n"),
        Rule::Ga4Unassigned => site_edit("medium: referral", "medium: partner"),
        Rule::EssentialRule => site_edit("channels:\n", "rules: { bad-date: allow }\nchannels:\n"),
        Rule::BadCtaKind => campaign_edit("    booking:", "    download: { file: guide.pdf }\n    booking:"),
        Rule::BadPhone => campaign_with_contact("phone: 0700 000000"),
        Rule::BadContactText => campaign_with_contact("whatsapp: \"+254 700 000000\", text: \"My code is {code}\""),
        Rule::BadFormFields => campaign_edit("[name, email]", "[name, company]"),
        Rule::BadThanks => campaign_edit("    booking:", "    thanks: { title: Thanks }\n    booking:"),
        Rule::BadSignup => campaign_edit(LAST_LINE, "::: signup guide\n:::\n"),
        Rule::UnknownCta => campaign_edit("(cta:trial)", "(cta:trail)"),
        Rule::EndedCta => campaign_edit("ends: 2027-03-31", "ends: 2027-03-14"),
        Rule::DuplicateCampaign => second_campaign("campaign: spring"),
        Rule::DuplicateCta => campaign_edit("    coupon:", "    was: [guide]\n    coupon:"),
        Rule::CodeClash => code_clash(),
        Rule::GatedFileLinked => campaign_edit("Read the", "[The guide](guide.pdf) Read the"),
        Rule::MissingConsentBanner => site_edit(
            "leads:\n",
            "attribution: { require_consent: true }\nanalytics: { plausible: kazi.example }\nleads:\n",
        )
        .file("themes/launch/parts/footer.html", "<footer>Kazi</footer>"),
        Rule::UnsuitableIcon => {
            let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='48'/>";
            site_edit("name: Kazi Ltd,", "name: Kazi Ltd, icon: icon.svg,").file("static/icon.svg", svg)
        }
        Rule::MissingPrivacyPage => site_edit(
            "label: Privacy, url: \"https://legal.example/privacy\"",
            "label: Terms, url: \"https://legal.example/terms\"",
        ),
        Rule::MissingImprint => site_edit("title:", "language: de\ntitle:"),
        Rule::GateWithoutKey => site_edit("  gate_key: 0123456789abcdef0123456789abcdef\n", ""),
        Rule::MissingPrimaryCta => campaign_edit("[Get it](cta:save) ", ""),
        Rule::UnusedCta => campaign_edit(" [Book](cta:trial)", ""),
        Rule::CouponExpiresEarly => campaign_edit("expires: 2027-03-31", "expires: 2027-03-30"),
        Rule::CampaignEndsSoon => campaign_edit("ends: 2027-03-31\nafter_end: /prices.md", "ends: 2027-03-22"),
        Rule::CampaignEnded => campaign_edit("ends: 2027-03-31\nafter_end: /prices.md", "ends: 2027-03-14"),
        Rule::MissingConsent => site_edit("  consent: { text: I agree., version: 2027-01 }\n", ""),
        Rule::MissingNotes => Site::new().remove("content/spring/sales.md"),
        Rule::CampaignWithoutWins => {
            with_figures("spring_save_acme,40,9,0,30,,2027-03-14\nold_save_acme,9,5,4,1,,2027-03-14\n")
        }
        Rule::BadFigures => with_figures("spring_save_acme,1,0,2,0,,2027-03-14\n"),
        Rule::Ga4UnexpectedGroup => site_edit("source: news", "source: facebook"),
        Rule::InconsistentSpelling => site_edit("source: acme", "source: NEWS"),
        Rule::UtmOnInternalLink => campaign_edit("/prices.md#teams", "/prices.md?utm_source=spring#teams"),
        Rule::OverriddenUtm => campaign_edit("example.com/kazi", "example.com/kazi?utm_campaign=mine"),
        Rule::UnusedChannel => site_edit("channels:\n", "channels:\n  x: { label: X, source: x, medium: email }\n"),
        Rule::MissingOwner => site_edit("  owner: sales@kazi.example\n", ""),
        Rule::UnknownBlock => campaign_edit(LAST_LINE, "::: carousel\n:::\n"),
        Rule::UnclosedBlock => campaign_edit(LAST_LINE, "::: hero\n"),
        Rule::UnopenedBlock => campaign_edit(LAST_LINE, ":::\n"),
        Rule::BadBlockAttribute => campaign_edit(LAST_LINE, "::: quote by=“Amina”\n:::\n"),
        Rule::IncompleteBlock => campaign_edit(LAST_LINE, "::: faq\n**Who?**\n:::\n"),
        Rule::MisplacedBlock => campaign_edit(LAST_LINE, "::: column\nHello.\n:::\n"),
        Rule::FailedMarkup => campaign_edit(LAST_LINE, "[The plan](floor plan.pdf)"),
        Rule::DuplicateOffer => campaign_edit(LAST_LINE, "::: offer save\n:::\n\n::: offer save\n:::\n"),
        Rule::NestingTooDeep => page_edit("# Prices", &format!("{}a", "> ".repeat(1000))),
        Rule::RawHtml => page_edit("# Prices", "# <b>Prices</b>"),
        Rule::AbsoluteInternalLink => campaign_edit("(/prices.md#teams)", "(https://kazi.example/prices/)"),
        Rule::BrokenLink => campaign_edit("/prices.md#teams", "/price.md"),
        Rule::MissingAnchor => campaign_edit("/prices.md#teams", "/prices.md#team"),
        Rule::LinkToUnpublishedPage => campaign_edit("starts: 2027-03-01", "starts: 2027-03-16"),
        Rule::BrokenImage => campaign_with_image("team.png", b"no picture"),
        Rule::ImageTooLarge => campaign_with_image("team.gif", b"GIF89a\xff\xff\xff\xff\0\0\0;"),
        Rule::UnsafeSvg => campaign_with_image("team.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        Rule::PicturePosition => campaign_with_image(
            "team.avif",
            b"\0\0\0\x18ftypavif\0\0\0\0avifmif1<x:xmpmeta exif:GPSLatitude=\"1,17S\"/>",
        ),
        Rule::MissingFootnote => campaign_edit(LAST_LINE, "A[^1] B[^2].\n\n[^1]: x\n"),
        Rule::UnusedNotes => Site::new().file("content/pricse.sales.md", "Ask for the team's size.\n"),
        Rule::MissingSummary => page_edit("summary: What it costs.\n", ""),
        Rule::DuplicateTitle => page_edit("title: Prices", "title: Hire in days"),
        Rule::OutdatedTranslation => {
            Site::edited(SITE, "channels:\n", "languages: { de: { label: Deutsch } }\nchannels:\n").file(
                "content/prices.de.md",
                "---\ntitle: Preise\nsummary: Preise.\noriginal: 0000000000\n---\n\n# Preise\n\n## Teams\n",
            )
        }
        Rule::UntranslatedPage => {
            Site::edited(SITE, "channels:\n", "languages: { de: { label: Deutsch } }\nchannels:\n")
        }
        Rule::TruncatedInResults => {
            page_edit("title: Prices", &format!("title: Prices {}", "of everything ".repeat(5).trim_end()))
        }
        Rule::HeadingOrder => page_edit("## Teams", "### Teams"),
        Rule::MissingAlt => campaign_with_image("team.avif", b"x").edit(CAMPAIGN, "![The team]", "![]"),
        Rule::HeavyImage => campaign_with_image("team.avif", &[b'x'; 600_000]),
        Rule::VagueLinkText => campaign_edit("[prices]", "[here]"),
        Rule::LowContrast => Site::new().file("themes/launch/assets/more.css", "p { color: #ddd; background: #fff }\n"),
        Rule::Placeholder => site_edit("https://kazi.example/", "https://kazi.co.ke/"),
        Rule::ExposedSecret => page_edit("# Prices", &format!("# Prices\n\n`sk_{}_{SECRET}`", "live")),
        Rule::ThirdPartyScript => {
            Site::new().file(PAGE_TEMPLATE, "<script src=\"https://cdn.example.com/a.js\"></script>\n")
        }
        Rule::BlockedByPolicy => Site::new().file(PAGE_TEMPLATE, "<p style=\"color: red\">{{ page.title }}</p>\n"),
        Rule::PolicyTooLong => {
            let hosts: Vec<String> = (0..100).map(|number| format!("https://{number}.widget.example")).collect();
            let listed = format!("{{ script-src: [{}] }}", hosts.join(", "));
            site_edit("timezone:", &format!("security: {{ content_security_policy: {listed} }}\ntimezone:"))
        }
        Rule::BrokenExternalLink => campaign_edit(LAST_LINE, &format!("[A]({})", server_with_status(404))),
        Rule::UnverifiedExternalLink => campaign_edit(LAST_LINE, &format!("[A]({})", server_with_status(403))),
        Rule::TemplateError => Site::new().file(PAGE_TEMPLATE, "{{ page.title }\n"),
        Rule::MissingTemplate => page_edit("title: Prices", "title: Prices\nlayout: artikle"),
        Rule::MissingAsset => Site::new().file("themes/launch/assets/more.css", "a { background: url(paper.png) }\n"),
        Rule::CssSyntax => Site::new().file("themes/launch/assets/more.css", "} a { color: red }\n"),
        Rule::BadThemeOption => site_edit("timezone:", "theme_options: { acent: teal }\ntimezone:"),
        Rule::BadThemeString => Site::new().file("themes/launch/strings/en.yaml", "coupon: { coppy: Copy code }\n"),
        Rule::BadBlockDeclaration => Site::new().file("themes/launch/blocks/quote.yaml", "attributes: { by: txt }\n"),
        Rule::MissingTranslation => site_edit("timezone:", "language: nl\ntimezone:"),
        Rule::ClosedLeadTags => {
            issued_site().edit(CAMPAIGN, "  trial:", "  visit:").edit(CAMPAIGN, "cta:trial", "cta:visit")
        }
        Rule::ReusedCampaignId => issued_site().edit(CAMPAIGN, "ends: 2027-03-31", "ends: 2027-09-28"),
        Rule::OutdatedRegister => issued_site().edit(CAMPAIGN, "Book a trial", "Book your trial"),
        Rule::BadRegister => issued_site().edit("lead-tags.csv", "tag,campaign", "lead,campaign"),
        Rule::LostRows => issued_site().edit("lead-tags.csv", "ACME20", "ACME30"),
        Rule::BadEvent => campaign_edit(
            "booking:\n      url: https://cal.example.com/kazi",
            "event: { starts: 2027-03-18, form: [name, email] }",
        ),
        Rule::FutureRows => issued_site().edit("lead-tags.csv", "2027-03-10,", "2999-03-10,").remove("lead-tags.sum"),
    }
}

/// Runs the command that reports this rule.
fn run(rule: Rule, site: &Site) -> Run {
    match rule {
        Rule::BrokenExternalLink | Rule::UnverifiedExternalLink => {
            site.run(&["check", "--external", "--external-pause", "0"])
        }
        _ => site.check(),
    }
}

fn site_edit(old: &str, new: &str) -> Site {
    Site::new().edit(SITE, old, new)
}

fn page_edit(old: &str, new: &str) -> Site {
    Site::new().edit(PAGE, old, new)
}

/// The campaign with an image.
fn campaign_with_image(name: &str, bytes: &[u8]) -> Site {
    campaign_edit("Read the", &format!("![The team]({name}) Read the")).bytes(&format!("content/spring/{name}"), bytes)
}

fn campaign_edit(old: &str, new: &str) -> Site {
    Site::new().edit(CAMPAIGN, old, new)
}

/// A site with issued lead tags.
fn issued_site() -> Site {
    let site = Site::new();
    site.run(&["build", "--date", "2027-03-10"]).clean();
    site
}

/// The URL of a local server that answers every request with this status.
fn server_with_status(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    format!("http://{address}/")
}

fn site_with_hubspot(account: &str) -> Site {
    site_edit("{ endpoint: https://forms.kazi.example/leads }", &format!("{{ hubspot: {{ {account} }} }}"))
}

fn campaign_with_contact(way: &str) -> Site {
    campaign_edit("    booking:\n      url: https://cal.example.com/kazi\n", &format!("    contact: {{ {way} }}\n"))
}

fn second_campaign(front: &str) -> Site {
    let text =
        CAMPAIGN_TEXT.replace("title: Hire", &format!("{front}\ntitle: Hire")).replace("guide.pdf", "spring/guide.pdf");
    Site::new().file("content/twin.md", &text)
}

/// Two channels with the same first 45 bits of the code's hash, found by brute force.
fn code_clash() -> Site {
    let channel = |id: &str| format!("  {id}: {{ label: {id}, source: {id}, medium: email }}\n");
    let [one, other] = ["c563255", "c2796799"];
    site_edit("channels:\n", &format!("channels:\n{}{}", channel(one), channel(other)))
        .edit(CAMPAIGN, "[newsletter, acme]", &format!("[{one}, {other}, newsletter, acme]"))
        .edit(CAMPAIGN, "title: Hire", "campaign: clash\ntitle: Hire")
        .edit(PAGE, "(cta:spring/save)", "(cta:clash/save)")
        .edit(PAGE, "(cta:spring/guide)", "(cta:clash/guide)")
}

fn symlink_out_of_site() -> Site {
    let site = Site::new();
    let outside = site.root().parent().unwrap().join("secret.md");
    std::fs::write(&outside, "---\ntitle: Secret\n---\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, site.path("content/secret.md")).unwrap();
    site
}

/// Whether a run reported a rule as an error, or `None` if it did not report the rule.
fn is_reported_as_error(run: &Run, rule: Rule) -> Option<bool> {
    let problems = run.problems().into_iter().filter(|problem| problem.rule == rule.id());
    problems.map(|problem| problem.is_error).reduce(|one, other| one || other)
}

/// The site that triggers a rule, with a level for this rule.
fn with_level(rule: Rule, level: &str) -> Site {
    let site = site(rule);
    let text = site.read(SITE);
    site.file(SITE, &format!("{text}rules: {{ {}: {level} }}\n", rule.id()))
}

/// Asserts that `check` finds nothing wrong with each selected rule.
#[track_caller]
fn assert_each(rules: impl Fn(Rule) -> bool, check: impl Fn(Rule) -> Result<(), String> + Sync) {
    let rules: Vec<Rule> = Rule::ALL.iter().copied().filter(|&rule| rules(rule)).collect();
    let wrong: Vec<String> = rules
        .par_iter()
        .filter_map(|&rule| check(rule).err().map(|what| format!("=== {}: {what}\n", rule.id())))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn every_rule_is_triggered_with_its_severity() {
    assert_each(
        |rule| cfg!(unix) || rule != Rule::BadSymlink,
        |rule| {
            let run = run(rule, &site(rule));
            match is_reported_as_error(&run, rule) {
                None => Err(format!("not reported\n{}", run.stderr)),
                Some(is_error) if is_error != (rule.definition().class != Class::Warning) => {
                    Err(format!("another severity than in `src/rules/`\n{}", run.stderr))
                }
                Some(_) => Ok(()),
            }
        },
    );
}

#[test]
fn warning_rules_can_be_allowed_and_denied() {
    assert_each(Rule::is_configurable, |rule| {
        let allowed = run(rule, &with_level(rule, "allow"));
        if allowed.code != Some(0) || is_reported_as_error(&allowed, rule).is_some() {
            return Err(format!("reported although it is allowed\n{}", allowed.stderr));
        }
        let warned = run(rule, &with_level(rule, "warn"));
        if warned.code != Some(0) || is_reported_as_error(&warned, rule) != Some(false) {
            return Err(format!("no warning\n{}", warned.stderr));
        }
        let denied = run(rule, &with_level(rule, "deny"));
        let is_error = is_reported_as_error(&run(rule, &site(rule)), rule) == Some(true);
        if denied.code != Some(1)
            || is_reported_as_error(&denied, rule) != Some(true)
            || !is_error && !denied.stderr.contains("`rules` in `site.yaml`")
        {
            return Err(format!("not denied\n{}", denied.stderr));
        }
        Ok(())
    });
}

#[test]
fn error_rules_cannot_be_allowed_or_lowered() {
    // Without a `site.yaml` there are no levels.
    assert_each(
        |rule| !rule.is_configurable() && rule != Rule::MissingSite,
        |rule| {
            let text = Site::new().read(SITE);
            let site = Site::new().file(SITE, &format!("{text}rules: {{ {}: warn }}\n", rule.id()));
            let run = site.check();
            let place = format!("site.yaml:{}:{}", text.lines().count() + 1, 12 + rule.id().len());
            match run.problems().as_slice() {
                [problem] if problem.rule == "essential-rule" && problem.place == place && run.code == Some(1) => {
                    Ok(())
                }
                _ => Err(format!("expected essential-rule at {place}\n{}", run.stderr)),
            }
        },
    );
}

/// The small site with these rows in the file of figures.
fn with_figures(rows: &str) -> Site {
    Site::new().file("lead-figures.csv", &format!("tag,leads,qualified,won,lost,lost_reasons,made_on\n{rows}"))
}
