"""The week, compiled: the only file that knows how the mechanisms are chained (section 5).

Written as plain Python over arrays and scalar functions; `compiled.py` binds it to Numba, or leaves it plain. Order
of a step: 1 levers and standing, 2 brokers and linking access, 3 commitment, 4 reach and obedience, 5 adherence, 6
compliance, 7 hiding, 8 killings, 9 memory, 10 membership and prison, 11 extortion, bonding, capture (8-11 area by
area, from the stocks at the start of the step), 12 promises and betrayal, war chest, political capital, command,
linking, 13 exposure and support, 14 beliefs, removals and returns, 15 the record.
"""

from __future__ import annotations

from typing import Any

from tregua.model import draws
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
from tregua.model.outcomes import AREA_STOCKS, FLOWS, GANG_STOCKS, STOCKS

DAYS_PER_YEAR = 365.25

# Processes: what a uniform is for. The numbers are part of the results; a new one goes at the end.
VICTIMS, VICTIM_MEMBERS, VICTIMS_HIDDEN, LEAVING_ACTIVE, ARRESTED, KILLED_BY_STATE = 1, 2, 3, 4, 5, 6
LEAVING_CALMADO, CALMADO_ARRESTED, CALMADO_KILLED, CALMADO_RELAPSED, LEAVING_PRISON, DIED_INSIDE = 7, 8, 9, 10, 11, 12
REJOINED, RECRUITED, LOCAL_MOOD, RECRUITED_INSIDE, CALMING = 13, 14, 15, 16, 17
COERCED, COERCED_HIDDEN, BACKGROUND, ATTACKED, YOUTH_ARRESTED, YOUTH_AGED, YOUTH_BORN = 1, 2, 3, 4, 5, 6, 7
YOUTH_RELEASED, YOUTH_RECRUITED = 8, 9
EXPOSED, NATIONAL_MOOD, WRONGLY_LEFT, ABANDONED, LEADER_MOOD = 1, 2, 3, 4, 1
ROLE_KIND, ROLE_STRIKE, ROLE_RETURN, ROLE_SIGNAL = 1, 2, 3, 16

HOMICIDES = FLOWS.index("homicides")
RECORDED = FLOWS.index("homicides_recorded")
HIDDEN = FLOWS.index("homicides_hidden")
DEATHS_GANG = FLOWS.index("deaths_gang")
DEATHS_COERCION = FLOWS.index("deaths_coercion")
DEATHS_BACKGROUND = FLOWS.index("deaths_background")
DEATHS_BY_STATE = FLOWS.index("deaths_by_state")
DEATHS_OF_STATE = FLOWS.index("deaths_of_state")
DISAPPEARANCES = FLOWS.index("disappearance_reports")
EXTORTION_PAID = FLOWS.index("extortion_paid")
GANG_INCOME = FLOWS.index("gang_income")
EXTORTION_REPORTS = FLOWS.index("extortion_reports")
ARRESTS = FLOWS.index("arrests_made")
ARRESTS_WRONGFUL = FLOWS.index("arrests_wrongful")
WRONGFUL_YEARS = FLOWS.index("detention_wrongful_years")
MINORS = FLOWS.index("minors_detained")
DEATHS_CUSTODY = FLOWS.index("deaths_in_custody")
REMOVALS_FALSE = FLOWS.index("removals_false")
TRUCE_YEARS = FLOWS.index("truce_years")
TRUCE_THRESHOLD = 0.35


def rivalry_weight(place: Any, th: Any, victim: int, attacker: int) -> float:
    """Weight F of a victim's group for an attacker; cliques of one gang fight each other at clique_rivalry."""
    if victim == attacker and place.switch[0].own_diagonal == 0.0:
        return th.clique_rivalry
    return place.rivalry[victim, attacker]


def brokers(th: Any, st: Any, work: Any) -> None:
    """Means over roles of what active roles do, and the reach that linking capital gives them (section 7, 6.8)."""
    roles = st.role.shape[0]
    gangs = st.gang.shape[0]
    cover = capacity = channel = diversion = watch = 0.0
    for j in range(roles):
        for kind in range(3):
            here = st.role[j, kind].active
            cover += here * interlocutors.cover_of(kind)
            capacity += (here + st.role[j, kind].empty * th.programme_survival) * interlocutors.cover_of(kind)
            channel += here * interlocutors.channel_of(kind)
            diversion += here * interlocutors.diversion_of(kind)
            watch += here
    standing = 0.0
    for g in range(gangs):
        work.gang[g].flow = linking.flow(th, st.gang[g].linking)
        work.gang[g].access = linking.access(th, st.gang[g].linking)
        standing += st.gang[g].linking
    out = work.brokers[0]
    if roles > 0:
        out.cover, out.capacity, out.channel = cover / roles, capacity / roles, channel / roles
        out.diversion, out.watch, out.roles = diversion / roles, watch / roles, watch / roles
    else:
        out.cover = out.capacity = out.channel = out.diversion = out.watch = out.roles = 0.0
    out.access = linking.access(th, standing / gangs) if gangs > 0 else 1.0


