"""Listening: at which address, with which token, until somebody ends it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.serve.app import make_app
from jukinet_sim.serve.jobs import Jobs

_TOKEN_BYTES, _LEAST_TOKEN = 16, 8
_ENDED_S = 3
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def listen(
    root: Path, out: Path, *, host: str, port: int, token: str | None, language: str, tell: Callable[[str], None]
) -> None:
    """Serve until the process is asked to end; `tell` hears the address. Raises UsageError and StoreError."""
    if not root.is_dir():
        raise UsageError(f"there is no folder {root}; name one with scenarios, or an empty one")
    loopback = is_loopback(host)
    if token is None and not loopback:
        token = fresh(_TOKEN_BYTES).hex()
    if token is not None and (len(token) < _LEAST_TOKEN or not token.isascii() or not token.isalnum()):
        raise UsageError(f"--token: letters and digits, {_LEAST_TOKEN} of them at least")
    with _bound(host, port) as listening:
        hosts, jobs = _LOOPBACK | {_shown(host)} if loopback else None, Jobs(out)
        app = make_app(root, out, language=language, hosts=hosts, token=token, jobs=jobs)
        name = _shown(host) if host not in ("0.0.0.0", "::") else socket.gethostname()
        tell(f"http://{name}:{listening.getsockname()[1]}/" + ("" if token is None else f"?token={token}"))
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="on", timeout_graceful_shutdown=_ENDED_S, server_header=False,
            date_header=False,
        )  # fmt: skip
        _Server(config, jobs).run([listening])


class _Server(uvicorn.Server):
    """A server that lets go of whoever watches a run once it is asked to end: they would be cut off with a traceback."""

    def __init__(self, config: uvicorn.Config, jobs: Jobs) -> None:
        super().__init__(config)
        self._of = jobs

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal to end."""
        self._of.hush()
        super().handle_exit(sig, frame)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address. Raises UsageError for what is none."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise UsageError(f'--host: "{host}" is no address; write such as 127.0.0.1') from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket at an address. Raises StoreError where somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise StoreError(f"cannot listen at {host}:{port}: {error.strerror}; choose another --port") from error
    return found
