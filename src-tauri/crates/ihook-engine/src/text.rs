//! Texts as people read them: the same whether composed or not, in any case, with or without what nobody sees.

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{
    ComposingNormalizer, ComposingNormalizerBorrowed, DecomposingNormalizer, DecomposingNormalizerBorrowed,
};

const CASE: CaseMapperBorrowed<'static> = CaseMapper::new();
const APART: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfkd();
const TOGETHER: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();

/// The text as it is compared: normalized to NFKC, folded by Unicode's full case folding (`ß` as `ss`), without
/// invisible characters, and with one blank for any run of white space.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() && !text.contains(|letter: char| letter.is_ascii_control()) {
        return one_blank(&text.to_ascii_lowercase());
    }
    let visible: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let folded = CASE.fold_string(&APART.normalize(&visible)).into_owned();
    one_blank(&TOGETHER.normalize(&folded))
}

fn one_blank(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    line
}

/// Whether a character is drawn as nothing: zero width, marks of direction, soft hyphens, selectors of variants, tags,
/// controls that are no white space.
pub(crate) fn is_invisible(letter: char) -> bool {
    let is_format = matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}'..='\u{E0FFF}');
    is_format || (letter.is_control() && !letter.is_whitespace())
}

/// Whether nobody sees that a character is there: an invisible one, or a blank that is no ordinary one.
pub(crate) fn is_unseen(letter: char) -> bool {
    is_invisible(letter) || (letter.is_whitespace() && !letter.is_ascii())
}

/// `U+200B`.
pub(crate) fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_the_same() {
        let check = |texts: &[&str], expected: &str| {
            for text in texts {
                assert_eq!(folded(text), expected, "{text:?}");
                assert_eq!(folded(&folded(text)), expected, "{text:?}: once is enough");
            }
        };
        check(&["Zoë", "ZOË", "Zoe\u{308}", "zoE\u{308}"], "zoë");
        check(&["Straße", "STRASSE", "strasse", "STRAẞE"], "strasse");
        check(&["ΟΔΟΣ", "οδος", "οδοσ"], "οδοσ");
        check(&["Å", "A\u{30A}", "\u{212B}", "å"], "å");
        check(&["ﬁn", "FIN", "ｆｉｎ"], "fin");
        check(&["Nguyễn", "NGUYỄN", "Nguye\u{302}\u{303}n"], "nguyễn");
        check(&["가", "\u{1100}\u{1161}"], "가");
        check(
            &[
                "12345",
                " 12345\n",
                "\u{200B}12345",
                "12345\u{A0}",
                "\u{FEFF}12345",
                "\u{202A}12345\u{202C}",
                "１２３４５",
            ],
            "12345",
        );
        check(&["Ann Lee", "ann \t lee", "Ann\u{A0}Lee", " ANN\u{2003}LEE "], "ann lee");
        check(&["co\u{AD}operate", "cooperate", "co\u{0}operate"], "cooperate");
        check(&["", " ", "\u{200B}\u{FEFF}", "\u{0}"], "");
    }

    #[test]
    fn what_reads_differently_stays_different() {
        for (one, other) in [("zoe", "zoë"), ("ı", "i"), ("o", "ø"), ("1", "l"), ("a b", "ab"), ("о", "o")]
        {
            assert_ne!(folded(one), folded(other));
        }
    }
}
