//! How often one may try to log in, or have a telephone rung: by account, and by address.
//!
//! It forgets when the process ends, which costs an attacker who cannot end it nothing gained. An
//! account is slowed down at the address that tries it, not locked: whoever tries another's name does
//! not shut them out. Many addresses together are slowed down too, but not one from which that account
//! was opened before.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::Timestamp;

/// Tries for one account in a row from one address, and how long until there is one more.
const ACCOUNT: (u32, Duration) = (10, Duration::from_secs(30));
/// The same from all addresses together from which nobody opened it before. It comes back faster than
/// one address may try, so that one alone cannot use it up.
const ACCOUNT_ANYWHERE: (u32, Duration) = (60, Duration::from_secs(10));
/// The same for one address; a whole desk may share it.
const ADDRESS: (u32, Duration) = (40, Duration::from_secs(6));
/// Calls to one number in a row that a page has made, and how long until there is one more: whoever
/// types another's number cannot keep it ringing.
const CALLS: (u32, Duration) = (3, Duration::from_secs(15 * 60));
/// The same for one address, whichever numbers it types.
const CALLS_FROM: (u32, Duration) = (12, Duration::from_secs(2 * 60));
/// Sign-ups and questions in a row from one address of people who are not logged in, and how long until
/// there is one more: fewer a day than a line takes unconfirmed, so that one address does not close a
/// form to a whole neighbourhood.
const STRANGERS_FROM: (u32, Duration) = (10, Duration::from_secs(3600));
/// Keys that are kept before old ones are looked through.
const MANY: usize = 10_000;

type Limiter = RateLimiter<u64, HashMapStateStore<u64>, MomentClock, NoOpMiddleware<Moment>>;

/// Counts tries.
pub struct Throttle {
    accounts: Limiter,
    addresses: Limiter,
    /// For an account from anywhere, if an account is slowed down by address.
    anywhere: Option<Limiter>,
    /// Account and address of those who opened it, as hashes.
    opened: Mutex<HashSet<u64>>,
    clock: MomentClock,
    hashes: RandomState,
}

impl Default for Throttle {
    fn default() -> Self {
        let throttle = Self::with(ACCOUNT, ADDRESS);
        Self { anywhere: Some(limiter(ACCOUNT_ANYWHERE, &throttle.clock)), ..throttle }
    }
}

impl Throttle {
    /// For telephones that are rung for what is typed on a page; an account is a number.
    pub fn of_calls() -> Self {
        Self::with(CALLS, CALLS_FROM)
    }

    /// For what people send who are not known to us; only [`Throttle::admit_from`] counts.
    pub fn of_strangers() -> Self {
        Self::with(CALLS, STRANGERS_FROM)
    }

    fn with(account: (u32, Duration), address: (u32, Duration)) -> Self {
        let clock = MomentClock::default();
        Self {
            accounts: limiter(account, &clock),
            addresses: limiter(address, &clock),
            anywhere: None,
            opened: Mutex::default(),
            clock,
            hashes: RandomState::new(),
        }
    }

