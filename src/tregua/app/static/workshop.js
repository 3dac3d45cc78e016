// A workshop: roles say what they would do, guess, and write what they accept; then all see where they agree. Nobody plays the gangs.
import { store, t, of, referenceText, h, fill, icon, opening, number, post, said, decision, outcome, reading, announce, changed, link } from "/static/state.js";
import { roleName as label, roundBar, settingFields, guessFields, settingsResult, settingsShown, settingsOf, standing, settingText, nameOf, guessed, listedGuesses, scaleOf, unitOf, plain, signed, rounds, keepRounds, resetClock } from "/static/round.js";
import { claimsSection } from "/static/claims.js";
import { recordOf, recordSheet, refresh } from "/static/record.js";

const room = { here: new Set(), done: new Set(), told: null, key: "" };
const armName = (id) => { const one = decision().arms.find((other) => other.id === id); return one ? of(one.label) : id; };
const judges = (role) => Object.keys(store.sheet.bounds[role] || {}).length + Object.keys(store.sheet.counts[role] || {}).length > 0;
// A guess comes before the result: a role that would do something says what it expects of it, or it cannot commit.
const wrote = (role) => (standing(role) ? guessed(role) : judges(role));
const began = (role) => judges(role) || guessed(role) || settingsOf(role).length > 0 || Object.keys(store.sheet.claims[role] || {}).length > 0;
const part = () => store.caseView.roles.filter((role) => room.here.has(role));
function draw() { changed("view"); }
function leave(role) {
  const sheet = store.sheet;
  room.here.delete(role);
  room.done.delete(role);
  for (const held of [sheet.bounds, sheet.counts, sheet.guesses, sheet.claims]) { delete held[role]; }
  sheet.settings = sheet.settings.filter((one) => one.role !== role);
}
// The round that ends is kept as the link that it is; settings, limits and weights go on, guesses begin anew.
function nextRound() {
  const sheet = store.sheet;
  keepRounds([{ round: sheet.round, link: link() }, ...rounds().filter((one) => one.round !== sheet.round)]);
  sheet.round = Math.min(20, sheet.round + 1);
  sheet.guesses = {};
  sheet.opened = false;
  room.done.clear();
  resetClock();
  announce(t("app.shop.next.done", { n: sheet.round }));
  draw();
  window.scrollTo(0, 0);
  const box = document.querySelector("[data-focus='clock-go']");
  if (box) { box.focus({ preventScroll: true }); }
}

