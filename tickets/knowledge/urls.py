"""Addresses of the knowledge base."""

from django.urls import path

from tickets.knowledge import views

urlpatterns = [
    path("knowledge/", views.articles, name="articles"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("knowledge/<slug:slug>/", views.article, name="article"),
]
