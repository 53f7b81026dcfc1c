"""Addresses of notifications and of live pages."""

from django.urls import path

from tickets.notify import poll, views

urlpatterns = [
    path("notifications/", views.index, name="notifications"),
    path("notifications/reading/", views.reading, name="notifications-reading"),
    path("notifications/<int:pk>/reading/", views.reading, name="notification-reading"),
    path("live/<str:token>/", poll.news, name="news"),
]
