"""``tregua compare``: every response against no truce, under every reading, in deaths and in rights."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tregua.cli import probe
from tregua.cli.evidence import Evidence, evaluate
from tregua.cli.evidence import rows as evidence_rows
from tregua.cli.evidence import show as show_evidence
from tregua.cli.option import (
    Arms,
    Draws,
    DrawsFrom,
    Json,
    Lang,
    Luck,
    Out,
    Quiet,
    Readings,
    Seed,
    Sets,
    Step,
    Threads,
    listed,
    own_posteriors,
    settings,
)
from tregua.cli.phrase import phrase
from tregua.cli.screen import FLIP_STYLE, RESPONSE_STYLE, Cell, Column, Screen, fitting
from tregua.cli.source import gates, source_lines
from tregua.errors import UsageError

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.explore.comparison import Comparison
    from tregua.explore.experiment import Experiment
    from tregua.explore.regret import BreakEven, Regret, Utilities
    from tregua.explore.value_of_evidence import Noise
    from tregua.ledger.ledger import Ledger
    from tregua.report.format import Formatter
    from tregua.report.inputs import Regret as RegretRow
    from tregua.report.verdict import Verdict
    from tregua.runs.local import RunReport

SET_ASIDE = 3
MILLION = 1e6
LABEL_WIDTH, SPAN = 16, 24
KILLINGS = "homicides"
OPTIONS = {"draws": "draws", "luck": "luck", "seed": "seed", "reading": "readings", "arm": "arms", "step": "step"}
FLIP, MOSTLY_ASSUMED = "⇄", "P"
# The table drops its last columns where the width lacks; deaths, rights, payments, votes and flips stay.
COLUMNS = (
    "homicides",
    "deaths_by_state",
    "deaths_in_custody",
    "arrests_wrongful",
    "extortion_paid",
    "votes_deliverable",
    "flips",
    "minors_detained",
    "regret",
)
LAST = ("minors_detained", "regret")


def compare(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="A case folder, or the id of a bundled case.")] = "el_salvador_2012",
    plan: Annotated[
        Path | None, typer.Option("--plan", help="An experiment in a TOML file; options given here come after it.")
    ] = None,
    decision: Annotated[
        str | None, typer.Option("--decision", help="Decision point; the first of the case by default.")
    ] = None,
    horizon: Annotated[
        int | None, typer.Option("--horizon", min=1, help="Years after the decision; 5 where there are 5.")
    ] = None,
    draws: Draws = 100,
    luck: Luck = 1,
    seed: Seed = 20120308,
    reading: Readings = None,
    arm: Arms = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(
            "--weights",
            help="Outcome weights: deaths_only, deaths_and_rights, residents, or outcome=deaths per unit; repeat it.",
        ),
    ] = None,
    belief: Annotated[
        list[str] | None,
        typer.Option(
            "--belief",
            help="Reading weights: equal, civil_society, law_enforcement, or reading=weight summing to 1; repeat it.",
        ),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", help="Most accepted against no truce, outcome=difference; repeat it."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="What would change the choice if it were settled.")
    ] = False,
    noise: Annotated[
        str | None,
        typer.Option(
            "--noise",
            help="Chance that an inquiry says yes where it is no, and no where it is yes: 0.1 or 0.1,0.2.",
        ),
    ] = None,
    sensitivity: Annotated[
        str | None,
        typer.Option("--sensitivity", help="What moves the homicides of this response (SALib; a minute or two)."),
    ] = None,
    fails: Annotated[
        str | None,
        typer.Option("--fails", help="Where this response fails --threshold, or has more killings (EMA Workbench)."),
    ] = None,
    interlocutors: Annotated[
        bool,
        typer.Option("--interlocutors", help="Both errors of prosecuting, listing or protecting interlocutors."),
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Every reading, outcome and regret.")] = False,
    step: Step = 7.0,
    set_: Sets = None,
    draws_from: DrawsFrom = "",
    threads: Threads = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", help="Scheduler of a Dask cluster, tcp://host:port; the same digits."),
    ] = None,
    out: Out = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare responses under rival readings of the facts, in deaths and in rights."""
    import os

    from tregua.case.load import load_case
    from tregua.explore.comparison import comparison_shards, comparisons, horizon_of, waiting_for_refit
    from tregua.explore.experiment import Experiment, Recipe, Worker
    from tregua.explore.plan import load_plan
    from tregua.explore.study import store_folder
    from tregua.runs.cluster import connected, run_on_cluster
    from tregua.runs.local import run_shards
    from tregua.runs.store import Store

    screen = Screen(lang, quiet=quiet, as_json=as_json)
    workers = threads or os.cpu_count() or 1
    written_plan = None if plan is None else load_plan(plan)
    given: dict[str, Any] = {
        "draws": draws, "luck": luck, "seed": seed, "readings": listed(reading), "arms": listed(arm), "step": step,
        "overrides": settings(set_), "draws_from": draws_from,
    }  # fmt: skip
    parent = Path(out) if out else Path("out")
    if written_plan is None:
        opened = load_case(case)
        experiment = Experiment(opened, **given, posteriors=own_posteriors(parent, opened.id))
    else:
        case = case if spoken(context, "case") else written_plan.case or case
        decision = decision or written_plan.decision
        horizon = horizon or written_plan.horizon
        chosen = {field: given[field] for name, field in OPTIONS.items() if spoken(context, name)}
        chosen["overrides"] = {**written_plan.set, **settings(set_)}
        chosen["draws_from"] = draws_from
        opened = load_case(case)
        chosen["posteriors"] = own_posteriors(parent, opened.id)
        experiment = replace(written_plan, decision=decision).experiment(opened, **chosen)
        draws, luck, seed = experiment.draws, experiment.luck, experiment.seed
    loaded = experiment.case
    point = chosen_decision(experiment, decision)
    years = horizon_of(experiment, point, horizon)
    outcome_sets = named_weights(weights, written_plan.weights if written_plan else {})
    beliefs = named_beliefs(belief, written_plan.belief if written_plan else {})
    limits = {**(written_plan.threshold if written_plan else {}), **numbers(threshold, "--threshold")}
    rates = error_rates(noise)
    check_asked(experiment, point, beliefs, limits, fails=fails, sensitivity=sensitivity)
    command = "tregua " + " ".join(sys.argv[1:]) if sys.argv[1:] else f"tregua compare {loaded.id}"
    folder = parent / loaded.id
    store = Store.open(store_folder(folder.parent, loaded.id), experiment.origin, case_id=loaded.id, command=command)
    shards = comparison_shards(experiment, point)
    if not shards:
        comparisons(experiment, store, point)
    with screen.stages() as shown, shown.begin(phrase("run.compare", lang)) as stage:
        if cluster is None:
            report = run_shards(shards, Worker(experiment), store, workers, stage.follow)
        else:
            with connected(cluster) as client:
                report = run_on_cluster(shards, Recipe.of(experiment), store, client, stage.follow)
    found = comparisons(experiment, store, point)
    told = [Told(one, years, outcome_sets, beliefs, limits) for one in found]
    values: list[Evidence] = []
    why = ""
    if evidence:
        ledger, why = read_ledger(loaded, lang)
        with screen.stages() as shown, shown.begin(phrase("compare.evidence.stage", lang)):
            values = [item for one in told for item in one.evidence(experiment, beliefs, rates, ledger, lang)]
    written = save(folder / "tables", told, values)
    words = formatter(lang, loaded.number_style)
    # Nothing of this is printed under --json: the object at the end says it all.
    for line in source_lines(experiment.source, lang):
        screen.note(line)
    for one in told:
        Page(screen, words, experiment, one, full).show()
    across(screen, experiment, told)
    if evidence:
        show_evidence(screen, words, experiment, values, rates)
        if why:
            screen.say(phrase("compare.evidence.no_ledger", lang, why=why))
    deeper: dict[str, Any] = {}
    if fails is not None:
        deeper["fails"] = [probe.failures(screen, experiment, one, fails, limits, years) for one in found]
    if interlocutors:
        deeper["interlocutors"] = probe.interlocutors(screen, words, experiment, store, point, years, workers)
    if sensitivity is not None:
        deeper["sensitivity"] = probe.sensitivity(screen, words, experiment, point, sensitivity, years, workers)
    written += kept_probes(folder / "tables", deeper, experiment, point, years)
    waiting = waiting_for_refit(experiment)
    if waiting:
        screen.say(phrase("run.refit", lang, readings=", ".join(waiting)))
    screen.note(phrase("compare.wrote", lang, paths=", ".join(str(path) for path in written)))
    set_aside(screen, report)
    if as_json:
        screen.json(
            {
                "case": loaded.id,
                "case_digest": loaded.digest,
                "model_digest": experiment.origin.model,
                "parameters_from": experiment.source.kind,
                "gates": gates(experiment.source),
                "seed": seed,
                "draws": draws,
                "luck": luck,
                "decision": point,
                "horizon": years,
                "beyond_figures": beyond(experiment, point, years),
                "reference": told[0].comparison.table.reference,
                "needs_refit": list(waiting),
                "comparisons": [one.as_dict() for one in told],
                "evidence": evidence_rows(values) if evidence else None,
                **deeper,
                "written": [str(path) for path in written],
                "failed": len(report.failures) + len(report.failed_shards),
            }
        )
    screen.harm()
    if report.failures or report.failed_shards:
        raise typer.Exit(SET_ASIDE)


