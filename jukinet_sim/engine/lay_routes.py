"""A route as rows of the step table: loops and branches become jumps, and every random step gets its place in the job."""

from __future__ import annotations

from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import routes
from jukinet_sim.engine.tables import Tables
from jukinet_sim.network import model as M

_RULES: dict[M.Rule, int] = {
    "shortest_queue": L.SHORTEST, "least_utilised": L.LEAST, "first_idle": L.IDLE, "round_robin": L.ROTATION,
}  # fmt: skip


class RouteLayout:
    """Lays out one route after another."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables

    def route(self, flow: M.Flow, first: int) -> list[routes.Row]:
        """Give the rows of a flow's route, the first of which is row `first` of the table."""
        rows: list[routes.Row] = []
        labels: dict[str, int] = {}
        self._lay(flow, flow.route, "", rows, labels, first)
        rows.append(routes.Row(L.LEAVE if self._counts(flow) or M.keeps_servers(flow) else L.EXIT, "exit", flow.name))
        labels["exit"] = first + len(rows) - 1
        for row in rows:
            if row.kind == L.BRANCH:
                self._branch_table(row, labels)
            elif row.kind == L.SWITCH:
                self._switch_table(row, labels)
            elif row.kind == L.CHOOSE:
                row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.t.tail_i), len(row.choices)
                for word, which, label in row.choices:
                    self.t.tail_i += [word, which, labels[label or "exit"]]
            for label, word in ((row.on_refused, L.K_ON_REFUSED), (row.on_abandon, L.K_ON_ABANDON)):
                if label is not None:
                    row.ints[word] = labels[label]
        routes.check_hashes([r.path for r in rows if r.kind not in (L.LOOP_END, L.EXIT, L.LEAVE)], f"steps of flow {flow.name}")
        routes.mark_cycles(rows, first, self.t.tail_i)
        return rows

    def _counts(self, flow: M.Flow) -> bool:
        """Whether jobs of a flow may hold tokens of a pool that counts them."""
        return any(isinstance(step, M.Acquire) and step.pool in self.t.counted for step in M.all_steps(flow.route))

    def _lay(
        self, flow: M.Flow, steps: tuple[M.Step, ...], prefix: str, rows: list[routes.Row], labels: dict[str, int], first: int
    ) -> None:
        for number, step in enumerate(steps):
            path = M.step_path(prefix, number, step)
            if step.label:
                labels[step.label] = first + len(rows)
            if isinstance(step, M.Visit):
                rows.extend(self._part(flow, part, f"{path}+{i}") for i, part in enumerate(step.parts, start=1))
            row = self._row(flow, step, path)
            row.labelled = step.label is not None
            row.on_abandon = step.on_abandon if isinstance(step, M.Visit | M.Acquire) else None
            row.on_refused = step.on_refused if isinstance(step, M.Visit) else None
            rows.append(row)
            if isinstance(step, M.Loop):
                routes.refuse_nested_lots(flow, step)
                begin = first + len(rows) - 1
                self._lay(flow, step.body, f"{path}.", rows, labels, first)
                end = routes.Row(L.LOOP_END, f"{path} (end)", flow.name)
                end.ints[L.K_TARGET] = begin + 1
                rows.append(end)
                row.ints[L.K_TARGET] = first + len(rows)

    def _row(self, flow: M.Flow, step: M.Step, path: str) -> routes.Row:
        if isinstance(step, M.Visit):
            group = self.t.stations[step.station]
            if step.hold and self.t.network.stations[group].discipline == "ps":
                what = f"flow {flow.name} keeps a server of {step.station}, whose servers are shared"
                raise routes.refuse(what, "let it go on without, or write another discipline")
            row = routes.Row(L.SPECIAL if self.t.special[group] else L.VISIT, path, flow.name)
            row.asks = M.draws_again(self.t.network.stations[group], flow, step)
            if step.balk:
                row.ints[L.K_TARGET], row.ints[L.K_PER_RECORDS] = len(self.t.tail_f), len(step.balk)
                self.t.tail_f.extend(float(found) for found, _ in step.balk)
                self.t.tail_f.extend(probability for _, probability in step.balk)
            row.ints[L.K_COUNT], row.ints[L.K_CHILD] = len(step.parts), int(step.hold)
            row.ints[L.K_BASE] = self.t.station_first[group] * L.STATION_WORDS
            row.ints[L.K_WHICH] = self.t.which(flow, self.t.network.stations[group].per, step.at, step.station)
            row.floats[L.KF_PER_RECORD] = step.per_record_s
            routes.set_distribution(row, step.demand)
        elif isinstance(step, M.Delay):
            row = routes.Row(L.DELAY, path, flow.name)
            routes.set_distribution(row, step.delay)
        elif isinstance(step, M.Gate):
            row = routes.Row(L.GATE, path, flow.name)
            row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.t.tail_f), len(step.opens_s)
            self.t.tail_f.extend(step.opens_s.tolist())
            self.t.tail_f.extend(step.closes_s.tolist())
            row.floats[L.KF_SPREAD] = step.spread_s
        elif isinstance(step, M.Acquire | M.Release):
            row = self._tokens(flow, step, path)
        elif isinstance(step, M.Choose):
            row = self._choice(flow, step, path)
        elif isinstance(step, M.Branch):
            row = routes.Row(L.BRANCH, path, flow.name)
            row.targets = list(step.targets)
        elif isinstance(step, M.Loop):
            row = routes.Row(L.LOOP_BEGIN, path, flow.name)
            row.ints[L.K_COUNT] = step.times if step.times is not None else 0
            row.ints[L.K_PER_RECORDS] = step.per_records or 0
        elif isinstance(step, M.Switch | M.Assign):
            row = routes.Row(L.SWITCH if isinstance(step, M.Switch) else L.ASSIGN, path, flow.name)
            state = self.t.states[step.state]
            row.ints[L.K_BASE] = self.t.state_first[state]
            row.ints[L.K_WHICH] = self.t.which(flow, self.t.network.states[state].per, step.at, step.state)
            if isinstance(step, M.Switch):
                row.cases = list(step.targets)
            else:
                row.ints[L.K_COUNT] = step.value
        else:
            row = routes.Row(L.SPAWN, path, flow.name)
            row.ints[L.K_CHILD] = self.t.flows[step.flow]
            self._check_inheritance(flow, self.t.network.flows[self.t.flows[step.flow]])
        return row

    def _choice(self, flow: M.Flow, step: M.Choose, path: str) -> routes.Row:
        """Return a row that chooses among stations; each flow's step has turns of its own."""
        row = routes.Row(L.CHOOSE, path, flow.name)
        for name, label in step.targets:
            group = self.t.stations[name]
            which = self.t.which(flow, self.t.network.stations[group].per, step.at, name)
            row.choices.append((self.t.station_first[group] * L.STATION_WORDS, which, label))
        level = self.t.network.stations[self.t.stations[step.targets[0][0]]].per
        row.ints[L.K_PER_RECORDS], row.ints[L.K_WHICH] = _RULES[step.by], row.choices[0][1]
        row.ints[L.K_BASE] = self.t.new_turns(level) if step.by == "round_robin" else 0
        return row

    def _tokens(self, flow: M.Flow, step: M.Acquire | M.Release, path: str) -> routes.Row:
        """Return a row that takes tokens of a pool or gives them back."""
        pool = self.t.network.pools[self.t.pools[step.pool]]
        patience = step.patience if isinstance(step, M.Acquire) else None
        if pool.refill_per_s is not None:
            self._check_bucket(flow, pool, step)
            kind = L.METER
        elif isinstance(step, M.Release):
            # A job that holds counted tokens has those of other pools looked for among them.
            kind = L.GIVE if self._counts(flow) or pool.name in self.t.counted else L.RELEASE
        elif pool.name in self.t.counted:
            kind = L.TAKE
        else:
            kind = L.ACQUIRE if patience is None else L.PATIENT
        row = routes.Row(kind, path, flow.name)
        row.asks = patience is not None and kind in (L.PATIENT, L.TAKE)
        if step.tokens > L.MOST_AT_ONCE:
            what = f"flow {flow.name} takes {step.tokens:,} tokens of {step.pool} at once"
            raise routes.refuse(what, f"take at most {L.MOST_AT_ONCE:,}, or let one token stand for many")
        if kind in (L.TAKE, L.GIVE):
            row.ints[L.K_COUNT], row.ints[L.K_TARGET] = step.tokens, int(pool.discipline == "priority")
        if patience is not None:
            row.ints[L.K_SAMPLER] = self.t.samplers.add(patience)
        row.ints[L.K_BASE] = self.t.pool_first[self.t.pools[step.pool]] * L.POOL_WORDS
        row.ints[L.K_WHICH] = self.t.which(flow, pool.per, step.at, step.pool)
        return row

    @staticmethod
    def _check_bucket(flow: M.Flow, pool: M.Pool, step: M.Acquire | M.Release) -> None:
        """Refuse what cannot be asked of a pool whose tokens are refilled."""
        if isinstance(step, M.Release):
            raise routes.refuse(f"flow {flow.name} releases {pool.name}, whose tokens are refilled", "delete the release")
        if step.patience is not None and step.patience != constant(0.0):
            what = f"flow {flow.name} waits for {pool.name}, whose tokens are refilled, as long as its patience lasts"
            raise routes.refuse(what, "let it wait for good, or not at all: a patience of 0 s")
        if step.tokens > 1 or pool.discipline != "fifo":
            what = f"tokens of {pool.name} are refilled, so they go out one by one in the order of asking"
            raise routes.refuse(what, f"let flow {flow.name} take one token, first come first served")

    def _part(self, flow: M.Flow, part: M.Part, path: str) -> routes.Row:
        """Return a row that adds to the demand of the visit behind it."""
        row = routes.Row(L.PART, path, flow.name)
        routes.set_distribution(row, part.value)
        row.floats[L.KF_PER_RECORD], row.floats[L.KF_LESS] = part.scale_s, part.less
        return row

    def _check_inheritance(self, flow: M.Flow, child: M.Flow) -> None:
        """Refuse a spawned job on another level than its parent, whose places it takes over."""
        for end in ("origin", "destination"):
            own, inherited = getattr(child, end), getattr(flow, end)
            if own not in (None, inherited):
                raise routes.refuse(
                    f"flow {child.name} has {end} {own}, but flow {flow.name}, which spawns it, has {inherited or 'none'}",
                    f"give both flows the same {end}",
                )

    def _branch_table(self, row: routes.Row, labels: dict[str, int]) -> None:
        row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.t.tail_i), len(row.targets)
        row.ints[L.K_BASE] = len(self.t.cumulative)
        total = 0.0
        for label, probability in row.targets:
            total += probability
            self.t.cumulative.append(total)
            self.t.tail_i.append(labels[label or "exit"])
        self.t.cumulative[-1] = 1.0

    def _switch_table(self, row: routes.Row, labels: dict[str, int]) -> None:
        """Pairs of a value and the step it leads to."""
        row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.t.tail_i), len(row.cases)
        for value, label in row.cases:
            self.t.tail_i += [value, labels[label or "exit"]]

    def columns(self, route: list[routes.Row]) -> tuple[list[list[int]], int, int]:
        """Give each random step its place in the job; returns the fill plan, drawn words and further words."""
        plan: list[list[int]] = []
        drawn = extra = 0
        for row, after, ahead in zip(route, [*route[1:], None], routes.drawn_ahead(route), strict=True):
            random = row.distribution is not None and row.distribution.kind != "constant"
            if random and row.distribution is not None:
                row.ints[L.K_SAMPLER] = self.t.samplers.add(row.distribution)
                paired = after is not None and after.kind == L.BRANCH and not after.labelled
            elif row.kind == L.BRANCH and row.ints[L.K_COLUMN] < 0:
                random, paired = True, False
            if random:
                row.ints[L.K_COLUMN], row.ints[L.K_COLUMNS] = L.JOB_HEADER + drawn, ahead
                drawn += ahead
                if paired and after is not None:
                    row.ints[L.K_PAIR] = after.ints[L.K_COLUMN] = L.JOB_HEADER + drawn
                    drawn += ahead
                plan.extend(routes.fill_entries(row))
            asks = row.asks or row.kind == L.SPAWN
            if row.cyclic and (random or asks):
                row.ints[L.K_OCCURRENCE] = extra
                extra += 1
            if row.kind == L.LOOP_BEGIN:
                row.ints[L.K_COUNTER] = extra
                extra += 1
        routes.share_loop_counters(route)
        return plan, drawn, extra


def shift_counters(rows: list[routes.Row], drawn_words: int) -> None:
    """Counters stand behind the widest flow's drawn values, so that one copy of a block row fills every flow."""
    for row in rows:
        for column in (L.K_OCCURRENCE, L.K_COUNTER):
            if row.ints[column] >= 0:
                row.ints[column] += L.JOB_HEADER + drawn_words
