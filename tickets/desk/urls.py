"""Addresses of the desk: the queue, the page of a ticket, and what changes it."""

from django.urls import path

from tickets.desk import views, views_changes, views_queue

urlpatterns = [
    path("queue/", views_queue.index, name="queue"),
    path("tickets/<int:number>/", views.ticket, name="ticket"),
    path("tickets/<int:number>/messages/", views.messages, name="messages"),
    path("tickets/<int:number>/assignment/", views_changes.assignment, name="assignment"),
    path("tickets/<int:number>/queue/", views_changes.transfer, name="transfer"),
    path("tickets/<int:number>/state/", views_changes.state, name="state"),
    path("tickets/<int:number>/priority/", views_changes.priority, name="priority"),
    path("tickets/<int:number>/resolution/", views_changes.resolution, name="resolution"),
]
