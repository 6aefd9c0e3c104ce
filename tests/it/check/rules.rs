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
        Rule::ForbiddenCharacter => page("# Prices", "# Pri\u{8}ces"),
        Rule::BadSymlink => linked_out(),
        Rule::FileTooLarge => Site::new().file("content/long.md", &"word ".repeat(1024 * 1024)),
        Rule::PathClash => Site::new().file("content/spring.md", "---\ntitle: Two\n---\n"),
        Rule::ReservedName => Site::new().file("content/offer.de.md", "---\ntitle: Two\n---\n"),
        Rule::BadFileName => Site::new().file("content/!!!.md", "---\ntitle: Two\n---\n"),
        Rule::MissingSite => Site::new().remove(SITE),
        Rule::YamlSyntax => page("title: Prices", "title: Prices: all"),
        Rule::YamlTab => page("title: Prices", "title: Prices\n\tsummary: x"),
        Rule::YamlAlias => page("title: Prices", "title: &price Prices"),
        Rule::YamlTooDeep => {
            page("title: Prices", &format!("title: Prices\nextra: {}", "[".repeat(40) + &"]".repeat(40)))
        }
        Rule::DuplicateKey => page("title: Prices", "title: Prices\ntitle: Two"),
        Rule::UnknownKey => page("title: Prices", "title: Prices\ntitel: Two"),
        Rule::MissingKey => page("title: Prices\n", ""),
        Rule::EmptyValue => page("title: Prices", "title:"),
        Rule::WrongType => page("title: Prices", "title: [New]"),
        Rule::BadFrontMatter => Site::new().file(PAGE, "# Prices\n"),
        Rule::BadId => campaign("  trial:", "  free_trial:"),
        Rule::ReservedChannel => campaign("[newsletter, acme]", "[newsletter, direct]"),
        Rule::BadDate => campaign("ends: 2027-03-31", "ends: 31/03/2027"),
        Rule::BadDuration => config("leads:\n", "leads:\n  respond_within: soon\n"),
        Rule::BadTimezone => config("Africa/Nairobi", "Africa/Nairoby"),
        Rule::BadLanguage => config("timezone:", "language: english!\ntimezone:"),
        Rule::BadUrl => campaign("https://cal.example.com/kazi", "cal.example.com/kazi"),
        Rule::UnsafeScheme => campaign("https://cal.example.com/kazi", "javascript:alert(1)"),
        Rule::InsecureUrl => campaign("https://cal.example.com/kazi", "http://cal.example.com/kazi"),
        Rule::BadEmail => config("sales@kazi.example", "sales at kazi"),
        Rule::BadPrice => campaign("ctas:\n", "product: { name: Team, price: €49, currency: EUR }\nctas:\n"),
        Rule::DatesReversed => campaign("ends: 2027-03-31", "ends: 2027-02-28"),
        Rule::ReservedUtmContent => campaign("example.com/kazi", "example.com/kazi?utm_content=mine"),
        Rule::ReservedLeadTagParameter => campaign("cal.example.com/kazi", "cal.com/kazi?metadata[lead_tag]=mine"),
        Rule::DroppedByProvider => campaign("cal.example.com/kazi", "buy.stripe.com/abc?utm_term=hire+fast"),
        Rule::UnknownChannel => campaign("[newsletter, acme]", "[newsleter, acme]"),
        Rule::UnknownDestination => config("deliver_to: crm", "deliver_to: crn"),
        Rule::MissingDestination => config("  deliver_to: crm\n", ""),
        Rule::BadDestinationKind => config("{ endpoint:", "{ netlify: true, endpoint:"),
        Rule::InsecureEndpoint => config("https://forms", "http://forms"),
        Rule::BadDestinationAccount => hubspot("portal: kazi, form: 0f8fad5b-d9cb-469f-a165-70867728950e"),
        Rule::BadDestinationField => {
            hubspot("portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, fields: { team_size: Size-Of }")
        }
        Rule::UnknownTheme => config("timezone:", "theme: lanch\ntimezone:"),
        Rule::ChannelOverlap => config("channels:\n", "channels:\n  x: { label: X, source: news, medium: email }\n"),
        Rule::BadReferrer => config("medium: email }", "medium: email, referrers: [\"https://x.example/feed\"] }"),
        Rule::UnknownClickId => config("medium: email }", "medium: email, click_ids: [gcild] }"),
        Rule::BadAnalytics => config("channels:\n", "analytics: { gtm: G-ABC1234567 }\nchannels:\n"),
        Rule::BadPolicySource => config(
            "timezone:",
            "security: { content_security_policy: { script-src: [\"'unsafe-inline'\"] } }\ntimezone:",
        ),
        Rule::Ga4Unassigned => config("medium: referral", "medium: partner"),
        Rule::EssentialRule => config("channels:\n", "rules: { bad-date: allow }\nchannels:\n"),
        Rule::BadCtaKind => campaign("    booking:", "    download: { file: guide.pdf }\n    booking:"),
        Rule::BadPhone => contact("phone: 0700 000000"),
        Rule::BadContactText => contact("whatsapp: \"+254 700 000000\", text: \"My code is {code}\""),
        Rule::BadFormFields => campaign("[name, email]", "[name, company]"),
        Rule::UnknownCta => campaign("(cta:trial)", "(cta:trail)"),
        Rule::EndedCta => campaign("ends: 2027-03-31", "ends: 2027-03-14"),
        Rule::DuplicateCampaign => twin("campaign: spring"),
        Rule::DuplicateCta => campaign("    coupon:", "    was: [guide]\n    coupon:"),
        Rule::CodeClash => code_clash(),
        Rule::GatedFileLinked => campaign("Read the", "[The guide](guide.pdf) Read the"),
        Rule::MissingPrimaryCta => campaign("[Get it](cta:save) ", ""),
        Rule::UnusedCta => campaign(" [Book](cta:trial)", ""),
        Rule::CouponExpiresEarly => campaign("expires: 2027-03-31", "expires: 2027-03-30"),
        Rule::CampaignEndsSoon => campaign("ends: 2027-03-31\nafter_end: /prices.md", "ends: 2027-03-22"),
        Rule::CampaignEnded => campaign("ends: 2027-03-31\nafter_end: /prices.md", "ends: 2027-03-14"),
        Rule::MissingConsent => config("  consent: { text: I agree., version: 2027-01 }\n", ""),
        Rule::MissingNotes => Site::new().remove("content/spring/sales.md"),
        Rule::Ga4UnexpectedGroup => config("source: news", "source: facebook"),
        Rule::InconsistentSpelling => config("source: acme", "source: NEWS"),
        Rule::UtmOnInternalLink => campaign("/prices.md#teams", "/prices.md?utm_source=spring#teams"),
        Rule::OverriddenUtm => campaign("example.com/kazi", "example.com/kazi?utm_campaign=mine"),
        Rule::UnusedChannel => config("channels:\n", "channels:\n  x: { label: X, source: x, medium: email }\n"),
        Rule::MissingOwner => config("  owner: sales@kazi.example\n", ""),
        Rule::UnknownBlock => campaign(LAST_LINE, "::: carousel\n:::\n"),
        Rule::UnclosedBlock => campaign(LAST_LINE, "::: hero\n"),
        Rule::UnopenedBlock => campaign(LAST_LINE, ":::\n"),
        Rule::BadBlockAttribute => campaign(LAST_LINE, "::: quote by=“Amina”\n:::\n"),
        Rule::DuplicateOffer => campaign(LAST_LINE, "::: offer save\n:::\n\n::: offer save\n:::\n"),
        Rule::NestingTooDeep => page("# Prices", &format!("{}a", "> ".repeat(1000))),
        Rule::RawHtml => page("# Prices", "# <b>Prices</b>"),
        Rule::BrokenLink => campaign("/prices.md#teams", "/price.md"),
        Rule::MissingAnchor => campaign("/prices.md#teams", "/prices.md#team"),
        Rule::LinkToUnpublishedPage => campaign("starts: 2027-03-01", "starts: 2027-03-16"),
        Rule::BrokenImage => picture("team.png", b"no picture"),
        Rule::ImageTooLarge => picture("team.gif", b"GIF89a\xff\xff\xff\xff\0\0\0;"),
        Rule::UnsafeSvg => picture("team.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        Rule::MissingFootnote => campaign(LAST_LINE, "A[^1] B[^2].\n\n[^1]: x\n"),
        Rule::UnusedNotes => Site::new().file("content/pricse.sales.md", "Ask for the team's size.\n"),
        Rule::MissingSummary => page("summary: What it costs.\n", ""),
        Rule::DuplicateTitle => page("title: Prices", "title: Hire in days"),
        Rule::TruncatedInResults => {
            page("title: Prices", &format!("title: Prices {}", "of everything ".repeat(5).trim_end()))
        }
        Rule::HeadingOrder => page("## Teams", "### Teams"),
        Rule::MissingAlt => picture("team.avif", b"x").edit(CAMPAIGN, "![The team]", "![]"),
        Rule::HeavyImage => picture("team.avif", &[b'x'; 600_000]),
        Rule::VagueLinkText => campaign("[prices]", "[here]"),
        Rule::LowContrast => Site::new().file("themes/launch/assets/more.css", "p { color: #ddd; background: #fff }\n"),
        Rule::Placeholder => config("https://kazi.example/", "https://kazi.co.ke/"),
        Rule::ExposedSecret => page("# Prices", &format!("# Prices\n\n`sk_{}_{SECRET}`", "live")),
        Rule::ThirdPartyScript => {
            Site::new().file(PAGE_TEMPLATE, "<script src=\"https://cdn.example.com/a.js\"></script>\n")
        }
        Rule::BlockedByPolicy => Site::new().file(PAGE_TEMPLATE, "<p style=\"color: red\">{{ page.title }}</p>\n"),
        Rule::PolicyTooLong => {
            let hosts: Vec<String> = (0..100).map(|number| format!("https://{number}.widget.example")).collect();
            let listed = format!("{{ script-src: [{}] }}", hosts.join(", "));
            config("timezone:", &format!("security: {{ content_security_policy: {listed} }}\ntimezone:"))
        }
        Rule::BrokenExternalLink => campaign(LAST_LINE, &format!("[A]({})", answering(404))),
        Rule::UnverifiedExternalLink => campaign(LAST_LINE, &format!("[A]({})", answering(403))),
        Rule::TemplateError => Site::new().file(PAGE_TEMPLATE, "{{ page.title }\n"),
        Rule::MissingTemplate => page("title: Prices", "title: Prices\nlayout: artikle"),
        Rule::MissingAsset => Site::new().file("themes/launch/assets/more.css", "a { background: url(paper.png) }\n"),
        Rule::CssSyntax => Site::new().file("themes/launch/assets/more.css", "} a { color: red }\n"),
        Rule::BadThemeOption => config("timezone:", "theme_options: { acent: teal }\ntimezone:"),
        Rule::BadThemeString => Site::new().file("themes/launch/strings/en.yaml", "coupon: { coppy: Copy code }\n"),
        Rule::MissingTranslation => config("timezone:", "language: nl\ntimezone:"),
        Rule::ClosedLeadTags => built().edit(CAMPAIGN, "  trial:", "  visit:").edit(CAMPAIGN, "cta:trial", "cta:visit"),
        Rule::ReusedCampaignId => built().edit(CAMPAIGN, "ends: 2027-03-31", "ends: 2027-09-28"),
        Rule::OutdatedRegister => built().edit(CAMPAIGN, "Book a trial", "Book your trial"),
        Rule::BadRegister => built().edit("lead-tags.csv", "tag,campaign", "lead,campaign"),
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

fn config(old: &str, new: &str) -> Site {
    Site::new().edit(SITE, old, new)
}

fn page(old: &str, new: &str) -> Site {
    Site::new().edit(PAGE, old, new)
}

/// The campaign with an image.
fn picture(name: &str, bytes: &[u8]) -> Site {
    campaign("Read the", &format!("![The team]({name}) Read the")).bytes(&format!("content/spring/{name}"), bytes)
}

fn campaign(old: &str, new: &str) -> Site {
    Site::new().edit(CAMPAIGN, old, new)
}

/// A site with issued lead tags.
fn built() -> Site {
    let site = Site::new();
    site.run(&["build", "--date", "2027-03-10"]).clean();
    site
}

/// The URL of a local server that answers every request with this status.
fn answering(status: u16) -> String {
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

fn hubspot(account: &str) -> Site {
    config("{ endpoint: https://forms.kazi.example/leads }", &format!("{{ hubspot: {{ {account} }} }}"))
}

fn contact(way: &str) -> Site {
    campaign("    booking:\n      url: https://cal.example.com/kazi\n", &format!("    contact: {{ {way} }}\n"))
}

fn twin(front: &str) -> Site {
    let text =
        CAMPAIGN_TEXT.replace("title: Hire", &format!("{front}\ntitle: Hire")).replace("guide.pdf", "spring/guide.pdf");
    Site::new().file("content/twin.md", &text)
}

/// Two channels with the same first 45 bits of the code's hash, found by brute force.
fn code_clash() -> Site {
    let channel = |id: &str| format!("  {id}: {{ label: {id}, source: {id}, medium: email }}\n");
    let [one, other] = ["c563255", "c2796799"];
    config("channels:\n", &format!("channels:\n{}{}", channel(one), channel(other)))
        .edit(CAMPAIGN, "[newsletter, acme]", &format!("[{one}, {other}, newsletter, acme]"))
        .edit(CAMPAIGN, "title: Hire", "campaign: clash\ntitle: Hire")
        .edit(PAGE, "(cta:spring/save)", "(cta:clash/save)")
        .edit(PAGE, "(cta:spring/guide)", "(cta:clash/guide)")
}

fn linked_out() -> Site {
    let site = Site::new();
    let outside = site.root().parent().unwrap().join("secret.md");
    std::fs::write(&outside, "---\ntitle: Secret\n---\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, site.path("content/secret.md")).unwrap();
    site
}

/// Whether a run reported a rule as an error, or `None` if it did not report the rule.
fn is_error(run: &Run, rule: Rule) -> Option<bool> {
    let errors: Vec<bool> = run.problems().iter().filter(|p| p.rule == rule.id()).map(|p| p.is_error).collect();
    errors.iter().copied().reduce(|one, other| one || other)
}

/// The site that triggers a rule, with a level for this rule.
fn with_level(rule: Rule, level: &str) -> Site {
    let site = site(rule);
    let text = site.read(SITE);
    site.file(SITE, &format!("{text}rules: {{ {}: {level} }}\n", rule.id()))
}

/// Asserts that `check` finds nothing wrong with each selected rule.
#[track_caller]
fn of_each(rules: impl Fn(Rule) -> bool, look: impl Fn(Rule) -> Result<(), String> + Sync) {
    let rules: Vec<Rule> = Rule::ALL.iter().copied().filter(|&rule| rules(rule)).collect();
    let wrong: Vec<String> = rules
        .par_iter()
        .filter_map(|&rule| look(rule).err().map(|what| format!("=== {}: {what}\n", rule.id())))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn every_rule_is_triggered_with_its_severity() {
    of_each(
        |rule| cfg!(unix) || rule != Rule::BadSymlink,
        |rule| {
            let run = run(rule, &site(rule));
            match is_error(&run, rule) {
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
    of_each(Rule::is_advice, |rule| {
        let allowed = run(rule, &with_level(rule, "allow"));
        if allowed.code != Some(0) || is_error(&allowed, rule).is_some() {
            return Err(format!("reported although it is allowed\n{}", allowed.stderr));
        }
        let warned = run(rule, &with_level(rule, "warn"));
        if warned.code != Some(0) || is_error(&warned, rule) != Some(false) {
            return Err(format!("no warning\n{}", warned.stderr));
        }
        let denied = run(rule, &with_level(rule, "deny"));
        let is_error_by_default = is_error(&run(rule, &site(rule)), rule) == Some(true);
        if denied.code != Some(1)
            || is_error(&denied, rule) != Some(true)
            || !is_error_by_default && !denied.stderr.contains("`rules` in `site.yaml`")
        {
            return Err(format!("not denied\n{}", denied.stderr));
        }
        Ok(())
    });
}

#[test]
fn error_rules_cannot_be_allowed_or_lowered() {
    // Without a `site.yaml` there are no levels.
    of_each(
        |rule| !rule.is_advice() && rule != Rule::MissingSite,
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
