//! What each kind of data is in the tables: one entry a table, in the order in which they go.
//!
//! `due` is about a row `t`; `?1` is the moment before which it is due, `?2` the version of the voice
//! flows in use. The statements are given the row's key as `?1`.

use crate::privacy::Kept;
use crate::store::still_there::last_word;

/// One table of one kind of data.
#[derive(Debug)]
pub struct Sweep {
    /// Which kind.
    pub kept: Kept,
    pub(super) table: &'static str,
    pub(super) key: &'static str,
    pub(super) at: &'static str,
    pub(super) due: &'static str,
    pub(super) erase: Erase,
}

#[derive(Debug)]
pub(super) enum Erase {
    /// The row, with what goes with it.
    Rows {
        /// Ids of recordings that the provider may still have.
        at_provider: Option<&'static str>,
        statements: &'static [&'static str],
    },
    /// A participant, everywhere.
    Person,
}

const fn rows(statements: &'static [&'static str]) -> Erase {
    Erase::Rows { at_provider: None, statements }
}

/// The search of this request does not begin at a moment to come. Until its search, a request that was
/// planned is closed from the moment at which it was entered, and waits all the same.
macro_rules! not_planned {
    () => {
        "NOT EXISTS (SELECT 1 FROM intake i WHERE i.request = t.id AND i.starts_at IS NOT NULL)"
    };
}

/// No promise to ring this leg's caller back is open.
macro_rules! nothing_promised {
    () => {
        "NOT EXISTS (SELECT 1 FROM promise p JOIN request r ON r.id = p.request
                     WHERE p.kept_at IS NULL AND r.call = t.id)
         AND NOT EXISTS (SELECT 1 FROM message m WHERE m.call = t.id)"
    };
}

/// The desk has looked at everything that was reported of this row, whose column this is.
macro_rules! looked_at {
    ($column:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM board_report b JOIN promise p ON p.id = b.promise
                         WHERE p.kept_at IS NULL AND b.",
            $column,
            " = t.id)"
        )
    };
}

