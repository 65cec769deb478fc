-- The whole current schema. Upgrades to it are steps in src/store/migrations.rs.
-- All times are UTC milliseconds. Nothing here is a free-text reason, and nothing about health.

-- Postcode areas: where places are. Public data; anybody may see it.
CREATE TABLE place (
  postcode INTEGER PRIMARY KEY CHECK (postcode BETWEEN 1000 AND 9999),
  place TEXT NOT NULL,
  neighbourhood TEXT NOT NULL DEFAULT '',
  lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180)
) STRICT;

-- People known to the exchange. The desk of their line sees them, numbers masked. `in_touch_at` is when
-- they last answered, called or logged in, to the day.
CREATE TABLE participant (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  phone TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  postcode INTEGER NOT NULL CHECK (postcode BETWEEN 1000 AND 9999),
  hours TEXT NOT NULL,
  languages TEXT NOT NULL,
  min_m INTEGER NOT NULL CHECK (min_m >= 0),
  max_m INTEGER NOT NULL CHECK (max_m > min_m),
  max_per_day INTEGER NOT NULL CHECK (max_per_day BETWEEN 1 AND 20),
  max_per_week INTEGER NOT NULL CHECK (max_per_week BETWEEN 1 AND 50),
  consented INTEGER NOT NULL DEFAULT 0 CHECK (consented IN (0, 1)),
  verified_at INTEGER,
  pause_kind TEXT CHECK (pause_kind IN ('until', 'until_they_call', 'stop_not_confirmed')),
  pause_until INTEGER,
  rest_until INTEGER,
  last_asked INTEGER,
  answered INTEGER NOT NULL DEFAULT 0,
  yeses INTEGER NOT NULL DEFAULT 0,
  unanswered INTEGER NOT NULL DEFAULT 0,
  in_touch_at INTEGER,
  created_at INTEGER NOT NULL,
  CHECK ((pause_kind = 'until') = (pause_until IS NOT NULL) OR pause_kind IS NULL)
) STRICT;

-- Consent, append-only: who agreed to what text, how, when, and when it was withdrawn.
-- The proof; seen by coordinators only. It outlives the person: once they are erased, `person` is a
-- keyed hash of their number and leads to nobody. `proof` is the provider's id of the call in which it
-- was given or confirmed.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  participant INTEGER REFERENCES participant,
  purpose TEXT NOT NULL CHECK (purpose IN ('being_rung')),
  text_version TEXT NOT NULL,
  language TEXT CHECK (language IN ('nl', 'en')),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'web', 'desk', 'paper')),
  proof TEXT,
  given_at INTEGER NOT NULL,
  verified_at INTEGER,
  withdrawn_at INTEGER,
  withdrawn_by TEXT CHECK (withdrawn_by IN ('phone', 'web', 'desk', 'paper')),
  person BLOB,
  CHECK ((participant IS NULL) = (person IS NOT NULL))
) STRICT;
CREATE INDEX consent_of ON consent (participant);

