//! burenhulp: a telephone exchange for neighbourly help.
//!
//! Somebody dials one local number and says by keypad what a neighbour could do. The exchange rings
//! neighbours who said that they like to do that now and then, **one after another**, until one
//! says yes. Anyone can say no at any point, without a reason.
//!
//! # The house
//!
//! One package; arrows between rooms go one way only:
//!
//! ```text
//! domain <- dispatch, flow, twiml, report, privacy <- card <- store, carrier, login, config, telemetry
//!        <- exchange <- web, sim <- commands <- main
//! ```
//!
//! Pure rooms (no async, files, clock or random source; `now` is an argument):
//!
//! - [`domain`]: the words of the trade. A value that exists is valid; a [`domain::Phone`] has
//!   passed the gate of numbers that may be rung, and shows itself masked.
//! - [`dispatch`]: *the* state machine. [`dispatch::Search`] is a value: one input in, everything
//!   that follows out. [`dispatch::choose`] orders people, with a reason for everybody.
//! - [`flow`]: what is said and which keys do what, as data: turns and what they wait for.
//! - [`twiml`]: the only module that writes TwiML.
//! - [`report`]: rows in, figures and plots out, with small groups taken out. It knows no person.
//! - [`privacy`]: what is kept about people, why and how long, as lists: the store is swept by them,
//!   and the register that the software prints about itself is made from them.
//! - [`card`]: the printed A5 card of a line, heard from the line's own flow.
//!
//! Edges:
//!
//! - [`store`]: the only module with SQL. One writer thread commits together what waits together;
//!   what was answered is on disk first.
//! - [`carrier`]: webhooks and their signatures, four provider dialects, the REST side.
//! - [`login`]: passwords, tokens of sessions, second factors. Knows no table and no page.
//! - [`config`] and [`telemetry`]: `burenhulp.toml`, logs and metrics without people in them.
//!
//! The driver:
//!
//! - [`exchange`]: **one input, drain all outputs, commit, then act.** Every webhook becomes one
//!   transaction; the answer goes out when it is on disk. It translates between flow and dispatch,
//!   which do not know each other, and holds no ringing rule.
//!
//! Outermost: [`web`] (HTTP only), [`sim`] (a telephone network in a box) and [`commands`]. In the
//! demo all three meet: [`sim::live`] lets the network run and calls the exchange over HTTP like any
//! provider, [`web::demo`] shows its telephones, `commands::demo` puts both on one port.
//! [`web::desk`] is where people work: one table of addresses, each with the right that it needs.
//! [`web::portal`] is the public side: what this is, asking on the web, and `/mijn`, where those who
//! take part settle for themselves when, where, how often and what for they are rung, and see on a board
//! what neighbours ask and offer. What both do alike (a layout, the guard of a form, showing a fault)
//! stands once, in [`web`] itself.
//!
//! # Seven walkthroughs
//!
//! **A call, from ring to goodbye.**
//!
//! 1. The provider posts to `/voice/incoming`. [`web::hooks`] checks the signature over the raw
//!    body, reads the form into a [`carrier::Webhook`] and hands it to [`exchange::Exchange`].
//! 2. `incoming` queues one closure on the store's writer. It opens a leg, starts the flow
//!    `caller.vxml` (or `participant.vxml` or `signup.vxml`, for whoever was rung just now) and gets a
//!    [`flow::Turn`] back: words, and what to wait for. The words become [`twiml`]; position and answer
//!    are written, committed, and only then sent.
//! 3. Every key comes back to an address with the leg and a step number in it, and is one more
//!    closure: load the position, resume the flow, write, answer.
//! 4. The flow reaches `<object classid="builtin:find-neighbour">`. `exchange::doors` opens a
//!    request and a [`dispatch::Search`]; `exchange::drive` feeds it its first input, and does what it
//!    wants until it wants nothing more. It asks for a candidate; the store reads people from near to
//!    far, [`dispatch::choose`] orders them, and the first is reserved in this very transaction (R3).
//!    The answer to the caller rings them: `<Dial>`.
//! 5. The neighbour picks up: `/voice/screening/…` starts `neighbour.vxml` on their leg. Key 2 is
//!    fed to the search as a no. When the provider reports that the dial is over, the search wants
//!    the next one, and the answer to that very report rings (R7).
//! 6. Somebody presses 1. The search accepts the first yes (R6), the screening document ends
//!    without hanging up, and the provider joins the two. After the talk the caller is asked
//!    whether it worked out, thanked, and the call ends.
//!
//! **A search that goes on when the caller has hung up.** Nobody was free, or it took long, and the
//! caller chose to be called back. [`dispatch::Search`] is the same value, now in the background:
//! instead of a dial on the caller's leg it wants calls of the exchange's own
//! (`exchange::placing`), as many at once as the line says, three at most, in ringing hours, until its
//! deadline. Whoever picks up hears the same screening. Somebody presses 1: their leg dials the caller
//! (`exchange::callback`), who hears `callback.vxml` and is asked too; only then are the two joined. A
//! caller who does not come is rung once more after ten minutes, and the search goes on live from
//! there. Every other end is a call with the outcome, or a promise of the desk; mostly both.
//! When somebody at the desk enters a request with whoever asks at hand, the same search first fetches
//! them to the line (`exchange::at_hand`), and is live from there.
//!
//! **A question on the website.** It is no request yet: `exchange::questions` rings the number that was
//! filled in, and only key 1 there (`question.vxml`) enters it; from then on it is searched for or
//! planned like one of the desk, and its page, whose address nobody can guess, says how it stands. If
//! whoever asked agreed, neighbours see it on their board, without a name or a place. "I will do it"
//! rings nobody by itself: it makes them the next candidate of the search, also days before its moment
//! ([`dispatch::Search::ahead`]), and their yes is a key like any other. An offer on the board is the
//! same the other way round: whoever takes it up asks, and whoever made it is rung first; so they are
//! when somebody asks for just that by telephone, for that day ([`dispatch::choose::Band::Offered`]).
//!
//! **A crash in mid-ring.** The process is killed while a telephone rings. Everything that was
//! answered is on disk: leg, step, position, search, attempt, timers, requests to the provider. The
//! provider goes on ringing; its next report finds the new process, which loads the row and goes on
//! as if nothing had been. A report that was under way is sent again by the provider, or lost: what
//! was answered before is answered the same, what was not is done now (R11). Timers that came due
//! meanwhile fire at the start; a leg of which nothing is heard for ten minutes is asked after
//! (`exchange::sweep`), so that nobody stays busy for ever. A search, or a call that rings for one, of
//! which what is stored cannot be read is given up, once, and the desk has the request
//! (`exchange::given_up`).
//!
//! **Somebody new.** Whichever way they come (`exchange::signing_up`), they are written down and count
//! for nothing until their own telephone was rung and key 1 was pressed on it. Key 2 erases them
//! at once; whoever does not answer is erased within a week. A stranger who types somebody's number
//! is told the same whoever has it.
//!
//! **A neighbour who says stop.** Key 4 asks once more, and from that moment they are not rung
//! (`stop_not_confirmed`), also if they now hang up. Key 1 withdraws consent in the same transaction
//! that writes the answer: the consent row is closed, the participant no longer counts, and a keyed
//! hash of the number goes on the stop list, so that no import brings them back without a newer,
//! verified opt-in (R9). For the search it is a no like any other: the caller hears the same
//! sentence, and the next telephone rings.
//!
//! **A neighbour who never answers.** The fifth ring in a row that nobody answers makes them rest, and
//! writes down, in that transaction, that they are to be asked: one call, the next day at another
//! hour, in their own hours and the line's (`exchange::still_there`). Whoever was silent for a year is
//! found at night and asked three times at most, and erased when a month went by. Any word ends it: a
//! key in that call, their own menu, `/mijn`, or the desk on their behalf.
//!
//! # What is deliberately absent
//!
//! Nothing outside [`store`] has SQL, outside [`twiml`] writes TwiML, outside [`carrier`] knows a
//! provider's field names, outside `exchange::clock` asks for the time. No call needs anything that
//! lives only in memory. `tests/architecture.rs` reads the sources and says so.

pub mod card;
pub mod carrier;
pub mod commands;
pub mod config;
pub mod dispatch;
pub mod domain;
pub mod exchange;
pub mod flow;
pub mod login;
pub mod privacy;
pub mod report;
pub mod sim;
pub mod store;
pub mod telemetry;
pub mod twiml;
pub mod web;
