"""allauth's views, as this house opens them: each marked with who may call it, each answering with honest status."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
RETRY_AFTER = "300"  # seconds; the window of the limits on sign-in


def door(mark: Callable[[View], View], view: View) -> View:
    """The view behind an access mark; its refusals are 422 or 429, and what it changed is read by a fresh GET."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.status_code = _honest(response)
            if response.status_code == 429:
                response.headers["Retry-After"] = RETRY_AFTER
        return response

    return mark(opened)


def _honest(response: HttpResponse) -> int:
    if response.status_code == 302:
        return 303
    form = (getattr(response, "context_data", None) or {}).get("form")
    if not isinstance(form, forms.BaseForm) or not form.errors:
        return response.status_code
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 429 if codes & {"too_many_login_attempts", "rate_limited"} else 422
