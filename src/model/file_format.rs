//! Formats of files: recognized by their first bytes, and expected by their extension.

use memchr::memmem;

/// A format that is recognized by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Pdf,
    Png,
    Jpeg,
    Gif,
    Webp,
    Avif,
    Heic,
    JpegXl,
    Jpeg2000,
    Tiff,
    /// The raw data of a camera. Formats based on TIFF count as TIFF.
    CameraRaw,
    Photoshop,
    PostScript,
    Icon,
    Bmp,
    Svg,
    Html,
    Zip,
    /// Word, Excel and PowerPoint before 2007, and encrypted documents since then.
    Ole,
    Rtf,
    Mp4,
    QuickTime,
    Matroska,
    Mp3,
    Wav,
    Ogg,
    Flac,
    Woff,
    Woff2,
    TrueType,
    OpenType,
    Gzip,
    SevenZip,
    Rar,
    Program,
    /// Any other text in UTF-8.
    Text,
}

use FileFormat::*;

/// Files of these extensions begin with the bytes of one of these formats. Anything else is another file.
const STRICT: &[(&[&str], &[FileFormat])] = &[
    (&["pdf"], &[Pdf]),
    (&["png"], &[Png]),
    (&["jpg", "jpeg"], &[Jpeg]),
    (&["gif"], &[Gif]),
    (&["webp"], &[Webp]),
    (&["heic", "heif"], &[Heic]),
    (&["psd"], &[Photoshop]),
    // Documents with a password are OLE files.
    (&["docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx", "ppsx"], &[Zip, Ole]),
    (&["zip", "odt", "ods", "odp", "epub", "pages", "numbers"], &[Zip]),
    (&["mp4", "m4v", "mov"], &[Mp4, QuickTime]),
    (&["webm", "mkv"], &[Matroska]),
    (&["woff"], &[Woff]),
    (&["woff2"], &[Woff2]),
    (&["gz", "tgz", "svgz"], &[Gzip]),
    (&["7z"], &[SevenZip]),
    (&["rar"], &[Rar]),
];
/// Files of these extensions may begin with bytes of no known format.
const LENIENT: &[(&[&str], &[FileFormat])] = &[
    (&["avif"], &[Avif]),
    (&["tif", "tiff"], &[Tiff]),
    (&["jxl"], &[JpegXl]),
    (&["bmp"], &[Bmp]),
    // Browsers also read pictures of other formats in an icon file.
    (&["ico"], &[Icon, Png, Gif, Jpeg, Bmp]),
    (&["svg"], &[Svg, Text]),
    (&["eps", "ps"], &[PostScript]),
    (&["ai"], &[Pdf, PostScript]),
    (&["doc", "dot"], &[Ole, Rtf, Text]),
    (&["xls", "ppt", "pps", "msg"], &[Ole, Text]),
    (&["rtf"], &[Rtf]),
    (&["mp3"], &[Mp3]),
    (&["m4a", "aac"], &[Mp4]),
    (&["wav"], &[Wav]),
    (&["ogg", "oga", "ogv", "opus"], &[Ogg]),
    (&["flac"], &[Flac, Ogg]),
    (&["ttf"], &[TrueType, OpenType]),
    (&["otf"], &[OpenType, TrueType]),
    (&["html", "htm"], &[Html, Text, Svg]),
    (&["css", "js", "mjs", "json", "map", "webmanifest", "csv", "tsv", "ics", "vcf", "yaml", "yml"], &[Text]),
    (&["xml", "rss", "atom", "xhtml", "xsl"], &[Text, Html, Svg]),
    (&["txt", "md"], &[Text, Html, Svg]),
];

/// The fewest bytes that must be text before a file counts as text.
const MIN_TEXT: usize = 3;

impl FileFormat {
    /// Recognizes the format of a file by its first bytes: a few hundred are enough.
    pub fn of(head: &[u8]) -> Option<FileFormat> {
        of_binary(head).or_else(|| of_text(head))
    }

