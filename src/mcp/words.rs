//! Every sentence that an assistant reads of us and nobody else does: what the tools are for, how to use them, what was
//! wrong.

use std::fmt::Write as _;

use crate::{
    say::{
        answer::{Chosen, Line},
        book::Topic,
        careful::Matter,
        check::Unknown,
    },
    view::Missing,
};

/// How the whole is used.
pub(super) const INSTRUCTIONS: &str = "Saywell holds tested lines for hard moments with customers, and rules that find what would hurt in a reply. \
     To answer a customer: find the topic with find_phrase, get its lines with get_play, write the reply from them, \
     then call check_draft and mend what it finds until nothing is left. \
     Where a result has `matter`, the case is grave: tell the person you work for who should answer, and send nothing yourself. \
     `____` stands for what only the writer knows: ask for it, never invent it. \
     `only_if` and `needs` must be true before a line is used.";

pub(super) const FIND_PHRASE: &str = "Finds a line to say to a customer. Call it first, when a customer has written something hard to answer: a complaint, \
     a refund, a delay, anger, a cancellation, an apology that is due. It also names the topics that fit, for get_play. \
     If the words speak of something grave, such as a death or a threat, it says who should answer instead of giving lines.";

pub(super) const GET_PLAY: &str = "Gives every line of a topic in the order in which to say them, from showing that you have heard to following up, \
     each with its reason. Call it before you write a reply of more than one sentence, and build the reply from its lines.";

pub(super) const WRITE_LETTER: &str = "Gives a whole reply for a topic, ready to paste: greeting, one line a step, signature. Call it when an e-mail or a long \
     message is wanted and the facts are known; put the facts in `slots`, and fill each `____` that is left before it is sent.";

pub(super) const CHECK_DRAFT: &str = "Reviews a reply before it is sent: which words would hurt, where, why and what to write instead, and which of the things \
     that a good answer does are missing, with a line to add for each. Call it on every reply to a customer, yours or a \
     person's, and again after mending. Nothing of the draft is kept.";

pub(super) const LIST_TOPICS: &str = "Lists every topic with when to reach for it and the names of its blanks. Call it when find_phrase found nothing that fits, \
     or to choose a topic yourself.";

pub(super) const NOTHING_FITS: &str = "No topic fits these words. Try fewer and plainer ones, or call list_topics.";

pub(super) fn wrong_arguments(error: &serde_json::Error) -> String {
    format!("The arguments do not fit the tool's input schema: {error}.")
}

pub(super) fn wrong_words(longest: usize) -> String {
    format!("`words` is to be 1 to {longest} characters: say in a few words what has happened.")
}

pub(super) fn wrong_draft(longest: usize) -> String {
    format!("`text` is to be a draft of 1 to {longest} characters; review a longer one in parts.")
}

pub(super) fn no_letter(topic: &Topic) -> String {
    format!("There is no letter for `{}`. Call get_play for its lines.", topic.dotted())
}

pub(super) fn no_such_rule(unknown: &Unknown) -> String {
    format!(
        "There is no rule or school `{}`. There is {}.",
        crate::view::shown(&unknown.name),
        unknown.known.join(", ")
    )
}

pub(super) fn missing(missing: &Missing) -> String {
    match &*missing.near {
        [] => format!("{} list_topics has them all.", missing.what),
        near => format!("{} Did you mean {}?", missing.what, near.join(" or ")),
    }
}

/// Words of a grave matter in the place of a topic.
pub(super) fn grave(matter: &Matter) -> String {
    format!("This is a grave matter. {}: {}", matter.title, matter.who)
}

pub(super) fn no_such_prompt(missing: &Missing) -> String {
    match &*missing.near {
        [] => missing.what.clone(),
        near => format!("{} Did you mean {}?", missing.what, near.join(" or ")),
    }
}

pub(super) fn no_such_argument(name: &str, topic: &Topic) -> String {
    let known: Vec<&str> = topic.slots.iter().map(|slot| &*slot.name).collect();
    format!("There is no argument `{}` here. There is {}.", crate::view::shown(name), known.join(", "))
}

/// What a person who picks a topic's prompt says to the assistant.
pub(super) fn prompt(topic: &Topic, chosen: &Chosen<'_>) -> String {
    let mut out = format!("Help me answer a customer. The moment: {}. {}\n\n", topic.title, topic.when);
    out.push_str(if topic.is_play() { "These lines work, in this order:\n\n" } else { "These lines work:\n\n" });
    for (line, number) in chosen.lines.iter().zip(1..) {
        let _ = writeln!(out, "{} {}", Line::label(line, number), line.words);
    }
    let _ = write!(
        out,
        "\nDo: {}\nAvoid: {}\n\nWrite the reply from these lines: one of each step is enough. Ask me for what stands as `____`; \
         do not invent it. Use a line with a condition only if I say that it is so. Check the reply with check_draft before \
         you show it to me.",
        topic.tip, topic.avoid
    );
    for note in &chosen.notes {
        let _ = write!(out, "\n\n{note}");
    }
    out
}
