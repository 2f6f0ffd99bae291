//! What a person gets, whatever they use: a small document that every platform lowers to its own terms.

use std::{borrow::Cow, time::Duration};

use super::{
    ask::{Ask, At, Choice, Draft, Guess, Which, Wish},
    book::Phrasebook,
    careful::Matter,
    check,
    model::{Article, Command, Phrase, SIGNATURE, Slot, Step, Tone, Topic, UMBRELLA, fold},
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
    /// The lines as one message, ready to paste.
    pub letter: Option<String>,
    /// Every blank of the topic with what fills it, those of the line first: what a form asks for.
    pub fields: Vec<(&'b Slot, Option<String>)>,
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
    /// Another phrase of the same step in place of this one.
    Another,
    /// A phrase of the next step.
    Next,
    /// A form with one field a slot.
    Fill,
    /// A form with one field, of several lines.
    Draft,
    /// Only the words, for everyone.
    Share,
    /// The whole play.
    Play,
    /// The whole play as one message.
    Letter,
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
    let Chosen { lines, letter, values, mut notes } = choose(book, topic, choice, seed);
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
        moves: moves(topic, choice, &lines, &values),
        fields: fields(topic, &lines, &values),
        lines,
        letter,
        topic: Some(topic),
        audience,
        why: choice.why,
        found: true,
        by_chance: choice.which == Which::Any,
        ..Answer::default()
    }
}

/// The topic, and of a play the step and its place there.
fn heading<'b>(topic: &'b Topic, lines: &[Line<'_>]) -> Cow<'b, str> {
    match lines {
        [line] => match line.position() {
            Some((step, position, of)) => words::heading(&topic.title, step, position, of).into(),
            None => Cow::Borrowed(&topic.title),
        },
        _ => Cow::Borrowed(&topic.title),
    }
}

/// Lines that were chosen, and what there is to say about the choice.
#[derive(Debug, Default)]
pub struct Chosen<'b> {
    /// The lines, at least one.
    pub lines: Vec<Line<'b>>,
    /// The lines as one message, where that was asked for.
    pub letter: Option<String>,
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
    let letter = choice.which == Which::Letter && !topic.letter.is_empty();
    let filled: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
    // In a letter the name stands in the greeting alone.
    let in_line: Vec<Option<&str>> = filled
        .iter()
        .zip(0..)
        .map(|(value, slot)| value.filter(|_| !letter || Some(slot) != topic.name_slot()))
        .collect();
    let lines: Vec<Line<'b>> = places.into_iter().filter_map(|place| line(book, topic, place, &in_line)).collect();
    let letter = letter.then(|| {
        let said: Vec<&str> = lines.iter().map(|line| line.words.as_str()).collect();
        words::letter(&said, name(topic, &filled), signature(topic, &filled))
    });
    let is_used = |slot: &Slot| lines.iter().any(|line| line.slots.iter().any(|(used, _)| used.name == slot.name));
    let given = topic.slots.iter().zip(&values).filter(|(_, value)| value.is_some());
    let unused: Vec<&str> = given.filter(|(slot, _)| !is_used(slot)).map(|(slot, _)| &*slot.name).collect();
    // In a play, what is not needed here may be in a later step, and goes along; a form asks for every blank there is.
    if !unused.is_empty() && !topic.is_play() && !matches!(choice.which, Which::Place(_)) {
        notes.push(words::unused(&unused));
    }
    notes.extend(choice.unused.iter().map(|typed| words::not_used(typed)));
    Chosen { lines, letter, values, notes }
}

/// The value of the slot that takes names.
fn name<'v>(topic: &Topic, values: &[Option<&'v str>]) -> Option<&'v str> {
    values.get(topic.name_slot()?).copied().flatten()
}