-- Who does what, where: at home, and at up to two other places, a row each. The postcode of home stands
-- here too, so that choosing reads one index (see candidates). A distance here goes before the
-- participant's own, and is the same wherever they do this. `inside`: they also go inside, where the
-- service lets that be asked; never why somebody would like it.
CREATE TABLE offer (
  service TEXT NOT NULL,
  postcode INTEGER NOT NULL,
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  min_m INTEGER CHECK (min_m >= 0),
  max_m INTEGER CHECK (max_m > 0),
  inside INTEGER NOT NULL DEFAULT 0 CHECK (inside IN (0, 1)),
  PRIMARY KEY (service, postcode, participant)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_of ON offer (participant);

-- Counted habits: rings and pick-ups by part of the day (0 to 5). No content, no other person.
CREATE TABLE habit (
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  day_part INTEGER NOT NULL CHECK (day_part BETWEEN 0 AND 5),
  rings INTEGER NOT NULL DEFAULT 0,
  picked_up INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (participant, day_part)
) STRICT, WITHOUT ROWID;

-- The same counts for a whole line: the means that new people begin with.
CREATE TABLE line_habit (
  line TEXT PRIMARY KEY,
  rings INTEGER NOT NULL DEFAULT 0,
  picked_up INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0,
  yeses INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Two people who are not brought together again: mutual and silent. Seen by nobody.
CREATE TABLE block (
  one INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  other INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

-- Somebody who takes part is not brought together again with whoever has a number: the same, for
-- people who take no part. A keyed hash; no number can be read from it. Gone with the person, and
-- after two years. Seen by nobody.
CREATE TABLE apart (
  hash BLOB NOT NULL,
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (participant, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX apart_from ON apart (hash);

-- Two people who were happy with each other: tried first.
CREATE TABLE klik (
  asker INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  helper INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  PRIMARY KEY (asker, helper)
) STRICT, WITHOUT ROWID;

-- Legs: one telephone call of the provider each, and where its flow stands.
CREATE TABLE call (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  parent_sid TEXT,
  direction TEXT NOT NULL CHECK (direction IN ('incoming', 'dialled', 'placed')),
  role TEXT NOT NULL CHECK (role IN ('caller', 'neighbour', 'desk')),
  line TEXT NOT NULL,
  caller TEXT NOT NULL,
  participant INTEGER REFERENCES participant ON DELETE SET NULL,
  attempt INTEGER,
  position TEXT,
  step INTEGER NOT NULL DEFAULT -1,
  started_at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
-- Live legs: by whose they are, and to go through when asking which have been quiet. `heard_at` has
-- no index of its own, since it changes with every webhook.
CREATE INDEX call_live_participant ON call (participant) WHERE ended_at IS NULL;

-- What each step of a leg was answered, so that a repeat hears the same (R11).
-- In the order in which they are written: what a commit holds of many calls lies on a few pages then.
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  call INTEGER NOT NULL,
  number INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  answer TEXT NOT NULL,
  UNIQUE (call, number)
) STRICT;

-- Somebody's question: a service at a place; or the wish to speak to the desk. `call` is the leg on
-- which it was asked, if it was on one; `call_back` the number to call back, once that is promised.
-- `inside`: whoever helps is asked to go inside too.
CREATE TABLE request (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  line TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('neighbour', 'desk')),
  service TEXT,
  postcode INTEGER,
  language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
  participant INTEGER REFERENCES participant ON DELETE SET NULL,
  call INTEGER REFERENCES call,
  call_back TEXT,
  note INTEGER,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  outcome TEXT,
  accepted INTEGER,
  worked_out INTEGER CHECK (worked_out IN (0, 1)),
  inside INTEGER NOT NULL DEFAULT 0 CHECK (inside IN (0, 1))
) STRICT;
CREATE INDEX request_of ON request (call);
CREATE INDEX request_call_back ON request (call_back) WHERE call_back IS NOT NULL;
-- What is still open: for the board of the desk.
CREATE INDEX request_open ON request (id) WHERE closed_at IS NULL;

-- The dispatch machine of a request, as it stands between two inputs.
CREATE TABLE machine (
  request INTEGER PRIMARY KEY REFERENCES request ON DELETE CASCADE,
  state TEXT NOT NULL
) STRICT;

-- One candidate rung once. Who was asked, and how it turned out: for the desk and the counts.
-- `turn` is 0, and more for somebody who agreed to be rung once more or whose telephone never rang.
-- The reason why they were chosen has one line for each language, Dutch first.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request INTEGER NOT NULL REFERENCES request ON DELETE CASCADE,
  participant INTEGER REFERENCES participant ON DELETE SET NULL,
  turn INTEGER NOT NULL DEFAULT 0,
  phone TEXT NOT NULL,
  language TEXT,
  day_part INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  sid TEXT,
  reserved_at INTEGER NOT NULL,
  picked_up_at INTEGER,
  accepted_at INTEGER,
  ended_at INTEGER,
  result TEXT,
  counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1))
) STRICT;
-- R3: one live ring or conversation a telephone, in the whole system.
CREATE UNIQUE INDEX attempt_one_live ON attempt (phone) WHERE ended_at IS NULL;
-- R4: nobody is asked twice for one request. (Desk telephones are no participant: never the same.)
CREATE UNIQUE INDEX attempt_once ON attempt (request, participant, turn);
CREATE INDEX attempt_of ON attempt (participant, reserved_at);

-- One ring of a caller who is called back: by the leg of the neighbour who said yes (`attempt`), or by
-- a call of the exchange's own (`placed`); or their own call with the desk is taken back (neither).
CREATE TABLE callback (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request INTEGER NOT NULL REFERENCES request ON DELETE CASCADE,
  why TEXT NOT NULL CHECK (why IN ('join', 'confirm', 'again', 'outcome', 'ask')),
  attempt INTEGER,
  placed INTEGER,
  phone TEXT NOT NULL,
  sid TEXT,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((why = 'join') = (attempt IS NOT NULL))
) STRICT;
-- R3, for callers whom a neighbour's leg dials; a placed call has its own.
CREATE UNIQUE INDEX callback_one_live ON callback (phone)
  WHERE ended_at IS NULL AND attempt IS NOT NULL;

-- The journal, append-only: what happened to which request. Words and ids only.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  request INTEGER,
  call INTEGER,
  attempt INTEGER,
  what TEXT NOT NULL
) STRICT;

