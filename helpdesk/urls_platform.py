"""Addresses of the platform's own host; the operators' console joins here."""

from django.conf import settings
from django.urls import include, path

from helpdesk import health, theme

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("theme/", theme.choose, name="theme"),
    path("", include("console.urls")),
]
if settings.SHOW_COMPONENTS:
    from helpdesk import components

    urlpatterns.append(path("components/", components.page, name="components"))

handler400 = "helpdesk.failures.bad_request"
handler403 = "helpdesk.failures.forbidden"
handler404 = "helpdesk.failures.not_found"
handler500 = "helpdesk.failures.server_error"
