"""The application: what is answered at which address."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from jukinet_sim.base.errors import JukinetError, UsageError
from jukinet_sim.experiments.listing import Listed, listed
from jukinet_sim.guide import page as guide_page
from jukinet_sim.guide import readable, topics
from jukinet_sim.report.messages.say import LANGUAGES
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.serve.compared import compared, differing
from jukinet_sim.serve.drafts import check
from jukinet_sim.serve.files import Changed, Folder, version
from jukinet_sim.serve.guard import Guard
from jukinet_sim.serve.jobs import Jobs, Told
from jukinet_sim.serve.pages import STATIC, refusal, rendered, static
from jukinet_sim.serve.reports import report_of

SHIPPED = "shipped"
MOST_RUNS = 200
"""So many runs are listed, the latest."""
_NEW = """scenario: {name}
title: {name}
run: {{horizon: 10 h, warm_up: 1 h, replications: 10}}
network:
  stations:
    counter: {{servers: 3}}
  flows:
    people:
      arrivals: {{poisson: 40 /h}}
      route:
        - {{visit: counter, demand: {{exponential: 4 min}}}}
slo:
  - {{flow: people, metric: wait.p95, below: 10 min}}
"""
_ALONE = {
    "content-security-policy": (
        "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data: blob:; frame-ancestors 'none'"
    )
}
"""A report brings a stricter policy of its own; a page that lies in its place reaches neither this server nor another."""
_SEEDS = 2**63
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class Site:
    """What a server serves."""

    folder: Folder
    shipped: Folder
    out: Path
    jobs: Jobs
    language: str
    checking: asyncio.Lock
    comparing: asyncio.Lock

    def of(self, kind: str) -> Folder:
        """Return the folder that a name is about."""
        return self.shipped if kind == SHIPPED else self.folder

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(rendered(template, self.language, **values), status)


def make_app(
    root: Path, out: Path, *, language: str, hosts: frozenset[str] | None, token: str | None = None, jobs: Jobs | None = None
) -> Guard:
    """Return the application that serves the scenarios of a folder and the runs of another."""
    shipped = Folder(shipped_folder(), read_only=True)
    site = Site(Folder(root), shipped, out, jobs or Jobs(out), language, asyncio.Lock(), asyncio.Lock())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await site.jobs.end()

    gets: Mapping[str, Callable[[Site, Request], Awaitable[Response]]] = {
        "/": _home, "/edit": _edit, "/job/{number:int}": _job, "/job/{number:int}/events": _events, "/compare": _compare,
        "/report/{scenario}/{run}": _report, "/guide": _guide, "/guide/{slug}": _guide, "/static/{name}": _static,
    }  # fmt: skip
    posts: Mapping[str, Callable[[Site, Mapping[str, Any]], Awaitable[Response]]] = {
        "/api/check": _check, "/api/save": _save, "/api/run": _run, "/api/stop": _stop,
    }  # fmt: skip
    routes = [Route(path, _answering(partial(answer, site), site), methods=["GET"]) for path, answer in gets.items()]
    routes += [Route(path, _given(partial(answer, site)), methods=["POST"]) for path, answer in posts.items()]
    missing = {404: partial(_missing, site)}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=missing)
    return Guard(app, hosts, token)


def _answering(answer: Endpoint, site: Site) -> Endpoint:
    """Return an endpoint that says what is wrong on a page."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except JukinetError as error:
            return site.page("wrong.html", 404 if isinstance(error, UsageError) else 500, why=refusal(error))

    return endpoint


def _given(answer: Callable[[Mapping[str, Any]], Awaitable[Response]]) -> Endpoint:
    """Return an endpoint that takes a JSON object and says what is wrong as one."""

    async def endpoint(request: Request) -> Response:
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError):
            return JSONResponse({"error": refusal("this is no JSON")}, 400)
        try:
            if not isinstance(given, dict):
                raise UsageError("an object of JSON is expected")
            return await answer(given)
        except Changed as error:
            return JSONResponse({"error": refusal(error)}, 409)
        except JukinetError as error:
            return JSONResponse({"error": refusal(error)}, 400)

    return endpoint


def _text(given: Mapping[str, Any], key: str) -> str:
    """Return a text of an object. Raises UsageError."""
    value = given.get(key)
    if not isinstance(value, str) or "\x00" in value:
        raise UsageError(f'"{key}" is a text')
    return value


async def _missing(site: Site, _request: Request, _error: Exception) -> Response:
    return site.page("wrong.html", 404, why=None)


async def _home(site: Site, _: Request) -> Response:
    files, shipped, runs = await asyncio.gather(
        asyncio.to_thread(lambda: list(site.folder.listed())), asyncio.to_thread(lambda: list(site.shipped.listed())),
        asyncio.to_thread(_runs, site.out),
    )  # fmt: skip
    return site.page(
        "home.html", files=files, shipped=shipped, runs=runs, jobs=site.jobs.going_on, folder=str(site.folder.root)
    )


def _runs(out: Path) -> list[dict[str, Any]]:
    """Return the latest runs and experiments that somebody has asked for, the latest first."""
    asked = [line for line in listed(out) if line.trouble or not line.of_experiment]
    return [_run_line(line) for line in reversed(asked[-MOST_RUNS:])]


