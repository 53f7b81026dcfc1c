"""Database, cache and object store for one run: the ones given by the environment, else our own on free ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rig import places, ports, postgres, processes, python, s3, valkey
from rig.console import Refusal
from rig.processes import Process

DATABASE = "chalkdesk"
LOGIN = "chalkdesk_app"


@dataclass
class Servers:
    """The servers of one run and the variables that tell the product where they are."""

    folder: Path
    database: Path
    secrets: Mapping[str, str]
    given: Mapping[str, str]
    careful: bool = True
    started: list[Process] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Starts what was not given, side by side, and waits for all of it."""
        starters = [
            self._start_database if "DATABASE_URL" not in self.given else self._take_database,
            self._start_cache if "REDIS_URL" not in self.given else lambda: self._take("REDIS_URL", "BROKER_URL"),
            self._start_store if "S3_ENDPOINT_URL" not in self.given else self._take_store,
        ]
        with ThreadPoolExecutor(len(starters)) as pool:
            runs = [pool.submit(starter) for starter in starters]
        for run in runs:
            run.result()

    def stop(self) -> None:
        """Stops what was started."""
        for process in self.started:
            process.ask_to_stop()
        for process in self.started:
            process.finish()

    def _start_database(self) -> None:
        bin_dir = postgres.programs(python.packages())
        admin = self.secrets["DATABASE_ADMIN_PASSWORD"]
        postgres.clear_stale_notes(self.database)
        postgres.make_cluster(bin_dir, self.database, admin, careful=self.careful)
        settings = {} if self.careful else postgres.CARELESS
        port = self._launch(
            lambda port: postgres.process(bin_dir, self.database, port, settings=settings, **self._files("postgres"))
        )
        server = f"{ports.HOST}:{port}"
        self.env["DATABASE_URL"] = f"postgresql://{LOGIN}:{self.secrets['DATABASE_PASSWORD']}@{server}/{DATABASE}"
        self.env["DATABASE_ADMIN_URL"] = f"postgresql://{postgres.ADMIN}:{admin}@{server}/postgres"

    def _start_cache(self) -> None:
        binary, password = valkey.program(python.packages()), self.secrets["REDIS_PASSWORD"]
        folder = self.folder / "valkey"
        port = self._launch(lambda port: valkey.process(binary, folder, port, password, **self._files("valkey")))
        self.env["REDIS_URL"] = f"redis://:{password}@{ports.HOST}:{port}/0"

    def _start_store(self) -> None:
        binary, folder = s3.program(places.VENV), self.folder / "s3"
        key_id, secret = self.secrets["S3_ACCESS_KEY_ID"], self.secrets["S3_SECRET_ACCESS_KEY"]
        port = self._launch(lambda port: s3.process(binary, folder, port, key_id, secret, **self._files("s3")))
        self.env |= {
            "S3_ENDPOINT_URL": f"http://{ports.HOST}:{port}",
            "S3_ACCESS_KEY_ID": key_id,
            "S3_SECRET_ACCESS_KEY": secret,
            "S3_BUCKET": s3.BUCKET,
            "S3_REGION": s3.REGION,
        }

    def _take_database(self) -> None:
        self._take("DATABASE_URL", "DATABASE_ADMIN_URL")

    def _take_store(self) -> None:
        needed = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_BUCKET")
        missing = [name for name in needed if not self.given.get(name)]
        if missing:
            raise Refusal(f"S3_ENDPOINT_URL is given without {' and '.join(missing)}. Give all of them, or none.")
        self._take(*(name for name in self.given if name.startswith("S3_")))

    def _take(self, *names: str) -> None:
        self.env |= {name: self.given[name] for name in names if self.given.get(name)}

    def _files(self, name: str) -> dict[str, Path]:
        return {"log": self.folder / "log" / f"{name}.log", "record": self.folder / "run" / f"{name}.json"}

    def _launch(self, make: Callable[[int], Process]) -> int:
        """Starts a server on a free port and waits for it; where another was quicker to take it, tries again."""
        for _ in range(3):
            port = ports.free()
            process = make(port)
            process.start()
            self.started.append(process)
            if process.wait_until_ready(60):
                return port
            process.stop()
            self.started.remove(process)
        raise processes.explain_failure(process)
