"""Addresses of the people pages."""

from django.urls import path

from tickets.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invitations/", views.invite, name="invite"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/link/", views.link, name="person_link"),
    path("people/<int:pk>/link/removal/", views.link_removal, name="person_link_removal"),
    path("people/<int:pk>/deactivation/", views.deactivation, name="person_deactivation"),
    path("people/<int:pk>/reactivation/", views.reactivation, name="person_reactivation"),
    path("people/<int:pk>/grants/", views.new_grant, name="new_grant"),
    path("people/<int:pk>/grants/<int:grant_pk>/", views.grant, name="grant"),
    path("people/<int:pk>/grants/<int:grant_pk>/removal/", views.grant_removal, name="grant_removal"),
]