def begin(
    place: Any, th: Any, command_start: Any, leverage: Any, contact_start: float, key: Any, st: Any, work: Any
) -> None:
    """Fill `st` with the steady start of section 4."""
    areas, gangs = place.cell.shape
    nation = st.nation[0]
    total = mixed = 0.0
    for m in range(areas):
        st.area[m].youth = place.area[m].youth
        local = 0.0
        for g in range(gangs):
            local += place.cell[m, g].active
        for g in range(gangs):
            st.cell[m, g].active = place.cell[m, g].active
            st.cell[m, g].calmados = place.cell[m, g].calmados
            st.cell[m, g].imprisoned = place.cell[m, g].imprisoned
            st.cell[m, g].bonding = th.social_0
            st.cell[m, g].captured = th.capture_0
            st.cell[m, g].local_mood = draws.normal(draws.uniform(draws.join(key, place.cell[m, g].key), LOCAL_MOOD))
            st.cell[m, g].clique_factor = command.clique_odds(
                leverage[g], place.cell[m, g].prison_density, th.clique_sd, place.cell[m, g].clique_draw
            )
            if place.cell[m, g].active > 0.0:
                share = place.cell[m, g].active / local
                total += place.cell[m, g].active
                mixed += place.cell[m, g].active * (1.0 - share + rivalry_weight(place, th, g, g) * share)
    nation.mixing = 1.0
    if place.switch[0].mixing > 0.0:
        nation.mixing = place.switch[0].mixing
    elif total > 0.0 and mixed > 0.0 and th.contest_scale != 0.0:
        nation.mixing = mixed / total
    nation.mood = draws.normal(draws.uniform(key, NATIONAL_MOOD))
    nation.standing = 1.0
    nation.support = th.support_floor
    nation.capture_rate = capital.capture_rate(th, gangs)
    start_roles(place, th, key, st)
    for g in range(gangs):
        st.gang[g].command = command_start[g]
        st.gang[g].political = th.politics_0
        st.gang[g].linking = th.linking_0
        st.gang[g].chest = 1.0
    brokers(th, st, work)
    nation.cover_start = min(1.0, work.brokers[0].cover)
    nation.watch = work.brokers[0].watch
    nation.state_killing_start = repression.state_killing_start(th, nation.watch)
    effective = command.messages(th, contact_start, work.brokers[0].channel)
    for g in range(gangs):
        st.gang[g].loss_start = command.reference_loss(th, command_start[g], effective)
        taken = municipalities = 0.0
        for m in range(areas):
            taken += th.take_per_member * place.cell[m, g].active
            municipalities += th.capture_0 * place.area[m].municipalities
        st.gang[g].income_start = capital.income(th, taken, municipalities, 0.0, gangs)
    for m in range(areas):
        remember_start(place, th, st, work, m)
        for g in range(gangs):
            st.cell[m, g].mood_factor = retaliation.mood_factor(th, nation.mood, st.cell[m, g].local_mood)


def remember_start(place: Any, th: Any, st: Any, work: Any, m: int) -> None:
    """Killings that each gang remembers at the start: the fixed point of 6.1 and 6.3 in one area."""
    gangs = place.cell.shape[1]
    n = retaliation.branching(th, st.nation[0].cover_start, st.nation[0].cover_start)
    local = 0.0
    for g in range(gangs):
        local += place.cell[m, g].active
        st.cell[m, g].remembered = 0.0
    if local <= 0.0:
        return
    ground = contest.ground(th, local, st.nation[0].mixing)
    for _ in range(400):
        for h in range(gangs):
            work.gang[h].suffered = 0.0
        for g in range(gangs):
            attack_from(place, th, st, work, m, g, ground, n, 1.0, 1.0, 0.0)
        moved = 0.0
        for h in range(gangs):
            moved = max(moved, abs(work.gang[h].suffered - st.cell[m, h].remembered))
            st.cell[m, h].remembered = work.gang[h].suffered
        if moved < 1e-12:
            break


def attack_from(
    place: Any,
    th: Any,
    st: Any,
    work: Any,
    m: int,
    g: int,
    ground: float,
    n: float,
    war_now: float,
    mood: float,
    complied: float,
) -> None:
    """Add the killings a year by gang g in area m to the sides that suffer them (6.1)."""
    gangs = place.cell.shape[1]
    active = st.cell[m, g].active
    if active <= 0.0:
        return
    opposed = 0.0
    for h in range(gangs):
        opposed += rivalry_weight(place, th, h, g) * st.cell[m, h].active
    if opposed <= 0.0:
        return
    over_ground = contest.contest(active, opposed, ground, war_now, mood)
    per_weight = (over_ground + n * st.cell[m, g].remembered) * (1.0 - complied) / opposed
    for h in range(gangs):
        on_side = per_weight * rivalry_weight(place, th, h, g) * st.cell[m, h].active
        work.gang[h].suffered += on_side
        work.gang[h].suffered_hidden += st.gang[g].hiding * on_side


