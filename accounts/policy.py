"""Who may do what: the roles of a district and the permissions each of them carries, as one readable table.

Source: the district role matrix of the product plan. A grant ties a role to queues and schools (accounts.models.grant);
this page only says what a role may do inside that scope.
"""

from enum import StrEnum

from django.db.models import TextChoices


class Permission(StrEnum):
    """One right. Views name it, the scope of the grant says where it holds."""

    TICKETS_SEE_ALL = "see every ticket in scope"
    TICKETS_ON_BEHALF = "report for somebody else"
    REPLY_PUBLIC = "answer requesters"
    NOTE_READ = "read internal notes"
    NOTE_WRITE = "write internal notes"
    TICKETS_ASSIGN = "assign and transfer tickets"
    TICKETS_CHANGE = "change state and priority"
    TICKETS_SUPERVISE = "close tickets early and override priorities"
    KNOWLEDGE_WRITE = "draft articles"
    KNOWLEDGE_PUBLISH = "publish articles"
    REPORTS_SEE = "see team reports"
    PEOPLE_MANAGE = "invite people and grant roles"
    PLACES_MANAGE = "manage schools and rooms"
    DESK_CONFIGURE = "configure queues and forms"
    AUDIT_SEE = "read the audit log"


class Role(TextChoices):
    """The roles a grant can carry. Everybody who is active is a requester without any grant."""

    SCHOOL_CONTACT = "school_contact", "School contact"
    TECHNICIAN = "technician", "Technician"
    AGENCY = "agency", "Agency guest technician"
    LEAD = "lead", "Lead"
    ADMIN = "admin", "District admin"
    AUDITOR = "auditor", "Auditor"


_P = Permission
_DESK = frozenset({_P.TICKETS_SEE_ALL, _P.REPLY_PUBLIC, _P.NOTE_READ, _P.NOTE_WRITE})
_TECHNICIAN = _DESK | {_P.TICKETS_ON_BEHALF, _P.TICKETS_ASSIGN, _P.TICKETS_CHANGE, _P.KNOWLEDGE_WRITE}
_LEAD = _TECHNICIAN | {_P.TICKETS_SUPERVISE, _P.KNOWLEDGE_PUBLISH, _P.REPORTS_SEE}

ROLES: dict[str, frozenset[Permission]] = {
    Role.SCHOOL_CONTACT: _DESK | {_P.TICKETS_ON_BEHALF, _P.KNOWLEDGE_WRITE},
    Role.TECHNICIAN: _TECHNICIAN,
    Role.AGENCY: _TECHNICIAN,
    Role.LEAD: _LEAD,
    Role.ADMIN: _LEAD | {_P.PEOPLE_MANAGE, _P.PLACES_MANAGE, _P.DESK_CONFIGURE, _P.AUDIT_SEE},
    Role.AUDITOR: frozenset({_P.TICKETS_SEE_ALL, _P.NOTE_READ, _P.REPORTS_SEE, _P.AUDIT_SEE}),
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that carry a permission, for use in queries over grants."""
    return [role for role, permissions in ROLES.items() if permission in permissions]
