"""bin/demo: the whole product on this machine, from nothing to a printed address; Ctrl-C stops all of it."""

from __future__ import annotations

import argparse
import http.client
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from rig import keys, locks, marks, places, ports, processes, product, programs, python
from rig.console import Refusal, Step, say
from rig.servers import Servers
from rig.supervisor import Supervisor

PORT = 8000
PASSWORD = "chalk-and-slate-42"  # noqa: S105 -- the demo's, printed for everyone to use
CAST = (
    ("Maple Unified", "maple", "Ana Ortiz", "admin", "ana@maple.example"),
    ("Maple Unified", "maple", "Tomas Reyes", "technician", "tomas@maple.example"),
    ("Maple Unified", "maple", "Rita Shah", "teacher", "rita@maple.example"),
    ("Cedar", "cedar", "Cara Lindt", "admin", "cara@cedar.example"),
    ("Cedar", "cedar", "Sam Okoye", "technician", "sam@cedar.example"),
)


def main(arguments: list[str]) -> int:
    """Runs the demo until it is told to stop."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with locks.hold(places.VAR / "demo.lock", note=f"http://localhost:{options.port}"):
            return Demo(options.port).run(reset=options.reset)
    except locks.Held as held:
        raise Refusal(f"The demo runs already: {held}. Stop that one first, with Ctrl-C in its terminal.") from held
    except KeyboardInterrupt:
        say("Stopped.")
        return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/demo", description="Runs the product with two districts and their history.")
    parser.add_argument("--port", type=_port, default=PORT, help=f"where to answer (default {PORT})")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and start over")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port; a port is a number from 1 to 65535")
    return int(text)


class Demo:
    """One run of the demo."""

    def __init__(self, port: int, folder: Path = places.DEMO) -> None:
        self.port = port
        self.folder = folder
        self.supervisor = Supervisor()
        self.env: dict[str, str] = {}

    def run(self, *, reset: bool) -> int:
        """Everything from the environment to the end."""
        python.ensure()
        self._clear(reset=reset)
        try:
            self._start_servers()
            self._prepare()
            self._start_product()
            self._welcome()
            self._wait()
        finally:
            if self.supervisor.wards:
                say("Stopping ...")
                self.supervisor.stop()
        say("Stopped.")
        return 0

    def _clear(self, *, reset: bool) -> None:
        """Makes room: for a run that follows a killed one, and for a fresh start."""
        left = processes.sweep(self.folder / "run")
        if left:
            say(f"An earlier run was killed; stopped what it left: {', '.join(left)}.")
        ports.claim(self.port)
        if reset:
            with Step("Throwing the old data away"):
                for folder in (self._database().parent, self.folder):
                    shutil.rmtree(folder, ignore_errors=True)
        places.make(self.folder)
        places.want_room(self.folder)

    def _database(self) -> Path:
        return places.for_postgres() / "demo" / "postgres"

    def _start_servers(self) -> None:
        secrets = keys.kept(self.folder / "secrets.env")
        servers = Servers(self.folder, self._database(), secrets, product.given())
        try:
            with Step("Database, cache and object store"):
                servers.start()
        finally:
            for process in servers.started:
                self.supervisor.adopt(process)
        self.env = product.environment({**self._settings(secrets), **servers.env})

    def _settings(self, secrets: Mapping[str, str]) -> dict[str, str]:
        return {
            "SECRET_KEY": secrets["SECRET_KEY"],
            "MASTER_KEY": secrets["MASTER_KEY"],
            "SCHEME": "http",
            "PLATFORM_HOST": f"localhost:{self.port}",
            "SHOW_COMPONENTS": "yes",
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def _prepare(self) -> None:
        """Fills the database and collects the static files, unless this very code has done it before."""
        mark, stamp = marks.of_code(), self._database() / "chalkdesk.made-from"
        own = "DATABASE_URL" not in product.given()
        if not own or not marks.is_current(stamp, mark):
            self._fill_database()
        if own:
            stamp.write_text(mark)
        mark, stamp = marks.of_static_files(), self.folder / "static.made-from"
        if not marks.is_current(stamp, mark):
            self._manage("Style sheets, scripts, fonts", "collectstatic", "--noinput", "--clear")
            stamp.write_text(mark)

    def _fill_database(self) -> None:
        if "DATABASE_ADMIN_URL" in self.env:
            self._manage("Roles and schemas", "bootstrap")
        else:
            say("DATABASE_ADMIN_URL is not given: the roles and the database are taken as they are.")
        self._manage("Tables", "migrate_all")
        self._manage("Two districts with their history", "seed_demo")

    def _manage(self, title: str, *command: str) -> None:
        """Runs one of Django's commands; its words go to the log, the latest beside the step."""
        argv = [str(python.interpreter()), "manage.py", *command]
        path = self.folder / "log" / f"{command[0]}.log"
        with Step(title) as step, path.open("w") as log:
            child = subprocess.Popen(
                argv,
                env=self.env,
                cwd=places.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            last = ""
            try:
                for line in child.stdout or ():
                    log.write(line)
                    last = line.strip() or last
                    step.tell(last)
                failed = child.wait() != 0
            finally:
                processes.kill_group(child.pid)
                child.wait()
        if failed:
            full = "No space left on device" in path.read_text()
            raise Refusal(f"{title}: {'the disk is full' if full else last or 'no word why'}\nIts log: {path}")

    def _start_product(self) -> None:
        """The web has the machine to itself until it answers for its health; worker and beat follow."""
        web, *others = programs.all_of(self.env, self.folder, self.port, is_ready=self._is_healthy)
        with Step("Web, worker and beat"):
            self.supervisor.start(web)
            if not web.wait_until_ready(180):
                raise processes.explain_failure(web)
            for process in others:
                self.supervisor.start(process)

    def _is_healthy(self) -> bool:
        line = http.client.HTTPConnection(ports.HOST, self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def _wait(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.supervisor.asked_to_stop.set())
        self.supervisor.watch()

    def _welcome(self) -> None:
        say()
        for district, slug, name, role, email in CAST:
            say(f"  {district:<15}{f'http://{slug}.localhost:{self.port}/':<33}{name:<14}{role:<13}{email}")
        say(f"  {'The platform':<15}http://localhost:{self.port}/")
        say()
        say(f"  Everybody's password is {PASSWORD}    Logs: {self.folder / 'log'}    Ctrl-C stops all of it.")
