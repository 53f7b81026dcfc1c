"""The object store: rclone serves a folder by the S3 protocol, with real signatures; a bucket is a folder in it."""

from __future__ import annotations

import os
from pathlib import Path

from rig import ports
from rig.console import Refusal
from rig.processes import Process

BUCKET = "chalkdesk"
REGION = "auto"


def program(venv: Path) -> Path:
    """The binary inside the environment."""
    found = venv / "bin" / "rclone"
    if not found.exists():
        raise Refusal("The environment holds no S3 server. Remove var/venv and start again.")
    return found


def process(binary: Path, folder: Path, port: int, key_id: str, secret: str, *, log: Path, record: Path) -> Process:
    """The server, not yet started."""
    (folder / BUCKET).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    argv = [str(binary), "serve", "s3", "--addr", f"{ports.HOST}:{port}", "--config", os.devnull]
    # Browsers upload from every district's host by signed links; the signature decides, not the origin.
    argv += ["--allow-origin", "*", "--max-header-bytes", "32768", "--dir-perms", "0700", "--file-perms", "0600"]
    return Process(
        name="S3 server",
        argv=[*argv, str(folder)],
        log=log,
        record=record,
        # By environment, so that no list of processes shows the secret; quoted, as it is a list of pairs.
        env={"PATH": os.defpath, "HOME": str(folder), "RCLONE_AUTH_KEY": f'"{key_id},{secret}"'},
        is_ready=lambda: ports.answers(port, question=b"GET / HTTP/1.0\r\n\r\n", answer=b"HTTP/1."),
    )
