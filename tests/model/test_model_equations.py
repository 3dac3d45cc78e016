"""Each equation against the description of the model, written out again; exact steps against differential equations."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from tregua.model.declare import PARAMETERS
from tregua.model.levers import LEVERS
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
from tregua.model.parameter import draw_priors

ROWS = 40
DRAWN = draw_priors(PARAMETERS.values(), ROWS, seed=21)
WEEK = 7 / 365.25

draws_of_parameters = st.integers(0, ROWS - 1).map(
    lambda i: SimpleNamespace(**{n: float(v[i]) for n, v in DRAWN.items()})
)
levers = st.fixed_dictionaries(
    {lever.id: st.floats(max(lever.lower, -1.0), min(lever.upper, 3.0), allow_nan=False) for lever in LEVERS}
).map(lambda levels: SimpleNamespace(**levels))
shares = st.floats(0.0, 1.0)
steps = st.sampled_from([WEEK, WEEK / 7, 0.25])
rates = st.floats(0.0, 4.0)
people = st.floats(0.0, 50_000.0)
th_lv = {"th": draws_of_parameters, "lv": levers}


def sigma(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


def plus(x: float) -> float:
    return max(0.0, x)


def near(x: float) -> Any:
    return pytest.approx(x, rel=1e-9, abs=1e-12)


def relaxed(x: float, gain: float, loss: float, years: float) -> float:
    """Solution of dx/dt = gain (1 - x) - loss x."""
    speed = gain + loss
    return gain / speed + (x - gain / speed) * math.exp(-speed * years)


def integrated(change: Any, x: float, years: float) -> float:
    out = solve_ivp(lambda t, y: [change(y[0])], (0.0, years), [x], rtol=1e-10, atol=1e-12)
    return float(out.y[0, -1])


every = settings(deadline=None, derandomize=True, max_examples=60)


@every
@given(
    **th_lv, active=people, opposed=people, war=rates, mood=rates, k=shares, b=shares, c=shares, chest=rates, a=shares
)
def test_killings_over_ground_and_under_coercion(
    th: Any,
    lv: Any,
    active: float,
    opposed: float,
    war: float,
    mood: float,
    k: float,
    b: float,
    c: float,
    chest: float,
    a: float,
) -> None:
    local, mu = active + opposed + 1.0, 0.7
    ground = contest.ground(th, local, mu)
    assert contest.contest(active, opposed, ground, war, mood) == near(
        th.contest_rate * active * opposed / local / mu * war * mood
    )
    assert contest.coercion(th, active, war, mood, k) == near(th.coercion_rate * active * war * mood * (1 - k))
    assert contest.war(th, b, c, chest, a) == near(1 + th.war_gain * b * c * min(chest, 3) * (1 - a))
    assert contest.background(th, 5e5) == near(th.background_rate * 5.0)
    th.contest_scale = 0.5
    assert contest.ground(th, local, mu) == near(th.contest_rate / math.sqrt(local) / mu)
    th.contest_scale = 0.0
    assert contest.ground(th, local, 1.0) == near(th.contest_rate)


@every
@given(**th_lv, war=rates, k=shares, watch=shares, active=people, b=shares, c=shares, a=shares, z=shares)
def test_the_state_kills_and_arrests(
    th: Any, lv: Any, war: float, k: float, watch: float, active: float, b: float, c: float, a: float, z: float
) -> None:
    level = repression.state_killing_level(th, lv, watch)
    expected = th.state_kill_rate * lv.lethal * war * (1 - k) * (1 + th.unmonitored_abuse * (1 - watch))
    assert repression.state_killing(level, war, k) == near(expected)
    assert repression.state_killing_start(th, watch) == near(
        th.state_kill_rate * (1 + th.unmonitored_abuse * (1 - watch))
    )
    assert repression.attacks(th, active, b, c, a, k) == near(th.attack_rate * active * b * c * (1 - a) * (1 - k))
    assert repression.arrest_hazard(th, lv, z, k) == near(
        th.arrest_rate * lv.arrests * (1 - th.protect_capture * z) * (1 - lv.conditional * k)
    )
    assert repression.arrest_hazard_calmado(th, lv) == near(th.arrest_rate * lv.arrests * th.misid_calm)
    assert repression.arrest_hazard_youth(th, lv) == near(th.arrest_rate * lv.arrests * th.misid_youth)
    th.arrest_number = 700.0
    expected = 700.0 * lv.arrests / active if active > 0 else 0.0
    assert repression.arrest_hazard_by_number(th, lv, active) == near(expected)


@every
@given(**th_lv, years=steps, cover=shares, start=shares, r=people, victims=people, shared=rates, local=rates)
def test_revenge_and_mood(
    th: Any, lv: Any, years: float, cover: float, start: float, r: float, victims: float, shared: float, local: float
) -> None:
    n = th.retaliation_branching * (1 - th.interrupt * cover) / (1 - th.interrupt * start)
    assert retaliation.branching(th, cover, start) == near(min(0.95, n))
    replaced = 1 - math.exp(-years * 365.25 / th.retaliation_days)
    assert retaliation.forgetting(th, years) == near(replaced)
    assert retaliation.memory(r, victims, replaced) == near(r + replaced * (victims - r))
    v, rho = th.local_volatility, th.mood_share
    eta = v * (math.sqrt(rho) * shared + math.sqrt(1 - rho) * local)
    assert retaliation.mood_factor(th, shared, local) == near(math.exp(eta - v * v / 2))
    kept = retaliation.mood_kept(4 * years)
    assert kept == near(math.exp(-0.5 * 4 * years))
    assert retaliation.mood_moved(shared, kept, local) == near(shared * kept + math.sqrt(1 - kept**2) * local)


def test_the_mood_factor_has_mean_one_and_its_mood_unit_variance() -> None:
    stream = np.random.default_rng(0)
    th = SimpleNamespace(local_volatility=0.35, mood_share=0.05)
    moods = stream.standard_normal((40_000, 2))
    factors = [retaliation.mood_factor(th, s, m) for s, m in moods]
    assert np.mean(factors) == pytest.approx(1.0, abs=0.01)
    kept = retaliation.mood_kept(4 * WEEK)
    renewed = [retaliation.mood_moved(s, kept, m) for s, m in moods]
    assert np.var(renewed) == pytest.approx(1.0, abs=0.03)


@every
@given(
    **th_lv,
    years=steps,
    concession=shares,
    g=shares,
    cover=shares,
    d=rates,
    obeyed=shares,
    seen=shares,
    b=shares,
    mood=st.floats(-0.5, 0.5),
    a=shares,
    noise=st.floats(-3, 3),
)
def test_leaders_weigh_what_they_can_deliver(
    th: Any,
    lv: Any,
    years: float,
    concession: float,
    g: float,
    cover: float,
    d: float,
    obeyed: float,
    seen: float,
    b: float,
    mood: float,
    a: float,
    noise: float,
) -> None:
    offered = (
        th.concession_weight * concession * (1 - th.rent_share * lv.transparency)
        + th.promise_weight * g * (0.5 + 0.5 * cover) * min(d, 1)
        + th.legal_weight * lv.legal * g
        + th.deterrence_weight * lv.conditional * lv.arrests
    )
    assert adherence.offer(th, lv, concession, g, cover, d) == near(offered)
    benefit = obeyed * offered + th.rival_weight * seen - th.betrayal_weight * b + mood
    assert adherence.benefit(th, obeyed, offered, seen, b, mood) == near(benefit)
    target = sigma(th.adherence_slope * (benefit - th.adherence_threshold - lv.weariness))
    moved = target + (a - target) * math.exp(-50 * years)
    assert adherence.adherence(th, lv, a, benefit, years) == near(max(moved, lv.own_halt))
    kept = math.exp(-4 * years)
    assert adherence.leadership_mood(th, mood, noise, years) == near(
        mood * kept + th.leader_noise * math.sqrt(1 - kept**2) * noise
    )


@every
@given(
    **th_lv,
    contact=shares,
    carried=rates,
    active=people,
    inside=people,
    c=st.floats(0.01, 1),
    z=st.floats(-3, 3),
    u=st.floats(-3, 3),
    concession=shares,
    e=shares,
    a=shares,
)
def test_orders_reach_cliques_and_are_obeyed(
    th: Any,
    lv: Any,
    contact: float,
    carried: float,
    active: float,
    inside: float,
    c: float,
    z: float,
    u: float,
    concession: float,
    e: float,
    a: float,
) -> None:
    m = contact + (1 - contact) * th.message_share * min(1, carried)
    assert command.messages(th, contact, carried) == near(m)
    own = lv.own_halt * active / (active + inside) if active + inside > 0 else 0.0
    reach = command.reach(m, lv.own_halt, active, inside)
    assert reach == near(max(m, own))
    revolt = th.rent_revolt * e * concession * (1 - lv.transparency)
    assert command.revolt(th, lv, concession, e) == near(revolt)
    leverage = th.prison_leverage_ms13
    factor = command.clique_odds(leverage, z, th.clique_sd, u)
    odds = command.obedience_odds(th, c, reach, revolt)
    if reach > 0:
        inner = th.obedience_power * math.log(c * reach / th.obedience_scale) + leverage * z + th.clique_sd * u - revolt
        assert command.obedience(odds, factor) == near(sigma(inner))
    assert compliance.compliance(a, 0.3) == near(0.3 * a)


@every
@given(
    **th_lv,
    years=steps,
    c=st.floats(0.001, 1),
    reach=shares,
    ratio=st.floats(0, 5),
    bought=rates,
    revolt=shares,
    start=st.floats(0.05, 0.95),
    contact=st.floats(0, 0.95),
)
def test_command_follows_its_logistic_equation(
    th: Any,
    lv: Any,
    years: float,
    c: float,
    reach: float,
    ratio: float,
    bought: float,
    revolt: float,
    start: float,
    contact: float,
) -> None:
    loss_start = command.reference_loss(th, start, contact)
    assert loss_start == near(th.command_gain * contact * (1 - start) / (1 - contact))
    gain = th.command_gain * reach * min(ratio, 3) + th.linking_command * bought
    loss = loss_start * (1 - reach) + revolt
    after = command.command_step(th, c, reach, ratio, bought, loss_start, revolt, years)
    assert after == pytest.approx(integrated(lambda x: x * (gain * (1 - x) - loss), c, years), rel=1e-7)
    assert command.command_step(th, start, contact, 1.0, 0.0, loss_start, 0.0, years) == near(start)
    assert command.command_step(th, 0.0, reach, ratio, bought, loss_start, revolt, years) == 0.0


def test_command_steps_smoothly_through_a_net_growth_of_nothing() -> None:
    th = SimpleNamespace(command_gain=0.4, linking_command=0.2)
    values = [command.command_step(th, 0.5, 0.5, 1.0, 0.0, 0.4 + 2e-13 * k, 0.0, WEEK) for k in range(-20, 21)]
    assert np.ptp(values) < 1e-12
    assert values[20] == pytest.approx(integrated(lambda x: x * (0.2 * (1 - x) - 0.2), 0.5, WEEK), rel=1e-9)


@every
@given(**th_lv, programme=rates, capacity=rates, diverted=st.floats(0, 2), a=shares, local=people, s=shares, y=shares)
def test_people_join_calm_down_and_leave(
    th: Any, lv: Any, programme: float, capacity: float, diverted: float, a: float, local: float, s: float, y: float
) -> None:
    th.recognition_exit = 1.5
    work = th.prog_exit * programme * min(1, capacity) * plus(1 - diverted)
    assert membership.peace_work(th, programme, capacity, diverted) == near(work)
    assert membership.calming(th, work, a) == near(th.calm_rate * (1 + work + 1.5 * a))
    assert membership.full_exit(th, work) == near(th.retire_rate * (1 + work))
    room = plus(1 - local / (th.saturation_share * 1e6))
    assert membership.room_left(th, local, 1e6) == near(room)
    expected = th.recruit_rate * 900.0 * y * room * plus(1 + th.social_recruit * (s - th.social_0) / th.social_0)
    assert membership.recruits(th, 900.0, y, room, s) == near(expected)
    assert prison.leaving_prison(th) == near(th.release_rate + th.custody_death_rate)
    assert prison.custody_share(th) == near(th.custody_death_rate / (th.release_rate + th.custody_death_rate))
    assert prison.prison_share(local, 50.0) == near(50.0 / (local + 50.0))
    assert (prison.YOUTH_RELEASE, membership.YOUTH_TURNOVER) == (1.0, 0.2)


@every
@given(**th_lv, local=st.floats(1, 50_000), start=st.floats(1, 50_000), share=shares, k=shares, others=st.floats(0, 2))
def test_extortion_charges_the_ground(
    th: Any, lv: Any, local: float, start: float, share: float, k: float, others: float
) -> None:
    collusion = others * k
    charge = th.take_per_member * start * (local / start) ** th.take_elasticity
    take = charge * share * (1 + th.collusion * collusion) * (1 - lv.bargain_extortion * k)
    ground = extortion.ground_factor(th, local, start)
    burden = extortion.burden(th, ground, collusion, k, lv.bargain_extortion)
    assert extortion.gang_take(th, burden, start, share) == near(take)
    assert burden * share == near(take / (th.take_per_member * start))
    reports = th.report_rate * charge * share * (1 - lv.bargain_extortion * k) / th.take_per_member
    assert extortion.reports(th, ground, start, share, k, lv.bargain_extortion) == near(reports)


@every
@given(
    **th_lv,
    years=steps,
    s=shares,
    k=shares,
    bought=rates,
    burden=rates,
    war=rates,
    v=shares,
    r=shares,
    seen=shares,
    programme=rates,
    flow=shares,
    e=shares,
    z=shares,
    others=shares,
    p=shares,
)
def test_bonding_linking_and_capture_follow_their_equations(
    th: Any,
    lv: Any,
    years: float,
    s: float,
    k: float,
    bought: float,
    burden: float,
    war: float,
    v: float,
    r: float,
    seen: float,
    programme: float,
    flow: float,
    e: float,
    z: float,
    others: float,
    p: float,
) -> None:
    gain = 0.4 * th.social_0 / (1 - th.social_0) + th.peace_social * k + th.prog_social * bought
    loss = 0.4 * (0.5 * burden + 0.5 * (1 - k) * war)
    after = capital.bonding_capital(th, s, capital.bonding_upkeep(th), k, bought, burden, war, years)
    assert after == near(relaxed(s, gain, loss, years))
    gain = 0.3 * th.linking_0 / (1 - th.linking_0) * r + th.linking_gain * (r * seen + programme * flow)
    loss = 0.3 + th.linking_loss * (lv.sanction + 0.5 * lv.prosecute_brokers + 0.5 * e)
    after = linking.linking_capital(th, lv, v, programme, r, seen, flow, e, years)
    assert after == near(relaxed(v, gain, loss, years))
    assert linking.flow(th, v) == near(min(1, 0.5 * v / th.linking_0))
    assert linking.access(th, v) == near(plus(1 + th.linking_access * (v / th.linking_0 - 1)))
    rate = capital.capture_rate(th, 3)
    assert rate == near((1 / 3) * th.capture_0 / (th.politics_0 * (1 - 3 * th.capture_0)))
    gain, loss = capital.capture_gain(rate, p, lv.pacts), capital.capture_loss(th, lv, e)
    assert gain == near(rate * p * (1 + 2 * lv.pacts))
    assert loss == near(1 / 3 + th.audit_effect * (lv.prosecute_principals + 0.2 * e))
    after = capital.captured(z, others, gain / (gain + loss), capital.fraction(gain + loss, years))
    assert after == pytest.approx(
        integrated(lambda x: gain * (1 - others - x) - loss * x, z, years), rel=1e-6, abs=1e-9
    )


@every
@given(
    **th_lv,
    years=steps,
    p=shares,
    votes=rates,
    access=rates,
    seen=shares,
    chest=rates,
    income=rates,
    bought=shares,
    take=people,
    towns=rates,
    concession=shares,
)
def test_politics_and_the_war_chest_follow_their_equations(
    th: Any,
    lv: Any,
    years: float,
    p: float,
    votes: float,
    access: float,
    seen: float,
    chest: float,
    income: float,
    bought: float,
    take: float,
    towns: float,
    concession: float,
) -> None:
    gain = (
        th.politics_decay * th.politics_0 / (1 - th.politics_0) * min(votes, 2) * access
        + th.peace_politics * seen * (1 - 0.5 * lv.transparency * lv.legal)
        + th.election_politics * lv.pacts
    )
    loss = th.politics_decay + 0.6 * th.audit_effect * lv.prosecute_principals
    assert politics.political_capital(th, lv, p, votes, access, seen, years) == near(relaxed(p, gain, loss, years))
    target = income + bought
    assert capital.war_chest(chest, income, bought, years) == near(target + (chest - target) * math.exp(-0.5 * years))
    expected = take + 1e6 * (th.capture_income * towns + th.leader_rent * concession / 3)
    assert capital.income(th, take, towns, concession, 3) == near(expected)


@every
@given(**th_lv, years=steps, d=rates, programme=rates, cut=st.floats(-1, 1), excess=st.floats(-5, 5), b=shares)
def test_broken_promises_become_betrayal(
    th: Any, lv: Any, years: float, d: float, programme: float, cut: float, excess: float, b: float
) -> None:
    assert betrayal.promises_paid(d, programme, years) == near(min(d, programme * years))
    expired = d * (1 - math.exp(-years / th.promise_patience))
    assert betrayal.promises_expired(th, d, years) == near(expired)
    inflow = (
        expired
        + th.breach_weight * plus(cut)
        + th.abuse_weight * plus(excess) * years
        + th.raid_weight * plus(lv.arrests * (1 - lv.conditional) - 1) * years
    )
    assert betrayal.betrayal_inflow(th, lv, expired, cut, excess, years) == near(inflow)
    faded = b * math.exp(-th.betrayal_decay * years)
    assert betrayal.betrayal(th, b, inflow, years) == near(faded + (1 - faded) * (1 - math.exp(-inflow)))


@every
@given(
    **th_lv,
    years=steps,
    h=shares,
    a=shares,
    hidden=people,
    g=shares,
    u=shares,
    e=shares,
    events=st.integers(0, 5),
    fall=st.floats(-1, 1),
    concession=shares,
)
def test_the_record_the_state_and_the_public(
    th: Any,
    lv: Any,
    years: float,
    h: float,
    a: float,
    hidden: float,
    g: float,
    u: float,
    e: float,
    events: int,
    fall: float,
    concession: float,
) -> None:
    target = th.hide_truce * a
    practised = recording.hiding_practice(th, h, a, years)
    assert practised == near(target + (h - target) * math.exp(-years / th.hide_memory))
    reports = th.disap_background * years + hidden / th.disappearance_ratio
    assert recording.disappearance_reports(th, hidden, years) == near(reports)
    declared = lv.commitment
    target = (
        declared
        * (1 - th.principal_chill * lv.prosecute_principals)
        * (1 - lv.opposition * (1 - th.legal_shield * lv.legal) * (1 - u) * (0.5 + 0.5 * e))
    )
    backed = politics.commitment(th, lv, declared, g, u, e, years)
    assert backed == near(target + (g - target) * math.exp(-6 * years))
    expected = th.exposure_rate * (1 - lv.transparency) * concession * years
    assert politics.exposures_expected(th, lv, concession, years) == near(expected)
    faded = e * math.exp(-years)
    assert politics.exposure(e, events, years) == near(faded + (1 - faded) * (1 - 0.7**events))
    target = min(1, plus(th.support_floor + th.support_fall * fall * (0.6 + 0.4 * lv.transparency)))
    assert politics.support(th, lv, u, fall, years) == near(target + (u - target) * math.exp(-4 * years))
    assert politics.fall_moved(years) == near(1 - math.exp(-6 * years))
    hazard = (
        th.abandon_rate
        * lv.opposition
        * (1 - th.legal_shield * lv.legal)
        * (1 - u)
        * (1 + e)
        * (1 + lv.prosecute_principals)
    )
    lv.endogenous_state = 1.0
    assert politics.abandonment_hazard(th, lv, u, e) == near(hazard if lv.concession > 0 else 0.0)


@every
@given(**th_lv, years=steps, belief=st.floats(-6, 6), noise=st.floats(-4, 4), kind=st.integers(0, 2), u=shares)
def test_interlocutors_are_judged_by_belief(
    th: Any, lv: Any, years: float, belief: float, noise: float, kind: int, u: float
) -> None:
    drift = (-1, 0, 1)[kind] * 0.5 * th.signal_info * years
    moved = interlocutors.belief_moved(th, belief, kind, noise, years)
    assert moved == near(belief + drift + math.sqrt(th.signal_info * years) * noise)
    pressed = lv.prosecute_brokers + lv.sanction
    assert interlocutors.removal_hazard(th, lv, belief) == near(th.removal_hazard * pressed * sigma(belief))
    assert interlocutors.filling_hazard(th, lv) == near(th.broker_supply * (1 - 0.5 * min(1, pressed)))
    prior = interlocutors.prior_log_odds(th)
    assert sigma(prior) == near(min(1 - 1e-6, max(1e-6, th.type_agent)))
    assert interlocutors.belief_returned(th, belief, prior) == near(prior + th.belief_stickiness * (belief - prior))
    kinds = [interlocutors.kind_drawn(th, x) for x in np.linspace(1e-9, 1 - 1e-9, 2001)]
    assert kinds == sorted(kinds)
    assert kinds.count(0) / 2001 == pytest.approx(th.type_genuine, abs=1e-3)
    assert kinds.count(1) / 2001 == pytest.approx(th.type_dual, abs=1e-3)


def test_what_each_type_of_interlocutor_does() -> None:
    genuine, dual, agent = 0, 1, 2
    assert [interlocutors.cover_of(k) for k in (genuine, dual, agent)] == [1.0, 1.0, 0.2]
    assert [interlocutors.channel_of(k) for k in (genuine, dual, agent)] == [0.0, 1.0, 1.0]
    assert [interlocutors.diversion_of(k) for k in (genuine, dual, agent)] == [0.0, 0.5, 1.0]


def test_a_likelihood_walk_carries_as_much_information_as_it_says() -> None:
    # under the truth the mean of the log-odds rises by half the information a year, and a fair judge stays fair
    th = SimpleNamespace(signal_info=0.8)
    noise = np.random.default_rng(1).standard_normal(60_000)
    agent = np.array([interlocutors.belief_moved(th, 0.0, 2, x, 1.0) for x in noise])
    genuine = np.array([interlocutors.belief_moved(th, 0.0, 0, x, 1.0) for x in noise])
    assert agent.mean() == pytest.approx(0.4, abs=0.02)
    assert agent.var() == pytest.approx(0.8, rel=0.03)
    assert np.mean(np.exp(genuine)) == pytest.approx(1.0, abs=0.03)


def places(**fields: list[float]) -> Any:
    """Gangs or cells as the kernel sees them: rows with named fields."""
    return np.rec.fromarrays([np.asarray(values, dtype=float) for values in fields.values()], names=list(fields))


@pytest.mark.parametrize(("sizes", "lead"), [([5.0, 5.0, 3.0], 0), ([3.0, 5.0, 5.0], 1), ([], -1)])
def test_the_largest_gang_leads_and_of_two_alike_the_first(sizes: list[float], lead: int) -> None:
    from tregua.model.kernel import leading_gang

    assert leading_gang(SimpleNamespace(gang=places(size_start=sizes))) == lead


@pytest.mark.parametrize(("active", "bonding"), [([0.0, 0.0], 0.0), ([30.0, 10.0], 0.35)])
def test_the_bonding_of_a_gang_is_weighed_by_its_active_members_and_nothing_where_there_are_none(
    active: list[float], bonding: float
) -> None:
    from tregua.model.kernel import G_ACTIVE, G_BONDING, write_gang
    from tregua.model.outcomes import GANG_STOCKS

    cell = places(active=active, calmados=[1.0, 2.0], imprisoned=[3.0, 4.0], bonding=[0.4, 0.2]).reshape(2, 1)
    names = ("linking", "political", "chest", "command", "adherence", "mean_compliance", "betrayal")
    state = SimpleNamespace(cell=cell, gang=places(**{name: [0.5] for name in names}))
    record = SimpleNamespace(gang_stocks=np.full((1, 1, len(GANG_STOCKS)), np.nan))
    write_gang(SimpleNamespace(cell=cell), state, None, record, 0, 0)
    assert record.gang_stocks[0, 0, G_ACTIVE] == sum(active)
    assert record.gang_stocks[0, 0, G_BONDING] == pytest.approx(bonding)
