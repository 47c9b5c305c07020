"""The methods that a scenario names, each with its figures as a plan."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet_sim.authentication.method import Method, Setting
from jukinet_sim.authentication.methods import method
from jukinet_sim.authentication.plan import Plan
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import business_days, fiscal_year
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.language.base import Base, Figure


@dataclass(frozen=True)
class Chosen:
    """A method by its name in the scenario, and the plan of a log-on by it."""

    name: str
    plan: Plan


def log_ons_a_day(spec: Operators, renewals: float) -> float:
    """Return how often somebody logs on at a terminal on a business day, `renewals` of them as sessions have run out."""
    idle = spec.time_outs.idle
    changes = 0.0 if spec.hand_over is None else spec.hand_over.share.value
    return 1.0 + changes + renewals + (0.0 if idle is None else idle.value)


def setting(nation: Nation, spec: Operators, renewals: float) -> Setting:
    """Return how often an operator logs on in a year of business days: the terminal's log-ons, shared by its operators."""
    year = fiscal_year(nation.period.first)
    days = len(business_days(year.first, year.last))
    return Setting(log_ons_a_day(spec, renewals) * days / spec.per_terminal.value)


def chosen(nation: Nation, spec: Operators, where: Setting) -> tuple[Chosen, ...]:
    """Return the method in use, and the one that takes its place; faults for names and figures that cannot be."""
    named = [("method", spec.method), *([] if spec.cut_over is None else [("cut_over.to", spec.cut_over.to)])]
    found = []
    left = dict(spec.parameters)
    for key, name in named:
        one = _method(nation, f"operators.{key}", name)
        if one is None:
            continue
        own = [parameter.name for parameter in one.parameters]
        values = stated(spec, name)
        if values is None:
            values = {key: spec.parameters[key].value for key in own if key in spec.parameters}
            left = {key: figure for key, figure in left.items() if key not in values}
        plan = _plan(nation, one, values, where)
        if plan is not None:
            found.append(Chosen(name, plan))
    known = [parameter.name for _, name in named if (one := _method(None, "", name)) for parameter in one.parameters]
    for key in left:
        cure = one_of(key, known, "delete it")
        nation.fault(f"operators.parameters.{key}", f'no method in use takes "{key}" from here', cure)
    return tuple(found)


def stated(spec: Operators, name: str) -> dict[str, float] | None:
    """Return what a scenario states of a method that is shipped, by parameter; None for other methods."""
    section: Base | None = {"card": spec.card, "biometric": spec.biometric}.get(name)
    if section is None:
        return None
    pairs = ((key, getattr(section, key)) for key in type(section).model_fields)
    return {key: float(one.value if isinstance(one, Figure) else one) for key, one in pairs if one is not None}


def _method(nation: Nation | None, path: str, name: str) -> Method | None:
    """Return a method by name; None, and a fault, where there is none."""
    try:
        return method(name)
    except UsageError as error:
        if nation is not None:
            what, _, cure = str(error).partition("; ")
            nation.fault(path, what, cure or "jukinet log-on list shows what there is")
        return None


def _plan(nation: Nation, one: Method, values: dict[str, float], where: Setting) -> Plan | None:
    """Return the plan of a method; None, and a fault, where the figures make none. A method of others may fail in any way."""
    try:
        return one.plan(values, where)
    except UsageError as error:
        what, _, cure = str(error).partition("; ")
        nation.fault("operators", f"{one.name}: {what}", cure)
    except Exception as error:  # code of others may fail in any way
        what = f'the method "{one.name}" makes no plan of these figures: {error}'
        nation.fault("operators", what, "write figures that it can use, or tell its author")
    return None
