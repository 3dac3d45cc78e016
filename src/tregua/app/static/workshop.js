// A workshop: roles write what they would accept, and see under which explanation they agree. Nobody plays the gangs.
import { store, t, of, referenceText, h, fill, icon, opening, number, post, said, decision, outcome, reading, announce, changed } from "/static/state.js";

const room = { here: new Set(), done: new Set(), told: null, key: "" };
const label = (role) => t("app.role." + role);
const unit = (one) => (one.unit === "US$" ? "US$" : one.unit === "0..1" ? t("unit.0-1") : t("app.unit." + one.unit));
const armName = (id) => { const one = decision().arms.find((other) => other.id === id); return one ? of(one.label) : id; };
const wrote = (role) => Object.keys(store.sheet.bounds[role] || {}).length + Object.keys(store.sheet.counts[role] || {}).length > 0;
const part = () => store.caseView.roles.filter((role) => room.here.has(role));
function draw() { changed("view"); }

export function workshopPage() {
  const sheet = store.sheet;
  for (const role of store.caseView.roles) { if (wrote(role)) { room.here.add(role); if (sheet.opened) { room.done.add(role); } } }
  sheet.years = Math.min(sheet.years, decision().years);
  const ready = part().length > 0 && part().every((role) => room.done.has(role) && wrote(role));
  if (!ready) { sheet.opened = false; }
  const table = h("div", { id: "shop-table", "aria-live": "polite" });
  const open = () => { sheet.opened = true; draw(); requestAnimationFrame(() => { const head = document.getElementById("shop-h3"); if (head) { head.tabIndex = -1; head.focus(); } }); };
  const page = h("div", { class: "workshop" }, h("h1", { class: "page-title" }, t("app.nav.workshop")), h("p", { class: "lead" }, t("app.shop.lead")), h("p", { class: "small" }, of(decision().question), " ", h("span", { class: "muted" }, of(decision().label))),
    h("section", { "aria-labelledby": "shop-h1" }, h("h2", { id: "shop-h1" }, t("app.shop.who")),
      h("p", { class: "roles" }, store.caseView.roles.map((role) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: room.here.has(role) || null, "data-focus": `here-${role}`, onchange: (event) => { if (event.target.checked) { room.here.add(role); } else { room.here.delete(role); room.done.delete(role); delete sheet.bounds[role]; delete sheet.counts[role]; } draw(); } }), label(role)))),
      h("p", { class: "small muted" }, t("app.shop.nobody"))),
    h("section", { "aria-labelledby": "shop-h2" }, h("h2", { id: "shop-h2" }, t("app.shop.write")), part().length ? [common(), h("div", { class: "role-cards" }, part().map(card))] : h("p", { class: "muted" }, t("app.shop.none"))),
    h("section", { class: "shop-result", "aria-labelledby": "shop-h3" }, h("h2", { id: "shop-h3" }, t("app.shop.table")),
      sheet.opened ? table : h("div", { class: "shut-table" }, h("p", {}, t("app.shop.closed", { k: part().filter((role) => room.done.has(role)).length, n: part().length })), h("button", { type: "button", disabled: ready ? null : true, "data-focus": "shop-open", onclick: open }, t("app.shop.open")))),
    h("section", { class: "shop-talk", "aria-labelledby": "shop-h4" }, h("h2", { id: "shop-h4" }, t("app.shop.talk")), h("ol", {}, [1, 2, 3].map((n) => h("li", {}, t("app.shop.talk." + n)))),
      h("p", { class: "go" }, h("a", { href: "/ledger", "data-page": "ledger" }, t("app.shop.ledger")), " ", h("button", { type: "button", class: "quiet", "data-focus": "shop-print", onclick: () => window.print() }, t("app.export.print")))));
  if (sheet.opened) { ask(table); }
  return page;
}
// What holds for every role alike.
function common() {
  const sheet = store.sheet, field = (key, low, high) => h("input", { type: "number", min: low, max: high, step: 1, value: sheet[key], "data-focus": `shop-${key}`, id: `shop-${key}`, onchange: (event) => { const n = Math.round(Number(event.target.value)); if (n >= low && n <= high) { sheet[key] = n; } draw(); } });
  return h("p", { class: "shop-common" }, h("label", { for: "shop-years" }, t("app.weigh.years"), " "), field("years", 1, decision().years), " ", h("label", { for: "shop-chance" }, t("app.shop.chance"), " "), field("chance", 1, 100), " ", h("span", { class: "muted" }, t("app.shop.chance.of")));
}
function listed(role) {
  const view = store.caseView.weighing, sheet = store.sheet;
  const bounds = view.bound.filter((one) => one.id in (sheet.bounds[role] || {})).map((one) => t(outcome(one.id) && outcome(one.id).harm === "down" ? "app.shop.least" : "app.shop.most", { outcome: opening(of(one.label)), n: signed(sheet.bounds[role][one.id]), unit: unit(one) }));
  const counts = view.weighed.filter((one) => one.id in (sheet.counts[role] || {})).map((one) => t("app.shop.counts", { n: plain(sheet.counts[role][one.id]) + (one.unit === "deaths" ? "" : ` ${unit(one)}`), outcome: opening(of(one.label)) }));
  return [...bounds, ...counts];
}
function plain(value) { return number(value, Number.isInteger(value) ? 0 : 2); }
function signed(value) { return (value > 0 ? "+" : "") + plain(value); }
function card(role) {
  const sheet = store.sheet, view = store.caseView.weighing, done = room.done.has(role);
  const field = (one, all, kind) => h("label", {}, h("span", {}, opening(of(one.label)), h("small", { class: "muted" }, ` ${unit(one)}`)),
    h("input", { type: "number", step: "any", min: kind === "w" ? 0 : null, value: (all[role] || {})[one.id] ?? "", "data-focus": `shop-${role}-${kind}-${one.id}`,
      onchange: (event) => {
        const held = (all[role] = all[role] || {}), n = Number(event.target.value);
        if (event.target.value === "" || !Number.isFinite(n) || (kind === "w" && n <= 0)) { delete held[one.id]; } else { held[one.id] = n; }
        changed("sheet");
        document.querySelector(`[data-focus="commit-${role}"]`).disabled = !wrote(role);
      } }));
  const like = (preset) => h("button", { type: "button", class: "quiet small", title: of(preset.meaning), "data-focus": `shop-${role}-like-${preset.id}`, onclick: () => { sheet.counts[role] = Object.fromEntries(Object.entries(preset.weights).map(([id, w]) => [id, Number((1 / w).toPrecision(6))])); draw(); } }, opening(of(preset.label)));
  const commit = h("button", { type: "button", "data-focus": `commit-${role}`, disabled: wrote(role) ? null : true, onclick: () => { if (done) { room.done.delete(role); sheet.opened = false; } else { room.done.add(role); } announce(t(done ? "app.shop.reopened" : "app.shop.committed", { role: label(role) })); draw(); } }, t(done ? "app.shop.reopen" : "app.shop.commit"));
  return h("section", { class: "role-card" + (done ? " done" : ""), "aria-labelledby": `role-${role}`, "data-role": role },
    h("h3", { id: `role-${role}` }, label(role), " ", done ? h("span", { class: "chip pass" }, t("app.shop.done")) : null), h("p", { class: "small" }, t("app.role.is." + role)),
    done ? h("ul", { class: "small" }, listed(role).map((text) => h("li", {}, text)))
      : [h("fieldset", {}, h("legend", {}, t("app.weigh.bounds", { reference: referenceText() })), h("p", { class: "small" }, t("app.weigh.bounds.note")), view.bound.map((one) => field(one, sheet.bounds, "t"))),
        h("details", { class: "fold", "data-keep": `weights-${role}` }, h("summary", { "data-focus": `weights-${role}` }, t("app.weigh.counts")), h("p", { class: "like small" }, t("app.weigh.like"), " ", view.presets.map(like)), h("fieldset", {}, h("legend", { class: "sr" }, t("app.weigh.counts")), view.weighed.map((one) => field(one, sheet.counts, "w"))))],
    h("p", { class: "go" }, commit));
}
async function ask(host) {
  const sheet = store.sheet;
  const roles = Object.fromEntries(part().map((role) => [role, { thresholds: sheet.bounds[role] || {}, weights: Object.fromEntries(Object.entries(sheet.counts[role] || {}).map(([id, n]) => [id, 1 / n])) }]));
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
  return t("app.shop.some", { all: one.all, none: one.none, apart: one.apart, n: one.n });
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
