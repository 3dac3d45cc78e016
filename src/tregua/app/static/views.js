// The other pages: Why?, pages of results, jobs; and the drawer in which every number opens its six stops.
import { store, t, of, referenceText, h, s, fill, icon, opening, number, instant, isoDay, dayText, api, post, lines, said, change, decision, arm, outcome, reading, request, announce, changed } from "/static/state.js";
import { flowDiagram } from "/static/chart.js";
import { radios } from "/static/explore.js";

const DAY = 864e5;
let opener = null, current = null;

// The drawer
export async function openCard(load, from) {
  const drawer = document.getElementById("drawer");
  if (!drawer.contains(document.activeElement)) { opener = from || document.activeElement; }
  current = load;
  drawer.hidden = false;
  const body = drawer.querySelector(".drawer-body");
  body.replaceChildren(h("p", { class: "muted" }, t("app.loading")));
  const close = drawer.querySelector("button.shut");
  close.focus();
  try {
    const markup = await load(store.lang);
    if (current !== load) { return; }
    body.innerHTML = markup;
    crumbs(drawer, body);
  } catch (error) {
    if (current !== load) { return; }
    body.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })));
  }
}
function crumbs(drawer, body) {
  const nav = drawer.querySelector(".crumbs");
  const stops = [...body.querySelectorAll("li[data-stop]")];
  nav.replaceChildren(...stops.map((stop, i) => {
    const name = stop.dataset.stop, off = stop.classList.contains("off");
    const made = h("button", { type: "button", class: off ? "off" : null, onclick: () => { stop.scrollIntoView({ block: "start" }); stop.tabIndex = -1; stop.focus({ preventScroll: true }); } }, t("stop." + name));
    return [i ? h("span", { "aria-hidden": "true" }, "›") : null, made];
  }).flat().filter(Boolean));
}
export function shutCard() {
  const drawer = document.getElementById("drawer");
  if (drawer.hidden) { return false; }
  drawer.hidden = true;
  current = null;
  if (opener && opener.isConnected) { opener.focus(); }
  else if (opener && opener.dataset && opener.dataset.cell) { const again = document.querySelector(`[data-cell="${CSS.escape(opener.dataset.cell)}"]`); if (again) { again.focus(); } }
  return true;
}
export function reloadCard() { if (current) { openCard(current); } }
export function storedCard(id, from) {
  const stem = id.replace(/-(en|es)$/, ""), host = from && from.closest("[data-job-shown]"), job = host ? `&job=${host.dataset.jobShown}` : "";
  return async (lang) => (await api(`/api/cards/${encodeURIComponent(`${stem}-${lang}`)}?lang=${lang}${job}`)).text();
}
export async function follow(id, from) {
  if (/^(w|claim)-/.test(id)) { openCard(storedCard(id, from), from); return; }
  const stem = id.replace(/-(en|es)$/, "");
  try {
    const { page } = await (await api(`/api/anchors/${encodeURIComponent(`${stem}-${store.lang}`)}?lang=${store.lang}`)).json();
    if (page) { shutCard(); changed({ page, anchor: `${stem}-${store.lang}` }); }
  } catch { /* an anchor of another page: nothing to open */ }
}

