"""Addresses of uploads and files."""

from django.urls import path

from tickets.attachments import views

urlpatterns = [
    path("uploads/", views.promise, name="uploads"),
    path("uploads/<uuid:attachment_id>/", views.arrival, name="upload"),
    path("uploads/<uuid:attachment_id>/removal/", views.removal, name="upload_removal"),
    path("files/<uuid:attachment_id>/", views.file, name="file"),
    path("files/<uuid:attachment_id>/preview/", views.preview, name="file_preview"),
]
