//! QR codes of short links as SVG, for print. Each has the channel's label and the address below it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use qrcode::{Color, EcLevel, QrCode};

use super::qr_caption::{BOLD, FittedText};
use super::share_link::ShareLink;
use crate::html::escape::escaped;

/// The width of the empty border that a scanner needs, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;
/// The distance from the text to the edges, in millimetres.
const MARGIN: f64 = 1.5;
/// The distance between label and address, in millimetres.
const GAP: f64 = 0.6;
/// Font sizes in millimetres, each with its maximum of lines. The first one that fits is used; the last one fits any
/// text.
const LABEL_SIZES: [(f64, usize); 5] = [(3.2, 1), (2.6, 1), (3.2, 2), (2.6, 2), (2.4, usize::MAX)];
const ADDRESS_SIZES: [(f64, usize); 4] = [(2.6, 1), (2.2, 1), (2.6, 2), (2.2, usize::MAX)];

/// Returns `spring-hiring_expo-flyer.svg`, with the variant at the end if there is one: `spring-hiring_expo-flyer_de.svg`. Names
/// are unique, because ids contain no underscore.
pub fn file_name(link: &ShareLink) -> String {
    let variant = link.variant.map(|variant| format!("_{variant}")).unwrap_or_default();
    format!("{}_{}{variant}.svg", link.campaign, link.channel)
}

/// Writes one file for each link, and returns their number. Creates the folder if needed; other files in it stay.
pub fn write<'l>(folder: &Path, links: impl Iterator<Item = &'l ShareLink<'l>>) -> anyhow::Result<usize> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder `{}`", folder.display()))?;
    let mut count = 0;
    for link in links {
        let path = folder.join(file_name(link));
        fs::write(&path, svg(link)?).with_context(|| format!("cannot write `{}`", path.display()))?;
        count += 1;
    }
    Ok(count)
}

/// Returns the SVG of one link. A module is a millimetre wide, which a phone reads at arm's length. The image can be
/// scaled to any size.
///
/// # Errors
///
/// If the address is too long for a QR code: about 2,300 characters.
pub fn svg(link: &ShareLink) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(&link.short_link, EcLevel::M)
        .map_err(|error| anyhow::anyhow!("`{}` does not fit into a QR code: {error}", link.short_link))?;
    let width = code.width() + 2 * QUIET_ZONE;
    // People type the address without the scheme, and browsers then try https first.
    let address = link.short_link.strip_prefix("https://").unwrap_or(&link.short_link);
    let room = width as f64 - 2.0 * MARGIN;
    let label = FittedText::new(link.label, room / BOLD, &LABEL_SIZES);
    let address = FittedText::new(address, room, &ADDRESS_SIZES);
    // The text may begin in the quiet zone, because a line has some space above its letters.
    let below_code = width as f64 - 0.6;
    let below_label = below_code + label.height() + GAP;
    let height = below_label + address.height() + MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height:.2}mm\" \
         viewBox=\"0 0 {width} {height:.2}\" role=\"img\">\n\
         <title>QR code, {}: {}</title>\n\
         <rect width=\"{width}\" height=\"{height:.2}\" fill=\"#fff\"/>\n\
         <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{}\"/>\n",
        escaped(link.label),
        escaped(&link.short_link),
        modules(&code),
    );
    label.push_svg(&mut out, width, below_code, " font-weight=\"bold\"");
    address.push_svg(&mut out, width, below_label, "");
    out.push_str("</svg>\n");
    Ok(out)
}

/// Returns the dark modules as one path with a rectangle for each run. Separate shapes would have visible seams.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET_ZONE, y + QUIET_ZONE, run.len(), run.len());
            }
            x += run.len();
        }
    }
    path
}
