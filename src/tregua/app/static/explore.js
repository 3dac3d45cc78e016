// Explore: two scenarios, three stories, what differs, and every lever.
import { store, t, of, h, s, fill, icon, opening, number, compact, instant, dayText, monthText, api, post, lines, said, change, changed, decision, arm, lever, outcome, reading, columns, columnName, levelsOf, historyAt, request, link, movedText, undo, redo, canUndo, canRedo, announce, isoDay } from "/static/state.js";
import { StoryChart, differenceChart, rangeCell, nice, monthTimes, deathsADay, unitText } from "/static/chart.js";
import { openCard, placesMarkup } from "/static/views.js";

let controller = null, charts = [], domain = null, frozenFor = "", released = 0, releasedAt = 0, refresh = null;

function drawnTop() {
  let low = 0, high = 0;
  for (const id of columns()) {
    const told = store.results[id];
    if (!told) { continue; }
    for (const name of ["a", "b"]) {
      const rows = store.state.view === "histories" && told[name].histories ? told[name].histories : [told[name].band[0], told[name].band[4]];
      for (const row of rows) { for (const value of row) { if (value > high) { high = value; } if (value < low) { low = value; } } }
    }
  }
  if (store.state.outcome === "homicides_recorded") { for (const row of store.caseView.observations) { high = Math.max(high, row.rate); } }
  return [low, high];
}
function freeze() {
  // the axis belongs to a move of a lever: it may grow while the first bands of that move arrive, then it stands
  const state = store.state, key = `${released}|${state.outcome}|${state.triad}|${state.view}`;
  const [low, high] = drawnTop();
  const empty = !columns().some((id) => store.results[id]);
  const share = outcome(state.outcome).unit === "0..1";
  const top = share ? 1 : nice(high * 1.04), bottom = low < 0 ? -nice(-low * 1.04) : 0;
  const put = (from, to) => { domain = [from, to]; domain.outcome = state.outcome; domain.empty = empty; return true; };
  if (!domain || frozenFor !== key || domain.empty) {
    frozenFor = key;
    const keep = domain && !domain.empty && domain[1] >= high && domain[1] <= 2.2 * top && domain[0] <= low && domain.outcome === state.outcome;
    return keep ? false : put(bottom, top);
  }
  const early = columns().every((id) => !store.results[id] || store.results[id].mark !== released || store.results[id].n <= store.stages[0]);
  if (early && (high > domain[1] || low < domain[0])) { return put(Math.min(bottom, domain[0]), Math.max(top, domain[1])); }
  return false;
}

// What the page came with: the first pairs of a state that was run before.
export function known(first) {
  store.years = first.years;
  store.levers = first.levers;
  drawBands.strips = JSON.stringify(first.levers);
  for (const story of first.stories) { store.results[story.reading] = { ...story, mark: released + 1, outcome: store.state.outcome, view: store.state.view }; }
}
// After the frame that shows what was drawn just now.
export function painted() { return new Promise((done) => { requestAnimationFrame(() => { const to = new MessageChannel(); to.port1.onmessage = () => done(); to.port2.postMessage(0); }); }); }

// Ask for runs. The bands on the screen stay, faded, until the first new ones come.
export async function run(fresh) {
  if (controller) { controller.abort(); }
  if (document.hidden && !fresh) { return; }
  const mine = (controller = new AbortController());
  if (fresh) { released += 1; releasedAt = performance.now(); store.others = {}; }
  store.running = true;
  store.paused = false;
  store.problem = null;
  const slow = setTimeout(() => { if (store.running && controller === mine) { document.body.classList.add("waiting"); progress(); } }, 400);
  progress();
  const at = releasedAt, mark = released;
  let first = true;
  try {
    const answer = await post("/api/runs", {
      decision: store.state.decision, a: request("a"), b: request("b"), outcome: store.state.outcome,
      readings: columns(), histories: store.state.view === "histories",
    }, mine.signal);
    for await (const message of lines(answer)) {
      if (controller !== mine) { return; }
      if (message.problems) { throw Object.assign(new Error(message.problems[0].message), { problem: message.problems[0] }); }
      if (message.kind === "begin") { store.stages = message.stages; store.years = message.years; store.levers = message.levers; }
      if (message.kind === "story") {
        const old = store.results[message.reading];
        const same = old && old.mark === mark && old.outcome === store.state.outcome && old.view === store.state.view;
        if (first) {
          first = false;
          store.firstMs = message.ms;
          if (fresh) { painted().then(() => { const ms = performance.now() - at; store.firstChart = store.firstChart || performance.now(); store.latency.push(ms); performance.measure("first-band", { start: at, duration: ms }); }); }
        }
        document.body.classList.remove("waiting");
        if (same && old.n >= message.n) { continue; }
        store.results[message.reading] = { ...message, mark, outcome: store.state.outcome, view: store.state.view };
        drawBands(message.reading);
        if ([24, 96, 400].includes(message.n) && message.reading === columns().at(-1)) { announce(runsText()); }
      }
      if (message.kind === "other") { store.others[message.reading] = message; later("signs"); }
    }
    store.running = false;
  } catch (error) {
    if (error.name === "AbortError" || controller !== mine) { return; }
    store.running = false;
    store.problem = error.problem || { message: t("app.offline"), mend: t("app.offline.mend") };
  } finally { clearTimeout(slow); }
  document.body.classList.remove("waiting");
  progress();
}
export function pause() {
  if (controller) { controller.abort(); controller = null; }
  store.running = false;
  store.paused = true;
  progress();
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden && store.running) { pause(); store.resumeOnShow = true; }
  else if (!document.hidden && store.resumeOnShow) { store.resumeOnShow = false; run(false); }
});

