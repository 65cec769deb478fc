//! A password for a colleague, made here and shown once: they choose their own at once.

use askama::Template;
use rand::TryRng;
use rand::rngs::SysRng;

use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::log_in::no_random;
use crate::web::desk::page::show;
use crate::web::desk::signed_in::SignedIn;

/// Signs that are not taken for one another, 32 of them: five bits each.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Sixteen signs, 80 bits: it may have to lie in a letter for a few days.
const LENGTH: usize = 16;

/// `abcd-efgh-jkmn-pqrs`
///
/// # Errors
/// [`Fault`] when the machine has no random source.
pub(super) fn password() -> Result<String, Fault> {
    let mut bytes = [0; LENGTH];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| no_random())?;
    let signs: String =
        bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    let groups: Vec<&str> = [0, 4, 8, 12].iter().filter_map(|at| signs.get(*at..at + 4)).collect();
    Ok(groups.join("-"))
}

#[derive(Template)]
#[template(path = "desk/templates/password_given.html")]
struct GivenPage<'a> {
    layout: Layout,
    name: &'a str,
    password: String,
    path: String,
}

/// Shows it, this once.
pub(super) fn shown(you: &SignedIn, name: &str, password: String, path: String) -> Answer {
    let title = you.say("Een wachtwoord voor uw collega", "A password for your colleague");
    let layout = you.layout(Section::Administration, title);
    show(&GivenPage { layout, name, password, path })
}
