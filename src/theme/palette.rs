//! The colours of a page, made of one accent: whatever accent a marketer writes, text can be read on all grounds, in light
//! and in dark, by WCAG's levels for contrast (4.5 for text, 3 for the edges of fields).

use std::fmt::Write;

use lightningcss::traits::Parse;
use lightningcss::values::color::{CssColor, OKLCH, SRGB};

/// The least contrast of text, with a little room for the rounding to eight bits.
const TEXT: f32 = 4.6;
/// The least contrast of what is no text but has to be seen: edges of fields, and buttons on a dark ground.
const EDGE: f32 = 3.1;
/// The least contrast of a pale button on a pale ground. Its label says what it is; this shows its shape.
const SHAPE: f32 = 1.3;

/// A colour as a marketer writes it.
#[derive(Clone, Copy, Debug)]
pub struct Accent(OKLCH);

/// What the greys lean to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neutral {
    /// The accent's own hue.
    Tinted,
    Cool,
    Warm,
    Grey,
}

/// Which of the two sets a visitor gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// What the visitor's system says.
    Auto,
    Light,
    Dark,
}

impl Accent {
    /// Any opaque colour of CSS: a name, `#0b6e4f`, `rgb(…)`, `oklch(…)`.
    pub fn parse(text: &str) -> Option<Accent> {
        let colour = CssColor::parse_string(text.trim()).ok()?;
        let oklch = OKLCH::try_from(&colour).ok().filter(|oklch| oklch.alpha >= 1.0)?;
        let known = |part: f32| if part.is_finite() { part } else { 0.0 };
        Some(Accent(OKLCH { l: known(oklch.l).clamp(0.0, 1.0), c: known(oklch.c), h: known(oklch.h), alpha: 1.0 }))
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

/// Both sets, or the one that is asked for, as custom properties of `:root`.
pub fn custom_properties(accent: Accent, neutral: Neutral, scheme: Scheme) -> String {
    let light = || Roles::light(accent.0, neutral).declarations();
    let dark = || Roles::dark(accent.0, neutral).declarations();
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

/// A colour as it is published.
type Rgb = [u8; 3];

/// What each colour is for. Text in `ink`, `muted`, `link` and `danger` can be read on `ground`, `sunken`, `raised` and
/// `tint`; each `on_…` on its ground.
struct Roles {
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

impl Roles {
    fn light(accent: OKLCH, neutral: Neutral) -> Roles {
        let grey = |l, c| shade(accent, neutral, l, c);
        let (ground, sunken, raised) = (rgb(grey(1.0, 0.0)), rgb(grey(0.972, 0.006)), rgb(grey(1.0, 0.0)));
        let tint = rgb(OKLCH { l: 0.965, c: accent.c.min(0.019), ..accent });
        let grounds = [ground, sunken, raised, tint];
        let (fill, hover, on_fill) = button(accent, ground, SHAPE);
        let (deep, on_deep, deep_muted) = deep(accent, 0.29);
        Roles {
            ground,
            sunken,
            raised,
            tint,
            line: rgb(grey(0.912, 0.009)),
            field: readable(grey(0.66, 0.018), &grounds, EDGE, Towards::Black),
            ink: readable(grey(0.225, 0.028), &grounds, 12.0, Towards::Black),
            muted: readable(grey(0.5, 0.024), &grounds, 5.0, Towards::Black),
            link: readable(accent, &grounds, TEXT, Towards::Black),
            danger: readable(danger(0.52), &grounds, TEXT, Towards::Black),
            fill,
            hover,
            on_fill,
            deep,
            on_deep,
            deep_muted,
        }
    }

    fn dark(accent: OKLCH, neutral: Neutral) -> Roles {
        let grey = |l, c| shade(accent, neutral, l, c);
        let (ground, sunken, raised) = (rgb(grey(0.168, 0.011)), rgb(grey(0.2, 0.012)), rgb(grey(0.222, 0.014)));
        let tint = rgb(OKLCH { l: 0.225, c: accent.c.min(0.03), ..accent });
        let grounds = [ground, sunken, raised, tint];
        let (fill, hover, on_fill) = button(accent, tint, EDGE);
        let (deep, on_deep, deep_muted) = deep(accent, 0.33);
        // A strong colour dazzles on a dark ground.
        let link = OKLCH { l: accent.l.max(0.72), c: accent.c.min(0.15), ..accent };
        Roles {
            ground,
            sunken,
            raised,
            tint,
            line: rgb(grey(0.32, 0.014)),
            field: readable(grey(0.56, 0.018), &grounds, EDGE, Towards::White),
            ink: readable(grey(0.955, 0.006), &grounds, 12.0, Towards::White),
            muted: readable(grey(0.75, 0.016), &grounds, 5.0, Towards::White),
            link: readable(link, &grounds, TEXT, Towards::White),
            danger: readable(danger(0.76), &grounds, TEXT, Towards::White),
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

/// A grey of a tone. The lighter or darker, the less of its hue is left.
fn shade(accent: OKLCH, neutral: Neutral, l: f32, c: f32) -> OKLCH {
    let (h, c) = match neutral {
        // An accent without a hue has greys without one.
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
    /// One step further, `None` at the end.
    fn step(self, colour: OKLCH) -> Option<OKLCH> {
        let l = match self {
            Towards::Black => colour.l - 0.01,
            Towards::White => colour.l + 0.01,
        };
        (0.0..=1.0).contains(&l).then_some(OKLCH { l, ..colour })
    }
}

/// A colour, darkened or lightened until it stands out from all of some grounds.
fn readable(mut colour: OKLCH, grounds: &[Rgb], least: f32, towards: Towards) -> Rgb {
    loop {
        let shown = rgb(colour);
        let stands_out = grounds.iter().all(|ground| contrast(shown, *ground) >= least);
        match towards.step(colour).filter(|_| !stands_out) {
            Some(next) => colour = next,
            None => return shown,
        }
    }
}

/// A button's ground, the same below a pointer, and its label. White is taken where little has to change for it, since
/// brands are drawn so; else a near-black of the same hue.
fn button(accent: OKLCH, ground: Rgb, least: f32) -> (Rgb, Rgb, Rgb) {
    let dark_page = luminance(ground) < 0.2;
    let away = if dark_page { Towards::White } else { Towards::Black };
    let mut fill = accent;
    while contrast(rgb(fill), ground) < least {
        let Some(next) = away.step(fill) else { break };
        fill = next;
    }
    const WHITE: Rgb = [255; 3];
    let black = rgb(OKLCH { l: 0.16, c: accent.c.min(0.03), ..accent });
    let keeps = |fill: Rgb| !dark_page || contrast(fill, ground) >= least;
    if contrast(rgb(fill), WHITE) >= 3.6 {
        let shown = readable(fill, &[WHITE], TEXT, Towards::Black);
        if keeps(shown) {
            let hover = OKLCH { l: (fill.l - 0.07).max(0.0), ..fill };
            return (shown, readable(hover, &[WHITE], TEXT, Towards::Black), WHITE);
        }
    }
    let shown = readable(fill, &[black], TEXT, Towards::White);
    let hover = OKLCH { l: (fill.l + 0.05).min(1.0), ..fill };
    (shown, readable(hover, &[black], TEXT, Towards::White), black)
}

/// A dark band of the accent's hue in the middle of any page, with its text and its quieter text.
fn deep(accent: OKLCH, l: f32) -> (Rgb, Rgb, Rgb) {
    let deep = rgb(OKLCH { l, c: accent.c.min(0.09), ..accent });
    let text = |l, c: f32| OKLCH { l, c: accent.c.min(c), ..accent };
    let muted = readable(text(0.82, 0.04), &[deep], TEXT, Towards::White);
    (deep, readable(text(0.985, 0.008), &[deep], 7.0, Towards::White), muted)
}

/// The nearest colour that screens can show, of the same hue and lightness.
fn rgb(colour: OKLCH) -> Rgb {
    let in_gamut = |c: f32| {
        let SRGB { r, g, b, .. } = SRGB::from(OKLCH { c, ..colour });
        [r, g, b].iter().all(|part| (-0.0005..=1.0005).contains(part)).then_some([r, g, b])
    };
    let (mut low, mut high) = (0.0, colour.c);
    let mut shown = in_gamut(colour.c);
    // Ten halvings are finer than eight bits.
    for _ in 0..10 {
        if shown.is_some() && high == colour.c && low == 0.0 {
            break;
        }
        let middle = (low + high) / 2.0;
        match in_gamut(middle) {
            Some(found) => (low, shown) = (middle, Some(found)),
            None => high = middle,
        }
    }
    shown.unwrap_or([colour.l; 3]).map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// WCAG 2.2, relative luminance.
fn luminance(colour: Rgb) -> f32 {
    let [r, g, b] = colour.map(|part| {
        let part = f32::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// WCAG 2.2, contrast ratio.
fn contrast(one: Rgb, other: Rgb) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
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
    fn with_any_accent_every_text_can_be_read_on_every_ground() {
        for text in accents() {
            let accent = Accent::parse(&text).expect(&text).0;
            for neutral in [Neutral::Tinted, Neutral::Cool, Neutral::Warm, Neutral::Grey] {
                for (mode, roles) in [("light", Roles::light(accent, neutral)), ("dark", Roles::dark(accent, neutral))]
                {
                    let held = |what: &str, one, other, least| {
                        let found = contrast(one, other);
                        assert!(found >= least, "{text}, {neutral:?}, {mode}: {what}: {found}");
                    };
                    for ground in [roles.ground, roles.sunken, roles.raised, roles.tint] {
                        held("ink", roles.ink, ground, 7.0);
                        held("muted", roles.muted, ground, 4.5);
                        held("link", roles.link, ground, 4.5);
                        held("danger", roles.danger, ground, 4.5);
                        held("field", roles.field, ground, 3.0);
                    }
                    held("on fill", roles.on_fill, roles.fill, 4.5);
                    held("on hover", roles.on_fill, roles.hover, 4.5);
                    held("on deep", roles.on_deep, roles.deep, 7.0);
                    held("deep muted", roles.deep_muted, roles.deep, 4.5);
                    let least = if mode == "dark" { 3.0 } else { 1.2 };
                    held("fill", roles.fill, roles.ground, least);
                }
            }
        }
    }

    #[test]
    fn an_accent_that_can_be_read_stays_as_it_is() {
        for accent in ["#0b6e4f", "#2b4acb", "#ffd400", "#b3261e"] {
            let roles = Roles::light(Accent::parse(accent).expect(accent).0, Neutral::Tinted);
            let [r, g, b] = roles.fill;
            assert_eq!(format!("#{r:02x}{g:02x}{b:02x}"), accent);
        }
    }

    #[test]
    fn what_is_no_opaque_colour_is_no_accent() {
        for text in ["", "gren", "#12", "currentcolor", "rgb(0 0 0 / .5)", "light-dark(red, blue)", "Canvas", "red;}"] {
            assert!(Accent::parse(text).is_none(), "{text}");
        }
    }
}