-- A recording left for the desk.
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  line TEXT NOT NULL,
  caller TEXT NOT NULL,
  call INTEGER NOT NULL REFERENCES call,
  step INTEGER NOT NULL,
  request INTEGER,
  recording_url TEXT NOT NULL,
  recording_sid TEXT,
  seconds INTEGER NOT NULL,
  ready_at INTEGER,
  left_at INTEGER NOT NULL,
  sound TEXT NOT NULL DEFAULT 'waiting' CHECK (sound IN ('waiting', 'here', 'too_large', 'lost')),
  UNIQUE (call, step)
) STRICT;

-- What was said in a message, sealed with the key beside the database. Heard by operators of the
-- line, and every time it is, the audit trail says so. Deleted with its message.
CREATE TABLE message_sound (
  message INTEGER PRIMARY KEY REFERENCES message ON DELETE CASCADE,
  content_type TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

-- Anything that was promised, with the moment it is due.
CREATE TABLE promise (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL
    CHECK (kind IN ('desk_answers', 'ring_neighbour_back', 'coordinator_arranges', 'board_looked_at')),
  line TEXT NOT NULL,
  request INTEGER,
  message INTEGER REFERENCES message ON DELETE CASCADE,
  participant INTEGER REFERENCES participant ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  kept_at INTEGER,
  kept_by INTEGER REFERENCES operator,
  kept_how TEXT CHECK (kept_how IN
    ('spoken', 'not_needed', 'passed_on', 'not_reached', 'taken_down', 'left_there')),
  claimed_by INTEGER REFERENCES operator,
  claimed_at INTEGER
) STRICT;
CREATE INDEX promise_open ON promise (due_at) WHERE kept_at IS NULL;
CREATE INDEX promise_kept ON promise (kept_at) WHERE kept_at IS NOT NULL;

-- A caller's own few words, until the search ends. Deleted then.
CREATE TABLE note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  call INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
  url TEXT NOT NULL,
  sid TEXT,
  content_type TEXT,
  sound BLOB,
  made_at INTEGER NOT NULL
) STRICT;

-- REST calls to make after the commit; the key makes the same one twice one. Lower ranks first: what
-- lets a person go does not wait behind what rings one.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  rank INTEGER NOT NULL,
  payload TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  last_fault TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at);

-- Since when the provider does nothing that it is asked; no row while it does. One row.
CREATE TABLE provider_trouble (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  since INTEGER NOT NULL
) STRICT;

-- Calls that the exchange places itself, from the decision to the end. `purpose` says what for, in
-- the driver's own form. 'asking' is committed before the provider is asked: found again in that
-- state, nobody knows whether the telephone rings. `slot_at` keeps to the provider's calls a second.
CREATE TABLE placed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  line TEXT NOT NULL,
  phone TEXT NOT NULL,
  purpose TEXT NOT NULL,
  attempt INTEGER,
  ring_seconds INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'asking', 'ringing', 'answered', 'over')),
  unwanted INTEGER NOT NULL DEFAULT 0 CHECK (unwanted IN (0, 1)),
  sid TEXT UNIQUE,
  tries INTEGER NOT NULL DEFAULT 0,
  decided_at INTEGER NOT NULL,
  slot_at INTEGER NOT NULL,
  asked_at INTEGER,
  ended_at INTEGER,
  result TEXT,
  CHECK ((state = 'over') = (ended_at IS NOT NULL)),
  CHECK ((state = 'over') = (result IS NOT NULL))
) STRICT;
-- R3: a telephone is rung by one placed call at a time.
CREATE UNIQUE INDEX placed_one_live ON placed (phone) WHERE ended_at IS NULL;
CREATE INDEX placed_attempt ON placed (attempt) WHERE ended_at IS NULL;

