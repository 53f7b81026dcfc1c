"""The articles of a demo district, read from the files in articles/."""

from datetime import timedelta
from pathlib import Path
from random import Random

from console.demo.calendar import DAY, SchoolClock
from console.demo.world import World
from tickets.models import Article

FOLDER = Path(__file__).parent / "articles"


def build(world: World, clock: SchoolClock, rng: Random) -> list[Article]:
    owners = [member.user for member in world.desk if member.plan.home]
    return [
        _article(path, place, world, clock, rng, owner=owners[place % len(owners)])
        for place, path in enumerate(sorted(FOLDER.glob("*.md")), start=1)
        if path.stem not in world.plan.without_articles
    ]


def _article(path: Path, place: int, world: World, clock: SchoolClock, rng: Random, **fields: object) -> Article:
    """Three lines of facts, an empty line, then the text."""
    head, _, body = path.read_text().partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    created = clock.at(rng.randrange(20 * DAY, 200 * DAY))
    return Article(
        id=place,
        slug=path.stem,
        title=facts["title"],
        summary=facts["summary"],
        audience=facts["audience"],
        body=body.replace("{wifi}", world.plan.word),
        is_published=True,
        created_at=created,
        updated_at=min(created + timedelta(days=rng.randrange(200)), clock.at(clock.now)),
        **fields,
    )
