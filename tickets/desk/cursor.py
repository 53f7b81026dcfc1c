"""Keyset paging: a signed place in an ordered list, so that deep pages cost what the first one costs."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Combinable

SALT = "tickets.desk.cursor"
Place = tuple[int | str | datetime, ...]


class Beyond(Func):
    """A condition: the row lies after (or with `back`, before) a place, compared whole as PostgreSQL compares rows.

    Written as one comparison of rows, which an index over the same columns answers directly; the usual chain of
    `a > x or a = x and b > y` reads everything from the start of the list.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: tuple[str | Combinable, ...], place: Place, *, back: bool = False) -> None:
        expressions = [F(column) if isinstance(column, str) else column for column in columns]
        super().__init__(*expressions, *place)
        self.width, self.sign = len(columns), "<" if back else ">"

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **options: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(each) for each in self.get_source_expressions()]
        names = [sql for sql, _ in parts]
        left, right = ", ".join(names[: self.width]), ", ".join(names[self.width :])
        return f"({left}) {self.sign} ({right})", tuple(value for _, values in parts for value in values)


def write(place: Place) -> str:
    """A place as a word for an address; times keep their microseconds."""
    return signing.dumps([_plain(part) for part in place], salt=SALT, compress=True)


def read(word: str, *, width: int) -> Place | None:
    """The place a word stands for; None for no word, a forged one, or one of another list."""
    if not word:
        return None
    try:
        parts = signing.loads(word, salt=SALT)
    except signing.BadSignature:
        return None
    return tuple(map(_rich, parts)) if len(parts) == width else None


def _plain(part: int | str | datetime) -> int | str | list[str]:
    return [part.isoformat()] if isinstance(part, datetime) else part


def _rich(part: int | str | list[str]) -> int | str | datetime:
    return datetime.fromisoformat(part[0]) if isinstance(part, list) else part
