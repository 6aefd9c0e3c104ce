//! `tagline init --ci`: workflows that check, preview and publish a site. What they need to sign in follows from the targets in
//! `site.yaml`.

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::write::NewFile;
use crate::diagnostics::Diagnostic;
use crate::model::place::{Place, StoreKind};
use crate::model::site::{PublishTarget, SiteConfig};
use crate::parse::site_yaml;
use crate::source::SourceText;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiService {
    Github,
    Gitlab,
}

/// How a workflow gets the credentials of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignIn {
    /// A role of AWS, for a token of the CI service.
    AwsRole,
    /// Keys of a store that speaks S3 and has no tokens.
    Keys,
    Google,
    Azure,
    /// A folder of the machine that the workflow runs on.
    None,
}

/// The names of targets for previews, the preferred one first.
const PREVIEW_NAMES: [&str; 2] = ["preview", "staging"];

const INSTALL: &str = include_str!("ci/install.sh");
const TAGS: &str = include_str!("ci/tags.sh");
const GITHUB: [(&str, &str); 3] = [
    (".github/workflows/tagline-check.yml", include_str!("ci/github/tagline-check.yml")),
    (".github/workflows/tagline-preview-end.yml", include_str!("ci/github/tagline-preview-end.yml")),
    (".github/workflows/tagline-publish.yml", include_str!("ci/github/tagline-publish.yml")),
];
const GITLAB: [(&str, &str); 1] = [(".gitlab-ci.yml", include_str!("ci/gitlab/gitlab-ci.yml"))];

/// Before the jobs that a site without a target for previews does not have.
const PREVIEW_JOBS: &str = "@@PREVIEW_JOBS@@\n";
/// Before the jobs that a site without a target does not have.
const PUBLISH_JOBS: &str = "@@PUBLISH_JOBS@@\n";

/// Workflows, and what to add to `site.yaml` to get the missing ones.
#[derive(Debug)]
pub struct Workflows {
    pub files: Vec<NewFile>,
    pub hints: Vec<String>,
}

/// Returns the workflows for a site with this `site.yaml`.
///
/// # Errors
///
/// If it has errors.
pub fn workflows(service: CiService, site_yaml: &str) -> Result<Workflows, Vec<Diagnostic>> {
    let (read, diagnostics) = site_yaml::site(&SourceText::new("site.yaml", site_yaml.to_owned()));
    let settings = Settings::of(&read.config.ok_or(diagnostics)?);
    let templates: &[(&str, &str)] = match service {
        CiService::Github => &GITHUB,
        CiService::Gitlab => &GITLAB,
    };
    let file = |(path, template): &(&str, &str)| {
        let text = settings.fill(template, service);
        (!text.is_empty()).then(|| NewFile { path: (*path).to_owned(), bytes: text.into_bytes() })
    };
    Ok(Workflows { files: templates.iter().filter_map(file).collect(), hints: settings.hints() })
}

struct Settings {
    publish: Option<Target>,
    /// `None` without a bucket for previews: they are folders in it, and releases of a folder have no folders.
    preview: Option<Target>,
    cron: String,
}

/// What a job publishes to.
struct Target {
    name: String,
    sign_in: SignIn,
}

impl Settings {
    fn of(config: &SiteConfig) -> Settings {
        let targets = &config.publish;
        let target =
            |name: &str, target: &PublishTarget| Target { name: name.to_owned(), sign_in: SignIn::for_target(target) };
        let named = |wanted: &str| {
            let found = targets.iter().find(|(name, _)| name.as_str() == wanted);
            found.map(|(name, found)| target(name.as_str(), found))
        };
        let first = || targets.first().map(|(name, first)| target(name.as_str(), first));
        let mut previews = PREVIEW_NAMES.into_iter().filter_map(named);
        Settings {
            publish: named("live").or_else(first),
            preview: previews.find(|target| target.sign_in != SignIn::None),
            cron: cron(&config.timezone),
        }
    }

