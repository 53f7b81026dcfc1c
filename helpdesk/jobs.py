"""Celery tasks that carry their district and request in headers and refuse to run without a district."""
