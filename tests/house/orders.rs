//! Somebody at the desk who orders what a scenario says, when it says so.

use std::collections::VecDeque;
use std::path::Path;

use burenhulp::domain::{
    AttemptId, Channel, FirstName, Hours, Language, OfferId, OperatorId, ParticipantId, Phone,
    Postcode, RequestId, Role, ServiceId, SpokenCode, Timestamp, consent,
};
use burenhulp::exchange::{
    Begun, CodeCall, CodeWanted, DeskWish, Entered, Exchange, First, Intake, NewcomerForm,
    OfferTaken, Offered, Ordered, Received, TakenUp, WebQuestion, Why,
};
use burenhulp::sim::number::Number;
use burenhulp::sim::scenario::{Cast, Order, Scenario, Wish};
use burenhulp::store::{
    NewIntake, NewOperator, NewRequest, OperatorFault, RequestKind, Settled, SettledHow, Source,
};
use rusqlite::Connection;

pub(super) struct Orders {
    begins: Timestamp,
    to_come: VecDeque<Order>,
    numbers: Vec<(String, Number)>,
    complaints: Vec<String>,
}

impl Orders {
    pub(super) fn of(scenario: &Scenario, cast: &Cast) -> Self {
        let neighbours = scenario.neighbour.iter().map(|n| n.name.clone());
        let seats = scenario.desk.iter().map(|seat| seat.name.clone());
        let others = scenario.telephone.iter().map(|telephone| telephone.name.clone());
        let names = neighbours.chain(seats).chain(others);
        let number = |name: String| cast.number(&name).cloned().map(|number| (name, number));
        Self {
            begins: scenario.at,
            to_come: scenario.order.iter().cloned().collect(),
            numbers: names.filter_map(number).collect(),
            complaints: Vec::new(),
        }
    }

    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.to_come.front().map(|order| order.at(self.begins))
    }

    pub(super) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    pub(super) async fn give_those_due(
        &mut self,
        exchange: &Exchange,
        books: &Path,
        now: Timestamp,
    ) {
        while self.next_at().is_some_and(|at| at <= now) {
            let Some(order) = self.to_come.pop_front() else { return };
            let answer = self.give(exchange, books, &order.what, now).await;
            let answer = match answer {
                Ordered::Done => None,
                Ordered::TooLate(why) => Some(why.in_words(Language::Nl)),
            };
            let as_told = match (&order.refused, &answer) {
                (None, None) => true,
                (Some(words), Some(said)) => said.contains(words.as_str()),
                _ => false,
            };
            if !as_told {
                let (what, must) = (&order.what, &order.refused);
                self.complaints.push(format!("{what:?} was answered {answer:?}, not {must:?}"));
            }
        }
    }

    async fn give(
        &self,
        exchange: &Exchange,
        books: &Path,
        wish: &Wish,
        now: Timestamp,
    ) -> Ordered {
        if let Wish::Search(name) = wish {
            self.search(exchange, name).await;
            return Ordered::Done;
        }
        if let Wish::SearchWith { whose, seat, counter } = wish {
            let source = if *counter { Source::Counter } else { Source::Phone };
            return self.enter(exchange, whose, source, None, Some(seat)).await;
        }
        if let Wish::SearchOn { whose, wanted_at } = wish {
            return self.enter(exchange, whose, Source::Phone, Some(*wanted_at), None).await;
        }
        if let Wish::SignUp(name) = wish {
            let done = exchange.sign_up(newcomer(exchange, self.phone(name))).await.unwrap();
            assert!(done.is_ok(), "{done:?}");
            return Ordered::Done;
        }
        if let Wish::SpeakCode(name) = wish {
            let (line, code) = (&exchange.context().lines[0], SpokenCode::of(12_345));
            let (ring, language) = (Some(self.phone(name)), Language::Nl);
            let (browser, who, proves) = ([0; 32], None, None);
            let wanted = CodeWanted { ring, code, language, browser, who, proves };
            let rings = exchange.speak_code(line, wanted).await;
            assert_eq!(rings.unwrap(), CodeCall::Rings);
            return Ordered::Done;
        }
        if let Some(answer) = self.on_the_web(exchange, books, wish).await {
            return answer;
        }
        if let Wish::CallBack(seat) = wish {
            let promise = oldest_promise(books);
            let by = operator(exchange, now).await;
            return exchange.call_back(promise, by, self.phone(seat)).await.unwrap();
        }
        if let Wish::BreakOff = wish {
            let by = operator(exchange, now).await;
            return exchange.break_off(oldest_promise(books), by).await.unwrap();
        }
        let db = Connection::open(books).unwrap();
        let one = |sql: &str, number: &str| {
            db.query_row(sql, [number], |row| row.get::<_, i64>(0)).unwrap_or(0)
        };
        let request = RequestId(one(
            "SELECT id FROM request WHERE ?1 = '' ORDER BY kind = 'neighbour' DESC, id DESC LIMIT 1",
            "",
        ));
        if let Wish::Settle = wish {
            let by = operator(exchange, now).await;
            let settled = exchange.settle_request(request, SettledHow::Done, None, by).await;
            assert_eq!(settled.unwrap(), Settled::Done);
            return Ordered::Done;
        }
        let wish = match wish {
            Wish::TakeOver(seat) => DeskWish::TakeOver { seat: self.phone(seat) },
            Wish::RingNext(name) => DeskWish::RingNext(ParticipantId(one(
                "SELECT id FROM participant WHERE phone = ?1",
                self.phone(name).e164(),
            ))),
            Wish::Skip(name) => DeskWish::Skip(AttemptId(one(
                "SELECT id FROM attempt WHERE phone = ?1 ORDER BY id DESC LIMIT 1",
                self.phone(name).e164(),
            ))),
            Wish::GiveUp => DeskWish::GiveUp,
            Wish::Say(words) => DeskWish::Say(words.clone()),
            _ => panic!("it is no order about a search"),
        };
        exchange.order(request, wish).await.unwrap()
    }

    /// What somebody does on the website; `None`: this is none of it.
    async fn on_the_web(&self, exchange: &Exchange, books: &Path, wish: &Wish) -> Option<Ordered> {
        match wish {
            Wish::AskOnTheWeb(name, wanted_at) => {
                let received = exchange.ask_on_the_web(WebQuestion {
                    link: link(name),
                    line: exchange.context().lines[0].number.clone(),
                    phone: self.phone(name),
                    service: ServiceId::parse("company").unwrap(),
                    postcode: Postcode::parse("2584").unwrap(),
                    language: Language::Nl,
                    inside: false,
                    wanted_at: *wanted_at,
                    on_board: true,
                });
                let received = received.await.unwrap();
                assert!(matches!(received, Received::RingsAt(_)), "{received:?}");
            }
            Wish::Withdraw(name) => {
                assert!(exchange.withdraw_question(link(name)).await.unwrap());
            }
            Wish::ComeForward(name) => {
                let request = RequestId(newest(books, "on_board", "request"));
                let who = self.participant(books, name);
                let taken = exchange.come_forward(who, request).await.unwrap();
                if let TakenUp::NotNow(why) = taken {
                    return Some(Ordered::TooLate(Why::MayNotBeAsked(why)));
                }
                if !matches!(taken, TakenUp::Rings | TakenUp::Next) {
                    return Some(Ordered::TooLate(Why::Ended));
                }
            }
            Wish::Offer(name) => {
                let (who, day) =
                    (self.participant(books, name), exchange.now().wall_clock().date());
                let company = ServiceId::parse("company").unwrap();
                let offered = exchange.post_offer(who, company, day).await.unwrap();
                assert!(matches!(offered, Offered::Posted(_)), "{offered:?}");
            }
            Wish::TakeUp(name) => {
                let offer = OfferId(newest(books, "posted_offer", "id"));
                let who = self.participant(books, name);
                match exchange.take_up_offer(who, offer, Language::Nl).await.unwrap() {
                    OfferTaken::Rings | OfferTaken::RingsFrom(_) => {}
                    OfferTaken::Gone | OfferTaken::NotNow => {
                        return Some(Ordered::TooLate(Why::Ended));
                    }
                }
            }
            _ => return None,
        }
        Some(Ordered::Done)
    }

    /// A question that was asked at the counter, and is to be searched for.
    async fn search(&self, exchange: &Exchange, name: &str) {
        let new = NewRequest {
            line: exchange.context().lines[0].number.clone(),
            kind: RequestKind::Neighbour,
            service: Some(ServiceId::parse("company").unwrap()),
            postcode: Some(Postcode::parse("2584").unwrap()),
            language: Language::Nl,
            participant: None,
            call: None,
            note: None,
            now: exchange.now(),
        };
        let asked = exchange.store().write(move |tx| tx.open_request(&new)).await.unwrap();
        let begun = exchange.search_in_background(asked.id, self.phone(name)).await.unwrap();
        assert!(matches!(begun, Begun::Until(_)), "{begun:?}");
        let twice = exchange.search_in_background(asked.id, self.phone(name)).await.unwrap();
        assert_eq!(twice, Begun::TooLate, "two at the desk at once: one search");
    }

    /// A question that somebody at the desk enters; with a seat, for somebody whom they have at hand.
    async fn enter(
        &self,
        exchange: &Exchange,
        whose: &str,
        source: Source,
        wanted_at: Option<Timestamp>,
        seat: Option<&String>,
    ) -> Ordered {
        let now = exchange.now();
        let intake = Intake {
            new: NewIntake {
                line: exchange.context().lines[0].number.clone(),
                source,
                agreement: None,
                name: "Greet".into(),
                phone: self.phone(whose),
                service: ServiceId::parse("company").unwrap(),
                postcode: Postcode::parse("2584").unwrap(),
                language: Language::Nl,
                inside: false,
                wanted_at,
                starts_at: None,
                by: operator(exchange, now).await,
                now,
            },
            first: First::Anybody,
            search_anyway: false,
            on_the_line: seat.map(|seat| self.phone(seat)),
            on_board: false,
        };
        let entered = exchange.enter_request(intake.clone()).await.unwrap();
        let request = match entered {
            Entered::OnTheLine(request, _)
            | Entered::Searching(request)
            | Entered::Planned(request, _) => request,
            Entered::NotOnTheLine(why) => return Ordered::TooLate(why),
            other => panic!("{other:?}"),
        };
        let twice = exchange.enter_request(intake).await.unwrap();
        // By then the desk's telephone may ring already, which is told first.
        let once = matches!(twice, Entered::Again(_) | Entered::NotOnTheLine(Why::SeatTaken));
        assert!(once, "a form sent twice is one request {request}: {twice:?}");
        Ordered::Done
    }

    fn participant(&self, books: &Path, name: &str) -> ParticipantId {
        let db = Connection::open(books).unwrap();
        let sql = "SELECT id FROM participant WHERE phone = ?1";
        ParticipantId(db.query_row(sql, [self.phone(name).e164()], |row| row.get(0)).unwrap())
    }

    fn phone(&self, name: &str) -> Phone {
        let number = self.numbers.iter().find(|(known, _)| known == name);
        let (_, number) = number.unwrap_or_else(|| panic!("nobody is called {name}"));
        Phone::from_stored(number.as_str()).unwrap()
    }
}

