//! Rules about pages in search results, for readers and for screen readers. `check/pages/` finds them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family {
    title: "Pages",
    intro: "
        Only `tagline check` reports these, for pages that are live or scheduled, and with `--preview` for drafts too.
    ",
};

pub const MISSING_SUMMARY: Definition = Definition {
    id: "missing-summary",
    class: Class::Warning,
    why: "search results and shared links show the summary of a page",
    explanation: "
        Without a `summary`, they show the first text on the page, often the menu. Say whom the page is for and what they find
        there.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        title: Prices
    ",
    passing: "
        title: Prices
        summary: What Kazi costs for teams from 10 to 200 people, and how to cancel.
    ",
};

pub const DUPLICATE_TITLE: Definition = Definition {
    id: "duplicate-title",
    class: Class::Warning,
    why: "readers cannot tell pages with the same title or summary apart",
    explanation: "
        Titles and summaries appear in search results; titles also name bookmarks and tabs. Upper and lower case count as the
        same.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        title: Hire in days      # content/spring-hiring/index.md
        title: Hire in days      # content/summer-interns/index.md
    ",
    passing: "
        title: Hire in days, 20% off in spring     # content/spring-hiring/index.md
        title: Summer interns in a week            # content/summer-interns/index.md
    ",
};

pub const OUTDATED_TRANSLATION: Definition = Definition {
    id: "outdated-translation",
    class: Class::Warning,
    why: "a translation of an earlier text may promise what is no longer true",
    explanation: "
        The digest in `original` is that of the text that was translated. `tagline new NAME --language de` writes it. When the
        original has changed, read it again, change the translation, and write the digest that the message has. Without
        `original` nothing is compared.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/spring-hiring/index.de.md

        title: Stellen besetzen
        original: 0000000000
    ",
    passing: "
        content/spring-hiring/index.de.md

        title: Stellen besetzen
        original: 3f2a9c1b0d
    ",
};

pub const UNSEEN_VERSION: Definition = Definition {
    id: "unseen-version",
    class: Class::Warning,
    why: "a test of a version that nobody gets, or that is the same as another one, never has a result",
    explanation: "
        With `split`, new visitors get the versions that it names, and `a` gets what is left of 100. A version without a share is
        seen only by those whom a link leads there. A version that has nothing of its own, in `versions` or in a block
        with `version=`, is the same page twice.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        versions:
          b: { title: Fill a role in 19 days }
          c: { title: Hire before your rivals do }
        split: { b: 50 }
    ",
    passing: "
        versions:
          b: { title: Fill a role in 19 days }
          c: { title: Hire before your rivals do }
        split: { b: 33, c: 33 }
    ",
};

pub const DECIDED_TEST: Definition = Definition {
    id: "decided-test",
    class: Class::Warning,
    why: "once a test is decided, `split` does nothing",
    explanation: "
        `winner` makes a version the page. Every visitor sees it, and the addresses of the versions lead to the page. Remove
        `split`. `versions` stays as long as the winner's texts are in it.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        versions:
          b: { title: Fill a role in 19 days }
        split: { b: 50 }
        winner: b
    ",
    passing: "
        versions:
          b: { title: Fill a role in 19 days }
        winner: b
    ",
};

