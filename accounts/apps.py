"""Django's entry for the accounts floor."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "accounts"