def kept_probes(
    folder: Path, deeper: Mapping[str, Any], experiment: Experiment, decision: str, horizon: int
) -> list[Path]:
    """Keep what was probed, so that the page can show it."""
    from tregua.report.probes import FAILS, ROLES, SENSITIVITY, keep

    origin = {
        "case_digest": experiment.case.digest,
        "model_digest": experiment.origin.model,
        "decision": decision,
        "horizon": horizon,
    }
    names = {"sensitivity": SENSITIVITY, "interlocutors": ROLES, "fails": FAILS}
    return [keep(folder, names[key], found, **origin) for key, found in deeper.items() if key in names]


def chosen_decision(experiment: Experiment, asked: str | None) -> str:
    """The decision point asked for, the first one by default; E60 where there is no such."""
    known = list(experiment.case.decisions)
    if not known:
        raise UsageError(
            "this case has no decision to compare responses at", key="--decision", found="none",
            allowed="a case with [[decisions]]", mend="add one to case.toml",
        )  # fmt: skip
    if asked is not None and asked not in known:
        raise UsageError(
            "no such decision", key="--decision", found=asked, allowed=", ".join(known),
            mend="use one of the ids listed",
        )  # fmt: skip
    return asked or known[0]


def numbers(values: Sequence[str] | None, key: str) -> dict[str, float]:
    """Options of the form ``name=number``."""
    try:
        return settings(values)
    except UsageError as error:
        found = error.problems[0].found
        raise UsageError(
            "this is not name=number", key=key, found=found, allowed="an id, =, a number", mend=f"write {key} id=number"
        ) from None


