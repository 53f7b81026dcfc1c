"""Addresses of the front room."""

from django.urls import path

from tickets.intake import page, views

urlpatterns = [
    path("", views.home, name="home"),
    path("report/", views.report, name="report"),
    path("tickets/", views.submit, name="submit"),
    path("tickets/<int:number>/confirmation/", page.confirmation, name="confirmation"),
    path("tickets/<int:number>/rejection/", page.rejection, name="rejection"),
    path("tickets/<int:number>/withdrawal/", page.withdrawal, name="withdrawal"),
]
