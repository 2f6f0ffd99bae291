//! The tools: what a language model may call. All of them only read.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use super::{
    Answer,
    lists::Page,
    message::{Error, text},
    schema, words,
};
use crate::{
    say::{
        answer::choose,
        ask::{At, Choice, Which},
        book::{Command, Phrasebook, Step, Topic},
        careful::{Grave, Matter},
        check::{self, LONGEST},
        find::{Found, Hit},
        phrase::Value,
    },
    view::{self, LetterView, MatterView, PhraseView, PhrasesView, ReviewView},
};

/// The longest search, in characters.
const LONGEST_WORDS: usize = 200;

/// The most lines of one step, and the most topics, that are told at once.
const MOST: usize = 5;

/// As many topics give a line each where it is not sure which one is meant.
const CHOICES: usize = 3;

struct Tool {
    name: &'static str,
    title: &'static str,
    /// What it is for, and when to call it.
    about: &'static str,
    takes: fn() -> Json,
    gives: fn() -> Json,
    call: for<'b> fn(&'b Phrasebook, Json, u64) -> Result<Given<'b>, String>,
}

/// What a tool gives.
struct Given<'b> {
    content: Json,
    /// The topic that phrases are given from.
    topic: Option<&'b Topic>,
    /// Whether there is anything.
    found: bool,
}

const TOOLS: [Tool; 5] = [
    Tool {
        name: "find_phrase",
        title: "Find a line to say",
        about: words::FIND_PHRASE,
        takes: schema::of::<FindPhrase>,
        gives: schema::of::<FoundView<'static>>,
        call: find_phrase,
    },
    Tool {
        name: "get_play",
        title: "Get a play, step by step",
        about: words::GET_PLAY,
        takes: schema::of::<OfTopic>,
        gives: schema::of::<PhrasesView<'static>>,
        call: get_play,
    },
    Tool {
        name: "write_letter",
        title: "Write a letter",
        about: words::WRITE_LETTER,
        takes: schema::of::<OfTopic>,
        gives: schema::of::<LetterView<'static>>,
        call: write_letter,
    },
    Tool {
        name: "check_draft",
        title: "Check a draft",
        about: words::CHECK_DRAFT,
        takes: schema::of::<CheckDraft>,
        gives: schema::of::<ReviewView<'static>>,
        call: check_draft,
    },
    Tool {
        name: "list_topics",
        title: "List the topics",
        about: words::LIST_TOPICS,
        takes: schema::of::<ListTopics>,
        gives: schema::of::<TopicsView<'static>>,
        call: list_topics,
    },
];

/// The name of a tool as a word that is ours, for counting.
pub(super) fn known(name: &str) -> Option<&'static str> {
    TOOLS.iter().find(|tool| tool.name == name).map(|tool| tool.name)
}

/// `tools/list`.
pub(super) fn list<'b>(params: &Map<String, Json>) -> Result<Answer<'b>, Error> {
    static LIST: OnceLock<Vec<Json>> = OnceLock::new();
    let tools = LIST.get_or_init(|| TOOLS.iter().map(Tool::described).collect());
    Ok(Answer::lasting(Page::of(tools.iter().cloned(), params, 0)?.named("tools")))
}

/// `tools/call`. What is wrong with the arguments is told as a result, which a model reads and can mend.
pub(super) fn call<'b>(book: &'b Phrasebook, params: &Map<String, Json>, seed: u64) -> Result<Answer<'b>, Error> {
    let name = text(params, "name")?;
    let tool = TOOLS.iter().find(|tool| tool.name == name).ok_or_else(|| {
        let known: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        Error::params(format!("There is no tool `{}`. There is {}.", view::shown(name), known.join(", ")))
    })?;
    let arguments = params.get("arguments").cloned().unwrap_or_else(|| json!({}));
    Ok(match (tool.call)(book, arguments, seed) {
        Ok(given) => given.answer(),
        Err(wrong) => Answer::of(json!({ "content": [{ "type": "text", "text": wrong }], "isError": true })),
    })
}

