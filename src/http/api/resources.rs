//! One function a resource: parameters in, content out. The attribute above each is its part of the OpenAPI document.

use std::borrow::Cow;

use super::{
    Resource,
    check::{Draft, ReviewView, RulesView},
    query::Query,
    view::{
        ArticleView, Asked, CommandView, Content, DrawnView, FoundPhrase, HitView, IndexView, LetterView, MatterView,
        PhraseView, PhrasesView, SearchView, SlotView, SourceView, SourcesView,
    },
};
use crate::{
    http::{path::outside, problem::Problem, wants::Wants},
    say::{
        answer::{Chosen, Line, choose, line},
        ask::{At, Choice, Which},
        book::{Command, Phrasebook, Topic},
        find::Hit,
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
        Resource::Index | Resource::Search | Resource::Random | Resource::Sources | Resource::Check => Ok(()),
        Resource::Command(command) => self::command(book, command).map(|_| ()),
        Resource::Topic(command, topic) => self::topic(book, command, topic).map(|_| ()),
        Resource::Phrase(id) => book.phrase(id).map(|_| ()).ok_or_else(|| no_phrase(book, id)),
        Resource::Source(id) => book.article(id).map(|_| ()).ok_or_else(|| no_source(book, id)),
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
        Resource::Random => read_random(book, query, again),
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

/// One phrase of a topic, every one, the whole play, or the play as a letter
///
/// Without `n`, `all`, `steps`, `letter` or `seed` it is a phrase of the play's first step, or any where there are no steps,
/// and not the one that was shown last; of `n`, `all`, `steps` and `letter` the one that shows most goes before the others. Slots are further
/// parameters, by name: `?customer=Dr%20Matt`.
#[utoipa::path(get, path = "/{command}/{topic}", tag = "phrasebook",
    params(
        ("command" = String, Path, example = "recover", description = "The word after the slash"),
        ("topic" = String, Path, example = "billing", description = "The topic's id, or an alias"),
        ("n" = Option<u64>, Query, minimum = 1, maximum = 9999, description = "The phrase with this number"),
        ("all" = Option<bool>, Query, description = "Every phrase"),
        ("steps" = Option<bool>, Query, description = "The whole play, in order"),
        ("letter" = Option<bool>, Query, description = "The whole play as one message, ready to paste"),
        ("step" = Option<String>, Query, example = "own", pattern = "^(any|acknowledge|own|explore|make-right|exceed|follow-up)$", description = "A step of the play; `any` for chance over all of them"),
        ("short" = Option<bool>, Query, description = "Only phrases of 13 words or fewer, where there are any"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
        ("tone" = Option<crate::say::book::Tone>, Query, description = "Only phrases that sound like this, where there are any"),
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
    let which = query.which()?;
    if let Which::Number(number) = which
        && number > topic.phrases.len()
    {
        let what = format!("The parameter `n` is a whole number from 1 to {} here.", topic.phrases.len());
        // The number is well formed; there is only nothing of that number.
        return Err(Problem::NotFound(what, vec![path(topic)]));
    }
    let why = query.flag("why")?;
    // A page has room for every phrase, whichever was asked for, and is then the same for everyone.
    let is_page = wants == Wants::Html && (which != Which::Letter || topic.letter.is_empty());
    let which = if is_page { Which::All } else { which };
    let tone = query.tone()?.filter(|_| wants != Wants::Html);
    let step = query.step()?;
    let step = if wants == Wants::Html { At::Any } else { step };
    let short = query.flag("short")? && wants != Wants::Html;
    let seed = query.number("seed", 0, LARGEST_SEED)?;
    let values = query.slots(|name| is_slot(book, name));
    query.finish(&names(topic))?;
    let choice = Choice { which, step, tone, short, why, values, ..Choice::default() };
    let chosen = pick(book, topic, &choice, seed, again);
    let content = match (which, &chosen.letter) {
        (Which::Letter, Some(_)) => letter(topic, chosen),
        (Which::Any | Which::Number(_) | Which::Place(_), _) => one(chosen, topic)?,
        (Which::All | Which::Steps | Which::Letter, _) => Content::Phrases(PhrasesView {
            command: &topic.command,
            topic: &topic.id,
            title: &topic.title,
            play: which != Which::All && topic.is_play(),
            phrases: chosen.lines.into_iter().map(|line| PhraseView::new(line, Vec::new())).collect(),
            notes: chosen.notes,
        }),
    };
    let is_alias = *topic.id != *name;
    Ok(Found {
        content,
        random: which == Which::Any && seed.is_none(),
        why,
        location: is_alias.then(|| format!("/{}/{}", topic.command, topic.id)),
        topic: Some(topic),
    })
}

/// The whole play as one message.
fn letter<'b>(topic: &'b Topic, chosen: Chosen<'b>) -> Content<'b> {
    let mut conditions: Vec<String> = Vec::new();
    for condition in chosen.lines.iter().flat_map(Line::conditions) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    Content::Letter(LetterView {
        command: &topic.command,
        topic: &topic.id,
        title: &topic.title,
        text: chosen.letter.unwrap_or_default(),
        conditions,
        slots: topic.slots.iter().zip(chosen.values).map(|(slot, value)| SlotView::new(slot, value)).collect(),
        phrases: chosen.lines.iter().map(|line| topic.phrase_id(line.phrase)).collect(),
        notes: chosen.notes,
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
    let (topic, place) = book.phrase(id).ok_or_else(|| no_phrase(book, id))?;
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
    let matter = book.careful.matter(&words);
    let fit = |topic| Hit { topic, phrase: None, score: 1.0 };
    let hits = match matter {
        Some(matter) => matter.topics.iter().filter_map(|topic| book.topic(topic)).map(fit).collect(),
        None => book.search(command, &words),
    };
    let view = |hit: &Hit<'b>| {
        let phrase = hit.phrase.and_then(|place| line(book, hit.topic, place, &[]));
        HitView {
            path: match &phrase {
                Some(line) => format!("/phrases/{}", hit.topic.phrase_id(line.phrase)),
                None => format!("/{}/{}", hit.topic.command, hit.topic.id),
            },
            command: &hit.topic.command,
            topic: &hit.topic.id,
            title: &hit.topic.title,
            phrase: phrase.map(|line| FoundPhrase { id: hit.topic.phrase_id(line.phrase), text: line.words }),
        }
    };
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Content::Search(SearchView {
        matter: matter.map(MatterView::new),
        total: hits.len(),
        hits: hits.iter().skip(number(offset)).take(number(limit)).map(view).collect(),
        asked: Asked {
            words: crate::say::phrase::clean(&words),
            command: command.map(|command| &*command.name),
            offset: number(offset),
        },
    })
    .into())
}

/// Any phrase
#[utoipa::path(get, path = "/random", tag = "phrasebook",
    params(
        ("command" = Option<String>, Query, description = "Only of this command"),
        ("source" = Option<String>, Query, description = "Only drawn from this article"),
        ("tone" = Option<crate::say::book::Tone>, Query, description = "Only phrases that sound like this"),
        ("why" = Option<bool>, Query, description = "With reason and source, in text"),
        ("seed" = Option<u64>, Query, minimum = 0, maximum = 9_007_199_254_740_991_u64, description = "The same phrase for the same number"),
    ),
    responses((status = 200, body = PhraseView<'static>)))]
fn read_random<'b>(book: &'b Phrasebook, mut query: Query<'_>, again: Again<'_>) -> Result<Found<'b>, Problem> {
    let command = query.text("command").map(|name| command(book, &name)).transpose()?;
    let article = query.text("source").map(|id| book.article(&id).ok_or_else(|| no_source(book, &id))).transpose()?;
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
    Ok(Content::Sources(SourcesView { sources: book.articles.iter().map(ArticleView::new).collect() }).into())
}

/// An article and what is drawn from it
#[utoipa::path(get, path = "/sources/{id}", tag = "phrasebook",
    params(("id" = String, Path, example = "right-or-happy", description = "The article's id")),
    responses((status = 200, body = SourceView<'static>)))]
fn read_source<'b>(book: &'b Phrasebook, id: &str, query: Query<'_>) -> Result<Found<'b>, Problem> {
    let article = book.article(id).ok_or_else(|| no_source(book, id))?;
    query.finish(&[])?;
    let drawn = |topic: &'b Topic| {
        let of_article = topic
            .phrases
            .iter()
            .filter(|phrase| book.article_of(phrase).is_some_and(|one| one.id == article.id))
            .map(|phrase| topic.phrase_id(phrase));
        DrawnView { command: &topic.command, topic: &topic.id, title: &topic.title, phrases: of_article.collect() }
    };
    let topics: Vec<DrawnView<'_>> = book.topics().map(drawn).filter(|drawn| !drawn.phrases.is_empty()).collect();
    Ok(Content::Source(SourceView {
        article: ArticleView::new(article),
        phrases: topics.iter().map(|drawn| drawn.phrases.len()).sum(),
        topics,
    })
    .into())
}

/// The rules by which drafts are reviewed
#[utoipa::path(get, path = "/check", tag = "drafts", responses((status = 200, body = RulesView<'static>)))]
fn read_rules<'b>(book: &'b Phrasebook, query: Query<'_>) -> Result<Found<'b>, Problem> {
    query.finish(&[])?;
    Ok(Content::Rules(super::check::rules(book)).into())
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
    book.command(name).ok_or_else(|| {
        let near = crate::say::find::closest(name, book.commands.iter().map(|command| &*command.name));
        let near: Vec<String> = near.map(|near| format!("/{near}")).into_iter().collect();
        let more = if near.is_empty() { format!(" {} lists them.", outside("/")) } else { String::new() };
        Problem::NotFound(format!("There is no command `{}`.{more}", shown(name)), near)
    })
}

fn topic<'b>(book: &'b Phrasebook, name: &str, topic: &str) -> Result<&'b Topic, Problem> {
    let command = command(book, name)?;
    command.topic(topic).ok_or_else(|| {
        let near: Vec<String> = match book.slip(Some(command), topic) {
            Some((near, _)) => vec![path(near)],
            None => book.find(Some(command), topic).hits.iter().take(3).map(|hit| path(hit.topic)).collect(),
        };
        // For a grave matter no other topic is offered.
        let near = if near.is_empty() || book.careful.matter(topic).is_some() {
            vec![format!("/{}", command.name)]
        } else {
            near
        };
        Problem::NotFound(format!("There is no topic `{}` under /{}.", shown(topic), command.name), near)
    })
}

fn no_phrase(book: &Phrasebook, id: &str) -> Problem {
    let topic = id.rsplit_once('.').and_then(|(topic, _)| book.topic(topic));
    Problem::NotFound(format!("There is no phrase `{}`.", shown(id)), topic.map(path).into_iter().collect())
}

fn no_source(book: &Phrasebook, id: &str) -> Problem {
    let near = crate::say::find::closest(id, book.articles.iter().map(|article| &*article.id));
    let near = near.map_or_else(|| "/sources".to_owned(), |near| format!("/sources/{near}"));
    Problem::NotFound(format!("There is no source `{}`.", shown(id)), vec![near])
}

fn path(topic: &Topic) -> String {
    format!("/{}/{}", topic.command, topic.id)
}

/// A name from outside, short and without anything that acts on a terminal.
fn shown(name: &str) -> Cow<'static, str> {
    let mut name = crate::say::phrase::clean(name);
    crate::say::phrase::cut_graphemes(&mut name, 60);
    name.into()
}

/// The parts of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(
        read_index, read_command, read_topic, read_phrase, read_search, read_random, read_sources, read_source,
        read_rules, read_review
    ),
    components(schemas(crate::http::problem::ProblemView<'static>))
)]
pub(super) struct Paths;