    fn hints(&self) -> Vec<String> {
        let mut hints = Vec::new();
        if self.publish.is_none() {
            hints.push(
                "site.yaml has no target, so no job publishes the site: add `publish: { live: { site: s3://BUCKET } }`"
                    .to_owned(),
            );
        }
        if self.preview.is_none() {
            hints.push(
                "site.yaml has no bucket for previews, so no job publishes them: add `preview: { site: s3://BUCKET }` to `publish`"
                    .to_owned(),
            );
        }
        hints
    }

    /// Returns a workflow, or an empty text if the site has no target for any of its jobs.
    fn fill(&self, template: &str, service: CiService) -> String {
        let (install, tags) = match service {
            CiService::Github => {
                let on_path = "echo \"$HOME/.local/bin\" >> \"$GITHUB_PATH\"\n";
                (indented(&format!("{INSTALL}{on_path}"), 10), indented(TAGS, 10))
            }
            CiService::Gitlab => {
                (indented(&format!("{INSTALL}export PATH=\"$HOME/.local/bin:$PATH\"\n"), 6), indented(TAGS, 6))
            }
        };
        let (rest, publish) = template.split_once(PUBLISH_JOBS).unwrap_or((template, ""));
        let (always, preview) = rest.split_once(PREVIEW_JOBS).unwrap_or((rest, ""));
        let jobs = |text: &str, target: &Option<Target>| target.as_ref().map(|target| target.fill(text, service));
        let mut text = always.to_owned();
        text.extend(jobs(preview, &self.preview));
        text.extend(jobs(publish, &self.publish));
        let values = [("@@INSTALL@@", &install), ("@@TAGS@@", &tags), ("@@CRON@@", &self.cron)];
        values.iter().fold(text, |text, (name, value)| text.replace(name, value))
    }
}

impl Target {
    fn fill(&self, jobs: &str, service: CiService) -> String {
        let environment = self.sign_in.environment();
        let lines: String = environment.iter().map(|line| format!("\n          {line}")).collect();
        let block = if environment.is_empty() { String::new() } else { format!("\n        env:{lines}") };
        // A folder is on a machine of one's own, on which a job installs no packages.
        let (runner, own_runner) = match self.sign_in {
            SignIn::None => ("self-hosted", "\n  tags: [self-hosted]\n  before_script:\n    - |\n@@INSTALL@@"),
            _ => ("ubuntu-24.04", ""),
        };
        let id_token = match self.sign_in {
            SignIn::AwsRole | SignIn::Google | SignIn::Azure => "\n      id-token: write # to sign in",
            SignIn::Keys | SignIn::None => "",
        };
        let (sign_in, id_tokens) = match service {
            CiService::Github => (self.sign_in.github().to_owned(), ""),
            CiService::Gitlab => self.sign_in.gitlab(),
        };
        let values = [
            ("@@RUNNER@@", runner),
            ("@@OWN_RUNNER@@", own_runner),
            ("@@ID_TOKEN@@", id_token),
            ("@@ID_TOKENS@@", id_tokens),
            ("@@SIGN_IN@@", &sign_in),
            ("@@ENVIRONMENT@@", &lines),
            ("@@ENVIRONMENT_BLOCK@@", &block),
            ("@@TARGET@@", &self.name),
            ("@@PREVIEW_TARGET@@", &self.name),
        ];
        let filled = values.iter().fold(jobs.to_owned(), |text, (name, value)| text.replace(name, value));
        // A step that is not needed leaves an empty line.
        filled.replace("\n\n      - name", "\n      - name")
    }
}

impl SignIn {
    fn for_target(target: &PublishTarget) -> SignIn {
        match &target.site {
            Place::Folder(_) => SignIn::None,
            Place::Bucket { kind: StoreKind::S3, .. } if target.endpoint.is_some() => SignIn::Keys,
            Place::Bucket { kind: StoreKind::S3, .. } => SignIn::AwsRole,
            Place::Bucket { kind: StoreKind::Gcs, .. } => SignIn::Google,
            Place::Bucket { kind: StoreKind::Azure, .. } => SignIn::Azure,
        }
    }

