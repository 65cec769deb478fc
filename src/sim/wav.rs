//! Sounds: a few tones that stand for a recording, and how long a sound lasts.

use std::f64::consts::TAU;
use std::time::Duration;

/// Samples a second, as telephones have them.
const RATE: u32 = 8000;

/// A sound of so many seconds: three soft tones in turn, 16 bits, one channel.
pub(super) fn tones(seconds: u32) -> Vec<u8> {
    const NOTES: [f64; 3] = [440.0, 554.4, 659.3];
    let samples = RATE * seconds.clamp(1, 120);
    let data = samples * 2;
    let mut wav = Vec::with_capacity(44 + data as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + data).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(data.to_le_bytes());
    for n in 0..samples {
        let note = NOTES[(n / (RATE / 2)) as usize % NOTES.len()];
        let height = (TAU * note * f64::from(n) / f64::from(RATE)).sin() * 6000.0;
        wav.extend((height as i16).to_le_bytes());
    }
    wav
}

/// How long a WAV file of uncompressed samples lasts; none when that cannot be read from it.
pub(super) fn length(bytes: &[u8]) -> Option<Duration> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (mut at, mut a_second) = (12, None);
    loop {
        let size = word(at + 4)?;
        match bytes.get(at..at + 4)? {
            b"fmt " => a_second = Some(word(at + 16)?).filter(|rate| *rate > 0),
            b"data" => {
                let seconds = f64::from(size) / f64::from(a_second?);
                return Duration::try_from_secs_f64(seconds).ok();
            }
            _ => {}
        }
        at = at.checked_add(8 + size as usize + size as usize % 2)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_made_up_recording_lasts_as_long_as_was_asked() {
        assert_eq!(length(&tones(7)), Some(Duration::from_secs(7)));
        assert_eq!(length(b"RIFFxxxxWAVE"), None);
        assert_eq!(length(b"ID3"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reading_of_a_length_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..80)
        ) {
            let _ = length(&bytes);
            let _ = length(&[b"RIFF0000WAVE", &bytes[..]].concat());
        }
    }
}
