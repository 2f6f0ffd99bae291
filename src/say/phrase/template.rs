//! A phrase as it is kept: fixed words, slots, clauses.

/// A phrase's words, read into pieces. The slots are numbers into the list that the parser was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Every fixed word and every fallback, end to end; the parts point into it.
    pub(super) text: Box<str>,
    pub(super) parts: Box<[Part]>,
}

/// A piece, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Text(Span),
    Slot {
        slot: u16,
        fallback: Option<Span>,
    },
    /// The next so many parts stand or fall together.
    Clause(u16),
}

/// A stretch of a template's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u16,
    pub(super) end: u16,
}

/// A stretch of a phrase before it is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Fixed words.
    Text(&'t str),
    /// A slot by number, and the words to fall back on.
    Slot(u16, Option<&'t str>),
    /// What stands or falls with its slots.
    Clause(Vec<Piece<'t>>),
}

impl Template {
    /// The phrase before it is filled, for a page that fills it while someone types.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut parts = self.parts.iter();
        while let Some(part) = parts.next() {
            pieces.push(match *part {
                Part::Clause(count) => Piece::Clause(
                    parts.by_ref().take(usize::from(count)).filter_map(|part| self.piece(*part)).collect(),
                ),
                part => match self.piece(part) {
                    Some(piece) => piece,
                    None => continue,
                },
            });
        }
        pieces
    }

    fn piece(&self, part: Part) -> Option<Piece<'_>> {
        match part {
            Part::Text(span) => Some(Piece::Text(self.words(span))),
            Part::Slot { slot, fallback } => Some(Piece::Slot(slot, fallback.map(|span| self.words(span)))),
            Part::Clause(_) => None,
        }
    }

    /// The numbers of its slots in the order of the text, each once.
    #[must_use]
    pub fn slots(&self) -> Vec<u16> {
        let mut slots = Vec::new();
        for part in &self.parts {
            if let Part::Slot { slot, .. } = part
                && !slots.contains(slot)
            {
                slots.push(*slot);
            }
        }
        slots
    }

    /// Whether it has this slot.
    #[must_use]
    pub fn has_slot(&self, number: u16) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Slot { slot, .. } if *slot == number))
    }

    /// The slots without which the phrase shows a blank: outside every clause and with nothing to fall back on.
    #[must_use]
    pub fn required(&self) -> Vec<u16> {
        let mut required = Vec::new();
        let mut inside = 0;
        for part in &self.parts {
            if let Part::Clause(count) = part {
                inside = usize::from(*count);
                continue;
            }
            if let Part::Slot { slot, fallback: None } = part
                && inside == 0
                && !required.contains(slot)
            {
                required.push(*slot);
            }
            inside = inside.saturating_sub(1);
        }
        required
    }

    /// Gives its slots other numbers: `numbers` has the new one at the place of each old one.
    pub(in crate::say) fn renumber(&mut self, numbers: &[u16]) {
        for part in &mut self.parts {
            if let Part::Slot { slot, .. } = part
                && let Some(number) = numbers.get(usize::from(*slot))
            {
                *slot = *number;
            }
        }
    }

    /// The words to fall back on, of every slot that has some.
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot { fallback: Some(span), .. } => Some(self.words(*span)),
            _ => None,
        })
    }

    /// All its fixed words and fallbacks, for the search index.
    #[must_use]
    pub fn fixed_words(&self) -> &str {
        &self.text
    }

    pub(super) fn words(&self, span: Span) -> &str {
        self.text.get(usize::from(span.start)..usize::from(span.end)).unwrap_or_default()
    }
}
