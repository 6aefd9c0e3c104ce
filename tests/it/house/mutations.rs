//! Thousands of seeded random edits of the example's pages and `site.yaml`. Each ends in a valid site or in an error
//! near the edit. None causes a panic, and none takes long.

use std::convert::Infallible;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::random_cases;
use fastrand::Rng;
use rayon::prelude::*;
use tagline::body_store::BodyStore;
use tagline::check::{self, CheckContext};
use tagline::diagnostics::{Diagnostic, Severity};
use tagline::lead_tags::LeadTags;
use tagline::load::{self, Sources};
use tagline::model::body::Body;
use tagline::model::site::SiteLanguage;
use tagline::model::variant::Language;
use tagline::parse::{self, Bodies, Parsed, QuotationMarks, Settings, site_yaml, translation};
use tagline::register::Register;
use tagline::resolve::{self, Options};
use tagline::rules::Rule;
use tagline::sales::notes;
use tagline::sink::DiscardSink;
use tagline::source::SourceText;
use tagline::theme::{self, Theme};
use tagline::{render, sales};

const MUTATIONS: usize = 10_000;
/// One in this many valid sites is rendered, too, since rendering takes most of the time.
const RENDER_EVERY: u64 = 20;
/// The time limit for one mutation on a quiet machine in a release build. Tests run in debug builds, so the limit here is
/// twenty times that. It finds unbounded growth. The longest time is printed.
const LIMIT: Duration = Duration::from_millis(250);
const PATIENCE: u32 = if cfg!(debug_assertions) { 20 } else { 1 };

/// The example, loaded once.
struct Example {
    /// `site.yaml` and the pages.
    files: Vec<(String, Arc<SourceText>)>,
    pages: Vec<Parsed>,
    sources: Sources,
    theme: Theme,
    languages: Vec<SiteLanguage>,
}

type ParsedFile = (Parsed, Vec<Diagnostic>);

/// One edited file.
struct Mutation {
    /// A description of the edit.
    how: &'static str,
    file: usize,
    bytes: Vec<u8>,
}

/// The first and last line that differ in the edited file, from 1.
struct Lines {
    first: usize,
    last: usize,
}

