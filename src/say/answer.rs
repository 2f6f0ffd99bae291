//! What a person gets, whatever they use: a small document that every platform lowers to its own terms.

use std::{borrow::Cow, time::Duration};

use super::{
    ask::{Ask, Choice, Draft, Guess, Which, Wish},
    book::{Article, Command, Phrase, Phrasebook, Slot, Topic, UMBRELLA, fold},
    careful::Matter,
    check,
    phrase::Value,
    words,
};

/// An answer: plain words and what one can do next. No markup; who writes it out escapes it.
#[derive(Debug, Default)]
pub struct Answer<'b> {
    /// What it is about, a few words.
    pub heading: Cow<'b, str>,
    /// What was understood, and what was not used.
    pub notes: Vec<String>,
    /// What to say.
    pub lines: Vec<Line<'b>>,
    /// Paragraphs of ours.
    pub text: Vec<Cow<'b, str>>,
    /// What can be typed, and what it does.
    pub usage: Vec<(String, &'static str)>,
    /// What to choose from.
    pub entries: Vec<Entry<'b>>,
    /// The topic of the lines: its tip, what to avoid.
    pub topic: Option<&'b Topic>,
    /// What one can do with the line.
    pub moves: Vec<Move>,
    /// Who is to see it.
    pub audience: Audience,
    /// Whether the reason was asked for.
    pub why: bool,
    /// Whether it holds what was asked for.
    pub found: bool,
    /// The line was picked by chance.
    pub by_chance: bool,
}

/// A line to say, filled.
#[derive(Debug)]
pub struct Line<'b> {
    /// The phrase.
    pub phrase: &'b Phrase,
    /// Its topic.
    pub topic: &'b Topic,
    /// Its place in the topic, from 0.
    pub place: usize,
    /// The words to say.
    pub words: String,
    /// The article behind it.
    pub article: &'b Article,
    /// Its slots, each with what fills it.
    pub slots: Vec<(&'b Slot, Option<String>)>,
    /// The slots that show as blanks.
    pub blanks: Vec<&'b Slot>,
}

/// Something to choose.
#[derive(Debug)]
pub struct Entry<'b> {
    /// A few words: a topic's title, a command's name.
    pub label: Cow<'b, str>,
    /// What it is, in a sentence.
    pub detail: Cow<'b, str>,
    /// What to ask of the umbrella command for it.
    pub ask: String,
}

/// A button under a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// What kind.
    pub kind: MoveKind,
    /// What stands on it.
    pub label: &'static str,
    /// What to ask of the umbrella command when it is pressed; for a form, before its fields are added.
    pub ask: String,
}

/// The kinds of buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// Another phrase in place of this one.
    Another,
    /// A form with one field a slot.
    Fill,
    /// A form with one field, of several lines.
    Draft,
    /// Only the words, for everyone.
    Share,
    /// The whole play.
    Play,
}

/// Who is to see an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Audience {
    /// The person who asked.
    #[default]
    Person,
    /// Everyone in the room; then only the words are posted, never the coaching.
    Room,
}

/// Answers. `seed` is the only chance: the same book, ask and seed give the same answer, and the next seed gives another
/// phrase where there is one.
#[must_use]
pub fn answer<'b>(book: &'b Phrasebook, ask: &Ask, seed: u64) -> Answer<'b> {
    match ask.wish(book) {
        Wish::Help(command) => help(book, command),
        Wish::List(command, query) if !query.is_empty() => matching(book, command, &query),
        Wish::List(Some(command), _) => menu(command),
        Wish::List(None, _) => commands(book),
        Wish::Random(command, choice) => random(book, command, &choice, seed),
        Wish::Search(command, query) => found(book, command, &query),
        Wish::Sources(id) => sources(book, id.as_deref()),
        Wish::Phrase { topic, choice, guessed } => phrases(book, topic, &choice, guessed, seed),
        Wish::Several(command, query, topics) => several(command, &query, &topics),
        Wish::Check(draft) => check_draft(book, &draft),
        Wish::Rules => rules(book),
        Wish::Careful(matter) => careful(book, matter),
        Wish::Lost(command, query) => lost(book, command, &query),
    }
}

