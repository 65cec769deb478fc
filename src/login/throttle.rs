//! How often one may try to log in, or have a telephone rung: by account, and by address.
//!
//! It forgets when the process ends, which costs an attacker who cannot end it nothing gained. An
//! account is slowed down, not locked: whoever tries another's name cannot shut them out for long.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::Timestamp;

/// Tries for one account in a row, and how long until there is one more.
const ACCOUNT: (u32, Duration) = (10, Duration::from_secs(30));
/// The same for one address; a whole desk may share it.
const ADDRESS: (u32, Duration) = (40, Duration::from_secs(6));
/// Calls to one number in a row that a page has made, and how long until there is one more: whoever
/// types another's number cannot keep it ringing.
const CALLS: (u32, Duration) = (3, Duration::from_secs(15 * 60));
/// The same for one address, whichever numbers it types.
const CALLS_FROM: (u32, Duration) = (12, Duration::from_secs(2 * 60));
/// Keys that are kept before old ones are looked through.
const MANY: usize = 10_000;

type Limiter = RateLimiter<u64, HashMapStateStore<u64>, MomentClock, NoOpMiddleware<Moment>>;

/// Counts tries.
pub struct Throttle {
    accounts: Limiter,
    addresses: Limiter,
    clock: MomentClock,
    hashes: RandomState,
}

impl Default for Throttle {
    fn default() -> Self {
        Self::with(ACCOUNT, ADDRESS)
    }
}

impl Throttle {
    /// For telephones that are rung for what is typed on a page; an account is a number.
    pub fn of_calls() -> Self {
        Self::with(CALLS, CALLS_FROM)
    }

    fn with(account: (u32, Duration), address: (u32, Duration)) -> Self {
        let clock = MomentClock::default();
        Self {
            accounts: limiter(account, &clock),
            addresses: limiter(address, &clock),
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
        self.clock.set(now);
        if let Some(address) = address {
            self.one(&self.addresses, &neighbourhood(address))?;
        }
        self.one(&self.accounts, &account.trim().to_lowercase())
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
    fn an_account_is_slowed_down_whoever_tries_it() {
        let throttle = Throttle::default();
        for nth in 0..10u8 {
            let elsewhere = IpAddr::from([192, 0, 2, nth]);
            assert_eq!(throttle.admit("Anneke", Some(elsewhere), NOW), Ok(()), "{nth}");
        }
        let wait = throttle.admit(" ANNEKE ", None, NOW).expect_err("the eleventh");
        assert!(wait > Duration::ZERO && wait <= ACCOUNT.1, "{wait:?}");
        assert_eq!(throttle.admit("Kees", Some(HERE), NOW), Ok(()), "others are not");
        assert_eq!(throttle.admit("Anneke", None, NOW + ACCOUNT.1), Ok(()));
        assert!(throttle.admit("Anneke", None, NOW + ACCOUNT.1).is_err());
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
