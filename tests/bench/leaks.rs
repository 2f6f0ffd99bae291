//! Whether the time of a comparison tells how much of a secret was guessed right: `cargo bench --bench leaks`.
//!
//! Two kinds of forgery, wrong in the first byte and wrong in the last, come in random order and are timed one by one.
//! Welch's t says whether the two times differ: beyond 4.5 either way they do. The last row is `==` over bytes of a
//! known secret, which stops where they differ: it shows that this can see a leak where there is one.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a bench may fail loudly, and it prints")]

use std::{hint::black_box, time::Instant};

use fastrand::Rng;
use saywell::chat::proof::{HmacKeys, Secret, Tokens, hex};

const ROUNDS: usize = 400_000;
const SECRET: &str = "saywell-bench-signing-secret-0001";

fn main() {
    println!("| compared | wrong first, ns | wrong last, ns | ratio | t |\n|---|---|---|---|---|");
    let keys = HmacKeys::new(&[Secret::from(SECRET)]);
    let parts: [&[u8]; 2] = [b"v0:1760000000:", &[b'x'; 480]];
    let mac = keys.sign(&parts).unwrap();
    row("a MAC", &mac, |mac| keys.signed(&parts, mac).is_ok());
    let tokens = Tokens::new([&Secret::from(SECRET)]);
    row("a token", SECRET.as_bytes(), |token| tokens.known(str::from_utf8(token).unwrap()).is_ok());
    let digits = hex(&mac);
    row("digits with `==`, which is not done", digits.as_bytes(), |guess| {
        black_box(guess).iter().zip(black_box(digits.as_bytes())).all(|(one, other)| black_box(one) == other)
    });
}

/// Times both kinds of forgery of a secret; what says yes to one is no comparison.
fn row(name: &str, secret: &[u8], compare: impl Fn(&[u8]) -> bool) {
    let mut times = [const { Vec::new() }; 2];
    let (mut guess, mut rng) = (secret.to_vec(), Rng::with_seed(1));
    assert!(compare(&guess), "{name}");
    for _ in 0..ROUNDS {
        let last = rng.bool();
        // One buffer for both, so that only its bytes differ.
        guess.copy_from_slice(secret);
        let at = if last { guess.len() - 1 } else { 0 };
        guess.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1);
        let began = Instant::now();
        let taken = black_box(compare(black_box(&guess)));
        let took = began.elapsed().as_secs_f64() * 1e9;
        assert!(!taken, "{name}");
        times.iter_mut().skip(usize::from(last)).take(1).for_each(|times| times.push(took));
    }
    // Whatever else the machine did meanwhile: the slowest tenth says nothing about the comparison.
    let mut all: Vec<f64> = times.concat();
    all.sort_by(f64::total_cmp);
    let most = all.get(ROUNDS / 10 * 9).copied().unwrap_or(f64::MAX);
    let [first, last] = times.map(|times| Spread::of(times.into_iter().filter(|time| *time <= most)));
    let t = (first.mean - last.mean) / (first.variance / first.count + last.variance / last.count).sqrt();
    println!("| {name} | {:.1} | {:.1} | {:.4} | {t:.1} |", first.mean, last.mean, first.mean / last.mean);
}

struct Spread {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Spread {
    fn of(times: impl Iterator<Item = f64>) -> Self {
        // Welford's way: one pass, and no differences of great sums.
        let mut spread = Self { count: 0.0, mean: 0.0, variance: 0.0 };
        let mut squares = 0.0;
        for time in times {
            spread.count += 1.0;
            let off = time - spread.mean;
            spread.mean += off / spread.count;
            squares += off * (time - spread.mean);
        }
        spread.variance = squares / (spread.count - 1.0);
        spread
    }
}