function leastShown() { return columns().map((id) => store.results[id]).filter(Boolean).reduce((a, b) => (a && a.n <= b.n ? a : b), null); }
function worstError() { const least = leastShown(); return least ? of(least.mcse) : ""; }
function runsText() {
  const least = leastShown();
  if (!least) { return ""; }
  return t("runs.progress", { n: number(least.n), total: number(store.stages.at(-1) || least.n), mcse: of(least.mcse) });
}
function progress() {
  const line = document.getElementById("runs");
  if (!line) { return; }
  const shown = columns().map((id) => store.results[id]).filter(Boolean);
  const n = shown.length ? Math.min(...shown.map((one) => one.n)) : 0, total = store.stages.at(-1) || 400;
  // fewer runs than there might be are enough where more would change no digit: then nothing stands half done
  const enough = !store.running && !store.paused && !store.problem && shown.length > 0;
  fill(line,
    h("progress", { max: total, value: enough ? total : n, "aria-label": t("app.runs.label") }),
    h("span", {}, !shown.length ? t("loading") : enough ? t("app.runs.enough", { n: number(n), mcse: worstError() }) : `${runsText()} ${t("app.runs.deaths")}`),
    store.running ? h("button", { type: "button", class: "quiet", onclick: pause }, t("app.pause"))
      : store.paused ? h("button", { type: "button", class: "quiet", onclick: () => run(false) }, t("app.goon")) : null,
    store.running && shown.length ? h("span", { class: "muted" }, t("app.runs.sharpening")) : null,
  );
  const place = document.getElementById("problem");
  place.replaceChildren(...(store.problem ? [h("p", { class: "stopped", role: "alert" }, said(store.problem), " ", h("button", { type: "button", onclick: () => run(true) }, t("app.again")))] : []));
}

function stories() {
  charts = [];
  const phone = matchMedia("(max-width:559px)").matches;
  const ids = columns(), focus = ids.includes(store.focus) ? store.focus : phone ? ids[0] : null;
  const host = h("div", { class: "columns" + (focus ? " focused" : "") });
  for (const [place, id] of ids.entries()) {
    const big = !focus || focus === id, thumb = !big;
    const chartHost = h("div", { class: "chart-host" });
    const read = h("p", { class: "readout", "aria-hidden": "true" }, t("app.read.hint"));
    const long = `alt-${id}`;
    const figure = h("figure", { class: "story-figure" + (thumb ? " small-story" : ""), role: "group", "aria-labelledby": `story-${id}`, "data-reading": id },
      h("div", { class: "figure-head" }, h("h2", { id: `story-${id}` }, h("span", { class: "ordinal" }, `${place + 1} `), columnName(id)),
        big && !phone ? h("button", { type: "button", class: "quiet small", "aria-label": focus ? t("app.all.three") : t("app.enlarge", { story: columnName(id) }), "data-focus": `enlarge-${id}`, onclick: () => { store.focus = focus ? null : id; changed("view"); } }, t(focus ? "app.all.three" : "app.enlarge.short")) : null),
      thumb ? h("button", { type: "button", class: "thumb-button", "aria-label": t("app.enlarge", { story: columnName(id) }), onclick: () => { store.focus = id; changed("view"); } }, chartHost) : chartHost,
      big ? read : null,
      big ? h("p", { class: "sr", id: long }, "") : null);
    const chart = new StoryChart(chartHost, {
      thumb, split: phone && big, height: focus && big && !phone ? 290 : undefined, lanes: Boolean(focus),
      handles: big ? { side: store.edit, moved: (which, day) => change((state) => { state[store.edit][which] = day; }) } : null,
      read: (text) => { read.textContent = text || t("app.read.hint"); },
      open: () => openLive("homicides", id), table: () => { store.tab = "table"; changed("view"); },
    });
    if (thumb) { chart.svg.setAttribute("tabindex", "-1"); chart.svg.setAttribute("aria-hidden", "true"); }
    chart.id = id;
    chart.host = chartHost;
    charts.push(chart);
    host.append(figure);
  }
  return host;
}
function size() {
  if (charts.some((one) => one.dragging)) { return; }
  freeze();
  size.windows = JSON.stringify([store.state.a.start, store.state.a.end, store.state.b.start, store.state.b.end]);
  const empty = domain || [0, 10];
  for (const chart of charts) {
    const width = Math.max(chart.options.thumb ? 160 : 200, Math.floor(chart.host.clientWidth));
    const told = store.results[chart.id];
    chart.told = told && told.outcome === store.state.outcome ? told : null;
    chart.build(width, empty);
    chart.svg.classList.toggle("stale", Boolean(chart.told && chart.told.mark !== released));
    describe(chart);
  }
}
function describe(chart) {
  if (chart.options.thumb) { return; }
  const told = chart.told, story = columnName(chart.id);
  const short = t("app.alt.short", { outcome: opening(of(outcome(store.state.outcome).label)), story });
  chart.label(short, `alt-${chart.id}`);
  const place = document.getElementById(`alt-${chart.id}`);
  if (!told || !place) { return; }
  const row = told.rows[0], both = told.a.band[2], other = told.b.band[2], months = monthTimes(), at = months.findIndex((month) => month >= instant(decision().day));
  const unit = outcome(store.state.outcome).unit, places = unit === "0..1" || unit === "index" ? 2 : deathsADay(store.state.outcome) ? 1 : 0;
  const mean = (values) => number(values.reduce((sum, value) => sum + value, 0) / values.length, places);
  // what the drawing shows, then what it comes to; where the pairs fall into two outcomes, both are said
  place.textContent = t("app.alt.levels", {
    outcome: opening(of(outcome(store.state.outcome).label)), unit: unitText(store.state.outcome), before: mean(both.slice(Math.max(0, at - 12), at)), y: mean(both.slice(at)), z: mean(other.slice(at)),
  }) + " " + t("app.alt.long", {
    a: of(arm("a").label), b: of(arm("b").label), years: years(store.years), value: worth(row), span: row.humps ? "" : of(row.text).span,
    n: number(told.n), chance: of(row.chance), start: monthText(decision().months[0]), end: dayText(isoDay(instant(decision().months.at(-1)) - 864e5)),
  });
}
function worth(row) { return row.humps ? `${t("hump.title")}: ${row.humps.map((one) => t("app.two.of", { value: of(one.text).value, n: of(one.chance) })).join("; ")}` : of(row.text).value; }
function years(n) { return t(n === 1 ? "years.one" : "years.many", { n }); }

