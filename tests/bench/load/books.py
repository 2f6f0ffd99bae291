"""Phrasebooks of any size: ten phrases a topic, each of some 150 bytes, with two slots."""

import random

from servers import TARGET

DEPTH, BREADTH = 10, 500
HEAD = """title = "{name}"
about = "What was made."
[slot.customer]
ask = "Who?"
example = "Pat"
[slot.item]
ask = "What?"
example = "invoice"
"""
TOPIC = """[topic.{id}]
title = "{id}"
when = "It is measured."
tip = "Look twice."
avoid = "Guessing."
"""
PHRASE = """[[topic.{id}.phrase]]
id = "p{number}"
say = "Thank you[, {{{{customer}}}}], {said} {{{{item|it}}}}."
why = "It is said."
source = "made"
"""


def made(phrases):
    """A folder with such a book, the same each time; a command and a topic in the middle of it."""
    folder, rest = TARGET / f"book-{phrases}", random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)
    words = ["".join(rest.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(4000)]
    (folder / "sources.toml").write_text(
        '[made]\ntitle = "Made"\nauthor = "Nobody"\nschool = "none"\nadvice = "Measure it."\n'
    )
    topics = [f"{rest.choice(words)}-{number}" for number in range(phrases // DEPTH)]
    for first in range(0, len(topics), BREADTH):
        text = [HEAD.format(name=f"made{first // BREADTH}")]
        for topic in topics[first : first + BREADTH]:
            text.append(TOPIC.format(id=topic))
            for number in range(DEPTH):
                said = " ".join(rest.choices(words, k=16))
                text.append(PHRASE.format(id=topic, number=number, said=said))
        (folder / f"made{first // BREADTH}.toml").write_text("".join(text))
    middle = len(topics) // 2
    return folder, f"made{middle // BREADTH}", topics[middle]