    /// The step that signs in.
    fn github(self) -> &'static str {
        match self {
            SignIn::AwsRole => {
                "      - uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3\n        \
                 with:\n          role-to-assume: ${{ vars.AWS_ROLE }}\n          aws-region: ${{ vars.AWS_REGION }}"
            }
            SignIn::Google => {
                "      - uses: google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0\n        \
                 id: google\n        with:\n          token_format: access_token\n          \
                 workload_identity_provider: ${{ vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER }}\n          \
                 service_account: ${{ vars.GOOGLE_SERVICE_ACCOUNT }}"
            }
            SignIn::Azure => {
                "      - name: Sign in to Azure\n        run: |\n          \
                 curl --fail --silent --show-error -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\\n            \
                 \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange\" |\n            \
                 jq --raw-output --join-output .value > \"$RUNNER_TEMP/azure-token\""
            }
            SignIn::Keys | SignIn::None => "",
        }
    }

    /// The environment of `tagline publish`.
    fn environment(self) -> &'static [&'static str] {
        match self {
            SignIn::AwsRole | SignIn::None => &[],
            SignIn::Keys => &[
                "AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }}",
                "AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}",
                "AWS_REGION: ${{ vars.AWS_REGION }}",
            ],
            SignIn::Google => &["GOOGLE_BEARER_TOKEN: ${{ steps.google.outputs.access_token }}"],
            SignIn::Azure => &[
                "AZURE_STORAGE_ACCOUNT_NAME: ${{ vars.AZURE_STORAGE_ACCOUNT_NAME }}",
                "AZURE_CLIENT_ID: ${{ vars.AZURE_CLIENT_ID }}",
                "AZURE_TENANT_ID: ${{ vars.AZURE_TENANT_ID }}",
                "AZURE_FEDERATED_TOKEN_FILE: ${{ runner.temp }}/azure-token",
            ],
        }
    }

    /// The lines of a script that signs in, and the tokens of the job. Google has no sign-in here: its credentials are a variable
    /// of the type *File*.
    fn gitlab(self) -> (String, &'static str) {
        let token = |variable: &str| {
            format!("\n    - printf %s \"$CLOUD_TOKEN\" > /tmp/cloud-token\n    - export {variable}=/tmp/cloud-token")
        };
        let tokens = "\n  id_tokens:\n    CLOUD_TOKEN:\n      aud: $CLOUD_AUDIENCE";
        match self {
            SignIn::AwsRole => (token("AWS_WEB_IDENTITY_TOKEN_FILE"), tokens),
            SignIn::Azure => (token("AZURE_FEDERATED_TOKEN_FILE"), tokens),
            SignIn::Keys | SignIn::Google | SignIn::None => (String::new(), ""),
        }
    }
}

/// Returns the time of day in UTC that is after midnight in the zone, in summer and in winter.
fn cron(zone: &TimeZone) -> String {
    let minutes = [date(2027, 1, 15), date(2027, 7, 15)].map(|day| {
        let midnight = day.at(0, 10, 0, 0).to_zoned(zone.clone());
        let utc = midnight.map(|midnight| midnight.with_time_zone(TimeZone::UTC));
        let day = day.to_zoned(TimeZone::UTC);
        match (utc, day) {
            (Ok(utc), Ok(day)) => (utc.timestamp().as_second() - day.timestamp().as_second()) / 60,
            _ => 10,
        }
    });
    let latest = minutes[0].max(minutes[1]).rem_euclid(24 * 60);
    format!("{} {} * * *", latest % 60, latest / 60)
}