function drawBands(id) {
  const grew = freeze(), strips = JSON.stringify(store.levers);
  const chart = charts.find((one) => one.id === id);
  const moved = drawBands.strips !== strips;
  drawBands.strips = strips;
  if (grew || (moved && !charts.every((one) => one.restrip()))) { size(); }
  else if (chart) {
    chart.draw(store.results[id]);
    chart.svg.classList.remove("stale");
    describe(chart);
  }
  if (store.tab === "table") { later("table"); }
  later("rest");
}
let queued = new Set();
function later(what) {
  // the bands come first; tables and differences follow in the next frame
  if (!queued.size) { requestAnimationFrame(() => setTimeout(() => { const now = queued; queued = new Set(); if (now.has("rest")) { progress(); differences(); others(); } if (now.has("rest") || now.has("signs")) { signs(); } if (now.has("table")) { tableTab(); } }, 0)); }
  queued.add(what);
}

function differences() {
  const host = document.getElementById("differences");
  if (!host) { return; }
  const shown = columns().filter((id) => store.results[id] && store.results[id].outcome === store.state.outcome);
  const mode = outcome(store.state.outcome).flow ? store.diffMode : "month";
  let low = 0, high = 0;
  for (const id of shown) {
    const bands = mode === "sum" && store.results[id].diff.sum ? store.results[id].diff.sum : store.results[id].diff.band;
    const dots = mode === "sum" && store.results[id].diff.sum ? store.results[id].diff.dots : [];
    low = Math.min(low, ...bands[0], ...dots);
    high = Math.max(high, ...bands[4], ...dots);
  }
  const keyNow = `${released}|${store.state.outcome}|${mode}`;
  if (!differences.domain || differences.key !== keyNow || differences.empty || shown.some((id) => store.results[id].n <= store.stages[0])) {
    differences.domain = [low < 0 ? -nice(-low * 1.05) : 0, high > 0 ? nice(high * 1.05) : low < 0 ? 0 : 1];
    differences.key = keyNow;
    differences.empty = !shown.length;
  }
  const gap = 20, across = host.clientWidth >= 660 ? 3 : 1;
  const width = Math.max(220, Math.floor((host.clientWidth - gap * (across - 1)) / across));
  host.replaceChildren(...shown.map((id) => {
    const told = store.results[id], row = told.rows[0];
    const figure = differenceChart(width, told, mode, differences.domain);
    figure.setAttribute("aria-label", t("app.alt.diff", { story: columnName(id), value: worth(row), span: row.humps ? "" : of(row.text).span, n: number(told.n), chance: of(row.chance) }));
    return h("div", { class: "diff-row" }, h("p", { class: "diff-name" }, columnName(id)), figure);
  }));
}
function openLive(id, story) {
  openCard(async (lang) => {
    const told = store.results[story];
    const answer = await post("/api/card", { decision: store.state.decision, a: request("a"), b: request("b"), outcome: id, reading: story, runs: told ? told.n : 24, lang });
    return answer.text();
  });
}
function others() {
  const host = document.getElementById("others");
  if (!host) { return; }
  const ids = columns().filter((id) => store.results[id]);
  if (!ids.length) { return; }
  const rows = store.results[ids[0]].rows.map((row) => row.outcome);
  const scale = {};
  for (const name of rows) {
    let low = 0, high = 0;
    for (const id of ids) { const row = store.results[id].rows.find((one) => one.outcome === name); low = Math.min(low, row.q05); high = Math.max(high, row.q95); }
    scale[name] = [low, high];
  }
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.cell : null;
  // on a phone a range breaks between its ends, and an amount before its unit; never inside a number
  const phone = matchMedia("(max-width:559px)").matches, fit = (text) => (phone ? text.replace(/([^\u2248])\u00a0/g, "$1 ") : text);
  host.replaceChildren(h("table", { class: "differs", role: "table" },
    h("caption", {}, t("app.diff.caption", { years: years(store.years), n: number(Math.min(...ids.map((id) => store.results[id].n))), a: of(arm("a").label), b: of(arm("b").label) })),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, t("app.col.outcome")), ids.map((id) => h("th", { scope: "col", role: "columnheader" }, columnName(id))))),
    h("tbody", { role: "rowgroup" }, rows.map((name) => h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, opening(of(outcome(name).label)), h("span", { class: "unit" }, unitShort(name))),
      ids.map((id) => {
        const row = store.results[id].rows.find((one) => one.outcome === name);
        const told = row.humps ? [t("hump.title"), " ", row.humps.map((one) => h("span", { class: "hump" }, t("app.two.of", { value: fit(of(one.text).value), n: of(one.chance) })))] : fit(of(row.text).value);
        return h("td", { role: "cell" }, h("span", { class: "story-of", "aria-hidden": "true" }, columnName(id)), h("a", { class: row.humps ? "num two" : "num", href: "#card", "data-cell": `${name}|${id}`, onclick: (event) => { event.preventDefault(); openLive(name, id); } }, told), " ", h("small", { class: "range" }, fit(of(row.text).span)),
          rangeCell(row, ...scale[name], outcome(name).harm), row.sign === 0 ? h("small", { class: "none" }, t("app.nodiff")) : null);
      }))))));
  if (focused) { const again = host.querySelector(`[data-cell="${CSS.escape(focused)}"]`); if (again) { again.focus(); } }
}
function unitShort(name) {
  const unit = outcome(name).unit;
  return unit === "US$" ? "" : unit === "0..1" ? t("unit.0-1") : unit === "index" ? t("app.axis.index") : t("app.unit." + unit);
}

