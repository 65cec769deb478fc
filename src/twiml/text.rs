//! Text that may stand in a document: without characters that XML 1.0 forbids, and in pieces that
//! a voice accepts.

/// Longest piece of one `<Say>`, in bytes of UTF-8 before escaping.
///
/// Providers count between 3,000 and 5,000 bytes after URL encoding, which can triple them.
pub(super) const SAY_BYTES: usize = 1_000;

/// The text without control characters and the two forbidden non-characters. What separated two
/// words (a tab, a line end) becomes a blank, so that the words stay apart.
pub(super) fn clean(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\u{fffe}' | '\u{ffff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    });
    kept.collect()
}

/// Cuts cleaned text into pieces of at most [`SAY_BYTES`]: after a sentence where there is one,
/// else after a word, else between two characters. Joined, the pieces are the text again.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(first_piece(rest));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn first_piece(text: &str) -> usize {
    if text.len() <= SAY_BYTES {
        return text.len();
    }
    // A character is at most four bytes long, so this looks back three at most.
    let fits = (0..=SAY_BYTES).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let window = &text[..fits];
    let after_sentence = [". ", "! ", "? "].iter().filter_map(|end| window.rfind(end)).max();
    match after_sentence.map(|at| at + 2).or_else(|| window.rfind(' ').map(|at| at + 1)) {
        Some(cut) => cut,
        None => window.len(),
    }
}