def spoken(context: typer.Context, name: str) -> bool:
    """True where an option was given on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def named_weights(values: Sequence[str] | None, planned: Mapping[str, float]) -> dict[str, str | Mapping[str, float]]:
    """Sets of outcome weights to show together: the three presets, or those named, and the user's own."""
    from tregua.explore.regret import OUTCOME_PRESETS, outcome_weights

    names = [name for name in listed(values) if "=" not in name]
    own = numbers([name for name in listed(values) if "=" in name], "--weights") or dict(planned)
    chosen: dict[str, str | Mapping[str, float]] = {name: name for name in names or OUTCOME_PRESETS}
    if own:
        chosen["own"] = own
    for given in chosen.values():
        outcome_weights(given)
    return chosen


def named_beliefs(values: Sequence[str] | None, planned: Mapping[str, float]) -> dict[str, str | Mapping[str, float]]:
    """Sets of weights over readings to show together, as `named_weights`."""
    from tregua.explore.regret import READING_PRESETS

    names = [name for name in listed(values) if "=" not in name]
    own = numbers([name for name in listed(values) if "=" in name], "--belief") or dict(planned)
    for name in names:
        if name not in READING_PRESETS:
            raise UsageError(
                "there is no such set of reading weights", key="--belief", found=name,
                allowed=", ".join(READING_PRESETS) + ", or reading=weight", mend="choose one of these",
            )  # fmt: skip
    chosen: dict[str, str | Mapping[str, float]] = {name: name for name in names or READING_PRESETS}
    if own:
        chosen["own"] = own
    return chosen


def check_asked(
    experiment: Experiment,
    decision: str,
    beliefs: Mapping[str, str | Mapping[str, float]],
    limits: Mapping[str, float],
    *,
    fails: str | None,
    sensitivity: str | None,
) -> None:
    """Whatever will be asked of the results is checked before the first of them is computed."""
    from tregua.explore.answers import threshold_directions
    from tregua.explore.comparison import readings_of
    from tregua.explore.discovery import workbench
    from tregua.explore.regret import reading_weights
    from tregua.explore.sensitivity import salib

    readings = readings_of(experiment, decision)
    for given in beliefs.values():
        if readings and not isinstance(given, str):
            reading_weights(given, readings)
    if limits:
        threshold_directions(limits)
    for key, response in (("--fails", fails), ("--sensitivity", sensitivity)):
        if response is not None:
            probe.arm_of(experiment, decision, response, key)
    if fails is not None:
        workbench()
    if sensitivity is not None:
        salib("sobol")


def error_rates(text: str | None) -> Noise | None:
    """Error rates of an inquiry: one for both errors, or two."""
    from tregua.explore.value_of_evidence import Noise

    if text is None:
        return None
    try:
        rates = [float(part) for part in text.split(",")]
        if len(rates) not in (1, 2):
            raise ValueError
    except ValueError:
        raise UsageError(
            "these are no error rates",
            key="--noise",
            found=text,
            allowed="0.1 or 0.1,0.2",
            mend="write one or two chances",
        ) from None
    return Noise(rates[0], rates[-1])


def read_ledger(case: Case, lang: str) -> tuple[Ledger | None, str]:
    """The ledger of a case and nothing, or nothing and why it cannot be read."""
    from tregua.errors import LedgerError
    from tregua.ledger.load import load_ledger

    folder = case.folder / "ledger"
    if not folder.is_dir():
        return None, phrase("compare.evidence.none", lang, case=case.id)
    try:
        return load_ledger(folder), ""
    except LedgerError as error:
        return None, error.problems[0].in_language(lang).message


def beyond(experiment: Experiment, decision: str, years: int) -> bool:
    """True where the horizon lies past the last figure."""
    from tregua.explore.experiment import anniversary

    case = experiment.case
    return anniversary(case.start + timedelta(days=case.decisions[decision].day), years) > case.end


def formatter(lang: str, number_style: str) -> Formatter:
    """The one formatter of numbers, in the language of the screen."""
    from tregua.report.catalogue import Catalogue
    from tregua.report.format import Formatter

    return Formatter(Catalogue(lang), number_style)