    /// `a PDF`, `an HTML page`.
    pub fn described(self) -> &'static str {
        match self {
            Pdf => "a PDF",
            Png => "a PNG picture",
            Jpeg => "a JPEG picture",
            Gif => "a GIF picture",
            Webp => "a WebP picture",
            Avif => "an AVIF picture",
            Heic => "a HEIC picture",
            JpegXl => "a JPEG XL picture",
            Jpeg2000 => "a JPEG 2000 picture",
            Tiff => "a TIFF picture",
            CameraRaw => "the raw data of a camera",
            Photoshop => "a Photoshop file",
            PostScript => "a PostScript file",
            Icon => "an icon file",
            Bmp => "a BMP picture",
            Svg => "an SVG drawing",
            Html => "an HTML page",
            Zip => "a ZIP file",
            Ole => "an old Office file",
            Rtf => "an RTF document",
            Mp4 => "an MP4 video",
            QuickTime => "a QuickTime video",
            Matroska => "a WebM video",
            Mp3 => "an MP3 file",
            Wav => "a WAV file",
            Ogg => "an Ogg file",
            Flac => "a FLAC file",
            Woff | Woff2 | TrueType | OpenType => "a font",
            Gzip => "a gzip file",
            SevenZip => "a 7-Zip file",
            Rar => "a RAR file",
            Program => "a program",
            Text => "a text",
        }
    }

    /// The extension for a file of this format. `None` if several formats share it.
    pub fn extension(self) -> Option<&'static str> {
        Some(match self {
            Pdf => "pdf",
            Png => "png",
            Jpeg => "jpg",
            Gif => "gif",
            Webp => "webp",
            Avif => "avif",
            Heic => "heic",
            JpegXl => "jxl",
            Jpeg2000 => "jp2",
            Tiff => "tif",
            Photoshop => "psd",
            Bmp => "bmp",
            Svg => "svg",
            Rtf => "rtf",
            Mp4 => "mp4",
            QuickTime => "mov",
            Matroska => "webm",
            Mp3 => "mp3",
            Wav => "wav",
            Flac => "flac",
            Woff => "woff",
            Woff2 => "woff2",
            TrueType => "ttf",
            OpenType => "otf",
            SevenZip => "7z",
            Rar => "rar",
            CameraRaw | PostScript | Icon | Html | Zip | Ole | Ogg | Gzip | Program | Text => return None,
        })
    }

    /// Returns whether it is a video, whose metadata may have a position.
    pub fn is_video(self) -> bool {
        matches!(self, Mp4 | QuickTime)
    }

    /// Returns whether it is a picture that at least one common browser does not show.
    pub fn is_picture_without_browser(self) -> bool {
        matches!(self, Heic | JpegXl | Jpeg2000 | Tiff | CameraRaw | Photoshop | PostScript)
    }
}

/// What the extension of a file says about its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedFormat {
    /// One of these.
    pub formats: &'static [FileFormat],
    /// Whether every file of this extension is recognized by its first bytes.
    pub is_strict: bool,
}

impl ExpectedFormat {
    /// Returns `None` for a name without an extension, and for extensions that say nothing.
    pub fn of_name(name: &str) -> Option<ExpectedFormat> {
        let (_, extension) = name.rsplit_once('.')?;
        let in_table = |table: &'static [(&[&str], &[FileFormat])]| {
            let is_named =
                |names: &&'static [&'static str]| names.iter().any(|name| name.eq_ignore_ascii_case(extension));
            table.iter().find(|(names, _)| is_named(names)).map(|(_, formats)| *formats)
        };
        let strict = in_table(STRICT).map(|formats| ExpectedFormat { formats, is_strict: true });
        strict.or_else(|| in_table(LENIENT).map(|formats| ExpectedFormat { formats, is_strict: false }))
    }

    /// Returns whether a file of this format can have the extension.
    pub fn allows(self, format: Option<FileFormat>) -> bool {
        format.map_or(!self.is_strict, |format| self.formats.contains(&format))
    }

    /// Returns whether people read such a file as text.
    pub fn is_text(self) -> bool {
        self.formats.contains(&Text)
    }
}

