"""Run the tests once more on the PostgreSQL that is installed on this machine, where there is one.

python tests/support/external_postgres.py [pytest arguments]
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
OWNER = "postgres"


def main() -> int:
    versions = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not versions:
        print("No other PostgreSQL is installed here: the tests ran on the embedded one only.")
        return 0
    binaries = versions[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="icosa-pg-"))
    as_owner: list[str] = []
    user = pwd.getpwuid(os.getuid()).pw_name
    if os.getuid() == 0:
        user, as_owner = OWNER, ["runuser", "-u", OWNER, "--"]
        shutil.chown(folder, OWNER)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_owner, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    try:
        run(str(binaries / "initdb"), "-D", str(data), "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        options = f"-k {folder} -h '' -c fsync=off -c max_connections=200"
        control = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        run(*control, "-o", options, "start")
        try:
            url = f"postgresql://{user}@/postgres?host={folder}"
            print(f"Once more on PostgreSQL {binaries.parent.name}:", flush=True)
            command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
            return subprocess.run(command, env={**os.environ, "ICOSA_TEST_DATABASE_URL": url}, check=False).returncode
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