class Told:
    """A comparison with everything that is told of it: humps, regret, who leads, who is beaten, thresholds."""

    def __init__(
        self,
        comparison: Comparison,
        horizon: int,
        outcome_sets: Mapping[str, str | Mapping[str, float]],
        beliefs: Mapping[str, str | Mapping[str, float]],
        limits: Mapping[str, float],
    ) -> None:
        from tregua.explore.answers import leading, pareto, satisficing
        from tregua.explore.humps import humps_of
        from tregua.explore.regret import PRICED, break_even, least_worst, outcome_weights, regret, utilities

        self.comparison = comparison
        self.horizon = horizon
        table, cube = comparison.table, comparison.cube
        self.main = table.default if table.default in cube.readings else cube.readings[0]
        self.humps = humps_of(cube, table, levels=())
        self.records = tuple(arm for arm in table.arms if arm in table.records)
        self.losses: dict[str, Regret] = {}
        self.utilities: dict[str, Utilities] = {}
        self.leading: dict[tuple[str, str], Any] = {}
        self.least: dict[str, dict[int, str]] = {}
        self.prices: dict[str, BreakEven] = {}
        choosable = [arm for arm in cube.arms if arm not in table.records]
        if len(choosable) > 1 and len(cube.draws) > 1:
            for name, given in outcome_sets.items():
                weighed = outcome_weights(given, name=name)
                u = utilities(cube, weighed, horizon, records=self.records)
                self.utilities[name] = u
                self.least[name] = {
                    years: least_worst(utilities(cube, weighed, years, records=self.records)) for years in cube.horizons
                }
                if PRICED in cube.outcomes:
                    self.prices[name] = break_even(cube, weighed, PRICED, horizon, records=self.records)
                self.losses[name] = regret(u, beliefs)
                for belief, weights in beliefs.items():
                    self.leading[name, belief] = leading(u, weights, len(cube.lucks))
        self.pareto = {r: pareto(cube, horizon, r, records=self.records) for r in cube.readings}
        self.limits = dict(limits)
        self.met = satisficing(cube, limits, horizon) if limits else None

    def signs(self, arm: str) -> tuple[list[str], list[str]]:
        """Readings under which homicides rise, and fall, beyond chance."""
        found = self.comparison.table.signs(arm, "homicides", self.horizon)
        return found["rises"], found["falls"]

    def contrary(self, arm: str) -> list[str]:
        """Readings that say the opposite of the main one about homicides, or of the most where that is unclear."""
        table = self.comparison.table
        flip = table.flip[:, table.arms.index(arm), table.horizons.index(self.horizon), table.outcomes.index(KILLINGS)]
        return [reading for reading, there in zip(table.readings, flip, strict=True) if there]

    def flips(self, arm: str) -> int:
        """How many readings are contrary."""
        return len(self.contrary(arm))

    def assumed(self, arm: str, outcome: str) -> float | None:
        """Share of the range of a contrast that comes from priors no figure can test."""
        return self.comparison.assumed.get((arm, self.horizon, outcome))

    def never_beaten(self) -> list[str]:
        """Responses that no other beats on everything, whatever the reading."""
        readings = list(self.pareto.values())
        return [arm for arm in readings[0].arms if all(not one.beaten_by[arm] for one in readings)]

    def evidence(
        self,
        experiment: Experiment,
        beliefs: Mapping[str, str | Mapping[str, float]],
        noise: Noise | None,
        ledger: Ledger | None,
        lang: str,
    ) -> list[Evidence]:
        """What is worth finding out, one entry a set of outcome weights."""
        titles = {name: weights_title(name, loss, lang) for name, loss in self.losses.items()}
        return evaluate(experiment, self.comparison.label, self.utilities, titles, beliefs, noise, ledger)

    def as_dict(self) -> dict[str, Any]:
        """Everything, unrounded, for ``--json``."""
        table = self.comparison.table
        cells: dict[tuple[str, str], dict[str, Any]] = {}
        for row in table.rows(horizons=(self.horizon,)):
            key = (row["reading"], row["arm"])
            shell = {"reading": key[0], "arm": key[1], "record": row["record"], "status": row["status"], "outcomes": {}}
            cell = cells.setdefault(key, shell)
            if row["status"] == "computed":
                left = ("decision", "horizon", "reading", "arm", "outcome", "record")
                numbers = {name: value for name, value in row.items() if name not in left}
                share = self.assumed(row["arm"], row["outcome"]) if row["reading"] == table.default else None
                cell["outcomes"][row["outcome"]] = {**numbers, "prior_share": share}
        level = table.level
        h, r = table.horizons.index(self.horizon), table.readings.index(self.main)
        return {
            "label": self.comparison.label,
            "horizon": self.horizon,
            "default": self.main,
            "readings": list(self.comparison.cube.readings),
            "changes_sign": [
                {"arm": arm, "more_under": self.signs(arm)[0], "fewer_under": self.signs(arm)[1]}
                for arm in table.arms
                if self.flips(arm)
            ],
            "two_outcomes": [
                {
                    "reading": reading, "arm": arm, "outcome": outcome,
                    "low": {"share": two.low.share, "q50": two.low.median, "q05": two.low.q05, "q95": two.low.q95},
                    "high": {"share": two.high.share, "q50": two.high.median, "q05": two.high.q05, "q95": two.high.q95},
                }
                for (reading, arm, horizon, outcome), two in self.humps.items()
                if horizon == self.horizon
            ],
            "reference_levels": {
                outcome: {"q50": float(level.median[r, h, o]), "mcse": float(level.mcse[r, h, o])}
                for o, outcome in enumerate(table.outcomes)
            },
            "contrasts": list(cells.values()),
            "regret": [
                {
                    "weights": name, "outcome_weights": dict(loss.outcome_weights.weights), "minimax": loss.minimax,
                    "steady": loss.steady, "minimax_by_horizon": self.least[name],
                    "price_of_wrongful_detention": asdict(self.prices[name]) if name in self.prices else None,
                    "worst": {
                        arm: {
                            "regret": float(loss.worst[a]), "mcse": float(loss.mcse_worst[a]),
                            "under": loss.worst_under[a],
                        }
                        for a, arm in enumerate(loss.arms)
                    },
                    "expected": {
                        belief: {
                            "reading_weights": dict(mean.weights), "least": mean.best, "steady": mean.steady,
                            "regret": by_arm(loss.arms, mean.regret), "mcse": by_arm(loss.arms, mean.mcse),
                        }
                        for belief, mean in loss.expected.items()
                    },
                }
                for name, loss in self.losses.items()
            ],
            "leading": [
                {
                    "weights": name, "reading_weights": belief,
                    "share_of_readings": by_arm(found.arms, found.share),
                    "chance": None if found.chance is None else by_arm(found.arms, found.chance),
                }
                for (name, belief), found in self.leading.items()
            ],
            "unbeaten": {reading: list(found.unbeaten) for reading, found in self.pareto.items()},
            "thresholds": None if self.met is None else {
                "accepted": self.limits,
                "share": {
                    arm: dict(zip(self.met.readings, self.met.share[:, a].tolist(), strict=True))
                    for a, arm in enumerate(self.met.arms)
                },
            },
        }  # fmt: skip


