"""`icosa serve`: the server."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from icosa import __version__
from icosa.access.setup import Setup
from icosa.app.application import Application
from icosa.cli.environment import open_url, pass_on
from icosa.errors import Misconfigured
from icosa.settings import Settings, check_settings, load_secret, load_settings
from icosa.store.database import Database
from icosa.store.embedded import ServeLock
from icosa.store.migrations import migrate
from icosa.transport.corking import CorkedHttp

GRACE_SECONDS = 10
BACKLOG = 2048


async def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int = 1,
    data_dir: Path | None = None,
) -> None:
    """Serve the API until it is told to stop; requests under way are finished.

    Args:
        host: Address to listen on, by default every one of the machine.
        port: Port to listen on, by default 3000.
        workers: How many processes answer; they share the port and the database.
        data_dir: The data folder.
    """
    settings = load_settings(host=host, port=port, data_dir=data_dir)
    check_settings(settings)
    secret = load_secret(settings)
    with _lock(settings), _Signals() as signals:
        async with open_url(settings) as url:
            await _look_around(settings, url, secret)
            with _listen(settings.host, settings.port) as listener:
                print(f"Icosa {__version__} serves {_address(listener)}", file=sys.stderr, flush=True)
                if workers > 1:
                    pass_on(url, secret, settings)
                    _run_workers(listener, workers, signals)
                else:
                    await _run(
                        Application(settings.model_copy(update={"database_url": url}), secret), listener, signals
                    )


def _lock(settings: Settings) -> contextlib.AbstractContextManager[object]:
    return contextlib.nullcontext() if settings.database_url else ServeLock(settings.data_dir)


async def _look_around(settings: Settings, url: str, secret: str) -> None:
    """Migrate, and say what is missing before the first request can be answered."""
    database = await Database.connect(url, size=1, prepared_statements=settings.prepared_statements)
    try:
        await migrate(database)
        setup = Setup(database, settings, secret)
        if not await setup.is_done():
            print("There is no workspace yet: make one with 'icosa init' or over the API", file=sys.stderr)
            if setup.is_token_needed:
                print(f"Who signs up first needs the setup token: {setup.token}", file=sys.stderr, flush=True)
    finally:
        await database.close()


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Give a listening socket.

    Raises:
        Misconfigured: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # What goes out in more than one write does not wait 40 ms for the receipt of the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        # From here on callers queue, so that the address may be told before the first process answers.
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
        yield listener
    except OSError as problem:
        raise Misconfigured(f"Cannot listen on {host} port {port}: {problem.strerror}") from None
    finally:
        listener.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{'localhost' if host in {'0.0.0.0', '::', '127.0.0.1'} else host}:{port}"  # noqa: S104


class _Signals:
    """Turns SIGINT and SIGTERM into a call to stop.

    The process has to outlive uvicorn, which raises a signal again once it is done, lest the database be left running;
    and a signal that comes before uvicorn listens to it must not be lost.
    """

    def __init__(self) -> None:
        self._came = False
        self._stop: Callable[[], None] = lambda: None

    def then(self, stop: Callable[[], None]) -> None:
        """Call `stop` when a signal comes, at once when one has come already."""
        self._stop = stop
        if self._came:
            stop()

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        self._came = True
        self._stop()

    def __enter__(self) -> _Signals:
        self._kept = {each: signal.signal(each, self._handle) for each in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._kept.items():
            signal.signal(each, handler)


def _options() -> dict[str, object]:
    return {
        "http": CorkedHttp,
        "loop": "auto",
        "lifespan": "on",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        # Whom to believe is the operator's to say (`TRUST_PROXY`), see `transport.asgi`.
        "proxy_headers": False,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }


async def _run(application: Application, listener: socket.socket, signals: _Signals) -> None:
    server = uvicorn.Server(uvicorn.Config(application, **_options()))  # type: ignore[arg-type]

    def stop() -> None:
        application.close()
        server.should_exit = True

    signals.then(stop)
    await server.serve(sockets=[listener])


def _run_workers(listener: socket.socket, workers: int, signals: _Signals) -> None:
    """Watch over the workers until a signal comes; it has to run in the main thread, where signals arrive."""
    target = "icosa.app.application:create_app"
    config = uvicorn.Config(target, factory=True, workers=workers, **_options())  # type: ignore[arg-type]
    supervisor = Multiprocess(config, sockets=[listener])
    signals.then(supervisor.should_exit.set)
    supervisor.run()