fn example() -> Example {
    let scan = load::scan(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (sources, diagnostics) = load::read(&scan).unwrap();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let site = sources.site.clone().unwrap();
    let (read, _) = site_yaml::site(&site);
    let config = read.config.unwrap();
    let (theme, diagnostics) = theme::load(&config, &sources);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut files = vec![(String::new(), site)];
    let page_files = load::page_files(&scan).into_iter();
    files.extend(page_files.map(|(file, _)| (file.to_owned(), load::page_text(&scan, file).unwrap().0.unwrap())));
    let mut example = Example { files, pages: Vec::new(), sources, theme: theme.unwrap(), languages: Vec::new() };
    let all: Vec<usize> = (1..example.files.len()).collect();
    let parsed = example.parsed(&all, &config.languages, None);
    for (page, diagnostics) in &parsed {
        assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", page.file());
    }
    example.pages = parsed.into_iter().map(|(page, _)| page).collect();
    example.languages = config.languages;
    example
}

impl Example {
    /// Parses pages, one of them with another text.
    fn parsed(&self, pages: &[usize], languages: &[SiteLanguage], edited: Option<&Arc<SourceText>>) -> Vec<ParsedFile> {
        let settings = Settings { bodies: Bodies::AllWithTexts, quotes: QuotationMarks::default(), languages };
        let names: Vec<&str> = pages.iter().map(|&page| &*self.files[page].0).collect();
        let read = |name: &str| -> Result<parse::Read, Infallible> {
            let source = &self.files.iter().find(|(file, _)| file == name).unwrap().1;
            let edited = edited.filter(|edited| edited.path == source.path);
            Ok((Some(Arc::clone(edited.unwrap_or(source))), Vec::new()))
        };
        let Ok(parsed) = parse::pages(&names, settings, &BodyStore::default(), read);
        parsed
    }

    /// The pages that are read again after an edit of a file: itself and its translations, or all of them in other languages.
    fn affected(&self, file: usize, languages: &[SiteLanguage]) -> Vec<usize> {
        let tags = |languages: &[SiteLanguage]| languages.iter().map(|language| language.language.clone()).collect();
        let (before, now): (Vec<Language>, Vec<Language>) = (tags(&self.languages), tags(languages));
        let name = &self.files[file].0;
        let is_affected = |&page: &usize| {
            let original = translation::original_of(&self.files[page].0, languages);
            before != now || page == file || original.is_some_and(|(_, original)| original == *name)
        };
        (1..self.files.len()).filter(is_affected).collect()
    }
}

/// The sources that pages refer to.
fn beside_pages(sources: &Sources) -> Sources {
    Sources {
        site: None,
        sales_notes: sources.sales_notes.clone(),
        unreadable_notes: Vec::new(),
        assets: sources.assets.clone(),
        static_files: sources.static_files.clone(),
        not_downloaded: sources.not_downloaded.clone(),
        robots: sources.robots.clone(),
        html_files: sources.html_files.clone(),
        theme_files: sources.theme_files.clone(),
        register: None,
        checksums: None,
        figures: None,
    }
}

/// The diagnostics of the example with a mutation, by the same steps as `pipeline::check`.
fn problems(example: &Example, mutation: &Mutation, is_rendered: bool) -> Vec<Diagnostic> {
    let (path, source) = &example.files[mutation.file];
    let (decoded, mut diagnostics) = load::decoded(source.path.clone(), mutation.bytes.clone());
    let mut site = Arc::clone(&example.files[0].1);
    let mut pages = example.pages.clone();
    match (mutation.file, &decoded) {
        (0, Some(source)) => site = Arc::clone(source),
        (0, None) => return diagnostics,
        (_, Some(_)) => {}
        (page, None) => pages[page - 1] = Parsed::Broken { file: path.clone() },
    }
    let (read, more) = site_yaml::site(&site);
    diagnostics.extend(more);
    let Some(config) = read.config else { return diagnostics };
    if decoded.is_some() {
        let affected = example.affected(mutation.file, &config.languages);
        let parsed = example.parsed(&affected, &config.languages, decoded.as_ref());
        for (page, (read, more)) in affected.into_iter().zip(parsed) {
            diagnostics.extend(more);
            pages[page - 1] = read;
        }
    }
    let sources = beside_pages(&example.sources);
    let options = Options { today: "2027-03-15".parse().unwrap(), preview: false, rehearsal: false, minify: true };
    let (site, contents, more) = resolve::site(Arc::new(config), pages, &sources, &example.theme.names, options);
    diagnostics.extend(more);
    let (notes, more) = notes::read(&site, &sources);
    diagnostics.extend(more);
    let (_, more) = LeadTags::of(&site);
    diagnostics.extend(more);
    let bodies: Vec<Body> = contents.bodies.iter().map(|body| body.read().unwrap()).collect();
    let checked = CheckContext {
        site: &site,
        bodies: &bodies,
        outlines: &contents.outlines,
        theme: &example.theme,
        notes: &notes,
        reported: &diagnostics,
        changes: None,
    };
    let advice = check::all(&checked);
    diagnostics.extend(advice);
    if is_rendered && !diagnostics.iter().any(is_error) {
        let register = Register::default();
        let (_, more) =
            render::site(&site, &contents.bodies, &example.theme, &register, &DiscardSink, &|_, _| {}).unwrap();
        diagnostics.extend(more);
        let fingerprint = sales::fingerprint(&site, &register, &notes);
        sales::write(&site, &register, &notes, fingerprint, &DiscardSink).unwrap();
    }
    diagnostics
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// Edits one line of one file.
fn mutate(rng: &mut Rng, example: &Example) -> Mutation {
    loop {
        // One fifth of the mutations edit `site.yaml`, the others the pages.
        let file = if rng.u8(..5) == 0 { 0 } else { rng.usize(1..example.files.len()) };
        let text = &example.files[file].1.text;
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let at = rng.usize(..lines.len());
        let line = lines[at].clone();
        let (how, mutated) = match rng.u8(..10) {
            0 => ("a key misspelt", with_typo(rng, &line)),
            1 => ("a line dropped", Some(String::new())),
            2 => ("an indent shifted", with_other_indent(rng, &line)),
            3 => ("a quote, colon or bracket removed", without_punctuation(rng, &line)),
            4 => ("a value of another type", with_other_type(rng, &line)),
            5 => ("a line doubled", Some(line.repeat(2))),
            6 => ("a tab", Some(format!("\t{line}"))),
            7 => ("a line cut", truncated(rng, &line)),
            8 => ("an attribute of a block changed", with_other_attribute(rng, &line)),
            _ => {
                let mut bytes = text.clone().into_bytes();
                let byte = rng.usize(..bytes.len());
                bytes[byte] ^= 1 << rng.u8(..8);
                return Mutation { how: "a bit flipped", file, bytes };
            }
        };
        match mutated {
            Some(mutated) if mutated != line => {
                lines[at] = mutated;
                return Mutation { how, file, bytes: lines.concat().into_bytes() };
            }
            _ => {}
        }
    }
}

/// Swaps two letters of the key, or removes or doubles one.
fn with_typo(rng: &mut Rng, line: &str) -> Option<String> {
    let indent = line.len() - line.trim_start().len();
    let key = line[indent..].split_once(':')?.0;
    let letters: Vec<char> = key.chars().collect();
    if letters.len() < 2 || !key.chars().all(|c| c.is_ascii_lowercase() || "_-".contains(c)) {
        return None;
    }
    let mut wrong = letters.clone();
    let at = rng.usize(..letters.len() - 1);
    match rng.u8(..3) {
        0 => wrong.swap(at, at + 1),
        1 => drop(wrong.remove(at)),
        _ => wrong.insert(at, letters[at]),
    }
    Some(format!("{}{}{}", &line[..indent], wrong.iter().collect::<String>(), &line[indent + key.len()..]))
}

fn with_other_indent(rng: &mut Rng, line: &str) -> Option<String> {
    let by = rng.usize(1..4);
    match rng.bool() {
        true => Some(format!("{}{line}", " ".repeat(by))),
        false => line.strip_prefix(&" ".repeat(by)).map(str::to_owned),
    }
}

fn without_punctuation(rng: &mut Rng, line: &str) -> Option<String> {
    let marks: Vec<usize> = line.match_indices(|c| "\"':[]{}(),".contains(c)).map(|(at, _)| at).collect();
    let at = *rng.choice(&marks)?;
    Some(format!("{}{}", &line[..at], &line[at + 1..]))
}

fn with_other_type(rng: &mut Rng, line: &str) -> Option<String> {
    let (key, _) = line.split_once(": ")?;
    let values =
        ["[a, b]", "{ a: b }", "true", "12", "", "~", "\"", "31/12/2027", "- x", "text: more", "#", "|", "*x", "@x"];
    Some(format!("{key}: {}\n", rng.choice(values)?))
}

/// Changes the attributes of a line that opens a block: misspells one, adds one, doubles one, or takes a value away.
fn with_other_attribute(rng: &mut Rng, line: &str) -> Option<String> {
    let (name, attributes) =
        line.trim_end().strip_prefix(":::")?.trim_start_matches(':').trim().split_once(' ').or_else(|| {
            let name = line.trim_end().trim_start_matches(':').trim();
            (!name.is_empty()).then_some((name, ""))
        })?;
    let added =
        ["flipp", "left", "flip=yes", "by=\"\"", "by=Amina Otieno", "price=", "=x", "\"x\"", "by=“x”", "centered"];
    let attributes = match rng.u8(..4) {
        0 => attributes.replacen(rng.choice(["e", "r", "i"])?, "", 1),
        1 => format!("{attributes} {}", rng.choice(added)?),
        2 => format!("{attributes} {attributes}"),
        _ => attributes.split_once('=').map(|(key, _)| key.to_owned())?,
    };
    Some(format!("::: {name} {attributes}\n"))
}

fn truncated(rng: &mut Rng, line: &str) -> Option<String> {
    let length = line.trim_end().chars().count();
    (length > 1).then(|| line.chars().take(rng.usize(..length)).chain(['\n']).collect())
}

/// The lines of the new text that differ from the old one.
fn differing(old: &str, new: &str) -> Lines {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same;
    let same_end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    Lines { first: same + 1, last: (new.len() - same_end).max(same + 1) }
}

/// Rules about something that the mutation removed. They are reported at references to it, since it has no place
/// itself.
fn is_about_removed_part(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::UnknownCta
            | Rule::UnknownChannel
            | Rule::UnknownDestination
            | Rule::MissingDestination
            | Rule::MissingAnchor
            | Rule::BrokenLink
            | Rule::MissingFootnote
            | Rule::UnknownBlock
            | Rule::MissingKey
            // A kind without one of its ways, such as `form`.
            | Rule::BadCtaKind
    )
}

/// Rules about the keys of a mapping.
fn is_about_keys(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::UnknownKey | Rule::MissingKey | Rule::DuplicateKey | Rule::BadCtaKind | Rule::BadId | Rule::WrongType
    )
}