/// Phrases of a topic.
fn phrases<'b>(
    book: &'b Phrasebook,
    topic: &'b Topic,
    choice: &Choice,
    guessed: Option<Guess>,
    seed: u64,
) -> Answer<'b> {
    let Chosen { lines, values, mut notes } = choose(book, topic, choice, seed);
    if let Some(guess) = guessed {
        notes.insert(
            0,
            match guess {
                Guess::Slip(typed, name) => words::took_slip(&typed, &name),
                Guess::Search(query) => words::took_search(&query, topic),
            },
        );
    }
    let mut blanks: Vec<&str> = Vec::new();
    for slot in lines.iter().flat_map(|line| &line.blanks) {
        if !blanks.contains(&&*slot.name) {
            blanks.push(&slot.name);
        }
    }
    let mut audience = Audience::Person;
    if choice.share {
        if blanks.is_empty() {
            audience = Audience::Room;
        } else {
            notes.push(words::fill_before_sharing(&blanks));
        }
    }
    Answer {
        heading: heading(topic, &lines),
        notes,
        moves: moves(topic, &lines, &values),
        lines,
        topic: Some(topic),
        audience,
        why: choice.why,
        found: true,
        by_chance: choice.which == Which::Any,
        ..Answer::default()
    }
}

/// The topic, and of a play the step.
fn heading<'b>(topic: &'b Topic, lines: &[Line<'_>]) -> Cow<'b, str> {
    match lines {
        [Line { phrase: Phrase { step: Some(step), .. }, .. }] => [&topic.title, ": ", step.label()].concat().into(),
        _ => Cow::Borrowed(&topic.title),
    }
}

/// Lines that were chosen, and what there is to say about the choice.
#[derive(Debug, Default)]
pub struct Chosen<'b> {
    /// The lines, at least one.
    pub lines: Vec<Line<'b>>,
    /// What fills each slot of the topic, used or not.
    pub values: Vec<Option<String>>,
    /// What was cut, not used or not there.
    pub notes: Vec<String>,
}

/// Picks and fills phrases of a topic.
#[must_use]
pub fn choose<'b>(book: &'b Phrasebook, topic: &'b Topic, choice: &Choice, seed: u64) -> Chosen<'b> {
    let mut notes = Vec::new();
    let values = values(topic, choice, &mut notes);
    let places = places(topic, choice, &values, seed, &mut notes);
    let filled: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
    let lines: Vec<Line<'b>> = places.into_iter().filter_map(|place| line(book, topic, place, &filled)).collect();
    let is_used = |slot: &Slot| lines.iter().any(|line| line.slots.iter().any(|(used, _)| used.name == slot.name));
    let given = topic.slots.iter().zip(&values).filter(|(_, value)| value.is_some());
    let unused: Vec<&str> = given.filter(|(slot, _)| !is_used(slot)).map(|(slot, _)| &*slot.name).collect();
    if !unused.is_empty() {
        notes.push(words::unused(&unused));
    }
    Chosen { lines, values, notes }
}

/// A phrase with these values, by slot number.
#[must_use]
pub fn line<'b>(book: &'b Phrasebook, topic: &'b Topic, place: usize, values: &[Option<&str>]) -> Option<Line<'b>> {
    let phrase = topic.phrases.get(place)?;
    let value = |slot: u16| values.get(usize::from(slot)).copied().flatten();
    let slot = |number: u16| topic.slots.get(usize::from(number)).map(|slot| &**slot);
    Some(Line {
        phrase,
        topic,
        place,
        words: phrase.say.fill(values),
        article: book.article_of(phrase)?,
        slots: phrase
            .say
            .slots()
            .into_iter()
            .filter_map(|number| Some((slot(number)?, value(number).map(str::to_owned))))
            .collect(),
        blanks: phrase.say.required().into_iter().filter(|number| value(*number).is_none()).filter_map(slot).collect(),
    })
}

/// What fills each slot of the topic.
fn values(topic: &Topic, choice: &Choice, notes: &mut Vec<String>) -> Vec<Option<String>> {
    let mut values: Vec<Option<String>> = vec![None; topic.slots.len()];
    let mut fill = |number: usize, value: &Value| {
        if let (Some(place), Some(slot)) = (values.get_mut(number), topic.slots.get(number)) {
            *place = Some(value.words.clone()).filter(|words| !words.is_empty());
            if value.cut {
                notes.push(words::cut(&slot.name));
            }
        }
    };
    let mut unknown = Vec::new();
    for (name, value) in &choice.values {
        match topic.slot(name) {
            Some(number) => fill(number, value),
            None => unknown.push(words::no_such_slot(name, topic)),
        }
    }
    if let Some(rest) = &choice.rest {
        let named = |slot: &Slot| choice.values.iter().any(|(name, _)| *name == *slot.name);
        match topic.slots.iter().position(|slot| !named(slot)) {
            Some(number) => fill(number, rest),
            None if topic.slots.is_empty() => unknown.push(words::nothing_to_fill(&rest.words)),
            None => unknown.push(words::left_over(&rest.words)),
        }
    }
    notes.append(&mut unknown);
    values
}

