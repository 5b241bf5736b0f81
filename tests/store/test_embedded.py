"""The embedded server: shared by processes, one server at a time, and data that outlives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from support.serving import icosa, start, stop


def environment_of(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"ICOSA_DATABASE_URL", "APP_SECRET"}}
    return {**kept, "ICOSA_DATA_DIR": str(folder)}


def test_a_data_folder_from_nothing_to_a_killed_server(tmp_path: Path) -> None:
    environment = environment_of(tmp_path / "data")
    process, _, told = start(environment)
    assert "icosa init" in told
    # Commands work while the server runs, and a second server is refused.
    icosa(environment, "init", "--workspace-name", "W", "--email", "a@example.com", "--password", "long enough")
    first = icosa(environment, "api-key", "create", "--name", "K", "--role", "Admin")
    assert first.count(".") == 2 and "\n" not in first
    second = subprocess.run(
        [sys.executable, "-m", "icosa.cli.main", "serve", "--port", "0"],
        env=environment, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.strip().splitlines()[-1].startswith("icosa: Another icosa server is serving")
    process.send_signal(signal.SIGKILL)
    process.wait()
    # A killed server leaves data that starts again, and commands work without it.
    assert "K" in icosa(environment, "api-key", "list")
    process, _, told = start(environment, "--workers", "2")
    assert "icosa init" not in told
    stop(process)
    pid_file = tmp_path / "data" / "postgres" / "postmaster.pid"
    assert not pid_file.exists()
    again = subprocess.run(
        [sys.executable, "-m", "icosa.cli.main", "init", "--workspace-name", "X", "--email", "b@example.com", "--password", "long enough"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 1
    assert "There is a workspace already" in again.stderr.splitlines()[-1]
