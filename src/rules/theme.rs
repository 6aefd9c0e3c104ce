//! Rules about the theme: templates, style sheets, options, strings.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Theme", intro: "" };

pub const TEMPLATE_ERROR: Definition = Definition {
    id: "template-error",
    class: Class::Essential,
    why: "a page cannot be rendered with a broken template",
    explanation: "
        [Themes](themes.md) lists the variables of each template.
    ",
    examples_in: ExamplesIn::Other("html"),
    failing: "
        <a href=\"{{ pgae.url }}\">{{ label }}</a>
    ",
    passing: "
        <a href=\"{{ cta.url }}\">{{ label }}</a>
    ",
};

pub const MISSING_TEMPLATE: Definition = Definition {
    id: "missing-template",
    class: Class::Essential,
    why: "a page cannot be rendered without its template",
    explanation: "
        The theme lacks the page's `layout`, or one of the [required files](themes.md#files).
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        layout: landingg
    ",
    passing: "
        layout: landing
    ",
};

pub const MISSING_ASSET: Definition = Definition {
    id: "missing-asset",
    class: Class::Essential,
    why: "a page would miss its styles or images without this file of the theme",
    explanation: "
        `asset(path=\"…\")` in a template and `url(…)` in a style sheet name files below the theme's `assets/`.
    ",
    examples_in: ExamplesIn::Other("css"),
    failing: "
        .done { background: url(\"chek.svg\") }
    ",
    passing: "
        .done { background: url(\"check.svg\") }
    ",
};

pub const CSS_SYNTAX: Definition = Definition {
    id: "css-syntax",
    class: Class::Essential,
    why: "browsers ignore styles that they cannot read",
    explanation: "
        Fix the style sheet at the line of the error.
    ",
    examples_in: ExamplesIn::Other("css"),
    failing: "
        .hero { color: green;
        @media { 12 }
    ",
    passing: "
        .hero { color: green }
    ",
};

pub const BAD_THEME_OPTION: Definition = Definition {
    id: "bad-theme-option",
    class: Class::Essential,
    why: "an option that the theme does not have, or a value that it does not accept, would have no effect",
    explanation: "
        The theme's `theme.yaml` lists its looks and options. [Looks](looks.md) has those of `launch`. A site sets them in `site.yaml`, a page
        in its front matter.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        theme_options: { acent: 0b6e4f }
    ",
    passing: "
        theme_options: { accent: \"#0b6e4f\" }
    ",
};

pub const BAD_THEME_STRING: Definition = Definition {
    id: "bad-theme-string",
    class: Class::Essential,
    why: "a string that the theme does not have would never be shown",
    explanation: "
        The theme's `strings/en.yaml` lists the names of its strings and the values in braces. Put strings that only your own
        templates use below `own`.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        coupon: { coppy: Copy the code }
    ",
    passing: "
        coupon: { copy: Copy the code }
        own: { guarantee: Money back for 30 days }
    ",
};

pub const BAD_BLOCK_DECLARATION: Definition = Definition {
    id: "bad-block-declaration",
    class: Class::Essential,
    why: "pages are checked against the declaration of a block, so it has to be right itself",
    explanation: "
        The file `blocks/<name>.yaml` of a theme [declares](themes.md#declare-what-a-block-takes) what the block
        `blocks/<name>.html` takes.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        attributes: { badge: txt }
    ",
    passing: "
        attributes: { badge: text }
    ",
};

pub const MISSING_TRANSLATION: Definition = Definition {
    id: "missing-translation",
    class: Class::Warning,
    why: "visitors should not find English text on a page in their language",
    explanation: "
        The theme has no strings in the site's `language` or in one of its `languages`, or not all of them, so its buttons,
        labels and messages are in English. Add the missing strings of the theme's `strings/en.yaml`.

        `check` also lists the texts of a translation that are still those of the original, and the settings that a language
        lacks. Pages without a translation have [a rule of their own](#untranslated-page).
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        # site.yaml, with a theme that has no Dutch strings
        language: nl
    ",
    passing: "
        # themes/launch/strings/nl.yaml, and the same for every other string
        coupon: { copy: Kopiëren }
    ",
};