-- What a search waits for. Two rows for each search under way: read from end to end, no index.
CREATE TABLE timer (
  request INTEGER NOT NULL REFERENCES request ON DELETE CASCADE,
  name TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (request, name)
) STRICT, WITHOUT ROWID;

-- Voice flows that calls began with, by version: calls under way keep theirs.
CREATE TABLE flow_version (
  version TEXT PRIMARY KEY,
  files TEXT NOT NULL
) STRICT;

-- Keyed hashes of numbers that must not be rung again (R9). No number can be read from it.
-- `moved`: nobody stopped; whoever had this number took part and is rung on another one since.
CREATE TABLE stop_list (
  hash BLOB PRIMARY KEY,
  stopped_at INTEGER NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0 CHECK (moved IN (0, 1))
) STRICT, WITHOUT ROWID;

-- A keyed hash of nothing in particular: tells whether the key file beside the database is the one
-- that the stop list was made with. One row.
CREATE TABLE key_check (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hash BLOB NOT NULL
) STRICT;

-- ---- login: who works at the desk ----

-- People who may log in at the desk. Seen by administrators; the password as an argon2id hash, the
-- secret of the second factor sealed with the key beside the database. `password_given`: somebody
-- else chose it, so that they choose their own when they first log in. `totp_step`: the last code
-- that was used, which is not good again.
CREATE TABLE operator (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL CHECK (role IN ('operator', 'coordinator', 'administrator')),
  password TEXT NOT NULL,
  password_given INTEGER NOT NULL DEFAULT 0 CHECK (password_given IN (0, 1)),
  totp_secret BLOB,
  totp_step INTEGER NOT NULL DEFAULT 0,
  made_at INTEGER NOT NULL,
  off_at INTEGER
) STRICT;

-- Which lines an operator works for.
CREATE TABLE operator_line (
  operator INTEGER NOT NULL REFERENCES operator ON DELETE CASCADE,
  line TEXT NOT NULL,
  PRIMARY KEY (operator, line)
) STRICT, WITHOUT ROWID;

-- Which postcodes a coordinator looks after.
CREATE TABLE operator_area (
  operator INTEGER NOT NULL REFERENCES operator ON DELETE CASCADE,
  postcode INTEGER NOT NULL CHECK (postcode BETWEEN 1000 AND 9999),
  PRIMARY KEY (operator, postcode)
) STRICT, WITHOUT ROWID;

-- The telephone at which an operator takes calls today. Their own; seen by nobody else.
CREATE TABLE seat (
  operator INTEGER PRIMARY KEY REFERENCES operator ON DELETE CASCADE,
  phone TEXT NOT NULL
) STRICT;

-- Codes for whoever lost the telephone with the second factor; as hashes, each good for once.
CREATE TABLE recovery_code (
  operator INTEGER NOT NULL REFERENCES operator ON DELETE CASCADE,
  hash BLOB NOT NULL,
  PRIMARY KEY (operator, hash)
) STRICT, WITHOUT ROWID;

-- Who is logged in. The cookie's token is not here, only its SHA-256. `stage` says how far somebody
-- is: a code is still to be given, a second factor to be set up, a password to be chosen, or in.
CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  operator INTEGER NOT NULL REFERENCES operator ON DELETE CASCADE,
  stage TEXT NOT NULL CHECK (stage IN ('code', 'enrol', 'password', 'in')),
  made_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of ON session (operator);

-- The audit trail, append-only: who did what, when, about whom. Without an operator: somebody on
-- the server. Seen by administrators.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  operator INTEGER REFERENCES operator,
  what TEXT NOT NULL,
  about TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_of ON audit (operator, at);
