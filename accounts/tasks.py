"""The index of jobs that Celery reads on this floor."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from helpdesk import jobs
from tenants.isolation import each


@shared_task(base=jobs.PlatformTask, name="accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Removes the sessions that ran out, in every district."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    each.for_each_district(lambda _: store.clear_expired())