pub const UNTRANSLATED_PAGE: Definition = Definition {
    id: "untranslated-page",
    class: Class::Warning,
    why: "a link to a page without a translation leads visitors to another language",
    explanation: "
        One warning for each language lists the pages without a translation. Where only some pages are translated on
        purpose, [`rules`](site.md#rules) can allow it: `rules: { untranslated-page: allow }`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/index.md
        content/index.de.md
        content/prices.md
    ",
    passing: "
        content/index.md
        content/index.de.md
        content/prices.md
        content/prices.de.md
    ",
};

pub const TRUNCATED_IN_RESULTS: Definition = Definition {
    id: "truncated-in-results",
    class: Class::Warning,
    why: "Google truncates titles and descriptions that are too wide, in the middle of a sentence",
    explanation: "
        The width counts, not the number of letters: 600 pixels for a title in Arial at 20 pixels, about 60 letters, and 990
        pixels for a summary at 14 pixels, about 160 letters. The mark shows what is cut off. The name of the site, which themes
        append to the title, is not counted.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        title: How growing companies in East Africa fill an open role in nineteen days
    ",
    passing: "
        title: Fill an open role in nineteen days
    ",
};

pub const HEADING_ORDER: Definition = Definition {
    id: "heading-order",
    class: Class::Warning,
    why: "people who use screen readers navigate by headings, and a skipped level seems to be missing",
    explanation: "
        After `##` comes `###`, not `####`. A page has one heading of level 1. Without a `#`, the page's title is that heading.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        # Prices

        #### Teams
    ",
    passing: "
        # Prices

        ## Teams
    ",
};

pub const MISSING_ALT: Definition = Definition {
    id: "missing-alt",
    class: Class::Warning,
    why: "the text of an image replaces it for people who cannot see it, and for everyone while it loads",
    explanation: "
        Describe what the image shows. For a page's `image`, write it into `image_alt`.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ![](team.jpg)
    ",
    passing: "
        ![Five people around a table, one is laughing](team.jpg)
    ",
};

pub const HEAVY_IMAGE: Definition = Definition {
    id: "heavy-image",
    class: Class::Warning,
    why: "visitors leave before a very large image has loaded",
    explanation: "
        Tagline [makes photographs smaller for each screen](pages.md#pictures), but not animations, AVIF and SVG. Of these, the
        rule reports images that are wider than 2,560 pixels or larger than 500 kB. The theme `launch` shows images at most 1,088
        pixels wide, and the sharpest screens need twice that. 500 kB take two and a half seconds on the connection with which
        Lighthouse measures phones; a page that takes longer counts as slow.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/spring-hiring/team.gif     (800 × 450 pixels, 60 frames, 7.8 MB)
    ",
    passing: "
        content/spring-hiring/team.mp4     (the same as a video, 400 kB)
    ",
};

pub const UNSUITABLE_ICON: Definition = Definition {
    id: "unsuitable-icon",
    class: Class::Warning,
    why: "browsers and phones draw an icon in a square, and phones draw it large",
    explanation: "
        `organization.icon` is a square. A PNG has at least 192 pixels in each direction, the size that Android uses;
        iPhones use 180. An SVG has any size.
    ",
    examples_in: ExamplesIn::Other("site.yaml"),
    failing: "
        organization: { name: Kazi Ltd, icon: icon.png }    # 64 × 48 pixels
    ",
    passing: "
        organization: { name: Kazi Ltd, icon: icon.png }    # 512 × 512 pixels
    ",
};

pub const VAGUE_LINK_TEXT: Definition = Definition {
    id: "vague-link-text",
    class: Class::Warning,
    why: "the text of a link should say where it leads, because some people read only the links",
    explanation: "
        `here`, `read more` and a bare address say nothing. A link without text cannot even be seen.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        Our prices are [here](/prices.md).
    ",
    passing: "
        These are [our prices](/prices.md).
    ",
};

pub const LOW_CONTRAST: Definition = Definition {
    id: "low-contrast",
    class: Class::Warning,
    why: "many people cannot read text that hardly differs from its background",
    explanation: "
        The Web Content Accessibility Guidelines 2.2 require a contrast of 4.5:1, and of 3:1 for large text. The rule checks
        two things:

        - pairs of `theme_options`, such as `on_accent`, the text on `accent`, and `text` on `background`,
        - style sheets with a rule that sets both `color` and `background`, if not even large text could be read.

        Colours that a theme derives from a single one, such as from `accent` alone, are not checked.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        theme_options: { accent: \"#ffd400\", on_accent: \"#ffffff\" }
    ",
    passing: "
        theme_options: { accent: \"#ffd400\", on_accent: \"#000000\" }
    ",
};

pub const PLACEHOLDER: Definition = Definition {
    id: "placeholder",
    class: Class::Warning,
    why: "visitors should not see text that was meant to be replaced",
    explanation: "
        The rule finds `Lorem ipsum`, `TODO`, `TBD`, `xxx`, sentences and files that `tagline new` writes to be replaced, and
        addresses at `example.com` and other names that are reserved for examples. A lead that is sent to `example.com` is lost.
        These are not reported while the site's own `base_url` is such a name, or is on this machine.

        Once the site has another title, company or address than the example of `tagline init`, the rule also reports what is left of the example: its
        company, its hosts and its pages, in notes for sales too.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        base_url: https://kazi.co.ke/
        leads: { owner: sales@kazi.example }
    ",
    passing: "
        base_url: https://kazi.co.ke/
        leads: { owner: sales@kazi.co.ke }
    ",
};
