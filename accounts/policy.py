"""Who may do what: the roles of a district and the permissions each of them carries, as one readable table.

Source: the district role matrix of the product plan. A grant ties a role to queues and schools (accounts.models.grant);
this page only says what a role may do inside that scope.
"""

from django.db.models import TextChoices


class Permission(TextChoices):
    """One right. Views name it, the scope of the grant says where it holds."""

    TICKETS_SEE_ALL = "tickets.see_all", "See every ticket in scope"
    TICKETS_ON_BEHALF = "tickets.on_behalf", "Report for somebody else"
    REPLY_PUBLIC = "replies.public", "Answer requesters"
    NOTE_READ = "notes.read", "Read internal notes"
    NOTE_WRITE = "notes.write", "Write internal notes"
    TICKETS_ASSIGN = "tickets.assign", "Assign and transfer tickets"
    TICKETS_CHANGE = "tickets.change", "Change state and priority"
    TICKETS_SUPERVISE = "tickets.supervise", "Close tickets before their time"
    KNOWLEDGE_WRITE = "knowledge.write", "Draft articles"
    KNOWLEDGE_PUBLISH = "knowledge.publish", "Publish articles"
    REPORTS_SEE = "reports.see", "See team reports"
    PEOPLE_MANAGE = "people.manage", "Invite people and grant roles"
    PLACES_MANAGE = "places.manage", "Manage schools and rooms"
    DESK_CONFIGURE = "desk.configure", "Configure queues and forms"
    AUDIT_SEE = "audit.see", "Read the audit log"


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