/// Which phrases.
fn places(topic: &Topic, choice: &Choice, values: &[Option<String>], seed: u64, notes: &mut Vec<String>) -> Vec<usize> {
    let tone = choice.tone.filter(|tone| topic.phrases.iter().any(|phrase| phrase.tone == Some(*tone)));
    if tone != choice.tone {
        notes.push(words::no_such_tone());
    }
    let sounds = |phrase: &Phrase| tone.is_none() || phrase.tone == tone;
    let pool = || topic.phrases.iter().zip(0..).filter(|(phrase, _)| sounds(phrase));
    let place = |(_, place)| place;
    match choice.which {
        Which::Number(number) => {
            let count = pool().count();
            let nearest = number.min(count).max(1);
            if number != nearest {
                notes.push(words::only_so_many(number, count, nearest));
            }
            pool().nth(nearest - 1).map(place).into_iter().collect()
        }
        Which::All | Which::Steps => {
            if choice.which == Which::Steps && !topic.is_play() {
                notes.push(words::no_play());
            }
            pool().map(place).collect()
        }
        Which::Any => {
            // A phrase with a place for what was given is the one that was meant.
            let fits = |phrase: &Phrase| {
                values.iter().zip(0..).all(|(value, number)| value.is_none() || phrase.say.has_slot(number))
            };
            let fitting = || pool().filter(|(phrase, _)| fits(phrase));
            let any =
                |count: usize| usize::try_from(seed % u64::try_from(count).unwrap_or(1).max(1)).unwrap_or_default();
            let picked = match fitting().count() {
                0 => pool().nth(any(pool().count())),
                count => fitting().nth(any(count)),
            };
            picked.map(place).into_iter().collect()
        }
    }
}

/// The buttons under one line. They carry every value that was given, for a later phrase may have a place for it; what
/// is shared is this phrase, with its own.
fn moves(topic: &Topic, lines: &[Line<'_>], values: &[Option<String>]) -> Vec<Move> {
    let [line] = lines else { return Vec::new() };
    let own: Vec<(&str, &str)> =
        line.slots.iter().filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let values: Vec<(&str, &str)> =
        topic.slots.iter().zip(values).filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let id = Some(&*line.phrase.id);
    let next = (line.place + 1) % topic.phrases.len().max(1) + 1;
    let mut moves = Vec::with_capacity(4);
    moves.push(Move {
        kind: MoveKind::Another,
        label: words::ANOTHER,
        ask: Choice::ask(topic, None, &next.to_string(), &values),
    });
    if !line.slots.is_empty() {
        moves.push(Move { kind: MoveKind::Fill, label: words::FILL, ask: Choice::ask(topic, id, "", &values) });
    }
    moves.push(Move { kind: MoveKind::Share, label: words::SHARE, ask: Choice::ask(topic, id, "share", &own) });
    if topic.is_play() {
        moves.push(Move { kind: MoveKind::Play, label: words::PLAY, ask: Choice::ask(topic, None, "steps", &values) });
    }
    moves
}

fn random<'b>(book: &'b Phrasebook, command: Option<&'b Command>, choice: &Choice, seed: u64) -> Answer<'b> {
    let topics = || book.commands.iter().filter(|one| command.is_none_or(|command| command.name == one.name));
    let count: usize = topics().map(|command| command.topics.len()).sum();
    let wanted = usize::try_from(seed % u64::try_from(count).unwrap_or(1).max(1)).unwrap_or_default();
    let topic = topics().flat_map(|command| &command.topics).nth(wanted);
    let deeper = seed / u64::try_from(count).unwrap_or(1).max(1);
    match topic {
        Some(topic) => phrases(book, topic, choice, None, deeper),
        None => commands(book),
    }
}

fn menu(command: &Command) -> Answer<'_> {
    Answer {
        heading: Cow::Borrowed(&command.title),
        text: vec![words::menu(command).into()],
        entries: command.topics.iter().map(entry).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The topics that a person who is still typing may mean: those with a name that begins so, then those that fit.
fn matching<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let typed = fold(query);
    let begins = |name: &str| name.strip_prefix(&*typed).is_some() || name.contains(&format!("-{typed}"));
    let mut topics: Vec<&Topic> = book
        .topics()
        .filter(|topic| command.is_none_or(|command| command.name == topic.command))
        .filter(|topic| {
            begins(&topic.id) || topic.aliases.iter().any(|alias| begins(alias)) || begins(&fold(&topic.title))
        })
        .collect();
    for hit in book.find(command, query) {
        if !topics.iter().any(|topic| std::ptr::eq(*topic, hit.topic)) {
            topics.push(hit.topic);
        }
    }
    if topics.is_empty() {
        return lost(book, command, query);
    }
    let one = if command.is_some() { entry } else { entry_with_command };
    Answer {
        heading: words::found(query).into(),
        found: true,
        entries: topics.into_iter().map(one).collect(),
        ..Answer::default()
    }
}

fn commands(book: &Phrasebook) -> Answer<'_> {
    Answer {
        heading: "Saywell".into(),
        text: vec![words::commands().into()],
        entries: book
            .commands
            .iter()
            .map(|command| Entry {
                label: format!("/{}", command.name).into(),
                detail: Cow::Borrowed(&command.about),
                ask: command.name.to_string(),
            })
            .collect(),
        found: true,
        ..Answer::default()
    }
}

