"""Names of roles and schemas: roles are shared by a whole cluster and so carry the database, schemas are numbers."""

import re

DISTRICT = "default"  # alias of the connection that needs a district's scope
PLATFORM = "platform"  # alias of the connection that always works as the platform

PLATFORM_SCHEMA = "platform"
BLUEPRINT_SCHEMA = "tenant_blueprint"
EXTENSIONS_SCHEMA = "extensions"

# Roles are at most 63 characters, and no name may need escaping or hold a percent sign: they stand in every prelude.
DATABASE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,45}\Z")


class UnusableName(ValueError):
    """The database's name cannot carry the names of roles."""


def checked(database: str) -> str:
    """The name itself when it can be used; raises UnusableName otherwise."""
    if not DATABASE.match(database):
        raise UnusableName(f"A database may not be called {database!r}: letters, digits, _ and -, at most 46.")
    return database


def owner_role(database: str) -> str:
    return f"{checked(database)}_owner"


def platform_role(database: str) -> str:
    return f"{checked(database)}_platform"


def district_role(database: str, district_id: int) -> str:
    return f"{checked(database)}_d{district_id}"


def district_schema(district_id: int) -> str:
    return f"d_{district_id}"
