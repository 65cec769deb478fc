//! What `PH` means: the days that the Algemene termijnenwet calls generally recognised holidays.
//!
//! New Year's Day, Easter Sunday and Monday, King's Day (27 April, or the 26th when the 27th is a
//! Sunday), Liberation Day (5 May, every year), Ascension Day, Whit Sunday and Monday, both days
//! of Christmas. Good Friday is not one of them. Whoever works on 5 May writes so:
//! `Mo-Fr 09:00-17:00; PH off; May 5 09:00-17:00`.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use opening_hours::localization::Country;
use opening_hours::{Context, ContextHolidays};

static DUTCH: LazyLock<Context> = LazyLock::new(|| {
    // The library's calendar holds all of them until 2076, except for 5 May, which it counts as
    // a day off for schools only.
    let mut public = Country::NL.holidays().get_public().clone();
    for liberation in (2000..=2076).filter_map(|year| NaiveDate::from_ymd_opt(year, 5, 5)) {
        public.insert(liberation);
    }
    Context::default().with_holidays(ContextHolidays::new(Arc::new(public), Arc::default()))
});

/// The holidays that every expression is evaluated with.
pub(super) fn dutch() -> Context {
    DUTCH.clone()
}