pub(super) const SWEEPS: &[Sweep] = &[
    Sweep {
        kept: Kept::CallState,
        table: "call",
        key: "t.id",
        at: "t.ended_at",
        due: "t.position IS NOT NULL AND t.ended_at < ?1",
        erase: rows(&[
            "DELETE FROM step WHERE call = ?1",
            "UPDATE call SET position = NULL WHERE id = ?1",
        ]),
    },
    Sweep {
        kept: Kept::VoiceNote,
        table: "note",
        key: "t.id",
        at: "t.made_at",
        due: "t.made_at < ?1
              AND NOT EXISTS (SELECT 1 FROM request r WHERE r.note = t.id AND r.closed_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM call c WHERE c.id = t.call AND c.ended_at IS NULL)",
        erase: Erase::Rows {
            at_provider: Some(
                "SELECT sid FROM note WHERE id = ?1 AND sid IS NOT NULL AND sound IS NULL",
            ),
            statements: &["DELETE FROM note WHERE id = ?1"],
        },
    },
    Sweep {
        kept: Kept::HandledMessage,
        table: "message",
        key: "t.id",
        at: "t.left_at",
        due: "t.left_at < ?1
              AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.message = t.id
                              AND (p.kept_at IS NULL OR p.kept_at >= ?1))",
        erase: Erase::Rows {
            at_provider: Some(
                "SELECT recording_sid FROM message
                 WHERE id = ?1 AND recording_sid IS NOT NULL AND sound <> 'here'",
            ),
            statements: &[
                "UPDATE promise SET message = NULL WHERE message = ?1",
                "DELETE FROM message WHERE id = ?1",
            ],
        },
    },
    Sweep {
        kept: Kept::MessageSound,
        table: "message",
        key: "t.id",
        at: "t.left_at",
        due: "t.left_at < ?1 AND t.recording_url <> ''",
        erase: Erase::Rows {
            at_provider: Some(
                "SELECT recording_sid FROM message
                 WHERE id = ?1 AND recording_sid IS NOT NULL AND sound <> 'here'",
            ),
            statements: &[
                "DELETE FROM message_sound WHERE message = ?1",
                "UPDATE message SET recording_url = '', recording_sid = NULL, sound = 'lost'
                 WHERE id = ?1",
            ],
        },
    },
    Sweep {
        kept: Kept::DeskNote,
        table: "desk_note",
        key: "t.id",
        at: "t.made_at",
        due: "t.made_at < ?1",
        erase: rows(&["DELETE FROM desk_note WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Number,
        table: "call",
        key: "t.id",
        at: "t.ended_at",
        due: concat!(
            "t.ended_at < ?1 AND t.caller <> '\"withheld\"'
             AND NOT EXISTS (SELECT 1 FROM request r WHERE r.call = t.id
                             AND (r.closed_at IS NULL OR r.closed_at >= ?1)) AND ",
            nothing_promised!()
        ),
        erase: rows(&["UPDATE call SET caller = '\"withheld\"' WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Number,
        table: "placed",
        key: "t.id",
        at: "t.ended_at",
        due: "t.ended_at < ?1",
        erase: rows(&["DELETE FROM placed WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Number,
        table: "callback",
        key: "t.id",
        at: "t.ended_at",
        due: "t.ended_at < ?1",
        erase: rows(&["DELETE FROM callback WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Number,
        table: "request",
        key: "t.id",
        at: "t.closed_at",
        due: concat!(
            "t.closed_at < ?1 AND t.call_back IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.request = t.id AND p.kept_at IS NULL)
              AND ",
            not_planned!()
        ),
        erase: rows(&["UPDATE request SET call_back = NULL WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Number,
        table: "desk_call",
        key: "t.id",
        at: "t.ended_at",
        due: "t.ended_at < ?1",
        erase: rows(&["DELETE FROM desk_call WHERE id = ?1"]),
    },
    // Entered at the desk: the line's own number stands in for theirs.
    Sweep {
        kept: Kept::Number,
        table: "intake",
        key: "t.request",
        at: "(SELECT r.closed_at FROM request r WHERE r.id = t.request)",
        due: "(SELECT r.closed_at FROM request r WHERE r.id = t.request) < ?1
              AND t.phone <> (SELECT r.line FROM request r WHERE r.id = t.request)
              AND t.starts_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.request = t.request AND p.kept_at IS NULL)",
        erase: rows(&[
            "UPDATE intake SET name = '', phone = (SELECT line FROM request WHERE id = intake.request)
             WHERE request = ?1",
        ]),
    },
    Sweep {
        kept: Kept::Request,
        table: "request",
        key: "t.id",
        at: "t.closed_at",
        due: concat!(
            "t.closed_at < ?1
              AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.request = t.id AND a.ended_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.request = t.id AND p.kept_at IS NULL)
              AND ",
            not_planned!(),
            " AND ",
            looked_at!("request")
        ),
        erase: rows(&[
            "UPDATE promise SET request = NULL WHERE request = ?1",
            "UPDATE message SET request = NULL WHERE request = ?1",
            "DELETE FROM request WHERE id = ?1",
        ]),
    },
    Sweep {
        kept: Kept::Call,
        table: "call",
        key: "t.id",
        at: "t.ended_at",
        due: "t.ended_at < ?1
              AND NOT EXISTS (SELECT 1 FROM request r WHERE r.call = t.id)
              AND NOT EXISTS (SELECT 1 FROM message m WHERE m.call = t.id)",
        erase: rows(&[
            "DELETE FROM step WHERE call = ?1",
            "DELETE FROM call WHERE id = ?1",
        ]),
    },
    Sweep {
        kept: Kept::Journal,
        table: "event",
        key: "t.id",
        at: "t.at",
        due: "t.at < ?1",
        erase: rows(&["DELETE FROM event WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Promise,
        table: "promise",
        key: "t.id",
        at: "t.kept_at",
        due: "t.kept_at < ?1",
        erase: rows(&["DELETE FROM promise WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::DeskSetting,
        table: "closing_day",
        key: "t.day || ' ' || t.line",
        at: "unixepoch(t.day) * 1000",
        due: "unixepoch(t.day) * 1000 < ?1",
        erase: rows(&["DELETE FROM closing_day WHERE day || ' ' || line = ?1"]),
    },
    Sweep {
        kept: Kept::DeskSetting,
        table: "notice",
        key: "t.line || ' ' || t.language",
        at: "t.until",
        due: "t.until < ?1",
        erase: rows(&["DELETE FROM notice WHERE line || ' ' || language = ?1"]),
    },
    Sweep {
        kept: Kept::DeskSetting,
        table: "desk_by_hand",
        key: "t.line",
        at: "t.until",
        due: "t.until < ?1",
        erase: rows(&["DELETE FROM desk_by_hand WHERE line = ?1"]),
    },
    Sweep {
        kept: Kept::Unconfirmed,
        table: "participant",
        key: "t.id",
        at: "coalesce((SELECT s.begun_at FROM sign_up s WHERE s.participant = t.id), t.created_at)",
        // Somebody who stopped and signed up again is judged by that, not by the stop.
        due: "coalesce((SELECT s.begun_at FROM sign_up s WHERE s.participant = t.id), t.created_at) < ?1
              AND (t.consented = 0 OR t.verified_at IS NULL)
              AND (t.consented = 1 OR NOT EXISTS (SELECT 1 FROM consent c
                              WHERE c.participant = t.id AND c.withdrawn_at IS NOT NULL)
                OR EXISTS (SELECT 1 FROM sign_up s WHERE s.participant = t.id))",
        erase: Erase::Person,
    },
    Sweep {
        kept: Kept::Silent,
        table: "participant",
        key: "t.id",
        at: last_word!("t"),
        // Never before they had a month to answer in: 365 days after what is due by now.
        due: concat!(
            "t.consented AND t.verified_at IS NOT NULL AND ",
            last_word!("t"),
            " < ?1 AND EXISTS (SELECT 1 FROM still_there s WHERE s.participant = t.id
               AND s.why = 'silent' AND s.since < ?1 + 365 * 86400000)"
        ),
        erase: Erase::Person,
    },
    Sweep {
        kept: Kept::Stopped,
        table: "participant",
        key: "t.id",
        at: "(SELECT max(c.withdrawn_at) FROM consent c WHERE c.participant = t.id)",
        // Whoever signed up again waits for their call; whoever asked something that is to come is
        // helped first.
        due: "t.consented = 0 AND (SELECT max(c.withdrawn_at) FROM consent c
                                   WHERE c.participant = t.id) < ?1
              AND NOT EXISTS (SELECT 1 FROM sign_up s WHERE s.participant = t.id)
              AND NOT EXISTS (SELECT 1 FROM intake i WHERE i.phone = t.phone
                              AND i.starts_at IS NOT NULL)",
        erase: Erase::Person,
    },
    Sweep {
        kept: Kept::ConsentProof,
        table: "consent",
        key: "t.id",
        at: "t.withdrawn_at",
        due: "t.participant IS NULL AND t.withdrawn_at < ?1",
        erase: rows(&["DELETE FROM consent WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Audit,
        table: "audit",
        key: "t.id",
        at: "t.at",
        due: "t.at < ?1",
        erase: rows(&["DELETE FROM audit WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::FormerOperator,
        table: "operator",
        key: "t.id",
        at: "t.off_at",
        due: "t.off_at < ?1
              AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM promise p WHERE t.id IN (p.kept_by, p.claimed_by))
              AND NOT EXISTS (SELECT 1 FROM admission a
                              WHERE t.id IN (a.approved_by, a.certificate_seen_by))
              AND NOT EXISTS (SELECT 1 FROM desk_call c WHERE c.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM desk_note n WHERE n.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM desk_by_hand h WHERE h.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM closing_day d WHERE d.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM intake i WHERE i.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM settlement s WHERE s.operator = t.id)
              AND NOT EXISTS (SELECT 1 FROM coordinator_first f WHERE f.operator = t.id)",
        erase: rows(&["DELETE FROM operator WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::WebQuestion,
        table: "web_question",
        key: "t.id",
        at: "t.asked_at",
        due: "t.asked_at < ?1 AND t.request IS NULL",
        erase: rows(&["DELETE FROM web_question WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::NotTheirs,
        table: "not_theirs",
        key: "t.hash",
        at: "t.said_at",
        due: "t.said_at < ?1",
        erase: rows(&["DELETE FROM not_theirs WHERE hash = ?1"]),
    },
    Sweep {
        kept: Kept::SignUpTally,
        table: "sign_up_tally",
        key: "t.id",
        at: "t.at",
        due: "t.at < ?1",
        erase: rows(&["DELETE FROM sign_up_tally WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Apart,
        table: "apart",
        key: "t.participant || ' ' || hex(t.hash)",
        at: "t.said_at",
        due: "t.said_at < ?1",
        erase: rows(&["DELETE FROM apart WHERE participant || ' ' || hex(hash) = ?1"]),
    },
    Sweep {
        kept: Kept::PostedOffer,
        table: "posted_offer",
        key: "t.id",
        at: "t.expires_at",
        due: concat!("t.expires_at < ?1 AND ", looked_at!("posted_offer")),
        erase: rows(&["DELETE FROM posted_offer WHERE id = ?1"]),
    },
    Sweep {
        kept: Kept::Session,
        table: "session",
        key: "t.hash",
        at: "t.seen_at",
        due: "t.seen_at < ?1",
        erase: rows(&["DELETE FROM session WHERE hash = ?1"]),
    },
    Sweep {
        kept: Kept::OwnSession,
        table: "own_session",
        key: "t.hash",
        at: "t.seen_at",
        due: "t.seen_at < ?1",
        erase: rows(&["DELETE FROM own_session WHERE hash = ?1"]),
    },
    Sweep {
        kept: Kept::OwnSession,
        table: "spoken_code",
        key: "t.hash",
        at: "t.made_at",
        due: "t.made_at < ?1",
        erase: rows(&["DELETE FROM spoken_code WHERE hash = ?1"]),
    },
    Sweep {
        kept: Kept::Forgotten,
        table: "forgotten",
        key: "t.day",
        at: "t.begun_at",
        due: "t.begun_at < ?1",
        erase: rows(&["DELETE FROM forgotten WHERE day = ?1"]),
    },
    Sweep {
        kept: Kept::OldFlows,
        table: "flow_version",
        key: "t.version",
        at: "NULL",
        due: "?1 AND t.version <> ?2 AND NOT EXISTS
                (SELECT 1 FROM call c WHERE instr(c.position, t.version) > 0)",
        erase: rows(&["DELETE FROM flow_version WHERE version = ?1"]),
    },
];
