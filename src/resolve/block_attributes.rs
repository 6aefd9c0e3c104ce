//! Checks the attributes of blocks against the declarations of the theme.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::block::{
    AttributeDeclaration, AttributeKind, BlockDeclaration, DeclaredBlocks, attribute_of, number, shown_forms,
    shows_a_cta,
};
use crate::model::body::{Attribute, AttributeValue, BlockLine, HeadingAttributes, Outline};
use crate::model::page::Page;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// The level of the headings that begin a section of a block.
const SECTION_LEVEL: u8 = 3;
/// The most attributes of one block that are reported.
const MAX_REPORTED: usize = 16;

/// Reports the attributes of a page's blocks that their declarations do not allow, and required ones that are missing.
pub fn check(page: &Page, outline: &Outline, blocks: &DeclaredBlocks, icons: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for line in outline.blocks.iter().chain(&outline.thanks_blocks) {
        let Some(Some(declaration)) = blocks.get(&line.name) else { continue };
        let declared = &declaration.attributes;
        let block = Attributes { source: &page.source, page, line, declared, icons, of_heading: false };
        let before = diagnostics.len();
        diagnostics.extend(block.attributes().filter_map(|attribute| block.error(attribute)).take(MAX_REPORTED));
        // Of a page with errors, some attributes may only be unreadable.
        if !page.broken && diagnostics.len() == before {
            diagnostics.extend(block.missing());
        }
    }
    let of_headings =
        outline.heading_attributes.iter().flat_map(|heading| wrong_on_heading(page, heading, blocks, icons));
    diagnostics.extend(of_headings);
    diagnostics.extend(shown_twice(page, outline, blocks));
    diagnostics
}

/// Reports the attributes of a heading that the block around it does not take. Outside of blocks, and on other headings
/// than `###`, only attributes that some block of the theme takes are reported: they are in the wrong place.
fn wrong_on_heading(
    page: &Page,
    heading: &HeadingAttributes,
    blocks: &DeclaredBlocks,
    icons: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let declaration = heading.block.as_ref().map(|name| blocks.get(name).map(Option::as_ref));
    let declared = match declaration {
        // The block is unknown, which is reported, or takes anything.
        Some(None | Some(None)) => return Vec::new(),
        Some(Some(Some(declaration))) if heading.level == SECTION_LEVEL => &declaration.headings,
        Some(Some(Some(_))) | None => {
            return heading.attributes.iter().filter_map(|attribute| misplaced(page, attribute, blocks)).collect();
        }
    };
    let name = heading.block.clone().unwrap_or_default();
    let span = heading.attributes.first().map_or(Span::new(0, 0), |first| first.span);
    let line = BlockLine { name, attributes: heading.attributes.clone(), span };
    let attributes = Attributes { source: &page.source, page, line: &line, declared, icons, of_heading: true };
    heading.attributes.iter().filter_map(|attribute| attributes.error(attribute)).take(MAX_REPORTED).collect()
}

/// Reports an attribute of a heading that only headings of some blocks take.
fn misplaced(page: &Page, attribute: &Attribute, blocks: &DeclaredBlocks) -> Option<Diagnostic> {
    let takes_it = |declaration: &&BlockDeclaration| declaration.headings.contains_key(&attribute.name);
    let blocks = blocks.iter().filter_map(|(name, declaration)| Some((name, declaration.as_ref()?)));
    let blocks: Vec<&str> = blocks.filter(|(_, it)| takes_it(it)).map(|(name, _)| name.as_str()).collect();
    // Of a page with errors, the line that opens the block may only be unreadable.
    if blocks.is_empty() || page.broken {
        return None;
    }
    let diagnostic = Diagnostic::error(Rule::BadBlockAttribute, format!("this heading takes no `{}`", attribute.name));
    let help = format!("the `###` headings of {} take it", list(blocks));
    Some(diagnostic.at(&page.source, attribute.span, "has no effect here").help(help))
}