function signs() {
  const host = document.getElementById("signs");
  if (!host) { return; }
  const known = decision().readings.map((id) => ({ id, told: store.results[id] && store.results[id].mark === released ? store.results[id] : store.others[id] })).filter((one) => one.told);
  const stop = document.getElementById("flipline");
  const main = store.results[columns().includes("default") ? "default" : columns()[0]];
  const sign = (one) => one.told.rows[0].sign;
  const more = known.filter((one) => sign(one) > 0), fewer = known.filter((one) => sign(one) < 0);
  const flips = more.length > 0 && fewer.length > 0;
  // the other side of zero: than the first story or, where that one is unclear, than most readings
  const usual = (main && Math.sign(main.rows[0].sign || 0)) || (more.length > fewer.length ? 1 : -1);
  const ready = known.length >= decision().readings.length;
  stop.replaceChildren(...(!main || !known.length ? [] : flips
    ? [h("p", { class: "flipline" }, icon("flip"), " ", t("app.flip", { more: list(more), fewer: fewer.length, n: known.length }))]
    : [h("p", { class: "small" }, ready ? oneSign(more, fewer, known.length) : t("app.flip.sofar", { n: known.length, all: decision().readings.length }))]));
  // a range with zero in it decides nothing, whatever the sign of its middle
  const open_ = known.filter((one) => one.told.rows[0].q05 < 0 && one.told.rows[0].q95 > 0).length;
  if (main && ready && open_ && (more.length || fewer.length)) { stop.firstChild.append(" ", t(open_ === 1 ? "app.flip.zero.one" : "app.flip.zero", { k: open_ })); }
  let low = 0, high = 0;
  for (const one of known) { low = Math.min(low, one.told.rows[0].q05); high = Math.max(high, one.told.rows[0].q95); }
  const priors = [...store.caseView.priors].filter((id) => id !== "default").sort((a, b) => t("app.prior." + a).localeCompare(t("app.prior." + b), store.lang));
  const row = (id, name) => {
    const one = known.find((other) => other.id === id);
    if (!one) { return h("tr", {}, h("th", { scope: "row" }, name), h("td", { colspan: "4", class: "muted" }, store.running ? t("app.coming") : t("unknown.value"))); }
    const told = one.told.rows, cell = (place) => h("td", {}, of(told[place].text).value, " ", h("small", { class: "range" }, of(told[place].text).span));
    const flip = flips && sign(one) === -usual;
    return h("tr", { class: flip ? "flipped" : null }, h("th", { scope: "row" }, name, reading(id).refitted ? h("abbr", { title: t("refit.mark") }, " R") : null, flip ? h("span", { class: "flipnote" }, " ", icon("flip"), " ", t("flip.word")) : null),
      h("td", {}, of(told[0].text).value, " ", h("small", { class: "range" }, of(told[0].text).span), rangeCell(told[0], low, high, "up")), cell(1), cell(3), cell(5));
  };
  const open = host.querySelector("details") ? host.querySelector("details").open : false;
  host.replaceChildren(h("details", { class: "fold", open: open || null, id: "all-readings" }, h("summary", {}, t("app.signs", { n: decision().readings.length })),
    h("p", { class: "small" }, t("priors.both")),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.signs", { n: decision().readings.length }) }, h("table", { class: "plain signs" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("col.reading")), [0, 1, 3, 5].map((place) => h("th", { scope: "col" }, main ? opening(of(outcome(main.rows[place].outcome).label)) : "")))),
      h("tbody", {}, priors.map((id) => row(id, t("app.prior." + id))), decision().readings.filter((id) => !priors.includes(id)).map((id) => row(id, opening(of(reading(id).label)))))))));
}
function oneSign(more, fewer, n) {
  const signed = more.length + fewer.length;
  if (!signed) { return t("diff.zero"); }
  return signed === n ? t("app.flip.all", { sign: t(more.length ? "app.flip.more" : "app.flip.fewer"), n }) : t("app.flip.some", { sign: t(more.length ? "app.flip.more" : "app.flip.fewer"), k: signed, n, z: n - signed });
}
function list(items) { return items.map((one) => t("quote.app", { text: of(reading(one.id).label) })).join(", "); }

function tableTab() {
  const host = document.getElementById("table");
  if (!host) { return; }
  const ids = columns().filter((id) => store.results[id] && store.results[id].outcome === store.state.outcome);
  const months = decision().months;
  const unit = outcome(store.state.outcome).unit, places = unit === "0..1" || unit === "index" ? 2 : deathsADay(store.state.outcome) ? 1 : 0;
  const cell = (band, i) => `${number(band[2][i], places)} [${number(band[0][i], places)};\u00a0${number(band[4][i], places)}]`;
  const seen = (i) => store.state.outcome !== "homicides_recorded" ? [] : store.caseView.observations.filter((row) => row.spans[0][0] >= months[i] && row.spans[0][0] < months[i + 1]);
  host.replaceChildren(h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.tab.table") }, h("table", { class: "plain" },
    h("caption", {}, t("app.table.caption", { outcome: opening(of(outcome(store.state.outcome).meaning)), unit: unitText(store.state.outcome) })),
    h("thead", {}, h("tr", {}, h("th", { scope: "col", rowspan: "2" }, t("app.col.month")), store.state.outcome === "homicides_recorded" ? h("th", { scope: "col", rowspan: "2" }, t("col.counted")) : null, ids.map((id) => h("th", { scope: "colgroup", colspan: "2" }, columnName(id)))),
      h("tr", {}, ids.map(() => [h("th", { scope: "col" }, "A"), h("th", { scope: "col" }, "B")]))),
    h("tbody", {}, months.slice(0, -1).map((day, i) => h("tr", { class: day > store.caseView.fit_end ? "held" : null }, h("th", { scope: "row" }, monthText(day)),
      store.state.outcome === "homicides_recorded" ? h("td", {}, seen(i).map((row) => `${number(row.count)} / ${number(row.days)} ${t("col.days").toLowerCase()} (${t("app.class." + row.class)})`).join("; ")) : null,
      ids.map((id) => [h("td", { class: "n" }, cell(store.results[id].a.band, i)), h("td", { class: "n" }, cell(store.results[id].b.band, i))])))))));
}