/// Somebody who fills in the form on the web: company at 2584, at any hour.
pub(crate) fn newcomer(exchange: &Exchange, phone: Phone) -> NewcomerForm {
    NewcomerForm {
        line: exchange.context().lines[0].number.clone(),
        phone,
        name: FirstName::parse("Noor").ok(),
        postcode: Postcode::parse("2584").unwrap(),
        does: vec![ServiceId::parse("company").unwrap()],
        would_like: vec![ServiceId::parse("groceries").unwrap()],
        hours: Hours::parse("24/7").unwrap(),
        languages: Vec::new(),
        language: Language::Nl,
        channel: Channel::Web,
        text_version: consent::TEXT_VERSION.to_owned(),
        adult: true,
        proof: None,
    }
}

/// What leads to the page of somebody's question.
fn link(name: &str) -> [u8; 32] {
    let mut link = [0; 32];
    link[..name.len()].copy_from_slice(name.as_bytes());
    link
}

fn newest(books: &Path, table: &str, key: &str) -> i64 {
    let db = Connection::open(books).unwrap();
    db.query_row(&format!("SELECT coalesce(max({key}), 0) FROM {table}"), [], |row| row.get(0))
        .unwrap()
}

fn oldest_promise(books: &Path) -> i64 {
    let db = Connection::open(books).unwrap();
    let sql = "SELECT id FROM promise ORDER BY kept_at IS NOT NULL, id LIMIT 1";
    db.query_row(sql, [], |row| row.get(0)).unwrap_or(0)
}

/// Whoever is at the desk; the same person all the time.
async fn operator(exchange: &Exchange, now: Timestamp) -> OperatorId {
    let lines = exchange.context().lines.iter().map(|line| line.number.clone()).collect();
    let added = exchange.store().write(move |tx| match tx.operator_named("anneke")? {
        Some(known) => Ok(known.operator.id),
        None => tx.add_operator(
            &NewOperator {
                name: "anneke".into(),
                role: Role::Operator,
                password: String::new(),
                password_given: false,
                lines,
                areas: Vec::new(),
            },
            now,
        ),
    });
    let added: Result<OperatorId, OperatorFault> = added.await;
    added.unwrap()
}
