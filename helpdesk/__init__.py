"""Settings and tools; imports none of our apps."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