impl Tool {
    fn described(&self) -> Json {
        json!({
            "name": self.name,
            "title": self.title,
            "description": self.about,
            "inputSchema": (self.takes)(),
            "outputSchema": (self.gives)(),
            "annotations": {
                "title": self.title,
                "readOnlyHint": true,
                "destructiveHint": false,
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    }
}

impl<'b> Given<'b> {
    fn new(content: impl Serialize) -> Self {
        Self { content: serde_json::to_value(content).unwrap_or_default(), topic: None, found: true }
    }

    fn from(self, topic: Option<&'b Topic>) -> Self {
        Self { topic, ..self }
    }

    /// The content as data, and as text for clients that only read text.
    fn answer(self) -> Answer<'b> {
        let text = self.content.to_string();
        let result = json!({
            "content": [{ "type": "text", "text": text }],
            "structuredContent": self.content,
            "isError": false,
        });
        Answer { topic: self.topic, found: self.found, ..Answer::of(result) }
    }
}

/// What a search takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindPhrase {
    /// What has happened, in a few words, or the name of a topic: `charged twice`, `late delivery`. At most 200 characters;
    /// leave names and numbers out.
    words: String,
    /// Only within this command, such as `recover`.
    command: Option<String>,
    /// The step of the play that the line is wanted for; left out, the first.
    step: Option<Step>,
    /// What fills the blanks, by the name of the slot, such as `customer` or `item`. A blank that is not filled shows as
    /// `____`.
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

/// What asks for a topic.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfTopic {
    /// The topic's name, such as `recover.billing`, as `find_phrase` and `list_topics` give it.
    topic: String,
    /// What fills the blanks, by the name of the slot, such as `customer` or `item`. A blank that is not filled shows as
    /// `____`.
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

/// A draft to be reviewed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckDraft {
    /// The words that are about to be sent, at most 20,000 characters.
    text: String,
    /// Rules to leave out (`-you-first,-blame`), or the only ones to use (`blame`).
    rules: Option<String>,
    /// A school whose advice is wanted too: `thanks`.
    school: Option<String>,
    /// Whether the draft answers a problem; left out, its words say so.
    problem: Option<bool>,
}

/// What a list of topics takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListTopics {
    /// Only this command, such as `recover`.
    command: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundView<'b> {
    /// The grave matter of which the words speak: who should answer comes before any line.
    #[serde(skip_serializing_if = "Option::is_none")]
    matter: Option<MatterView<'b>>,
    /// The grave matter of which the words may speak: ask whether they do before any line is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps: Option<MatterView<'b>>,
    /// Whether the first topic is clearly the one that was meant. If not, look at the topics, or ask.
    sure: bool,
    /// Lines to say: several of the topic that was meant, or one of each that may have been.
    phrases: Vec<PhraseView<'b>>,
    /// Topics that fit, best first.
    topics: Vec<TopicLine<'b>>,
    /// What was cut, not used or not there.
    notes: Vec<String>,
}

/// The topics.
#[derive(Debug, Serialize, ToSchema)]
struct TopicsView<'b> {
    /// The commands, each with its topics.
    commands: Vec<CommandTopics<'b>>,
}

/// A command and its topics.
#[derive(Debug, Serialize, ToSchema)]
struct CommandTopics<'b> {
    /// Its name.
    command: &'b str,
    /// What it is for.
    about: &'b str,
    /// Its topics.
    topics: Vec<TopicLine<'b>>,
}

/// A topic in a list.
#[derive(Debug, Serialize, ToSchema)]
struct TopicLine<'b> {
    /// Its name, for `get_play` and `write_letter`.
    topic: String,
    /// A few words for a heading.
    title: &'b str,
    /// When to reach for it.
    when: &'b str,
    /// Whether its lines are the steps of a play.
    play: bool,
    /// Whether it can be written as a letter.
    letter: bool,
    /// The names of its blanks.
    slots: Vec<&'b str>,
}

impl<'b> TopicLine<'b> {
    fn new(topic: &'b Topic) -> Self {
        Self {
            topic: topic.dotted(),
            title: &topic.title,
            when: &topic.when,
            play: topic.is_play(),
            letter: !topic.letter.is_empty(),
            slots: topic.slots.iter().map(|slot| &*slot.name).collect(),
        }
    }
}

impl<'b> FoundView<'b> {
    fn new(book: &'b Phrasebook, found: &Found<'b>, choice: &Choice, seed: u64) -> Self {
        let (phrases, mut notes) = lines(book, &found.hits, found.sure, choice, seed);
        if found.hits.is_empty() {
            notes.push(words::NOTHING_FITS.into());
        }
        let topics = found.hits.iter().take(MOST).map(|hit| TopicLine::new(hit.topic)).collect();
        Self { matter: None, perhaps: None, sure: found.sure, phrases, topics, notes }
    }

    /// Who should answer a grave matter, and nothing else but the topics that are fit for it.
    fn grave(book: &'b Phrasebook, matter: &'b Matter) -> Self {
        let topics = matter.topics.iter().filter_map(|topic| book.topic(topic)).map(TopicLine::new).collect();
        let notes = Vec::new();
        Self { matter: Some(MatterView::new(matter)), perhaps: None, sure: true, phrases: Vec::new(), topics, notes }
    }
}

fn read<T: DeserializeOwned>(arguments: Json) -> Result<T, String> {
    serde_json::from_value(arguments).map_err(|error| words::wrong_arguments(&error))
}

fn values(slots: BTreeMap<String, String>) -> Vec<(String, Value)> {
    slots.into_iter().map(|(name, value)| (name, Value::read(&value))).collect()
}

