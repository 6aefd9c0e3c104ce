//! Errors of stores in plain words. What a store answers can contain the name of a key or a signed text, so only its code and a
//! masked sentence are passed on.

use std::env;
use std::error::Error as _;

use anyhow::anyhow;
use object_store::Error;

/// What was done when the error came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Read,
    Write,
    List,
    Delete,
}

/// Returns the error with what to do about it. `place` is the bucket as written in `site.yaml`.
pub fn explain(error: &Error, action: Action, place: &str) -> anyhow::Error {
    let text = whole_text(error);
    let code = code(&text);
    let what = match code.as_deref() {
        _ if text.contains("NoSuchBucket")
            || text.contains("ContainerNotFound")
            || text.contains("bucket does not exist") =>
        {
            format!("`{place}` does not exist: create the bucket, or correct its name in `publish` in site.yaml")
        }
        Some("InvalidAccessKeyId" | "InvalidClientTokenId") => {
            format!("the access key for `{place}` is unknown to the store; check `AWS_ACCESS_KEY_ID`")
        }
        Some("SignatureDoesNotMatch") => {
            format!("the secret for `{place}` is wrong; check `AWS_SECRET_ACCESS_KEY`, and the region in `AWS_REGION`")
        }
        Some("ExpiredToken" | "TokenRefreshRequired") => {
            format!("the credentials for `{place}` have expired; sign in again")
        }
        Some("RequestTimeTooSkewed") => {
            format!("the clock of this machine is wrong, so `{place}` refuses its requests; set the clock")
        }
        Some(
            code @ ("PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
            | "InvalidRegion"),
        ) => {
            format!("`{place}` is in another region ({code}); set `AWS_REGION` to the region of the bucket")
        }
        _ if text.contains("BareRedirect")
            || text.contains("status code 301")
            || text.contains("redirect without")
            || text.contains("301 Moved") =>
        {
            format!("`{place}` is in another region; set `AWS_REGION` to the region of the bucket")
        }
        _ if matches!(error, Error::Unauthenticated { .. }) => {
            format!("the credentials for `{place}` are not accepted; check them in the environment")
        }
        _ if matches!(error, Error::PermissionDenied { .. }) || text.contains("AccessDenied") => denied(action, place),
        _ if text.contains("timeout: global") => {
            format!("`{place}` did not answer in time; nothing is lost, publish again")
        }
        _ => {
            let verb = match action {
                Action::Read => "read from",
                Action::Write => "write to",
                Action::List => "list",
                Action::Delete => "delete from",
            };
            format!("cannot {verb} `{place}`: {}", shortened(&text, code.as_deref()))
        }
    };
    anyhow!("{}", masked(&what))
}

fn denied(action: Action, place: &str) -> String {
    let needed = match action {
        Action::Read => "reading (`s3:GetObject`, and `s3:ListBucket`, without which a missing file is denied too)",
        Action::Write => "writing (`s3:PutObject`)",
        Action::List => "listing (`s3:ListBucket`)",
        Action::Delete => "deleting (`s3:DeleteObject`)",
    };
    format!("the credentials for `{place}` do not allow {needed}")
}

/// The text of an error and of its causes.
fn whole_text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push('\n');
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// The code in the answer of a store: `<Code>NoSuchBucket</Code>`.
fn code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| code.to_owned())
}

/// The last cause without an answer in XML or JSON and without addresses, which can be signed.
fn shortened(text: &str, code: Option<&str>) -> String {
    if let Some(code) = code {
        return format!("the store answers {code}");
    }
    let plain = |line: &'_ str| line.split(['<', '{']).next().unwrap_or_default().trim_matches([' ', ':']).to_owned();
    let mut lines = text.lines().rev().map(plain);
    let last = lines.find(|line| !line.is_empty()).unwrap_or_else(|| "an unexpected answer".to_owned());
    let words = last.split(' ').filter(|word| !word.contains("://"));
    words.collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

/// Replaces every credential of the environment in a text.
pub fn masked(text: &str) -> String {
    let is_credential = |name: &str| {
        ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|vendor| name.starts_with(vendor))
            && ["KEY", "SECRET", "TOKEN", "SAS", "PASSWORD", "CREDENTIAL", "SERVICE_ACCOUNT"]
                .iter()
                .any(|part| name.contains(part))
            && !name.ends_with("_FILE")
    };
    let mut values: Vec<String> =
        env::vars().filter(|(name, value)| is_credential(name) && value.len() >= 4).map(|(_, value)| value).collect();
    // A value can be part of another one.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values.iter().fold(text.to_owned(), |text, value| text.replace(value.as_str(), "•••"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &str) -> Error {
        Error::Generic { store: "S3", source: format!("Server returned non-2xx status code: 403: {body}").into() }
    }

    #[test]
    fn errors_say_what_to_do_and_pass_no_answer_on() {
        for (body, expected) in [
            ("<Error><Code>NoSuchBucket</Code></Error>", "does not exist"),
            (
                "<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>AKIAX</AWSAccessKeyId></Error>",
                "AWS_ACCESS_KEY_ID",
            ),
            (
                "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>AKIAX</StringToSign></Error>",
                "AWS_SECRET_ACCESS_KEY",
            ),
            ("<Error><Code>RequestTimeTooSkewed</Code></Error>", "clock"),
            ("<Error><Code>AuthorizationHeaderMalformed</Code></Error>", "another region"),
            ("<Error><Code>AccessDenied</Code></Error>", "do not allow writing"),
            ("<Error><Code>Teapot</Code><Key>AKIAX</Key></Error>", "the store answers Teapot"),
            ("{\"error\": \"AKIAX\"}", "Server returned non-2xx status code: 403"),
        ] {
            let text = explain(&error(body), Action::Write, "s3://kazi").to_string();
            assert!(text.contains(expected) && text.contains("s3://kazi"), "{text}");
            assert!(!text.contains("AKIAX") && !text.contains('<'), "{text}");
        }
    }
}