def step(
    place: Any,
    th: Any,
    lever: Any,
    days: float,
    index: int,
    key: Any,
    history: Any,
    return_contact: float,
    st: Any,
    work: Any,
) -> None:
    """One step of `days` days; `key` is the step's, `history` the run's."""
    areas, gangs = place.cell.shape
    years = days / DAYS_PER_YEAR
    nation = st.nation[0]
    flows = work.flows
    for i in range(flows.shape[0]):
        flows[i] = 0.0

    # 1 levers and standing
    stand(th, lever, history, years, st)
    offered_contact = nation.standing * lever.contact + (1.0 - nation.standing) * return_contact
    concession = nation.standing * lever.concession
    programme = nation.standing * lever.programme

    # 2 brokers, 3 commitment
    brokers(th, st, work)
    agg = work.brokers[0]
    cover = min(1.0, agg.access * agg.cover)
    nation.backing = politics.commitment(
        th, lever, nation.standing * lever.commitment, nation.backing, nation.support, nation.exposure, years
    )

    # 4 reach and the share of cliques that would obey
    effective = command.messages(th, offered_contact, agg.access * agg.channel)
    revolt_now = command.revolt(th, lever, concession, nation.exposure)
    active_national = 0.0
    for g in range(gangs):
        size = inside = 0.0
        for m in range(areas):
            size += st.cell[m, g].active
            inside += st.cell[m, g].imprisoned
        work.gang[g].members, work.gang[g].imprisoned = size, inside
        active_national += size
        work.gang[g].reach = command.reach(effective, lever.own_halt, size, inside)
        work.gang[g].odds = command.obedience_odds(th, st.gang[g].command, work.gang[g].reach, revolt_now)
        obeyed = 0.0
        for m in range(areas):
            work.cell[m, g].obeying = command.obedience(work.gang[g].odds, st.cell[m, g].clique_factor)
            obeyed += st.cell[m, g].active * work.cell[m, g].obeying
        work.gang[g].obeyed = obeyed / size if size > 0.0 else 0.0

    # 5 adherence of all gangs at once, from last week's compliance of the others; 7 hiding
    held_out = adherence.offer(th, lever, concession, nation.backing, cover, nation.promises)
    for g in range(gangs):
        others = weight = 0.0
        for h in range(gangs):
            if h != g or gangs == 1:
                others += place.gang[h].size_start * st.gang[h].mean_compliance
                weight += place.gang[h].size_start
        seen = others / weight if weight > 0.0 else 0.0
        noise = draws.normal(draws.uniform(draws.join(key, place.gang[g].key), LEADER_MOOD))
        st.gang[g].leader_mood = adherence.leadership_mood(th, st.gang[g].leader_mood, noise, years)
        gained = adherence.benefit(th, work.gang[g].obeyed, held_out, seen, st.gang[g].betrayal, st.gang[g].leader_mood)
        work.gang[g].new_adherence = adherence.adherence(th, lever, st.gang[g].adherence, gained, years)
    truce = 0.0
    killed_hazard = repression.state_killing_level(th, lever, agg.watch)
    for g in range(gangs):
        st.gang[g].adherence = work.gang[g].new_adherence
        st.gang[g].hiding = recording.hiding_practice(th, st.gang[g].hiding, st.gang[g].adherence, years)
        st.gang[g].mean_compliance = compliance.compliance(st.gang[g].adherence, work.gang[g].obeyed)
        truce += work.gang[g].members * st.gang[g].mean_compliance
        work.gang[g].war = contest.war(
            th, st.gang[g].betrayal, st.gang[g].command, st.gang[g].chest, st.gang[g].adherence
        )
        work.gang[g].taken = work.gang[g].captured = work.gang[g].bonding = 0.0
        work.gang_flows[g, 0] = work.gang_flows[g, 1] = 0.0
    truce = truce / active_national if active_national > 0.0 else 0.0
    if truce > TRUCE_THRESHOLD:
        flows[TRUCE_YEARS] = years

    # mood, renewed every fourth step
    nation.mood_age += years
    renew = index % retaliation.MOOD_EVERY == 0 and index > 0
    kept = 1.0
    if renew:
        kept = retaliation.mood_kept(nation.mood_age)
        nation.mood_age = 0.0
        nation.mood = retaliation.mood_moved(nation.mood, kept, draws.normal(draws.uniform(key, NATIONAL_MOOD)))

    # 8-11 area by area
    n = retaliation.branching(th, cover, nation.cover_start)
    forgotten = retaliation.forgetting(th, years)
    capture_loss = capital.capture_loss(th, lever, nation.exposure)
    upkeep = capital.bonding_upkeep(th)
    by_number = place.switch[0].arrest_by_number > 0.0
    left_prison = in_prison = wrongly = detained_before = detained_after = 0.0
    for g in range(gangs):
        gain = capital.capture_gain(nation.capture_rate, st.gang[g].political, lever.pacts)
        work.gang[g].capture_share = gain / (gain + capture_loss)
        work.gang[g].capture_moved = capital.fraction(gain + capture_loss, years)
        work.gang[g].bought = programme * agg.diversion * work.gang[g].flow / linking.FLOW_START
        work.gang[g].peace_work = membership.peace_work(
            th, programme, agg.access * agg.capacity, agg.diversion * work.gang[g].flow / linking.FLOW_START
        )
    for m in range(areas):
        detained_before += st.area[m].detained
        out = area(
            place,
            th,
            lever,
            years,
            key,
            m,
            n,
            forgotten,
            renew,
            kept,
            upkeep,
            killed_hazard,
            active_national,
            by_number,
            st,
            work,
        )
        left_prison += out[0]
        in_prison += out[1]
        wrongly += out[2]
        detained_after += st.area[m].detained
    before = nation.wrongly_imprisoned
    gone = draws.split(before, left_prison / in_prison, draws.uniform(key, WRONGLY_LEFT)) if in_prison > 0.0 else 0.0
    # drawn apart from the others who left: no more of them can leave than all, or stay than all
    gone = min(left_prison, max(gone, before - (in_prison - left_prison)))
    nation.wrongly_imprisoned = before - gone + wrongly
    flows[WRONGFUL_YEARS] = 0.5 * (before + nation.wrongly_imprisoned + detained_before + detained_after) * years
    flows[MINORS] = th.minor_share * flows[ARRESTS]

    # 12 promises and betrayal, war chest, political capital, command, linking
    nation.promises += nation.standing * lever.offer * years
    nation.promises -= betrayal.promises_paid(nation.promises, programme, years)
    expired = betrayal.promises_expired(th, nation.promises, years)
    nation.promises -= expired
    cut = nation.concession - concession
    nation.concession = concession
    votes = taken_total = municipalities_total = 0.0
    for g in range(gangs):
        size = work.gang[g].members
        excess = 1000.0 * (
            repression.state_killing(killed_hazard, work.gang[g].war, st.gang[g].mean_compliance)
            - nation.state_killing_start
        )
        inflow = betrayal.betrayal_inflow(th, lever, expired, cut, excess, years)
        earned = capital.income(th, work.gang[g].taken, work.gang[g].captured, concession, gangs)
        diverted = agg.diversion * programme * work.gang[g].flow
        standing_with_residents = work.gang[g].bonding / size if size > 0.0 else th.social_0
        voters = size * standing_with_residents / th.social_0
        votes += th.votes_per_member * voters
        ratio = voters / place.gang[g].size_start if place.gang[g].size_start > 0.0 else 0.0
        income_ratio = earned / st.gang[g].income_start if st.gang[g].income_start > 0.0 else 0.0
        reference = place.gang[g].prison_reference
        inside = prison.prison_share(size, work.gang[g].imprisoned)
        prison_ratio = inside / reference if reference > 0.0 else 0.0
        seen = st.gang[g].mean_compliance
        st.gang[g].chest = capital.war_chest(st.gang[g].chest, income_ratio, diverted, years)
        st.gang[g].political = politics.political_capital(
            th, lever, st.gang[g].political, ratio, work.gang[g].access, seen, years
        )
        st.gang[g].command = command.command_step(
            th, st.gang[g].command, work.gang[g].reach, prison_ratio, diverted, st.gang[g].loss_start, revolt_now, years
        )
        st.gang[g].betrayal = betrayal.betrayal(th, st.gang[g].betrayal, inflow, years)
        st.gang[g].linking = linking.linking_capital(
            th, lever, st.gang[g].linking, programme, agg.roles, seen, work.gang[g].flow, nation.exposure, years
        )
        flows[GANG_INCOME] += earned * years
        work.gang_flows[g, 1] = earned * years
        taken_total += work.gang[g].taken
        municipalities_total += work.gang[g].captured
    flows[EXTORTION_PAID] = th.victim_cost_ratio * taken_total * years
    nation.votes_now = min(politics.VOTES_CAP, votes)
    nation.captured_now = municipalities_total

    # what is recorded
    flows[HOMICIDES] = (
        flows[DEATHS_GANG]
        + flows[DEATHS_COERCION]
        + flows[DEATHS_BACKGROUND]
        + flows[DEATHS_BY_STATE]
        + flows[DEATHS_OF_STATE]
    )
    flows[RECORDED] = flows[HOMICIDES] - flows[HIDDEN]
    flows[DISAPPEARANCES] = recording.disappearance_reports(th, flows[HIDDEN], years)

    # 13 exposure and support
    rate = flows[RECORDED] / years
    fall = 0.0
    if nation.base_years < politics.BASELINE_YEARS:
        nation.recorded_smooth = rate if nation.base_years == 0.0 else nation.recorded_smooth
        nation.recorded_base += flows[RECORDED]
        nation.base_years += years
    nation.recorded_smooth += politics.fall_moved(years) * (rate - nation.recorded_smooth)
    if nation.base_years >= politics.BASELINE_YEARS and nation.recorded_base > 0.0:
        fall = 1.0 - nation.recorded_smooth * nation.base_years / nation.recorded_base
    events = draws.poisson(politics.exposures_expected(th, lever, concession, years), draws.uniform(key, EXPOSED))
    nation.exposure = politics.exposure(nation.exposure, events, years)
    nation.support = politics.support(th, lever, nation.support, fall, years)

    # 14 beliefs, removals, returns
    flows[REMOVALS_FALSE] = roles_step(place, th, lever, years, index, history, st)
    nation.watch = agg.watch


