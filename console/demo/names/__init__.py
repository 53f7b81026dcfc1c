"""Names for the people of the demo districts; all made up, none of anybody in particular."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent
GIVEN = (FOLDER / "given.txt").read_text().split()
FAMILY = (FOLDER / "family.txt").read_text().split()


def draw(rng: Random, *, besides: set[str]) -> Iterator[tuple[str, str]]:
    """Names that differ from each other and from those in `besides` (“Rita Shah”), until all are used up."""
    taken = set(besides)
    while len(taken) - len(besides) < len(GIVEN) * len(FAMILY) // 2:
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        if f"{given} {family}" not in taken:
            taken.add(f"{given} {family}")
            yield given, family
