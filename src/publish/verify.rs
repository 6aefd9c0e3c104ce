//! `--verify`: fetches a sample of what was published from the address of the site, and compares it with what was built.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use ureq::Agent;
use url::Url;

use super::class::is_hidden;
use super::manifest::HIDDEN;
use crate::model::url_encoding::PATH;
use crate::web_client;
use percent_encoding::utf8_percent_encode;

/// Addresses that are fetched.
const MAX_ADDRESSES: usize = 20;
/// A network of caches takes a moment.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(500);
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns the address of a published file: `index.html` is its folder.
pub fn address(base_url: &str, path: &str) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    format!("{base_url}{}", utf8_percent_encode(path, PATH))
}

/// Fetches up to twenty of `paths`, spread evenly, and compares them with the files in `folder`. Returns how many.
///
/// # Errors
///
/// If an address answers with something else.
pub fn verify(base_url: &str, folder: &Path, paths: &[String]) -> anyhow::Result<usize> {
    let agent = Agent::new_with_config(web_client::config(&web_client::certificates(), TIMEOUT).build());
    let step = paths.len().div_ceil(MAX_ADDRESSES).max(1);
    let sample: Vec<&String> = paths.iter().step_by(step).collect();
    for path in &sample {
        let address = address(base_url, path);
        let expected = fs::read(folder.join(path))?;
        let mut problem = None;
        for attempt in 0..TRIES {
            thread::sleep(PAUSE * attempt * attempt);
            problem = difference(&agent, &address, &expected);
            if problem.is_none() {
                break;
            }
        }
        if let Some(problem) = problem {
            // The log of a CI run can be public, and the addresses of some files are not.
            let name = if is_hidden(path) { HIDDEN } else { &address };
            anyhow::bail!("{name} {problem}; the files are published, so look at the server or its cache");
        }
    }
    Ok(sample.len())
}

fn difference(agent: &Agent, address: &str, expected: &[u8]) -> Option<String> {
    if Url::parse(address).is_err() {
        return Some("is no address".to_owned());
    }
    let mut answer = match agent.get(address).call() {
        Ok(answer) => answer,
        Err(error) => return Some(format!("could not be fetched: {error}").replace(address, "its address")),
    };
    if answer.status() != 200 {
        return Some(format!("answers {}", answer.status().as_u16()));
    }
    match answer.body_mut().with_config().limit(expected.len() as u64 + 1).read_to_vec() {
        Ok(bytes) if bytes == expected => None,
        _ => Some("has other content than was published".to_owned()),
    }
}