/// What is unexpected about an outcome, if anything.
fn unexpected(example: &Example, mutation: &Mutation, diagnostics: &[Diagnostic]) -> Option<String> {
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| is_error(diagnostic)).collect();
    let source = &example.files[mutation.file].1;
    let new = String::from_utf8_lossy(&mutation.bytes).into_owned();
    let lines = differing(&source.text, &new);
    let new = SourceText::new(source.path.clone(), new);
    // The text of a page is freed once it is parsed.
    let line_of = |label: &tagline::diagnostics::Label| new.line_and_column(label.span.start as usize).0;
    let near = |error: &&&Diagnostic| {
        let mut here = error.labels.iter().filter(|label| label.source.path == source.path);
        here.any(|label| (lines.first.saturating_sub(1)..=lines.last + 1).contains(&line_of(label)))
    };
    let elsewhere = |error: &&&Diagnostic| {
        !near(error)
            && !is_about_removed_part(error.rule)
            && error.labels.first().is_some_and(|label| label.source.path == source.path)
    };
    let placeless = |error: &&&Diagnostic| error.labels.is_empty() && error.file.is_none();
    // If a mutation moves keys into another mapping, each is an unknown key there, the first one next to the edit.
    // A moved key is often reported at the keys below it, one line further on.
    let below = |error: &&Diagnostic| error.labels.first().is_some_and(|label| line_of(label) == lines.last + 2);
    let reported_nearby = errors.iter().any(|error| near(&error) || is_about_keys(error.rule) && below(error));
    let follows = |error: &&&Diagnostic| reported_nearby && is_about_keys(error.rule);
    // If a block line is removed, or turned into another complete block line, there is nothing to point at.
    let changed = || new.text.lines().skip(lines.first - 1).take(lines.last + 1 - lines.first);
    let is_damaged = changed().any(|line| line.trim_start().starts_with(':') && !line.starts_with(":::"));
    let of_block =
        |error: &&&Diagnostic| !is_damaged && matches!(error.rule, Rule::UnopenedBlock | Rule::UnclosedBlock);
    let wrong: Vec<_> = errors
        .iter()
        .filter(|error| placeless(error) || elsewhere(error) && !follows(error) && !of_block(error))
        .collect();
    if wrong.is_empty() {
        return None;
    }
    let mut text = format!("{} in {}:{}-{}\n", mutation.how, source.path, lines.first, lines.last);
    for line in new.text.lines().skip(lines.first.saturating_sub(2)).take(lines.last + 3 - lines.first) {
        let _ = writeln!(text, "    {line}");
    }
    for error in wrong {
        let line = error.labels.first().map_or(0, line_of);
        let _ = writeln!(text, "  reported at {line}: [{}] {}", error.rule.id(), error.message);
    }
    Some(text)
}

