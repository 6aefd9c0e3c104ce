//! Rules about files and folders.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Files", intro: "" };

pub const NOT_UTF8: Definition = Definition {
    id: "not-utf8",
    class: Class::Essential,
    why: "text in another encoding than UTF-8 would look garbled to visitors",
    explanation: "
        Save the file as UTF-8. A byte order mark and Windows line endings are fine.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        title: Hire your caf\\xe9 team     (the é is the one byte of Latin-1)
    ",
    passing: "
        title: Hire your café team         (the é is the two bytes of UTF-8)
    ",
};

pub const FORBIDDEN_CHARACTER: Definition = Definition {
    id: "forbidden-character",
    class: Class::Essential,
    why: "control characters and Unicode noncharacters have no meaning on a page",
    explanation: "
        They come with text that was copied from another program. Delete them.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        Get 20% off<U+0008> today
    ",
    passing: "
        Get 20% off today
    ",
};

pub const BAD_SYMLINK: Definition = Definition {
    id: "bad-symlink",
    class: Class::Essential,
    why: "a symbolic link that leaves the site could publish any file of the machine",
    explanation: "
        A symbolic link to a missing file or to a folder above itself is also an error. Links within the site are
        followed.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/guide.pdf -> ../../marketing/guide.pdf
    ",
    passing: "
        content/guide.pdf                              (a copy of the file)
    ",
};

pub const FILE_TOO_LARGE: Definition = Definition {
    id: "file-too-large",
    class: Class::Essential,
    why: "a limit keeps the time and memory of every build bounded",
    explanation: "
        The limit is 4 MB for a page, `site.yaml` or a template, and 1 GB for the tag register. Images and downloads have
        no limit.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/catalogue.md                           (5 MB)
    ",
    passing: "
        content/catalogue/a-to-k.md
        content/catalogue/l-to-z.md
    ",
};

pub const PATH_CLASH: Definition = Definition {
    id: "path-clash",
    class: Class::Essential,
    why: "of two files with the same output path, one would overwrite the other",
    explanation: "
        Paths that differ only in case or Unicode form count as equal, because they are equal on some file systems.
        Tagline's own paths are taken too: `/go/`, `/get/`, `/theme/`, `/sitemap.xml`, `/feed.xml`. A `404.html` or
        `robots.txt` of your own in `static/` takes the place of Tagline's.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/offer.md             /offer/
        content/offer/index.md       /offer/
    ",
    passing: "
        content/offer.md             /offer/
        content/offer-2028/index.md  /offer-2028/
    ",
};

pub const RESERVED_NAME: Definition = Definition {
    id: "reserved-name",
    class: Class::Essential,
    why: "`name.xx.md` is reserved for campaigns in several languages, which are not supported yet",
    explanation: "
        Give the page a name without a language.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/offer.de.md
    ",
    passing: "
        content/angebot.md
    ",
};

pub const BAD_FILE_NAME: Definition = Definition {
    id: "bad-file-name",
    class: Class::Essential,
    why: "the address of a page is made from the name of its file",
    explanation: "
        The name needs at least one letter or digit. The home page always has the address `/`, so a `slug` on it is also
        an error. A name in the built site has at most 255 bytes, as on every common file system, and no backslash.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/!!!.md
    ",
    passing: "
        content/wow.md
    ",
};

pub const PRIVATE_FILE: Definition = Definition {
    id: "private-file",
    class: Class::Error,
    why: "everything in `static/` is public",
    explanation: "
        The rule finds files that are in a folder by accident: folders of version control (`.git/`), settings with passwords
        (`.env`, `.htpasswd`), private keys (`id_rsa`, `*.pem`), and copies that editors leave (`.a.swp`, `a.bak`, `a~`). It
        also finds such files beside pages if a page links to them. `.well-known/` is for the public and may contain any file.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        static/.env
        static/prices.html.bak
    ",
    passing: "
        static/prices.html
        static/.well-known/security.txt
    ",
};