/// The value of the slot that signs.
fn signature<'v>(topic: &Topic, values: &[Option<&'v str>]) -> Option<&'v str> {
    values.get(topic.slot(SIGNATURE)?).copied().flatten()
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
        let filled = |value: &Value| !value.words.is_empty();
        let named = |slot: &Slot| choice.values.iter().any(|(name, value)| *name == *slot.name && filled(value));
        // A book that marks no slot for names gives them the first that is free.
        let free = || topic.slots.iter().position(|slot| !named(slot));
        let number = match topic.name_slot() {
            Some(number) => Some(number).filter(|number| topic.slots.get(*number).is_some_and(|slot| !named(slot))),
            None => free(),
        };
        match number {
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
    let which = match choice.which {
        Which::Letter if topic.letter.is_empty() => {
            notes.push(words::no_letter());
            Which::Steps
        }
        Which::Letter => {
            let narrower = narrower(choice);
            notes.extend((!narrower.is_empty()).then(|| words::not_in_a_letter(&narrower)));
            let own = || topic.letter.iter().map(|place| *place as usize).collect();
            return choice.letter.clone().unwrap_or_else(own);
        }
        which => which,
    };
    let pool = pool(topic, choice, which, notes);
    let nth = |number: usize| pool.get(number).copied();
    match which {
        Which::Place(place) => vec![place],
        Which::Number(number) => {
            let nearest = number.min(pool.len()).max(1);
            if number != nearest {
                notes.push(words::only_so_many(number, pool.len(), nearest));
            }
            nth(nearest - 1).into_iter().collect()
        }
        Which::All => pool,
        Which::Steps | Which::Letter => {
            if !topic.is_play() {
                notes.push(words::no_play());
            }
            pool
        }
        Which::Any => {
            // A phrase with a place for what was given is the one that was meant.
            let fits = |place: &&usize| {
                let phrase = topic.phrases.get(**place);
                values
                    .iter()
                    .zip(0..)
                    .all(|(value, number)| value.is_none() || phrase.is_some_and(|phrase| phrase.say.has_slot(number)))
            };
            let any =
                |count: usize| usize::try_from(seed % u64::try_from(count).unwrap_or(1).max(1)).unwrap_or_default();
            let picked = match pool.iter().filter(fits).count() {
                0 => nth(any(pool.len())),
                count => pool.iter().filter(fits).nth(any(count)).copied(),
            };
            picked.into_iter().collect()
        }
    }
}

/// The words that choose among the phrases of a topic.
fn narrower(choice: &Choice) -> Vec<&'static str> {
    let step = match choice.step {
        At::Step(step) => Some(step.label()),
        At::Start | At::Any => None,
    };
    step.into_iter().chain(choice.tone.map(Tone::word)).chain(choice.short.then_some("short")).collect()
}

/// The places from which is chosen: of the step that was asked for, or of a play the first; of the tone and the length
/// that were asked for, where there are any. At least one.
fn pool(topic: &Topic, choice: &Choice, which: Which, notes: &mut Vec<String>) -> Vec<usize> {
    let step = match (choice.step, which) {
        (At::Step(step), _) => Some(step),
        (At::Start, Which::Any) => topic.first_step(),
        _ => None,
    };
    let all: Vec<usize> = (0..topic.phrases.len()).collect();
    let of_step = narrowed(topic, &all, |phrase| step.is_none_or(|step| phrase.step == Some(step)));
    let stepped = of_step.unwrap_or_else(|| {
        let named = step.filter(|_| matches!(choice.step, At::Step(_)));
        notes.extend(named.map(|step| words::no_such_step(step, topic)));
        narrowed(topic, &all, |phrase| phrase.step == topic.first_step()).unwrap_or(all)
    });
    let toned = match choice.tone {
        Some(tone) => narrowed(topic, &stepped, |phrase| phrase.tone == Some(tone)).unwrap_or_else(|| {
            notes.push(words::no_such_tone());
            stepped
        }),
        None => stepped,
    };
    if !choice.short {
        return toned;
    }
    narrowed(topic, &toned, Phrase::is_short).unwrap_or_else(|| {
        notes.push(words::none_short());
        toned
    })
}

/// Those of the places whose phrases are so, where there are any.
fn narrowed(topic: &Topic, places: &[usize], is_so: impl Fn(&Phrase) -> bool) -> Option<Vec<usize>> {
    let phrase = |place: &usize| topic.phrases.get(*place).is_some_and(&is_so);
    let places: Vec<usize> = places.iter().copied().filter(phrase).collect();
    Some(places).filter(|places| !places.is_empty())
}