class Page:
    """One comparison on the screen: flips first, then the table, then regret."""

    def __init__(self, screen: Screen, words: Formatter, experiment: Experiment, told: Told, full: bool) -> None:
        self.screen, self.words, self.experiment, self.told, self.full = screen, words, experiment, told, full
        self.lang = screen.lang
        self.table = told.comparison.table
        self.point = experiment.case.decisions[told.comparison.decision]

    def show(self) -> None:
        """Print everything."""
        self.head()
        self.flips()
        self.main()
        self.words_below()
        if self.full:
            self.by_reading()
            self.other_outcomes()
            self.regrets()
            self.sides()
        if self.told.met is not None:
            self.thresholds()

    def label(self, arm: str) -> str:
        """The response's name in the language of the screen."""
        found = self.point.arms[arm]
        return found.label_es if self.lang == "es" else found.label_en

    def head(self) -> None:
        cube = self.told.comparison.cube
        day = self.experiment.case.start + timedelta(days=self.point.day)
        years = self.words.words.years(self.told.horizon)
        self.screen.say(
            phrase(
                "compare.head", self.lang, reference=self.inside(self.table.reference), years=years,
                day=self.words.day(day), n=len(cube.draws) * len(cube.lucks), readings=len(cube.readings),
                reading=self.told.main,
            ),
            RESPONSE_STYLE,
        )  # fmt: skip
        if self.point.halt_ends:
            ends = self.told.comparison.label != self.point.id
            self.screen.say(phrase("compare.halt_ends" if ends else "compare.halt_holds", self.lang))
        if beyond(self.experiment, self.point.id, self.told.horizon):
            self.screen.say(phrase("compare.beyond", self.lang, day=self.words.day(self.experiment.case.end)))
        if len(cube.draws) < LEAST:
            self.screen.say(phrase("compare.few", self.lang, least=LEAST), FLIP_STYLE)

    def inside(self, arm: str) -> str:
        """The response's name as it stands inside a sentence."""
        return self.words.words.inside(self.label(arm))

    def flips(self) -> None:
        changing = [arm for arm in self.table.arms if self.told.flips(arm)]
        for arm in changing:
            rises, falls = self.told.signs(arm)
            total = len(self.told.comparison.cube.readings)
            key, named, others = ("more", rises, falls) if self.told.contrary(arm) == rises else ("fewer", falls, rises)
            text = phrase(
                f"compare.flip.{key}", self.lang, arm=self.label(arm),
                list=", ".join(self.refitted(r) for r in named), n=len(others), total=total,
            )  # fmt: skip
            self.screen.say(text, FLIP_STYLE, indent="   ")
        if not changing:
            self.screen.say(phrase("compare.flip.none", self.lang, n=len(self.told.comparison.cube.readings)))

    def refitted(self, reading: str) -> str:
        """A reading's id, with a word where its numbers come from a refit."""
        mark = phrase("compare.refitted", self.lang) if self.experiment.case.readings[reading].refit else ""
        return f"{reading} ({mark})" if mark else reading

    def main(self) -> None:
        titles = {name: phrase(f"compare.column.{name}", self.lang) for name in COLUMNS}
        columns = [Column(phrase("compare.column.response", self.lang), keep=True)]
        shown = [name for name in COLUMNS if name in self.table.outcomes or name == "flips" or self.told.losses]
        columns += [Column(titles[name], numeric=name != "flips", keep=name not in LAST) for name in shown]
        whole = [self.row(arm, shown) for arm in (self.table.reference, *self.table.arms)]
        folded = [line for row in whole for line in fold(row)]
        # Where even folded names leave no room the screen turns rows into blocks, and a block wants the whole name.
        width = self.screen.width
        fits = width is None or fitting(columns, folded, width) is not None
        self.screen.table(columns, whole if width is None or not fits else folded)
        self.screen.say(phrase("compare.marks", self.lang), "dim")

    def row(self, arm: str, shown: Sequence[str]) -> list[Cell]:
        cells = [Cell(self.label(arm), RESPONSE_STYLE)]
        for name in shown:
            if name == "flips":
                cells.append(self.flip_cell(arm))
            elif name == "regret":
                cells.append(self.regret_cell(arm))
            else:
                cells.append(Cell(self.number(arm, name, span=name == "homicides")))
        return cells

    def flip_cell(self, arm: str) -> Cell:
        if arm == self.table.reference:
            return Cell("")
        flips = self.told.flips(arm)
        marks = [str(flips)] + ([FLIP] if flips else [])
        share = self.told.assumed(arm, "homicides")
        if share is not None and share > MOSTLY:
            marks.append(MOSTLY_ASSUMED)
        return Cell(" ".join(marks), FLIP_STYLE if len(marks) > 1 else "")

    def regret_cell(self, arm: str) -> Cell:
        if arm in self.table.records:
            return Cell(phrase("compare.not_ranked", self.lang))
        texts = []
        for loss in self.told.losses.values():
            a = loss.arms.index(arm)
            texts.append(regret(self.words, loss.worst[a], loss.mcse_worst[a]))
        return Cell(" · ".join(texts))

    def number(self, arm: str, outcome: str, reading: str | None = None, *, span: bool = False) -> str:
        """One contrast (a level for the reference), rounded to its Monte-Carlo error."""
        from tregua.report.estimate import Estimate
        from tregua.report.format import kind_of

        at = reading or self.told.main
        kind = kind_of(_unit(outcome))
        scale = MILLION if kind == "money" else None
        if arm == self.table.reference:
            level = self.table.level
            where = (
                self.table.readings.index(at), self.table.horizons.index(self.told.horizon),
                self.table.outcomes.index(outcome),
            )  # fmt: skip
            if not level.n[where]:
                return phrase("simulate.unknown", self.lang)
            estimate = Estimate(float(level.median[where]), mcse=_known(float(level.mcse[where])))
            text = self.words.estimate(estimate, kind, table=True, scale=scale).value
            return phrase("compare.reference", self.lang, value=text) if outcome == "homicides" and span else text
        cell = self.table.at(arm, outcome, self.told.horizon, at)
        if cell["status"] != "computed":
            return phrase(f"compare.status.{cell['status']}", self.lang)
        two = self.told.humps.get((at, arm, self.told.horizon, outcome))
        mcse = _known(cell["mcse"])
        if two is not None:
            unit = rounding(mcse)
            return phrase(
                "compare.two" if span else "compare.two.short", self.lang,
                low=self.words.number(two.low.median, unit, signed=True, table=True),
                high=self.words.number(two.high.median, unit, signed=True, table=True),
                a=self.words.of_hundred(two.low.share), b=self.words.of_hundred(two.high.share),
            )  # fmt: skip
        ends = max(cell["mcse_q05"] or 0.0, cell["mcse_q95"] or 0.0) or None
        low, high = (cell["q05"], cell["q95"]) if span else (None, None)
        rounded = self.words.estimate(
            Estimate(cell["q50"], low, high, mcse, ends if span else None, cell["n"]), kind, signed=True, table=True,
            scale=scale,
        )  # fmt: skip
        return f"{rounded.value} {rounded.span}" if rounded.span else rounded.value

    def words_below(self) -> None:
        from tregua.report.inputs import Regret as Row
        from tregua.report.verdict import judged

        for name, loss in self.told.losses.items():
            title = weights_title(name, loss, self.lang)
            rows = [
                Row(loss.decision, loss.horizon, arm, reading, name, float(loss.regret[a, r]), float(loss.mcse[a, r]))
                for a, arm in enumerate(loss.arms)
                for r, reading in enumerate(loss.readings)
            ]
            found = judged(rows)
            assert found is not None, "every response has a regret under every reading"
            self.screen.say(
                phrase(
                    "compare.verdict.same" if found.everywhere else "compare.verdict", self.lang, weights=title,
                    arm=self.inside(found.least), n=found.readings, worst=self._regret(found.worst),
                    under=found.worst.reading, other=self.inside(found.best_there),
                    of=self.words.of_hundred(loss.steady), more=self._hangs_on(found),
                )
                + self._price(name),
                indent="   ",
            )  # fmt: skip
        if self.told.losses:
            self.screen.say(f"{self._spans()}{phrase('compare.courts', self.lang)}", indent="   ")
        if not self.full:
            self.screen.say(phrase("compare.more", self.lang), indent="   ")

    def _regret(self, row: RegretRow) -> str:
        return regret(self.words, row.value, row.mcse)

    def _price(self, name: str) -> str:
        """At which price of a year of wrongful detention another response would have the smallest worst regret."""
        from tregua.report.estimate import Estimate

        found = self.told.prices.get(name)
        if found is None:
            return ""
        told = []
        for key, switch in (("fewer", found.dearer), ("more", found.cheaper)):
            if switch is not None:
                years = self.words.estimate(Estimate(switch.units[0], mcse=switch.units[1])).value
                told.append(phrase(f"compare.price.{key}", self.lang, n=years, arm=self.inside(switch.arm)))
        if not told:
            told.append(phrase("compare.price.none", self.lang))
        weighed = self.words.number(1.0 / found.weight) if found.weight else None
        first = "compare.price" if weighed else "compare.price.free"
        return " " + " ".join([phrase(first, self.lang, y=weighed), *told])

    def _spans(self) -> str:
        """Over which other spans another response has the smallest worst regret."""
        told = []
        for name, least in self.told.least.items():
            others: dict[str, list[str]] = {}
            for years, arm in least.items():
                if arm != least[self.told.horizon]:
                    others.setdefault(arm, []).append(self.words.words.years(years))
            if others:
                parts = [f"{', '.join(years)}: {self.inside(arm)}" for arm, years in others.items()]
                told.append((weights_title(name, self.told.losses[name], self.lang), "; ".join(parts)))
        if not told:
            return ""
        same = {text for _, text in told}
        if len(same) == 1 and len(told) == len(self.told.least):
            return phrase("compare.spans", self.lang, list=told[0][1]) + " "
        listed = "; ".join(f"“{title}” {text}" for title, text in told)
        return phrase("compare.spans", self.lang, list=listed) + " "

    def _hangs_on(self, found: Verdict) -> str:
        """The average over readings, and the readings that would change the answer if they were left out."""
        told = []
        if found.average == found.least:
            told.append(phrase("compare.verdict.average.same", self.lang))
        else:
            told.append(
                phrase(
                    "compare.verdict.average", self.lang, arm=self.inside(found.average), low=found.lower,
                    k=found.better, n=found.readings, worst=self._regret(found.average_worst),
                    under=found.average_worst.reading,
                )
            )  # fmt: skip
        for arm in dict.fromkeys(answer for _, answer in found.without):
            left = ", ".join(reading for reading, answer in found.without if answer == arm)
            told.append(phrase("compare.verdict.without", self.lang, list=left, arm=self.inside(arm)))
        if not found.without and found.readings > 1:
            told.append(phrase("compare.verdict.without.none", self.lang))
        return " ".join(told)

    def by_reading(self) -> None:
        """Homicides and rights of every response under every reading, one table a response."""
        self.screen.say()
        self.screen.say(phrase("compare.by_reading", self.lang), RESPONSE_STYLE)
        shown = [name for name in (*SIDES_SHOWN,) if name in self.table.outcomes]
        columns = [Column(phrase("compare.column.reading", self.lang), keep=True)]
        columns += [Column(phrase(f"compare.column.{name}", self.lang), True, keep=name not in LAST) for name in shown]
        columns.append(Column(phrase("compare.column.pairing", self.lang), True))
        h, o = self.table.horizons.index(self.told.horizon), self.table.outcomes.index("homicides")
        for arm in self.table.arms:
            few = self.told.contrary(arm)
            rows = []
            for r, reading in enumerate(self.table.readings):
                if self.table.status[r, self.table.arms.index(arm), h, o] == "refit_needed":
                    told = Cell(phrase("compare.status.refit_needed", self.lang))
                    rows.append([Cell(reading), *(told for _ in shown), Cell("")])
                    continue
                flipped = reading in few
                mark = f" {FLIP}" if flipped else ""
                ratio = float(self.table.pairing[r, self.table.arms.index(arm), h, o])
                rows.append(
                    [
                        Cell(self.refitted(reading) + mark, FLIP_STYLE if flipped else ""),
                        *(Cell(self.number(arm, name, reading, span=name == "homicides")) for name in shown),
                        Cell(pairing(ratio)),
                    ]
                )
            self.screen.say()
            self.screen.say(self.label(arm), RESPONSE_STYLE)
            self.screen.table(columns, rows)

    def other_outcomes(self) -> None:
        from tregua.explore.table import BESIDE
        from tregua.model.outcomes import OUTCOMES

        self.screen.say()
        self.screen.say(phrase("compare.others", self.lang, reading=self.told.main), RESPONSE_STYLE)
        arms = list(self.table.arms)
        columns = [Column(phrase("compare.column.outcome", self.lang), keep=True)]
        columns += [Column(self.label(arm), True, keep=True) for arm in arms]
        order = [*BESIDE, *(name for name in self.table.outcomes if name not in BESIDE)]
        rows = []
        for name in order:
            if name in self.table.outcomes:
                meaning = OUTCOMES[name].meaning_es if self.lang == "es" else OUTCOMES[name].meaning_en
                unit = "US$ m" if _unit(name) == "US$" else _unit(name)
                rows.append([Cell(f"{meaning} ({unit})"), *(Cell(self.number(arm, name)) for arm in arms)])
        self.screen.table(columns, rows)

    def regrets(self) -> None:
        for name, loss in self.told.losses.items():
            self.screen.say()
            title = weights_title(name, loss, self.lang)
            self.screen.say(phrase("compare.regret", self.lang, weights=title), RESPONSE_STYLE)
            columns = [Column(phrase("compare.column.response", self.lang), keep=True)]
            columns += [Column(phrase("compare.column.worst", self.lang), True, keep=True)]
            columns += [Column(phrase("compare.column.under", self.lang), keep=True)]
            columns += [Column(belief_title(name, self.lang), True, keep=True) for name in loss.expected]
            columns += [Column(belief_share(name, self.lang), True) for name in loss.expected]
            rows = []
            for a, arm in enumerate(loss.arms):
                row = [
                    Cell(self.label(arm), RESPONSE_STYLE),
                    Cell(regret(self.words, loss.worst[a], loss.mcse_worst[a])),
                    Cell(loss.worst_under[a]),
                ]
                for mean in loss.expected.values():
                    row.append(Cell(regret(self.words, mean.regret[a], mean.mcse[a])))
                for belief in loss.expected:
                    found = self.told.leading[name, belief]
                    chance = found.share[a] if found.chance is None else found.chance[a]
                    row.append(Cell(self.words.of_hundred(float(chance))))
                rows.append(row)
            self.screen.table(columns, rows)
        if self.told.losses:
            first = next(iter(self.told.leading.values()))
            key = "compare.leads" if first.chance is None else "compare.leads.chance"
            self.screen.say(phrase(key, self.lang), "dim")

    def sides(self) -> None:
        never = self.told.never_beaten()
        self.screen.say()
        listing = ", ".join(self.inside(arm) for arm in never) or "-"
        self.screen.say(phrase("compare.unbeaten", self.lang, list=listing), indent="   ")
        main = self.told.pareto[self.told.main]
        for arm, others in main.beaten_by.items():
            if others:
                text = phrase(
                    "compare.beaten", self.lang, arm=self.label(arm), reading=self.told.main,
                    list=", ".join(self.inside(other) for other in others),
                )  # fmt: skip
                self.screen.say(text, indent="   ")

    def thresholds(self) -> None:
        met = self.told.met
        assert met is not None
        self.screen.say()
        text = ", ".join(f"{name} {value:+g}" for name, value in met.thresholds.items())
        self.screen.say(phrase("compare.thresholds", self.lang, list=text), RESPONSE_STYLE)
        columns = [
            Column(phrase("compare.column.response", self.lang), keep=True),
            Column(self.told.main, True, keep=True),
            Column(phrase("compare.column.least", self.lang), True, keep=True),
            Column(phrase("compare.column.under", self.lang), keep=True),
        ]
        rows = []
        r = met.readings.index(self.told.main)
        n = len(self.told.comparison.cube.draws) * len(self.told.comparison.cube.lucks)
        for a, arm in enumerate(met.arms):
            reading, share = met.worst(arm)
            main = float(met.share[r, a])
            rows.append(
                [
                    Cell(self.label(arm), RESPONSE_STYLE), Cell(self.words.of_runs(main, n)),
                    Cell(self.words.of_runs(share, n)), Cell(reading),
                ]
            )  # fmt: skip
        self.screen.table(columns, rows)