fn indented(script: &str, spaces: usize) -> String {
    let lines: Vec<String> = script.lines().map(|line| format!("{}{line}", " ".repeat(spaces))).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nightly_run_is_after_midnight_in_summer_and_winter() {
        for (zone, expected) in [
            ("UTC", "10 0 * * *"),
            ("Africa/Nairobi", "10 21 * * *"),
            ("Europe/Berlin", "10 23 * * *"),
            ("America/New_York", "10 5 * * *"),
        ] {
            assert_eq!(cron(&TimeZone::get(zone).unwrap()), expected, "{zone}");
        }
    }

    #[test]
    fn workflows_sign_in_as_the_target_needs_and_have_no_placeholder_left() {
        for (place, expected) in [
            ("s3://kazi-site", "aws-actions/configure-aws-credentials@"),
            ("s3://kazi-site, endpoint: \"https://s3.kazi.example\"", "secrets.AWS_SECRET_ACCESS_KEY"),
            ("gs://kazi-site", "GOOGLE_BEARER_TOKEN"),
            ("az://kazi-site", "AZURE_FEDERATED_TOKEN_FILE"),
            ("\"file:///srv/kazi\"", "runs-on: self-hosted"),
        ] {
            let site =
                format!("title: Kazi\nbase_url: https://kazi.example/\npublish: {{ main: {{ site: {place} }} }}\n");
            for service in [CiService::Github, CiService::Gitlab] {
                for file in workflows(service, &site).unwrap().files {
                    let text = String::from_utf8(file.bytes).unwrap();
                    assert!(!text.contains("@@"), "{text}");
                    if file.path.ends_with("tagline-publish.yml") {
                        assert!(text.contains(expected) && text.contains("tagline publish main"), "{text}");
                    }
                }
            }
        }
    }
    /// The text of all workflows, and the hints.
    fn written(service: CiService, publish: &str) -> (Vec<String>, String, Vec<String>) {
        let site = format!("title: Kazi\nbase_url: https://kazi.example/\n{publish}\n");
        let Workflows { files, hints } = workflows(service, &site).unwrap();
        let paths = files.iter().map(|file| file.path.clone()).collect();
        (paths, files.iter().map(|file| String::from_utf8_lossy(&file.bytes)).collect(), hints)
    }

    #[test]
    fn jobs_without_a_target_are_left_out_and_a_hint_says_what_to_add() {
        let live = "publish: { live: { site: s3://kazi-site } }";
        let folder = "publish: { live: { site: s3://kazi-site }, preview: { site: \"file:///srv/previews\" } }";
        for (publish, has_publish, has_preview) in [
            ("", false, false),
            (live, true, false),
            (folder, true, false),
            ("publish: { live: { site: s3://kazi-site }, staging: { site: s3://kazi-staging } }", true, true),
        ] {
            for service in [CiService::Github, CiService::Gitlab] {
                let (paths, text, hints) = written(service, publish);
                assert!(text.contains("tagline check") && !text.contains("@@"), "{text}");
                assert_eq!(text.contains("tagline publish live"), has_publish, "{text}");
                assert_eq!(text.contains("tagline publish staging --preview"), has_preview, "{text}");
                assert_eq!(text.contains("--prefix"), has_preview, "{text}");
                assert_eq!(hints.len(), 2 - usize::from(has_publish) - usize::from(has_preview), "{hints:?}");
                let of_github = 1 + usize::from(has_publish) + usize::from(has_preview);
                assert_eq!(paths.len(), if service == CiService::Github { of_github } else { 1 }, "{paths:?}");
            }
        }
    }

    #[test]
    fn each_job_has_the_runner_and_the_sign_in_of_its_target() {
        let publish = "publish: { live: { site: \"file:///srv/kazi\" }, preview: { site: gs://kazi-preview } }";
        let site = format!("title: Kazi\nbase_url: https://kazi.example/\n{publish}\n");
        let files = workflows(CiService::Github, &site).unwrap().files;
        let text = |name: &str| {
            let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
            String::from_utf8_lossy(&file.bytes).into_owned()
        };
        for preview in ["tagline-check.yml", "tagline-preview-end.yml"].map(text) {
            assert!(preview.contains("GOOGLE_BEARER_TOKEN") && !preview.contains("self-hosted"), "{preview}");
        }
        let live = text("tagline-publish.yml");
        assert!(live.contains("runs-on: self-hosted") && !live.contains("GOOGLE"), "{live}");
        let (_, gitlab, _) = written(CiService::Gitlab, publish);
        let (previews, live) = gitlab.split_once("\npublish:\n").unwrap();
        assert!(live.contains("tags: [self-hosted]") && !previews.contains("self-hosted"), "{gitlab}");
        assert!(live.contains("  before_script:\n    - |\n      curl") && !live.contains("apt-get"), "{gitlab}");
        assert!(previews.contains("apt-get install"), "{gitlab}");
    }

    #[test]
    fn site_yaml_with_errors_gives_its_errors() {
        let errors = workflows(CiService::Github, "title: Kazi\nbase_url: kazi\n").unwrap_err();
        assert!(!errors.is_empty());
    }
}
