//! Rules about YAML, in `site.yaml` and in front matter.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "YAML", intro: "" };

pub const YAML_SYNTAX: Definition = Definition {
    id: "yaml-syntax",
    class: Class::Essential,
    why: "some characters have a special meaning in YAML, so text with them needs quotes",
    explanation: "
        In YAML `: ` begins a value, ` #` a comment and `[` a list. A text cannot begin with `@`, `` ` ``, `*`, `&`, `!` or
        `%`. Put quotes around such a text.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        title: Acme: save 20 %
    ",
    passing: "
        title: \"Acme: save 20 %\"
    ",
};

pub const YAML_TAB: Definition = Definition {
    id: "yaml-tab",
    class: Class::Essential,
    why: "YAML does not allow tabs for indentation",
    explanation: "
        Set your editor to indent with two spaces.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        organization:
        →name: Kazi Ltd             (→ is a tab)
    ",
    passing: "
        organization:
          name: Kazi Ltd
    ",
};

pub const YAML_ALIAS: Definition = Definition {
    id: "yaml-alias",
    class: Class::Essential,
    why: "anchors and aliases hide where a value comes from, and a few lines of them can fill the memory",
    explanation: "
        Write the value out where it is needed. Tags are not supported either. A text that begins with `&`, `*` or `!` needs
        quotes.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        extra:
          first: &note New customers only
          second: *note
    ",
    passing: "
        extra:
          first: New customers only
          second: New customers only
    ",
};

pub const YAML_TOO_DEEP: Definition = Definition {
    id: "yaml-too-deep",
    class: Class::Essential,
    why: "a limit keeps the time and memory of every build bounded",
    explanation: "
        At most 32 lists and mappings can be nested. A site needs five.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        extra: { a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] }
    ",
    passing: "
        extra: { a: [1, 2] }
    ",
};

pub const DUPLICATE_KEY: Definition = Definition {
    id: "duplicate-key",
    class: Class::Essential,
    why: "if a key is given twice, one of its values has no effect",
    explanation: "
        The rule also finds a channel or form field that is listed twice, and two headings with the same id.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        draft: true
        draft: false
    ",
    passing: "
        draft: false
    ",
};

pub const UNKNOWN_KEY: Definition = Definition {
    id: "unknown-key",
    class: Class::Essential,
    why: "a misspelt key would have no effect, and nobody would notice",
    explanation: "
        A key that is valid elsewhere is unknown here, such as `channels` on a page without `ctas`. Every key is allowed
        below `extra` and `theme_options`.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        sumary: Spring prices
    ",
    passing: "
        summary: Spring prices
    ",
};

pub const MISSING_KEY: Definition = Definition {
    id: "missing-key",
    class: Class::Essential,
    why: "the page or site cannot be rendered without this key",
    explanation: "
        A site needs `title` and `base_url`, a page `title`, a campaign `summary`. [Pages](pages.md), [calls to
        action](ctas.md) and [`site.yaml`](site.md) list all required keys.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        organization:
          email: hello@kazi.example
    ",
    passing: "
        organization:
          name: Kazi Ltd
          email: hello@kazi.example
    ",
};

pub const EMPTY_VALUE: Definition = Definition {
    id: "empty-value",
    class: Class::Essential,
    why: "in YAML, `key:` without a value is null, and so is `key: # text`",
    explanation: "
        Write a value, or delete the line.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        author: # 1 in sales
    ",
    passing: "
        author: \"# 1 in sales\"
    ",
};

pub const WRONG_TYPE: Definition = Definition {
    id: "wrong-type",
    class: Class::Essential,
    why: "the key takes another kind of value",
    explanation: "
        Examples: a text where a list is expected, `yes` where `true` is expected, a space in a coupon code, or quotation
        marks around it.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        aliases: /old-offer/
    ",
    passing: "
        aliases: [/old-offer/]
    ",
};

pub const BAD_FRONT_MATTER: Definition = Definition {
    id: "bad-front-matter",
    class: Class::Essential,
    why: "a page begins with front matter between two lines of `---`",
    explanation: "
        Front matter cannot be empty, must be closed, and has at most 64 kB. Every `.md` file below `content/` is a page,
        except `sales.md` and `*.sales.md`.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        # Hire your next team in days
    ",
    passing: "
        ---
        title: Hire your next team in days
        ---

        # Hire your next team in days
    ",
};
