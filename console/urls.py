"""Addresses of the operators' floor on the platform's host."""

from django.urls import path

from console import views

app_name = "console"
urlpatterns = [path("", views.front, name="front")]