def area(
    place: Any,
    th: Any,
    lever: Any,
    years: float,
    key: Any,
    m: int,
    n: float,
    forgotten: float,
    renew: bool,
    kept: float,
    upkeep: float,
    killed_hazard: float,
    active_national: float,
    by_number: bool,
    st: Any,
    work: Any,
) -> tuple[float, float, float]:
    """Steps 8-11 in one area; returns people who left prison, people who were in prison, calmados arrested."""
    gangs = place.cell.shape[1]
    flows = work.flows
    nation = st.nation[0]
    area_key = draws.join(key, place.area[m].key)
    local = local_start = 0.0
    for g in range(gangs):
        local += st.cell[m, g].active
        local_start += place.cell[m, g].active
        work.gang[g].suffered = work.gang[g].suffered_hidden = 0.0
        work.gang[g].complied = compliance.compliance(st.gang[g].adherence, work.cell[m, g].obeying)
    per_head = 1.0 / local if local > 0.0 else 0.0
    for g in range(gangs):
        work.gang[g].share = st.cell[m, g].active * per_head

    # 8 killings
    contested = contest.ground(th, local, nation.mixing) if local > 0.0 else 0.0
    coerced = coerced_hidden = attacked = 0.0
    for g in range(gangs):
        mood = st.cell[m, g].mood_factor
        complied = work.gang[g].complied
        attack_from(place, th, st, work, m, g, contested, n, work.gang[g].war, mood, complied)
        under_coercion = contest.coercion(th, st.cell[m, g].active, work.gang[g].war, mood, complied)
        coerced += under_coercion
        coerced_hidden += st.gang[g].hiding * under_coercion
        attacked += repression.attacks(
            th, st.cell[m, g].active, st.gang[g].betrayal, st.gang[g].command, st.gang[g].adherence, complied
        )
    residents = draws.poisson(coerced * years, draws.uniform(area_key, COERCED))
    hidden = 0.0
    if residents > 0.0 and coerced_hidden > 0.0:
        hidden = draws.split(residents, coerced_hidden / coerced, draws.uniform(area_key, COERCED_HIDDEN))
    other = draws.poisson(contest.background(th, place.area[m].population) * years, draws.uniform(area_key, BACKGROUND))
    of_state = draws.poisson(attacked * years, draws.uniform(area_key, ATTACKED)) if attacked > 0.0 else 0.0
    between = by_state = 0.0

    # 9 memory, 10 membership and prison, gang by gang; 11 extortion, bonding, capture
    per_year = 1.0 / years
    ground = extortion.ground_factor(th, local, local_start)
    room = membership.room_left(th, local, place.area[m].population)
    youth_left = st.area[m].youth / place.area[m].youth if place.area[m].youth > 0.0 else 0.0
    youth = st.area[m].youth
    left_prison = in_prison = wrongly = arrests = exited = dead = custody = reported = 0.0
    own_crowding = place.switch[0].crowding_by_own > 0.0
    leaving_prison = prison.leaving_prison(th) * years
    died_share = prison.custody_share(th)
    calmado_arrest = 0.0 if by_number else repression.arrest_hazard_calmado(th, lever)
    for g in range(gangs):
        active = st.cell[m, g].active
        calmados = st.cell[m, g].calmados
        inside = st.cell[m, g].imprisoned
        if active + calmados + inside <= 0.0 and work.gang[g].suffered <= 0.0:
            deal(place, st, work, m, g)
            continue
        cell = draws.join(key, place.cell[m, g].key)
        complied = work.gang[g].complied
        suffered = work.gang[g].suffered
        victims = draws.poisson(suffered * years, draws.uniform(cell, VICTIMS)) if suffered > 0.0 else 0.0
        killed = 0.0
        if victims > 0.0:
            killed = min(active, draws.split(victims, th.member_victim_share, draws.uniform(cell, VICTIM_MEMBERS)))
            if work.gang[g].suffered_hidden > 0.0:
                hidden += draws.split(
                    victims, work.gang[g].suffered_hidden / suffered, draws.uniform(cell, VICTIMS_HIDDEN)
                )
            between += victims
            work.gang_flows[g, 0] += victims
        st.cell[m, g].remembered = retaliation.memory(st.cell[m, g].remembered, victims * per_year, forgotten)
        if renew:
            noise = draws.normal(draws.uniform(cell, LOCAL_MOOD))
            st.cell[m, g].local_mood = retaliation.mood_moved(st.cell[m, g].local_mood, kept, noise)
            st.cell[m, g].mood_factor = retaliation.mood_factor(th, nation.mood, st.cell[m, g].local_mood)

        # active members: deaths leave first, then one draw for all other exits
        work_done = work.gang[g].peace_work
        if by_number:
            arrest = repression.arrest_hazard_by_number(th, lever, active_national)
        else:
            arrest = repression.arrest_hazard(th, lever, st.cell[m, g].captured, complied)
        state_kill = repression.state_killing(killed_hazard, work.gang[g].war, complied)
        calm = membership.calming(th, work_done, st.gang[g].adherence)
        crowd = th.own_crowding * active if own_crowding else 0.0
        total = arrest + state_kill + calm + crowd
        alive = active - killed
        left = draws.exits(alive, total * years, draws.uniform(cell, LEAVING_ACTIVE))
        arrested = shot = calmed = 0.0
        if left > 0.0:
            arrested = draws.split(left, arrest / total, draws.uniform(cell, ARRESTED))
            rest = total - arrest
            if rest > 0.0:
                shot = draws.split(left - arrested, state_kill / rest, draws.uniform(cell, KILLED_BY_STATE))
                calmed = left - arrested - shot
                if crowd > 0.0:
                    calmed = draws.split(calmed, calm / (calm + crowd), draws.uniform(cell, CALMING))
        crowded_out = left - arrested - shot - calmed

        # calmados
        killed_calmado = th.misid_calm * state_kill
        relapse = th.relapse_rate
        retire = membership.full_exit(th, work_done)
        total_calmado = calmado_arrest + killed_calmado + relapse + retire
        left_calm = draws.exits(calmados, total_calmado * years, draws.uniform(cell, LEAVING_CALMADO))
        calm_arrested = calm_shot = relapsed = 0.0
        if left_calm > 0.0:
            calm_arrested = draws.split(
                left_calm, calmado_arrest / total_calmado, draws.uniform(cell, CALMADO_ARRESTED)
            )
            rest = total_calmado - calmado_arrest
            if rest > 0.0:
                calm_shot = draws.split(
                    left_calm - calm_arrested, killed_calmado / rest, draws.uniform(cell, CALMADO_KILLED)
                )
                rest -= killed_calmado
            if rest > 0.0:
                relapsed = draws.split(
                    left_calm - calm_arrested - calm_shot, relapse / rest, draws.uniform(cell, CALMADO_RELAPSED)
                )
        retired = left_calm - calm_arrested - calm_shot - relapsed

        # prison
        out_of_prison = draws.exits(inside, leaving_prison, draws.uniform(cell, LEAVING_PRISON))
        died = rejoined = 0.0
        if out_of_prison > 0.0:
            died = draws.split(out_of_prison, died_share, draws.uniform(cell, DIED_INSIDE))
            rejoined = draws.split(out_of_prison - died, th.rejoin_share, draws.uniform(cell, REJOINED))

        # recruits
        joining = membership.recruits(th, active, youth_left, 1.0 if own_crowding else room, st.cell[m, g].bonding)
        joined = min(youth, draws.poisson(joining * years, draws.uniform(cell, RECRUITED)))
        youth -= joined

        st.cell[m, g].active = alive - left + relapsed + rejoined + joined
        st.cell[m, g].calmados = calmados - left_calm + calmed + (out_of_prison - died - rejoined)
        st.cell[m, g].imprisoned = inside - out_of_prison + arrested + calm_arrested
        left_prison += out_of_prison
        in_prison += inside
        wrongly += calm_arrested
        arrests += arrested + calm_arrested
        by_state += shot + calm_shot
        custody += died
        exited += retired + crowded_out
        dead += killed + shot + calm_shot + died

        # 11 extortion, bonding, capture
        share = work.gang[g].share
        collusion = 0.0
        for h in range(gangs):
            if h != g:
                collusion += 2.0 * work.gang[h].share * complied * work.gang[h].complied
        weight = extortion.burden(th, ground, collusion, complied, lever.bargain_extortion)
        work.gang[g].taken += extortion.gang_take(th, weight, local_start, share)
        reported += extortion.reports(th, ground, local_start, share, complied, lever.bargain_extortion)
        st.cell[m, g].bonding = capital.bonding_capital(
            th, st.cell[m, g].bonding, upkeep, complied, work.gang[g].bought, weight, work.gang[g].war, years
        )
        work.gang[g].bonding += active * st.cell[m, g].bonding
        deal(place, st, work, m, g)

    # at-risk youth and detained youth
    youth_hazard = 0.0 if by_number else repression.arrest_hazard_youth(th, lever)
    taken = draws.exits(youth, youth_hazard * years, draws.uniform(area_key, YOUTH_ARRESTED))
    youth -= taken
    aged = min(youth, draws.rounded(membership.YOUTH_TURNOVER * youth * years, draws.uniform(area_key, YOUTH_AGED)))
    born = draws.rounded(membership.YOUTH_TURNOVER * place.area[m].youth * years, draws.uniform(area_key, YOUTH_BORN))
    released = recruited = 0.0
    if st.area[m].detained > 0.0:
        released = draws.exits(
            st.area[m].detained, prison.YOUTH_RELEASE * years, draws.uniform(area_key, YOUTH_RELEASED)
        )
        if released > 0.0 and local > 0.0:
            recruited = draws.split(released, th.prison_recruit, draws.uniform(area_key, YOUTH_RECRUITED))
            left_to_share = recruited
            share_left = 1.0
            for g in range(gangs):
                if left_to_share > 0.0 and share_left > 0.0:
                    cell = draws.join(key, place.cell[m, g].key)
                    to_gang = draws.split(
                        left_to_share, work.gang[g].share / share_left, draws.uniform(cell, RECRUITED_INSIDE)
                    )
                    st.cell[m, g].active += to_gang
                    left_to_share -= to_gang
                    share_left -= work.gang[g].share
            recruited -= left_to_share
    st.area[m].detained += taken - released
    st.area[m].youth = youth - aged + born + released - recruited

    homicides = between + residents + other + by_state + of_state
    work.area_flows[m, 0] = homicides
    work.area_flows[m, 1] = homicides - hidden
    flows[DEATHS_GANG] += between
    flows[DEATHS_COERCION] += residents
    flows[DEATHS_BACKGROUND] += other
    flows[DEATHS_BY_STATE] += by_state
    flows[DEATHS_OF_STATE] += of_state
    flows[HIDDEN] += hidden
    flows[EXTORTION_REPORTS] += reported * years
    flows[ARRESTS] += arrests + taken
    flows[ARRESTS_WRONGFUL] += wrongly + taken
    flows[DEATHS_CUSTODY] += custody
    nation.exited += exited
    nation.dead += dead
    return left_prison, in_prison, wrongly


