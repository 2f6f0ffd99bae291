use saywell::say::{
    answer::answer,
    ask::Ask,
    book::{Phrasebook, Source},
};
fn main() {
    let mut sources = vec![];
    for f in std::fs::read_dir("phrasebook/en")
        .unwrap()
        .flatten()
        .map(|f| f.path())
        .chain([std::path::PathBuf::from("phrasebook/sources.toml")])
    {
        sources.push(Source {
            name: f.strip_prefix("phrasebook").unwrap().to_str().unwrap().into(),
            layer: 0,
            text: std::fs::read_to_string(&f).unwrap(),
        });
    }
    let t = std::time::Instant::now();
    let book = match Phrasebook::parse(&sources) {
        Ok(b) => b,
        Err(f) => {
            for f in f {
                println!("{}", f.draw(&sources, false));
            }
            return;
        }
    };
    println!("{} phrases in {:?}", book.size(), t.elapsed());
    let mut args = std::env::args().skip(1);
    let (c, x) = (args.next().unwrap(), args.collect::<Vec<_>>().join(" "));
    let t = std::time::Instant::now();
    let a = answer(&book, &Ask { command: c, text: x }, std::process::id() as u64);
    println!("{:?}", t.elapsed());
    println!("# {}", a.heading);
    for n in &a.notes {
        println!("({n})");
    }
    for l in &a.lines {
        println!("> {}\n   {} [{}]", l.words, l.phrase.why, l.article.id);
    }
    for t in &a.text {
        println!("{t}");
    }
    for (u, w) in &a.usage {
        println!("  {u:40} {w}");
    }
    for e in &a.entries {
        println!("- {}: {} [{}]", e.label, e.detail, e.ask);
    }
    for m in &a.moves {
        println!("[{}] {}", m.label, m.ask);
    }
}
