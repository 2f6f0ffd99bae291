//! One function a resource: parameters in, content out. The attribute above each is its part of the OpenAPI document.

use std::{borrow::Cow, fmt::Write as _};

use super::{
    Resource,
    check::Draft,
    content::Content,
    query::{LINE, Query},
};
use crate::{
    http::{path::outside, problem::Problem, wants::Wants},
    say::{
        answer::{Chosen, choose},
        ask::{At, Choice, Which},
        book::{Article, Command, Phrasebook, Tone, Topic},
        words,
    },
    view::{
        self, CommandView, IndexView, LetterView, Missing, PhraseView, PhrasesView, ReviewView, RulesView, SearchView,
        SourceView, SourcesView,
    },
};

/// The largest whole number that every JSON reader keeps exact (RFC 8259, section 6).
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// What a resource answers.
pub(super) struct Found<'b> {
    pub(super) content: Content<'b>,
    /// Another time it may be something else.
    pub(super) random: bool,
    /// Whether text is to hold the reason.
    pub(super) why: bool,
    /// The address proper, where the path was an alias.
    pub(super) location: Option<String>,
    /// The topic that phrases are given from.
    pub(super) topic: Option<&'b Topic>,
}

impl<'b> From<Content<'b>> for Found<'b> {
    fn from(content: Content<'b>) -> Self {
        Self { content, random: false, why: false, location: None, topic: None }
    }
}

/// A phrase that was picked by chance.
pub(super) struct Shown<'b> {
    pub(super) topic: &'b Topic,
    pub(super) place: usize,
}

/// Whether this client was shown that phrase last; takes it down if not.
pub(super) type Again<'a> = &'a mut dyn FnMut(&Shown<'_>) -> bool;

/// Whether there is such a resource at all, whatever its parameters.
pub(super) fn exists(book: &Phrasebook, resource: &Resource<'_>) -> Result<(), Problem> {
    match resource {
        Resource::Index
        | Resource::Search
        | Resource::Random(None)
        | Resource::Help(None)
        | Resource::Sources
        | Resource::Check => Ok(()),
        Resource::Command(command) | Resource::Random(Some(command)) | Resource::Help(Some(command)) => {
            self::command(book, command).map(|_| ())
        }
        Resource::Topic(command, topic) => self::topic(book, command, topic).map(|_| ()),
        Resource::Phrase(id) => phrase(book, id).map(|_| ()),
        Resource::Source(id) => article(book, id).map(|_| ()),
    }
}

pub(super) fn read<'b>(
    book: &'b Phrasebook,
    resource: &Resource<'_>,
    query: Query<'_>,
    wants: Wants,
    again: Again<'_>,
) -> Result<Found<'b>, Problem> {
    match resource {
        Resource::Index => read_index(book, query),
        Resource::Command(command) => read_command(book, command, query),
        Resource::Topic(command, topic) => read_topic(book, (command, topic), query, wants, again),
        Resource::Phrase(id) => read_phrase(book, id, query),
        Resource::Search => read_search(book, query, wants),
        Resource::Random(None) => read_random(book, query, again),
        Resource::Random(Some(command)) => read_random_of(book, command, query, again),
        Resource::Help(None) => Ok(Found { location: Some("/".into()), ..read_index(book, query)? }),
        Resource::Help(Some(command)) => read_help(book, command, query),
        Resource::Sources => read_sources(book, query),
        Resource::Source(id) => read_source(book, id, query),
        Resource::Check => read_rules(book, query),
    }
}

/// The service and its commands
#[utoipa::path(get, path = "/", tag = "phrasebook", responses((status = 200, body = IndexView<'static>)))]
fn read_index<'b>(book: &'b Phrasebook, query: Query<'_>) -> Result<Found<'b>, Problem> {
    query.finish(&[])?;
    Ok(Content::Index(IndexView::new(book)).into())
}

