//! Counts as pictures of text.

/// From nearly nothing to all, an eighth at a time.
const RISING: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const GROWING: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Draws `count` as a bar that is `width` wide for `most`. What is not nothing can be seen.
pub(super) fn draw_bar(count: u64, most: u64, width: usize) -> String {
    let eighths = scale_count(count, most, width * 8);
    let mut bar: String = std::iter::repeat_n('█', eighths / 8).collect();
    if let Some(rest) = (eighths % 8).checked_sub(1) {
        bar.push(GROWING[rest]);
    }
    bar
}

/// Draws counts that follow each other, a dot for nothing.
pub(super) fn draw_sparkline(counts: &[u64]) -> String {
    let most = counts.iter().copied().max().unwrap_or_default();
    let height = |count: &u64| match scale_count(*count, most, RISING.len()) {
        0 => '·',
        height => RISING[height - 1],
    };
    counts.iter().map(height).collect()
}

/// The share of `count` in `most`, in parts of `whole`; 0 for 0 only.
fn scale_count(count: u64, most: u64, whole: usize) -> usize {
    if count == 0 || most == 0 {
        return 0;
    }
    let parts = u128::from(count) * whole as u128 / u128::from(most);
    usize::try_from(parts).unwrap_or(whole).clamp(1, whole.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_little_differ() {
        assert_eq!(draw_sparkline(&[0, 1, 500, 1000]), "·▁▄█");
        assert_eq!(draw_sparkline(&[0, 0]), "··");
        assert_eq!(draw_sparkline(&[]), "");
        assert_eq!(draw_bar(0, 10, 4), "");
        assert_eq!(draw_bar(1, 1000, 4), "▏");
        assert_eq!(draw_bar(5, 10, 4), "██");
        assert_eq!(draw_bar(u64::MAX, u64::MAX, 4), "████");
        assert_eq!(draw_bar(3, 0, 4), "");
    }
}
