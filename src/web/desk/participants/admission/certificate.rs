//! A certificate that somebody at the desk has seen: its kind, when, until when. Never the paper.

use std::time::Duration;

use axum::extract::{Path, State};
use chrono::{Days, NaiveDate};

use super::{admission, back, likes_to, service_of};
use crate::domain::{CertificateKind, Deed, Language, ParticipantId, Timestamp};
use crate::store::NewCertificate;
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::page::show_typed;
use crate::web::desk::participants::whose;
use crate::web::desk::participants::wishes::{answered, at_their_wish};
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

/// Seen so long ago at most: a form on paper may lie for a while.
const LONGEST_AGO: Duration = Duration::from_secs(366 * 24 * 3600);
/// Good for so long at most, days: fifteen years, as a driving licence.
const LONGEST_GOOD: u64 = 15 * 366;

/// A certificate was seen; or the page again, with everything that is wrong with what was typed.
pub(in crate::web::desk) async fn seen(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, service, now) = (ParticipantId(id), service_of(&form)?, app.exchange.now());
    let certificate = match read(&form, now, you.language) {
        Ok(certificate) => certificate,
        Err(wrong) => {
            let theirs = whose(&app, &you);
            let person = app.exchange.store().read(move |tx| tx.person(id, &theirs, now)).await?;
            let person = person.ok_or(Fault::NotHere)?;
            let typed = Typed::refused(service.as_str(), form, wrong);
            let page = admission(&app, &you, person, typed).await?;
            let card = page.services.iter().find(|card| card.id == service.as_str());
            card.ok_or(Fault::NotHere)?;
            return show_typed(&page, &page.typed);
        }
    };
    let by = you.operator.id;
    let done = at_their_wish(&app, &you, id, Deed::CertificateSeen, move |tx, person| {
        let before = tx.admissions(id)?;
        let before = before.seen(&service).and_then(|seen| seen.certificate.as_ref());
        let same = before.is_some_and(|seen| {
            (seen.kind, seen.seen_at, seen.expires)
                == (certificate.kind, certificate.seen_at, certificate.expires)
        });
        if same || !likes_to(person, &service) {
            return Ok(false);
        }
        tx.certificate_seen(id, &service, certificate, by).map(|()| true)
    });
    let (nl, en) = ("Het bewijs is genoteerd als gezien.", "The certificate is noted as seen.");
    answered(&you, &back(id), done.await?, nl, en)
}

/// A certificate does not count any more.
pub(in crate::web::desk) async fn withdrawn(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, service) = (ParticipantId(id), service_of(&form)?);
    let done = at_their_wish(&app, &you, id, Deed::CertificateWithdrawn, move |tx, _| {
        if tx.admissions(id)?.of(&service).certificate.is_none() {
            return Ok(false);
        }
        tx.certificate_withdrawn(id, &service).map(|()| true)
    });
    let nl = "Het bewijs telt niet meer. Waar het voor nodig is, belt de centrale niet meer.";
    let en = "The certificate does not count any more. What needs it is not rung for any more.";
    answered(&you, &back(id), done.await?, nl, en)
}

/// What was filled in, or everything that is wrong with it.
fn read(form: &Fields, now: Timestamp, language: Language) -> Result<NewCertificate, Wrong> {
    let mut wrong = Wrong::none(language);
    let today = now.wall_clock().date();
    let kind = CertificateKind::parse(form.get("soort"));
    if kind.is_none() {
        wrong.say("soort", "Kies wat voor bewijs het is.", "Choose which certificate it is.");
    }
    let earliest = (now - LONGEST_AGO).wall_clock().date();
    let seen = date(form.get("gezien")).filter(|seen| (earliest..=today).contains(seen));
    if seen.is_none() {
        wrong.say(
            "gezien",
            "Vandaag of een dag in het afgelopen jaar.",
            "Today, or a day in the past year.",
        );
    }
    let farthest = today.checked_add_days(Days::new(LONGEST_GOOD)).unwrap_or(today);
    let last =
        form.filled("verloopt").map(|text| date(text).filter(|l| (today..=farthest).contains(l)));
    if last == Some(None) {
        wrong.say(
            "verloopt",
            "Vandaag of later, binnen vijftien jaar. Laat het leeg als het niet verloopt.",
            "Today or later, within fifteen years. Leave it empty when it does not run out.",
        );
    }
    match (kind, seen, last) {
        (Some(kind), Some(seen), None | Some(Some(_))) => {
            let day_after = last.flatten().and_then(|last| last.succ_opt());
            let expires = day_after.map(midnight);
            Ok(NewCertificate { kind, seen_at: midnight(seen), expires })
        }
        _ => Err(wrong),
    }
}

/// A day as a browser sends it, or as people here type it.
fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d-%m-%Y").ok())
}

fn midnight(day: NaiveDate) -> Timestamp {
    Timestamp::from_wall_clock(day.and_time(chrono::NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &str, seen: &str, expires: &str) -> Fields {
        Fields::with(&[("soort", kind), ("gezien", seen), ("verloopt", expires)])
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a moment")
    }

    #[test]
    fn a_certificate_is_good_through_its_last_day() {
        let now = at("2026-11-24T10:00:00+01:00");
        let read = |form| read(&form, now, Language::Nl);
        let seen = read(form("conduct", "23-11-2026", "2026-11-24")).expect("a certificate");
        assert_eq!(seen.seen_at, at("2026-11-23"));
        assert_eq!(seen.expires, Some(at("2026-11-25")));
        assert_eq!(read(form("other", "2026-11-24", "")).expect("one").expires, None);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let now = at("2026-11-24T10:00:00+01:00");
        for (form, faults) in [
            (form("", "", "gisteren"), vec!["soort", "gezien", "verloopt"]),
            (form("vog", "2026-11-25", "2026-11-23"), vec!["soort", "gezien", "verloopt"]),
            (form("conduct", "2024-11-24", "2199-01-01"), vec!["gezien", "verloopt"]),
            (form("driving", "2026-11-24", "2026-11-23"), vec!["verloopt"]),
        ] {
            let wrong = read(&form, now, Language::En).expect_err("faults");
            let typed = Typed::refused("", form, wrong);
            let told = ["soort", "gezien", "verloopt"].into_iter();
            let told: Vec<_> = told.filter(|field| !typed.told(field).is_empty()).collect();
            assert_eq!(told, faults);
        }
    }
}