/// A command and its topics
#[utoipa::path(get, path = "/{command}", tag = "phrasebook",
    params(("command" = String, Path, example = "recover", description = "The word after the slash")),
    responses((status = 200, body = CommandView<'static>)))]
fn read_command<'b>(book: &'b Phrasebook, name: &str, query: Query<'_>) -> Result<Found<'b>, Problem> {
    let command = command(book, name)?;
    query.finish(&[])?;
    Ok(Content::Command(CommandView::new(command)).into())
}

/// How to use a command: the same as its topics
#[utoipa::path(get, path = "/{command}/help", tag = "phrasebook",
    params(("command" = String, Path, example = "recover", description = "The word after the slash")),
    responses((status = 200, body = CommandView<'static>)))]
fn read_help<'b>(book: &'b Phrasebook, name: &str, query: Query<'_>) -> Result<Found<'b>, Problem> {
    let location = Some(format!("/{}", command(book, name)?.name));
    Ok(Found { location, ..read_command(book, name, query)? })
}

/// One phrase of a topic, every one, the whole play, or the play as a letter
///
/// Without `n`, `all`, `steps`, `letter` or `seed` it is a phrase of the play's first step, or any where there are no steps,
/// and not the one that was shown last; of `n`, `all`, `steps` and `letter` the one that shows most goes before the others, which are named as not used. Slots are further
/// parameters, by name: `?customer=Dr%20Matt`.
#[utoipa::path(get, path = "/{command}/{topic}", tag = "phrasebook",
    params(
        ("command" = String, Path, example = "recover", description = "The word after the slash"),
        ("topic" = String, Path, example = "billing", description = "The topic's id, or an alias"),
        ("n" = Option<u64>, Query, minimum = 1, maximum = 9999, description = "The phrase with this number"),
        ("all" = Option<bool>, Query, description = "Every phrase"),
        ("steps" = Option<bool>, Query, description = "The whole play, in order"),
        ("letter" = Option<bool>, Query, description = "The whole play as one message, ready to paste"),
        ("line" = Option<Vec<String>>, Query, description = "With `letter`: the phrases that make it, each by the last part of its id; without it those that the book has chosen"),
        ("step" = Option<String>, Query, example = "own", pattern = "^(any|acknowledge|own|explore|make-right|exceed|follow-up)$", description = "A step of the play; `any` for chance over all of them"),
        ("short" = Option<bool>, Query, description = "Only phrases of 13 words or fewer, where there are any"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
        ("tone" = Option<Tone>, Query, description = "Only phrases that sound like this; of a play's step where it has any"),
        ("seed" = Option<u64>, Query, minimum = 0, maximum = 9_007_199_254_740_991_u64, description = "The same phrase for the same number"),
    ),
    responses((status = 200, body = TopicReply)))]
fn read_topic<'b>(
    book: &'b Phrasebook,
    (command, name): (&str, &str),
    mut query: Query<'_>,
    wants: Wants,
    again: Again<'_>,
) -> Result<Found<'b>, Problem> {
    let topic = topic(book, command, name)?;
    let (which, mut unused) = query.which()?;
    if let Which::Number(number) = which
        && number > topic.phrases.len()
    {
        let last = topic.phrases.len();
        let what = format!("The parameter `n` is a whole number from 1 to {last} here.");
        // The number is well formed; there is only nothing of that number.
        return Err(Problem::NotFound(what, vec![format!("{}?n={last}", path(topic))]));
    }
    let why = query.flag("why")?;
    // A page has room for every phrase, whichever was asked for, and is then the same for everyone.
    let is_page = wants == Wants::Html && (which != Which::Letter || topic.letter.is_empty());
    let which = if is_page { Which::All } else { which };
    let tone = query.tone()?;
    if let Some(tone) = tone.filter(|tone| topic.phrases.iter().all(|phrase| phrase.tone != Some(*tone))) {
        return Err(Problem::NotFound(no_such_tone(tone, topic), vec![path(topic)]));
    }
    let tone = tone.filter(|_| wants != Wants::Html);
    let step = query.step()?;
    let step = if wants == Wants::Html { At::Any } else { step };
    let short = query.flag("short")? && wants != Wants::Html;
    let seed = query.number("seed", 0, LARGEST_SEED)?;
    unused.extend(seed.filter(|_| which != Which::Any).map(|seed| format!("seed={seed}")));
    let letter = query.lines().map(|ids| lines(topic, &ids)).transpose()?;
    unused.extend((letter.is_some() && which != Which::Letter).then(|| LINE.to_owned()));
    unused.extend((why && which == Which::Letter && !topic.letter.is_empty()).then(|| "why".to_owned()));
    let values = query.slots(|name| is_slot(book, name));
    query.finish(&names(topic))?;
    let choice = Choice { which, step, tone, short, letter, why, values, ..Choice::default() };
    let mut chosen = pick(book, topic, &choice, seed, again);
    if !is_page {
        chosen.notes.extend(unused.iter().map(|given| words::left(given)));
    }
    let content = match (which, &chosen.letter) {
        (Which::Letter, Some(_)) => Content::Letter(LetterView::new(topic, chosen)),
        (Which::Any | Which::Number(_) | Which::Place(_), _) => one(chosen, topic)?,
        (Which::All | Which::Steps | Which::Letter, _) => {
            Content::Phrases(PhrasesView::new(topic, chosen, which != Which::All && topic.is_play()))
        }
    };
    let is_alias = *topic.id != *name || *topic.command != *command;
    Ok(Found {
        content,
        random: which == Which::Any && seed.is_none(),
        why,
        location: is_alias.then(|| format!("/{}/{}", topic.command, topic.id)),
        topic: Some(topic),
    })
}

/// That very phrase, for ever
///
/// Slots are further parameters, by name.
#[utoipa::path(get, path = "/phrases/{id}", tag = "phrasebook",
    params(
        ("id" = String, Path, example = "recover.billing.hoped-for", description = "The phrase's id, `recover.billing.hoped-for`"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
    ),
    responses((status = 200, body = PhraseView<'static>)))]
fn read_phrase<'b>(book: &'b Phrasebook, id: &str, mut query: Query<'_>) -> Result<Found<'b>, Problem> {
    let (topic, place) = phrase(book, id)?;
    let why = query.flag("why")?;
    let values = query.slots(|name| is_slot(book, name));
    query.finish(&names(topic))?;
    let choice = Choice { which: Which::Place(place), values, ..Choice::default() };
    Ok(Found { why, topic: Some(topic), ..one(choose(book, topic, &choice, 0), topic)?.into() })
}

/// Topics and phrases that fit a few words, best first
#[utoipa::path(get, path = "/search", tag = "phrasebook",
    params(
        ("q" = String, Query, example = "late delivery", min_length = 1, max_length = 200, description = "The words"),
        ("command" = Option<String>, Query, description = "Only within this command"),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 100, description = "How many, 20 if not given"),
        ("offset" = Option<u64>, Query, minimum = 0, maximum = 10_000, description = "From which on"),
    ),
    responses((status = 200, body = SearchView<'static>)))]
fn read_search<'b>(book: &'b Phrasebook, mut query: Query<'_>, wants: Wants) -> Result<Found<'b>, Problem> {
    let words = query.text("q");
    let command = query.text("command");
    let limit = query.number("limit", 1, 100)?.unwrap_or(20);
    let offset = query.number("offset", 0, 10_000)?.unwrap_or(0);
    query.finish(&[])?;
    // A page without words is the form to search with.
    let words = words.or_else(|| (wants == Wants::Html).then(Cow::default));
    let fits = |words: &Cow<'_, str>| (wants == Wants::Html || !words.is_empty()) && words.chars().count() <= 200;
    let words = words.filter(fits).ok_or_else(|| {
        Problem::Parameter("The parameter `q` is wanted: 1 to 200 characters to search for.".into(), Vec::new())
    })?;
    let command = command.map(|name| self::command(book, &name)).transpose()?;
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Content::Search(SearchView::new(book, command, &words, number(limit), number(offset))).into())
}

/// Any phrase
#[utoipa::path(get, path = "/random", tag = "phrasebook",
    params(
        ("command" = Option<String>, Query, description = "Only of this command"),
        ("source" = Option<String>, Query, description = "Only drawn from this article"),
        ("tone" = Option<Tone>, Query, description = "Only phrases that sound like this"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
        ("seed" = Option<u64>, Query, minimum = 0, maximum = 9_007_199_254_740_991_u64, description = "The same phrase for the same number"),
    ),
    responses((status = 200, body = PhraseView<'static>)))]
fn read_random<'b>(book: &'b Phrasebook, mut query: Query<'_>, again: Again<'_>) -> Result<Found<'b>, Problem> {
    let command = query.text("command").map(|name| command(book, &name)).transpose()?;
    any(book, command, query, again)
}

/// Any phrase of a command
#[utoipa::path(get, path = "/{command}/random", tag = "phrasebook",
    params(
        ("command" = String, Path, example = "recover", description = "The word after the slash"),
        ("source" = Option<String>, Query, description = "Only drawn from this article"),
        ("tone" = Option<Tone>, Query, description = "Only phrases that sound like this"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
        ("seed" = Option<u64>, Query, minimum = 0, maximum = 9_007_199_254_740_991_u64, description = "The same phrase for the same number"),
    ),
    responses((status = 200, body = PhraseView<'static>)))]
fn read_random_of<'b>(
    book: &'b Phrasebook,
    name: &str,
    query: Query<'_>,
    again: Again<'_>,
) -> Result<Found<'b>, Problem> {
    any(book, Some(command(book, name)?), query, again)
}

fn any<'b>(
    book: &'b Phrasebook,
    command: Option<&'b Command>,
    mut query: Query<'_>,
    again: Again<'_>,
) -> Result<Found<'b>, Problem> {
    let article = query.text("source").map(|id| article(book, &id)).transpose()?;
    let tone = query.tone()?;
    let why = query.flag("why")?;
    let seed = query.number("seed", 0, LARGEST_SEED)?;
    let values = query.slots(|name| is_slot(book, name));
    query.finish(&[])?;
    let commands = || book.commands.iter().filter(|one| command.is_none_or(|command| command.name == one.name));
    let fits = |topic: &'b Topic, place: usize| {
        topic.phrases.get(place).is_some_and(|phrase| {
            tone.is_none_or(|tone| phrase.tone == Some(tone))
                && article.is_none_or(|article| book.article_of(phrase).is_some_and(|one| one.id == article.id))
        })
    };
    let pool: Vec<(&Topic, usize)> = commands()
        .flat_map(|command| &command.topics)
        .flat_map(|topic| (0..topic.phrases.len()).map(move |place| (topic, place)))
        .filter(|(topic, place)| fits(topic, *place))
        .collect();
    let mut random = seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
    let (mut topic, mut place) = random
        .choice(pool.iter().copied())
        .ok_or_else(|| Problem::NotFound("No phrase is like that; leave a parameter out.".into(), Vec::new()))?;
    if seed.is_none() && again(&Shown { topic, place }) {
        (topic, place) = random.choice(pool).unwrap_or((topic, place));
    }
    let choice = Choice { which: Which::Place(place), values, ..Choice::default() };
    let content = one(choose(book, topic, &choice, 0), topic)?;
    Ok(Found { content, random: seed.is_none(), why, location: None, topic: Some(topic) })
}

/// The articles behind the phrases
#[utoipa::path(get, path = "/sources", tag = "phrasebook", responses((status = 200, body = SourcesView<'static>)))]
fn read_sources<'b>(book: &'b Phrasebook, query: Query<'_>) -> Result<Found<'b>, Problem> {
    query.finish(&[])?;
    Ok(Content::Sources(SourcesView::new(book)).into())
}

/// An article and what is drawn from it
#[utoipa::path(get, path = "/sources/{id}", tag = "phrasebook",
    params(("id" = String, Path, example = "right-or-happy", description = "The article's id")),
    responses((status = 200, body = SourceView<'static>)))]
fn read_source<'b>(book: &'b Phrasebook, id: &str, query: Query<'_>) -> Result<Found<'b>, Problem> {
    let article = article(book, id)?;
    query.finish(&[])?;
    Ok(Content::Source(SourceView::new(book, article)).into())
}

/// The rules by which drafts are reviewed
#[utoipa::path(get, path = "/check", tag = "drafts", responses((status = 200, body = RulesView<'static>)))]
fn read_rules<'b>(book: &'b Phrasebook, query: Query<'_>) -> Result<Found<'b>, Problem> {
    query.finish(&[])?;
    Ok(Content::Rules(RulesView::new(book)).into())
}

/// The review of a draft
///
/// Words in quotation marks, quoted lines, code and addresses are left alone. Nothing is kept or logged.
#[utoipa::path(post, path = "/check", tag = "drafts",
    params(
        ("rules" = Option<String>, Query, description = "Rules to leave out (`-you-first,-blame`), or the only ones to use (`blame`)"),
        ("school" = Option<String>, Query, description = "A school whose advice is wanted too: `thanks`"),
    ),
    request_body(content((String = "text/plain"), (Draft = "application/json"), (Draft = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = ReviewView<'static>)))]
#[expect(dead_code, reason = "the body is read elsewhere; this stands for it in the document")]
fn read_review() {}

/// That a topic has no phrase of a tone, with the tones that it has.
fn no_such_tone(tone: Tone, topic: &Topic) -> String {
    let has = |tone: &&Tone| topic.phrases.iter().any(|phrase| phrase.tone == Some(**tone));
    let tones: Vec<&str> = Tone::ALL.iter().filter(has).map(|tone| tone.word()).collect();
    match tones.as_slice() {
        [] => "The parameter `tone` chooses nothing here: no phrase of this topic has a tone of its own.".to_owned(),
        tones => format!("No phrase here is {tone}; the parameter `tone` is {} here.", tones.join(" or ")),
    }
}

/// One phrase, or several where `all` or `steps` is given.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "only its schema is used")]
pub(super) enum TopicReply {
    /// One phrase.
    One(PhraseView<'static>),
    /// Several phrases.
    Several(PhrasesView<'static>),
    /// The whole play as one message.
    Letter(LetterView<'static>),
}

/// By a given seed, or by chance and not what was shown last.
fn pick<'b>(
    book: &'b Phrasebook,
    topic: &'b Topic,
    choice: &Choice,
    seed: Option<u64>,
    again: Again<'_>,
) -> Chosen<'b> {
    let number = seed.unwrap_or_else(|| fastrand::u64(..));
    let chosen = choose(book, topic, choice, number);
    let by_chance = seed.is_none() && choice.which == Which::Any;
    match chosen.lines.first() {
        Some(line) if by_chance && again(&Shown { topic, place: line.place }) => {
            let next = choose(book, topic, choice, number.wrapping_add(1));
            if let Some(line) = next.lines.first() {
                again(&Shown { topic, place: line.place });
            }
            next
        }
        _ => chosen,
    }
}

/// The places of the phrases that somebody has chosen for a letter, in the order of the play. A form sends an empty one for
/// a step that is left out.
fn lines(topic: &Topic, ids: &[Cow<'_, str>]) -> Result<Vec<usize>, Problem> {
    let ids = ids.iter().filter(|id| !id.is_empty());
    let mut places = ids.map(|id| line(topic, id)).collect::<Result<Vec<usize>, Problem>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

fn line(topic: &Topic, id: &str) -> Result<usize, Problem> {
    let fitting = |place: &usize| topic.phrases.get(*place).is_some_and(|phrase| topic.fits_letter(phrase));
    topic.place(id).filter(fitting).ok_or_else(|| {
        let fit = topic.phrases.iter().filter(|phrase| topic.fits_letter(phrase)).map(|phrase| &*phrase.id);
        let what = format!("The parameter `line` is one of {} here.", fit.collect::<Vec<_>>().join(", "));
        Problem::NotFound(what, Vec::new())
    })
}

fn one<'b>(chosen: Chosen<'b>, topic: &Topic) -> Result<Content<'b>, Problem> {
    let line = chosen.lines.into_iter().next();
    let line = line.ok_or_else(|| Problem::NotFound(format!("`{}` has no phrase.", topic.id), Vec::new()))?;
    Ok(Content::Phrase(Box::new(PhraseView::new(line, chosen.notes))))
}

/// A slot that this topic does not have is named back, and the phrase given all the same; what is nobody's slot is a
/// mistake.
fn is_slot(book: &Phrasebook, name: &str) -> bool {
    book.has_slot(name)
}

fn names(topic: &Topic) -> Vec<&str> {
    topic.slots.iter().map(|slot| &*slot.name).collect()
}

fn command<'b>(book: &'b Phrasebook, name: &str) -> Result<&'b Command, Problem> {
    view::command(book, name).map_err(|mut missing| {
        if missing.near.is_empty() {
            let _ = write!(missing.what, " {} lists them.", outside("/"));
        }
        not_found(missing, "")
    })
}

fn topic<'b>(book: &'b Phrasebook, name: &str, topic: &str) -> Result<&'b Topic, Problem> {
    view::topic(book, command(book, name)?, topic).map_err(|missing| not_found(missing, ""))
}

fn phrase<'b>(book: &'b Phrasebook, id: &str) -> Result<(&'b Topic, usize), Problem> {
    view::phrase(book, id).map_err(|missing| not_found(missing, ""))
}

fn article<'b>(book: &'b Phrasebook, id: &str) -> Result<&'b Article, Problem> {
    view::article(book, id).map_err(|missing| {
        if missing.near.is_empty() {
            return Problem::NotFound(missing.what, vec!["/sources".into()]);
        }
        not_found(missing, "/sources")
    })
}

/// Nothing of that name, and the addresses of what may have been meant.
fn not_found(missing: Missing, folder: &str) -> Problem {
    let path = |name: &String| format!("{folder}/{}", name.replacen('.', "/", 1));
    Problem::NotFound(missing.what, missing.near.iter().map(path).collect())
}

fn path(topic: &Topic) -> String {
    format!("/{}/{}", topic.command, topic.id)
}

/// The parts of the OpenAPI document, as the test in `openapi` writes them down.
#[cfg_attr(not(test), expect(dead_code, reason = "the program has what it says in a file"))]
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(
        read_index, read_command, read_help, read_topic, read_phrase, read_search, read_random, read_random_of,
        read_sources, read_source, read_rules, read_review
    ),
    components(schemas(crate::http::problem::ProblemView<'static>))
)]
pub(super) struct Paths;
