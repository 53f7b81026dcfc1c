"""Schools, buildings and rooms."""