fn help<'b>(book: &'b Phrasebook, command: Option<&'b Command>) -> Answer<'b> {
    let Some(example) = command.or(book.commands.first()) else { return commands(book) };
    let Some(topic) = example.topics.first() else { return commands(book) };
    let mut usage = words::usage(example, topic);
    if command.is_none() {
        usage.extend(words::umbrella_usage(topic));
    }
    Answer {
        heading: command.map_or_else(|| "Saywell".into(), |command| format!("/{}", command.name).into()),
        text: vec![command.map_or_else(|| words::commands().into(), |command| Cow::Borrowed(&*command.about))],
        usage,
        found: true,
        ..Answer::default()
    }
}

fn found<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let hits = book.search(command, query);
    if hits.is_empty() {
        return lost(book, command, query);
    }
    let entries = hits.iter().take(8).map(|hit| match hit.phrase.and_then(|place| line(book, hit.topic, place, &[])) {
        Some(line) => Entry {
            label: format!("/{} {}", hit.topic.command, hit.topic.id).into(),
            ask: Choice::ask(hit.topic, Some(&line.phrase.id), "", &[]),
            detail: line.words.into(),
        },
        None => entry_with_command(hit.topic),
    });
    Answer { heading: words::found(query).into(), entries: entries.collect(), found: true, ..Answer::default() }
}

fn several<'b>(command: Option<&Command>, query: &str, topics: &[&'b Topic]) -> Answer<'b> {
    let one = if command.is_some() { entry } else { entry_with_command };
    Answer {
        heading: words::several(query).into(),
        entries: topics.iter().map(|topic| one(topic)).collect(),
        found: true,
        ..Answer::default()
    }
}

/// Nothing fits: the topics of the command, or the commands.
fn lost<'b>(book: &'b Phrasebook, command: Option<&Command>, query: &str) -> Answer<'b> {
    let mut answer = match command.and_then(|command| book.command(&command.name)) {
        Some(command) => menu(command),
        None => commands(book),
    };
    answer.heading = words::lost(query).into();
    answer.text.clear();
    answer.found = false;
    answer
}