// Levers
function radios(name, values, chosen, label, pick, kind) {
  return h("div", { class: "seg " + (kind || ""), role: "radiogroup", "aria-label": label }, values.map(([value, text, extra]) => h("label", { class: value === chosen ? "on" : null },
    h("input", { type: "radio", class: "sr", name, value, checked: value === chosen, onchange: () => pick(value), "data-focus": `${name}-${value}` }), text, extra || null)));
}
export { radios };
function wrote(value, one) { return number(value, one.step >= 1 ? 0 : 2).replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, ""); }
// What a row of a lever shows: it is drawn again where this is no longer so.
function leverNow(one, levels, base) { const scenario = store.state[store.edit]; return [store.edit, scenario.arm, scenario.start, levels[one.id], base, one.id in scenario.sets].join("|"); }
function leverRow(one) {
  const side = store.edit, levels = levelsOf(side), value = levels[one.id];
  const base = levelsOf(side === "a" ? "b" : "a")[one.id];
  const top = Math.max(one.slider, value), span = top - one.lower;
  const past = historyAt(one.id, store.state[side].start || decision().day);
  const [seenLow, seenHigh] = one.evidence;
  const outside = value < seenLow || value > seenHigh;
  const at = (x) => `${(100 * (Math.max(one.lower, Math.min(top, x)) - one.lower)) / span}%`;
  const under = (x) => `calc(13px + (100% - 26px) * ${(Math.max(one.lower, Math.min(top, x)) - one.lower) / span})`;
  const moved = one.id in store.state[side].sets;
  const set = (next, done) => {
    const fixed = Math.max(one.lower, Math.min(one.upper, Math.round(next / one.step) * one.step));
    const clean = Number(fixed.toFixed(4));
    if (done) { change((state) => { state[side].sets[one.id] = clean; if (!arm(side).record && (arm(side).sets[one.id] ?? null) === clean) { delete state[side].sets[one.id]; } }); }
    return clean;
  };
  const name = opening(of(one.label)), id = `lever-${one.id}`;
  const valueText = (x) => t("app.lever.text", { value: wrote(x, one), history: past ? wrote(past.value, one) : t("unknown.value") });
  const range = h("input", { type: "range", id, min: one.lower, max: top, step: one.step, value: String(value), "aria-valuetext": valueText(value), "aria-describedby": `${id}-note`, "data-focus": id,
    oninput: (event) => { box.value = event.target.value; event.target.setAttribute("aria-valuetext", valueText(Number(event.target.value))); note(Number(event.target.value)); },
    onchange: (event) => set(Number(event.target.value), true),
    onkeydown: (event) => {
      const now = Number(event.target.value);
      let next = null;
      if (event.key === "PageUp") { next = now + 10 * one.step; } else if (event.key === "PageDown") { next = now - 10 * one.step; }
      else if ((event.key === "h" || event.key === "H") && past && !event.ctrlKey && !event.metaKey) { next = past.value; }
      if (next !== null) { event.preventDefault(); set(next, true); }
    } });
  range.value = String(value);
  const box = h("input", { type: "number", class: "box", min: one.lower, max: one.upper, step: one.step, value: String(Number(value.toFixed(4))), "aria-label": t("app.lever.box", { lever: name }), "data-focus": `${id}-box`,
    onchange: (event) => { const next = Number(event.target.value); if (event.target.value !== "" && Number.isFinite(next)) { set(next, true); } else { changed("scenario-kept"); } } });
  const noteLine = h("p", { class: "lever-note", id: `${id}-note` });
  const note = (x) => {
    const off = x < seenLow - 1e-9 || x > seenHigh + 1e-9;
    noteLine.replaceChildren(off ? h("span", { class: "outside" }, t("lever.outside")) : past ? t("lever.history", { value: wrote(past.value, one), date: dayText(past.date) }) : "");
  };
  note(value);
  return h("div", { class: "lever" + (Math.abs(value - base) > 1e-9 ? " differs" : "") + (moved ? " moved" : ""), "data-lever": one.id, "data-now": leverNow(one, levels, base) },
    h("div", { class: "lever-head" }, h("label", { for: id }, name), h("span", { class: "muted unit" }, one.unit === "multiple" ? t("app.unit.multiple") : one.unit === "0..1" || one.unit === "0/1" ? "" : t("app.unit." + one.unit)), box),
    h("div", { class: "track", style: { "--low": at(seenLow), "--high": at(seenHigh) } }, range,
      past ? h("span", { class: "was", style: { left: under(past.value) }, title: t("lever.history", { value: wrote(past.value, one), date: dayText(past.date) }) }) : null,
      Math.abs(value - base) > 1e-9 ? h("span", { class: "other " + (side === "a" ? "b" : "a"), style: { left: under(base) }, "aria-hidden": "true" }, side === "a" ? "B" : "A") : null),
    noteLine,
    h("details", { class: "lever-more", "data-keep": `more-${one.id}` }, h("summary", {}, t("app.lever.more")),
      h("p", {}, opening(of(one.meaning)) + "."),
      h("p", { class: "small" }, t("app.lever.range", { low: wrote(one.lower, one), high: wrote(one.upper, one), a: wrote(seenLow, one), b: wrote(seenHigh, one) })),
      one.history.length ? h("ul", { class: "small" }, one.history.map((row) => h("li", {}, h("span", { class: "when" }, dayText(row.date)), " ", wrote(row.value, one), row.source && row.source !== "-" ? ` · ${row.source}` : "", ` · ${t("app.basis." + basis(row.basis))}`))) : null,
      h("p", { class: "small" }, one.claims.length ? [t("app.lever.claims"), " ", one.claims.map((claim, i) => [i ? ", " : "", h("a", { class: "id", href: `#claim-${claim}-${store.lang}`, "data-card": `claim-${claim}-${store.lang}` }, claim)])] : t("evidence.none")),
      h("p", {}, moved ? h("button", { type: "button", class: "quiet small", onclick: () => change((state) => { delete state[side].sets[one.id]; }) }, t("app.lever.reset", { arm: of(arm(side).label) })) : null,
        past ? h("button", { type: "button", class: "quiet small", onclick: () => set(past.value, true) }, t("app.lever.history.set", { value: wrote(past.value, one) })) : null)));
}
function basis(text) { return text.includes("start value") ? "start" : text.includes("assumed") ? "assumed" : text.includes("shared") ? "shared" : text.includes("later counts") ? "later" : "sourced"; }

