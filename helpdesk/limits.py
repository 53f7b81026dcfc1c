"""Limits on how often one person may send a form: far above what hands can do, far below what a script would."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]


def limited(name: str, *, most: int, seconds: int) -> Callable[[View], View]:
    """At most that many POSTs a person in that time; beyond it 429 with Retry-After, before the form is read.

    The count begins with a person's first POST and ends after `seconds`. While the cache is away nothing is counted.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and request.user.is_authenticated and _is_over(request, name, most, seconds):
                response = render(request, "429.html", status=429)
                response.headers["Retry-After"] = str(seconds)
                return response
            return view(request, *args, **kwargs)

        return counted

    return decorate


def _is_over(request: HttpRequest, name: str, most: int, seconds: int) -> bool:
    key = f"limit:{name}:{request.user.pk}"
    cache.add(key, 0, seconds)
    return cache.incr(key) > most