/// Reports forms that a page shows a second time. Two `offer` blocks are reported with their links.
fn shown_twice(page: &Page, outline: &Outline, blocks: &DeclaredBlocks) -> Vec<Diagnostic> {
    let of_blocks = shown_forms(outline, blocks).filter_map(|form| Some((form.value.text()?, form.span, true)));
    let offered = outline.offers.iter().map(|(id, span)| (id.as_str(), *span, false));
    let mut shown: Vec<_> = of_blocks.chain(offered).collect();
    shown.sort_by_key(|(_, span, _)| *span);
    let is_second = |(at, (id, _, in_block)): (usize, &(&str, Span, bool))| {
        shown[..at].iter().any(|(other, _, other_in_block)| other == id && (*in_block || *other_in_block))
    };
    let seconds = shown.iter().enumerate().filter(|(at, it)| is_second((*at, it))).map(|(_, it)| it);
    let diagnostics = seconds.map(|(id, span, _)| {
        Diagnostic::error(Rule::DuplicateOffer, format!("`{id}` is offered twice on this page"))
            .at(&page.source, *span, "second form")
            .help(format!("link to the first one: `[](cta:{id})`"))
    });
    diagnostics.collect()
}

/// The attributes of a block or of a heading, with their declarations.
struct Attributes<'a> {
    source: &'a Arc<SourceText>,
    page: &'a Page,
    /// The opening line of the block. Of a heading, the name of the block around it with the heading's attributes.
    line: &'a BlockLine,
    declared: &'a IndexMap<String, AttributeDeclaration>,
    icons: &'a BTreeSet<String>,
    of_heading: bool,
}

impl<'a> Attributes<'a> {
    /// Returns the attributes that the theme declares. The first one of an `offer` or a `signup` is the id of a call to
    /// action.
    fn attributes(&self) -> impl Iterator<Item = &'a Attribute> + use<'a> {
        self.line.attributes.iter().skip(usize::from(shows_a_cta(&self.line.name) && !self.of_heading))
    }