/// The review of a draft; for nobody but the person who wrote it.
fn check_draft<'b>(book: &'b Phrasebook, draft: &Draft) -> Answer<'b> {
    if draft.text.trim().is_empty() {
        return Answer {
            heading: "/check".into(),
            text: vec![words::check_about().into()],
            usage: words::check_usage(),
            moves: vec![Move { kind: MoveKind::Draft, label: words::DRAFT_FORM, ask: draft.settings() }],
            found: true,
            ..Answer::default()
        };
    }
    if draft.text.chars().count() > check::LONGEST {
        return Answer { heading: words::too_long(check::LONGEST).into(), ..Answer::default() };
    }
    let (choice, notes) = match check::Choice::read(&book.check, draft.rules.as_deref(), draft.school.as_deref()) {
        Ok(choice) => (choice, Vec::new()),
        Err(unknown) => (check::Choice::default(), vec![words::no_such_rule(&unknown)]),
    };
    let choice = match draft.problem.as_deref() {
        Some(word) => choice.about_a_problem(word == "yes"),
        None => choice,
    };
    let review = check::review(book, &draft.text, &choice);
    let mut text: Vec<Cow<'b, str>> =
        review.findings.iter().take(TOLD).map(|finding| words::finding(finding).into()).collect();
    if review.total > text.len() {
        text.push(words::more_findings(review.total - text.len()).into());
    }
    if !review.moves.is_empty() {
        text.push(words::moves(&review.moves).into());
    }
    if let Some(after) = &review.after {
        text.push(words::after(after).into());
    }
    text.push(words::size(&review).into());
    let helps = review.findings.iter().take(TOLD).map(|finding| &finding.rule.help);
    let missing = review.moves.iter().filter(|step| !step.made).map(|step| &step.step.help);
    let mut topics: Vec<&Topic> = Vec::new();
    for topic in helps.chain(missing).filter_map(|help| book.topic(help)) {
        if !topics.iter().any(|known| known.id == topic.id && known.command == topic.command) {
            topics.push(topic);
        }
    }
    Answer {
        heading: words::findings(&review).into(),
        notes: review.matter.map(words::careful).into_iter().chain(notes).collect(),
        text,
        entries: topics.into_iter().map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

/// A grave matter: who should answer, and the little that is fit to be said.
fn careful<'b>(book: &'b Phrasebook, matter: &'b Matter) -> Answer<'b> {
    let lines = matter.lines.iter().map(|line| Cow::Owned(words::quoted(line)));
    Answer {
        heading: Cow::Borrowed(&matter.title),
        text: std::iter::once(Cow::Borrowed(&*matter.who)).chain(lines).collect(),
        entries: matter.topics.iter().filter_map(|topic| book.topic(topic)).map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

/// The most findings that are told in one answer.
const TOLD: usize = 8;

fn rules(book: &Phrasebook) -> Answer<'_> {
    let rule = |rule: &'_ check::Rule| words::rule(rule).into();
    Answer {
        heading: words::rules().into(),
        text: book.check.rules.iter().map(rule).collect(),
        usage: words::check_usage(),
        found: true,
        ..Answer::default()
    }
}

fn sources<'b>(book: &'b Phrasebook, id: Option<&str>) -> Answer<'b> {
    if let Some(article) = id.and_then(|id| book.article(id)) {
        return source(book, article);
    }
    let entries = book.articles.iter().map(|article| Entry {
        label: Cow::Borrowed(&article.title),
        detail: Cow::Borrowed(&article.advice),
        ask: format!("sources {}", article.id),
    });
    Answer {
        heading: "Sources".into(),
        notes: id.map(words::no_such_source).into_iter().collect(),
        text: vec![words::sources().into()],
        entries: entries.collect(),
        found: id.is_none(),
        ..Answer::default()
    }
}

fn source<'b>(book: &'b Phrasebook, article: &'b Article) -> Answer<'b> {
    let drawn = |topic: &Topic| {
        topic.phrases.iter().filter(|phrase| book.article_of(phrase).is_some_and(|one| one.id == article.id)).count()
    };
    let count = book.topics().map(drawn).sum();
    Answer {
        heading: Cow::Borrowed(&article.title),
        text: vec![words::by(article).into(), Cow::Borrowed(&article.advice), words::phrases_drawn(count).into()],
        entries: book.topics().filter(|topic| drawn(topic) > 0).map(entry_with_command).collect(),
        found: true,
        ..Answer::default()
    }
}

fn entry(topic: &Topic) -> Entry<'_> {
    Entry { label: Cow::Borrowed(&topic.title), detail: Cow::Borrowed(&topic.when), ask: topic.dotted() }
}

fn entry_with_command(topic: &Topic) -> Entry<'_> {
    Entry {
        label: format!("/{} {}", topic.command, topic.id).into(),
        detail: Cow::Borrowed(&topic.title),
        ask: topic.dotted(),
    }
}

impl<'b> Answer<'b> {
    /// A polite word to someone who asks too much.
    #[must_use]
    pub fn too_many(wait: Duration) -> Self {
        Self { heading: words::too_many(wait).into(), ..Self::default() }
    }

    /// The phrase that chance picked, if it did: its topic and its place there.
    #[must_use]
    pub fn chance(&self) -> Option<(&'b Topic, usize)> {
        let line = self.lines.first().filter(|_| self.by_chance)?;
        Some((line.topic, line.place))
    }
}

impl Answer<'_> {
    /// The button for a form with a draft in it, where one is wanted.
    #[must_use]
    pub fn draft(&self) -> Option<&Move> {
        self.moves.iter().find(|one| one.kind == MoveKind::Draft)
    }

    /// The command of its topic, for counting; the umbrella's where it has none.
    #[must_use]
    pub fn command(&self) -> &str {
        self.topic.map_or(UMBRELLA, |topic| &topic.command)
    }
}