def deal(place: Any, st: Any, work: Any, m: int, g: int) -> None:
    """Municipalities of one area with a deal with one gang, which it can keep or make without members there (6.8)."""
    others = 0.0
    for h in range(place.cell.shape[1]):
        if h != g:
            others += st.cell[m, h].captured
    st.cell[m, g].captured = capital.captured(
        st.cell[m, g].captured, others, work.gang[g].capture_share, work.gang[g].capture_moved
    )
    work.gang[g].captured += st.cell[m, g].captured * place.area[m].municipalities


def stand(th: Any, lever: Any, history: Any, years: float, st: Any) -> None:
    """Let the state drop the truce in the first step in which the summed hazard reaches the run's own threshold."""
    nation = st.nation[0]
    if nation.standing > 0.0 and lever.endogenous_state > 0.0:
        hazard = politics.abandonment_hazard(th, lever, nation.support, nation.exposure)
        nation.abandonment += hazard * years
        if nation.abandonment >= draws.exponential(draws.uniform(history, ABANDONED)):
            nation.standing = 0.0


def stand_mean(th: Any, lever: Any, history: Any, years: float, st: Any) -> None:
    """Standing decays at the hazard of abandonment."""
    nation = st.nation[0]
    if lever.endogenous_state > 0.0:
        hazard = politics.abandonment_hazard(th, lever, nation.support, nation.exposure)
        nation.standing *= 1.0 - politics.fraction(hazard, years)


