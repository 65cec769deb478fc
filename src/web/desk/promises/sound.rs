//! What was said in a message, for the player: whole, or the part that it asks for.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::fault::{Answer, Fault};
use super::super::signed_in::SignedIn;
use crate::exchange::MessageHeard;
use crate::store::PromiseSeen;
use crate::web::App;

/// The sound of a message, for operators of its line.
pub(in super::super) async fn sound(
    State(app): State<App>,
    you: SignedIn,
    Path(message): Path<i64>,
    headers: HeaderMap,
) -> Answer {
    theirs(&app, &you, message).await?;
    match app.exchange.hear_message(message, you.operator.id).await? {
        MessageHeard::Sound(sound) => {
            let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
            Ok(part(sound.content_type, sound.bytes, range))
        }
        MessageHeard::NotHere(_) | MessageHeard::Nowhere => Err(Fault::NotHere),
        MessageHeard::CannotBeOpened => {
            Err(Fault::ours("a message cannot be opened with this key"))
        }
    }
}

/// Asks the provider once more.
pub(in super::super) async fn fetch_again(
    State(app): State<App>,
    you: SignedIn,
    Path(message): Path<i64>,
) -> Answer {
    let promise = theirs(&app, &you, message).await?;
    app.exchange.fetch_message_again(message, you.operator.id).await?;
    let told = you.say(
        "De centrale vraagt de opname nog een keer op. Kijk over een minuut opnieuw.",
        "The exchange asks for the recording once more. Look again in a minute.",
    );
    Ok(you.done(&format!("/loket/berichten/{}", promise.id), told))
}

/// The promise behind a message, if it is theirs to see. A message is the line's: what a coordinator
/// sees of an area does not count here.
async fn theirs(app: &App, you: &SignedIn, message: i64) -> Result<PromiseSeen, Fault> {
    let promise = app.exchange.store().read(move |tx| tx.promise_of_message(message)).await?;
    promise.filter(|promise| you.operator.sees(&promise.line, None)).ok_or(Fault::NotHere)
}

/// RFC 9110, one range of bytes; anything else gets the whole.
fn part(content_type: String, bytes: Vec<u8>, range: Option<&str>) -> Response {
    // A page must never run in here, whatever the provider said that it is.
    let kind = match content_type.starts_with("audio/") {
        true => content_type,
        false => "application/octet-stream".to_owned(),
    };
    let whole = bytes.len();
    let ours = [
        (header::CONTENT_TYPE, kind),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    match range.and_then(|range| asked(range, whole)) {
        None => (ours, Body::from(bytes)).into_response(),
        Some(None) => {
            let told = [(header::CONTENT_RANGE, format!("bytes */{whole}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, told).into_response()
        }
        Some(Some((first, last))) => {
            let told = [(header::CONTENT_RANGE, format!("bytes {first}-{last}/{whole}"))];
            let bytes = bytes[first..=last].to_vec();
            (StatusCode::PARTIAL_CONTENT, ours, told, Body::from(bytes)).into_response()
        }
    }
}

/// First and last byte that are asked for; `None`: everything, `Some(None)`: what is not there.
fn asked(range: &str, whole: usize) -> Option<Option<(usize, usize)>> {
    let range = range.trim().strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let end = whole.checked_sub(1);
    if first.is_empty() {
        let length: usize = last.parse().ok()?;
        let found = end.filter(|_| length > 0).map(|end| (whole.saturating_sub(length), end));
        return Some(found);
    }
    let first: usize = first.parse().ok()?;
    let last = match last {
        "" => end,
        last => Some(last.parse::<usize>().ok()?)
            .filter(|last| *last >= first)
            .zip(end)
            .map(|(a, b)| a.min(b)),
    };
    // A last byte before the first is no range at all.
    let last = last.or(if whole == 0 { Some(0) } else { None })?;
    Some((first < whole).then_some((first, last)))
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn a_player_gets_the_part_that_it_asks_for() {
        for (range, part) in [
            ("bytes=0-", Some(Some((0, 99)))),
            ("bytes=0-1", Some(Some((0, 1)))),
            ("bytes=50-500", Some(Some((50, 99)))),
            ("bytes=-10", Some(Some((90, 99)))),
            ("bytes=-500", Some(Some((0, 99)))),
            ("bytes=100-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=9-1", None),
            ("bytes=0-1,5-6", None),
            ("items=0-1", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(asked(range, 100), part, "{range}");
        }
        assert_eq!(asked("bytes=0-", 0), Some(None));
    }
}
