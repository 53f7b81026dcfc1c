"""Logging: one JSON line an event, the request id in each, nothing of a query string, a body or a secret."""

import json
import logging
import logging.config
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="")
access = logging.getLogger("helpdesk.access")


def request_id() -> str:
    """The id of the request or job at work, or an empty text."""
    return _request_id.get()


@contextmanager
def request(identifier: str) -> Iterator[None]:
    """Everything logged inside carries the identifier."""
    token = _request_id.set(identifier)
    try:
        yield
    finally:
        _request_id.reset(token)


class RequestId:
    """Middleware: gives each request an id, answers with it, and writes the access line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, http: HttpRequest) -> HttpResponse:
        with request(uuid.uuid4().hex):
            response = self.get_response(http)
            response.headers["X-Request-Id"] = request_id()
            access.info("request", extra={"method": http.method, "path": _route(http), "status": response.status_code})
            return response


def _route(http: HttpRequest) -> str:
    """The pattern that matched, not the path: paths carry tokens of invitations and files."""
    match = getattr(http, "resolver_match", None)
    return f"/{match.route}" if match else "(no route)"


class JsonLines(logging.Formatter):
    """One event, one line: control characters are escaped by JSON, so no input can forge a line."""

    FIELDS = ("method", "path", "status", "district", "count")

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id(),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(settings: dict[str, Any]) -> None:
    """Sends everything at or above `settings["level"]` to standard error as JSON lines."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": JsonLines}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": settings.get("level", "INFO")},
            # These name hosts and paths; our own access line says what is needed.
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.security": {"level": "CRITICAL"},  # refused requests have their access line
                "fontTools": {"level": "WARNING"},  # it tells of every table of every font
                "httpx": {"level": "WARNING"},  # it would write whole addresses, signatures included
            },
        }
    )
