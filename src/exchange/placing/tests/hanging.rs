//! A provider that hangs: what is urgent does not wait behind what is not.

use super::provider::Mood;
use super::*;
use crate::carrier::Sid;
use crate::exchange::outbox::Errand;

/// Longest that anything here is waited for, on the wall.
const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    /// While the workers work: this happens, or it never does.
    fn while_working<T>(&self, what: impl Future<Output = T>) -> T {
        let exchange = self.exchange();
        self.runtime.block_on(async {
            tokio::select! {
                () = exchange.keep_working(std::future::pending()) => panic!("they never stop"),
                done = tokio::time::timeout(PATIENCE, what) => done.expect("it never happened"),
            }
        })
    }
}

fn hang_up(sid: &str) -> Errand {
    Errand::HangUp { sid: Sid::parse(sid).expect("an id") }
}

async fn post(exchange: &Exchange, errands: Vec<Errand>) {
    let posted = exchange
        .one_input(move |moment, tx| errands.iter().try_for_each(|errand| errand.post(moment, tx)));
    posted.await.expect("the store works");
}

#[test]
fn somebody_is_let_go_while_every_order_of_a_call_hangs() {
    let world = World::open();
    for n in 1..=3 {
        world.candidate_placed(&format!("+3160100000{n}"));
    }
    // As many as are asked for at once.
    world.later(Duration::from_secs(9));
    world.provider.is(&[Mood::Hangs; 3]);
    let (exchange, provider) = (world.exchange(), Arc::clone(&world.provider));
    let gone = world.while_working(async move {
        provider.hangs(3).await;
        post(&exchange, vec![hang_up("CA1")]).await;
        provider.has_let_go(1).await
    });
    assert_eq!(gone, ["hung up CA1"]);
    assert!(world.provider.made().is_empty());
}

#[test]
fn a_timer_is_heard_while_the_provider_hangs() {
    let world = World::open();
    let (attempt, _) = world.candidate_placed("+31601000001");
    world.provider.is(&[Mood::Hangs]);
    let (exchange, provider) = (world.exchange(), Arc::clone(&world.provider));
    world.while_working(async move {
        provider.hangs(1).await;
        let mut seen = exchange.feed().listen();
        let due = exchange.one_input(move |moment, tx| {
            let request = tx.attempt(attempt)?.expect("it is there").request;
            tx.set_timer(request, "of another version", moment.now)?;
            moment.due(moment.now);
            Ok(request)
        });
        due.await.expect("the store works");
        loop {
            let now = exchange.now();
            let waits = exchange.store().read(move |tx| tx.timer_due_by(now)).await;
            if !waits.expect("the store works") {
                return;
            }
            seen.changed().await.expect("it is there");
        }
    });
}

#[test]
fn what_is_about_one_call_is_done_in_order_and_others_do_not_wait_for_it() {
    let world = World::open();
    world.provider.is(&[Mood::Hangs]);
    let (exchange, provider) = (world.exchange(), Arc::clone(&world.provider));
    let gone = world.while_working(async move {
        // The first one hangs; what comes after it on the same call waits for it.
        let sid = Sid::parse("CA1").expect("an id");
        let url = "https://centrale.example.nl/voice/step/1/2".to_owned();
        let redirect = Errand::Redirect { sid, call: CallId(1), url };
        post(&exchange, vec![redirect]).await;
        provider.hangs(1).await;
        post(&exchange, vec![hang_up("CA1"), hang_up("CA2"), hang_up("CA3")]).await;
        provider.has_let_go(2).await
    });
    assert_eq!(gone, ["hung up CA2", "hung up CA3"]);
}

#[test]
fn when_the_provider_answers_the_next_about_the_same_call_is_done() {
    let world = World::open();
    let (exchange, provider) = (world.exchange(), Arc::clone(&world.provider));
    let gone = world.while_working(async move {
        let sid = Sid::parse("CA1").expect("an id");
        let url = "https://centrale.example.nl/voice/step/1/2".to_owned();
        let redirect = Errand::Redirect { sid, call: CallId(1), url };
        post(&exchange, vec![redirect, hang_up("CA1")]).await;
        provider.has_let_go(2).await
    });
    assert_eq!(gone, ["redirected CA1", "hung up CA1"]);
}
