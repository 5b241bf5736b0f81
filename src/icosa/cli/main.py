"""`icosa`: the commands of a self-hoster."""

from __future__ import annotations

import asyncio
import os
import sys

from cyclopts import App
from uvicorn.loops.auto import auto_loop_factory

from icosa import __version__
from icosa.cli import api_key, demo, doctor, feature_flag, init, migrate, quickstart, serve, worker
from icosa.errors import IcosaError
from icosa.logs import configure_logs

app = App(name="icosa", version=__version__, help="A self-hosted CRM API server that speaks Twenty's API.")
app.command(init.init)
app.command(serve.serve)
app.command(api_key.app)
app.command(demo.demo)
app.command(doctor.doctor)
app.command(feature_flag.feature_flag)
app.command(migrate.migrate)
app.command(quickstart.quickstart)
app.command(worker.worker)


def main() -> None:
    """Run a command, on uvloop where that is installed; a refusal is one line on stderr and status 1."""
    configure_logs()
    try:
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(app.run_async())
    except IcosaError as problem:
        if os.environ.get("ICOSA_DEBUG"):
            raise
        print(f"icosa: {problem.message}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