def role_stream(place: Any, history: Any, j: int, generation: float) -> Any:
    """Key of one role in one generation."""
    return draws.join(draws.join(history, place.role[j].key), draws.count_key(generation))


def start_roles(place: Any, th: Any, history: Any, st: Any) -> None:
    """Draw the hidden type of every role."""
    for j in range(st.role.shape[0]):
        stream = role_stream(place, history, j, 0.0)
        kind = interlocutors.kind_drawn(th, draws.uniform(stream, ROLE_KIND))
        for other in range(3):
            st.role[j, other].active = 1.0 if other == kind else 0.0
            st.role[j, other].belief = interlocutors.prior_log_odds(th)


def start_roles_mean(place: Any, th: Any, history: Any, st: Any) -> None:
    """Spread every role over the types as the prior says."""
    for j in range(st.role.shape[0]):
        st.role[j, 0].active = th.type_genuine
        st.role[j, 1].active = th.type_dual
        st.role[j, 2].active = th.type_agent
        for kind in range(3):
            st.role[j, kind].belief = interlocutors.prior_log_odds(th)


def roles_step(place: Any, th: Any, lever: Any, years: float, index: int, history: Any, st: Any) -> float:
    """Beliefs, removals and returns; returns how many genuine roles were removed (section 7)."""
    wrong = 0.0
    filling = interlocutors.filling_hazard(th, lever)
    for j in range(st.role.shape[0]):
        stream = role_stream(place, history, j, st.post[j].generation)
        kind = 0
        for other in range(3):
            if st.role[j, other].active + st.role[j, other].empty > 0.0:
                kind = other
        active = st.role[j, kind].active > 0.0
        belief = st.role[j, kind].belief
        if th.signal_info > 0.0:
            noise = draws.normal(draws.uniform(stream, ROLE_SIGNAL + index))
            belief = interlocutors.belief_moved(th, belief, kind, noise, years)
        st.role[j, kind].belief = belief
        if active:
            st.post[j].hazard += interlocutors.removal_hazard(th, lever, belief) * years
            if st.post[j].hazard >= draws.exponential(draws.uniform(stream, ROLE_STRIKE)):
                st.role[j, kind].active = 0.0
                st.role[j, kind].empty = 1.0
                st.post[j].hazard = 0.0
                st.post[j].generation += 1.0
                if kind == interlocutors.GENUINE:
                    wrong += 1.0
        else:
            st.post[j].hazard += filling * years
            if st.post[j].hazard >= draws.exponential(draws.uniform(stream, ROLE_STRIKE)):
                st.post[j].hazard = 0.0
                st.post[j].generation += 1.0
                st.role[j, kind].empty = 0.0
                prior = interlocutors.prior_log_odds(th)
                fresh = role_stream(place, history, j, st.post[j].generation)
                if draws.uniform(stream, ROLE_RETURN) > interlocutors.believed_agent(belief):
                    belief = interlocutors.belief_returned(th, belief, prior)
                else:
                    kind = interlocutors.kind_drawn(th, draws.uniform(fresh, ROLE_KIND))
                    belief = prior
                st.role[j, kind].active = 1.0
                st.role[j, kind].belief = belief
    return wrong


