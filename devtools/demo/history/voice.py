"""What is written in one case: in one language, of one thing and its trouble."""

from __future__ import annotations

from random import Random

from devtools.demo.history.town import pick
from devtools.demo.history.words.english import ENGLISH
from devtools.demo.history.words.finnish import FINNISH
from devtools.demo.history.words.language import Lines, Phrases, fill
from devtools.demo.history.words.swedish import SWEDISH
from heka_portal.domain.cases.rules import MAX_SUBJECT

#: of those who read English the rest write Finnish as well as they can
WRITE_ENGLISH = 0.4
#: so many product numbers: one is named in some twenty of a million cases
MODELS = 2500
NAMES_MODEL = 0.05
MAKERS = ("KX", "ELW", "UPO", "RT", "GB", "OR", "VX", "HN")


def language_of(dice: Random, language: str) -> Phrases:
    """The language that somebody who reads this one writes in."""
    if language == "sv":
        return SWEDISH
    return ENGLISH if language == "en" and dice.random() < WRITE_ENGLISH else FINNISH


def model_of(number: int) -> str:
    """A product number."""
    return f"{MAKERS[number % len(MAKERS)]}{1000 + number * 37 % 9000}"


class Voice:
    """Fills the phrases of a language."""

    def __init__(self, dice: Random, phrases: Phrases, place: str, fault: str) -> None:
        self.dice, self.phrases = dice, phrases
        self.slots = {
            **phrases.places[place],
            **pick(dice, phrases.things[fault]),
            "trouble": pick(dice, phrases.troubles[fault]),
            "when": pick(dice, phrases.whens),
        }

    def of(self, lines: Lines) -> str:
        """One of these lines."""
        return fill(pick(self.dice, lines), self.slots)

    def title(self) -> str:
        """The case's subject."""
        return self.of(self.phrases.titles)[:MAX_SUBJECT]

    def description(self) -> str:
        """Two to four sentences, and now and then a product number."""
        dice, phrases = self.dice, self.phrases
        said = [self.of(phrases.openings)]
        said += [fill(line, self.slots) for line in dice.sample(phrases.details, 1 + int(dice.random() * 3))]
        if dice.random() < NAMES_MODEL:
            said.append(fill(pick(dice, phrases.models), {"model": model_of(int(dice.random() * MODELS))}))
        return " ".join(said)