/// Runs one mutation. Returns its time, whether the site was valid, and what was unexpected.
fn outcome(example: &Example, number: u64) -> (Duration, bool, Option<String>) {
    let mutation = mutate(&mut Rng::with_seed(number), example);
    let started = Instant::now();
    let diagnostics =
        catch_unwind(AssertUnwindSafe(|| problems(example, &mutation, number.is_multiple_of(RENDER_EVERY))));
    let took = started.elapsed();
    let unexpected = match &diagnostics {
        Ok(diagnostics) => unexpected(example, &mutation, diagnostics),
        Err(_) => Some(format!("a panic: {} in {}\n", mutation.how, example.files[mutation.file].1.path)),
    };
    let whole = diagnostics.is_ok_and(|diagnostics| !diagnostics.iter().any(is_error));
    (took, whole, unexpected.map(|unexpected| format!("=== seed {number}: {unexpected}")))
}

/// Returns the time of a mutation while no other one runs: a thread that waits for a part of one processes another meanwhile.
fn time_alone(example: &Example, number: u64) -> Duration {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| outcome(example, number).0)
}

#[test]
fn random_edits_end_in_a_site_or_in_located_errors() {
    let mutations = random_cases(MUTATIONS) as u64;
    let example = example();
    let started = Instant::now();
    let outcomes: Vec<_> = (0..mutations).into_par_iter().map(|number| outcome(&example, number)).collect();
    let whole = outcomes.iter().filter(|(_, whole, _)| *whole).count();
    let longest = outcomes.iter().map(|(took, ..)| *took).max().unwrap_or_default();
    println!("{mutations} mutations in {:?}: {whole} whole sites, the longest {longest:?}", started.elapsed());
    let failures: Vec<&str> = outcomes.iter().filter_map(|(.., unexpected)| unexpected.as_deref()).collect();
    assert!(failures.is_empty(), "{} surprises\n{}", failures.len(), failures[..failures.len().min(60)].concat());
    let limit = LIMIT * PATIENCE;
    let slow = (0..mutations).zip(&outcomes).filter(|(_, (took, ..))| *took >= limit).map(|(number, _)| number);
    let slow: Vec<_> = slow.map(|number| (number, time_alone(&example, number))).collect();
    assert!(slow.iter().all(|(_, took)| *took < limit), "seeds and times: {slow:?}");
}