def roles_step_mean(place: Any, th: Any, lever: Any, years: float, index: int, history: Any, st: Any) -> float:
    """Expected beliefs, removals and returns."""
    wrong = 0.0
    filling = interlocutors.filling_hazard(th, lever)
    prior = interlocutors.prior_log_odds(th)
    for j in range(st.role.shape[0]):
        fresh = 0.0
        for kind in range(3):
            belief = interlocutors.belief_moved(th, st.role[j, kind].belief, kind, 0.0, years)
            hazard = interlocutors.removal_hazard(th, lever, belief)
            removed = st.role[j, kind].active * interlocutors.fraction(hazard, years)
            filled = st.role[j, kind].empty * interlocutors.fraction(filling, years)
            same = filled * (1.0 - interlocutors.believed_agent(belief))
            if kind == interlocutors.GENUINE:
                wrong += removed
            here = st.role[j, kind].active - removed
            if same > 0.0:
                returned = interlocutors.belief_returned(th, belief, prior)
                belief = (here * belief + same * returned) / (here + same)
            st.role[j, kind].belief = belief
            st.role[j, kind].active = here + same
            st.role[j, kind].empty += removed - filled
            fresh += filled - same
        for kind in range(3):
            drawn = fresh * (th.type_genuine if kind == 0 else th.type_dual if kind == 1 else th.type_agent)
            here = st.role[j, kind].active
            if drawn > 0.0:
                st.role[j, kind].belief = (here * st.role[j, kind].belief + drawn * prior) / (here + drawn)
                st.role[j, kind].active = here + drawn
    return wrong


def read_stocks(place: Any, th: Any, st: Any, work: Any) -> None:
    """National stocks at the end of a step, in the order of STOCKS."""
    areas, gangs = place.cell.shape
    nation = st.nation[0]
    active = calmados = inside = detained = chest = bonding = 0.0
    linked = political = order = adhered = complied = betrayed = initial = 0.0
    for g in range(gangs):
        size = 0.0
        for m in range(areas):
            size += st.cell[m, g].active
            calmados += st.cell[m, g].calmados
            inside += st.cell[m, g].imprisoned
            bonding += st.cell[m, g].active * st.cell[m, g].bonding
        active += size
        linked += size * st.gang[g].linking
        political += st.gang[g].political
        chest += st.gang[g].chest
        order += size * st.gang[g].command
        adhered += size * st.gang[g].adherence
        complied += size * st.gang[g].mean_compliance
        betrayed += size * st.gang[g].betrayal
        initial += place.gang[g].size_start
    for m in range(areas):
        detained += st.area[m].detained
    agents = 0.0
    for j in range(st.role.shape[0]):
        agents += st.role[j, interlocutors.AGENT].active
    out = work.stocks
    heads = active if active > 0.0 else 1.0
    out[S_ACTIVE], out[S_CALMADOS], out[S_IMPRISONED] = active, calmados, inside
    out[S_EXITED], out[S_DEAD], out[S_DETAINED] = nation.exited, nation.dead, detained
    out[S_AGENTS], out[S_MONITORING] = agents, 1.0 - nation.watch
    out[S_VOTES], out[S_CAPTURED] = nation.votes_now, nation.captured_now
    out[S_BONDING], out[S_LINKING] = bonding / heads, linked / heads
    out[S_POLITICAL] = political / gangs if gangs > 0 else 0.0
    out[S_CRIMINAL] = chest / gangs if gangs > 0 else 0.0
    out[S_COMMAND], out[S_ADHERENCE] = order / heads, adhered / heads
    out[S_COMPLIANCE], out[S_BETRAYAL] = complied / heads, betrayed / heads
    out[S_PROMISES], out[S_BACKING] = nation.promises, nation.backing
    out[S_EXPOSURE], out[S_SUPPORT] = nation.exposure, nation.support
    out[S_EXTERNAL] = 0.0
    lead = leading_gang(place)
    if lead >= 0:
        out[S_EXTERNAL] = st.gang[lead].command * st.gang[lead].chest


def leading_gang(place: Any) -> int:
    """Position of the gang that was largest at the start, or -1 without gangs."""
    lead = -1
    for g in range(place.gang.shape[0]):
        if lead < 0 or place.gang[g].size_start > place.gang[lead].size_start:
            lead = g
    return lead