export function workshopPage() {
  const sheet = store.sheet;
  for (const role of store.caseView.roles) { if (began(role)) { room.here.add(role); if (sheet.opened && wrote(role)) { room.done.add(role); } } }
  sheet.years = Math.min(sheet.years, decision().years);
  const ready = part().length > 0 && part().every((role) => room.done.has(role) && wrote(role));
  if (!ready) { sheet.opened = false; }
  const table = h("div", { id: "shop-table", "aria-live": "polite" }), weighing = part().some(judges), shown = settingsShown(part()).length > 0;
  const open = () => { sheet.opened = true; draw(); requestAnimationFrame(() => { const head = document.getElementById("shop-h3"); if (head) { head.tabIndex = -1; head.focus(); } }); };
  const over = rounds();
  const page = h("div", { class: "workshop" }, h("h1", { class: "page-title" }, t("app.nav.workshop")), h("p", { class: "question" }, h("b", {}, of(decision().question))), h("p", { class: "lead" }, t("app.shop.lead")), roundBar(),
    h("section", { "aria-labelledby": "shop-h1" }, h("h2", { id: "shop-h1" }, t("app.shop.who")),
      h("p", { class: "roles" }, store.caseView.roles.map((role) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: room.here.has(role) || null, "data-focus": `here-${role}`, onchange: (event) => { if (event.target.checked) { room.here.add(role); } else { leave(role); } draw(); } }), label(role)))),
      h("p", { class: "small muted" }, t("app.shop.nobody"))),
    h("section", { "aria-labelledby": "shop-h2" }, h("h2", { id: "shop-h2" }, t("app.shop.write")), part().length ? [common(), h("div", { class: "role-cards" }, part().map(card))] : h("p", { class: "muted" }, t("app.shop.none"))),
    h("section", { class: "shop-result", "aria-labelledby": "shop-h3" }, h("h2", { id: "shop-h3" }, t("app.shop.table")),
      !sheet.opened ? h("div", { class: "shut-table" }, h("p", {}, t("workshop.guess"), " ", t("app.shop.closed", { k: part().filter((role) => room.done.has(role)).length, n: part().length })), h("button", { type: "button", disabled: ready ? null : true, "data-focus": "shop-open", onclick: open }, t("app.shop.open")))
        : [shown ? [h("h3", {}, t("app.shop.set.result")), settingsResult(part())] : null, weighing ? [h("h3", {}, t("app.shop.accept")), table] : null]),
    h("section", { class: "shop-talk", "aria-labelledby": "shop-h4" }, h("h2", { id: "shop-h4" }, t("app.shop.talk")), h("ol", {}, [1, 2, 3].map((n) => h("li", {}, t("app.shop.talk." + n)))), part().length ? claimsSection(part()) : null),
    h("section", { class: "shop-end", "aria-labelledby": "shop-h5" }, h("h2", { id: "shop-h5" }, t("app.shop.end")), h("p", { class: "small" }, t("app.shop.end.note")),
      h("p", { class: "go" }, h("button", { type: "button", "data-focus": "shop-print", disabled: part().length ? null : true, onclick: () => { refresh(); window.print(); } }, t("app.shop.print")), " ", h("button", { type: "button", class: "quiet", "data-focus": "shop-next", disabled: sheet.opened ? null : true, onclick: nextRound }, t("app.shop.next", { n: sheet.round + 1 }))),
      over.length ? [h("h3", {}, t("app.shop.rounds")), h("ul", { class: "shop-rounds" }, over.map((one) => h("li", {}, h("a", { href: `/workshop?${one.link.replace(/(^|&)lang=\w+/, "")}&lang=${store.lang}` }, t("app.shop.round.n", { n: one.round })), " ", h("button", { type: "button", class: "quiet small", "aria-label": t("app.kept.drop", { name: t("app.shop.round.n", { n: one.round }) }), "data-focus": `round-drop-${one.round}`, onclick: () => { keepRounds(rounds().filter((other) => other.round !== one.round)); draw(); } }, "×"))))] : null),
    recordOf(() => recordSheet(part(), sheet.opened, listed, compact())));
  if (sheet.opened && weighing) { ask(table); }
  return page;
}
// Under how many readings each role would accept each response, as small as it can be said.
function compact() {
  const told = room.told;
  if (!told || !told.roles.length) { return null; }
  const of_ = (row, role) => { const known = (row.cells[role] ? row.cells[role].met : []).filter((value) => value !== null); return known.length ? `${known.filter(Boolean).length}/${known.length}` : t("unknown.value"); };
  return h("table", { class: "record-accept" }, h("caption", {}, t("app.shop.record.accept", { chance: told.chance, reference: referenceText(), years: t(told.years === 1 ? "years.one" : "years.many", { n: told.years }) })),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("col.response")), told.roles.map((role) => h("th", { scope: "col" }, label(role))), h("th", { scope: "col" }, t("app.shop.record.besides")))),
    h("tbody", {}, told.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, armName(row.arm)), told.roles.map((role) => h("td", {}, of_(row, role))), h("td", { class: "small" }, row.outcomes.map((one) => `${opening(of(outcome(one.outcome).label))} ${of(one.text)}`).join(" · "))))));
}
// What holds for every role alike.
function common() {
  const sheet = store.sheet, field = (key, low, high) => h("input", { type: "number", min: low, max: high, step: 1, value: sheet[key], "data-focus": `shop-${key}`, id: `shop-${key}`, onchange: (event) => { const n = Math.round(Number(event.target.value)); if (n >= low && n <= high) { sheet[key] = n; } draw(); } });
  return h("p", { class: "shop-common" }, h("label", { for: "shop-years" }, t("app.weigh.years"), " "), field("years", 1, decision().years), " ", h("label", { for: "shop-chance" }, t("app.shop.chance"), " "), field("chance", 1, 100), " ", h("span", { class: "muted" }, t("app.shop.chance.of")));
}
function listed(role) {
  const view = store.caseView.weighing, sheet = store.sheet;
  const bounds = view.bound.filter((one) => one.id in (sheet.bounds[role] || {})).map((one) => t(outcome(one.id) && outcome(one.id).harm === "down" ? "app.shop.least" : "app.shop.most", { outcome: opening(of(one.label)), n: signed(sheet.bounds[role][one.id] / scaleOf(one)), unit: unitOf(one) }));
  const counts = view.weighed.filter((one) => one.id in (sheet.counts[role] || {})).map((one) => t("app.shop.counts", { n: plain(sheet.counts[role][one.id]) + (one.unit === "deaths" ? "" : ` ${weightUnit(one)}`), outcome: opening(of(one.label)) }));
  return [...bounds, ...counts];
}
const weightUnit = (one) => (one.unit === "US$" ? "US$" : unitOf(one));
function card(role) {
  const sheet = store.sheet, view = store.caseView.weighing, done = room.done.has(role) && wrote(role), set = standing(role);
  const allow = () => { const button = document.querySelector(`[data-focus="commit-${role}"]`), why = document.getElementById(`why-${role}`); button.disabled = !wrote(role); why.textContent = lacks(role); };
  const field = (one, all, kind) => { const scale = kind === "t" ? scaleOf(one) : 1; return h("label", {}, h("span", {}, opening(of(one.label)), h("small", { class: "muted" }, ` ${kind === "t" ? unitOf(one) : weightUnit(one)}`)),
    h("input", { type: "number", step: "any", min: kind === "w" ? 0 : null, value: (all[role] || {})[one.id] === undefined ? "" : all[role][one.id] / scale, "data-focus": `shop-${role}-${kind}-${one.id}`,
      onchange: (event) => {
        const held = (all[role] = all[role] || {}), n = Number(event.target.value) * scale;
        if (event.target.value === "" || !Number.isFinite(n) || (kind === "w" && n <= 0)) { delete held[one.id]; } else { held[one.id] = n; }
        changed("sheet");
        allow();
      } })); };
  const like = (preset) => h("button", { type: "button", class: "quiet small", title: of(preset.meaning), "data-focus": `shop-${role}-like-${preset.id}`, onclick: () => { sheet.counts[role] = Object.fromEntries(Object.entries(preset.weights).map(([id, w]) => [id, Number((1 / w).toPrecision(6))])); draw(); } }, opening(of(preset.label)));
  const commit = h("button", { type: "button", "data-focus": `commit-${role}`, "aria-describedby": `why-${role}`, disabled: wrote(role) ? null : true, onclick: () => { if (done) { room.done.delete(role); sheet.opened = false; } else { room.done.add(role); } announce(t(done ? "app.shop.reopened" : "app.shop.committed", { role: label(role) })); draw(); } }, t(done ? "app.shop.reopen" : "app.shop.commit"));
  const some = (held) => (Object.keys(held[role] || {}).length ? true : null);
  return h("section", { class: "role-card" + (done ? " done" : ""), "aria-labelledby": `role-${role}`, "data-role": role },
    h("h3", { id: `role-${role}` }, label(role), " ", done ? h("span", { class: "chip pass" }, t("app.shop.done")) : null), h("p", { class: "small" }, t("app.role.is." + role)),
    done ? h("ul", { class: "small" }, set ? h("li", {}, h("b", {}, nameOf(set)), nameOf(set) === settingText(set) ? null : ` (${settingText(set)})`) : null, [...listedGuesses(role), ...listed(role)].map((text) => h("li", {}, text)))
      : [settingFields(role), guessFields(role, allow),
        h("details", { class: "fold", "data-keep": `bounds-${role}`, open: some(sheet.bounds) }, h("summary", { "data-focus": `bounds-${role}` }, t("app.weigh.bounds", { reference: referenceText() })), h("fieldset", {}, h("legend", { class: "sr" }, t("app.weigh.bounds", { reference: referenceText() })), h("p", { class: "small" }, t("app.weigh.bounds.note")), view.bound.map((one) => field(one, sheet.bounds, "t")))),
        h("details", { class: "fold", "data-keep": `weights-${role}`, open: some(sheet.counts) }, h("summary", { "data-focus": `weights-${role}` }, t("app.weigh.counts")), h("p", { class: "like small" }, t("app.weigh.like"), " ", view.presets.map(like)), h("fieldset", {}, h("legend", { class: "sr" }, t("app.weigh.counts")), view.weighed.map((one) => field(one, sheet.counts, "w"))))],
    h("p", { class: "go" }, commit, " ", h("span", { class: "small muted", id: `why-${role}` }, done ? "" : lacks(role))));
}
function lacks(role) { return wrote(role) ? "" : t(standing(role) ? "app.shop.lacks.guess" : "app.shop.lacks.all"); }
async function ask(host) {
  const sheet = store.sheet;
  const roles = Object.fromEntries(part().filter(judges).map((role) => [role, { thresholds: sheet.bounds[role] || {}, weights: Object.fromEntries(Object.entries(sheet.counts[role] || {}).map(([id, n]) => [id, 1 / n])) }]));
  const asked = { decision: store.state.decision, years: sheet.years, chance: sheet.chance, roles }, key = JSON.stringify(asked);
  if (room.told && room.key === key) { drawTable(host, room.told); return; }
  host.replaceChildren(h("p", { class: "muted", role: "status" }, t("app.loading")));
  try {
    room.told = await (await post("/api/workshop", asked)).json();
    room.key = key;
    drawTable(host, room.told);
  } catch (error) { host.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })), h("p", { class: "small" }, h("a", { href: "/jobs", "data-page": "jobs" }, t("app.compare.jobs")))); }
}
const list = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${t("app.shop.and")} ${items.at(-1)}`);
const read = (id) => t("quote.app", { text: of(reading(id).label) });
// Readings under which all roles accept, none does, or they part; what was not run counts for nothing.
function together(row, told) {
  const out = { all: 0, none: 0, apart: 0, n: 0, by: [] };
  told.readings.forEach((_, i) => {
    const said = told.roles.filter((role) => row.cells[role] && row.cells[role].met[i] !== null), yes = said.filter((role) => row.cells[role].met[i]);
    if (said.length < told.roles.length) { out.by.push(null); return; }
    out.n += 1;
    out[yes.length === told.roles.length ? "all" : yes.length ? "apart" : "none"] += 1;
    out.by.push(yes);
  });
  return out;
}
function agreement(one) {
  if (one.all === one.n) { return t("app.shop.all.every", { n: one.n }); }
  if (one.none === one.n) { return t("app.shop.none.every", { n: one.n }); }
  return opening(["all", "none", "apart"].filter((kind) => one[kind]).map((kind) => t("app.shop.some." + kind, { k: one[kind], n: one.n })).join("; "));
}
function drawTable(host, told) {
  const years = t(told.years === 1 ? "years.one" : "years.many", { n: told.years }), n = told.readings.length;
  const joint = new Map(told.rows.map((row) => [row.arm, together(row, told)]));
  const of_ = (test) => told.rows.filter((row) => joint.get(row.arm).n > 0 && test(joint.get(row.arm))).map((row) => armName(row.arm));
  const every = of_((one) => one.all === one.n), never = of_((one) => one.none === one.n), mixed = of_((one) => one.all < one.n && one.none < one.n);
  const cell = (role, row) => {
    const one = row.cells[role];
    if (!one) { return h("td", { role: "cell" }, t("unknown.value")); }
    const known = one.met.filter((value) => value !== null), k = known.filter(Boolean).length;
    return h("td", { role: "cell" }, h("span", { class: "role-of", "aria-hidden": "true" }, label(role)), h("b", {}, t(k === known.length ? "app.shop.met.all" : k ? "app.shop.met.some" : "app.shop.met.none", { k, n: known.length })), " ", h("small", {}, t("app.shop.worst", { k: of(one.worst.text), reading: read(one.worst.under) })));
  };
  const some = told.roles.length > 0;
  // also where no role wrote a limit: a response is never told by its regret alone
  const bounds = [
    !some ? null : h("ul", { class: "shop-sum" }, every.length ? h("li", {}, t("app.shop.sum.every", { list: list(every) })) : h("li", {}, t("app.shop.sum.every.none")), mixed.length ? h("li", {}, icon("flip"), " ", t("app.shop.sum.mixed", { list: list(mixed) })) : null, never.length ? h("li", {}, t("app.shop.sum.never", { list: list(never) })) : null),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.shop.table") }, h("table", { class: "plain shop", role: "table" }, h("caption", {}, t(some ? "app.shop.caption" : "app.shop.caption.bare", { reference: referenceText(), years, chance: told.chance, n: number(told.draws), r: number(n) })),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, t("col.response")), told.roles.map((role) => h("th", { scope: "col", role: "columnheader" }, label(role))), some ? h("th", { scope: "col", role: "columnheader" }, t("app.shop.together")) : null)),
      h("tbody", { role: "rowgroup" }, told.rows.map((row) => [h("tr", { role: "row", class: "with" }, h("th", { scope: "row", role: "rowheader" }, armName(row.arm)), told.roles.map((role) => cell(role, row)), some ? h("td", { role: "cell", class: "joint" }, h("span", { class: "role-of", "aria-hidden": "true" }, t("app.shop.together")), agreement(joint.get(row.arm))) : null),
        h("tr", { role: "row", class: "against" }, h("td", { role: "cell", colspan: told.roles.length + (some ? 2 : 1), class: "small" }, t("app.weigh.against", { reference: referenceText(), list: row.outcomes.map((one) => `${opening(of(outcome(one.outcome).label))} ${of(one.text)}`).join(" · ") })))])))),
    !some ? null : h("details", { class: "fold", "data-keep": "shop-readings" }, h("summary", { "data-focus": "shop-readings" }, t("app.shop.readings", { n })), h("p", { class: "small" }, t("app.shop.readings.note")),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.shop.readings", { n }) }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("col.reading")), told.rows.map((row) => h("th", { scope: "col" }, armName(row.arm))))),
        h("tbody", {}, told.readings.map((id, i) => h("tr", {}, h("th", { scope: "row" }, opening(of(reading(id).label))), told.rows.map((row) => { const yes = joint.get(row.arm).by[i]; return h("td", {}, yes === null ? t("unknown.value") : yes.length === told.roles.length ? t("app.shop.roles.all") : yes.length ? list(yes.map(label)) : t("app.shop.roles.none")); })))))))];
  const weighing = Object.entries(told.weighing), beliefs = ["worst", ...store.caseView.weighing.beliefs];
  fill(host, bounds, weighing.length ? [h("h3", {}, t("app.shop.weighed")), h("p", { class: "small" }, t("app.shop.weighed.note")), h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.shop.weighed") }, h("table", { class: "plain shop-weighed" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("app.shop.role")), beliefs.map((id) => h("th", { scope: "col" }, t(id === "worst" ? "app.weigh.worst" : "app.weigh.expected." + id))))),
    h("tbody", {}, weighing.map(([role, least]) => h("tr", {}, h("th", { scope: "row" }, label(role)), beliefs.map((id) => h("td", {}, armName(least[id])))))),
    weighing.length > 1 ? h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, t("app.shop.together")), beliefs.map((id) => h("td", {}, new Set(weighing.map(([, least]) => least[id])).size === 1 ? t("app.shop.same") : t("app.shop.differ"))))) : null))] : null);
  if (told.roles.length) { announce(every.length ? t("app.shop.sum.every", { list: list(every) }) : t("app.shop.sum.every.none")); }
}
