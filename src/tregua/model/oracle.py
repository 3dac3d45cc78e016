"""The same week in slow, obvious Python: what the compiled kernel must agree with, digit for digit.

Written from the description of the model (sections 3 to 8), not from the kernel: people and capitals are small objects
named by id, a step is read from top to bottom, and nothing is shared with the kernel but the scalar equations of the
mechanisms, the draws and the numbers of the processes. Sums run in order of id, because floating-point addition is not
associative.

It is some hundred times slower than the kernel. Tests use it, and whoever wants to step through a week in a debugger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from tregua.model import draws, kernel
from tregua.model.levers import LEVER_IDS, Timeline
from tregua.model.mechanisms import (
    adherence,
    betrayal,
    capital,
    command,
    compliance,
    contest,
    extortion,
    interlocutors,
    linking,
    membership,
    politics,
    prison,
    recording,
    repression,
    retaliation,
)
from tregua.model.outcomes import FLOWS
from tregua.model.state import Place
from tregua.model.world import World

WEEK = 7.0
DAYS_PER_YEAR = 365.25
TRUCE_THRESHOLD = 0.35
KINDS = (interlocutors.GENUINE, interlocutors.DUAL, interlocutors.AGENT)


class Chance:
    """Draws of a stochastic history: counts are whole, each fixed by its key and its process."""

    def normal(self, key: int, process: int) -> float:
        return draws.normal(draws.uniform(key, process))

    def poisson(self, mean: float, key: int, process: int) -> float:
        return draws.poisson(mean, draws.uniform(key, process))

    def exits(self, n: float, hazard: float, key: int, process: int) -> float:
        return draws.exits(n, hazard, draws.uniform(key, process))

    def split(self, n: float, p: float, key: int, process: int) -> float:
        return draws.split(n, p, draws.uniform(key, process))

    def rounded(self, x: float, key: int, process: int) -> float:
        return draws.rounded(x, draws.uniform(key, process))

    def mood_factor(self, th: Any, shared: float, local: float) -> float:
        return retaliation.mood_factor(th, shared, local)


class Expectation(Chance):
    """Every draw replaced by its mean."""

    def normal(self, key: int, process: int) -> float:
        return 0.0

    def poisson(self, mean: float, key: int, process: int) -> float:
        return mean

    def exits(self, n: float, hazard: float, key: int, process: int) -> float:
        return draws.exits_mean(n, hazard, 0.5)

    def split(self, n: float, p: float, key: int, process: int) -> float:
        return draws.split_mean(n, p, 0.5)

    def rounded(self, x: float, key: int, process: int) -> float:
        return x

    def mood_factor(self, th: Any, shared: float, local: float) -> float:
        return 1.0


@dataclass
class Group:
    """One gang in one area: people, what they remember and hold, and the moods."""

    key: int
    active: float
    calmados: float
    imprisoned: float
    active_start: float
    clique_factor: float
    bonding: float
    captured: float
    local_mood: float
    remembered: float = 0.0
    mood_factor: float = 1.0

    @property
    def is_empty(self) -> bool:
        return self.active + self.calmados + self.imprisoned <= 0.0


@dataclass
class Ground:
    """One area: residents, young people at risk and in detention."""

    key: int
    population: float
    municipalities: float
    youth_start: float
    youth: float
    detained: float = 0.0


@dataclass
class Leadership:
    """One gang as a whole: its leaders and its capitals."""

    key: int
    size_start: float
    prison_reference: float
    command: float
    political: float
    linking: float
    loss_start: float = 0.0
    income_start: float = 0.0
    adherence: float = 0.0
    hiding: float = 0.0
    betrayal: float = 0.0
    chest: float = 1.0
    leader_mood: float = 0.0
    mean_compliance: float = 0.0


@dataclass
class Role:
    """One interlocutor role with a drawn type."""

    key: int
    kind: int
    belief: float
    active: bool = True
    hazard: float = 0.0
    generation: int = 0

    def parts(self) -> list[tuple[int, float, float]]:
        """(type, weight of an active role, weight of an empty one)."""
        return [(self.kind, float(self.active), float(not self.active))]


@dataclass
class RoleMixture:
    """One interlocutor role spread over the types: what the mean-field mode follows."""

    active: dict[int, float]
    empty: dict[int, float]
    belief: dict[int, float]

    def parts(self) -> list[tuple[int, float, float]]:
        """(type, weight of an active role, weight of an empty one)."""
        return [(kind, self.active[kind], self.empty[kind]) for kind in KINDS]


@dataclass
class Country:
    """The national layer."""

    support: float
    mood: float
    capture_rate: float
    mixing: float = 1.0
    cover_start: float = 0.0
    state_killing_start: float = 0.0
    watch: float = 0.0
    promises: float = 0.0
    backing: float = 0.0
    exposure: float = 0.0
    standing: float = 1.0
    abandonment: float = 0.0
    concession: float = 0.0
    mood_age: float = 0.0
    wrongly_imprisoned: float = 0.0
    exited: float = 0.0
    dead: float = 0.0
    recorded_smooth: float = 0.0
    recorded_base: float = 0.0
    base_years: float = 0.0
    votes_now: float = 0.0
    captured_now: float = 0.0


@dataclass
class Brokers:
    """Means over roles of what active roles do."""

    cover: float = 0.0
    capacity: float = 0.0
    channel: float = 0.0
    diversion: float = 0.0
    watch: float = 0.0
    access: float = 1.0


@dataclass
class Balance:
    """People of all stocks before and after one step, and the youth who came in and aged out."""

    before: float
    after: float
    born: float
    aged: float


@dataclass
class Account:
    """What a stretch of history is read into.

    Attributes
    ----------
    flows, stocks : list of dict
        Between cut days and at the later of each pair: outcome -> value.
    gang_flows, gang_stocks : list of dict
        The same by gang: gang -> outcome -> value.
    area_flows, area_stocks : list of dict
        Between area cut days and at the later: area -> outcome -> value, and area -> gang -> (A, Q, I); detained youth
        stand under the empty gang id.
    weekly : list of tuple
        Member-weighted compliance and command of every step.
    balances : list of Balance
    """

    flows: list[dict[str, float]] = field(default_factory=list)
    stocks: list[dict[str, float]] = field(default_factory=list)
    gang_flows: list[dict[str, dict[str, float]]] = field(default_factory=list)
    gang_stocks: list[dict[str, dict[str, float]]] = field(default_factory=list)
    area_flows: list[dict[str, dict[str, float]]] = field(default_factory=list)
    area_stocks: list[dict[str, dict[str, tuple[float, float, float]]]] = field(default_factory=list)
    weekly: list[tuple[float, float]] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)


@dataclass
class Week:
    """What holds for the whole country during one step."""

    lever: Any
    years: float
    index: int
    key: int
    concession: float
    programme: float
    brokers: Brokers
    branching: float = 0.0
    killing_by_state: float = 0.0
    revolt: float = 0.0
    renew: bool = False
    mood_kept: float = 1.0
    members: dict[str, float] = field(default_factory=dict)
    imprisoned: dict[str, float] = field(default_factory=dict)
    reach: dict[str, float] = field(default_factory=dict)
    obeying: dict[tuple[str, str], float] = field(default_factory=dict)
    obeyed: dict[str, float] = field(default_factory=dict)
    war: dict[str, float] = field(default_factory=dict)
    flow: dict[str, float] = field(default_factory=dict)
    access: dict[str, float] = field(default_factory=dict)
    take: dict[str, float] = field(default_factory=dict)
    municipalities: dict[str, float] = field(default_factory=dict)
    bonded: dict[str, float] = field(default_factory=dict)
    flows: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0.0))
    gang_flows: dict[str, dict[str, float]] = field(default_factory=dict)
    area_flows: dict[str, dict[str, float]] = field(default_factory=dict)
    left_prison: float = 0.0
    in_prison: float = 0.0
    wrongly: float = 0.0
    born: float = 0.0
    aged: float = 0.0


def lever_means(timeline: Timeline, first: float, last: float) -> SimpleNamespace:
    """Mean of every lever between two days."""
    out = {}
    for name in LEVER_IDS:
        path = timeline.paths.get(name, ())
        changes = [day for day, _ in path if first < day < last]
        if not changes:
            out[name] = timeline.at(name, first)
            continue
        mean = 0.0
        for start, end in zip([first, *changes], [*changes, last], strict=True):
            mean += (end - start) / (last - first) * timeline.at(name, start)
        out[name] = mean
    return SimpleNamespace(**out)


def step_days(first: float, last: float, step: float, breaks: Sequence[float]) -> list[float]:
    """Days on which steps begin, and the day on which the last one ends; the grid starts again on days of `breaks`."""
    days: list[float] = []
    stops = sorted({float(first), float(last), *(float(b) for b in breaks if first < b < last)})
    for start, end in pairwise(stops):
        day, count = start, 0
        while day < end:
            days.append(day)
            count += 1
            day = start + count * step
    return [*days, float(last)]


class PlainHistory:
    """One history, told slowly.

    Parameters
    ----------
    world : World
    place : Place
        The world after the setup seed has split it.
    values : mapping
        Parameter -> value, all of them.
    contact_start : float
        Contact on day 0.
    key : int
        Of the history, see `draws.history_key`.
    mean_field : bool
        Replace every draw by its mean.
    """

    def __init__(
        self,
        world: World,
        place: Place,
        values: Mapping[str, float],
        contact_start: float,
        key: int,
        *,
        mean_field: bool = False,
    ) -> None:
        self.th: Any = SimpleNamespace(**values)
        self.key = key
        self.chance = Expectation() if mean_field else Chance()
        self.mean_field = mean_field
        self.day, self.index = 0.0, 0
        gangs = sorted(world.gangs, key=lambda g: g.id)
        self.area_ids = sorted(a.id for a in world.areas)
        self.gang_ids = [g.id for g in gangs]
        switch = place.switch[0]
        self.arrest_by_number = switch.arrest_by_number > 0.0
        self.crowding_by_own = switch.crowding_by_own > 0.0
        self.rivalry: dict[tuple[str, str], float] = {}
        for v, victim in enumerate(self.gang_ids):
            for a, attacker in enumerate(self.gang_ids):
                within = v == a and switch.own_diagonal == 0.0
                self.rivalry[victim, attacker] = self.th.clique_rivalry if within else float(place.rivalry[v, a])
        self.areas = {name: self._ground(place, m, name) for m, name in enumerate(self.area_ids)}
        self.gangs = {gang.id: self._leadership(place, g, gang.id, gang.family) for g, gang in enumerate(gangs)}
        self.groups: dict[tuple[str, str], Group] = {}
        for m, area in enumerate(self.area_ids):
            for g, gang in enumerate(gangs):
                self.groups[area, gang.id] = self._group(place, m, g, area, gang.id, gang.family)
        self.country = Country(
            support=self.th.support_floor,
            mood=self.chance.normal(key, kernel.NATIONAL_MOOD),
            capture_rate=capital.capture_rate(self.th, len(gangs)),
        )
        self.country.mixing = self._mixing(switch.mixing)
        self.roles = [self._role(draws.id_key("role", name)) for name in world.broker_roles]
        self._steady_start(contact_start)

    # setup and steady start (sections 3 and 4)

    def _ground(self, place: Place, m: int, name: str) -> Ground:
        row = place.area[m]
        youth = float(row.youth)
        return Ground(draws.id_key("area", name), float(row.population), float(row.municipalities), youth, youth)

    def _leadership(self, place: Place, g: int, name: str, family: str) -> Leadership:
        row = place.gang[g]
        return Leadership(
            key=draws.id_key("gang", name),
            size_start=float(row.size_start),
            prison_reference=float(row.prison_reference),
            command=getattr(self.th, f"command_0_{family}"),
            political=self.th.politics_0,
            linking=self.th.linking_0,
        )

    def _group(self, place: Place, m: int, g: int, area: str, gang: str, family: str) -> Group:
        row = place.cell[m, g]
        key = draws.join(draws.id_key("area", area), draws.id_key("gang", gang))
        leverage = getattr(self.th, f"prison_leverage_{family}")
        return Group(
            key=key,
            active=float(row.active),
            calmados=float(row.calmados),
            imprisoned=float(row.imprisoned),
            active_start=float(row.active),
            clique_factor=command.clique_odds(
                leverage, float(row.prison_density), self.th.clique_sd, float(row.clique_draw)
            ),
            bonding=self.th.social_0,
            captured=self.th.capture_0,
            local_mood=self.chance.normal(draws.join(self.key, key), kernel.LOCAL_MOOD),
        )

    def _mixing(self, given: float) -> float:
        """Mixing reference: contest_rate then means killings per member-year at the start."""
        if given > 0.0:
            return float(given)
        total = mixed = 0.0
        for area in self.area_ids:
            local = self._active_in(area)
            for gang in self.gang_ids:
                active = self.groups[area, gang].active
                if active > 0.0:
                    share = active / local
                    total += active
                    mixed += active * (1.0 - share + self.rivalry[gang, gang] * share)
        if total > 0.0 and mixed > 0.0 and self.th.contest_scale != 0.0:
            return mixed / total
        return 1.0

    def _role(self, key: int) -> Role | RoleMixture:
        prior = interlocutors.prior_log_odds(self.th)
        if self.mean_field:
            shares = (self.th.type_genuine, self.th.type_dual, self.th.type_agent)
            return RoleMixture(
                dict(zip(KINDS, shares, strict=True)), dict.fromkeys(KINDS, 0.0), dict.fromkeys(KINDS, prior)
            )
        stream = draws.join(draws.join(self.key, key), 0)
        return Role(key, interlocutors.kind_drawn(self.th, draws.uniform(stream, kernel.ROLE_KIND)), prior)

    def _steady_start(self, contact_start: float) -> None:
        th, country = self.th, self.country
        brokers = self._brokers()
        country.cover_start = min(1.0, brokers.cover)
        country.watch = brokers.watch
        country.state_killing_start = repression.state_killing_start(th, brokers.watch)
        contact = command.messages(th, contact_start, brokers.channel)
        for name, gang in self.gangs.items():
            gang.loss_start = command.reference_loss(th, gang.command, contact)
            take = municipalities = 0.0
            for area in self.area_ids:
                take += th.take_per_member * self.groups[area, name].active_start
                municipalities += th.capture_0 * self.areas[area].municipalities
            gang.income_start = capital.income(th, take, municipalities, 0.0, len(self.gangs))
        n = retaliation.branching(th, country.cover_start, country.cover_start)
        for area in self.area_ids:
            self._remember_start(area, n)
            for g in self.gang_ids:
                group = self.groups[area, g]
                group.mood_factor = self.chance.mood_factor(th, country.mood, group.local_mood)

    def _remember_start(self, area: str, n: float) -> None:
        """Killings that each side remembers at the start: the fixed point of contest and revenge."""
        local = self._active_in(area)
        if local <= 0.0:
            return
        for _ in range(400):
            suffered = dict.fromkeys(self.gang_ids, 0.0)
            for attacker in self.gang_ids:
                for victim, killed in self._attack(area, attacker, local, n, 1.0, 1.0, 0.0).items():
                    suffered[victim] += killed
            moved = 0.0
            for gang in self.gang_ids:
                moved = max(moved, abs(suffered[gang] - self.groups[area, gang].remembered))
                self.groups[area, gang].remembered = suffered[gang]
            if moved < 1e-12:
                return

    # what several steps of a week ask

    def _active_in(self, area: str) -> float:
        total = 0.0
        for gang in self.gang_ids:
            total += self.groups[area, gang].active
        return total

    def _attack(
        self, area: str, attacker: str, local: float, n: float, war: float, mood: float, complied: float
    ) -> dict[str, float]:
        """Killings a year by one gang in one area, by the side that suffers them (6.1)."""
        group = self.groups[area, attacker]
        if group.active <= 0.0:
            return {}
        opposed = 0.0
        for victim in self.gang_ids:
            opposed += self.rivalry[victim, attacker] * self.groups[area, victim].active
        if opposed <= 0.0:
            return {}
        ground = contest.ground(self.th, local, self.country.mixing)
        over_ground = contest.contest(group.active, opposed, ground, war, mood)
        per_weight = (over_ground + n * group.remembered) * (1.0 - complied) / opposed
        return {
            victim: per_weight * self.rivalry[victim, attacker] * self.groups[area, victim].active
            for victim in self.gang_ids
        }

    def _brokers(self) -> Brokers:
        out = Brokers()
        for role in self.roles:
            for kind, active, empty in role.parts():
                out.cover += active * interlocutors.cover_of(kind)
                out.capacity += (active + empty * self.th.programme_survival) * interlocutors.cover_of(kind)
                out.channel += active * interlocutors.channel_of(kind)
                out.diversion += active * interlocutors.diversion_of(kind)
                out.watch += active
        for name in ("cover", "capacity", "channel", "diversion", "watch"):
            setattr(out, name, getattr(out, name) / len(self.roles) if self.roles else 0.0)
        if self.gangs:
            standing = 0.0
            for gang in self.gangs.values():
                standing += gang.linking
            out.access = linking.access(self.th, standing / len(self.gangs))
        return out

    def people(self) -> float:
        """Everybody who is counted: at risk, active, calmados, in prison, detained, exited and dead."""
        total = self.country.exited + self.country.dead
        for ground in self.areas.values():
            total += ground.youth + ground.detained
        for group in self.groups.values():
            total += group.active + group.calmados + group.imprisoned
        return total

    # the week (section 5)

    def run(
        self,
        timeline: Timeline,
        until: float,
        *,
        step: float = WEEK,
        breaks: Sequence[float] = (),
        cuts: Sequence[float] = (),
        area_cuts: Sequence[float] = (),
        return_contact: float | None = None,
    ) -> Account:
        """Go on to day `until`; arguments as those of `Simulator.run`."""
        account = Account()
        for _ in range(max(0, len(cuts) - 1)):
            account.flows.append(dict.fromkeys(FLOWS, 0.0))
            account.stocks.append({})
            account.gang_flows.append({g: {"deaths_gang": 0.0, "gang_income": 0.0} for g in self.gang_ids})
            account.gang_stocks.append({})
        for _ in range(max(0, len(area_cuts) - 1)):
            account.area_flows.append({m: {"homicides": 0.0, "homicides_recorded": 0.0} for m in self.area_ids})
            account.area_stocks.append({})
        back = timeline.at("contact", 0) if return_contact is None else return_contact
        days = step_days(self.day, until, step, breaks)
        for first, last in pairwise(days):
            before = self.people()
            week = self.week(lever_means(timeline, first, last), last - first, back)
            account.balances.append(Balance(before, self.people(), week.born, week.aged))
            account.weekly.append(self._weekly(week))
            self._write(account, week, first, last, cuts, area_cuts)
            self.day = last
        return account

    def week(self, lever: Any, days: float, return_contact: float) -> Week:
        """One step of `days` days under one mean value of each lever."""
        th, country = self.th, self.country
        years = days / DAYS_PER_YEAR
        self._keep_or_drop_the_offer(lever, years)
        w = country.standing
        contact = w * lever.contact + (1.0 - w) * return_contact
        week = Week(
            lever=lever,
            years=years,
            index=self.index,
            key=draws.join(self.key, self.index),
            concession=w * lever.concession,
            programme=w * lever.programme,
            brokers=self._brokers(),
        )
        cover = min(1.0, week.brokers.access * week.brokers.cover)
        for name, gang in self.gangs.items():
            week.flow[name] = linking.flow(th, gang.linking)
            week.access[name] = linking.access(th, gang.linking)
        country.backing = politics.commitment(
            th, lever, w * lever.commitment, country.backing, country.support, country.exposure, years
        )
        self._obedience(week, contact)
        self._leaders_choose(week, cover)
        self._mood(week)
        week.branching = retaliation.branching(th, cover, country.cover_start)
        week.killing_by_state = repression.state_killing_level(th, lever, week.brokers.watch)
        detained_before = self._detained()
        for area in self.area_ids:
            self._area(week, area)
        self._wrongly_held(week, detained_before)
        week.flows["minors_detained"] = th.minor_share * week.flows["arrests_made"]
        self._promises_and_capitals(week)
        self._what_is_recorded(week)
        self._scandal_and_support(week)
        for role in self.roles:
            if isinstance(role, Role):
                week.flows["removals_false"] += self._role_goes_on(role, lever, years)
            else:
                week.flows["removals_false"] += self._mixture_goes_on(role, lever, years)
        country.watch = week.brokers.watch
        self.index += 1
        return week

    def _keep_or_drop_the_offer(self, lever: Any, years: float) -> None:
        country = self.country
        if lever.endogenous_state <= 0.0 or (country.standing <= 0.0 and not self.mean_field):
            return
        hazard = politics.abandonment_hazard(self.th, lever, country.support, country.exposure)
        if self.mean_field:
            country.standing *= 1.0 - politics.fraction(hazard, years)
            return
        country.abandonment += hazard * years
        if country.abandonment >= draws.exponential(draws.uniform(self.key, kernel.ABANDONED)):
            country.standing = 0.0

    def _obedience(self, week: Week, contact: float) -> None:
        """Reach, and the share of each clique that would obey now: this week's contact, last week's command (6.5)."""
        th, country = self.th, self.country
        effective = command.messages(th, contact, week.brokers.access * week.brokers.channel)
        week.revolt = command.revolt(th, week.lever, week.concession, country.exposure)
        for name, gang in self.gangs.items():
            active = inside = 0.0
            for area in self.area_ids:
                active += self.groups[area, name].active
                inside += self.groups[area, name].imprisoned
            week.members[name], week.imprisoned[name] = active, inside
            week.reach[name] = command.reach(effective, week.lever.own_halt, active, inside)
            odds = command.obedience_odds(th, gang.command, week.reach[name], week.revolt)
            obeyed = 0.0
            for area in self.area_ids:
                group = self.groups[area, name]
                week.obeying[area, name] = command.obedience(odds, group.clique_factor)
                obeyed += group.active * week.obeying[area, name]
            week.obeyed[name] = obeyed / active if active > 0.0 else 0.0

    def _leaders_choose(self, week: Week, cover: float) -> None:
        """Adherence of all gangs at once, from last week's compliance of the others; hiding, war (6.1, 6.4, 6.10)."""
        th, lever = self.th, week.lever
        held_out = adherence.offer(th, lever, week.concession, self.country.backing, cover, self.country.promises)
        chosen = {}
        for name, gang in self.gangs.items():
            rivals = [other for other in self.gang_ids if other != name] or [name]
            restraint = weight = 0.0
            for other in rivals:
                restraint += self.gangs[other].size_start * self.gangs[other].mean_compliance
                weight += self.gangs[other].size_start
            seen = restraint / weight if weight > 0.0 else 0.0
            noise = self.chance.normal(draws.join(week.key, gang.key), kernel.LEADER_MOOD)
            gang.leader_mood = adherence.leadership_mood(th, gang.leader_mood, noise, week.years)
            gained = adherence.benefit(th, week.obeyed[name], held_out, seen, gang.betrayal, gang.leader_mood)
            chosen[name] = adherence.adherence(th, lever, gang.adherence, gained, week.years)
        truce = everybody = 0.0
        for name, gang in self.gangs.items():
            gang.adherence = chosen[name]
            gang.mean_compliance = compliance.compliance(gang.adherence, week.obeyed[name])
            gang.hiding = recording.hiding_practice(th, gang.hiding, gang.adherence, week.years)
            week.war[name] = contest.war(th, gang.betrayal, gang.command, gang.chest, gang.adherence)
            week.take[name] = week.municipalities[name] = week.bonded[name] = 0.0
            week.gang_flows[name] = {"deaths_gang": 0.0, "gang_income": 0.0}
            truce += week.members[name] * gang.mean_compliance
            everybody += week.members[name]
        if everybody > 0.0 and truce / everybody > TRUCE_THRESHOLD:
            week.flows["truce_years"] = week.years

    def _mood(self, week: Week) -> None:
        """Shared mood, renewed every fourth step; local moods follow in each area, for the week after (6.3)."""
        country = self.country
        country.mood_age += week.years
        week.renew = week.index > 0 and week.index % retaliation.MOOD_EVERY == 0
        if week.renew:
            week.mood_kept = retaliation.mood_kept(country.mood_age)
            country.mood_age = 0.0
            noise = self.chance.normal(week.key, kernel.NATIONAL_MOOD)
            country.mood = retaliation.mood_moved(country.mood, week.mood_kept, noise)

    # one area (steps 8 to 11)

    def _area(self, week: Week, area: str) -> None:
        th, lever, years, chance = self.th, week.lever, week.years, self.chance
        ground = self.areas[area]
        area_key = draws.join(week.key, ground.key)
        local = self._active_in(area)
        local_start = 0.0
        for gang in self.gang_ids:
            local_start += self.groups[area, gang].active_start
        per_head = 1.0 / local if local > 0.0 else 0.0
        share = {g: self.groups[area, g].active * per_head for g in self.gang_ids}
        complied = {g: compliance.compliance(self.gangs[g].adherence, week.obeying[area, g]) for g in self.gang_ids}

        suffered, suffered_hidden = dict.fromkeys(self.gang_ids, 0.0), dict.fromkeys(self.gang_ids, 0.0)
        coerced = coerced_hidden = attacked = 0.0
        for g in self.gang_ids:
            group, leaders = self.groups[area, g], self.gangs[g]
            attack = self._attack(area, g, local, week.branching, week.war[g], group.mood_factor, complied[g])
            for victim, killed in attack.items():
                suffered[victim] += killed
                suffered_hidden[victim] += leaders.hiding * killed
            coercion = contest.coercion(th, group.active, week.war[g], group.mood_factor, complied[g])
            coerced += coercion
            coerced_hidden += leaders.hiding * coercion
            attacked += repression.attacks(
                th, group.active, leaders.betrayal, leaders.command, leaders.adherence, complied[g]
            )
        residents = chance.poisson(coerced * years, area_key, kernel.COERCED)
        hidden = 0.0
        if residents > 0.0 and coerced_hidden > 0.0:
            hidden = chance.split(residents, coerced_hidden / coerced, area_key, kernel.COERCED_HIDDEN)
        other = chance.poisson(contest.background(th, ground.population) * years, area_key, kernel.BACKGROUND)
        of_state = chance.poisson(attacked * years, area_key, kernel.ATTACKED) if attacked > 0.0 else 0.0

        told = _Told(hidden=hidden)
        youth_left = ground.youth / ground.youth_start if ground.youth_start > 0.0 else 0.0
        room = membership.room_left(th, local, ground.population)
        charge = extortion.ground_factor(th, local, local_start)
        youth = ground.youth
        for g in self.gang_ids:
            group = self.groups[area, g]
            if group.is_empty and suffered[g] <= 0.0:
                self._capture(week, area, g)
                continue
            at_start = group.active
            killed = self._killings_suffered(week, group, g, suffered[g], suffered_hidden[g], told)
            joined = self._members(
                week, group, g, complied[g], killed, youth, youth_left, 1.0 if self.crowding_by_own else room, told
            )
            youth -= joined
            collusion = 0.0
            for h in self.gang_ids:
                if h != g:
                    collusion += 2.0 * share[h] * complied[g] * complied[h]
            weight = extortion.burden(th, charge, collusion, complied[g], lever.bargain_extortion)
            week.take[g] += extortion.gang_take(th, weight, local_start, share[g])
            told.reports += extortion.reports(th, charge, local_start, share[g], complied[g], lever.bargain_extortion)
            self._bonding(week, area, g, at_start, complied[g], weight)
            self._capture(week, area, g)
        arrested_youth = self._youth(week, area, area_key, youth, local, share)

        homicides = told.between + residents + other + told.by_state + of_state
        week.area_flows[area] = {"homicides": homicides, "homicides_recorded": homicides - told.hidden}
        flows = week.flows
        flows["deaths_gang"] += told.between
        flows["deaths_coercion"] += residents
        flows["deaths_background"] += other
        flows["deaths_by_state"] += told.by_state
        flows["deaths_of_state"] += of_state
        flows["homicides_hidden"] += told.hidden
        flows["extortion_reports"] += told.reports * years
        flows["arrests_made"] += told.arrests + arrested_youth
        flows["arrests_wrongful"] += told.wrongly + arrested_youth
        flows["deaths_in_custody"] += told.custody
        self.country.exited += told.exited
        self.country.dead += told.dead
        week.left_prison += told.left_prison
        week.in_prison += told.in_prison
        week.wrongly += told.wrongly

    def _killings_suffered(
        self, week: Week, group: Group, g: str, suffered: float, hidden_rate: float, told: _Told
    ) -> float:
        """Victims on one side, hidden bodies, members among the dead; then memory and mood."""
        th, chance = self.th, self.chance
        cell = draws.join(week.key, group.key)
        victims = chance.poisson(suffered * week.years, cell, kernel.VICTIMS) if suffered > 0.0 else 0.0
        killed = 0.0
        if victims > 0.0:
            killed = min(group.active, chance.split(victims, th.member_victim_share, cell, kernel.VICTIM_MEMBERS))
            if hidden_rate > 0.0:
                told.hidden += chance.split(victims, hidden_rate / suffered, cell, kernel.VICTIMS_HIDDEN)
            told.between += victims
            week.gang_flows[g]["deaths_gang"] += victims
        forgotten = retaliation.forgetting(th, week.years)
        group.remembered = retaliation.memory(group.remembered, victims * (1.0 / week.years), forgotten)
        if week.renew:
            noise = chance.normal(cell, kernel.LOCAL_MOOD)
            group.local_mood = retaliation.mood_moved(group.local_mood, week.mood_kept, noise)
            group.mood_factor = chance.mood_factor(th, self.country.mood, group.local_mood)
        return killed

    def _members(
        self,
        week: Week,
        group: Group,
        g: str,
        complied: float,
        killed: float,
        youth: float,
        youth_left: float,
        room: float,
        told: _Told,
    ) -> float:
        """Who leaves the streets, calm and prison, and who joins (6.2, 6.6); returns the recruits."""
        th, lever, years, chance = self.th, week.lever, week.years, self.chance
        cell = draws.join(week.key, group.key)
        work = membership.peace_work(
            th,
            week.programme,
            week.brokers.access * week.brokers.capacity,
            week.brokers.diversion * week.flow[g] / linking.FLOW_START,
        )
        active, calmados, inside = group.active, group.calmados, group.imprisoned

        if self.arrest_by_number:
            everybody = 0.0
            for gang in self.gang_ids:
                everybody += week.members[gang]
            arrest, arrest_calmado = repression.arrest_hazard_by_number(th, lever, everybody), 0.0
        else:
            arrest = repression.arrest_hazard(th, lever, group.captured, complied)
            arrest_calmado = repression.arrest_hazard_calmado(th, lever)
        shoot = repression.state_killing(week.killing_by_state, week.war[g], complied)
        calm = membership.calming(th, work, self.gangs[g].adherence)
        crowd = th.own_crowding * active if self.crowding_by_own else 0.0

        total = arrest + shoot + calm + crowd
        alive = active - killed
        left = chance.exits(alive, total * years, cell, kernel.LEAVING_ACTIVE)
        arrested = shot = calmed = 0.0
        if left > 0.0:
            arrested = chance.split(left, arrest / total, cell, kernel.ARRESTED)
            rest = total - arrest
            if rest > 0.0:
                shot = chance.split(left - arrested, shoot / rest, cell, kernel.KILLED_BY_STATE)
                calmed = left - arrested - shot
                if crowd > 0.0:
                    calmed = chance.split(calmed, calm / (calm + crowd), cell, kernel.CALMING)
        crowded_out = left - arrested - shot - calmed

        shoot_calmado = th.misid_calm * shoot
        relapse, retire = th.relapse_rate, membership.full_exit(th, work)
        total = arrest_calmado + shoot_calmado + relapse + retire
        left_calm = chance.exits(calmados, total * years, cell, kernel.LEAVING_CALMADO)
        calm_arrested = calm_shot = relapsed = 0.0
        if left_calm > 0.0:
            calm_arrested = chance.split(left_calm, arrest_calmado / total, cell, kernel.CALMADO_ARRESTED)
            rest = total - arrest_calmado
            if rest > 0.0:
                calm_shot = chance.split(left_calm - calm_arrested, shoot_calmado / rest, cell, kernel.CALMADO_KILLED)
                rest -= shoot_calmado
            if rest > 0.0:
                relapsed = chance.split(
                    left_calm - calm_arrested - calm_shot, relapse / rest, cell, kernel.CALMADO_RELAPSED
                )
        retired = left_calm - calm_arrested - calm_shot - relapsed

        out = chance.exits(inside, prison.leaving_prison(th) * years, cell, kernel.LEAVING_PRISON)
        died = rejoined = 0.0
        if out > 0.0:
            died = chance.split(out, prison.custody_share(th), cell, kernel.DIED_INSIDE)
            rejoined = chance.split(out - died, th.rejoin_share, cell, kernel.REJOINED)

        joining = membership.recruits(th, active, youth_left, room, group.bonding)
        joined = min(youth, chance.poisson(joining * years, cell, kernel.RECRUITED))

        group.active = alive - left + relapsed + rejoined + joined
        group.calmados = calmados - left_calm + calmed + (out - died - rejoined)
        group.imprisoned = inside - out + arrested + calm_arrested
        told.left_prison += out
        told.in_prison += inside
        told.wrongly += calm_arrested
        told.arrests += arrested + calm_arrested
        told.by_state += shot + calm_shot
        told.custody += died
        told.exited += retired + crowded_out
        told.dead += killed + shot + calm_shot + died
        return joined

    def _bonding(self, week: Week, area: str, g: str, active: float, complied: float, burden: float) -> None:
        """Standing with residents (6.8)."""
        th, group = self.th, self.groups[area, g]
        bought = week.programme * week.brokers.diversion * week.flow[g] / linking.FLOW_START
        group.bonding = capital.bonding_capital(
            th, group.bonding, capital.bonding_upkeep(th), complied, bought, burden, week.war[g], week.years
        )
        week.bonded[g] += active * group.bonding

    def _capture(self, week: Week, area: str, g: str) -> None:
        """Municipalities with a deal, gangs in turn; a gang without members there can keep and make one (6.8)."""
        th, group = self.th, self.groups[area, g]
        taken = 0.0
        for h in self.gang_ids:
            if h != g:
                taken += self.groups[area, h].captured
        gain = capital.capture_gain(self.country.capture_rate, self.gangs[g].political, week.lever.pacts)
        loss = capital.capture_loss(th, week.lever, self.country.exposure)
        moved = capital.fraction(gain + loss, week.years)
        group.captured = capital.captured(group.captured, taken, gain / (gain + loss), moved)
        week.municipalities[g] += group.captured * self.areas[area].municipalities

    def _youth(
        self, week: Week, area: str, area_key: int, youth: float, local: float, share: Mapping[str, float]
    ) -> float:
        """Young people arrested as if active, ageing out, coming in, leaving detention; returns the arrests (6.6)."""
        th, years, chance, ground = self.th, week.years, self.chance, self.areas[area]
        hazard = 0.0 if self.arrest_by_number else repression.arrest_hazard_youth(th, week.lever)
        arrested = chance.exits(youth, hazard * years, area_key, kernel.YOUTH_ARRESTED)
        youth -= arrested
        turnover = membership.YOUTH_TURNOVER
        aged = min(youth, chance.rounded(turnover * youth * years, area_key, kernel.YOUTH_AGED))
        born = chance.rounded(turnover * ground.youth_start * years, area_key, kernel.YOUTH_BORN)
        released = recruited = 0.0
        if ground.detained > 0.0:
            released = chance.exits(ground.detained, prison.YOUTH_RELEASE * years, area_key, kernel.YOUTH_RELEASED)
            if released > 0.0 and local > 0.0:
                recruited = chance.split(released, th.prison_recruit, area_key, kernel.YOUTH_RECRUITED)
        left_to_share, share_left = recruited, 1.0
        for g in self.gang_ids:
            if left_to_share > 0.0 and share_left > 0.0:
                cell = draws.join(week.key, self.groups[area, g].key)
                joining = chance.split(left_to_share, share[g] / share_left, cell, kernel.RECRUITED_INSIDE)
                self.groups[area, g].active += joining
                left_to_share -= joining
                share_left -= share[g]
        recruited -= left_to_share
        ground.detained += arrested - released
        ground.youth = youth - aged + born + released - recruited
        week.born += born
        week.aged += aged
        return arrested

    # the country after its areas (steps 12 to 14)

    def _detained(self) -> float:
        total = 0.0
        for ground in self.areas.values():
            total += ground.detained
        return total

    def _wrongly_held(self, week: Week, detained_before: float) -> None:
        """Calmados in prison leave it like everyone inside; time wrongly held is the mean over the step (6.6)."""
        country = self.country
        before = country.wrongly_imprisoned
        gone = 0.0
        if week.in_prison > 0.0:
            gone = self.chance.split(before, week.left_prison / week.in_prison, week.key, kernel.WRONGLY_LEFT)
            still_inside = week.in_prison - week.left_prison
            gone = min(week.left_prison, max(gone, before - still_inside))
        country.wrongly_imprisoned = before - gone + week.wrongly
        held_twice = before + country.wrongly_imprisoned + detained_before + self._detained()
        week.flows["detention_wrongful_years"] = 0.5 * held_twice * week.years

    def _promises_and_capitals(self, week: Week) -> None:
        """Promises come first, because those that ran out this week are held against the state this week (6.8, 6.9)."""
        th, lever, years, country = self.th, week.lever, week.years, self.country
        country.promises += country.standing * lever.offer * years
        country.promises -= betrayal.promises_paid(country.promises, week.programme, years)
        expired = betrayal.promises_expired(th, country.promises, years)
        country.promises -= expired
        cut, country.concession = country.concession - week.concession, week.concession
        votes = take = municipalities = 0.0
        for name, gang in self.gangs.items():
            size = week.members[name]
            shooting = repression.state_killing(week.killing_by_state, week.war[name], gang.mean_compliance)
            excess = 1000.0 * (shooting - country.state_killing_start)
            inflow = betrayal.betrayal_inflow(th, lever, expired, cut, excess, years)
            income = capital.income(th, week.take[name], week.municipalities[name], week.concession, len(self.gangs))
            income_ratio = income / gang.income_start if gang.income_start > 0.0 else 0.0
            diverted = week.brokers.diversion * week.programme * week.flow[name]
            bonding = week.bonded[name] / size if size > 0.0 else th.social_0
            voters = size * bonding / th.social_0
            votes_ratio = voters / gang.size_start if gang.size_start > 0.0 else 0.0
            inside = prison.prison_share(size, week.imprisoned[name])
            prison_ratio = inside / gang.prison_reference if gang.prison_reference > 0.0 else 0.0
            seen = gang.mean_compliance
            gang.chest = capital.war_chest(gang.chest, income_ratio, diverted, years)
            gang.political = politics.political_capital(
                th, lever, gang.political, votes_ratio, week.access[name], seen, years
            )
            gang.command = command.command_step(
                th, gang.command, week.reach[name], prison_ratio, diverted, gang.loss_start, week.revolt, years
            )
            gang.betrayal = betrayal.betrayal(th, gang.betrayal, inflow, years)
            gang.linking = linking.linking_capital(
                th,
                lever,
                gang.linking,
                week.programme,
                week.brokers.watch,
                seen,
                week.flow[name],
                country.exposure,
                years,
            )
            week.flows["gang_income"] += income * years
            week.gang_flows[name]["gang_income"] = income * years
            votes += th.votes_per_member * voters
            take += week.take[name]
            municipalities += week.municipalities[name]
        week.flows["extortion_paid"] = th.victim_cost_ratio * take * years
        country.votes_now = min(politics.VOTES_CAP, votes)
        country.captured_now = municipalities

    def _what_is_recorded(self, week: Week) -> None:
        flows = week.flows
        kinds = ("deaths_gang", "deaths_coercion", "deaths_background", "deaths_by_state", "deaths_of_state")
        homicides = flows[kinds[0]]
        for kind in kinds[1:]:
            homicides += flows[kind]
        flows["homicides"] = homicides
        flows["homicides_recorded"] = homicides - flows["homicides_hidden"]
        flows["disappearance_reports"] = recording.disappearance_reports(self.th, flows["homicides_hidden"], week.years)

    def _scandal_and_support(self, week: Week) -> None:
        """Exposure by chance; support follows the smoothed fall against the mean of the first three years (6.11)."""
        th, lever, years, country = self.th, week.lever, week.years, self.country
        recorded = week.flows["homicides_recorded"]
        rate = recorded / years
        if country.base_years < politics.BASELINE_YEARS:
            if country.base_years == 0.0:
                country.recorded_smooth = rate
            country.recorded_base += recorded
            country.base_years += years
        country.recorded_smooth += politics.fall_moved(years) * (rate - country.recorded_smooth)
        fall = 0.0
        if country.base_years >= politics.BASELINE_YEARS and country.recorded_base > 0.0:
            fall = 1.0 - country.recorded_smooth * country.base_years / country.recorded_base
        expected = politics.exposures_expected(th, lever, week.concession, years)
        events = self.chance.poisson(expected, week.key, kernel.EXPOSED)
        country.exposure = politics.exposure(country.exposure, events, years)
        country.support = politics.support(th, lever, country.support, fall, years)

    def _role_goes_on(self, role: Role, lever: Any, years: float) -> float:
        """Belief, removal and return of one role; returns 1 if a genuine one is removed (section 7)."""
        th = self.th
        stream = draws.join(draws.join(self.key, role.key), role.generation)
        if th.signal_info > 0.0:
            noise = draws.normal(draws.uniform(stream, kernel.ROLE_SIGNAL + self.index))
            role.belief = interlocutors.belief_moved(th, role.belief, role.kind, noise, years)
        if role.active:
            role.hazard += interlocutors.removal_hazard(th, lever, role.belief) * years
        else:
            role.hazard += interlocutors.filling_hazard(th, lever) * years
        if role.hazard < draws.exponential(draws.uniform(stream, kernel.ROLE_STRIKE)):
            return 0.0
        role.hazard = 0.0
        role.generation += 1
        role.active = not role.active
        if not role.active:
            return 1.0 if role.kind == interlocutors.GENUINE else 0.0
        prior = interlocutors.prior_log_odds(th)
        if draws.uniform(stream, kernel.ROLE_RETURN) > interlocutors.believed_agent(role.belief):
            role.belief = interlocutors.belief_returned(th, role.belief, prior)
        else:
            fresh = draws.join(draws.join(self.key, role.key), role.generation)
            role.kind = interlocutors.kind_drawn(th, draws.uniform(fresh, kernel.ROLE_KIND))
            role.belief = prior
        return 0.0

    def _mixture_goes_on(self, role: RoleMixture, lever: Any, years: float) -> float:
        """The same in expectation; the belief of a type is the mean over those who stay, return and are new."""
        th = self.th
        prior = interlocutors.prior_log_odds(th)
        filling = interlocutors.fraction(interlocutors.filling_hazard(th, lever), years)
        fresh = wrong = 0.0
        for kind in KINDS:
            belief = interlocutors.belief_moved(th, role.belief[kind], kind, 0.0, years)
            hazard = interlocutors.removal_hazard(th, lever, belief)
            removed = role.active[kind] * interlocutors.fraction(hazard, years)
            filled = role.empty[kind] * filling
            same = filled * (1.0 - interlocutors.believed_agent(belief))
            here = role.active[kind] - removed
            if same > 0.0:
                returned = interlocutors.belief_returned(th, belief, prior)
                belief = (here * belief + same * returned) / (here + same)
            role.belief[kind] = belief
            role.active[kind] = here + same
            role.empty[kind] += removed - filled
            fresh += filled - same
            if kind == interlocutors.GENUINE:
                wrong = removed
        for kind, part in zip(KINDS, (th.type_genuine, th.type_dual, th.type_agent), strict=True):
            here, drawn = role.active[kind], fresh * part
            if drawn > 0.0:
                role.belief[kind] = (here * role.belief[kind] + drawn * prior) / (here + drawn)
                role.active[kind] = here + drawn
        return wrong

    # the record (step 15)

    def _weekly(self, week: Week) -> tuple[float, float]:
        active = complied = order = 0.0
        for name, gang in self.gangs.items():
            active += week.members[name]
            complied += week.members[name] * gang.mean_compliance
            order += week.members[name] * gang.command
        return (complied / active, order / active) if active > 0.0 else (0.0, 0.0)

    def _write(
        self,
        account: Account,
        week: Week,
        first: float,
        last: float,
        cuts: Sequence[float],
        area_cuts: Sequence[float],
    ) -> None:
        """Share the flows of the step over the cut days by days; read stocks on the cut days that it reaches."""
        for i, (start, end) in enumerate(pairwise(cuts)):
            overlap = min(end, last) - max(start, first)
            if overlap <= 0.0:
                continue
            part = overlap / (last - first)
            for name in FLOWS:
                account.flows[i][name] += part * week.flows[name]
            for gang in self.gang_ids:
                for name, value in week.gang_flows[gang].items():
                    account.gang_flows[i][gang][name] += part * value
            if end <= last:
                account.stocks[i] = self.stocks()
                account.gang_stocks[i] = {gang: self.gang_stocks(gang) for gang in self.gang_ids}
        for i, (start, end) in enumerate(pairwise(area_cuts)):
            overlap = min(end, last) - max(start, first)
            if overlap <= 0.0:
                continue
            part = overlap / (last - first)
            for area in self.area_ids:
                for name, value in week.area_flows[area].items():
                    account.area_flows[i][area][name] += part * value
            if end <= last:
                account.area_stocks[i] = {area: self.area_stocks(area) for area in self.area_ids}

    def gang_stocks(self, name: str) -> dict[str, float]:
        """Stocks of one gang now: outcome -> value."""
        gang = self.gangs[name]
        active = calmados = inside = bonded = 0.0
        for area in self.area_ids:
            group = self.groups[area, name]
            active += group.active
            calmados += group.calmados
            inside += group.imprisoned
            bonded += group.active * group.bonding
        return {
            "members_active": active,
            "calmados": calmados,
            "members_imprisoned": inside,
            "capital_bonding": bonded / active if active > 0.0 else 0.0,
            "capital_linking": gang.linking,
            "capital_political": gang.political,
            "capital_criminal": gang.chest,
            "command": gang.command,
            "adherence": gang.adherence,
            "compliance": gang.mean_compliance,
            "betrayal": gang.betrayal,
        }

    def area_stocks(self, area: str) -> dict[str, tuple[float, float, float]]:
        """People of one area now: gang -> (active, calmados, imprisoned), and detained youth under the empty id."""
        out = {
            gang: (
                self.groups[area, gang].active,
                self.groups[area, gang].calmados,
                self.groups[area, gang].imprisoned,
            )
            for gang in self.gang_ids
        }
        return {**out, "": (self.areas[area].detained, 0.0, 0.0)}

    def stocks(self) -> dict[str, float]:
        """National stocks now: outcome -> value."""
        country = self.country
        active = calmados = inside = bonded = linked = political = chest = 0.0
        order = adhered = complied = betrayed = agents = 0.0
        for name, gang in self.gangs.items():
            size = 0.0
            for area in self.area_ids:
                group = self.groups[area, name]
                size += group.active
                calmados += group.calmados
                inside += group.imprisoned
                bonded += group.active * group.bonding
            active += size
            linked += size * gang.linking
            political += gang.political
            chest += gang.chest
            order += size * gang.command
            adhered += size * gang.adherence
            complied += size * gang.mean_compliance
            betrayed += size * gang.betrayal
        for role in self.roles:
            for kind, here, _ in role.parts():
                if kind == interlocutors.AGENT:
                    agents += here
        heads = active if active > 0.0 else 1.0
        count = len(self.gangs)
        out = {
            "members_active": active,
            "calmados": calmados,
            "members_imprisoned": inside,
            "members_exited": country.exited,
            "members_dead": country.dead,
            "youth_detained": self._detained(),
            "agents_missed": agents,
            "monitoring_lost": 1.0 - country.watch,
            "votes_deliverable": country.votes_now,
            "municipalities_captured": country.captured_now,
            "capital_bonding": bonded / heads,
            "capital_linking": linked / heads,
            "capital_political": political / count if count else 0.0,
            "capital_criminal": chest / count if count else 0.0,
            "command": order / heads,
            "adherence": adhered / heads,
            "compliance": complied / heads,
            "betrayal": betrayed / heads,
            "promises": country.promises,
            "commitment_effective": country.backing,
            "exposure": country.exposure,
            "support": country.support,
            "external_command": 0.0,
        }
        if self.gangs:
            largest = max(self.gangs.values(), key=lambda gang: gang.size_start)
            out["external_command"] = largest.command * largest.chest
        return out


@dataclass
class _Told:
    """Counts of one area in one step."""

    hidden: float = 0.0
    between: float = 0.0
    by_state: float = 0.0
    reports: float = 0.0
    arrests: float = 0.0
    wrongly: float = 0.0
    custody: float = 0.0
    exited: float = 0.0
    dead: float = 0.0
    left_prison: float = 0.0
    in_prison: float = 0.0
