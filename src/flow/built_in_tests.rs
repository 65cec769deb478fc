//! The flows in `voice-flows/`, as they are built in.

use super::parse;

const FLOWS: [(&str, &str); 3] = [
    ("caller.vxml", include_str!("../../voice-flows/caller.vxml")),
    ("neighbour.vxml", include_str!("../../voice-flows/neighbour.vxml")),
    ("desk.vxml", include_str!("../../voice-flows/desk.vxml")),
];

#[test]
fn every_built_in_flow_reads_without_a_fault() {
    for (file, text) in FLOWS {
        if let Err(faults) = parse::read(file, text) {
            panic!("{faults:#?}");
        }
    }
}
