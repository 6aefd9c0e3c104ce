//! The way of `tagline check`: every problem of a site, also where others keep it from being built.

use std::collections::HashSet;

use super::{
    Done, Looks, Outcome, Purpose, Reconciled, Request, Resolved, has_errors, in_pictures, read_site, reconcile,
};
use super::{resolve, tell_secrets, write};
use crate::check::external::{self, LinkCheckOptions};
use crate::check::safety::secrets::SecretScanner;
use crate::check::{self, CheckContext};
use crate::diagnostics::{Diagnostic, Severity};
use crate::images::cache::{Cache, Extent};
use crate::load::{self, Scan};
use crate::register::Register;
use crate::render::{self, Progress};
use crate::resolve::SitePage;
use crate::sink::Nothing;

/// Finds every problem of a site, by its rules and by building it into nothing; with `asking`, other places are asked
/// whether they answer.
pub fn check(request: &Request, progress: Progress, asking: Option<&LinkCheckOptions>) -> anyhow::Result<Outcome> {
    let scan = load::scan(&request.root)?;
    let (site_read, mut found) = read_site(&scan, request)?;
    let Some((config, today)) = site_read else { return Ok(Outcome { done: None, found }) };
    let (resolved, more) = resolve(&scan, config, today, request, Purpose::Check, None)?;
    found.extend(more);
    let Some(resolved) = resolved else { return Ok(Outcome { done: None, found }) };
    let looks = Looks { images: &Cache::below(&scan.root), extent: Extent::Looked, progress };
    in_pictures(&scan, &resolved.site, &looks, &mut found)?;
    let register = resolved.register.as_ref().filter(|_| !found.iter().any(is_mistake));
    let (reconciled, more) = reconcile(&scan, request, &resolved.site, register)?;
    found.extend(more);
    let checked = checked(request, &resolved, reconciled.as_ref(), &found);
    let advice = advice(&scan, &checked, asking)?;
    found.extend(advice);
    let Some(reconciled) = reconciled else {
        draw_the_rest(&scan, resolved, &mut found, progress)?;
        return Ok(Outcome { done: None, found });
    };
    let mut compiled = resolved.with(reconciled);
    let watched = SecretScanner::new(&Nothing);
    let (counts, problems) = write(&mut compiled, &watched, &Nothing, progress)?;
    found.extend(problems);
    tell_secrets(watched, &scan, &compiled.site, &mut found)?;
    let done = Done::of(&compiled, counts, false);
    Ok(Outcome { done: Some(done).filter(|_| !has_errors(&found)), found })
}

/// What the rules of `check` read. Of the register they are told what no other problem says.
fn checked<'c>(
    request: &Request,
    resolved: &'c Resolved,
    reconciled: Option<&'c Reconciled>,
    told: &'c [Diagnostic],
) -> CheckContext<'c> {
    let Resolved { site, theme, notes, register, picture_digests: _ } = resolved;
    let has_register = register.as_ref().is_some_and(|register| !register.rows().is_empty());
    let changes = reconciled.map(|reconciled| &reconciled.changes);
    let changes = changes.filter(|_| has_register && !request.preview && !request.locked);
    CheckContext { site, theme, notes, reported: told, changes }
}

/// What the rules of `check` find, also in a site that has mistakes.
fn advice(scan: &Scan, checked: &CheckContext, asking: Option<&LinkCheckOptions>) -> anyhow::Result<Vec<Diagnostic>> {
    let mut found = check::all(checked);
    if let Some(asking) = asking {
        found.extend(external::check_links(checked.site, &scan.root, asking)?);
    }
    checked.site.config.levels.apply(&mut found);
    load::read_texts_again(scan, &mut found)?;
    Ok(found)
}

/// Draws those pages of a site with mistakes that have none themselves, so that one run tells what is wrong with
/// templates, too, and what should not leave the house.
fn draw_the_rest(
    scan: &Scan,
    resolved: Resolved,
    found: &mut Vec<Diagnostic>,
    progress: Progress,
) -> anyhow::Result<()> {
    let Resolved { site, theme, .. } = resolved;
    let mistakes = found.iter().filter(|diagnostic| is_mistake(diagnostic));
    let wrong: HashSet<&str> = mistakes.flat_map(Diagnostic::files).collect();
    // With a template or a style sheet missing, most pages would seem to be wrong.
    if wrong.iter().any(|file| file.starts_with("themes/")) {
        return Ok(());
    }
    let is_right = |page: &SitePage| !page.page.broken && !wrong.contains(page.page.source.path.as_str());
    let which: Vec<usize> = site.published().filter(|(_, page)| is_right(page)).map(|(index, _)| index).collect();
    let watched = SecretScanner::new(&Nothing);
    let (_, problems) = render::pages(&site, &theme, &which, &watched, progress)?;
    crate::site_files::write(&site, &theme, &Register::default(), &watched)?;
    found.extend(problems);
    tell_secrets(watched, scan, &site, found)
}

/// Whether something is wrong that leaves a hole in the site. A warning that is denied stops a build, and leaves none.
fn is_mistake(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.denied.is_none()
}
