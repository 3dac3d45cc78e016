// What the page knows: words in both languages, the case, the state that a link carries, and how numbers are written.

export const store = {
  words: null,
  caseView: null,
  lang: "en",
  theme: "auto",
  page: "",
  state: null,
  sheet: { years: 5, chance: 50, round: 1, minutes: 10, opened: false, bounds: {}, counts: {}, guesses: {}, claims: {}, settings: [] },
  results: {},
  others: {},
  levers: {},
  stages: [],
  running: false,
  paused: false,
  problem: null,
  notes: [],
  latency: [],
};

const listeners = new Set();
export function watch(listener) { listeners.add(listener); }
export function changed(what) { for (const one of listeners) { one(what); } }

export function t(key, values) {
  const text = store.words[store.lang][key];
  if (text === undefined) { return key; }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}
export function of(both) { return both ? both[store.lang] : ""; }
export function opening(text) { return text ? text[0].toUpperCase() + text.slice(1) : ""; }

export function number(value, places) {
  const style = store.caseView.number_style[store.lang];
  const shown = Math.abs(value).toFixed(places === 3 ? 2 : places || 0);
  const parts = shown.split(".");
  const whole = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, style.group);
  const zero = !/[1-9]/.test(shown);
  return (value < 0 && !zero ? "\u2212" : "") + whole + (parts[1] ? style.decimal + parts[1] : "");
}
export function compact(value) {
  const size = Math.abs(value);
  if (size >= 1e6) { return t("app.millions", { n: number(value / 1e6, size >= 1e7 ? 0 : 1) }); }
  return number(value, size >= 100 || value === 0 ? 0 : size >= 10 ? 0 : size >= 1 ? 1 : 2);
}
export function instant(day) { return Date.parse(day + "T00:00:00Z"); }
export function isoDay(time) { return new Date(time).toISOString().slice(0, 10); }
export function dayText(day) {
  const date = new Date(instant(day));
  return `${date.getUTCDate()}\u00a0${t("month.short." + (date.getUTCMonth() + 1))}\u00a0${date.getUTCFullYear()}`;
}
export function monthText(day) {
  const date = new Date(instant(day));
  return `${t("month.short." + (date.getUTCMonth() + 1))}\u00a0${date.getUTCFullYear()}`;
}

