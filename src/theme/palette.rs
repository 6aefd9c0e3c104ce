//! Derives all colours of a page from one accent. Whatever the accent, text is readable on every background, in light and
//! in dark mode, by the contrast levels of WCAG 2.2 (4.5 for text, 3 for the edges of fields).

use std::fmt::Write;

use lightningcss::traits::Parse;
use lightningcss::values::color::{CssColor, OKLCH, SRGB};

use super::wcag::{contrast_ratio, relative_luminance};

/// The minimum contrast of text: 4.5, and a margin for rounding to eight bits.
const MIN_TEXT: f32 = 4.6;
/// The minimum contrast of the edges of fields, and of buttons on a dark background: 3, and the same margin.
const MIN_EDGE: f32 = 3.1;
/// The minimum contrast of a pale button on a pale background. Its label is readable anyway; this makes its shape visible.
const MIN_SHAPE: f32 = 1.3;

/// The colour that a site sets.
#[derive(Clone, Copy, Debug)]
pub struct Accent(OKLCH);

/// The tint of the greys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neutral {
    /// The accent's own hue.
    Tinted,
    Cool,
    Warm,
    Grey,
}

/// Which of the two colour sets a visitor gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The one that the visitor's system asks for.
    Auto,
    Light,
    Dark,
}

impl Accent {
    /// Parses any opaque CSS colour: a name, `#0b6e4f`, `rgb(…)`, `oklch(…)`.
    pub fn parse(text: &str) -> Option<Accent> {
        let colour = CssColor::parse_string(text.trim()).ok()?;
        let oklch = OKLCH::try_from(&colour).ok().filter(|oklch| oklch.alpha >= 1.0)?;
        let finite = |part: f32| if part.is_finite() { part } else { 0.0 };
        Some(Accent(OKLCH { l: finite(oklch.l).clamp(0.0, 1.0), c: finite(oklch.c), h: finite(oklch.h), alpha: 1.0 }))
    }
}

impl Neutral {
    pub fn parse(text: &str) -> Option<Neutral> {
        match text {
            "tinted" => Some(Neutral::Tinted),
            "cool" => Some(Neutral::Cool),
            "warm" => Some(Neutral::Warm),
            "grey" => Some(Neutral::Grey),
            _ => None,
        }
    }
}

impl Scheme {
    pub fn parse(text: &str) -> Option<Scheme> {
        match text {
            "auto" => Some(Scheme::Auto),
            "light" => Some(Scheme::Light),
            "dark" => Some(Scheme::Dark),
            _ => None,
        }
    }
}

/// Returns both colour sets, or the requested one, as custom properties of `:root`.
pub fn custom_properties(accent: Accent, neutral: Neutral, scheme: Scheme) -> String {
    let light = || ColorSet::light(accent.0, neutral).declarations();
    let dark = || ColorSet::dark(accent.0, neutral).declarations();
    match scheme {
        Scheme::Auto => format!(
            ":root{{color-scheme:light dark;{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}",
            light(),
            dark()
        ),
        Scheme::Light => format!(":root{{color-scheme:light;{}}}", light()),
        Scheme::Dark => format!(":root{{color-scheme:dark;{}}}", dark()),
    }
}

/// A colour as it is published, eight bits a channel.
type Rgb = [u8; 3];

/// A colour set: one colour for each role, named like its custom property. `ink`, `muted`, `link` and `danger` are
/// readable on `ground`, `sunken`, `raised` and `tint`; each `on_…` is readable on its background.
struct ColorSet {
    ground: Rgb,
    sunken: Rgb,
    raised: Rgb,
    tint: Rgb,
    line: Rgb,
    field: Rgb,
    ink: Rgb,
    muted: Rgb,
    link: Rgb,
    danger: Rgb,
    fill: Rgb,
    hover: Rgb,
    on_fill: Rgb,
    deep: Rgb,
    on_deep: Rgb,
    deep_muted: Rgb,
}

impl ColorSet {
    fn light(accent: OKLCH, neutral: Neutral) -> ColorSet {
        let grey = |l, c| shade(accent, neutral, l, c);
        let (ground, sunken, raised) = (rgb(grey(1.0, 0.0)), rgb(grey(0.972, 0.006)), rgb(grey(1.0, 0.0)));
        let tint = rgb(OKLCH { l: 0.965, c: accent.c.min(0.019), ..accent });
        let backgrounds = [ground, sunken, raised, tint];
        let (fill, hover, on_fill) = button(accent, ground, MIN_SHAPE);
        let (deep, on_deep, deep_muted) = deep(accent, 0.29);
        ColorSet {
            ground,
            sunken,
            raised,
            tint,
            line: rgb(grey(0.912, 0.009)),
            field: readable(grey(0.66, 0.018), &backgrounds, MIN_EDGE, Towards::Black),
            ink: readable(grey(0.225, 0.028), &backgrounds, 12.0, Towards::Black),
            muted: readable(grey(0.5, 0.024), &backgrounds, 5.0, Towards::Black),
            link: readable(accent, &backgrounds, MIN_TEXT, Towards::Black),
            danger: readable(danger(0.52), &backgrounds, MIN_TEXT, Towards::Black),
            fill,
            hover,
            on_fill,
            deep,
            on_deep,
            deep_muted,
        }
    }

