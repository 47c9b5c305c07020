"""Runs that somebody has started: one process each, what it has told so far, and everybody who listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.harmless import harmless

MOST_AT_ONCE, MOST_KEPT = 1, 50
"""So many runs go on at a time, and so many that have ended are remembered."""
_LINE_BYTES = 2**20
_STOPPED_S, _TAIL_CHARACTERS = 20.0, 2000
_WAITING = 1000
Told = dict[str, Any]


@dataclass(eq=False)
class Job:
    """A run in a process of its own; `told` is what it said, of its progress only the latest."""

    number: int
    file: str
    process: asyncio.subprocess.Process
    told: list[Told] = field(default_factory=list)
    ended: bool = False
    """Whether it has said all that it will."""
    hushed: bool = False
    """Whether nobody is to listen any more."""
    _listeners: set[asyncio.Queue[Told]] = field(default_factory=set)

    def hear(self, told: Told) -> None:
        """Remember what was told, and pass it on."""
        if told["kind"] == "progress":
            self.told = [one for one in self.told if one["kind"] != "progress"]
        self.told.append(told)
        for listener in list(self._listeners):
            with contextlib.suppress(asyncio.QueueFull):
                # Who does not listen for so long has gone, or hears the next thing.
                listener.put_nowait(told)

    async def listen(self) -> AsyncIterator[Told | None]:
        """Yield what was told and what will be, None now and then where nothing is, until the run has ended."""
        queue: asyncio.Queue[Told] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        try:
            for told in list(self.told):
                yield told
            while not self.hushed and not (self.ended and queue.empty()):
                try:
                    yield await asyncio.wait_for(queue.get(), 1.0)
                except TimeoutError:
                    yield None
        finally:
            self._listeners.discard(queue)

    def stop(self, number: int = signal.SIGINT) -> None:
        """Ask the run and its processes to stop; what is finished is kept."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Jobs:
    """All runs of a server."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._jobs: dict[int, Job] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()

    def hush(self) -> None:
        """Let whoever listens go, as the server ends."""
        for job in self._jobs.values():
            job.hushed = True

    def get(self, number: int) -> Job | None:
        """Return a run by its number."""
        return self._jobs.get(number)

    @property
    def going_on(self) -> list[Job]:
        """The runs that have not ended."""
        return [job for job in self._jobs.values() if not job.ended]

    async def start(self, path: Path, name: str, sets: list[str]) -> Job:
        """Start a run of a scenario file. Raises UsageError where as many go on as may."""
        async with self._starting:
            if len(self.going_on) >= MOST_AT_ONCE:
                raise UsageError(f"{self.going_on[0].file} is being run; stop it, or wait for its end")
            given = [word for setting in sets for word in ("--set", setting)]
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "jukinet_sim.serve.child", str(path), "--out", str(self._out), *given,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                start_new_session=True, limit=_LINE_BYTES,
            )  # fmt: skip
            job = Job(max(self._jobs, default=0) + 1, name, process)
            self._jobs[job.number] = job
            self._forget()
            reader = asyncio.create_task(self._read(job))
            self._readers.add(reader)
            reader.add_done_callback(self._readers.discard)
            return job

    def _forget(self) -> None:
        """Let go of the oldest runs that have ended."""
        ended = [number for number, job in self._jobs.items() if job.ended]
        for number in ended[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[number]

    async def _read(self, job: Job) -> None:
        """Hear a run to its end."""
        assert job.process.stdout is not None  # both are pipes
        assert job.process.stderr is not None
        errors = asyncio.create_task(job.process.stderr.read())
        try:
            async for line in job.process.stdout:
                with contextlib.suppress(json.JSONDecodeError):
                    job.hear(json.loads(line))
        except ValueError:
            # A line without an end: whatever this is, it is not heard any more, and must not run on unheard.
            job.stop(signal.SIGKILL)
        said = (await errors).decode("utf-8", "replace").strip()
        code = await job.process.wait()
        if not any(told["kind"] in ("finished", "failed") for told in job.told):
            why = harmless(said[-_TAIL_CHARACTERS:]) or f"the process ended with code {code}"
            job.hear({"kind": "failed", "why": [why]})
        job.ended = True

    async def end(self) -> None:
        """Stop all runs and wait for them; what is finished is kept."""
        for job in self.going_on:
            job.stop()
        if self._readers:
            _, late = await asyncio.wait(self._readers, timeout=_STOPPED_S)
            for job in self.going_on if late else ():
                job.stop(signal.SIGKILL)
            if late:
                await asyncio.wait(late, timeout=_STOPPED_S)