export function h(tag, attributes, ...children) {
  const made = document.createElement(tag);
  put(made, attributes);
  append(made, children);
  return made;
}
export function s(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  put(made, attributes);
  append(made, children);
  return made;
}
function put(made, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) { continue; }
    if (name.startsWith("on")) { made.addEventListener(name.slice(2), value); continue; }
    if (name === "style") { for (const [key, one] of Object.entries(value)) { made.style.setProperty(key, one); } continue; }
    if (name === "value" || name === "checked") { made[name] = value; if (name === "value") { continue; } }
    made.setAttribute(name, value === true ? "" : String(value));
  }
}
function append(made, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) { continue; }
    made.append(child);
  }
}
export function fill(host, ...children) {
  // as replaceChildren, which would print what is absent as the word null
  host.replaceChildren(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
}
export function icon(name) { return s("svg", { class: "icon", "aria-hidden": "true" }, s("use", { href: "#i-" + name })); }

// The state, and its link.
export function decision() { return store.caseView.decisions.find((one) => one.id === store.state.decision); }
export function arm(side) { return decision().arms.find((one) => one.id === store.state[side].arm); }
// The response that every other is compared with, as the case calls it.
export function reference() { return decision().arms.find((one) => one.id === store.caseView.reference) || decision().arms[0]; }
export function referenceText() { return t("quote.app", { text: opening(of(reference().label)) }); }
export function lever(id) { return store.caseView.levers.find((one) => one.id === id); }
export function outcome(id) { return store.caseView.outcomes.find((one) => one.id === id); }
export function reading(id) { return store.caseView.readings.find((one) => one.id === id); }
export function columns() {
  const kind = store.state.triad === "priors" ? "priors" : "stories";
  const found = store.caseView[kind].filter((id) => decision().readings.includes(id));
  if (kind === "priors") { found.sort((a, b) => priorOrder(a, b)); }
  return found;
}
function priorOrder(a, b) {
  // the two priors in alphabetical order of the language shown, the neutral one between
  const place = (id) => (id === "default" ? 1 : t("app.prior." + id) === [t("app.prior.brokers_genuine"), t("app.prior.brokers_agents")].sort((x, y) => x.localeCompare(y, store.lang))[0] ? 0 : 2);
  return place(a) - place(b);
}
export function columnName(id) {
  if (store.state.triad === "priors") { return t("app.prior." + id); }
  return store.words[store.lang]["story." + id] || opening(of(reading(id).label));
}

export function levelsOf(side) { return levelsIn(store.state[side]); }
export function levelsIn(scenario) {
  const chosen = decision().arms.find((one) => one.id === scenario.arm);
  const first = instant(scenario.start || decision().day);
  const out = {};
  for (const one of store.caseView.levers) {
    const path = store.caseView.history[one.id] || [];
    const until = chosen.record ? first : Math.min(first, instant(decision().day)) - 1;
    let value = 0;
    for (const [day, level] of path) { if (instant(day) <= until) { value = level; } }
    out[one.id] = value;
  }
  if (!chosen.record) { Object.assign(out, chosen.sets); }
  return Object.assign(out, scenario.sets);
}
export function historyAt(id, day) {
  let found = null;
  for (const [since, value] of store.caseView.history[id] || []) { if (since <= day) { found = { date: since, value }; } }
  return found;
}

export function pairs() {
  const view = store.caseView, state = store.state;
  const out = [["v", "1"], ["m", view.model.slice(0, 8)], ["c", view.digest.slice(0, 8)], ["s", view.seed], ["d", state.decision]];
  for (const side of ["a", "b"]) {
    out.push([side, state[side].arm]);
    for (const name of Object.keys(state[side].sets).sort()) { out.push([side + "." + name, state[side].sets[name]]); }
    for (const key of ["start", "end"]) { if (state[side][key]) { out.push([side + "." + key, state[side][key]]); } }
  }
  out.push(["o", state.outcome], ["view", state.view], ["t", state.triad], ...sheetPairs(), ["lang", store.lang]);
  return out;
}
// What the roles of a workshop wrote travels in the link too; nothing where nothing was written.
function sheetPairs() {
  const { sheet } = store, out = [];
  for (const [kind, held] of [["t", sheet.bounds], ["w", sheet.counts], ["g", sheet.guesses], ["c", sheet.claims]]) {
    for (const role of Object.keys(held)) { for (const [id, value] of Object.entries(held[role])) { out.push([`w.${role}.${kind}.${id}`, value]); } }
  }
  sheet.settings.forEach((one, i) => {
    const levers = Object.keys(one.sets).sort().map((name) => `${name}=${one.sets[name]}`).join(",");
    out.push([`w.k.${i + 1}`, [one.role, one.arm, one.start || "", one.end || "", levers, one.name].join("|")]);
  });
  if (out.length) { for (const key of ["years", "chance", "round", "minutes"]) { out.push([`w.${key}`, sheet[key]]); } if (sheet.opened) { out.push(["w.open", "1"]); } }
  return out;
}
export function movedText(n) { return t(n === 1 ? "app.moved.one" : "app.moved", { n }); }
export function link() { return new URLSearchParams(pairs().map(([key, value]) => [key, String(value)])).toString(); }

export function request(side) {
  const scenario = store.state[side];
  return { arm: scenario.arm, sets: scenario.sets, start: scenario.start || null, end: scenario.end || null };
}

export async function api(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) {
    let problems = [{ message: String(answer.status), mend: "" }];
    try { problems = (await answer.json()).problems; } catch { /* not JSON: the status is all there is */ }
    const error = new Error(problems[0].message);
    error.problem = problems[0];
    throw error;
  }
  return answer;
}
export function post(path, body, signal) {
  return api(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
}
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { break; }
    rest += value;
    let end;
    while ((end = rest.indexOf("\n")) >= 0) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line) { yield JSON.parse(line); }
    }
  }
}
// A problem in the language of the reader: what, where, what stands there, what may stand there, and the remedy.
export function said(problem) {
  const told = store.lang === "es" && problem.es ? { ...problem, ...problem.es } : problem;
  const more = [told.place, told.found ? t("app.error.found", { found: told.found }) : "", told.allowed ? t("app.error.allowed", { allowed: told.allowed }) : ""].filter(Boolean).join("; ");
  return t("error.generic", { what: told.message + (more ? ` (${more})` : ""), remedy: told.mend ? opening(told.mend) + "." : "" });
}

// Scenarios are changed here alone, so that every change can be undone.
const past = [], future = [];
export function snapshot() { return JSON.stringify([store.state.decision, store.state.a, store.state.b]); }
export function change(work) {
  const before = snapshot();
  work(store.state);
  if (snapshot() === before) { return; }
  past.push(before);
  if (past.length > 200) { past.shift(); }
  future.length = 0;
  changed("scenario");
}
export function canUndo() { return past.length > 0; }
export function canRedo() { return future.length > 0; }
function back(from, to) {
  if (!from.length) { return; }
  to.push(snapshot());
  [store.state.decision, store.state.a, store.state.b] = JSON.parse(from.pop());
  changed("scenario");
}
export function undo() { back(past, future); }
export function redo() { back(future, past); }

let live = null, pending = 0, lastSaid = 0;
export function announce(text) {
  // one polite live region, at most twice a second
  live = live || document.getElementById("live");
  clearTimeout(pending);
  const wait = Math.max(0, 500 - (performance.now() - lastSaid));
  pending = setTimeout(() => { lastSaid = performance.now(); live.textContent = text; }, wait);
}