pub const MISSING_CONTENT: Definition = Definition {
    id: "missing-content",
    class: Class::Error,
    why: "a lead who gives an address for a guide must not get a note of 130 bytes in its place",
    explanation: "
        A published file is empty, or a stub in place of the real file: a pointer of Git LFS or git-annex, a file that git-crypt
        encrypted, the text of a symbolic link, a placeholder of iCloud, a shortcut such as `.gdoc` or `.url`, an unfinished
        download. The message says how to get the file.

        In CI, the checkout has to fetch LFS files: `lfs: true` for `actions/checkout` on GitHub, `git lfs pull` elsewhere.

        The rule looks at downloads, linked files, pictures, everything in `static/` and the assets of a theme. Empty files that
        are a mark are fine: hidden ones such as `.nojekyll`, those in `.well-known/`, and names without an extension.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/guide.pdf:
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 248512
    ",
    passing: "
        content/guide.pdf                              (the guide, 248 kB)
    ",
};

pub const WRONG_FILE_FORMAT: Definition = Definition {
    id: "wrong-file-format",
    class: Class::Warning,
    why: "programs choose how to open a file by the extension of its name",
    explanation: "
        The first bytes of a published file belong to another format than its name says. A common case is a web page in place of
        a PDF: a sign-in page or an error page was saved. Another is a picture that was renamed from `.png` to `.jpg`.
        Rename the file, or save it again in the format of its name. A PDF, a ZIP file, an Office document, a font or a video
        without its end was not copied completely.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/guide.pdf                              (begins with `<!doctype html>`)
    ",
    passing: "
        content/guide.pdf                              (begins with `%PDF-1.7`)
    ",
};

pub const UNSAFE_FILE_NAME: Definition = Definition {
    id: "unsafe-file-name",
    class: Class::Warning,
    why: "hosts, archives and other computers refuse or change some names",
    explanation: "
        The name of a published file has one of `#`, `?` and `%`, or a character that Windows does not allow (`:`, `<`, `>`, `|`,
        `\"`, `*`), ends in a dot or a space, or is the name of a device on Windows, such as `con` or `aux.pdf`. Netlify, for
        example, refuses files with `#` or `?`, and Windows cannot check out a repository with `aux.pdf`. Characters that nobody
        sees, and letters of another alphabet in a word, are reported too: nobody can type such a name.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        static/50% off?.pdf
    ",
    passing: "
        static/50-percent-off.pdf
    ",
};

pub const ROBOTS_WITHOUT_SITEMAP: Definition = Definition {
    id: "robots-without-sitemap",
    class: Class::Warning,
    why: "search engines find the sitemap by its line in `robots.txt`",
    explanation: "
        `static/robots.txt` takes the place of the one that Tagline writes, which names the sitemap. The message has the line to
        add. In a preview, Tagline's own `robots.txt` is published, because it keeps search engines away.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        User-agent: *
        Disallow: /internal/
    ",
    passing: "
        User-agent: *
        Disallow: /internal/

        Sitemap: https://kazi.example/sitemap.xml
    ",
};

pub const HIDDEN_FROM_SEARCH: Definition = Definition {
    id: "hidden-from-search",
    class: Class::Warning,
    why: "`Disallow: /` for all robots takes every page out of search results",
    explanation: "
        It is often left from a time when the site was not ready. A preview (`tagline build --preview`) hides itself, so that no
        `robots.txt` has to. If the site should stay hidden, write `rules: { hidden-from-search: allow }`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        User-agent: *
        Disallow: /
    ",
    passing: "
        User-agent: *
        Disallow: /internal/
    ",
};

pub const MISSING_SITE: Definition = Definition {
    id: "missing-site",
    class: Class::Essential,
    why: "every site has a `site.yaml`",
    explanation: "
        Change to the site's folder, or name it with `--root`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        $ tagline build --root campaigns      (site.yaml is in campaigns/2027/)
    ",
    passing: "
        $ tagline build --root campaigns/2027
    ",
};