// Pages of results
const shelf = new Map();
export function resultsPage(name, anchor) {
  const host = h("div", { class: "results", tabindex: "-1" }, h("h1", { class: "page-title" }, t("app.nav." + name)), h("p", { class: "muted", role: "status" }, t("app.composing")));
  (async () => {
    // an estimate of somebody's own counts stands in the place of that of the case, never beside it
    const job = name === "effect" ? store.ownJob : null, key = `${name}|${store.lang}|${job}`;
    try {
      const more = name === "effect" ? await import("/static/effect.js") : null, tools = more ? more.effectTools() : null;
      if (tools) { host.append(tools); }
      const markup = shelf.get(key) || (await (await api(`/api/pages/${name}?lang=${store.lang}${job ? `&job=${job}` : ""}`)).text());
      shelf.set(key, markup);
      if (!host.isConnected || host.dataset.left) { return; }
      const inner = h("div", { class: "doc", "data-job-shown": job });
      inner.innerHTML = markup;
      for (const scroll of inner.querySelectorAll(".scroll")) { scroll.tabIndex = 0; scroll.setAttribute("role", "group"); scroll.setAttribute("aria-label", t("app.scroll")); }
      fill(host, h("h1", { class: "page-title" }, t("app.nav." + name)), job ? more.ownBanner(job) : null, inner, name === "about" ? aboutMore() : name === "compare" ? [weighing(), toJobs()] : tools);
      const target = anchor && document.getElementById(anchor);
      if (target) { const fold = target.closest("details"); if (fold) { fold.open = true; } target.scrollIntoView(); target.tabIndex = -1; target.focus({ preventScroll: true }); }
    } catch (error) {
      host.replaceChildren(h("h1", { class: "page-title" }, t("app.nav." + name)), h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })));
    }
  })();
  return host;
}
// What was counted by place; nothing that was simulated has one.
export async function placesMarkup(host) {
  const key = `map|${store.lang}`;
  host.replaceChildren(h("p", { class: "small" }, t("app.map.note")), h("p", { class: "muted", role: "status" }, t("app.composing")));
  try {
    const markup = shelf.get(key) || (await (await api(`/api/pages/map?lang=${store.lang}`)).text());
    shelf.set(key, markup);
    const inner = h("div", { class: "doc" });
    inner.innerHTML = markup;
    for (const scroll of inner.querySelectorAll(".scroll")) { scroll.tabIndex = 0; scroll.setAttribute("role", "group"); scroll.setAttribute("aria-label", t("app.scroll")); }
    if (host.isConnected) { host.replaceChildren(h("p", { class: "small" }, t("app.map.note")), inner); }
  } catch (error) { host.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }))); }
}
export function forgetPages() { shelf.clear(); }
// Weights and thresholds of one's own
const weigh = { preset: null, counts: {}, bounds: {}, years: 5 };
function weighing() {
  const view = store.caseView.weighing, result = h("div", { id: "weighed", "aria-live": "polite" });
  const point = decision(), money = (one, kind) => (kind === "bounds" && one.unit === "US$" ? 1e6 : 1), unit = (one, kind) => (one.unit === "US$" ? (kind === "bounds" ? t("app.unit.usm") : "US$") : one.unit === "0..1" ? t("unit.0-1") : t("app.unit." + one.unit));
  const field = (one, held, kind) => h("label", {}, h("span", {}, opening(of(one.label)), h("small", { class: "muted" }, ` ${unit(one, kind)}`)), h("input", { type: "number", step: "any", min: kind === "counts" ? 0 : null, value: held[one.id] === undefined ? "" : held[one.id] / money(one, kind), "data-focus": `weigh-${kind}-${one.id}`,
    onchange: (event) => { if (event.target.value === "") { delete held[one.id]; } else { held[one.id] = Number(event.target.value) * money(one, kind); } if (kind === "counts") { weigh.preset = null; pressed(); } } }));
  const ask = async (event) => {
    event.preventDefault();
    const weights = Object.fromEntries(Object.entries(weigh.counts).filter(([, n]) => n > 0).map(([id, n]) => [id, 1 / n]));
    try { drawWeighed(result, await (await post("/api/weigh", { decision: point.id, years: weigh.years, weights, thresholds: weigh.bounds })).json()); }
    catch (error) { result.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }))); }
  };
  const take = (preset) => { weigh.preset = preset.id; weigh.counts = Object.fromEntries(Object.entries(preset.weights).map(([id, w]) => [id, Number((1 / w).toPrecision(6))]));
    for (const one of view.weighed) { form.querySelector(`[data-focus="weigh-counts-${one.id}"]`).value = weigh.counts[one.id] ?? ""; }
    pressed();
  };
  const pressed = () => { for (const one of form.querySelectorAll("[data-preset]")) { one.setAttribute("aria-pressed", String(one.dataset.preset === weigh.preset)); } };
  weigh.years = Math.min(weigh.years, point.years);
  const form = h("form", { class: "weigh", onsubmit: ask },
    h("p", { class: "like" }, h("span", { class: "muted" }, t("app.weigh.like")), " ", view.presets.map((preset) => h("button", { type: "button", class: "quiet", "aria-pressed": String(weigh.preset === preset.id), "data-preset": preset.id, title: of(preset.meaning), "data-focus": `preset-${preset.id}`, onclick: () => take(preset) }, opening(of(preset.label))))),
    h("fieldset", {}, h("legend", {}, t("app.weigh.counts")), view.weighed.map((one) => field(one, weigh.counts, "counts"))),
    h("fieldset", {}, h("legend", {}, t("app.weigh.bounds", { reference: referenceText() })), h("p", { class: "small" }, t("app.weigh.bounds.note")), view.bound.map((one) => field(one, weigh.bounds, "bounds"))),
    h("p", { class: "go" }, h("label", {}, t("app.weigh.years"), " ", h("input", { type: "number", min: 1, max: point.years, step: 1, value: weigh.years, "data-focus": "weigh-years", onchange: (event) => { weigh.years = Number(event.target.value) || 5; } })), " ", h("button", { type: "submit", "data-focus": "weigh-go" }, t("app.weigh.go"))));
  if (weigh.told && weigh.told.decision === point.id) { drawWeighed(result, weigh.told); }
  return h("section", { class: "block weighing", "aria-labelledby": "weigh-h" }, h("h2", { id: "weigh-h" }, t("app.weigh")), h("p", {}, t("app.weigh.lead")), h("p", { class: "small" }, of(point.label)), form, result);
}
function drawWeighed(host, told) {
  weigh.told = told;
  const label = (id) => { const one = decision().arms.find((other) => other.id === id); return one ? of(one.label) : id; };
  const read = (id) => t("quote.app", { text: of(reading(id).label) });
  const beliefs = store.caseView.weighing.beliefs, met = told.rows.some((row) => row.met);
  const years = t(told.years === 1 ? "years.one" : "years.many", { n: told.years });
  fill(host, h("p", {}, t("app.weigh.least", { arm: label(told.least.worst), k: of(told.steady), equal: label(told.least.equal), civil: label(told.least.civil_society), law: label(told.least.law_enforcement) })),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.weigh") }, h("table", { class: "plain" }, h("caption", {}, t("app.weigh.caption", { years, n: number(told.draws), r: number(told.readings.length) })),
      h("thead", {}, h("tr", {}, [t("col.response"), t("app.weigh.worst"), ...beliefs.map((id) => t("app.weigh.expected." + id)), met ? t("app.weigh.met") : null].filter(Boolean).map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, told.rows.map((row) => [h("tr", { class: row.outcomes.length ? "with" : null }, h("th", { scope: "row", rowspan: row.outcomes.length ? 2 : null }, label(row.arm)), h("td", {}, of(row.worst.text), " ", h("small", {}, `${t("app.weigh.under")} ${read(row.under)}`)),
        beliefs.map((id) => h("td", { class: "n" }, of(row.expected[id].text))), met ? h("td", {}, row.met ? t("app.weigh.met.of", { k: of(row.met.text), reading: read(row.met.under) }) : t("app.weigh.reference")) : null),
        row.outcomes.length ? h("tr", {}, h("td", { colspan: met ? 5 : 4, class: "small" }, t("app.weigh.against", { reference: referenceText(), list: row.outcomes.map((one) => `${opening(of(outcome(one.outcome).label))} ${of(one.text)}`).join(" · ") }))) : null])))));
}
function toJobs() { return h("p", { class: "small" }, h("a", { href: "/jobs", "data-page": "jobs" }, t("app.compare.jobs"))); }
function aboutMore() {
  return h("section", { class: "block more" }, h("h2", {}, t("app.about.api")), h("p", {}, t("app.about.api.text"), " ", h("a", { href: "/openapi.json" }, "/openapi.json")), h("h2", {}, t("app.keys")), keyList());
}
export function keyList() {
  return h("dl", { class: "keys" }, [["[ ]", "sections"], ["L", "ledger"], ["?", "list"], ["Ctrl+Z", "undo"], ["Ctrl+Shift+Z", "redo"], ["← →", "step"], ["Page ↑ ↓", "ten"], ["H", "history"], ["Enter", "open"], ["T", "table"], ["Esc", "leave"]].map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t("app.key." + what)))));
}