fn find_phrase(book: &Phrasebook, arguments: Json, seed: u64) -> Result<Given<'_>, String> {
    let FindPhrase { words, command, step, slots } = read(arguments)?;
    if words.trim().is_empty() || words.chars().count() > LONGEST_WORDS {
        return Err(words::wrong_words(LONGEST_WORDS));
    }
    let command = command.map(|name| self::command(book, &name)).transpose()?;
    let grave = book.careful.look(&words);
    if let Some(matter) = grave.and_then(Grave::told) {
        return Ok(Given::new(FoundView::grave(book, matter)));
    }
    let perhaps = grave.and_then(Grave::hinted);
    let mut found = book.find(command, &words);
    found.sure &= perhaps.is_none_or(|matter| found.hits.iter().take(1).any(|hit| matter.fits(&hit.topic.dotted())));
    let choice = Choice { step: step.map_or(At::Start, At::Step), values: values(slots), ..Choice::default() };
    let view = FoundView { perhaps: perhaps.map(MatterView::new), ..FoundView::new(book, &found, &choice, seed) };
    let topic = found.hits.first().map(|hit| hit.topic);
    Ok(Given { found: topic.is_some(), ..Given::new(view).from(topic) })
}

/// Lines of the topic that was meant, or one of each that may have been; and what there is to say about them.
fn lines<'b>(
    book: &'b Phrasebook,
    hits: &[Hit<'b>],
    sure: bool,
    choice: &Choice,
    seed: u64,
) -> (Vec<PhraseView<'b>>, Vec<String>) {
    let (mut phrases, mut notes) = (Vec::new(), Vec::new());
    for hit in hits.iter().take(if sure { 1 } else { CHOICES }) {
        let first = hit.topic.first_step().map_or(At::Start, At::Step);
        let choice = match (sure, choice.step) {
            (true, At::Start) => Choice { which: Which::All, step: first, ..choice.clone() },
            (true, _) => Choice { which: Which::All, ..choice.clone() },
            (false, _) => choice.clone(),
        };
        let chosen = choose(book, hit.topic, &choice, seed);
        phrases.extend(chosen.lines.into_iter().take(MOST).map(|line| PhraseView::new(line, Vec::new())));
        notes.extend(chosen.notes);
    }
    notes.dedup();
    (phrases, notes)
}

fn get_play(book: &Phrasebook, arguments: Json, seed: u64) -> Result<Given<'_>, String> {
    let OfTopic { topic, slots } = read(arguments)?;
    let topic = self::topic(book, &topic)?;
    let choice = Choice { which: Which::Steps, values: values(slots), ..Choice::default() };
    let chosen = choose(book, topic, &choice, seed);
    Ok(Given::new(PhrasesView::new(topic, chosen, topic.is_play())).from(Some(topic)))
}

fn write_letter(book: &Phrasebook, arguments: Json, seed: u64) -> Result<Given<'_>, String> {
    let OfTopic { topic, slots } = read(arguments)?;
    let topic = self::topic(book, &topic)?;
    if topic.letter.is_empty() {
        return Err(words::no_letter(topic));
    }
    let choice = Choice { which: Which::Letter, values: values(slots), ..Choice::default() };
    Ok(Given::new(LetterView::new(topic, choose(book, topic, &choice, seed))).from(Some(topic)))
}

fn check_draft(book: &Phrasebook, arguments: Json, _seed: u64) -> Result<Given<'_>, String> {
    let CheckDraft { text, rules, school, problem } = read(arguments)?;
    if text.trim().is_empty() || text.chars().count() > LONGEST {
        return Err(words::wrong_draft(LONGEST));
    }
    let mut options = check::Options::read(&book.check, rules.as_deref(), school.as_deref())
        .map_err(|unknown| words::no_such_rule(&unknown))?;
    if let Some(is_about) = problem {
        options = options.about_a_problem(is_about);
    }
    Ok(Given::new(ReviewView::new(book.review(&text, &options))))
}

fn list_topics(book: &Phrasebook, arguments: Json, _seed: u64) -> Result<Given<'_>, String> {
    let ListTopics { command } = read(arguments)?;
    let command = command.map(|name| self::command(book, &name)).transpose()?;
    let wanted = book.commands.iter().filter(|one| command.is_none_or(|command| command.name == one.name));
    let commands = wanted.map(|command| CommandTopics {
        command: &command.name,
        about: &command.about,
        topics: command.topics.iter().map(TopicLine::new).collect(),
    });
    Ok(Given::new(TopicsView { commands: commands.collect() }))
}

fn command<'b>(book: &'b Phrasebook, name: &str) -> Result<&'b Command, String> {
    view::command(book, name.trim().trim_start_matches('/')).map_err(|missing| words::missing(&missing))
}

/// The topic of a name such as `recover.billing`; as people write it in chat, `/recover billing`, or `billing` alone, it is
/// understood as well.
fn topic<'b>(book: &'b Phrasebook, name: &str) -> Result<&'b Topic, String> {
    let name = name.trim().trim_start_matches('/');
    let named = name.split_once(['.', '/', ' ']);
    let command = named.and_then(|(command, topic)| Some((book.command(command)?, topic)));
    let alone = || book.commands.iter().find_map(|command| command.topic(name));
    let topic = match command {
        Some((command, topic)) => view::topic(book, command, topic),
        None => alone().ok_or_else(|| view::no_topic(book, name)),
    };
    topic.map_err(|missing| match book.careful.matter(name) {
        Some(matter) => words::grave(matter),
        None => words::missing(&missing),
    })
}
