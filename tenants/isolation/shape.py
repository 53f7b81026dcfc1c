"""Compares the schema of every district with the blueprint: columns, constraints, indexes, sequences and rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched

from django.db import connections

from tenants.isolation import names, scope
from tenants.models import District

BATCH = 50

# One line for each thing in a schema, with the schema's own name taken out, so that equal schemas have equal lines.
LINES = """
WITH wanted AS (SELECT oid, nspname, quote_ident(nspname) || '.' AS prefix
                  FROM pg_namespace WHERE nspname = ANY(%(schemas)s)),
     things AS (SELECT c.*, w.nspname, w.prefix FROM pg_class c JOIN wanted w ON w.oid = c.relnamespace
                WHERE c.relname NOT LIKE 'django\\_migrations%%')
SELECT nspname, 'kind ' || relkind::text || ' ' || relname || ' of ' || CASE WHEN relowner = to_regrole(%(owner)s)
       THEN 'the owner' ELSE relowner::regrole::text END
  FROM things WHERE relkind <> 'i'
UNION ALL
SELECT nspname, 'column ' || relname || '.' || attname || ' ' || replace(format_type(atttypid, atttypmod), prefix, '')
       || CASE WHEN attnotnull THEN ' not null' ELSE '' END || ' ' || attidentity::text || attgenerated::text
       || coalesce(' default ' || replace(pg_get_expr(adbin, adrelid), prefix, ''), '')
       || coalesce(' collate ' || nullif(attcollation, 100)::regcollation::text, '')
  FROM things JOIN pg_attribute a ON attrelid = things.oid
       LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
 WHERE relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT nspname, 'constraint ' || relname || '.' || conname || ' ' || replace(pg_get_constraintdef(k.oid), prefix, '')
       || CASE WHEN convalidated THEN '' ELSE ' not validated' END
  FROM things JOIN pg_constraint k ON conrelid = things.oid
UNION ALL
SELECT nspname, 'index ' || replace(pg_get_indexdef(indexrelid), prefix, '')
       || CASE WHEN indisvalid THEN '' ELSE ' not valid' END
  FROM things JOIN pg_index ON indrelid = things.oid
UNION ALL
SELECT nspname, 'trigger ' || relname || '.' || tgname
  FROM things JOIN pg_trigger ON tgrelid = things.oid WHERE NOT tgisinternal
UNION ALL
SELECT nspname, 'function ' || replace(p.oid::regprocedure::text, prefix, '')
  FROM pg_proc p JOIN wanted w ON w.oid = pronamespace
UNION ALL
SELECT nspname, 'rights ' || relname || ' '
       || CASE WHEN relkind = 'S' AND rights = 'USAGE' OR relkind <> 'S' AND rights = 'DELETE, INSERT, SELECT, UPDATE'
               THEN 'as usual' ELSE coalesce(rights, 'none') END
  FROM (SELECT nspname, relname, relkind,
               (SELECT string_agg(privilege_type || CASE WHEN grantee = to_regrole(its_role) THEN ''
                                                         ELSE ' to a stranger' END, ', ' ORDER BY privilege_type)
                  FROM aclexplode(relacl) WHERE grantee <> relowner) AS rights
          FROM things, quote_ident(%(database)s || '_d' || substr(nspname, 3)) AS its_role
         WHERE relkind IN ('r', 'p', 'v', 'm', 'S')) AS granted
 WHERE nspname <> %(blueprint)s
"""


@dataclass(frozen=True)
class Drift:
    """What one district has otherwise than the blueprint."""

    slug: str
    lacks: tuple[str, ...]
    has: tuple[str, ...]


def compare() -> list[Drift]:
    """The districts whose schema differs from the blueprint; none, if all is well."""
    wanted = describe([names.BLUEPRINT_SCHEMA])[names.BLUEPRINT_SCHEMA]
    wanted = wanted | {f"rights {line.split()[2]} as usual" for line in wanted if line.startswith("kind")}
    found: list[Drift] = []
    finished = District.objects.exclude(state=District.State.PROVISIONING).order_by("id")
    for batch in batched(finished, BATCH):
        shapes = describe(names.district_schema(district.pk) for district in batch)
        found += [drift for district in batch if (drift := _drift(district, wanted, shapes))]
    return found


def describe(schemas: Iterable[str]) -> dict[str, set[str]]:
    """The lines of each schema; a schema that is not there has none."""
    shapes: dict[str, set[str]] = {schema: set() for schema in schemas}
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), connections[names.DISTRICT].cursor() as cursor:
        database = scope.database()
        cursor.execute(
            LINES,
            {
                "schemas": list(shapes),
                "database": database,
                "owner": f'"{names.owner_role(database)}"',
                "blueprint": names.BLUEPRINT_SCHEMA,
            },
        )
        for schema, line in cursor.fetchall():
            shapes[schema].add(line)
    return shapes


def _drift(district: District, wanted: set[str], shapes: dict[str, set[str]]) -> Drift | None:
    shape = shapes[names.district_schema(district.pk)]
    if shape == wanted:
        return None
    return Drift(district.slug, tuple(sorted(wanted - shape)), tuple(sorted(shape - wanted)))