    fn given(&self, name: &str) -> Option<&'a Attribute> {
        self.attributes().find(|attribute| attribute.name == name)
    }

    /// Returns an attribute that is given, if it has the value that `item` may name: `centred`, `picture=left`.
    fn given_as(&self, item: &str) -> Option<&'a Attribute> {
        let has_value =
            |given: &&Attribute| item.split_once('=').is_none_or(|(_, value)| given.value.text() == Some(value));
        self.given(attribute_of(item)).filter(has_value)
    }

    /// Tests whether an attribute is missing. An unknown one may be it, misspelt, and is reported itself.
    fn lacks(&self, name: &str) -> bool {
        let is_known = |attribute: &Attribute| self.declared.contains_key(&attribute.name);
        self.given(name).is_none() && self.attributes().all(is_known)
    }

    /// Returns what is wrong with an attribute.
    fn error(&self, attribute: &Attribute) -> Option<Diagnostic> {
        let Some(declared) = self.declared.get(&attribute.name) else {
            return Some(self.unknown(attribute));
        };
        if !declared.kind.accepts(&attribute.value) {
            return Some(self.bad_value(attribute, &declared.kind));
        }
        if let AttributeValue::Text(id) = &attribute.value
            && let Some(unknown) = match declared.kind {
                AttributeKind::Event => self.unknown_event(attribute, id),
                AttributeKind::Form => self.no_form(attribute, id),
                AttributeKind::Channel => self.unknown_channel(attribute, id),
                AttributeKind::Icon => self.unknown_icon(attribute, id),
                AttributeKind::Flag | AttributeKind::Text | AttributeKind::Number { .. } | AttributeKind::Choice(_) => {
                    None
                }
            }
        {
            return Some(unknown);
        }
        let name = &attribute.name;
        if let Some(other) = declared.with.as_ref().filter(|other| self.lacks(other)) {
            let kind = self.declared.get(other).map_or(&AttributeKind::Text, |other| &other.kind);
            let diagnostic = self.diagnostic(format!("`{name}` has no effect without `{other}`"), attribute);
            return Some(diagnostic.help(format!("write `{}` too", kind.example(other))));
        }
        let other = declared.not_with.iter().find_map(|other| self.given_as(other))?;
        let (first, second) = if other.span < attribute.span { (other, attribute) } else { (attribute, other) };
        let diagnostic =
            self.diagnostic(format!("`{}` and `{}` contradict each other", first.name, second.name), second);
        Some(diagnostic.at(self.source, first.span, "the other one").help("remove one of the two"))
    }

    /// Reports an attribute that names no event of the page.
    fn unknown_event(&self, attribute: &Attribute, id: &str) -> Option<Diagnostic> {
        let events =
            || self.page.front.ctas.values().filter(|cta| cta.event().is_some()).map(|cta| cta.id.value.as_str());
        // Of a page with errors, the event may only be unreadable.
        if self.page.broken || events().any(|event| event == id) {
            return None;
        }
        let diagnostic = self.error_at(Rule::UnknownCta, format!("this page has no event `{id}`"), attribute);
        Some(diagnostic.suggest(id, events()).or_help(match events().next() {
            Some(_) => format!("its events are {}", list(events())),
            None => "add one to `ctas` in the front matter: `event: { starts: …, ends: …, … }`".to_owned(),
        }))
    }

    /// Reports an attribute that names no call to action with a form.
    fn no_form(&self, attribute: &Attribute, id: &str) -> Option<Diagnostic> {
        let ctas = &self.page.front.ctas;
        let with_form = || ctas.values().filter(|cta| cta.form().is_some()).map(|cta| cta.id.value.as_str());
        // Of a page with errors, the call to action may only be unreadable.
        if self.page.broken || with_form().any(|cta| cta == id) {
            return None;
        }
        if ctas.contains_key(id) {
            let diagnostic = self.diagnostic(format!("`{id}` has no form"), attribute);
            return Some(diagnostic.help(format!("write its button into the block: `[](cta:{id})`")));
        }
        let message = format!("no call to action `{id}` on this page");
        let diagnostic = self.error_at(Rule::UnknownCta, message, attribute).suggest(id, with_form());
        Some(diagnostic.or_help(match with_form().next() {
            Some(_) => format!("those with a form are {}", list(with_form())),
            None => "add one to `ctas` in the front matter, with `form: [name, email]`".to_owned(),
        }))
    }

    /// Reports an attribute that names no channel of the page's campaign.
    fn unknown_channel(&self, attribute: &Attribute, id: &str) -> Option<Diagnostic> {
        let channels = || self.page.front.channels.iter().map(|channel| channel.value.as_str());
        if self.page.broken || channels().any(|channel| channel == id) {
            return None;
        }
        let is_campaign = !self.page.front.ctas.is_empty();
        let message = match is_campaign {
            true => format!("this campaign does not run on the channel `{id}`"),
            false => "only the page of a campaign has channels".to_owned(),
        };
        let diagnostic = self.error_at(Rule::UnknownChannel, message, attribute).suggest(id, channels());
        Some(diagnostic.or_help(match is_campaign {
            true => format!("add it to `channels` in the front matter: `channels: [{id}]`"),
            false => format!("leave out `{}`", attribute.name),
        }))
    }

    /// Reports an attribute that names no icon of the theme.
    fn unknown_icon(&self, attribute: &Attribute, name: &str) -> Option<Diagnostic> {
        let icons = || self.icons.iter().map(String::as_str);
        if self.icons.contains(name) {
            return None;
        }
        let diagnostic = self.diagnostic(format!("the theme has no icon `{name}`"), attribute).suggest(name, icons());
        let similar = icons().filter(|icon| icon.split('-').any(|part| name.split('-').any(|own| own == part)));
        let similar: Vec<&str> = similar.collect();
        Some(diagnostic.or_help(match similar.is_empty() {
            false => format!("similar icons are {}", list(similar)),
            true => format!("the icons are {}", list(icons())),
        }))
    }

    fn diagnostic(&self, message: String, attribute: &Attribute) -> Diagnostic {
        self.error_at(Rule::BadBlockAttribute, message, attribute)
    }

    fn error_at(&self, rule: Rule, message: String, attribute: &Attribute) -> Diagnostic {
        let label = match self.of_heading {
            true => format!("on a heading in `{}`", self.line.name),
            false => format!("in a block `{}`", self.line.name),
        };
        Diagnostic::error(rule, message).at(self.source, attribute.span, label)
    }

    fn unknown(&self, attribute: &Attribute) -> Diagnostic {
        let name = &attribute.name;
        let message = match self.of_heading {
            true => format!("headings in `{}` have no attribute `{name}`", self.line.name),
            false => format!("the block `{}` has no attribute `{name}`", self.line.name),
        };
        let diagnostic = self.diagnostic(message, attribute);
        let diagnostic = match self.meant(attribute) {
            Some(meant) if self.is_certain(attribute, &meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).replace(&**name, meant)
            }
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic,
        };
        diagnostic.or_help(match (self.unquoted(attribute), self.declared.is_empty()) {
            (Some(written), _) => format!("put quotes around a text of several words: `{written}`"),
            (None, true) if self.of_heading => "remove it".to_owned(),
            (None, true) => format!("`{}` takes no attributes; write the text between its lines", self.line.name),
            (None, false) => {
                let examples = self.declared.iter().map(|(name, declared)| declared.kind.example(name));
                let examples: Vec<String> = examples.collect();
                let owner = if self.of_heading { "a heading here" } else { &format!("`{}`", self.line.name) };
                format!("{owner} takes {}", list(examples.iter().map(String::as_str)))
            }
        })
    }

    /// Returns true if an attribute is a synonym of a declared one, which is not given and can have the same value.
    fn is_certain(&self, attribute: &Attribute, meant: &str) -> bool {
        let declared = self.declared.get(meant);
        let is_synonym = |word: &String| word.eq_ignore_ascii_case(&attribute.name);
        let is_exact = declared.is_some_and(|declared| {
            declared.synonyms.iter().any(is_synonym) && declared.kind.accepts(&attribute.value)
        });
        let unknown = |other: &&Attribute| !self.declared.contains_key(&other.name);
        is_exact && self.given(meant).is_none() && self.attributes().filter(unknown).count() == 1
    }

    /// Returns the declared attribute that was probably meant, as an author writes it.
    fn meant(&self, attribute: &Attribute) -> Option<String> {
        let declared = &self.declared;
        let has_synonym = |declared: &AttributeDeclaration, word: &str| {
            declared.synonyms.iter().any(|synonym| synonym.eq_ignore_ascii_case(word))
        };
        let by_synonym = declared.iter().find(|(_, declared)| has_synonym(declared, &attribute.name));
        let by_synonym = by_synonym.map(|(name, _)| name.as_str());
        let name = by_synonym.or_else(|| nearest(&attribute.name, declared.keys().map(String::as_str)));
        if let Some(name) = name {
            return Some(self.rewritten(attribute, name));
        }
        // `left` for `side=left`, and `align=centred` for `centred`.
        match &attribute.value {
            AttributeValue::Flag => declared.iter().find_map(|(name, declared)| match &declared.kind {
                AttributeKind::Choice(choices) if choices.contains(&attribute.name) => {
                    Some(format!("{name}={}", attribute.name))
                }
                _ => None,
            }),
            AttributeValue::Text(value) => {
                let mut flags = declared.iter().filter(|(_, declared)| declared.kind == AttributeKind::Flag);
                let is_meant = |name: &str, declared: &AttributeDeclaration| {
                    nearest(value, [name]).is_some() || has_synonym(declared, value)
                };
                flags.find(|(name, declared)| is_meant(name, declared)).map(|(name, _)| name.clone())
            }
        }
    }

    /// Returns the attribute with another name, and with its value if the other one can have it.
    fn rewritten(&self, attribute: &Attribute, name: &str) -> String {
        let kind = self.declared.get(name).map_or(&AttributeKind::Text, |declared| &declared.kind);
        match (&attribute.value, kind) {
            (AttributeValue::Text(_), AttributeKind::Flag) => kind.example(name),
            (AttributeValue::Flag, AttributeKind::Flag) | (AttributeValue::Text(_), _) => name.to_owned(),
            (AttributeValue::Flag, _) => kind.example(name),
        }
    }

    /// Returns how to write a text whose later words were read as flags: `by="Amina Otieno"` for `by=Amina Otieno`.
    fn unquoted(&self, attribute: &Attribute) -> Option<String> {
        let at = self.line.attributes.iter().position(|other| other.span == attribute.span)?;
        let words = self.line.attributes[..=at].iter().rev();
        let words: Vec<&str> = words
            .take_while(|word| word.value == AttributeValue::Flag)
            .filter(|word| !self.declared.contains_key(&word.name))
            .map(|word| word.name.as_str())
            .collect();
        let text = self.line.attributes[..=at].iter().rev().nth(words.len()).filter(|text| text.is_bare_text())?;
        let AttributeValue::Text(first) = &text.value else { return None };
        let rest: Vec<&str> = words.into_iter().rev().collect();
        let is_complete = !rest.is_empty();
        is_complete.then(|| format!("{}=\"{first} {}\"", text.name, rest.join(" ")))
    }

    fn bad_value(&self, attribute: &Attribute, kind: &AttributeKind) -> Diagnostic {
        let name = &attribute.name;
        let example = kind.example(name);
        match (kind, &attribute.value) {
            (AttributeKind::Flag, AttributeValue::Text(value)) => {
                let means_no = matches!(value.to_lowercase().as_str(), "false" | "no" | "off" | "0" | "none" | "");
                let diagnostic = self.diagnostic(format!("`{name}` is a flag and takes no value"), attribute);
                diagnostic.help(match means_no {
                    true => "leave it out".to_owned(),
                    false => format!("write `{name}` alone"),
                })
            }
            (AttributeKind::Choice(choices), AttributeValue::Text(value)) => {
                let choices = || choices.iter().map(String::as_str);
                self.diagnostic(format!("`{name}` cannot be `{value}`"), attribute)
                    .suggest(value, choices())
                    .or_help(format!("it can be {}", list(choices())))
            }
            (AttributeKind::Number { max: Some(max) }, AttributeValue::Text(value)) if number(value).is_some() => self
                .diagnostic(format!("`{name}` cannot be more than {max}"), attribute)
                .help(format!("write a number from 0 to {max}")),
            (AttributeKind::Number { .. }, AttributeValue::Text(value)) => self
                .diagnostic(format!("`{value}` is no number"), attribute)
                .help(match number(&value.replace(',', ".")) {
                    Some(_) => format!("write `{name}={}`, with a point", value.replace(',', ".")),
                    None => format!("write it as in `{example}`"),
                }),
            (_, AttributeValue::Flag) => self
                .diagnostic(format!("`{name}` has no value"), attribute)
                .help(format!("write `{example}`, or leave it out")),
            (_, AttributeValue::Text(_)) => self
                .diagnostic(format!("`{name}` is empty"), attribute)
                .help(format!("write `{example}`, or leave it out")),
        }
    }

    fn missing(&self) -> impl Iterator<Item = Diagnostic> {
        let required = self.declared.iter().filter(|(_, declared)| declared.required);
        required.filter(|(name, _)| self.given(name).is_none()).map(|(name, declared)| {
            let block = &self.line.name;
            Diagnostic::error(Rule::BadBlockAttribute, format!("the block `{block}` needs `{name}`"))
                .at(self.source, self.line.span, format!("no `{name}` here"))
                .help(format!("write it as in `::: {block} {}`", declared.kind.example(name)))
        })
    }
}
