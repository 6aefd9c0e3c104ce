//! Intervals and probabilities of shares.

/// The quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// The same for a power of 80 %.
const Z_POWER: f64 = 0.841_621_233_572_914;
/// Beyond this number of successes, the normal distribution replaces the exact sum.
const MAX_EXACT: u64 = 20_000;

/// Returns the Wilson interval of a share for 95 %, without continuity correction. `None` without trials.
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
pub fn wilson(successes: u64, trials: u64) -> Option<(f64, f64)> {
    if trials == 0 {
        return None;
    }
    let (n, p) = (trials as f64, successes as f64 / trials as f64);
    let denominator = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / denominator;
    let half = Z / denominator * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

/// Returns the probability that the second share is greater than the first, with uniform priors: the beta distributions of
/// both after their trials. Source of the sum: E. Miller, Formulas for Bayesian A/B testing
/// (<https://www.evanmiller.org/bayesian-ab-testing.html>).
pub fn probability_better(a: (u64, u64), b: (u64, u64)) -> f64 {
    let parameters =
        |(successes, trials): (u64, u64)| (successes as f64 + 1.0, trials.saturating_sub(successes) as f64 + 1.0);
    let ((alpha_a, beta_a), (alpha_b, beta_b)) = (parameters(a), parameters(b));
    if b.0 > MAX_EXACT {
        let moments = |alpha: f64, beta: f64| {
            let sum = alpha + beta;
            (alpha / sum, alpha * beta / (sum * sum * (sum + 1.0)))
        };
        let ((mean_a, variance_a), (mean_b, variance_b)) = (moments(alpha_a, beta_a), moments(alpha_b, beta_b));
        return normal((mean_b - mean_a) / (variance_a + variance_b).sqrt());
    }
    let base = ln_beta(alpha_a, beta_a);
    let term = |i: u64| {
        let i = i as f64;
        (ln_beta(alpha_a + i, beta_b + beta_a) - (beta_b + i).ln() - ln_beta(1.0 + i, beta_b) - base).exp()
    };
    (0..=b.0).map(term).sum::<f64>().clamp(0.0, 1.0)
}

/// Returns how many leads each version needs in all, so that a difference like the observed one is found with a power of 80 %
/// at a level of 5 %. `None` if there is no difference. Source: J. L. Fleiss, Statistical methods for rates and proportions,
/// chapter 4, without continuity correction.
pub fn needed_per_version(a: (u64, u64), b: (u64, u64)) -> Option<u64> {
    if a.1 == 0 || b.1 == 0 {
        return None;
    }
    let (p, q) = (a.0 as f64 / a.1 as f64, b.0 as f64 / b.1 as f64);
    let difference = p - q;
    if difference == 0.0 {
        return None;
    }
    let mean = (p + q) / 2.0;
    let root = Z * (2.0 * mean * (1.0 - mean)).sqrt() + Z_POWER * (p * (1.0 - p) + q * (1.0 - q)).sqrt();
    Some((root * root / (difference * difference)).ceil() as u64)
}

/// Returns the two-sided p-value of two shares that are equal: the test with a pooled variance.
pub fn p_value(a: (u64, u64), b: (u64, u64)) -> f64 {
    if a.1 == 0 || b.1 == 0 {
        return 1.0;
    }
    let (p, q) = (a.0 as f64 / a.1 as f64, b.0 as f64 / b.1 as f64);
    let pooled = (a.0 + b.0) as f64 / (a.1 + b.1) as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / a.1 as f64 + 1.0 / b.1 as f64)).sqrt();
    if error == 0.0 { 1.0 } else { 2.0 * (1.0 - normal(((p - q) / error).abs())) }
}

/// The distribution function of the normal distribution.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) -> bool {
        (a - b).abs() < tolerance
    }

    /// R: `prop.test(x, n, correct = FALSE)$conf.int`, and table I of R. G. Newcombe, Two-sided confidence intervals for the
    /// single proportion, Statistics in Medicine 17 (1998), method 3.
    #[test]
    fn wilson_intervals_match_published_tables() {
        for (successes, trials, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (5, 10, 0.2366, 0.7634),
        ] {
            let (actual_low, actual_high) = wilson(successes, trials).unwrap();
            assert!(
                near(actual_low, low, 5e-5) && near(actual_high, high, 5e-5),
                "{successes}/{trials}: {actual_low} {actual_high}"
            );
        }
        assert_eq!(wilson(0, 0), None);
    }

    /// Without trials, and for the same data, the probability is one half. The others follow from integrals by hand:
    /// with one success of one trial against none of one, the densities are 2x and 2(1 - x), which gives 5/6.
    #[test]
    fn probability_is_that_of_the_integral() {
        assert!(near(probability_better((0, 0), (0, 0)), 0.5, 1e-12));
        assert!(near(probability_better((7, 100), (7, 100)), 0.5, 1e-9));
        assert!(near(probability_better((0, 1), (1, 1)), 5.0 / 6.0, 1e-12));
        assert!(near(probability_better((1, 1), (0, 1)), 1.0 / 6.0, 1e-12));
        // Beta(1, 1) against Beta(3, 1), whose density is 3x²: the mean, 3/4.
        assert!(near(probability_better((0, 0), (2, 2)), 0.75, 1e-12));
    }

    #[test]
    fn exact_sum_and_normal_distribution_agree_for_many_leads() {
        let exact = probability_better((19_800, 400_000), (19_990, 400_000));
        let normal = probability_better((19_811, 400_000), (20_001, 400_000));
        assert!(near(exact, normal, 2e-3), "{exact} {normal}");
    }

    /// Fleiss, table A.3 without continuity correction: 5 % against 10 % need 435 each.
    #[test]
    fn sample_size_is_that_of_the_table() {
        assert_eq!(needed_per_version((50, 1000), (100, 1000)), Some(435));
        assert_eq!(needed_per_version((5, 100), (5, 100)), None);
    }

    #[test]
    fn p_value_is_that_of_the_normal_distribution() {
        // 45 of 100 against 30 of 100: z = 2.191.
        assert!(near(p_value((45, 100), (30, 100)), 0.0285, 5e-4));
        assert!(near(p_value((0, 10), (0, 10)), 1.0, 1e-12));
    }
}
