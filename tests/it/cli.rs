//! The command line.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::running::{Running, program, python, run};

fn say(words: &[&str]) -> (i32, String, String) {
    ended(&program("say", &[]).args(words).output().unwrap())
}

fn ended(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_is_said_goes_to_standard_output_and_remarks_do_not() {
    let (code, out, err) = say(&["apology", "sincere", "customer=Ana"]);
    assert_eq!((code, out.lines().count(), err.as_str()), (0, 1, ""));
    assert!(out.contains("Ana"), "{out}");
    let (code, out, err) = say(&["recover", "biling", "customer=Dr. Matt", "1"]);
    assert_eq!((code, err.as_str()), (0, "Taking “biling” as “billing”.\n"));
    assert!(out.contains("Dr. Matt"), "{out}");
    assert!(!out.contains('\u{1b}'), "a pipe gets no colours");
}

#[test]
fn a_command_of_the_book_can_stand_where_a_subcommand_does_and_json_after_it() {
    let at_once = |words: &[&str]| ended(&program(words[0], &[]).args(&words[1..]).output().unwrap());
    let (code, out, err) = at_once(&["recover", "billing", "1", "customer=Ana"]);
    assert_eq!((code, out.lines().count(), err.as_str()), (0, 1, ""));
    let (code, out, _) = at_once(&["recover", "billing", "1", "--json"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["found"].as_bool().unwrap(), "{out}");
    let (code, out, err) = at_once(&["sevre"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no command `sevre`: did you mean `serve`?"), "{err}");
}

#[test]
fn quotes_that_a_phone_or_an_editor_writes_are_quotes_in_the_terminal_too() {
    for words in [
        &["apology", "sincere", "1", "customer=“Dr Matt”"][..],
        &["apology sincere 1 customer=“Dr Matt”"],
        &["recover", "billing", "customer=“Dr Matt” item=invoice"],
        &["recover", "billing", "customer=「Dr Matt」 item=invoice"],
        &["apology", "sincere", "1", "customer=“Dr", "Matt”"],
        &["apology", "sincere", "1", "customer=Dr Matt"],
    ] {
        let (_, out, err) = say(words);
        assert!(out.contains("Dr Matt") && !out.contains(['“', '「', '=']) && err.is_empty(), "{words:?}: {out}{err}");
    }
    let (_, out, _) = say(&["apology", "sincere", "1", "customer=Ann \"Nan\" Lee"]);
    assert!(out.contains("Ann \"Nan\" Lee"), "{out}");
}

/// What `saywell try` says to these lines.
fn tried(lines: &[&str]) -> String {
    let mut command = program("try", &[]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let (code, out, _) = ended(&child.wait_with_output().unwrap());
    assert_eq!(code, 0, "{out}");
    out
}

#[test]
fn the_prompt_answers_as_chat_does_and_a_number_presses_a_button() {
    let (_, said, _) = say(&["recover", "billing", "1", "customer=Ana", "item=invoice"]);
    // Fill in asks for one blank after the other; the first two are given.
    let blanks = ["Ana", "invoice"].into_iter().chain(std::iter::repeat_n("", 20));
    let lines: Vec<&str> = ["/recover billing 1", "3"].into_iter().chain(blanks).collect();
    let out = tried(&lines);
    assert!(out.contains("1 Another   2 Next: Own   3 Fill in   4 Share"), "{out}");
    assert!(out.contains(&format!("\n  {said}\n")), "{out}");
    assert!(tried(&["/recover billing 1", "2"]).contains("A bill higher than hoped · 2 of 6, Own"));
    let (_, plain, _) = say(&["recover", "billing", "1"]);
    let shared = tried(&["/recover billing 1", "4"]);
    assert!(shared.ends_with(&format!("In chat, everyone would now see:\n{plain}\n")), "{shared}");
    assert!(tried(&["/recover", "6"]).contains("We're late · 1 of 6, Acknowledge"));
    assert!(tried(&["late delivery", "99"]).contains("There is no button 99"));
}

#[test]
fn what_the_prompt_suggests_is_answered_at_once() {
    let welcome = tried(&[]);
    let (_, example) = welcome.lines().find_map(|line| line.split_once("such as: ")).unwrap();
    let out = tried(&[example]);
    assert!(out.contains("1 of 6, Acknowledge"), "{example}: {out}");
}

#[test]
fn the_prompt_takes_a_draft_of_several_lines() {
    for lines in [&["/check", "Hi Tom,", "", "calm down.", "."][..], &["/check", "Hi Tom,", "", "calm down."]] {
        let out = tried(lines);
        assert!(out.contains("One thing to look at again.\n“calm down”"), "{out}");
    }
}

#[test]
fn help_for_a_command_is_about_that_command() {
    let (code, out, _) = say(&["help", "recover"]);
    assert_eq!(code, 0);
    assert!(out.contains("saywell say recover complaint") && !out.contains("apology"), "{out}");
}

#[test]
fn nothing_found_ends_with_one_and_offers_what_there_is() {
    let (code, out, err) = say(&["recover", "banana", "telescope"]);
    assert_eq!(code, 1);
    assert!(err.contains("Nothing here fits “banana telescope”"), "{err}");
    assert!(out.contains("recover billing"), "{out}");
}

#[test]
fn menus_plays_and_help_read_well() {
    let (code, out, _) = say(&["recover"]);
    assert!(code == 0 && out.contains("recover runaround"), "{out}");
    let (_, out, _) = say(&["recover", "billing", "steps"]);
    assert!(out.starts_with("1. Acknowledge: ") && out.contains("Follow up: "), "{out}");
    let (_, out, _) = say(&["recover", "billing", "why", "1"]);
    assert!(out.contains("Why: ") && out.contains("Source: ") && out.contains("Avoid: "), "{out}");
    let (_, out, _) = say(&["help"]);
    assert!(out.contains("saywell say search"), "{out}");
    let (_, out, _) = say(&["sources"]);
    assert!(out.contains("You Can Be Right"), "{out}");
}

#[test]
fn the_terminal_speaks_of_what_is_typed_in_a_terminal() {
    for words in [
        &["help"][..],
        &["help", "recover"],
        &["--json", "help"],
        &["recover"],
        &[],
        &["list"],
        &["recover", "late", "delivery"],
        &["check"],
        &["zebra", "parade"],
        &["recover", "zebra"],
    ] {
        let (_, out, err) = say(words);
        for foreign in ["/recover", "/apology", "/saywell", "/check", "for you alone", "channel"] {
            assert!(!out.contains(foreign) && !err.contains(foreign), "{words:?} says {foreign}: {out}{err}");
        }
    }
    let (_, out, _) = say(&["help", "apology"]);
    for line in out.lines().filter_map(|line| line.trim().strip_prefix("saywell say ")) {
        let typed = line.split("  ").next().unwrap();
        let (code, _, err) = say(&[typed]);
        assert!(code == 0 || typed.ends_with("a few words"), "{typed}: {err}");
    }
}

#[test]
fn json_holds_everything_that_is_known() {
    let (code, out, _) = say(&["--json", "recover", "billing", "2"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!((json["found"].as_bool(), json["phrases"][0]["number"].as_u64()), (Some(true), Some(2)));
}

#[test]
fn the_built_in_book_is_fine_and_a_broken_one_is_shown_as_a_compiler_would() {
    let (code, out, _) = ended(&program("validate", &[]).output().unwrap());
    assert!(code == 0 && out.starts_with("The phrasebook is fine: "), "{out}");

    let folder = std::env::temp_dir().join(format!("saywell-cli-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("en")).unwrap();
    std::fs::write(folder.join("en/recover.toml"), "titel = \"Recover\"\n\n[topic.billing]\ntitle = \"Bill\"\n")
        .unwrap();
    let (code, _, err) = ended(&program("validate", &[]).arg(&folder).output().unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(code, 1);
    for words in [
        "unknown key `titel`",
        "did you mean `title`?",
        "en/recover.toml:1:1",
        "`when` is missing",
        "faults; the phrasebook would be refused",
    ] {
        assert!(err.contains(words), "{words} in\n{err}");
    }
}

#[test]
fn the_health_check_asks_the_service() {
    let service = Running::start(&[]);
    let address = service.url.trim_start_matches("http://").to_owned();
    let check = || ended(&program("healthcheck", &[("SAYWELL_LISTEN", &address)]).output().unwrap());
    assert_eq!(check().0, 0);
    drop(service);
    let (code, _, err) = check();
    assert!(code == 1 && err.contains(&address), "{err}");
}

#[test]
fn settings_that_are_wrong_are_all_named_at_once() {
    let wrong = [
        ("SAYWELL_LISTEN", "nowhere"),
        ("SAYWELL_RATE_LIMIT", "lots"),
        ("SAYWELL_WORKERS", "0"),
        ("SAYWELL_DRAIN", "5"),
    ];
    let (code, _, err) = ended(&program("serve", &wrong).output().unwrap());
    assert_eq!(code, 1);
    for (name, _) in wrong {
        assert!(err.contains(&format!("error: {name}: expected ")), "{name} in {err}");
    }
    assert!(!err.contains("panicked"));
}

#[test]
fn without_a_subcommand_it_serves() {
    let (_, out, _) = ended(&program("--help", &[]).output().unwrap());
    assert!(out.contains("healthcheck") && out.contains("Without a subcommand it serves"), "{out}");
    let (code, _, err) = ended(&program("--rate-limit=x", &[]).output().unwrap());
    assert!(code == 1 && err.contains("SAYWELL_RATE_LIMIT"), "{err}");
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = ended(&program("completions", &[]).arg(shell).output().unwrap());
        assert!(code == 0 && out.contains("validate"), "{shell}");
    }
}

#[test]
fn the_built_in_files_fit_the_schema_that_editors_use() {
    let Some(python) = python("tests/sdk/requirements.txt") else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for files in ["phrasebook/en", "phrasebook"] {
        for entry in std::fs::read_dir(root.join(files)).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let kind = match entry.file_stem().unwrap().to_str().unwrap() {
                kind @ ("careful" | "check" | "sources" | "synonyms" | "words") => kind,
                _ => "command",
            };
            let (code, out, _) = ended(&program("schema", &[]).arg(kind).output().unwrap());
            assert_eq!(code, 0);
            let judge = || {
                let mut judge = Command::new(&python);
                judge.arg(root.join("tests/sdk/schema.py")).arg(&out).arg(&entry);
                judge
            };
            assert_eq!(run(&mut judge()), "");
            let surplus = judge().arg("surplus").output().unwrap();
            assert!(String::from_utf8_lossy(&surplus.stdout).contains("surplus"), "{surplus:?}");
        }
    }
}

/// The README, where what it shows has to be true.
const README: &str = include_str!("../../README.md");

/// The page on the format, likewise.
const FORMAT: &str = include_str!("../../docs/phrasebook.md");

#[test]
fn the_first_transcript_is_what_one_sees() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let transcript = README.split_once("$ saywell try\n> ").unwrap().1.split_once("\n```").unwrap().0;
    let (typed, shown) = transcript.split_once('\n').unwrap();
    // Chance chooses between two lines, and the README shows one of them.
    let mut seen = std::iter::repeat_with(|| words(&tried(&[typed]))).take(20);
    assert!(seen.any(|seen| seen.ends_with(&words(shown))), "{}", tried(&[typed]));
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let (_, help, _) = ended(&program("serve", &[]).arg("--help").output().unwrap());
    // Without the lines' ends, which depend on the width.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows: Vec<(&str, &str)> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | `--"))
        .map(|(variable, rest)| (variable, rest.split('`').next().unwrap()))
        .collect();
    let known: Vec<&str> = help
        .match_indices("[env: ")
        .map(|(at, sign)| help[at + sign.len()..].split(['=', ']']).next().unwrap())
        .collect();
    let listed: Vec<&str> = rows.iter().map(|(variable, _)| *variable).collect();
    for variable in &known {
        assert!(listed.contains(variable), "{variable} is not in the README's table");
    }
    for (variable, flag) in rows {
        assert!(known.contains(&variable), "{variable} is in the README's table, and is no setting");
        assert!(help.contains(&format!("--{flag} ")) || help.contains(&format!("--{flag}[")), "--{flag}");
    }
}

#[test]
fn the_worked_example_of_the_readme_is_a_command() {
    let example =
        FORMAT.split("is the whole of a command `/onboard`:\n\n```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = std::env::temp_dir().join(format!("saywell-readme-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("en")).unwrap();
    std::fs::write(folder.join("en/onboard.toml"), example).unwrap();
    let book = folder.display().to_string();
    let (valid, _, faults) = ended(&program("validate", &[]).arg(&folder).output().unwrap());
    let said = ended(
        &program("say", &[("SAYWELL_PHRASEBOOK", &book)])
            .args(["onboard", "kickoff", "1", "customer=Ana"])
            .output()
            .unwrap(),
    );
    std::fs::write(folder.join("en/onboard.toml"), example.replace("{{customer}}]", "{{custmer}}]")).unwrap();
    let (broken, _, shown) = ended(&program("validate", &[]).arg(&folder).output().unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((valid, faults.as_str()), (0, ""));
    assert!(said.1.starts_with("Welcome, Ana. "), "{said:?}");
    assert!(broken == 1 && shown.contains("the slot `custmer` is not declared") && shown.contains(":25:18"), "{shown}");
}
