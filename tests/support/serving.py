"""A real server in a process of its own, set up by the commands that a self-hoster would type."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SECRET = "a secret for the tests' servers, long enough"
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"
ADDRESS = re.compile(r"serves (http://\S+)")


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        url: its address.
        key: an API key with the Admin role.
        environment: variables with which commands reach its database.
    """

    url: str
    key: str
    environment: dict[str, str]


def environment_of(database_url: str) -> dict[str, str]:
    return {**os.environ, "ICOSA_DATABASE_URL": database_url, "APP_SECRET": SECRET}


def icosa(environment: dict[str, str], *arguments: str) -> str:
    """Run a command and return what it printed on stdout."""
    command = [sys.executable, "-m", "icosa.cli.main", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def running_server(database_url: str, *, demo: bool = False) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="icosa-files-") as files:
        environment = environment_of(database_url) | {"ICOSA_FILES_DIR": files}
        icosa(environment, "init", "--workspace-name", "Tests", "--email", EMAIL, "--password", PASSWORD)
        if demo:
            icosa(environment, "demo")
        key = icosa(environment, "api-key", "create", "--name", "Tests", "--role", "Admin")
        with serving(environment) as url:
            yield Server(url, key, environment)


def start(environment: dict[str, str], *arguments: str) -> tuple[subprocess.Popen[str], str, str]:
    """Start a server on a free port and return it, its address and what it said until then."""
    command = [sys.executable, "-m", "icosa.cli.main", "serve", "--host", "127.0.0.1", "--port", "0", *arguments]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = ""
    for line in process.stderr:
        told += line
        found = ADDRESS.search(line)
        if found:
            return process, found[1], told
    raise AssertionError(told)


def stop(process: subprocess.Popen[str]) -> None:
    """Ask a server to stop and see that it does so cleanly."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, "the server did not stop cleanly"
    if process.stderr is not None:
        process.stderr.close()


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[str]:
    process, url, _ = start(environment, *arguments)
    try:
        yield url
    finally:
        stop(process)
