//! `code-not-mine`: whoever is on this leg did not ask for the code that rang them.

use super::{Door, returned};
use crate::exchange::leg::Leg;
use crate::exchange::{Failure, spoken_code};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    spoken_code::not_mine(leg)?;
    Ok(returned([]))
}
