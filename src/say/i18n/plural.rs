//! Which plural form a whole number takes. Source: the Unicode CLDR's plural rules, cardinals.

use super::Locale;

/// The branch of a message, by the letter that `build.rs` gives it.
pub(super) fn category(locale: Locale, number: u64) -> char {
    match locale {
        Locale::Ja | Locale::ZhCn => OTHER,
        Locale::En | Locale::De if number == 1 => ONE,
        Locale::En | Locale::De => OTHER,
        Locale::Es if number == 1 => ONE,
        Locale::Fr | Locale::PtBr if number < 2 => ONE,
        Locale::Es | Locale::Fr | Locale::PtBr if number != 0 && number.is_multiple_of(1_000_000) => MANY,
        Locale::Es | Locale::Fr | Locale::PtBr => OTHER,
        Locale::Ar => match (number, number % 100) {
            (0, _) => ZERO,
            (1, _) => ONE,
            (2, _) => TWO,
            (_, 3..=10) => FEW,
            (_, 11..) => MANY,
            _ => OTHER,
        },
    }
}

const ZERO: char = 'z';
const ONE: char = 'o';
const TWO: char = 't';
const FEW: char = 'f';
const MANY: char = 'm';
/// What holds where no other branch does.
pub(super) const OTHER: char = '*';