    fn dark(accent: OKLCH, neutral: Neutral) -> ColorSet {
        let grey = |l, c| shade(accent, neutral, l, c);
        let (ground, sunken, raised) = (rgb(grey(0.168, 0.011)), rgb(grey(0.2, 0.012)), rgb(grey(0.222, 0.014)));
        let tint = rgb(OKLCH { l: 0.225, c: accent.c.min(0.03), ..accent });
        let backgrounds = [ground, sunken, raised, tint];
        let (fill, hover, on_fill) = button(accent, tint, MIN_EDGE);
        let (deep, on_deep, deep_muted) = deep(accent, 0.33);
        // A saturated colour dazzles on a dark background.
        let link = OKLCH { l: accent.l.max(0.72), c: accent.c.min(0.15), ..accent };
        ColorSet {
            ground,
            sunken,
            raised,
            tint,
            line: rgb(grey(0.32, 0.014)),
            field: readable(grey(0.56, 0.018), &backgrounds, MIN_EDGE, Towards::White),
            ink: readable(grey(0.955, 0.006), &backgrounds, 12.0, Towards::White),
            muted: readable(grey(0.75, 0.016), &backgrounds, 5.0, Towards::White),
            link: readable(link, &backgrounds, MIN_TEXT, Towards::White),
            danger: readable(danger(0.76), &backgrounds, MIN_TEXT, Towards::White),
            fill,
            hover,
            on_fill,
            deep,
            on_deep,
            deep_muted,
        }
    }

    fn declarations(&self) -> String {
        let all = [
            ("ground", self.ground),
            ("sunken", self.sunken),
            ("raised", self.raised),
            ("tint", self.tint),
            ("line", self.line),
            ("field", self.field),
            ("ink", self.ink),
            ("muted", self.muted),
            ("link", self.link),
            ("danger", self.danger),
            ("fill", self.fill),
            ("hover", self.hover),
            ("on-fill", self.on_fill),
            ("deep", self.deep),
            ("on-deep", self.on_deep),
            ("deep-muted", self.deep_muted),
        ];
        let mut css = String::new();
        for (name, [red, green, blue]) in all {
            // Writing to a string cannot fail.
            let _ = write!(css, "--{name}:#{red:02x}{green:02x}{blue:02x};");
        }
        css
    }
}

/// Returns a grey with the tint of `neutral`.
fn shade(accent: OKLCH, neutral: Neutral, l: f32, c: f32) -> OKLCH {
    let (h, c) = match neutral {
        // A grey accent has untinted greys.
        Neutral::Tinted => (accent.h, c * (accent.c / 0.05).min(1.0)),
        Neutral::Cool => (255.0, c * 1.3),
        Neutral::Warm => (75.0, c),
        Neutral::Grey => (0.0, 0.0),
    };
    OKLCH { l, c, h, alpha: 1.0 }
}

fn danger(l: f32) -> OKLCH {
    OKLCH { l, c: 0.18, h: 27.0, alpha: 1.0 }
}

#[derive(Clone, Copy)]
enum Towards {
    Black,
    White,
}

impl Towards {
    /// Returns the next lightness, or `None` at the end of the scale.
    fn step(self, colour: OKLCH) -> Option<OKLCH> {
        let l = match self {
            Towards::Black => colour.l - 0.01,
            Towards::White => colour.l + 0.01,
        };
        (0.0..=1.0).contains(&l).then_some(OKLCH { l, ..colour })
    }
}

/// Darkens or lightens a colour until it has a contrast of `min` to all backgrounds.
fn readable(mut colour: OKLCH, backgrounds: &[Rgb], min: f32, towards: Towards) -> Rgb {
    loop {
        let rounded = rgb(colour);
        let is_readable = backgrounds.iter().all(|background| contrast(rounded, *background) >= min);
        match towards.step(colour).filter(|_| !is_readable) {
            Some(next) => colour = next,
            None => return rounded,
        }
    }
}

/// Returns the colours of a button: its background, the same under a pointer, and its label. The label is white if the
/// accent has to change little for it, since most brands use white labels; else it is a near-black of the same hue.
fn button(accent: OKLCH, ground: Rgb, min: f32) -> (Rgb, Rgb, Rgb) {
    const WHITE: Rgb = [255; 3];
    let is_dark_page = relative_luminance(ground.map(channel)) < 0.2;
    let away = if is_dark_page { Towards::White } else { Towards::Black };
    let mut fill = accent;
    while contrast(rgb(fill), ground) < min {
        let Some(next) = away.step(fill) else { break };
        fill = next;
    }
    if contrast(rgb(fill), WHITE) >= 3.6 {
        let background = readable(fill, &[WHITE], MIN_TEXT, Towards::Black);
        // Darkening for the label may have made the button too similar to a dark page.
        if !is_dark_page || contrast(background, ground) >= min {
            let hover = OKLCH { l: (fill.l - 0.07).max(0.0), ..fill };
            return (background, readable(hover, &[WHITE], MIN_TEXT, Towards::Black), WHITE);
        }
    }
    let black = rgb(OKLCH { l: 0.16, c: accent.c.min(0.03), ..accent });
    let background = readable(fill, &[black], MIN_TEXT, Towards::White);
    let hover = OKLCH { l: (fill.l + 0.05).min(1.0), ..fill };
    (background, readable(hover, &[black], MIN_TEXT, Towards::White), black)
}

