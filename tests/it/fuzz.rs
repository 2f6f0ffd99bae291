//! The laws that the fuzzer tries to break, over its seeds and over mutations of them. What it finds joins the seeds.

use std::{fs, path::Path};

use fastrand::Rng;
use saywell::chat::ALL;

use crate::laws::LAWS;

fn seeds(law: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(law);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A command of every platform, whether or not somebody laid a seed for it.
#[test]
fn commands_of_every_platform_keep_their_law() {
    for kind in ALL {
        for (command, text) in
            [("/recover", "billing <!channel> @all"), ("/saywell", ""), ("/check", "You should have.")]
        {
            let (_, body) = (kind.stand.command)(command, text);
            LAWS.iter().find(|(name, _)| *name == "chat").unwrap().1(format!("{}\n0{body}", kind.name).as_bytes());
        }
    }
}

#[test]
fn every_seed_keeps_its_law() {
    for (name, law) in LAWS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name}");
        for seed in seeds {
            law(&seed);
        }
    }
}

/// Not as clever as the fuzzer, but here on every machine.
#[test]
fn what_is_left_of_a_seed_after_a_few_accidents_keeps_its_law() {
    const ACCIDENTS: [&[u8]; 8] =
        [b"\0", b"\xff", b"\"", b"<!channel>", b"\\", b"%25", "\u{202e}é💙".as_bytes(), b"999999999999999999999"];
    let mut rng = Rng::with_seed(1);
    for (name, law) in LAWS {
        let seeds = seeds(name);
        for _ in 0..300 {
            let mut bytes = rng.choice(&seeds).cloned().unwrap();
            for _ in 0..rng.usize(1..5) {
                let at = rng.usize(..=bytes.len());
                let end = rng.usize(at..=bytes.len().min(at + 8));
                let accident = rng.choice(ACCIDENTS).unwrap_or_default();
                bytes.splice(at..end, accident[..rng.usize(..=accident.len())].iter().copied());
            }
            law(&bytes);
        }
    }
}
