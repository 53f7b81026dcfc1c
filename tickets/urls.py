"""Addresses of the desk and of the front room, gathered from the folders of each job."""

from django.urls import include, path

app_name = "tickets"
urlpatterns = [
    path("", include("tickets.intake.urls")),
    path("", include("tickets.desk.urls")),
    path("", include("tickets.attachments.urls")),
    path("", include("tickets.notify.urls")),
    path("", include("tickets.knowledge.urls")),
    path("", include("tickets.people.urls")),
]