function leversPanel() {
  return h("aside", { class: "levers", id: "levers", "aria-labelledby": "levers-h" },
    h("div", { class: "levers-top" }, h("h2", { id: "levers-h" }, t("app.levers")),
      radios("edit", [["a", "A"], ["b", "B"]], store.edit, t("app.levers.edit"), (value) => { store.edit = value; changed("view"); }, "sides"),
      h("button", { type: "button", class: "sheet-close", onclick: () => { document.body.classList.remove("sheet"); } }, t("card.close"))),
    leversHead(), finder(),
    store.caseView.groups.map((group) => h("details", { class: "lever-group", open: group.id === "talks" || group.id === "force" ? true : null, "data-keep": `group-${group.id}` }, h("summary", {}, t("app.group." + group.id)), group.levers.map((id) => leverRow(lever(id))))),
    whatDiffers(), keptStates());
}
// A word of a policy question, and what here answers to it: a lever, a response, an outcome, or a rival reading.
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function finder() {
  const list = h("ul", { class: "found", "aria-live": "polite" });
  const show = () => fill(list, store.sought ? foundRows() : null);
  const box = h("input", { type: "search", value: store.sought || "", "data-focus": "find", "aria-label": t("app.find"), placeholder: t("app.find"), oninput: (event) => { store.sought = event.target.value.trim(); show(); } });
  show();
  return h("div", { class: "finder" }, box, list);
}
function foundRows() {
  const words = bare(store.sought).split(/\s+/).filter(Boolean), view = store.caseView;
  const hit = (one) => { const text = bare(`${of(one.label)} ${of(one.meaning)} ${one.id.replaceAll("_", " ")} ${store.words[store.lang]["app.find.also." + one.id] || ""}`); return words.every((word) => text.includes(word)); };
  const row = (kind, one, act, focus) => h("li", {}, h("button", { type: "button", class: "quiet", "data-focus": `found-${focus}`, onclick: act }, h("b", {}, opening(of(one.label))), h("small", {}, t(`app.find.${kind}`))));
  const toLever = (one) => { const input = document.getElementById(`lever-${one.id}`); for (let fold = input.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; } input.scrollIntoView({ block: "center" }); input.focus({ preventScroll: true }); };
  const toReading = () => { document.body.classList.remove("sheet"); const fold = document.getElementById("all-readings"); if (fold) { fold.open = true; fold.scrollIntoView({ block: "start" }); fold.querySelector("summary").focus({ preventScroll: true }); } };
  const rows = [...view.levers.filter(hit).map((one) => row("lever", one, () => toLever(one), `lever-${one.id}`)),
    ...decision().arms.filter(hit).map((one) => row("arm", one, () => { const side = store.edit; change((state) => { state[side] = { arm: one.id, sets: {}, start: null, end: null }; }); }, `arm-${one.id}`)),
    ...view.outcomes.filter((one) => one.charted && hit(one)).map((one) => row("outcome", one, () => { store.state.outcome = one.id; document.body.classList.remove("sheet"); changed("outcome"); }, `outcome-${one.id}`)),
    ...decision().readings.map(reading).filter(hit).map((one) => row("reading", one, toReading, `reading-${one.id}`))];
  return rows.length ? rows : [h("li", { class: "small muted" }, t("app.find.none"))];
}
function leversHead() {
  const side = store.edit, scenario = store.state[side];
  const last = isoDay(instant(decision().months.at(-1)));
  const dates = (key, value, empty) => h("label", {}, t("app.window." + key), " ", h("b", {}, value ? dayText(value) : empty), h("input", { type: "date", min: decision().first, max: last, value: value || "", "data-focus": `window-${key}`,
    onchange: (event) => change((state) => { state[side][key] = event.target.value || null; }) }));
  return h("div", { class: "levers-head" }, h("p", { class: "small" }, t("app.levers.of", { side: side.toUpperCase(), arm: of(arm(side).label) }), " ", opening(of(arm(side).meaning)) + "."),
    h("fieldset", { class: "window-inputs" }, h("legend", {}, t("app.window.title")), dates("start", scenario.start || decision().day, ""), dates("end", scenario.end, t("app.window.open")),
      scenario.start || scenario.end ? h("button", { type: "button", class: "quiet small", onclick: () => change((state) => { state[side].start = null; state[side].end = null; }) }, t("app.window.reset")) : null));
}
function whatDiffers() {
  const a = levelsOf("a"), b = levelsOf("b");
  const rows = store.caseView.levers.filter((one) => Math.abs(a[one.id] - b[one.id]) > 1e-9);
  const days = ["start", "end"].filter((key) => (store.state.a[key] || null) !== (store.state.b[key] || null));
  return h("div", { class: "what-differs" }, h("h3", {}, t("app.differs", { n: rows.length + days.length })),
    rows.length + days.length ? h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("col.lever")), h("th", { scope: "col", class: "n" }, "A"), h("th", { scope: "col", class: "n" }, "B"))),
      h("tbody", {}, rows.map((one) => h("tr", {}, h("th", { scope: "row" }, opening(of(one.label))), h("td", { class: "n" }, wrote(a[one.id], one)), h("td", { class: "n" }, wrote(b[one.id], one)))),
        days.map((key) => h("tr", {}, h("th", { scope: "row" }, t("app.window." + key)), ["a", "b"].map((side) => h("td", { class: "n" }, store.state[side][key] ? dayText(store.state[side][key]) : key === "start" ? dayText(decision().day) : t("app.window.open"))))))) : null,
    arm("a").record || arm("b").record ? h("p", { class: "small" }, t("app.differs.record")) : null,
    h("p", { class: "undo" }, h("button", { type: "button", class: "quiet", disabled: canUndo() ? null : true, onclick: undo, "data-focus": "undo" }, t("app.undo")), h("button", { type: "button", class: "quiet", disabled: canRedo() ? null : true, onclick: redo, "data-focus": "redo" }, t("app.redo"))));
}
// Named states, kept in this browser alone as the links that they are; the server reads them back and explains what changed.
const MOST_KEPT = 12;
function kept() { try { const found = JSON.parse(localStorage.getItem("tregua.kept") || "[]"); return Array.isArray(found) ? found.filter((one) => typeof one.name === "string" && typeof one.link === "string").slice(0, MOST_KEPT) : []; } catch { return []; } }
function keep(list) { try { localStorage.setItem("tregua.kept", JSON.stringify(list.slice(0, MOST_KEPT))); return true; } catch { announce(t("app.kept.failed")); return false; } }
function keptStates() {
  const box = h("input", { type: "text", maxlength: 40, "aria-label": t("app.kept.name"), placeholder: t("app.kept.name"), "data-focus": "kept-name" });
  const list = kept();
  return h("section", { class: "kept", "aria-labelledby": "kept-h" }, h("h3", { id: "kept-h" }, t("app.kept")),
    h("form", { onsubmit: (event) => { event.preventDefault(); const name = box.value.trim(); if (!name) { box.focus(); return; } if (keep([{ name, link: link() }, ...list.filter((one) => one.name !== name)])) { announce(t("app.kept.done", { name })); changed("view"); } } }, box, h("button", { type: "submit", class: "quiet", "data-focus": "kept-keep" }, t("app.kept.keep"))),
    list.length ? h("ul", {}, list.map((one) => h("li", {}, h("button", { type: "button", class: "quiet open", "data-focus": `kept-${one.name}`, onclick: () => recall(one.link) }, one.name),
      h("button", { type: "button", class: "quiet drop", "aria-label": t("app.kept.drop", { name: one.name }), onclick: () => { if (keep(list.filter((other) => other !== one))) { changed("view"); } } }, "×")))) : h("p", { class: "small muted" }, t("app.kept.none")));
}
async function recall(query) {
  try {
    const found = await (await api("/api/link?" + new URLSearchParams(query))).json();
    const side = (given) => ({ arm: given.arm, sets: given.sets, start: given.start, end: given.end });
    store.notes = found.notes;
    change((state) => { Object.assign(state, { decision: found.decision, a: side(found.a), b: side(found.b), outcome: found.outcome, view: found.view, triad: found.triad }); });
    changed("outcome");
  } catch (error) { store.problem = error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }; progress(); }
}

