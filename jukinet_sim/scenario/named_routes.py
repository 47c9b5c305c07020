"""Names of routes in a scenario's tree to the steps that they stand for, so that all else sees steps only.

The steps keep their places in the file: what is wrong with one is told where it is written, once for all flows.
"""

from __future__ import annotations

from jukinet_sim.language.yaml_source import Entry, Mapping, Scalar, read_only

SECTIONS = ("network", "juki_net")
"""Parts of a scenario that have routes and flows."""


def with_routes(tree: Mapping) -> Mapping:
    """Return the tree with the steps of a section's `routes` in each of its flows whose route is the name of one of them."""
    for section in SECTIONS:
        part = _inside(tree, section)
        routes, flows = _inside(part, "routes"), _inside(part, "flows")
        named = {name: entry for name, entry in flows.entries.items() if _name_of_route(entry) in routes.entries}
        if named:
            written = {name: _replaced(entry, routes) for name, entry in named.items()}
            tree = _with(tree, section, _with(part, "flows", read_only({**flows.entries, **written}, flows.position)))
    return tree


def route_names(tree: Mapping) -> dict[str, str]:
    """Return the name of a route that stands in place of steps, by the dotted key where it stands."""
    found = {}
    for section in SECTIONS:
        part = _inside(tree, section)
        routes = _inside(part, "routes").entries
        for name, entry in _inside(part, "flows").entries.items():
            route = _name_of_route(entry)
            if route is not None and route in routes:
                found[f"{section}.flows.{name}.route"] = route
    return found


def _inside(tree: Mapping, key: str) -> Mapping:
    """Return the mapping at a key; an empty one where there is none."""
    entry = tree.entries.get(key)
    return entry.node if entry is not None and isinstance(entry.node, Mapping) else read_only({}, tree.position)


def _name_of_route(flow: Entry) -> str | None:
    """Return the name that stands in place of a flow's steps, if one does."""
    route = flow.node.entries.get("route") if isinstance(flow.node, Mapping) else None
    return route.node.text if route is not None and isinstance(route.node, Scalar) else None


def _replaced(flow: Entry, routes: Mapping) -> Entry:
    """Return a flow with the steps of its route in place of the name."""
    assert isinstance(flow.node, Mapping)
    name = _name_of_route(flow)
    assert name is not None
    steps = Entry(flow.node.entries["route"].key_position, routes.entries[name].node)
    return Entry(flow.key_position, read_only({**flow.node.entries, "route": steps}, flow.node.position))


def _with(tree: Mapping, key: str, node: Mapping) -> Mapping:
    return read_only({**tree.entries, key: Entry(tree.entries[key].key_position, node)}, tree.position)
