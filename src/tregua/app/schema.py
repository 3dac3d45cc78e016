"""What the API takes and gives: every field has its bounds, and a request outside them is refused before any work."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tregua.app.laboratory import STAGES
from tregua.app.scenario import MAIN_YEARS, Scenario

MOST_SETS = 32
MOST_WEEKS = 26
MOST_DRAWS, MOST_LUCK = 400, 4
MOST_COUNTS = 48 * 1024
"""Characters of somebody's own counts; larger files are for the command line."""
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_]+$")]
Lang = Literal["en", "es"]


class Strict(BaseModel):
    """A request: unknown fields are refused, numbers must be finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ScenarioIn(Strict):
    """A response, the levers moved on it, and the days between which they hold."""

    arm: Name = "no_truce"
    sets: Annotated[dict[Name, float], Field(max_length=MOST_SETS)] = {}
    start: date | None = None
    end: date | None = None

    def scenario(self) -> Scenario:
        return Scenario(self.arm, dict(self.sets), self.start, self.end)


class Pair(Strict):
    """Two scenarios of one decision."""

    decision: Name | None = Field(None, description="Id of a decision; the first of the case by default.")
    a: ScenarioIn = ScenarioIn(arm="no_truce")
    b: ScenarioIn = ScenarioIn(arm="open_truce")


class RunsIn(Pair):
    """Run two scenarios in pairs and stream what they say."""

    outcome: Name = Field("homicides_recorded", description="Outcome drawn by month.")
    readings: Annotated[list[Name], Field(max_length=4)] = Field(
        default=[], description="Readings drawn side by side; the three explanations by default."
    )
    runs: Annotated[int, Field(ge=1, le=STAGES[-1])] = Field(STAGES[-1], description="Pairs a reading at most.")
    histories: bool = Field(False, description="Send twenty single histories too.")
    others: bool = Field(True, description="Then tell every other reading, for the sign of the difference.")


class CardIn(Pair):
    """What stands behind one number of the difference."""

    outcome: Name = "homicides"
    reading: Name = "default"
    runs: Annotated[int, Field(ge=1, le=STAGES[-1])] = STAGES[0]
    lang: Lang = "en"


class TableIn(Pair):
    """The two scenarios as a table for other programs."""

    readings: Annotated[list[Name], Field(max_length=4)] = []
    runs: Annotated[int, Field(ge=1, le=STAGES[-1])] = STAGES[0]


class WeighIn(Strict):
    """Weights and thresholds of one's own, laid on the compared responses."""

    decision: Name | None = None
    years: Annotated[int, Field(ge=1, le=20)] = Field(MAIN_YEARS, description="Horizon, years after the decision.")
    weights: Annotated[dict[Name, Annotated[float, Field(ge=0, le=1e6)]], Field(min_length=1, max_length=12)] = Field(
        description="Outcome -> how many deaths one unit of it counts as."
    )
    thresholds: Annotated[dict[Name, Annotated[float, Field(ge=-1e12, le=1e12)]], Field(max_length=12)] = Field(
        default={}, description="Outcome -> the most that is accepted, as a difference from no truce."
    )


class RoleIn(Strict):
    """What one role of a workshop wrote; either may be empty."""

    thresholds: Annotated[dict[Name, Annotated[float, Field(ge=-1e12, le=1e12)]], Field(max_length=12)] = Field(
        default={}, description="Outcome -> the most that is accepted, as a difference from no truce."
    )
    weights: Annotated[dict[Name, Annotated[float, Field(ge=0, le=1e6)]], Field(max_length=12)] = Field(
        default={}, description="Outcome -> how many deaths one unit of it counts as."
    )


class WorkshopIn(Strict):
    """What the roles of a workshop wrote, laid on the compared responses. Nobody plays the gangs."""

    decision: Name | None = None
    years: Annotated[int, Field(ge=1, le=20)] = Field(MAIN_YEARS, description="Horizon, years after the decision.")
    chance: Annotated[int, Field(ge=1, le=100)] = Field(
        50, description="Runs of a hundred in which a role's thresholds are to be met."
    )
    roles: Annotated[
        dict[Literal["government", "mediators", "civil_society", "donors", "residents", "victims"], RoleIn],
        Field(min_length=1),
    ]


class FlowsIn(Strict):
    """Who moved, who died and what moved each capital, in a window of weeks of one scenario."""

    decision: Name | None = None
    scenario: ScenarioIn = ScenarioIn(arm="open_truce")
    reading: Name = "default"
    start: date = Field(description="A day of the first week.")
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 1
    runs: Annotated[int, Field(ge=2, le=200)] = 96
    moves: Annotated[int, Field(ge=1, le=24)] = Field(12, description="Histories stepped through person by person.")


class JobIn(Strict):
    """A longer computation, kept in the store of the case."""

    kind: Literal["study", "compare", "effect"] = "study"
    decision: Name | None = None
    draws: Annotated[int, Field(ge=2, le=MOST_DRAWS)] = 100
    luck: Annotated[int, Field(ge=1, le=MOST_LUCK)] = 1
    whole: bool = Field(False, description="Every reading at every decision.")
    fast: bool = Field(False, description="Of an effect: approximate posteriors only.")
    data: Annotated[str, Field(min_length=1, max_length=MOST_COUNTS)] | None = Field(
        None, description="Of an effect: counts of one's own, as the text of a CSV file, in place of those of the case."
    )
    name: Annotated[str, Field(max_length=120)] = Field("", description="What the file of these counts is called.")
    phases: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=12)] = Field(
        default=[], description="Of an effect: kind=YYYY-MM-DD, those of the case by default."
    )
    dates: Literal["", "dmy", "mdy"] = Field("", description="How 03/04/2012 is to be read in these counts.")


class ProblemOut(BaseModel):
    """One thing that is wrong: where, what was found, what is allowed, how to mend it; in `es` the same in Spanish."""

    code: str
    message: str
    key: str = ""
    place: str = ""
    found: str = ""
    allowed: str = ""
    mend: str = ""
    es: dict[str, str] = {}


class ErrorOut(BaseModel):
    """Every error of the API has this form."""

    problems: list[ProblemOut]


class JobOut(BaseModel):
    """A job and how far it is. `left` is in seconds."""

    id: str
    kind: str
    settings: dict[str, Any]
    state: Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
    done: int = 0
    total: int = 0
    failed: int = 0
    left: float | None = None
    stage: str = ""
    part: dict[str, str] | None = None
    made: str = ""
    ended: str = ""
    failures: list[dict[str, str]] = []
    problem: ProblemOut | None = None