    /// Whether somebody at this address may try this account now. A try that is let in counts.
    ///
    /// # Errors
    /// How long to wait at least.
    pub fn admit(
        &self,
        account: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Duration> {
        self.admit_from(address, now)?;
        let account = account.trim().to_lowercase();
        let Some(anywhere) = &self.anywhere else { return self.one(&self.accounts, &account) };
        let here = (account.as_str(), address.map(neighbourhood));
        self.one(&self.accounts, &here)?;
        if self.opened().contains(&self.hashes.hash_one(here)) {
            return Ok(());
        }
        self.one(anywhere, &account)
    }

    /// Whether somebody at this address may try anything now. A try that is let in counts.
    ///
    /// # Errors
    /// How long to wait at least.
    pub fn admit_from(&self, address: Option<IpAddr>, now: Timestamp) -> Result<(), Duration> {
        self.clock.set(now);
        address.map_or(Ok(()), |address| self.one(&self.addresses, &neighbourhood(address)))
    }

    /// This account was opened from this address: strangers elsewhere do not slow it down here.
    pub fn was_opened(&self, account: &str, address: Option<IpAddr>) {
        let here = (account.trim().to_lowercase(), address.map(neighbourhood));
        let mut opened = self.opened();
        if opened.len() > MANY {
            opened.clear();
        }
        opened.insert(self.hashes.hash_one((here.0.as_str(), here.1)));
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, HashSet<u64>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn one(&self, limiter: &Limiter, key: &impl Hash) -> Result<(), Duration> {
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        let wait = limiter.check_key(&self.hashes.hash_one(key));
        wait.map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

fn limiter((burst, each): (u32, Duration), clock: &MomentClock) -> Limiter {
    let quota = Quota::with_period(each).unwrap_or(Quota::per_second(NonZeroU32::MIN));
    let quota = quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
    RateLimiter::new(quota, HashMapStateStore::default(), clock.clone())
}

/// A household of IPv6 has a whole /64 to itself.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four => four,
    }
}

/// Stands at the moment that was handed in last.
#[derive(Clone, Default)]
struct MomentClock(Arc<AtomicU64>);

/// Nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(u64);

impl MomentClock {
    /// Forwards only: a limiter that is asked in the past would let nobody in.
    fn set(&self, now: Timestamp) {
        let nanos = u64::try_from(now.0).unwrap_or(0).saturating_mul(1_000_000);
        self.0.fetch_max(nanos, Ordering::SeqCst);
    }
}

impl Clock for MomentClock {
    type Instant = Moment;

    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

impl std::ops::Add<Nanos> for Moment {
    type Output = Self;
    fn add(self, by: Nanos) -> Self {
        Self(self.0.saturating_add(by.as_u64()))
    }
}

impl Reference for Moment {
    fn duration_since(&self, earlier: Self) -> Nanos {
        Nanos::new(self.0.saturating_sub(earlier.0))
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.saturating_sub(duration.as_u64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_510_800_000);
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn an_account_is_slowed_down_where_it_is_tried_and_not_elsewhere() {
        let throttle = Throttle::default();
        for nth in 0..10 {
            assert_eq!(throttle.admit("Anneke", Some(HERE), NOW), Ok(()), "{nth}");
        }
        let wait = throttle.admit(" ANNEKE ", Some(HERE), NOW).expect_err("the eleventh");
        assert!(wait > Duration::ZERO && wait <= ACCOUNT.1, "{wait:?}");
        assert_eq!(throttle.admit("Kees", Some(HERE), NOW), Ok(()), "others are not");
        assert_eq!(throttle.admit("Anneke", None, NOW), Ok(()), "nor she elsewhere");
        assert_eq!(throttle.admit("Anneke", Some(HERE), NOW + ACCOUNT.1), Ok(()));
        assert!(throttle.admit("Anneke", Some(HERE), NOW + ACCOUNT.1).is_err());
    }

    #[test]
    fn somebody_who_posts_a_name_for_days_does_not_shut_out_its_owner() {
        let throttle = Throttle::default();
        let desk = Some(IpAddr::from([198, 51, 100, 1]));
        for seconds in (0..2 * 24 * 3600).step_by(6) {
            let now = NOW + Duration::from_secs(seconds);
            let _ = throttle.admit("Anneke", Some(HERE), now);
            if seconds % 3600 == 0 {
                assert_eq!(throttle.admit("Anneke", desk, now), Ok(()), "after {seconds} s");
            }
        }
    }

    #[test]
    fn many_addresses_are_slowed_down_together_but_not_the_one_that_it_was_opened_from() {
        let throttle = Throttle::default();
        throttle.was_opened(" ANNEKE", Some(HERE));
        let tried = (0..=255).map(|nth| IpAddr::from([198, 51, 100, nth]));
        let let_in = tried.filter(|from| throttle.admit("Anneke", Some(*from), NOW).is_ok());
        assert_eq!(let_in.count(), 60);
        assert_eq!(throttle.admit("Anneke", Some(HERE), NOW), Ok(()));
        assert_eq!(throttle.admit("Kees", Some(HERE), NOW), Ok(()));
    }

    #[test]
    fn a_stranger_sends_fewer_forms_a_day_than_a_line_takes() {
        let throttle = Throttle::of_strangers();
        let times = (0..24 * 60).map(|minute| NOW + Duration::from_secs(60 * minute));
        let sent = times.filter(|at| throttle.admit_from(Some(HERE), *at).is_ok()).count();
        assert_eq!(sent, 10 + 23);
        let elsewhere = Some(IpAddr::from([198, 51, 100, 1]));
        assert_eq!(throttle.admit_from(elsewhere, NOW), Ok(()));
    }

    #[test]
    fn an_address_is_slowed_down_whatever_it_tries() {
        let throttle = Throttle::default();
        let tried = (0..100)
            .take_while(|nth| throttle.admit(&format!("name {nth}"), Some(HERE), NOW).is_ok());
        assert_eq!(tried.count(), 40);
        assert!(throttle.admit("Anneke", Some(HERE), NOW).is_err());
        assert_eq!(throttle.admit("Anneke", None, NOW), Ok(()), "it cost the account nothing");
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().expect("an address");
        assert!(throttle.admit("Kees", Some(mapped), NOW).is_err(), "the same, written in IPv6");
    }

    #[test]
    fn one_household_of_ipv6_is_one_address() {
        let one: IpAddr = "2001:db8::1".parse().expect("an address");
        let other: IpAddr = "2001:db8::ffff:2".parse().expect("an address");
        let next: IpAddr = "2001:db8:0:1::1".parse().expect("an address");
        assert_eq!(neighbourhood(one), neighbourhood(other));
        assert_ne!(neighbourhood(one), neighbourhood(next));
    }

    #[test]
    fn a_clock_that_is_put_back_shuts_nobody_out() {
        let throttle = Throttle::default();
        assert_eq!(throttle.admit("Anneke", Some(HERE), NOW), Ok(()));
        assert_eq!(throttle.admit("Anneke", Some(HERE), NOW - ACCOUNT.1), Ok(()));
    }
}