/// Returns the background and the text of an icon: those of a button on white, as `#0b6e4f`.
pub fn icon(accent: Accent) -> (String, String) {
    let (background, _, text) = button(accent.0, [255; 3], 1.0);
    let hex = |[r, g, b]: Rgb| format!("#{r:02x}{g:02x}{b:02x}");
    (hex(background), hex(text))
}

/// Returns the colours of a dark band of the accent's hue: background, text and muted text.
fn deep(accent: OKLCH, l: f32) -> (Rgb, Rgb, Rgb) {
    let deep = rgb(OKLCH { l, c: accent.c.min(0.09), ..accent });
    let text = |l, c: f32| OKLCH { l, c: accent.c.min(c), ..accent };
    let muted = readable(text(0.82, 0.04), &[deep], MIN_TEXT, Towards::White);
    (deep, readable(text(0.985, 0.008), &[deep], 7.0, Towards::White), muted)
}

/// Returns the nearest sRGB colour of the same hue and lightness: chroma is reduced until the colour is in gamut.
fn rgb(colour: OKLCH) -> Rgb {
    let in_gamut = |c: f32| {
        let SRGB { r, g, b, .. } = SRGB::from(OKLCH { c, ..colour });
        [r, g, b].iter().all(|part| (-0.0005..=1.0005).contains(part)).then_some([r, g, b])
    };
    let (mut low, mut high) = (0.0, colour.c);
    let mut best = in_gamut(colour.c);
    // Ten bisections are finer than eight bits.
    for _ in 0..10 {
        if best.is_some() && high == colour.c && low == 0.0 {
            break;
        }
        let middle = (low + high) / 2.0;
        match in_gamut(middle) {
            Some(channels) => (low, best) = (middle, Some(channels)),
            None => high = middle,
        }
    }
    best.unwrap_or([colour.l; 3]).map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

fn contrast(one: Rgb, other: Rgb) -> f32 {
    contrast_ratio(one.map(channel), other.map(channel))
}

fn channel(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accents() -> Vec<String> {
        let named = ["black", "white", "#ffd400", "#808080", "yellow", "navy", "#0b6e4f", "oklch(70% 0.4 150)"];
        let steps = [0x00, 0x33, 0x66, 0x99, 0xcc, 0xff];
        let grid = steps.iter().flat_map(|r| steps.iter().map(move |g| (r, g)));
        let grid = grid.flat_map(|(r, g)| steps.iter().map(move |b| format!("#{r:02x}{g:02x}{b:02x}")));
        named.map(str::to_owned).into_iter().chain(grid).collect()
    }

    #[test]
    fn text_is_readable_on_every_background_with_any_accent() {
        for text in accents() {
            let accent = Accent::parse(&text).expect(&text).0;
            for neutral in [Neutral::Tinted, Neutral::Cool, Neutral::Warm, Neutral::Grey] {
                for (mode, colors) in
                    [("light", ColorSet::light(accent, neutral)), ("dark", ColorSet::dark(accent, neutral))]
                {
                    let check = |what: &str, one, other, min| {
                        let ratio = contrast(one, other);
                        assert!(ratio >= min, "{text}, {neutral:?}, {mode}: {what}: {ratio}");
                    };
                    for ground in [colors.ground, colors.sunken, colors.raised, colors.tint] {
                        check("ink", colors.ink, ground, 7.0);
                        check("muted", colors.muted, ground, 4.5);
                        check("link", colors.link, ground, 4.5);
                        check("danger", colors.danger, ground, 4.5);
                        check("field", colors.field, ground, 3.0);
                    }
                    check("on fill", colors.on_fill, colors.fill, 4.5);
                    check("on hover", colors.on_fill, colors.hover, 4.5);
                    check("on deep", colors.on_deep, colors.deep, 7.0);
                    check("deep muted", colors.deep_muted, colors.deep, 4.5);
                    let min = if mode == "dark" { 3.0 } else { 1.2 };
                    check("fill", colors.fill, colors.ground, min);
                }
            }
        }
    }

    #[test]
    fn readable_accent_is_used_unchanged() {
        for accent in ["#0b6e4f", "#2b4acb", "#ffd400", "#b3261e"] {
            let colors = ColorSet::light(Accent::parse(accent).expect(accent).0, Neutral::Tinted);
            let [r, g, b] = colors.fill;
            assert_eq!(format!("#{r:02x}{g:02x}{b:02x}"), accent);
        }
    }

    #[test]
    fn accent_must_be_an_opaque_colour() {
        for text in ["", "gren", "#12", "currentcolor", "rgb(0 0 0 / .5)", "light-dark(red, blue)", "Canvas", "red;}"] {
            assert!(Accent::parse(text).is_none(), "{text}");
        }
    }
}
