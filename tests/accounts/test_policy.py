"""The policy says what the district role matrix says, capability by capability."""

import pytest

from accounts.policy import ROLES, Permission, Role, roles_with

P = Permission

# One row a capability, one column a role: contact, technician, agency, lead, admin, auditor.
COLUMNS = (Role.SCHOOL_CONTACT, Role.TECHNICIAN, Role.AGENCY, Role.LEAD, Role.ADMIN, Role.AUDITOR)
MATRIX = {
    P.TICKETS_ON_BEHALF: "yes yes yes yes yes no",
    P.TICKETS_SEE_ALL: "yes yes yes yes yes yes",
    P.REPLY_PUBLIC: "yes yes yes yes yes no",
    P.NOTE_READ: "yes yes yes yes yes yes",
    P.NOTE_WRITE: "yes yes yes yes yes no",
    P.TICKETS_ASSIGN: "no yes yes yes yes no",
    P.TICKETS_CHANGE: "no yes yes yes yes no",
    P.TICKETS_SUPERVISE: "no no no yes yes no",
    P.KNOWLEDGE_WRITE: "yes yes yes yes yes no",
    P.KNOWLEDGE_PUBLISH: "no no no yes yes no",
    P.REPORTS_SEE: "no no no yes yes yes",
    P.PEOPLE_MANAGE: "no no no no yes no",
    P.PLACES_MANAGE: "no no no no yes no",
    P.DESK_CONFIGURE: "no no no no yes no",
    P.AUDIT_SEE: "no no no no yes yes",
}


def test_the_matrix_speaks_of_every_permission_and_every_role() -> None:
    assert set(MATRIX) == set(Permission)
    assert set(COLUMNS) == set(Role) == set(ROLES)


@pytest.mark.parametrize("permission", Permission)
def test_a_role_carries_what_the_matrix_gives_it_and_no_more(permission: Permission) -> None:
    wanted = dict(zip(COLUMNS, MATRIX[permission].split(), strict=True))
    assert {role: "yes" if permission in ROLES[role] else "no" for role in COLUMNS} == wanted


@pytest.mark.parametrize("permission", Permission)
def test_roles_with_a_permission_are_those_that_carry_it(permission: Permission) -> None:
    assert set(roles_with(permission)) == {role for role in Role if permission in ROLES[role]}


def test_an_auditor_can_change_nothing() -> None:
    assert ROLES[Role.AUDITOR] == {P.TICKETS_SEE_ALL, P.NOTE_READ, P.REPORTS_SEE, P.AUDIT_SEE}
