"""`crypto`: what suites there are, what they cost, what authorities say of them, and whether they are right on this machine."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, say
from jukinet_sim.cli.complete import suites as suite_names
from jukinet_sim.cli.crypto_compare import compare
from jukinet_sim.cli.printed import print_document, print_lines
from jukinet_sim.cli.whole_help import WholeHelp

if TYPE_CHECKING:
    from jukinet_sim.crypto.costs.card import Card

crypto = typer.Typer(
    cls=WholeHelp,
    name="crypto",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="List, time, explain and test cipher suites.",
    epilog="The suites are stand-ins for the government guidelines: what the network really has on its wires is not published.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ExchangeChoice(StrEnum):
    """Exchanges by name."""

    session = "session"
    resumed = "resumed"
    message = "message"
    unsigned = "unsigned"
    batch = "batch"
    file = "file"
    issue = "issue"
    chain = "chain"
    crl = "crl"
    ocsp = "ocsp"


Suites = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SUITE]...", help="Suites by name or alias; all if left out.", show_default=False, autocompletion=suite_names
    ),
]
SuiteName = Annotated[
    str,
    typer.Argument(metavar="SUITE", help="A suite by name or alias.", show_default=False, autocompletion=suite_names),
]
ExchangeName = Annotated[
    ExchangeChoice,
    typer.Argument(
        metavar="EXCHANGE", show_default=False,
        help="session, resumed, message, unsigned, batch (signed by record), file (a batch signed as a whole), issue, chain, "
        "crl or ocsp.",
    ),
]  # fmt: skip
MOST_BYTES = 2.0**30
Seconds = Annotated[float, typer.Option(metavar="S", help="How long to time.")]
Json = Annotated[bool, typer.Option("--json", help="Print the document on stdout, everything else on stderr.")]
Size = Annotated[
    str | None,
    typer.Option(metavar="DATA", help="Size of a message or record, such as 512 B; 2 KiB and 1 KiB.", show_default=False),
]
Records = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Records of a batch (100,000), revoked certificates (1,000).", show_default=False),
]
CardName = Annotated[
    str | None,
    typer.Option("--card", metavar="NAME", help="Take costs from this card or file and time nothing.", show_default=False),
]
Date = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to judge by; today if left out.", show_default=False)
]
Authority = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="nist, cryptrec, guideline-2012; may be repeated, all if left out.", show_default=False),
]
Which = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", help="A card, or a file of one; the list of cards if left out.", show_default=False),
]
Measure = Annotated[bool, typer.Option("--measure", help="Measure this machine anew and keep its card, this-host.")]
Mask = Annotated[
    str | None,
    typer.Option(metavar="MASK", show_default=False,
                 help="Measure without these instructions (OPENSSL_ia32cap), such as :0:0:0:0; shown, not kept."),
]  # fmt: skip
Factor = Annotated[
    float | None, typer.Option(metavar="X", help="Show it for a platform that takes X times as long.", show_default=False)
]


@crypto.command("list")
def list_suites(as_json: Json = False, lang: O.Lang = O.Language.en) -> int:
    """List suites, cost cards and authorities, and what of other packages cannot be used."""
    from jukinet_sim.crypto.listing import listing
    from jukinet_sim.report.crypto_tables import list_tables

    document = listing()
    return print_document(document, list_tables(document), lang, as_json=as_json)


@crypto.command()
def bench(
    suites: Suites = None, seconds: Seconds = 45.0, everything: O.Everything = False, as_json: Json = False,
    quiet: O.Quiet = False, lang: O.Lang = O.Language.en,
) -> int:  # fmt: skip
    """Time suites against each other on this machine, after they were found to be right."""
    from jukinet_sim.crypto.bench.document import bench_document
    from jukinet_sim.crypto.bench.points import EXCHANGES, points_of, thinned
    from jukinet_sim.crypto.bench.run import bench as timed
    from jukinet_sim.crypto.suites import suite
    from jukinet_sim.crypto.suites import suites as every_suite
    from jukinet_sim.report.crypto_tables import bench_tables

    wanted = tuple(dict.fromkeys(map(suite, suites or ()))) or tuple(one for one in every_suite() if one.available() is None)
    points = thinned([point for one in wanted for point in points_of(one)])
    document = bench_document(timed(wanted, points, EXCHANGES, seconds, None if quiet else say))
    return print_document(document, bench_tables(document, everything=everything), lang, as_json=as_json)


@crypto.command()
def status(
    suites: Suites = None, date: Date = None, authority: Authority = None, everything: O.Everything = False,
    as_json: Json = False, lang: O.Lang = O.Language.en,
) -> int:  # fmt: skip
    """Say what authorities allow at a date, for making something new and for verifying what was made before."""
    import datetime as dt

    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.crypto.listing import status_document
    from jukinet_sim.crypto.policies import authorities
    from jukinet_sim.crypto.suites import suite
    from jukinet_sim.crypto.suites import suites as every_suite
    from jukinet_sim.report.crypto_tables import status_tables

    try:
        day = dt.date.today() if date is None else dt.date.fromisoformat(date)
    except ValueError:
        raise UsageError(f'--date: "{date}" is no date; write one such as 2014-01-01') from None
    wanted = tuple(map(suite, suites or ())) or every_suite()
    document = status_document(wanted, day, authority or authorities())
    return print_document(document, status_tables(document, everything=everything), lang, as_json=as_json)


@crypto.command()
def explain(
    suite: SuiteName, exchange: ExchangeName, size: Size = None, records: Records = None, card: CardName = None,
    seconds: Seconds = 5.0, as_json: Json = False, quiet: O.Quiet = False, lang: O.Lang = O.Language.en,
) -> int:  # fmt: skip
    """Show why an exchange takes as long as it does: each operation, and the total beside what it takes as a whole."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.units import UnitError, parse_data
    from jukinet_sim.crypto.bench.explain import explain_by_card, explain_measured
    from jukinet_sim.crypto.cards import card as card_named
    from jukinet_sim.crypto.exchanges import exchange_named
    from jukinet_sim.crypto.suites import suite as suite_named
    from jukinet_sim.report.crypto_tables import explain_tables

    try:
        size_bytes = None if size is None else parse_data(size)
    except UnitError as error:
        raise UsageError(f"--size: {error}") from None
    if size_bytes is not None and not (size_bytes <= MOST_BYTES and size_bytes == round(size_bytes)):
        raise UsageError(f"--size: {size} is not a whole number of bytes up to 1 GiB; write one such as 2 KiB")
    whole = None if size_bytes is None else round(size_bytes)
    meant, about = suite_named(suite), exchange_named(exchange.value, whole, records)
    if card is None:
        document = explain_measured(meant, about, seconds, None if quiet else say)
    else:
        document = explain_by_card(meant, about, card_named(card))
    return print_document(document, explain_tables(document), lang, as_json=as_json)