// Why?
const why = { side: "b", reading: "default", day: null, weeks: 1, told: null, controller: null, problem: null };
export function whyPage() {
  const known = decision().readings;
  if (!known.includes(why.reading)) { why.reading = known[0]; }
  if (!why.day) { why.day = isoDay(instant(decision().day) + 56 * 7 * DAY); }
  const body = h("div", { id: "why-body" });
  const ask = () => { askWhy(body); };
  const shift = (weeks) => { why.day = isoDay(Math.max(instant(store.caseView.start), Math.min(instant(decision().months.at(-1)) - 7 * DAY, instant(why.day) + weeks * 7 * DAY))); changed("view"); };
  const page = h("div", { class: "why" }, h("h1", { class: "page-title" }, t("app.why.title")), h("p", { class: "lead" }, t("app.why.lead")),
    h("div", { class: "controls" },
      radios("whyside", [["a", "A"], ["b", "B"]], why.side, t("app.scenario"), (value) => { why.side = value; changed("view"); }, "sides"),
      h("label", {}, h("span", { class: "what" }, t("col.reading")), h("select", { "data-focus": "why-reading", onchange: (event) => { why.reading = event.target.value; changed("view"); } }, known.map((id) => { const option = h("option", { value: id }, opening(of(reading(id).label))); option.selected = id === why.reading; return option; }))),
      h("label", {}, h("span", { class: "what" }, t("app.why.week")), h("input", { type: "date", value: why.day, min: store.caseView.start, max: isoDay(instant(decision().months.at(-1)) - DAY), "data-focus": "why-day", onchange: (event) => { if (event.target.value) { why.day = event.target.value; changed("view"); } } })),
      h("span", { class: "pair" }, h("button", { type: "button", "data-focus": "why-back", onclick: () => shift(-why.weeks) }, t("app.why.back")), " ", h("button", { type: "button", "data-focus": "why-on", onclick: () => shift(why.weeks) }, t("app.why.on"))),
      h("span", { class: "pair" }, h("span", { class: "what", "aria-hidden": "true" }, t("app.why.weeks")), " ", radios("whyweeks", [1, 4, 13, 26].map((n) => [String(n), String(n)]), String(why.weeks), t("app.why.window"), (value) => { why.weeks = Number(value); changed("view"); }))),
    body);
  if (why.told) { drawWhy(body, true); }
  requestAnimationFrame(ask);
  return page;
}
async function askWhy(body) {
  if (why.controller) { why.controller.abort(); }
  const mine = (why.controller = new AbortController());
  const key = JSON.stringify([store.state.decision, request(why.side), why.reading, why.day, why.weeks]);
  if (why.told && why.told.key === key) { drawWhy(body, false); return; }
  if (!why.told) { body.replaceChildren(h("p", { class: "muted", role: "status" }, t("app.loading"))); }
  try {
    const answer = await post("/api/flows", { decision: store.state.decision, scenario: request(why.side), reading: why.reading, start: why.day, weeks: why.weeks }, mine.signal);
    why.told = { ...(await answer.json()), key };
    if (body.isConnected && why.controller === mine) { drawWhy(body, false); }
  } catch (error) {
    if (error.name === "AbortError") { return; }
    body.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })));
  }
}
function drawWhy(body, stale) {
  const told = why.told, deaths = told.deaths;
  const most = Math.max(1, ...deaths.channels.map((one) => one.q95));
  const moved = (a, b) => told.moves.find((one) => one.from === a && one.to === b);
  const joined = moved("youth", "active"), left = moved("calmado", "exited");
  const span = told.weeks === 1 ? t("app.why.weekof", { day: dayText(told.start) }) : t("span.days", { start: dayText(told.start), end: dayText(told.end) });
  const alt = t("app.why.alt", { span, deaths: of(deaths.all.text).value, n: of(deaths.channels[0].text).value, m: of(joined.text).value, k: of(left.text).value });
  const rates = told.drives.flatMap((one) => one.terms.map((term) => Math.abs(term.rate)));
  const widest = Math.max(1e-9, ...rates);
  body.classList.toggle("stale", stale);
  body.replaceChildren(
    h("p", { class: "why-head" }, h("b", {}, span), ` · ${t("app.scenario")} ${why.side.toUpperCase()} (${of(arm(why.side).label)}) · `, t("app.why.runs", { n: told.runs, k: told.stepped }), told.record ? [" ", h("span", { class: "chip warn" }, t("app.why.record"))] : null),
    h("div", { class: "why-grid" },
      h("section", { "aria-labelledby": "why-deaths" }, h("h2", { id: "why-deaths" }, t("app.why.deaths")), h("p", { class: "keynumber" }, of(deaths.all.text).value, " ", h("small", { class: "range" }, of(deaths.all.text).span)),
        h("table", { class: "bars" }, h("caption", { class: "sr" }, alt), h("tbody", {}, deaths.channels.map((one) => h("tr", {}, h("th", { scope: "row" }, t("app.channel." + one.id)),
          h("td", {}, s("svg", { viewBox: "0 0 160 16", width: 160, height: 16, "aria-hidden": "true" }, s("rect", { class: `channel ${one.id}`, x: 0, y: 2, width: Math.max(one.q50 > 0 ? 1 : 0, (150 * one.q50) / most), height: 12 }), s("line", { class: "whisker", x1: (150 * one.q05) / most, x2: (150 * one.q95) / most, y1: 8, y2: 8 }))),
          h("td", { class: "n" }, of(one.text).value, " ", h("small", { class: "range" }, of(one.text).span)))))),
        h("p", { class: "small" }, t("app.why.hidden", { n: of(deaths.hidden.text).value, span: of(deaths.hidden.text).span }))),
      h("section", { "aria-labelledby": "why-moves" }, h("h2", { id: "why-moves" }, t("app.why.moves")), h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.why.moves") }, flowDiagram(told, alt, body.clientWidth || 612)), h("p", { class: "small" }, t("app.why.moves.note", { k: told.stepped })),
        h("details", { class: "fold" }, h("summary", {}, t("app.tab.table")), h("table", { class: "plain" }, h("tbody", {}, told.moves.map((one) => h("tr", {}, h("th", { scope: "row" }, `${t("app.node." + one.from)} → ${t("app.node." + one.to)}`), h("td", { class: "n" }, of(one.text).value), h("td", { class: "n" }, of(one.text).span))))))),
      h("section", { class: "drives", "aria-labelledby": "why-drives" }, h("h2", { id: "why-drives" }, t("app.why.drives")), h("p", { class: "small" }, t("app.why.drives.note")),
        told.drives.map((one) => h("div", {}, h("h3", {}, t("app.drive." + one.id)), h("table", { class: "bars" }, h("tbody", {}, one.terms.map((term) => h("tr", {}, h("th", { scope: "row" }, t("app.term." + term.id)),
          h("td", {}, s("svg", { viewBox: "0 0 160 12", width: 160, height: 12, "aria-hidden": "true" }, s("line", { class: "zero", x1: 80, x2: 80, y1: 0, y2: 12 }), s("rect", { class: term.rate < 0 ? "loss" : "gain", x: term.rate < 0 ? 80 + (76 * term.rate) / widest : 80, y: 2, width: (76 * Math.abs(term.rate)) / widest, height: 8 }))),
          h("td", { class: "n" }, signed(term.rate))))))))),
      ));
  if (!stale) { announce(alt); }
}
function signed(value) {
  const text = number(value, 2);
  return /[1-9]/.test(text) ? (value > 0 ? "+" : "") + text : `${t("app.about0")}`;
}