LEAST = 6
MOSTLY = 0.5
SIDES_SHOWN = (
    "homicides",
    "deaths_by_state",
    "deaths_in_custody",
    "arrests_wrongful",
    "extortion_paid",
    "votes_deliverable",
    "minors_detained",
)


def by_arm(arms: Sequence[str], values: Any) -> dict[str, float]:
    """Numbers of an array by response."""
    return dict(zip(arms, values.tolist(), strict=True))


def across(screen: Screen, experiment: Experiment, told: Sequence[Told]) -> None:
    """Where two variants of one decision disagree about the sign: the halt is nobody's lever and decides it."""
    if len(told) < 2:
        return
    holds, ends = (one.comparison.table for one in told[:2])
    for arm in holds.arms:
        signs = []
        for one, table in ((told[0], holds), (told[1], ends)):
            place = (
                table.readings.index(one.main), table.arms.index(arm), table.horizons.index(one.horizon),
                table.outcomes.index("homicides"),
            )  # fmt: skip
            signs.append(int(table.sign[place]))
        if signs[0] * signs[1] < 0:
            found = experiment.case.decisions[told[0].comparison.decision].arms[arm]
            label = found.label_es if screen.lang == "es" else found.label_en
            key = "compare.halt.more" if signs[0] > 0 else "compare.halt.fewer"
            screen.say(phrase(key, screen.lang, arm=label), FLIP_STYLE, indent="   ")