CREATE INDEX audit_about ON audit (about);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'the audit trail is append-only');
END;
-- Only `forgotten`, with the moment of its last round, lets lines of more than a year ago go.
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
WHEN OLD.at > coalesce((SELECT max(begun_at) FROM forgotten), 0) - 364 * 86400000 BEGIN
  SELECT raise(ABORT, 'the audit trail is append-only');
END;

-- Reports: counts of a Dutch calendar day (YYYY-MM-DD) for every line, as JSON. Made ahead, and kept
-- when the calls and the people are erased: no person, number or moment of a call is in them.
CREATE TABLE report_day (
  day TEXT PRIMARY KEY,
  counts TEXT NOT NULL,
  counted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports: how many people take part around each line in a month (YYYY-MM), what they offer where,
-- and how many were asked how often. Counts only, as above; kept as above.
CREATE TABLE report_month (
  month TEXT PRIMARY KEY,
  counts TEXT NOT NULL,
  counted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a day is counted from.
CREATE INDEX request_opened ON request (opened_at);
CREATE INDEX call_came ON call (started_at) WHERE direction = 'incoming' AND role = 'caller';
CREATE INDEX promise_due ON promise (due_at);
-- ---- deskwork: the desk's hours, messages, promises and what is entered there ----

-- Desk opened or closed by hand, until a moment; then its hours count again. Everybody at the desk.
CREATE TABLE desk_by_hand (
  line TEXT PRIMARY KEY,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  until INTEGER NOT NULL,
  operator INTEGER NOT NULL REFERENCES operator,
  set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Extra closing days, as on the Dutch calendar (2026-12-24); an empty line is all lines.
CREATE TABLE closing_day (
  day TEXT NOT NULL,
  line TEXT NOT NULL,
  operator INTEGER NOT NULL REFERENCES operator,
  set_at INTEGER NOT NULL,
  PRIMARY KEY (day, line)
) STRICT, WITHOUT ROWID;

-- A sentence that callers hear first, until a moment. Public: anybody who calls hears it.
CREATE TABLE notice (
  line TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
  text TEXT NOT NULL,
  until INTEGER NOT NULL,
  operator INTEGER NOT NULL REFERENCES operator,
  set_at INTEGER NOT NULL,
  PRIMARY KEY (line, language)
) STRICT, WITHOUT ROWID;

-- A few words for colleagues about a promise or a request, for a fortnight. No number, no address,
-- nothing about health. Seen by whoever sees what it is about.
CREATE TABLE desk_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  promise INTEGER REFERENCES promise ON DELETE CASCADE,
  request INTEGER REFERENCES request ON DELETE CASCADE,
  text TEXT NOT NULL,
  operator INTEGER NOT NULL REFERENCES operator,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CHECK ((promise IS NULL) <> (request IS NULL))
) STRICT;
CREATE INDEX desk_note_of ON desk_note (request, promise);

-- A request that was entered at the desk, or asked on the web: by which way it came, and, when an
-- organisation brought it, that the person agreed: who heard it, when and how. `starts_at` is when its
-- search is to begin; none once it has, or when somebody at the desk sees to it. First names only;
-- nothing about health. What came by the web was entered by no operator.
-- `seat`: whoever asks is on the line while it is searched for, by way of this telephone of the desk.
CREATE TABLE intake (
  request INTEGER PRIMARY KEY REFERENCES request ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('phone', 'counter', 'organisation', 'web', 'board')),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  organisation TEXT,
  agreed_to TEXT,
  agreed_on TEXT,
  agreed_how TEXT CHECK (agreed_how IN ('spoken', 'phone', 'written')),
  wanted_at INTEGER,
  starts_at INTEGER,
  seat TEXT,
  operator INTEGER REFERENCES operator,
  CHECK ((source IN ('web', 'board')) = (operator IS NULL)),
  CHECK ((source = 'organisation') = (organisation IS NOT NULL)),
  CHECK ((organisation IS NULL) = (agreed_to IS NULL)),
  CHECK ((organisation IS NULL) = (agreed_on IS NULL)),
  CHECK ((organisation IS NULL) = (agreed_how IS NULL))
) STRICT;
CREATE INDEX intake_starts ON intake (starts_at) WHERE starts_at IS NOT NULL;

-- How a request ended, as somebody at the desk says. With a referral: to which organisation; the
-- person agreed. Nothing of its content.
CREATE TABLE settlement (
  request INTEGER PRIMARY KEY REFERENCES request ON DELETE CASCADE,
  how TEXT NOT NULL CHECK (how IN ('done', 'not_needed', 'referred', 'could_not')),
  referred_to TEXT,
  operator INTEGER NOT NULL REFERENCES operator,
  settled_at INTEGER NOT NULL,
  CHECK ((how = 'referred') = (referred_to IS NOT NULL))
) STRICT;

-- Places of which requests go to the coordinator first. Settled by administrators.
CREATE TABLE coordinator_first (
  postcode INTEGER PRIMARY KEY CHECK (postcode BETWEEN 1000 AND 9999),
  operator INTEGER NOT NULL REFERENCES operator,
  set_at INTEGER NOT NULL
) STRICT;

-- ---- placing: what the desk does to a call ----

-- Whom the desk wants asked next for a request, or which of its telephones is to ring first; or who
-- came forward for it on the board (`came`), or had offered it there. Gone once it was looked at, or with the request.
CREATE TABLE wish (
  request INTEGER PRIMARY KEY REFERENCES request ON DELETE CASCADE,
  participant INTEGER REFERENCES participant ON DELETE CASCADE,
  seat TEXT,
  came TEXT CHECK (came IN ('forward', 'offered')),
  CHECK ((participant IS NULL) <> (seat IS NULL)),
  CHECK (came IS NULL OR participant IS NOT NULL)
) STRICT;

-- Somebody at the desk calls back: their own telephone is rung, and then whoever was promised it.
-- The number is that of the promise; seen by whoever sees the promise.
CREATE TABLE desk_call (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  promise INTEGER NOT NULL REFERENCES promise ON DELETE CASCADE,
  operator INTEGER NOT NULL REFERENCES operator,
  phone TEXT NOT NULL,
  leg INTEGER REFERENCES call ON DELETE SET NULL,
  begun_at INTEGER NOT NULL,
  dialled_at INTEGER,
  ended_at INTEGER,
  result TEXT CHECK (result IN ('spoken', 'short', 'busy', 'no_answer', 'not_reached', 'left',
    'not_taken', 'seat_silent', 'not_placed')),
  CHECK ((ended_at IS NULL) = (result IS NULL))
) STRICT;
-- One at a time for a promise, and one for the telephone that is rung (R3).
CREATE UNIQUE INDEX desk_call_of ON desk_call (promise) WHERE ended_at IS NULL;
CREATE INDEX desk_call_leg ON desk_call (leg);
CREATE INDEX desk_call_rings ON desk_call (phone) WHERE ended_at IS NULL AND dialled_at IS NOT NULL;

-- ---- privacy: what is forgotten ----

-- The rounds of forgetting, one a day (YYYY-MM-DD, Dutch): when, and how many rows of which kind
-- were erased, as JSON. Without `done_at` it is under way, or was broken off and is begun anew.
CREATE TABLE forgotten (
  day TEXT PRIMARY KEY,
  begun_at INTEGER NOT NULL,
  done_at INTEGER,
  erased TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;

-- ---- taking part: what a service with special conditions asks for ----

-- What somebody at the desk saw or decided about a person and a service: that, when, by whom. Never
-- the paper itself, and never what stands in it. Seen by the desk.
CREATE TABLE admission (
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  service TEXT NOT NULL,
  approved_at INTEGER,
  approved_by INTEGER REFERENCES operator,
  certificate_kind TEXT CHECK (certificate_kind IN ('conduct', 'driving', 'first_aid', 'other')),
  certificate_seen_at INTEGER,
  certificate_seen_by INTEGER REFERENCES operator,
  certificate_expires_at INTEGER,
  PRIMARY KEY (participant, service),
  CHECK (certificate_seen_at IS NOT NULL OR certificate_expires_at IS NULL),
  CHECK ((certificate_seen_at IS NULL) = (certificate_kind IS NULL))
) STRICT, WITHOUT ROWID;

-- How old somebody is at least, in years, and how that is known: they said so, or the desk saw it.
-- Never a date of birth.
CREATE TABLE age (
  participant INTEGER PRIMARY KEY REFERENCES participant ON DELETE CASCADE,
  at_least INTEGER NOT NULL CHECK (at_least BETWEEN 1 AND 99),
  known_by TEXT NOT NULL CHECK (known_by IN ('said', 'seen')),
  known_at INTEGER NOT NULL
) STRICT;

-- ---- portal: the pages of those who take part ----

-- Who is logged in on their own pages. The cookie's token is not here, only its SHA-256. Goes with
-- the person, and the moment that they stop.
CREATE TABLE own_session (
  hash BLOB PRIMARY KEY,
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX own_session_of ON own_session (participant);

-- Six digits that are spoken in a call, here as a keyed hash only: to log in by, or to prove a new
-- number (`phone`). `hash` is that of the token of the browser that asked. Without a participant it
-- was asked for a number that nobody is rung on: no digits fit. Good for once, five minutes, five tries.
CREATE TABLE spoken_code (
  hash BLOB PRIMARY KEY,
  participant INTEGER REFERENCES participant ON DELETE CASCADE,
  phone TEXT,
  code BLOB NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spoken_code_of ON spoken_code (participant);

-- ---- signing up ----

-- Somebody who signed up and has not said yet, on their own telephone, that it was them: which line
-- rings them, how often it did, and when it does next (none: not any more). Gone with their answer;
-- and with them, when a week passes without one. Seen by the desk.
CREATE TABLE sign_up (
  participant INTEGER PRIMARY KEY REFERENCES participant ON DELETE CASCADE,
  line TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
  begun_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  rings_at INTEGER
) STRICT;
CREATE INDEX sign_up_rings ON sign_up (rings_at) WHERE rings_at IS NOT NULL;

-- That somebody was signed up from elsewhere than the telephone that signs up: on a page, at the desk, or
-- by a caller who keyed in a number. Written down whoever has that number, so that nothing, not even how
-- much is written, tells a stranger whether it is known; and so that nobody keys in one number after the
-- other. Never the number itself: of a caller who shows one a keyed hash, of others nothing.
CREATE TABLE sign_up_tally (
  id INTEGER PRIMARY KEY,
  line TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'web', 'desk', 'paper')),
  caller BLOB,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_up_tally_of ON sign_up_tally (line, channel, at);

-- Somebody who is to be asked whether they still take part, because nobody answered five rings in a row
-- ('unanswered'), or because a year went by without a word ('silent'): which line rings them, how often
-- it did, and when it does next (none: not any more). They rest until they answer, and the row goes
-- with the answer; the silent go with it, a month later. Seen by the desk.
CREATE TABLE still_there (
  participant INTEGER PRIMARY KEY REFERENCES participant ON DELETE CASCADE,
  line TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('unanswered', 'silent')),
  since INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  rings_at INTEGER
) STRICT;
CREATE INDEX still_there_rings ON still_there (rings_at) WHERE rings_at IS NOT NULL;

-- Keyed hashes of numbers whose owner was asked, after a good conversation, to take part: once, ever.
-- Kept as long as the stop list is, or they would be asked again. No number can be read from it.
CREATE TABLE asked_to_join (
  hash BLOB PRIMARY KEY,
  asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What somebody would like a neighbour to do now and then, as they said when they signed up. Nobody
-- is rung for it: it is the other half of one kind of person.
CREATE TABLE would_like (
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  service TEXT NOT NULL,
  PRIMARY KEY (participant, service)
) STRICT, WITHOUT ROWID;

-- ---- asking: questions on the web, and the board of neighbours ----

-- A question that was filled in on the web, until whoever has that telephone says that it is theirs:
-- before that it is no request, and nobody else is rung for it. `link` is the SHA-256 of the secret in
-- the address of its page. From the yes on, the number stands with the request only. One that nobody is
-- rung for, whatever its page says, never has a number. Seen by nobody.
CREATE TABLE web_question (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  link BLOB NOT NULL UNIQUE,
  line TEXT NOT NULL,
  phone TEXT,
  service TEXT NOT NULL,
  postcode INTEGER NOT NULL CHECK (postcode BETWEEN 1000 AND 9999),
  language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
  wanted_at INTEGER,
  on_board INTEGER NOT NULL CHECK (on_board IN (0, 1)),
  inside INTEGER NOT NULL DEFAULT 0 CHECK (inside IN (0, 1)),
  asked_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  ring_at INTEGER,
  request INTEGER UNIQUE REFERENCES request ON DELETE CASCADE,
  ended TEXT CHECK (ended IN ('silent', 'withdrawn')),
  CHECK (phone IS NULL OR request IS NULL),
  CHECK (ring_at IS NULL OR (request IS NULL AND ended IS NULL))
) STRICT;
-- One at a time for a telephone.
CREATE UNIQUE INDEX web_question_one_open ON web_question (phone)
  WHERE request IS NULL AND ended IS NULL;
CREATE INDEX web_question_ring ON web_question (ring_at) WHERE ring_at IS NOT NULL;

-- Keyed hashes of numbers whose owner said that it was not them who asked on the web: not rung for
-- such a question for a while. No number can be read from it.
CREATE TABLE not_theirs (
  hash BLOB PRIMARY KEY,
  said_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests that neighbours may see on their board, as whoever asked agreed: what, roughly how far, when.
CREATE TABLE on_board (
  request INTEGER PRIMARY KEY REFERENCES request ON DELETE CASCADE,
  put_at INTEGER NOT NULL
) STRICT;

-- What somebody offers on the board: to do this, on that day. No words of their own. `answered_by` is
-- the request of whoever took it up, the first one. Seen by people who take part, without a name or
-- a place, and by the desk.
CREATE TABLE posted_offer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  participant INTEGER NOT NULL REFERENCES participant ON DELETE CASCADE,
  line TEXT NOT NULL,
  service TEXT NOT NULL,
  postcode INTEGER NOT NULL CHECK (postcode BETWEEN 1000 AND 9999),
  day TEXT NOT NULL,
  posted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  answered_by INTEGER REFERENCES request ON DELETE SET NULL,
  withdrawn_at INTEGER,
  UNIQUE (participant, service, day)
) STRICT;
CREATE INDEX posted_offer_open ON posted_offer (expires_at)
  WHERE answered_by IS NULL AND withdrawn_at IS NULL;

-- Somebody who takes part says of what another put on the board that it does not belong there, and why:
-- a word, no text. They do not see it again, and are not rung for it. `promise`: the desk looks at it. Who
-- said so is shown to nobody, and of nobody once they are erased. Gone with what it is about, and with
-- the promise. What was said and how often: seen by the desk.
CREATE TABLE board_report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  participant INTEGER REFERENCES participant ON DELETE SET NULL,
  request INTEGER REFERENCES request ON DELETE CASCADE,
  posted_offer INTEGER REFERENCES posted_offer ON DELETE CASCADE,
  why TEXT NOT NULL CHECK (why IN ('commercial', 'unkind_or_unsafe', 'not_meant_for', 'other')),
  promise INTEGER NOT NULL REFERENCES promise ON DELETE CASCADE,
  reported_at INTEGER NOT NULL,
  UNIQUE (participant, request),
  UNIQUE (participant, posted_offer),
  CHECK ((request IS NULL) <> (posted_offer IS NULL))
) STRICT;
CREATE INDEX board_report_promise ON board_report (promise);
CREATE INDEX board_report_request ON board_report (request) WHERE request IS NOT NULL;
CREATE INDEX board_report_offer ON board_report (posted_offer) WHERE posted_offer IS NOT NULL;

-- What the desk took off the board, and why; read by whoever had put it there, on their own page. A
-- request is searched for as before; an offer that was taken down is not put up again for that day.
CREATE TABLE taken_down (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request INTEGER UNIQUE REFERENCES request ON DELETE CASCADE,
  posted_offer INTEGER UNIQUE REFERENCES posted_offer ON DELETE CASCADE,
  why TEXT NOT NULL CHECK (why IN ('commercial', 'unkind_or_unsafe', 'not_meant_for', 'other')),
  taken_at INTEGER NOT NULL,
  CHECK ((request IS NULL) <> (posted_offer IS NULL))
) STRICT;