def _run_line(line: Listed) -> dict[str, Any]:
    when = dt.datetime.fromtimestamp(line.written_s).astimezone()
    return {
        "name": f"{line.folder.parent.name}/{line.folder.name}", "scenario": line.scenario, "verb": line.verb,
        "status": line.status, "kind": line.kind, "when": when.strftime("%Y-%m-%d %H:%M"),
        "replications": "" if line.asked is None else f"{line.finished:,} / {line.asked:,}", "readable": line.trouble is None,
    }  # fmt: skip


async def _edit(site: Site, request: Request) -> Response:
    kind, name = request.query_params.get("in", ""), request.query_params.get("file", "")
    folder = site.of(kind)
    path = folder.path(name)
    new = not path.exists() and not folder.read_only
    if new:
        content, known = _NEW.format(name=path.stem.replace(" ", "-")), ""
    else:
        read = folder.read(name)
        try:
            content, known = read.decode("utf-8-sig"), version(read)
        except UnicodeDecodeError:
            # Shown with marks in place of what cannot be read, it would be saved so.
            raise UsageError(f"{name} is not UTF-8 text; save it as UTF-8") from None
    # The text is edited as it is; whatever else stands on a page is made harmless.
    return site.page("edit.html", name=name, kind=kind, content=escape(content), known=known, read_only=folder.read_only)


async def _check(site: Site, given: Mapping[str, Any]) -> Response:
    name, text = _text(given, "file"), _text(given, "text")
    path = site.of(str(given.get("in", ""))).path(name)
    async with site.checking:
        found = await asyncio.to_thread(check, text, path, name)
    return JSONResponse(found.as_json())


async def _save(site: Site, given: Mapping[str, Any]) -> Response:
    name, text, known = _text(given, "file"), _text(given, "text"), _text(given, "version")
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise UsageError("this text cannot be written as UTF-8") from None
    return JSONResponse({"version": site.folder.write(name, content, known or None)})


async def _run(site: Site, given: Mapping[str, Any]) -> Response:
    name = _text(given, "file")
    folder = site.of(str(given.get("in", "")))
    folder.read(name)
    sets = [f"run.{key}={_whole(given, key)}" for key in ("seed", "replications") if given.get(key) is not None]
    job = await site.jobs.start(folder.path(name), name, sets)
    return JSONResponse({"job": job.number})


def _whole(given: Mapping[str, Any], key: str) -> int:
    """Return a whole number of an object, written as a text, which holds more digits than a number of a browser."""
    text = str(given[key])
    least = int(key == "replications")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_SEEDS))) or not least <= int(text) < _SEEDS:
        raise UsageError(f'"{key}" is a whole number from 1 on' if least else f'"{key}" is a whole number')
    return int(text)


async def _stop(site: Site, given: Mapping[str, Any]) -> Response:
    number = given.get("job")
    job = site.jobs.get(number) if isinstance(number, int) else None
    if job is None:
        raise UsageError("there is no such run")
    job.stop()
    return JSONResponse({"job": job.number})


async def _job(site: Site, request: Request) -> Response:
    job = site.jobs.get(request.path_params["number"])
    if job is None:
        raise UsageError("there is no such run; the server may have been started again since")
    return site.page("job.html", job=job)


async def _events(site: Site, request: Request) -> Response:
    job = site.jobs.get(request.path_params["number"])
    if job is None:
        return PlainTextResponse("there is no such run", 404)

    async def stream() -> AsyncIterator[str]:
        async for told in job.listen():
            yield _event(told)
        if not job.hushed:
            yield "event: end\ndata: {}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


def _event(told: Told | None) -> str:
    """Return what was told as an event; a comment where nothing was, so that who has gone is noticed."""
    return ": nothing new\n\n" if told is None else f"data: {json.dumps(told, ensure_ascii=False)}\n\n"


async def _report(site: Site, request: Request) -> Response:
    name = f"{request.path_params['scenario']}/{request.path_params['run']}"
    made = await asyncio.to_thread(report_of, site.out, name, site.language)
    return HTMLResponse(made, headers=_ALONE)


async def _compare(site: Site, request: Request) -> Response:
    names = [request.query_params.get(key, "") for key in ("a", "b")]
    async with site.comparing:
        differ = await asyncio.to_thread(differing, site.out, names)
        found, why = [], None
        try:
            found = await compared(site.out, names)
        except UsageError as error:
            why = refusal(error)
    return site.page("compare.html", parts={"serve.figures": found, "serve.differ": differ}, why=why)


async def _guide(site: Site, request: Request) -> Response:
    from markdown_it import MarkdownIt

    slug = request.path_params.get("slug")
    language = request.query_params.get("lang", site.language)
    language = language if language in LANGUAGES else site.language
    # Markup of the pages themselves is shown as text, and links lead where Markdown lets them.
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    content = None if slug is None else Markup(made.render(readable(guide_page(slug, language))))
    return site.page("guide.html", topics=topics(language), content=content, slug=slug or "", lang=language)


async def _static(_: Site, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("there is nothing here", 404)
    return Response(static(name), media_type=STATIC[name])