(
    S_ACTIVE,
    S_CALMADOS,
    S_IMPRISONED,
    S_EXITED,
    S_DEAD,
    S_DETAINED,
    S_AGENTS,
    S_MONITORING,
    S_VOTES,
    S_CAPTURED,
    S_BONDING,
    S_LINKING,
    S_POLITICAL,
    S_CRIMINAL,
    S_COMMAND,
    S_ADHERENCE,
    S_COMPLIANCE,
    S_BETRAYAL,
    S_PROMISES,
    S_BACKING,
    S_EXPOSURE,
    S_SUPPORT,
    S_EXTERNAL,
) = (
    STOCKS.index(name)
    for name in (
        "members_active",
        "calmados",
        "members_imprisoned",
        "members_exited",
        "members_dead",
        "youth_detained",
        "agents_missed",
        "monitoring_lost",
        "votes_deliverable",
        "municipalities_captured",
        "capital_bonding",
        "capital_linking",
        "capital_political",
        "capital_criminal",
        "command",
        "adherence",
        "compliance",
        "betrayal",
        "promises",
        "commitment_effective",
        "exposure",
        "support",
        "external_command",
    )
)
(
    G_ACTIVE,
    G_CALMADOS,
    G_IMPRISONED,
    G_BONDING,
    G_LINKING,
    G_POLITICAL,
    G_CRIMINAL,
    G_COMMAND,
    G_ADHERENCE,
    G_COMPLIANCE,
    G_BETRAYAL,
) = (
    GANG_STOCKS.index(name)
    for name in (
        "members_active",
        "calmados",
        "members_imprisoned",
        "capital_bonding",
        "capital_linking",
        "capital_political",
        "capital_criminal",
        "command",
        "adherence",
        "compliance",
        "betrayal",
    )
)
N_AREA_STOCKS = len(AREA_STOCKS)


def write(place: Any, th: Any, st: Any, work: Any, record: Any, first: float, last: float) -> None:
    """Share the flows of a step from day `first` to day `last` over the cut days; read stocks at those it reaches."""
    areas, gangs = place.cell.shape
    days = last - first
    read = False
    pieces = record.flows.shape[0]
    for i in range(pieces):
        low = record.cuts[i] if record.cuts[i] > first else first
        high = record.cuts[i + 1] if record.cuts[i + 1] < last else last
        if high <= low:
            continue
        share = (high - low) / days
        for f in range(record.flows.shape[1]):
            record.flows[i, f] += share * work.flows[f]
        for g in range(gangs):
            record.gang_flows[i, g, 0] += share * work.gang_flows[g, 0]
            record.gang_flows[i, g, 1] += share * work.gang_flows[g, 1]
        if record.cuts[i + 1] <= last:
            if not read:
                read_stocks(place, th, st, work)
                read = True
            for s in range(record.stocks.shape[1]):
                record.stocks[i, s] = work.stocks[s]
            for g in range(gangs):
                write_gang(place, st, work, record, i, g)
    for i in range(record.area_flows.shape[0]):
        low = record.area_cuts[i] if record.area_cuts[i] > first else first
        high = record.area_cuts[i + 1] if record.area_cuts[i + 1] < last else last
        if high <= low:
            continue
        share = (high - low) / days
        for m in range(areas):
            record.area_flows[i, m, 0] += share * work.area_flows[m, 0]
            record.area_flows[i, m, 1] += share * work.area_flows[m, 1]
            if record.area_cuts[i + 1] <= last:
                for g in range(gangs):
                    record.area_stocks[i, m, g, 0] = st.cell[m, g].active
                    record.area_stocks[i, m, g, 1] = st.cell[m, g].calmados
                    record.area_stocks[i, m, g, 2] = st.cell[m, g].imprisoned
                    record.area_stocks[i, m, g, 3] = st.area[m].detained if g == 0 else 0.0


def write_gang(place: Any, st: Any, work: Any, record: Any, i: int, g: int) -> None:
    """Stocks of one gang at a cut day, in the order of GANG_STOCKS."""
    size = calmados = inside = bonding = 0.0
    for m in range(place.cell.shape[0]):
        size += st.cell[m, g].active
        calmados += st.cell[m, g].calmados
        inside += st.cell[m, g].imprisoned
        bonding += st.cell[m, g].active * st.cell[m, g].bonding
    out = record.gang_stocks
    out[i, g, G_ACTIVE], out[i, g, G_CALMADOS], out[i, g, G_IMPRISONED] = size, calmados, inside
    out[i, g, G_BONDING] = bonding / size if size > 0.0 else 0.0
    out[i, g, G_LINKING], out[i, g, G_POLITICAL] = st.gang[g].linking, st.gang[g].political
    out[i, g, G_CRIMINAL], out[i, g, G_COMMAND] = st.gang[g].chest, st.gang[g].command
    out[i, g, G_ADHERENCE], out[i, g, G_COMPLIANCE] = st.gang[g].adherence, st.gang[g].mean_compliance
    out[i, g, G_BETRAYAL] = st.gang[g].betrayal


def advance(
    place: Any,
    th: Any,
    levers: Any,
    edges: Any,
    first_step: int,
    history: Any,
    return_contact: float,
    st: Any,
    work: Any,
    record: Any,
) -> None:
    """Run the steps between `edges` (days), the first of which is step number `first_step` of the history."""
    for i in range(edges.shape[0] - 1):
        index = first_step + i
        key = draws.join(history, draws.count_key(float(index)))
        step(place, th, levers[i], edges[i + 1] - edges[i], index, key, history, return_contact, st, work)
        active = complied = order = 0.0
        for g in range(st.gang.shape[0]):
            active += work.gang[g].members
            complied += work.gang[g].members * st.gang[g].mean_compliance
            order += work.gang[g].members * st.gang[g].command
        if active > 0.0:
            record.weekly[i, 0] = complied / active
            record.weekly[i, 1] = order / active
        write(place, th, st, work, record, edges[i], edges[i + 1])
