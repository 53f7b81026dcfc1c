"""Addresses of a district's host."""

from django.urls import include, path

from helpdesk import theme

urlpatterns = [
    path("theme/", theme.choose, name="theme"),
    path("", include("accounts.urls")),
    path("", include("tickets.urls")),
]

handler400 = "helpdesk.failures.bad_request"
handler403 = "helpdesk.failures.forbidden"
handler404 = "helpdesk.failures.not_found"
handler500 = "helpdesk.failures.server_error"