function scenarioPick(side) {
  const moved = Object.keys(store.state[side].sets).length + (store.state[side].start ? 1 : 0) + (store.state[side].end ? 1 : 0);
  return h("div", { class: `scenario ${side}` }, h("label", { for: `arm-${side}` }, h("span", { class: "sr" }, t("app.scenario"), " "), h("span", { class: `badge ${side}` }, side.toUpperCase()), s("svg", { class: "sample", viewBox: "0 0 40 6", "aria-hidden": "true" }, s("line", { class: `median ${side}`, x1: 0, x2: 40, y1: 3, y2: 3 }))),
    h("select", { id: `arm-${side}`, "data-focus": `arm-${side}`, onchange: (event) => change((state) => { state[side] = { arm: event.target.value, sets: {}, start: null, end: null }; }) },
      decision().arms.map((one) => { const option = h("option", { value: one.id }, of(one.label) + (one.record ? ` (${t("app.record")})` : "")); option.selected = one.id === store.state[side].arm; return option; })),
    moved ? h("span", { class: "chip warn" }, movedText(moved)) : null);
}

// A lever, a response or a day changed: what shows it is drawn again, and nothing else. False where the page is another.
export function patch() {
  const page = document.querySelector(".explore"), panel = document.getElementById("levers");
  if (!page || !panel || page.dataset.decision !== store.state.decision) { return false; }
  for (const side of ["a", "b"]) { page.querySelector(`.scenario.${side}`).replaceWith(scenarioPick(side)); }
  const mine = levelsOf(store.edit), base = levelsOf(store.edit === "a" ? "b" : "a");
  for (const row of panel.querySelectorAll("[data-lever]")) {
    const one = lever(row.dataset.lever);
    if (row.dataset.now !== leverNow(one, mine, base[one.id])) { row.replaceWith(leverRow(one)); }
  }
  panel.querySelector(".levers-head").replaceWith(leversHead());
  panel.querySelector(".what-differs").replaceWith(whatDiffers());
  const windows = JSON.stringify([store.state.a.start, store.state.a.end, store.state.b.start, store.state.b.end]);
  if (size.windows !== windows) { size(); } else { for (const chart of charts) { chart.svg.classList.toggle("stale", Boolean(chart.told && chart.told.mark !== released)); } }
  return true;
}
export function explore() {
  const state = store.state;
  store.edit = store.edit || "b";
  store.tab = store.tab || "chart";
  store.diffMode = store.diffMode || "sum";
  const table = store.tab === "table", map = store.tab === "map", phone = (explore.phone = matchMedia("(max-width:559px)").matches);
  const gate = store.caseView.gate;
  const outcomePick = h("label", { class: "outcome" }, h("span", { class: "sr" }, t("app.outcome"), " "), h("select", { "data-focus": "outcome", onchange: (event) => { store.state.outcome = event.target.value; changed("outcome"); } }, store.caseView.outcomes.filter((one) => one.charted).map((one) => { const option = h("option", { value: one.id }, one.id === "homicides_recorded" ? t("app.outcome.recorded") : one.id === "homicides" ? t("app.outcome.all") : opening(of(one.label))); option.selected = one.id === state.outcome; return option; })));
  const viewPick = radios("view", [["band", t("app.view.band")], ["histories", t("app.view.histories")], ["dots", t("app.view.dots")]], state.view, t("app.view"), (value) => { store.state.view = value; changed("viewkind"); });
  const tabPick = radios("tab", [["chart", t("app.tab.chart")], ["map", t("app.tab.map")], ["table", t("app.tab.table")]], store.tab, t("app.tab"), (value) => { store.tab = value; changed("view"); });
  const triadPick = radios("triad", [["stories", t("app.triad.stories")], ["priors", t("app.triad.priors")]], state.triad, t("app.triad"), (value) => { store.state.triad = value; changed("outcome"); });
  const pastNote = h("span", { class: "muted" }, t("app.past.figures", { date: dayText(store.caseView.figures_end) }));
  const main = h("div", { class: "explore-main" },
    h("h1", { class: "sr" }, t("app.nav.explore")),
    h("div", { class: "scenarios" },
      h("label", { class: "when-pick" }, h("span", { class: "sr" }, t("app.decision")), h("select", { "data-focus": "decision", onchange: (event) => pickDecision(event.target.value) }, store.caseView.decisions.map((one) => { const option = h("option", { value: one.id }, of(one.label)); option.selected = one.id === state.decision; return option; }))),
      scenarioPick("a"), scenarioPick("b")),
    h("div", { class: "controls" }, outcomePick, phone ? null : viewPick, tabPick),
    phone ? h("details", { class: "fold view-more", "data-keep": "view-more" }, h("summary", {}, t("app.view.more")), h("div", { class: "controls" }, viewPick, triadPick), h("p", { class: "small" }, pastNote)) : null,
    h("div", { class: "triad-note" }, phone ? null : triadPick, h("span", {}, t(state.triad === "priors" ? "priors.both" : "cause.three")), " ", h("span", { class: "chip " + (store.caseView.draw_source === "posterior" ? "pass" : "warn") }, t("draws.chip." + store.caseView.draw_source)), " ", h("span", { class: "chip " + ({ passed: "pass", failed: "stop" }[gate.state] || "warn") }, t("gate.chip." + gate.state)), gate.state === "passed" ? null : h("span", {}, " ", h("a", { href: "/check?" + link(), "data-page": "check" }, t("app.gate.short"))), phone ? null : [" ", pastNote]),
    h("div", { id: "problem" }),
    h("div", { id: "runs", class: "runs" }),
    table ? h("div", { id: "table" }) : map ? h("div", { id: "places" }) : stories(),
    table || map ? null : key(),
    h("section", { class: "diff", "aria-labelledby": "diff-h" },
      h("div", { class: "diff-head" }, h("h2", { id: "diff-h" }, t("diff.title")), outcome(state.outcome).flow ? radios("diffmode", [["sum", t("app.diff.sum")], ["month", t("app.diff.month")]], store.diffMode, t("diff.title"), (value) => { store.diffMode = value; differences(); for (const one of document.querySelectorAll('input[name="diffmode"]')) { one.parentElement.classList.toggle("on", one.value === value); } }) : null),
      h("div", { id: "flipline" }),
      h("div", { class: "diff-grid" }, h("div", { id: "differences" }), h("div", { id: "others", tabindex: "0", role: "group", "aria-label": t("app.diff.caption.short") })),
      h("div", { id: "signs" })),
    events(),
    h("section", { class: "argue" }, h("h2", {}, t("argue")), h("ol", {}, [1, 2, 3].map((n) => h("li", {}, t("app.argue." + n))))));
  const page = h("div", { class: "explore", "data-decision": state.decision }, main, leversPanel(), h("div", { class: "bottom-bar" }, h("button", { type: "button", onclick: () => document.body.classList.toggle("sheet") }, t("app.levers")), h("a", { href: "/why?" + link(), "data-page": "why" }, t("app.nav.why")), h("button", { type: "button", onclick: () => window.dispatchEvent(new Event("tregua-share")) }, t("app.share"))));
  requestAnimationFrame(() => { size(); progress(); differences(); others(); signs(); if (table) { tableTab(); } if (map) { placesMarkup(document.getElementById("places")); } });
  return page;
}
function pickDecision(id) {
  change((state) => {
    state.decision = id;
    const known = store.caseView.decisions.find((one) => one.id === id).arms.map((one) => one.id);
    for (const side of ["a", "b"]) { if (!known.includes(state[side].arm)) { state[side].arm = known[0]; } state[side].start = null; state[side].end = null; }
  });
}
function key() {
  const ink = store.state.outcome === "homicides_recorded", who = store.caseView.counters;
  const sample = (cls) => s("svg", { viewBox: "0 0 26 12", "aria-hidden": "true" }, cls);
  return h("ul", { class: "key" },
    ink ? [who.police ? h("li", {}, sample(s("rect", { class: "k-ink", x: 2, y: 3.5, width: 22, height: 5 })), t("key.police", { who: of(who.police) })) : null,
      who.forensic ? h("li", {}, sample(s("rect", { class: "k-hollow", x: 2, y: 3.5, width: 22, height: 5 })), t("key.forensic", { who: of(who.forensic) })) : null,
      who.other ? h("li", {}, sample(s("rect", { class: "k-half", x: 2, y: 3.5, width: 22, height: 5 })), t("key.other")) : null,
      who.derived ? h("li", {}, sample(s("rect", { class: "k-hollow", x: 4, y: 4.3, width: 18, height: 3.4 })), t("key.derived")) : null,
      h("li", {}, sample(s("path", { class: "k-rule", d: "M2 2v8M2 6h22M24 2v8" })), t("key.span"))] : null,
    h("li", {}, sample([s("rect", { class: "band90 a", x: 0, y: 0, width: 26, height: 12 }), s("line", { class: "median a", x1: 0, x2: 26, y1: 6, y2: 6 })]), "A"),
    h("li", {}, sample([s("rect", { class: "band90 b", x: 0, y: 0, width: 26, height: 12 }), s("line", { class: "median b", x1: 0, x2: 26, y1: 6, y2: 6 })]), "B"),
    h("li", {}, t("band.90")),
    h("li", {}, t("app.lanes", { list: store.caseView.lanes.map((lane) => t("lane." + lane)).join(", ") })),
    h("li", {}, sample([s("rect", { class: "k-held", x: 0, y: 0, width: 26, height: 12 }), s("path", { class: "k-edge", d: "M1 0v12", stroke: "currentColor" })]), t("fit.heldout")));
}
function events() {
  const all = store.caseView.events;
  return h("details", { class: "fold" }, h("summary", {}, t("events.all", { n: all.length })), h("ol", { class: "events plainlist" }, all.map((one) => h("li", {}, h("span", { class: "when" }, one.precision === "day" ? dayText(one.day) : one.precision === "month" ? monthText(one.day) : one.day.slice(0, 4)), " ", opening(of(one.label)), h("span", { class: "src" }, ` ${t("lane." + one.lane)} · ${one.sources.join(", ")}`)))));
}
let lastWidth = 0;
new ResizeObserver(() => {
  // a longer line under a chart changes the height of the page: only its width is ours
  if (document.documentElement.clientWidth === lastWidth) { return; }
  lastWidth = document.documentElement.clientWidth;
  clearTimeout(refresh);
  refresh = setTimeout(() => { if (document.querySelector(".explore")) { const phone = matchMedia("(max-width:559px)").matches; if (phone !== explore.phone) { changed("view"); } else { size(); differences(); } } }, 80);
}).observe(document.documentElement);
