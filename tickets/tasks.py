"""The index of jobs that Celery reads."""

from tickets.spine.tasks import attend, attend_open, sweep

__all__ = ["attend", "attend_open", "sweep"]
