"""Addresses of the platform's own host."""

from django.urls.resolvers import URLPattern

app_name = "console"
urlpatterns: list[URLPattern] = []
