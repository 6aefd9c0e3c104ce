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

/// The background of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// White, and nearly black in dark mode.
    Plain,
    /// The white of paper, and a warm dark.
    Paper,
    /// A pale tint of the accent, with white on it.
    Tinted,
    /// White, and black in dark mode.
    Black,
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

impl Ground {
    pub fn parse(text: &str) -> Option<Ground> {
        match text {
            "plain" => Some(Ground::Plain),
            "paper" => Some(Ground::Paper),
            "tinted" => Some(Ground::Tinted),
            "black" => Some(Ground::Black),
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

/// What the colours of a page are derived from.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub accent: Accent,
    /// A second colour, for details.
    pub second: Option<Accent>,
    pub neutral: Neutral,
    pub ground: Ground,
}

/// Returns both colour sets, or the requested one, as custom properties of `:root`.
pub fn custom_properties(palette: Palette, scheme: Scheme) -> String {
    let light = || ColorSet::light(palette).colors();
    let dark = || ColorSet::dark(palette).colors();
    match scheme {
        Scheme::Auto => {
            let (light, dark) = (light(), dark());
            let others = dark.into_iter().filter(|color| !light.contains(color));
            format!(
                ":root{{color-scheme:light dark;{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}",
                declarations(light.iter().copied()),
                declarations(others)
            )
        }
        Scheme::Light => format!(":root{{color-scheme:light;{}}}", declarations(light())),
        Scheme::Dark => {
            let (light, dark) = (light(), dark());
            // Paper is white.
            let on_paper = light.into_iter().filter(|color| !dark.contains(color));
            format!(
                ":root{{color-scheme:dark;{}}}@media print{{:root{{{}}}}}",
                declarations(dark.iter().copied()),
                declarations(on_paper)
            )
        }
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
    /// Of the second colour: a fill with the text on it, a pale background, and a text that is readable on all backgrounds.
    second: Option<[Rgb; 4]>,
}

impl ColorSet {
    fn light(palette: Palette) -> ColorSet {
        let Palette { accent: Accent(accent), second, neutral, ground } = palette;
        let grey = |l, c| shade(accent, neutral, l, c);
        let own = |l, c: f32| OKLCH { l, c: accent.c.min(c), ..accent };
        let [ground, sunken, raised] = match ground {
            Ground::Plain | Ground::Black => [grey(1.0, 0.0), grey(0.972, 0.006), grey(1.0, 0.0)],
            Ground::Paper => [paper(0.976, 0.011), paper(0.95, 0.017), paper(0.993, 0.004)],
            Ground::Tinted => [own(0.976, 0.013), own(0.945, 0.026), grey(1.0, 0.0)],
        }
        .map(rgb);
        let tint = rgb(own(0.965, 0.019));
        let second_tint = second.map(|Accent(second)| rgb(OKLCH { l: 0.95, c: second.c.min(0.035), ..second }));
        let backgrounds: Vec<Rgb> = [ground, sunken, raised, tint].into_iter().chain(second_tint).collect();
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
            second: second.zip(second_tint).map(|(Accent(second), tint)| {
                let (fill, _, on_fill) = button(second, ground, MIN_SHAPE);
                [fill, on_fill, tint, readable(second, &backgrounds, MIN_TEXT, Towards::Black)]
            }),
        }
    }

    fn dark(palette: Palette) -> ColorSet {
        let Palette { accent: Accent(accent), second, neutral, ground } = palette;
        let grey = |l, c| shade(accent, neutral, l, c);
        let own = |l, c: f32| OKLCH { l, c: accent.c.min(c), ..accent };
        let [ground, sunken, raised] = match ground {
            Ground::Plain => [grey(0.168, 0.011), grey(0.2, 0.012), grey(0.222, 0.014)],
            Ground::Paper => [paper(0.185, 0.008), paper(0.217, 0.009), paper(0.235, 0.01)],
            Ground::Tinted => [own(0.185, 0.022), own(0.22, 0.03), own(0.245, 0.033)],
            Ground::Black => [grey(0.115, 0.006), grey(0.15, 0.008), grey(0.172, 0.01)],
        }
        .map(rgb);
        let tint = rgb(match palette.ground {
            Ground::Black => own(0.185, 0.03),
            Ground::Plain | Ground::Paper | Ground::Tinted => own(0.225, 0.03),
        });
        let second_tint = second.map(|Accent(second)| rgb(OKLCH { l: 0.24, c: second.c.min(0.045), ..second }));
        let backgrounds: Vec<Rgb> = [ground, sunken, raised, tint].into_iter().chain(second_tint).collect();
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
            second: second.zip(second_tint).map(|(Accent(second), second_tint)| {
                let (fill, _, on_fill) = button(second, tint, MIN_EDGE);
                let ink = OKLCH { l: second.l.max(0.72), c: second.c.min(0.15), ..second };
                [fill, on_fill, second_tint, readable(ink, &backgrounds, MIN_TEXT, Towards::White)]
            }),
        }
    }

    /// Returns the colours with the names of their custom properties.
    fn colors(&self) -> Vec<(&'static str, Rgb)> {
        let second = ["second", "on-second", "second-tint", "second-ink"];
        let second = self.second.into_iter().flat_map(|colors| second.into_iter().zip(colors));
        let own = [
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
        own.into_iter().chain(second).collect()
    }
}

/// Returns the declarations of custom properties.
fn declarations(colors: impl IntoIterator<Item = (&'static str, Rgb)>) -> String {
    let mut css = String::new();
    for (name, color) in colors {
        let [red, green, blue] = color;
        // Writing to a string cannot fail.
        let _ = match color.iter().all(|part| part % 0x11 == 0) {
            true => write!(css, "--{name}:#{:x}{:x}{:x};", red / 0x11, green / 0x11, blue / 0x11),
            false => write!(css, "--{name}:#{red:02x}{green:02x}{blue:02x};"),
        };
    }
    css
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

/// Returns a shade of paper.
fn paper(l: f32, c: f32) -> OKLCH {
    OKLCH { l, c, h: 82.0, alpha: 1.0 }
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

    const NEUTRALS: [Neutral; 4] = [Neutral::Tinted, Neutral::Cool, Neutral::Warm, Neutral::Grey];
    const GROUNDS: [Ground; 4] = [Ground::Plain, Ground::Paper, Ground::Tinted, Ground::Black];

    /// Checks every pair of colours that pages show on one another.
    fn check_contrasts(palette: Palette, what: &str) {
        for (mode, colors) in [("light", ColorSet::light(palette)), ("dark", ColorSet::dark(palette))] {
            let check = |pair: &str, one, other, min| {
                let ratio = contrast(one, other);
                assert!(ratio >= min, "{what}, {:?}, {:?}, {mode}: {pair}: {ratio}", palette.neutral, palette.ground);
            };
            let second_tint = colors.second.map(|[_, _, tint, _]| tint);
            for ground in [colors.ground, colors.sunken, colors.raised, colors.tint].into_iter().chain(second_tint) {
                check("ink", colors.ink, ground, 7.0);
                check("muted", colors.muted, ground, 4.5);
                check("link", colors.link, ground, 4.5);
                check("danger", colors.danger, ground, 4.5);
                check("field", colors.field, ground, 3.0);
                if let Some([_, _, _, ink]) = colors.second {
                    check("second ink", ink, ground, 4.5);
                }
            }
            check("on fill", colors.on_fill, colors.fill, 4.5);
            check("on hover", colors.on_fill, colors.hover, 4.5);
            check("on deep", colors.on_deep, colors.deep, 7.0);
            check("deep muted", colors.deep_muted, colors.deep, 4.5);
            if let Some([fill, on_fill, ..]) = colors.second {
                check("on second", on_fill, fill, 4.5);
            }
            let min = if mode == "dark" { 3.0 } else { 1.2 };
            check("fill", colors.fill, colors.ground, min);
        }
    }

    #[test]
    fn text_is_readable_on_every_background_with_any_accent() {
        for text in accents() {
            let accent = Accent::parse(&text).expect(&text);
            for (neutral, ground) in NEUTRALS.into_iter().flat_map(|neutral| GROUNDS.map(|ground| (neutral, ground))) {
                check_contrasts(Palette { accent, second: None, neutral, ground }, &text);
            }
        }
    }

    #[test]
    fn text_is_readable_with_any_two_colours() {
        // Every seventh accent with every eleventh one, so that each ground gets hundreds of pairs.
        let accents = accents();
        for (one, other) in
            accents.iter().step_by(7).flat_map(|one| accents.iter().step_by(11).map(move |other| (one, other)))
        {
            let [accent, second] = [one, other].map(|text| Accent::parse(text).expect(text));
            for ground in GROUNDS {
                let palette = Palette { accent, second: Some(second), neutral: Neutral::Tinted, ground };
                check_contrasts(palette, &format!("{one} and {other}"));
            }
        }
    }

    #[test]
    fn readable_accent_is_used_unchanged() {
        for text in ["#0b6e4f", "#2b4acb", "#ffd400", "#b3261e"] {
            let accent = Accent::parse(text).expect(text);
            let colors =
                ColorSet::light(Palette { accent, second: None, neutral: Neutral::Tinted, ground: Ground::Plain });
            let [r, g, b] = colors.fill;
            assert_eq!(format!("#{r:02x}{g:02x}{b:02x}"), text);
        }
    }

    #[test]
    fn dark_pages_are_printed_in_the_light_colours() {
        let accent = Accent::parse("#0b6e4f").expect("a colour");
        let palette = Palette { accent, second: None, neutral: Neutral::Tinted, ground: Ground::Black };
        let css = custom_properties(palette, Scheme::Dark);
        let (screen, print) = css.split_once("@media print").expect("two sets");
        assert!(screen.contains("--ground:#0") && print.contains("--ground:#fff"), "{css}");
        assert!(print.contains("--ink:") && print.contains("--muted:"), "{css}");
    }

    #[test]
    fn accent_must_be_an_opaque_colour() {
        for text in ["", "gren", "#12", "currentcolor", "rgb(0 0 0 / .5)", "light-dark(red, blue)", "Canvas", "red;}"] {
            assert!(Accent::parse(text).is_none(), "{text}");
        }
    }
}