// Jobs
export const jobs = { list: [], watching: new Set() };
export function jobsPage() {
  const listHost = h("div", { id: "job-list" });
  const kind = h("select", { id: "job-kind", name: "kind" }, ["study", "compare"].map((one) => h("option", { value: one }, t("app.job." + one))));
  const draws = h("input", { id: "job-draws", type: "number", min: 2, max: 400, step: 1, value: "100", name: "draws" });
  const whole = h("input", { id: "job-whole", type: "checkbox", name: "whole" });
  const wrong = h("p", { role: "alert" });
  const form = h("form", { class: "job-form", onsubmit: async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    try {
      await startJob({ kind: kind.value, draws: Number(draws.value), whole: whole.checked, decision: kind.value === "compare" ? store.state.decision : null }, listHost);
    } catch (error) { wrong.textContent = said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }); wrong.className = "stopped"; }
  } },
    h("label", { for: "job-kind" }, t("app.job.kind")), kind, h("label", { for: "job-draws" }, t("app.job.draws")), draws,
    h("label", { class: "check", for: "job-whole" }, whole, t("app.job.whole")), h("button", { type: "submit" }, t("app.job.start")), wrong);
  const page = h("div", { class: "jobs" }, h("h1", { class: "page-title" }, t("app.nav.jobs")), h("p", { class: "lead" }, t("app.job.lead")), form, listHost);
  requestAnimationFrame(() => loadJobs(listHost));
  return page;
}
export async function startJob(asked, host) {
  const made = await (await post("/api/jobs", asked)).json();
  announce(t("app.job.started"));
  await loadJobs(host);
  watchJob(made.id, host);
  changed("jobs");
}
export async function countJobs() {
  try { jobs.list = await (await api("/api/jobs")).json(); } catch { /* shown when the page is opened */ }
  return jobs.list.filter((one) => one.state === "running" || one.state === "waiting").length;
}
export async function loadJobs(host) {
  try { jobs.list = await (await api("/api/jobs")).json(); } catch (error) {
    host.replaceChildren(h("p", { class: "stopped", role: "alert" }, said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })));
    return;
  }
  drawJobs(host);
  for (const one of jobs.list) { if (one.state === "running" || one.state === "waiting") { watchJob(one.id, host); } }
}
async function watchJob(id, host) {
  if (jobs.watching.has(id)) { return; }
  jobs.watching.add(id);
  try {
    for await (const seen of lines(await api(`/api/jobs/${id}/events`))) {
      jobs.list = jobs.list.map((one) => (one.id === id ? seen : one));
      const shown = document.getElementById("job-list");
      if (shown) { drawJobs(shown); }
      if (seen.state === "done") { forgetPages(); announce(t("app.job.state.done")); if (seen.kind === "effect" && store.page === "effect" && !store.ownJob && !seen.settings.counts) { changed("view"); } }
    }
  } catch { /* the list is read again when the page is opened */ } finally { jobs.watching.delete(id); changed("jobs"); }
}
async function act(id, what) {
  const host = document.getElementById("job-list");
  try { await post(`/api/jobs/${id}/${what}`, {}); await loadJobs(host); } catch (error) { announce(said(error.problem || { message: t("app.offline"), mend: "" })); }
}
function drawJobs(host) {
  const focused = document.activeElement && document.activeElement.dataset.focus;
  const shown = jobs.list.filter((one) => !host.dataset.kind || one.kind === host.dataset.kind);
  host.replaceChildren(shown.length === 0 ? h("p", { class: "muted" }, t("app.job.none")) : h("ol", { class: "job-list" }, shown.map(jobItem)));
  if (focused) { const again = host.querySelector(`[data-focus="${CSS.escape(focused)}"]`); if (again) { again.focus(); } }
}
function jobItem(one) {
  const effect = one.kind === "effect", own = effect && one.settings.counts;
  const what = effect ? [own ? t("app.job.own", { name: one.settings.name }) : null, t(one.settings.fast ? "app.job.fast" : "app.job.full")].filter(Boolean).join(" · ") : t("app.job.settings", { draws: one.settings.draws ?? 100 });
  const under = one.state === "running" || (one.done && one.state !== "done");
  const how = effect ? `${t("app.job.parts", { done: number(one.done), total: number(one.total) })}${one.part ? ` · ${of(one.part)}` : ""}` : t("app.job.done", { done: number(one.done), total: number(one.total) });
  return h("li", { class: `job ${one.state}`, "data-job": one.id },
    h("p", {}, h("b", {}, t("app.job." + one.kind)), ` · ${what} · `, h("span", { class: "chip " + (one.state === "failed" ? "stop" : one.state === "done" ? "pass" : "warn") }, t("app.job.state." + one.state)), ` · ${dayText(one.made.slice(0, 10))}, ${one.made.slice(11, 16)} UTC`),
    under ? h("p", {}, h("progress", { max: Math.max(1, one.total), value: one.done, "aria-label": t("app.job.progress") }), ` ${how}`, one.left ? ` · ${t("app.job.left", { s: number(one.left) })}` : "") : null,
    one.problem ? h("p", { class: "stopped" }, said(one.problem)) : null,
    one.failures.length ? h("details", { class: "fold", open: one.state === "failed" ? true : null }, h("summary", {}, t(effect ? "app.job.again" : "app.job.failed", { n: one.failed })), h("ul", {}, one.failures.map((row) => h("li", {}, effect ? null : [store.lang === "es" && row.es ? row.es : row.what, h("br")], h("code", {}, row.command))))) : null,
    h("p", {}, one.state === "running" || one.state === "waiting" ? h("button", { type: "button", "data-focus": `cancel-${one.id}`, onclick: () => act(one.id, "cancel") }, t("app.job.cancel")) : null,
      ["cancelled", "interrupted", "failed"].includes(one.state) ? h("button", { type: "button", "data-focus": `resume-${one.id}`, onclick: () => act(one.id, "resume") }, t(effect ? "app.job.anew" : "app.job.resume")) : null,
      one.state !== "done" ? null : !effect ? h("a", { href: "/compare", "data-page": "compare" }, t("app.job.see"))
        : h("button", { type: "button", "data-focus": `show-${one.id}`, onclick: () => { store.ownJob = own ? one.id : null; changed({ page: "effect" }); } }, t("app.job.estimate"))));
}