def fold(row: Sequence[Cell]) -> list[list[Cell]]:
    """A row whose long cells are broken into lines: the name after `LABEL_WIDTH` characters, numbers after `SPAN`."""
    import textwrap
    from itertools import zip_longest

    broken = []
    for place, cell in enumerate(row):
        width = SPAN if place else LABEL_WIDTH
        lines = [cell.text]
        if len(cell.text) > width:
            lines = textwrap.wrap(cell.text, width, break_long_words=False, break_on_hyphens=False)
        broken.append(
            [Cell(f"  {line}" if i and not place else line, cell.style) for i, line in enumerate(lines or [""])]
        )
    return [list(line) for line in zip_longest(*broken, fillvalue=Cell(""))]


def pairing(ratio: float) -> str:
    """How many times fewer runs pairing needs."""
    import math

    if math.isnan(ratio):
        return "-"
    if math.isinf(ratio):
        return "∞"
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


def regret(words: Formatter, value: float, mcse: float | None) -> str:
    """A regret as its Monte-Carlo error allows: what that error hides is "≈ 0", and only what is nothing is 0."""
    from tregua.report.estimate import Estimate

    return words.estimate(Estimate(float(value), mcse=float(mcse) if mcse else None), table=True).value


def rounding(mcse: float | None) -> float:
    """Power of ten that a Monte-Carlo error supports, never finer than one."""
    from tregua.report.format import rounding_unit

    return rounding_unit(mcse, 1.0)


