"""Bootstrap by an administrator who is no superuser does all it can, and says what is left."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from tenants.isolation import bootstrap, checks, migrate, provision, scope, shape
from tenants.isolation.backend.creation import point_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone_on_the_server")]
ADMIN = "chalkdesk_trial_admin"


@pytest.fixture
def small_admin(maple: object) -> Iterator[str]:
    """The address of an administrator with CREATEROLE and CREATEDB alone."""
    parts = urlsplit(settings.DATABASE_ADMIN_URL)
    with psycopg.connect(settings.DATABASE_ADMIN_URL, autocommit=True) as admin:
        admin.execute(f"DROP ROLE IF EXISTS {ADMIN}".encode())
        admin.execute(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD 'slate'".encode())
        # What belongs to the login role that all databases here share, and to nobody who was made today.
        admin.execute(f'GRANT "{bootstrap.Target.of_settings().login}" TO {ADMIN} WITH ADMIN TRUE'.encode())
        yield parts._replace(netloc=f"{ADMIN}:slate@{parts.hostname}:{parts.port}").geturl()
        admin.execute(f"REVOKE ALL ON DATABASE {parts.path.lstrip('/') or 'postgres'} FROM {ADMIN}".encode())
        admin.execute(f"DROP ROLE {ADMIN}".encode())


def test_a_small_administrator_makes_a_working_database_and_names_what_a_superuser_must_do(small_admin: str) -> None:
    usual = scope.database()
    name = f"{usual}_small"
    bootstrap.remove(settings.DATABASE_ADMIN_URL, name)
    left = bootstrap.bootstrap(small_admin, bootstrap.Target.of_settings(name))
    point_to(name)
    try:
        assert any("set_config" in statement for statement in left)
        assert {str(fault.id) for fault in checks.faults()} == {"tenants.E004", "tenants.E005"}
        with psycopg.connect(settings.DATABASE_ADMIN_URL, dbname=name, autocommit=True) as superuser:
            for statement in left:
                superuser.execute(statement.encode())
        assert list(checks.faults()) == []
        migrate.platform()
        migrate.blueprint()
        provision.provision(
            slug="birch", name="Birch", host="birch.localhost", short_prefix="BC", time_zone="America/Denver"
        )
        assert shape.compare() == []
    finally:
        point_to(usual)
        bootstrap.remove(small_admin, name)
