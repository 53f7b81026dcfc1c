"""The database engine that DATABASES names; Django looks for its `base` module."""