@crypto.command()
def selftest(
    suites: Suites = None, as_json: Json = False, quiet: O.Quiet = False, lang: O.Lang = O.Language.en
) -> int:
    """Carry suites out with real keys: what is right arrives, what is wrong is refused, plans are true; exit 3 if not."""
    from jukinet_sim.crypto.selftest import selftest as tested
    from jukinet_sim.report.crypto_tables import selftest_line

    document = tested(suites or (), lambda name: None if quiet else say(f"testing {name}"))
    code = print_document(document, map(selftest_line, document["suites"]), lang, as_json=as_json)
    if not as_json:
        print_lines(["everything holds" if document["holds"] else "not everything holds: see the lines marked BAD"], lang)
    return code if document["holds"] else CHECK_FAILED


@crypto.command()
def card(
    name: Which = None, measure: Measure = False, mask: Mask = None, factor: Factor = None, seconds: Seconds = 45.0,
    as_json: Json = False, quiet: O.Quiet = False, lang: O.Lang = O.Language.en,
) -> int:  # fmt: skip
    """Show cost cards and where their figures come from, or measure the card of this machine."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.crypto.costs.document import document as card_document
    from jukinet_sim.report.crypto_tables import card_tables, cards_table

    if name is None:
        if measure or mask or factor is not None:
            raise UsageError("--measure, --mask and --factor are about one card; name it, as in jukinet crypto card this-host")
        from jukinet_sim.crypto.cards import cards
        from jukinet_sim.crypto.listing import card_row

        listed = {"schema": 1, "cards": [card_row(one.name) for one in cards()]}
        return print_document(listed, cards_table(listed), lang, as_json=as_json)
    found = _card(name, mask, seconds, measure=measure, quiet=quiet)
    if factor is not None:
        found = found.scaled(factor, f"{found.name}-x{factor:g}")
    shown = card_document(found)
    return print_document(shown, card_tables(shown), lang, as_json=as_json)


crypto.command("compare")(compare)


def _card(name: str, mask: str | None, seconds: float, *, measure: bool, quiet: bool) -> Card:
    """Return a card by name, or measure that of this machine where it was not measured yet or is to be anew."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.crypto.bench import host, masked
    from jukinet_sim.crypto.cards import card as card_named
    from jukinet_sim.crypto.costs import this_host

    if (measure or mask) and name != this_host.NAME:
        raise UsageError(f"only the machine at hand can be measured; write jukinet crypto card {this_host.NAME}")
    kept = this_host.kept() if name == this_host.NAME else None
    if name != this_host.NAME:
        return card_named(name)
    if kept is not None and not (measure or mask):
        if kept.library != host.library():
            say(f"it was measured with {kept.library}, and here is {host.library()} now; --measure measures anew")
        return kept
    if not quiet:
        say(f"measuring this machine for {seconds:.0f} s")
    if mask:
        return masked.measure_masked(seconds, mask)
    found = masked.measure(seconds)
    path = this_host.keep(found)
    if not quiet:
        say(f"kept in {path}")
    return found