fn of_binary(head: &[u8]) -> Option<FileFormat> {
    Some(match head {
        [0xff, 0xd8, 0xff, ..] => Jpeg,
        [0x89, b'P', b'N', b'G', ..] => Png,
        [b'G', b'I', b'F', b'8', ..] => Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Webp,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Wav,
        [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] | [0xff, 0x0a, ..] => JpegXl,
        [0, 0, 0, 0x0c, b'j', b'P', b' ', b' ', ..] => Jpeg2000,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => of_boxes(head),
        [_, _, _, _, b'm', b'o', b'o', b'v', ..] | [_, _, _, _, b'w', b'i', b'd', b'e', ..] => QuickTime,
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Tiff,
        [b'I', b'I', b'R', b'O', ..] | [b'I', b'I', b'U', 0, ..] => CameraRaw,
        [b'8', b'B', b'P', b'S', ..] => Photoshop,
        [b'%', b'!', b'P', b'S', ..] | [0xc5, 0xd0, 0xd3, 0xc6, ..] => PostScript,
        [0, 0, 1, 0, count, 0, ..] if *count > 0 => Icon,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Bmp,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Zip,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Ole,
        [b'{', b'\\', b'r', b't', b'f', ..] => Rtf,
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Matroska,
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Mp3,
        [b'O', b'g', b'g', b'S', ..] => Ogg,
        [b'f', b'L', b'a', b'C', ..] => Flac,
        [b'w', b'O', b'F', b'F', ..] => Woff,
        [b'w', b'O', b'F', b'2', ..] => Woff2,
        [0, 1, 0, 0, 0, _, ..] | [b't', b'r', b'u', b'e', 0, ..] => TrueType,
        [b'O', b'T', b'T', b'O', ..] => OpenType,
        [0x1f, 0x8b, ..] => Gzip,
        [b'7', b'z', 0xbc, 0xaf, ..] => SevenZip,
        [b'R', b'a', b'r', b'!', 0x1a, ..] => Rar,
        [0x7f, b'E', b'L', b'F', ..] | [b'M', b'Z', 0x90, 0, ..] => Program,
        _ if head.starts_with(b"FUJIFILMCCD-RAW") => CameraRaw,
        // Readers accept a PDF that begins within the first kilobyte.
        _ if memmem::find(head, b"%PDF").is_some() => Pdf,
        _ => return None,
    })
}

/// Recognizes a file of the ISO base media format by its brands.
fn of_boxes(head: &[u8]) -> FileFormat {
    let length = head.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let end = length.clamp(12.min(head.len()), head.len());
    let brands = || head[8.min(end)..end].chunks_exact(4);
    let has = |names: &[&[u8; 4]]| brands().any(|brand| names.iter().any(|name| brand == *name));
    let is_first = |names: &[&[u8; 4]]| brands().next().is_some_and(|brand| names.iter().any(|name| brand == *name));
    if has(&[b"avif", b"avis"]) {
        Avif
    } else if is_first(&[b"crx "]) {
        CameraRaw
    } else if is_first(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Heic
    } else if is_first(&[b"qt  "]) {
        QuickTime
    } else {
        Mp4
    }
}

fn of_text(head: &[u8]) -> Option<FileFormat> {
    // The last character may be cut off.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c');
    if text.len() < MIN_TEXT || text.contains(is_control) {
        return None;
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |tag: &str| {
        let bytes = start.as_bytes();
        let is_tag = bytes.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()));
        is_tag && bytes.get(tag.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    };
    if ["<!doctype html", "<html", "<head", "<body"].into_iter().any(begins) {
        return Some(Html);
    }
    let is_svg = begins("<svg") || begins("<?xml") && start.contains("<svg");
    Some(if is_svg { Svg } else { Text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_is_recognized_by_the_first_bytes() {
        for (head, format) in [
            (&b"%PDF-1.7\n"[..], Some(Pdf)),
            (b"\xef\xbb\xbf\n%PDF-1.4", Some(Pdf)),
            (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", Some(Avif)),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif", Some(Avif)),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(Heic)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(QuickTime)),
            (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", Some(Mp4)),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", Some(CameraRaw)),
            (b"\xff\xffftyp", None),
            (b"ftyp\0\0\0\x08ftyp", None),
            (b"\r\n<!DOCTYPE HTML PUBLIC", Some(Html)),
            (b"<!-- saved --><html>", Some(Text)),
            (b"<header>", Some(Text)),
            (b"<?xml version=\"1.0\"?><svg xmlns", Some(Svg)),
            (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", Some(Text)),
            (b"{\"error\": \"caf\xc3", Some(Text)),
            (b"a \x01 b", None),
            (b"\xfe\xff\0a", None),
            (b"", None),
        ] {
            assert_eq!(FileFormat::of(head), format, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn every_extension_of_a_format_expects_it() {
        for (extensions, formats) in STRICT.iter().chain(LENIENT) {
            let expected = ExpectedFormat::of_name(&format!("a.{}", extensions[0])).unwrap();
            assert_eq!(expected.formats, *formats);
            for extension in formats.iter().filter_map(|format| format.extension()) {
                assert!(ExpectedFormat::of_name(&format!("A.{}", extension.to_uppercase())).is_some(), "{extension}");
            }
        }
        assert_eq!(ExpectedFormat::of_name("LICENSE"), None);
    }
}