def weights_title(name: str, loss: Regret, lang: str) -> str:
    """The title of a set of outcome weights; the user's own with its numbers."""
    if name == "own":
        return phrase(
            "compare.own",
            lang,
            list=loss.outcome_weights.meaning_es if lang == "es" else loss.outcome_weights.meaning_en,
        )
    return loss.outcome_weights.title_es if lang == "es" else loss.outcome_weights.title_en


def belief_title(name: str, lang: str) -> str:
    """Column of an expected regret."""
    return phrase("compare.expected", lang, belief=phrase(f"compare.belief.{name}", lang))


def belief_share(name: str, lang: str) -> str:
    """Column of who leads."""
    return phrase("compare.first", lang, belief=phrase(f"compare.belief.{name}", lang))


def save(folder: Path, told: Sequence[Told], evidence: Sequence[Evidence]) -> list[Path]:
    """Write the tables ``compare``, ``regret`` and ``evidence``, each whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tregua.explore.table import rows, to_csv
    from tregua.runs.disk import Disk

    disk = Disk()
    disk.folder(folder)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.concat_tables([one.comparison.table.to_table() for one in told]), sink, compression="zstd")
    losses = [row for one in told for loss in one.losses.values() for row in loss.rows()]
    files = {
        "compare.csv": to_csv([row for one in told for row in rows(one.comparison, humps=one.humps)]).encode(),
        "compare.parquet": bytes(sink.getvalue().to_pybytes()),
        **({"regret.csv": to_csv(losses).encode()} if losses else {}),
        **({"evidence.csv": to_csv(evidence_rows(evidence)).encode()} if evidence else {}),
    }
    for name, data in files.items():
        disk.write(folder / name, data)
    return [folder / name for name in files]


def set_aside(screen: Screen, report: RunReport) -> None:
    """Say which runs were set aside, and how to repeat the first."""
    lost = [failure.reproduce for failure in report.failures] + [shard.reproduce for shard in report.failed_shards]
    if lost:
        total = report.histories + len(report.failures)
        screen.say(phrase("run.failed", screen.lang, n=len(lost), total=total, command=lost[0]))


def _unit(outcome: str) -> str:
    from tregua.model.outcomes import OUTCOMES

    return OUTCOMES[outcome].unit


def _known(value: float | None) -> float | None:
    return None if value is None or value - value != 0.0 else value
