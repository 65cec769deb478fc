//! The doors to the exchange: what `<object classid="builtin:...">` may be called, what it is
//! given and what it returns. What stands behind each is in `exchange::doors`.

/// One door.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    pub(super) name: &'static str,
    /// Parameters that must be given.
    pub(super) needs: &'static [&'static str],
    /// Parameters that may be given.
    pub(super) takes: &'static [&'static str],
    /// What it returns: `name.key` in the flow.
    pub(super) returns: &'static [&'static str],
}

const fn door(
    name: &'static str,
    needs: &'static [&'static str],
    takes: &'static [&'static str],
    returns: &'static [&'static str],
) -> Door {
    Door { name, needs, takes, returns }
}

/// Every door there is.
pub(super) const DOORS: [Door; 34] = [
    door("look-up-place", &["digits"], &[], &["found", "served", "name", "coordinator"]),
    door("keep-note", &[], &[], &["kept"]),
    door("find-neighbour", &[SERVICE], &["postcode"], &["result"]),
    door("ask-coordinator", &[SERVICE], &["postcode", "number"], &["result", "day"]),
    door("try-again", &[], &[], &["result"]),
    door("find-desk", &[], &[], &["result"]),
    door("leave-message", &[], &[], &["kept", "day"]),
    door("outcome", &["ok"], &[], &[]),
    door("answer", &[ANSWER], &[], &["result", "day"]),
    door("keep-waiting", &[], &[], &["result"]),
    door("check-number", &["digits"], &[], &["result"]),
    door("call-back", &[], &["number"], &["result", "confirm", "moment", "day"]),
    door("my-search", &["do"], &[], &["moment"]),
    door("ring-caller", &[], &[], &["result"]),
    door("referral", &[SERVICE], &[], &["name", "number"]),
    door("fits", &["ok"], &[], &[]),
    door("answer-call", &[ANSWER], &[], &["result", "day"]),
    door("answer-question", &[ANSWER], &[], &["result", "day"]),
    door("code-not-mine", &[], &[], &[]),
    door("connect-me", &[], &[], &["result"]),
    door("ring-back", &[], &[], &["result"]),
    door("flow", &["name"], &["at"], &["result"]),
    door("own-pause", &["for"], &[], &["day"]),
    door("own-resume", &[], &[], &[]),
    door("own-hours", &[], &[], &["times", "services"]),
    door("own-stop", &[], &[], &[]),
    door("sign-up-choice", &[SERVICE, "for", "likes"], &[], &[]),
    door("sign-up-go-on", &[], &[], &[]),
    door("sign-up", &["when", "postcode", "adult"], &["number"], &["result", "day"]),
    door("sign-up-ring-me", &[], &[], &["result", "day"]),
    door("ask-to-join", &[], &[], &["ask"]),
    door("confirm-sign-up", &[ANSWER], &[], &["result", "day"]),
    door("still-there", &[ANSWER], &[], &["result", "day"]),
    door("yes-after-all", &[], &[], &["day"]),
];

/// The parameter that names a service of the catalogue.
pub(super) const SERVICE: &str = "service";

/// The parameter of `answer`, `answer-call`, `answer-question`, `confirm-sign-up` and `still-there`, and what it may say.
pub(super) const ANSWER: &str = "is";
pub(super) const ANSWERS: [&str; 11] = [
    "yes",
    "not-now",
    "not-today",
    "stop-asked",
    "stop",
    "pause",
    "desk",
    "wrong-key",
    "silence",
    "again",
    "no",
];

/// The door of this name.
pub(super) fn called(name: &str) -> Option<&'static Door> {
    DOORS.iter().find(|door| door.name == name)
}
