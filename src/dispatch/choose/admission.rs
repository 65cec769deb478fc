//! What is known of somebody, held against what a service asks of whoever does it.

use std::time::Duration;

use super::PassedOver;
use crate::domain::{Conditions, Timestamp};

/// What is known of somebody that a service with special conditions asks for. Facts, never papers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Admission {
    /// The desk approved of them for this service.
    pub approved: bool,
    /// The certificate for this service, if one was seen.
    pub certificate: Option<Certificate>,
    /// They are this old at least, in years; 0: nobody asked.
    pub age_at_least: u8,
}

/// A certificate that somebody at the desk has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// No longer good from this moment on; `None`: it does not run out.
    pub expires: Option<Timestamp>,
}

impl Admission {
    /// Everything that the service asks for and they do not have at this moment; nothing: they may be
    /// rung for it, as far as this goes.
    pub fn lacks(
        self,
        conditions: Conditions,
        now: Timestamp,
    ) -> impl Iterator<Item = PassedOver> + use<> {
        let certificate = match (conditions.certificate, self.certificate) {
            (false, _) => None,
            (true, None) => Some(PassedOver::NoCertificate),
            (true, Some(seen)) => {
                seen.expires.filter(|then| *then <= now).map(PassedOver::CertificateExpired)
            }
        };
        let approval = (conditions.approval && !self.approved).then_some(PassedOver::NotApproved);
        let age = (self.age_at_least < conditions.min_age)
            .then_some(PassedOver::AgeNotKnown(conditions.min_age));
        [approval, certificate, age].into_iter().flatten()
    }

    /// When the certificate that the service asks for runs out, if that is within so long from now.
    pub fn runs_out(
        self,
        conditions: Conditions,
        now: Timestamp,
        within: Duration,
    ) -> Option<Timestamp> {
        let expires = self.certificate.filter(|_| conditions.certificate)?.expires?;
        (now < expires && expires <= now + within).then_some(expires)
    }
}
