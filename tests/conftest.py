"""What every test may use."""

pytest_plugins = ["tests.districts", "tests.cast", "tests.worker", "tests.static_files", "tests.chromium"]
