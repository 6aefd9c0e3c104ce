//! Contrast of two colours by WCAG 2.2.

/// Returns the contrast ratio, from 1 to 21, of two sRGB colours with channels from 0 to 1
/// (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).
pub fn contrast_ratio(one: [f32; 3], other: [f32; 3]) -> f32 {
    let (one, other) = (relative_luminance(one), relative_luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the relative luminance, from 0 to 1 (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
pub fn relative_luminance(color: [f32; 3]) -> f32 {
    let [r, g, b] = color.map(|channel| match channel.clamp(0.0, 1.0) {
        low @ ..=0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_contrast_ratios_are_met() {
        let grey = |value: u8| [f32::from(value) / 255.0; 3];
        // #777 and #767676 lie just below and above 4.5:1 on white.
        for (one, other, expected) in [(0x00, 0xff, 21.0), (0x77, 0xff, 4.48), (0x76, 0xff, 4.54), (0x80, 0x80, 1.0)] {
            let ratio = contrast_ratio(grey(one), grey(other));
            assert!((ratio - expected).abs() < 0.01, "{one:x} on {other:x}: {ratio}");
        }
    }
}
