"""The blueprint: the schema that Django migrates, and the text from which a district's schema is made."""

from dataclasses import dataclass

from tenants.models import RecordedMigration


@dataclass(frozen=True)
class Blueprint:
    """Everything that was recorded, in order: run in an empty schema it makes one like the blueprint's.

    What moves data has no SQL and so no effect here: a new district has no rows to move.
    """

    migrations: tuple[int, ...]
    sql: str


def latest() -> Blueprint:
    """The blueprint as it stands."""
    rows = list(RecordedMigration.objects.order_by("id").values_list("id", "sql"))
    return Blueprint(migrations=tuple(pk for pk, _ in rows), sql="".join(sql for _, sql in rows))