/// The buttons under one line. They carry every value that was given, for a later phrase may have a place for it; what
/// is shared is this phrase, with its own.
fn moves(topic: &Topic, choice: &Choice, lines: &[Line<'_>], values: &[Option<String>]) -> Vec<Move> {
    let values: Vec<(&str, &str)> =
        topic.slots.iter().zip(values).filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let one = |kind, label, ask| Move { kind, label, ask };
    if choice.which == Which::Letter && !topic.letter.is_empty() {
        return vec![
            one(MoveKind::Fill, words::FILL, Choice::ask(topic, None, "letter", &values)),
            one(MoveKind::Play, words::PLAY, Choice::ask(topic, None, "steps", &values)),
        ];
    }
    let [line] = lines else { return Vec::new() };
    let own: Vec<(&str, &str)> =
        line.slots.iter().filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let id = Some(&*line.phrase.id);
    let mut moves = Vec::with_capacity(6);
    if let Some((another, mark)) = another(topic, choice, line) {
        moves.push(one(MoveKind::Another, words::ANOTHER, Choice::ask(topic, Some(&another.id), &mark, &values)));
    }
    if let Some(next) = line.phrase.step.and_then(|step| topic.next_step(step)) {
        moves.push(one(MoveKind::Next, words::next(next), Choice::ask(topic, None, next.word(), &values)));
    }
    if !topic.slots.is_empty() {
        moves.push(one(MoveKind::Fill, words::FILL, Choice::ask(topic, id, "", &values)));
    }
    moves.push(one(MoveKind::Share, words::SHARE, Choice::ask(topic, id, "share", &own)));
    if topic.is_play() {
        moves.push(one(MoveKind::Play, words::PLAY, Choice::ask(topic, None, "steps", &values)));
    }
    if !topic.letter.is_empty() {
        moves.push(one(MoveKind::Letter, words::LETTER, Choice::ask(topic, None, "letter", &values)));
    }
    moves
}

/// The phrase that comes in the place of this one, and the marks that go on: the next of the same step, tone and
/// length, and after the last the first, so that all are shown before one comes again.
fn another<'b>(topic: &'b Topic, choice: &Choice, line: &Line<'_>) -> Option<(&'b Phrase, String)> {
    let step = line.phrase.step.map_or(At::Any, At::Step);
    let same = Choice { step, tone: choice.tone, short: choice.short, ..Choice::default() };
    let pool = pool(topic, &same, Which::Any, &mut Vec::new());
    let after = pool.iter().find(|place| **place > line.place).or(pool.first())?;
    let marks = choice.tone.map(Tone::word).into_iter().chain(choice.short.then_some("short"));
    let phrase = topic.phrases.get(*after).filter(|_| *after != line.place)?;
    Some((phrase, marks.collect::<Vec<_>>().join(" ")))
}

/// Every blank of the topic with what fills it, those of the line first.
fn fields<'b>(topic: &'b Topic, lines: &[Line<'_>], values: &[Option<String>]) -> Vec<(&'b Slot, Option<String>)> {
    let mut fields: Vec<(&Slot, Option<String>)> =
        topic.slots.iter().zip(values).map(|(slot, value)| (&**slot, value.clone())).collect();
    let is_own = |slot: &Slot| lines.iter().any(|line| line.slots.iter().any(|(own, _)| own.name == slot.name));
    fields.sort_by_key(|(slot, _)| !is_own(slot));
    fields
}

impl<'b> Line<'b> {
    /// Where it stands in a play: its step, the number of that, and how many there are.
    #[must_use]
    pub fn position(&self) -> Option<(Step, usize, usize)> {
        let step = self.phrase.step?;
        let steps = || self.topic.steps();
        Some((step, steps().position(|one| one == step)? + 1, steps().count()))
    }

    /// The step that comes after it.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        self.topic.next_step(self.phrase.step?)
    }

    /// The ask of the umbrella command that means this very line again, filled as it is.
    #[must_use]
    pub fn again(&self) -> String {
        let values: Vec<(&str, &str)> =
            self.slots.iter().filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
        Choice::ask(self.topic, Some(&self.phrase.id), "", &values)
    }

    /// What stands before it among several: its number, its step, and what has to be known first.
    #[must_use]
    pub fn label(&self, number: usize) -> String {
        let mut label = format!("{number}.");
        label.extend(self.phrase.step.into_iter().flat_map(|step| [" ", step.label()]));
        for condition in self.conditions() {
            label.extend([" (", condition.trim_end_matches('.'), ")"]);
        }
        label
    }

    /// What has to be known before it is said: a sentence each.
    pub fn conditions(&self) -> impl Iterator<Item = String> + use<'b> {
        words::conditions(self.phrase)
    }
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
    for hit in book.find(command, query).hits {
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
    let review = book.review(&draft.text, &choice);
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

    /// What is asked with what a form for the blanks is filled with; none where there is nothing to fill.
    #[must_use]
    pub fn form_ask(&self, mark: &str, values: &[(&str, &str)]) -> Option<String> {
        let topic = self.topic.filter(|_| !self.fields.is_empty())?;
        if self.letter.is_some() {
            return Some(Choice::ask(topic, None, "letter", values));
        }
        let [line] = &*self.lines else { return None };
        Some(Choice::ask(topic, Some(&line.phrase.id), mark, values))
    }

    /// What has to be known before the lines are said, each once.
    #[must_use]
    pub fn conditions(&self) -> Vec<String> {
        let mut conditions: Vec<String> = Vec::new();
        // Of several lines each says its own.
        let own = self.lines.iter().filter(|_| self.letter.is_some() || self.lines.len() == 1);
        for condition in own.flat_map(Line::conditions) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        conditions
    }

    /// What there is to say: one line, or the letter.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        match (&self.letter, &*self.lines) {
            (Some(letter), _) => Some(letter),
            (None, [line]) => Some(&line.words),
            _ => None,
        }
    }

    /// The command of its topic, for counting; the umbrella's where it has none.
    #[must_use]
    pub fn command(&self) -> &str {
        self.topic.map_or(UMBRELLA, |topic| &topic.command)
    }
}
