"""The index of jobs that Celery reads."""

from tickets.attachments.sweep import clear_orphans, clear_unsent, orphans, unsent
from tickets.desk import deadlines
from tickets.spine.tasks import attend, attend_open, sweep

__all__ = ["attend", "attend_open", "clear_orphans", "clear_unsent", "deadlines", "orphans", "sweep", "unsent"]
