//! The Dutch numbering plan as an allow-list: which first digits of which length may be rung.
//!
//! Source: the numbering plan and the policy of the domain reference; `tests` keeps both patterns
//! as regular expressions beside this and compares them.

use phonenumber::Type;
use phonenumber::metadata::DATABASE;

use super::Refused;

/// A kind of number that may be rung by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In an area: 070, 0519 ...
    Fixed,
    /// 061 to 065 and 068.
    Mobile,
    /// 060: in use nowhere, so that fixtures can have it.
    FixtureMobile,
    /// 085 and 091, not bound to an area.
    Anywhere,
    /// 088: organisations. A desk may have one; a neighbour may not.
    Company,
}

/// The kind of a number by its digits after `+31`.
pub(super) fn kind(national: &[u8]) -> Result<Kind, Refused> {
    if national.len() <= 6 {
        return Err(Refused::Short);
    }
    // 0800, 0900, 0906, 0909 and 097 have other lengths as well.
    if matches!(national, [b'8', b'0', ..] | [b'9', b'0' | b'7', ..]) {
        return Err(Refused::Kind);
    }
    if national.len() != 9 {
        return Err(Refused::Unassigned);
    }
    match (national[0], national[1]) {
        (b'6', b'1'..=b'5' | b'8') => Ok(Kind::Mobile),
        (b'6', b'0') => Ok(Kind::FixtureMobile),
        (b'1', b'0' | b'1' | b'3' | b'5'..=b'8') | (b'2'..=b'5' | b'7', _) => Ok(Kind::Fixed),
        (b'8', b'5') | (b'9', b'1') => Ok(Kind::Anywhere),
        (b'8', b'8') => Ok(Kind::Company),
        (b'6', _) | (b'8', b'2' | b'4' | b'7') => Err(Refused::Kind),
        _ => Err(Refused::Unassigned),
    }
}

/// Whether nobody can have this number: 060, or a subscriber number that begins with 0, which
/// would clash with the trunk prefix in local dialling. Nine digits of a known kind are expected.
pub(super) fn is_fixture(national: &[u8]) -> bool {
    match national {
        [b'6', b'0', ..] => true,
        // Area codes of two digits (after the 0) ...
        [b'1', b'0' | b'3' | b'5', first, ..]
        | [b'2', b'0' | b'3' | b'4' | b'6', first, ..]
        | [b'3', b'0' | b'3' | b'5' | b'6' | b'8', first, ..]
        | [b'4', b'0' | b'3' | b'5' | b'6', first, ..]
        | [b'5', b'0' | b'3' | b'5' | b'8', first, ..]
        | [b'7', _, first, ..] => *first == b'0',
        // ... and of three.
        [b'1', b'1' | b'6'..=b'8', _, first, ..]
        | [b'2', b'2' | b'5' | b'9', _, first, ..]
        | [b'3', b'1' | b'2' | b'4', _, first, ..]
        | [b'4', b'1' | b'7'..=b'9', _, first, ..]
        | [b'5', b'1' | b'2' | b'4' | b'6' | b'7' | b'9', _, first, ..] => *first == b'0',
        _ => false,
    }
}

/// What libphonenumber knows: the number is within a range that was given out, and of a type that
/// may be rung. Costs some regular expressions: on entry only.
pub(super) fn is_assigned(e164: &str) -> bool {
    // libphonenumber rightly knows no 060; the gate has judged it as a fixture already.
    if e164.starts_with("+3160") {
        return true;
    }
    let Ok(number) = phonenumber::parse(None, e164) else {
        return false;
    };
    let type_fits = match number.number_type(&DATABASE) {
        Type::FixedLine | Type::Mobile | Type::FixedLineOrMobile | Type::Voip => true,
        Type::Uan => e164.starts_with("+3188"),
        _ => false,
    };
    type_fits && number.is_valid()
}

/// How many of the national digits are the area code, without its 0: 1 for mobile, 2 for large towns
/// and numbers without a place, else 3.
pub(super) fn area_length(national: &[u8]) -> usize {
    match national {
        [b'6', ..] => 1,
        [b'7' | b'8' | b'9', ..] => 2,
        [b'1', b'0' | b'3' | b'5', ..]
        | [b'2', b'0' | b'3' | b'4' | b'6', ..]
        | [b'3', b'0' | b'3' | b'5' | b'6' | b'8', ..]
        | [b'4', b'0' | b'3' | b'5' | b'6', ..]
        | [b'5', b'0' | b'3' | b'5' | b'8', ..] => 2,
        _ => 3,
    }
}
