//! Rules about the body of a page: blocks, links, images, footnotes.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Body", intro: "" };

pub const UNKNOWN_BLOCK: Definition = Definition {
    id: "unknown-block",
    class: Class::Essential,
    why: "the theme has no template for the block",
    explanation: "
        [Blocks](blocks.md) lists the blocks of the theme `launch`.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: heroo
        Hello.
        :::
    ",
    passing: "
        ::: hero
        Hello.
        :::
    ",
};

pub const UNCLOSED_BLOCK: Definition = Definition {
    id: "unclosed-block",
    class: Class::Essential,
    why: "everything after the block would become part of it",
    explanation: "
        Close the block with `:::` on a line of its own, without a name.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: hero
        Hello.
    ",
    passing: "
        ::: hero
        Hello.
        :::
    ",
};

pub const UNOPENED_BLOCK: Definition = Definition {
    id: "unopened-block",
    class: Class::Essential,
    why: "a `:::` without an open block means that a block was closed too early",
    explanation: "
        Delete the line, or move the other `:::` to the end of its block.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: hero
        Hello.
        :::
        :::
    ",
    passing: "
        ::: hero
        Hello.
        :::
    ",
};

pub const BAD_BLOCK_ATTRIBUTE: Definition = Definition {
    id: "bad-block-attribute",
    class: Class::Essential,
    why: "an attribute that cannot be read, or that the block does not have, would have no effect",
    explanation: "
        Write `key=\"value\"` with straight quotes, `key=word`, or a single word. [Blocks](blocks.md#the-blocks-of-launch) lists
        the attributes of each block. The blocks of your own theme [declare](themes.md#declare-what-a-block-takes) theirs.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: quote by=“Amina O.”
        Six roles in two weeks.
        :::
    ",
    passing: "
        ::: quote by=\"Amina O.\"
        Six roles in two weeks.
        :::
    ",
};

pub const INCOMPLETE_BLOCK: Definition = Definition {
    id: "incomplete-block",
    class: Class::Warning,
    why: "a block without the content that it arranges shows a gap, or nothing",
    explanation: "
        Examples are a `faq` without `###` questions or with a question that has no answer, a `video` that links to a page or a
        playlist, `stats` without bold figures, and a `countdown` on a page that has no `ends`. [Blocks](blocks.md#the-blocks-of-launch) has an example of each block.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: faq
        **Do I need a ticket?**

        Yes, from the organizers.
        :::
    ",
    passing: "
        ::: faq
        ### Do I need a ticket?

        Yes, from the organizers.
        :::
    ",
};

pub const MISPLACED_BLOCK: Definition = Definition {
    id: "misplaced-block",
    class: Class::Warning,
    why: "a block line at the wrong place is shown as text, and some blocks only work inside another one",
    explanation: "
        A block line begins in the first column, with at least three colons. A `plan` is inside of `pricing`, and a `column`
        inside of `columns`.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: column
        Two open roles at a time.
        :::
    ",
    passing: "
        :::: columns
        ::: column
        Two open roles at a time.
        :::
        ::::
    ",
};

pub const FAILED_MARKUP: Definition = Definition {
    id: "failed-markup",
    class: Class::Warning,
    why: "markup that Markdown does not recognize is shown as text",
    explanation: "
        Examples are bold text that is not closed, a link whose address has spaces, an e-mail address that is not a link, a bullet
        that was pasted from a word processor, a no-break space behind `##`, and a shortcode or a box of another generator. To show the characters as they are, write a backslash before the first of them,
        or put them between backticks.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [The floor plan](Floor plan (final).pdf)
    ",
    passing: "
        [The floor plan](<Floor plan (final).pdf>)
    ",
};

pub const DUPLICATE_OFFER: Definition = Definition {
    id: "duplicate-offer",
    class: Class::Essential,
    why: "two forms or cards for the same call to action on a page would have the same id",
    explanation: "
        Show it once, and link to it as often as you like.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: offer save
        :::

        ::: offer save
        :::
    ",
    passing: "
        ::: offer save
        :::

        [](cta:save)
    ",
};

pub const NESTING_TOO_DEEP: Definition = Definition {
    id: "nesting-too-deep",
    class: Class::Essential,
    why: "a limit keeps the time and memory of every build bounded",
    explanation: "
        At most 16 blocks, 48 lists, quotes and emphases, and 256 HTML elements can be nested. A block has at most 1,000
        footnotes.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        > > > > > > > …            (49 of them)
    ",
    passing: "
        > > A quote in a quote.
    ",
};

pub const RAW_HTML: Definition = Definition {
    id: "raw-html",
    class: Class::Warning,
    why: "HTML in a page is shown as text unless the site allows it",
    explanation: "
        A site allows it with `markdown: { raw_html: true }`. Comments are removed without a warning.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        Save <b>20%</b> today.
    ",
    passing: "
        Save **20%** today.
    ",
};

pub const BROKEN_LINK: Definition = Definition {
    id: "broken-link",
    class: Class::Essential,
    why: "a link without a target loses the visitor",
    explanation: "
        Link to a page by its file. A path that begins with `/` is searched in `content/`, then in `static/`. Any other path is
        relative to the page.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Prices](/prices/)
    ",
    passing: "
        [Prices](/prices.md)
    ",
};

pub const ABSOLUTE_INTERNAL_LINK: Definition = Definition {
    id: "absolute-internal-link",
    class: Class::Warning,
    why: "a link with the whole address of this site breaks when the page moves, and leaves a preview",
    explanation: "
        The address begins with `base_url`, as copied from an address bar. Write the file of the page instead. Then a missing page
        is an error, and the link follows the page to its next address. If there is no such page, but another program serves
        the address on the same host, allow the rule.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Prices](https://kazi.example/prices/)
    ",
    passing: "
        [Prices](/prices.md)
    ",
};

pub const MISSING_ANCHOR: Definition = Definition {
    id: "missing-anchor",
    class: Class::Essential,
    why: "the link would lead to the top of the page instead of the heading",
    explanation: "
        The anchor is the text of the heading in lower case, with hyphens for spaces, or the heading's own id.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Prices for teams](/prices.md#team)
    ",
    passing: "
        [Prices for teams](/prices.md#teams)
    ",
};

pub const LINK_TO_UNPUBLISHED_PAGE: Definition = Definition {
    id: "link-to-unpublished-page",
    class: Class::Warning,
    why: "a link to a page that is not published yet is rendered as plain text",
    explanation: "
        The page is a draft, or has not started. The link appears when the page is published.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        See our [summer offer](summer.md).           (it starts in May)
    ",
    passing: "
        See our [prices](prices.md).
    ",
};

pub const BROKEN_IMAGE: Definition = Definition {
    id: "broken-image",
    class: Class::Essential,
    why: "browsers show a gap in place of an image that they cannot read",
    explanation: "
        The file is incomplete, damaged or not an image. Copy it again. An error in an SVG is reported at its line. Tagline
        decodes each image once to check it.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ![A team at a table](team.jpg)           (only half of the file was copied)
    ",
    passing: "
        ![A team at a table](team.jpg)           (copied again)
    ",
};

pub const IMAGE_TOO_LARGE: Definition = Definition {
    id: "image-too-large",
    class: Class::Essential,
    why: "a limit keeps the time and memory of every build bounded",
    explanation: "
        The limit is 100 million pixels and 100 MB for an image, and 4 MB for an SVG. No page shows an image wider than 2,400
        pixels, and a file of a few kilobytes can expand to pixels that fill the memory.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ![The floor plan](plan.png)              (50000 × 50000 pixels)
    ",
    passing: "
        ![The floor plan](plan.png)              (2400 × 2400 pixels)
    ",
};

pub const UNSAFE_SVG: Definition = Definition {
    id: "unsafe-svg",
    class: Class::Warning,
    why: "an image does not need scripts or external files, so they are removed from a published SVG",
    explanation: "
        Removed are scripts, event handlers, HTML, and addresses of other hosts. The image looks the same without them. Remove
        them from the file to get rid of the warning.
    ",
    examples_in: ExamplesIn::Other("xml"),
    failing: "
        <svg xmlns=\"http://www.w3.org/2000/svg\"><script>…</script><path d=\"M0 0h9v9z\"/></svg>
    ",
    passing: "
        <svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>
    ",
};

pub const PICTURE_POSITION: Definition = Definition {
    id: "picture-position",
    class: Class::Warning,
    why: "cameras record where a photograph was taken, often at somebody's home",
    explanation: "
        The rule finds GPS positions in files that are published unchanged: pictures that a page links to or offers as a
        download, AVIF and moving pictures, and everything in `static/`. Pictures that a page shows are published without
        metadata. Remove the metadata: `exiftool -all= -tagsfromfile @ -icc_profile -orientation team.jpg`.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        [Photograph for the press](team.jpg)     (with a GPS position)
    ",
    passing: "
        [Photograph for the press](team.jpg)     (without metadata)
    ",
};

pub const MISSING_FOOTNOTE: Definition = Definition {
    id: "missing-footnote",
    class: Class::Essential,
    why: "a footnote is defined in the block that uses it",
    explanation: "
        Footnotes are still numbered through the whole page.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        ::: hero
        Six roles in two weeks.[^1]
        :::

        [^1]: In the spring of 2026.
    ",
    passing: "
        ::: hero
        Six roles in two weeks.[^1]

        [^1]: In the spring of 2026.
        :::
    ",
};

pub const UNUSED_NOTES: Definition = Definition {
    id: "unused-notes",
    class: Class::Warning,
    why: "sales never sees notes that belong to no page",
    explanation: "
        `sales.md` belongs to `index.md` in the same folder, and `offer.sales.md` belongs to `offer.md`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/offer.md
        content/ofer.sales.md
    ",
    passing: "
        content/offer.md
        content/offer.sales.md
    ",
};
