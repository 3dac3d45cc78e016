// A round of a workshop: its clock, what each role would do, what it expects of it, and what the model has for it.
import { store, t, of, h, fill, icon, opening, number, dayText, post, lines, said, change, changed, announce, decision, outcome, reference, referenceText, levelsIn, movedText } from "/static/state.js";

export const RUNS = 96;
const KEPT = "tregua.rounds", MOST_ROUNDS = 20, MILLION = 1e6;
export const roleName = (role) => t("app.role." + role);
const armOf = (id) => decision().arms.find((one) => one.id === id);
const focusLater = (name) => requestAnimationFrame(() => { const one = document.querySelector(`[data-focus="${CSS.escape(name)}"]`); if (one) { one.focus(); } });
// Money is asked for in millions, as it is told.
export const scaleOf = (one) => (one.unit === "US$" ? MILLION : 1);
export const unitOf = (one) => (one.unit === "US$" ? t("app.unit.usm") : one.unit === "0..1" ? t("unit.0-1") : t("app.unit." + one.unit));
export function plain(value) { return number(value, Number.isInteger(value) ? 0 : 2); }
export function signed(value) { return (value > 0 ? "+" : "") + plain(value); }
const closing = (text) => text && text[0].toLowerCase() + text.slice(1);
export const horizon = () => { const n = decision().years; return t(n === 1 ? "years.one" : "years.many", { n }); };

// The clock: it has no sound and no colour, and nothing ends with it.
const clock = { left: null, end: 0, tick: 0 };
function seconds() { return clock.tick ? Math.max(0, Math.ceil((clock.end - Date.now()) / 1000)) : clock.left ?? store.sheet.minutes * 60; }
function clockText() { const s = seconds(); return `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`; }
function stopClock() { clearInterval(clock.tick); clock.tick = 0; }
function resetClock() { stopClock(); clock.left = null; }
function startClock() {
  clock.end = Date.now() + 1000 * (seconds() || store.sheet.minutes * 60);
  let told = seconds();
  clock.tick = setInterval(() => {
    const left = seconds(), face = document.getElementById("shop-clock");
    if (face) { face.textContent = clockText(); }
    if (told > 60 && left <= 60 && left > 0) { announce(t("app.shop.clock.minute")); }
    told = left;
    if (left === 0) { stopClock(); clock.left = 0; announce(t("app.shop.clock.over")); if (store.page === "workshop") { changed("view"); } }
  }, 250);
}
export function roundBar() {
  const sheet = store.sheet;
  const field = (key, low, high, name) => h("label", { for: `shop-${key}` }, t(name), " ", h("input", { type: "number", id: `shop-${key}`, "data-focus": `shop-${key}`, min: low, max: high, step: 1, value: sheet[key],
    onchange: (event) => { const n = Math.round(Number(event.target.value)); if (n >= low && n <= high) { sheet[key] = n; } if (key === "minutes") { resetClock(); } changed("view"); } }));
  const over = clock.left === 0 && !clock.tick, running = Boolean(clock.tick);
  return h("div", { class: "shop-round", role: "group", "aria-label": t("app.shop.round") }, field("round", 1, 20, "app.shop.round"),
    h("span", { id: "shop-clock", role: "timer", "aria-live": "off", "aria-label": t("app.shop.clock") }, clockText()), over ? h("span", { class: "muted" }, t("app.shop.clock.over")) : null,
    h("button", { type: "button", "data-focus": "clock-go", onclick: () => { if (running) { clock.left = seconds(); stopClock(); } else { startClock(); } changed("view"); } }, t(running ? "app.pause" : over ? "app.shop.clock.again" : clock.left === null ? "app.job.start" : "app.goon")),
    h("button", { type: "button", class: "quiet", "data-focus": "clock-back", onclick: () => { resetClock(); changed("view"); } }, t("app.shop.clock.reset")), field("minutes", 1, 90, "app.shop.minutes"));
}

// Settings: what a role would do, under a name. The last of a role is the one that it stands by.
export function settings() { return store.sheet.settings.filter((one) => armOf(one.arm)); }
export function settingsOf(role) { return settings().filter((one) => one.role === role); }
export function standing(role) { return settingsOf(role).at(-1) || null; }
export function guessed(role) { return Object.keys(store.sheet.guesses[role] || {}).length > 0; }
const moved = (one) => Object.keys(one.sets).length + (one.start ? 1 : 0) + (one.end ? 1 : 0);
export function settingText(one) { return [of(armOf(one.arm).label), moved(one) ? movedText(moved(one)) : ""].filter(Boolean).join(", "); }
// Without a name of its own a setting is called what it is, in the language of the reader.
export function nameOf(one) { return one.name || settingText(one); }
const keyOf = (one) => JSON.stringify([store.state.decision, one.arm, Object.entries(one.sets).sort(), one.start || null, one.end || null]);
function openOn(one, side) { change((state) => { state[side] = { arm: one.arm, sets: { ...one.sets }, start: one.start || null, end: one.end || null }; }); store.edit = side; changed({ page: "explore" }); }
const draft = {};
export function settingFields(role) {
  const held = (draft[role] = draft[role] || { from: "", name: "" }), mine = settingsOf(role), full = settings().length >= store.caseView.most.settings;
  const live = (side) => ({ arm: store.state[side].arm, sets: { ...store.state[side].sets }, start: store.state[side].start, end: store.state[side].end });
  const starts = [...["b", "a"].map((side) => [`scenario-${side}`, t("app.shop.set.live", { side: side.toUpperCase(), text: settingText(live(side)) })]), ...decision().arms.filter((one) => !one.record).map((one) => [one.id, of(one.label)])];
  if (!starts.some(([id]) => id === held.from)) { held.from = starts[0][0]; }
  const taken = () => (held.from.startsWith("scenario-") ? live(held.from.slice(-1)) : { arm: held.from, sets: {}, start: null, end: null });
  const keep = (event) => {
    event.preventDefault();
    const made = taken(), one = { role, name: held.name.replace(/[|\p{C}]/gu, " ").slice(0, 40).trim(), ...made };
    store.sheet.settings = [...store.sheet.settings.filter((other) => !(other.role === role && nameOf(other) === nameOf(one))), one];
    held.name = "";
    announce(t("app.kept.done", { name: nameOf(one) }));
    changed("view");
    focusLater(`set-keep-${role}`);
  };
  const drop = (one) => { store.sheet.settings = store.sheet.settings.filter((other) => other !== one); changed("view"); focusLater(`set-from-${role}`); };
  const last = mine.at(-1);
  return h("fieldset", {}, h("legend", {}, t("app.shop.set")),
    mine.length ? h("ul", { class: "shop-set" }, mine.map((one) => h("li", {}, h("span", {}, h("b", {}, nameOf(one)), " ", !one.name || one.name === settingText(one) ? null : h("small", { class: "muted" }, settingText(one)), " ", one === last ? h("small", { class: "chip" }, t("app.shop.set.stands")) : null),
      h("span", { class: "acts" }, one === last ? null : h("button", { type: "button", class: "quiet small", "data-focus": `set-stand-${role}-${nameOf(one)}`, onclick: () => { store.sheet.settings = [...store.sheet.settings.filter((other) => other !== one), one]; changed("view"); } }, t("app.shop.set.stand")),
        h("button", { type: "button", class: "quiet small", "data-focus": `set-open-${role}-${nameOf(one)}`, onclick: () => openOn(one, "b") }, t("app.shop.set.open")),
        h("button", { type: "button", class: "quiet small", "aria-label": t("app.kept.drop", { name: nameOf(one) }), "data-focus": `set-drop-${role}-${nameOf(one)}`, onclick: () => drop(one) }, "×"))))) : h("p", { class: "small muted" }, t("app.shop.set.none")),
    full ? h("p", { class: "small muted" }, t("app.shop.set.full", { n: store.caseView.most.settings })) : h("form", { class: "set-form", onsubmit: keep },
      h("label", {}, h("span", {}, t("app.shop.set.from")), h("select", { "data-focus": `set-from-${role}`, onchange: (event) => { held.from = event.target.value; } }, starts.map(([id, text]) => { const option = h("option", { value: id }, text); option.selected = id === held.from; return option; }))),
      h("label", {}, h("span", {}, t("app.shop.set.name")), h("input", { type: "text", maxlength: 40, value: held.name, autocomplete: "off", "data-focus": `set-name-${role}`, oninput: (event) => { held.name = event.target.value; } })),
      h("button", { type: "submit", class: "quiet", "data-focus": `set-keep-${role}` }, t("app.shop.set.keep"))));
}
export function guessFields(role, wrote) {
  const one = standing(role), all = store.sheet.guesses;
  if (!one) { return null; }
  return h("fieldset", {}, h("legend", {}, t("app.shop.guess")), h("p", { class: "small" }, t("app.shop.guess.note", { name: t("quote.app", { text: nameOf(one) }), reference: referenceText(), years: horizon() })),
    store.caseView.guessed.map((id) => { const what = outcome(id), scale = scaleOf(what); return h("label", {}, h("span", {}, opening(of(what.label)), h("small", { class: "muted" }, ` ${unitOf(what)}`)),
      h("input", { type: "number", step: "any", value: (all[role] || {})[id] === undefined ? "" : all[role][id] / scale, "data-focus": `shop-${role}-g-${id}`, onchange: (event) => {
        const held = (all[role] = all[role] || {}), n = Number(event.target.value) * scale;
        if (event.target.value === "" || !Number.isFinite(n)) { delete held[id]; } else { held[id] = n; }
        changed("sheet");
        wrote();
      } })); }));
}
export function listedGuesses(role) {
  const held = store.sheet.guesses[role] || {};
  return store.caseView.guessed.filter((id) => id in held).map((id) => t("app.shop.guess.listed", { outcome: closing(of(outcome(id).label)), n: `${signed(held[id] / scaleOf(outcome(id)))} ${unitOf(outcome(id))}` }));
}

// What the model has for every setting, against the reference with the same luck, under each explanation.
const known = new Map();
let asking = null, wrong = null;
const stories = () => store.caseView.stories.filter((id) => decision().readings.includes(id));
const storyName = (id) => store.words[store.lang]["story." + id] || id;
export function told(one) { const found = known.get(keyOf(one)); return found && stories().every((id) => found[id]) ? found : null; }
export function finished(one) { const found = told(one); return Boolean(found && found.whole); }
export function rowOf(one, story, id) { const found = told(one); return found ? found[story].rows.find((row) => row.outcome === id) : null; }
async function compute(shown) {
  if (asking) { return; }
  const next = shown.find((one) => !finished(one));
  if (!next || wrong) { return; }
  asking = keyOf(next);
  const found = {}, host = () => document.getElementById("shop-settings");
  known.set(asking, found);
  try {
    const answer = await post("/api/runs", { decision: store.state.decision, a: { arm: reference().id }, b: { arm: next.arm, sets: next.sets, start: next.start || null, end: next.end || null }, readings: stories(), runs: RUNS, others: false });
    for await (const message of lines(answer)) {
      if (message.problems) { throw Object.assign(new Error(message.problems[0].message), { problem: message.problems[0] }); }
      if (message.kind === "story") { found[message.reading] = message; if (message.reading === stories().at(-1) && host() && !host().contains(document.activeElement)) { drawSettings(host(), true); } }
    }
    found.whole = true;
  } catch (error) { known.delete(asking); wrong = error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }; }
  asking = null;
  if (host()) { drawSettings(host()); }
}
export function settingsShown(part) { return part.flatMap((role) => settingsOf(role)); }
export function settingsResult(part) {
  const host = h("div", { id: "shop-settings" });
  wrong = null;
  host.present = part;
  drawSettings(host);
  return host;
}
export function flips(one) {
  const signs = stories().map((id) => rowOf(one, id, "homicides")).filter(Boolean).map((row) => row.sign);
  return signs.some((sign) => sign > 0) && signs.some((sign) => sign < 0);
}
function worth(row) { return row.humps ? row.humps.map((one) => t("app.two.of", { value: of(one.text).value, n: of(one.chance) })).join("; ") : of(row.text).value; }
// Every outcome of the table, row by row; a cell has one line for each explanation.
export function outcomesTable(shown, paper) {
  const first = told(shown.find((one) => told(one)) || shown[0]);
  if (!first) { return null; }
  const ids = first[stories()[0]].rows.map((row) => row.outcome);
  const head = (one) => h("th", { scope: "col", role: "columnheader" }, roleName(one.role), h("span", { class: "unit" }, nameOf(one)));
  return h("table", { class: paper ? "set-table" : "plain shop set-table", role: "table" }, h("caption", {}, t("app.shop.set.caption", { level: "90", reference: referenceText(), years: horizon(), n: number(Math.min(...shown.map((one) => (told(one) ? Math.min(...stories().map((id) => told(one)[id].n)) : Infinity)).filter(Number.isFinite))) })),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, t("app.col.outcome")), shown.map(head))),
    h("tbody", { role: "rowgroup" }, ids.map((id) => h("tr", { role: "row", class: "with" }, h("th", { scope: "row", role: "rowheader" }, opening(of(outcome(id).label)), h("span", { class: "unit" }, outcome(id).unit === "US$" ? "" : unitOf(outcome(id)))),
      shown.map((one) => h("td", { role: "cell" }, paper ? null : h("span", { class: "role-of", "aria-hidden": "true" }, `${roleName(one.role)}: ${nameOf(one)}`), told(one) ? stories().map((story, i) => { const row = rowOf(one, story, id); return h("span", { class: "line" }, h("span", { class: "ordinal" }, `${i + 1}`), " ", h("b", {}, worth(row)), " ", h("small", { class: "range" }, of(row.text).span)); }) : h("span", { class: "muted" }, t("app.loading")),
        // where killings stand, their change of sign stands too: in the cell, whatever is cut out of the table
        id === "homicides" && flips(one) ? h("span", { class: "flipnote" }, icon("flip"), " ", t("flip.word")) : null))))));
}
export function storiesLine() { return stories().map((id, i) => `${i + 1} ${storyName(id)}`).join(" · "); }
function leversTable(shown) {
  const levels = shown.map(levelsIn);
  const rows = store.caseView.levers.filter((lever) => levels.some((one) => Math.abs(one[lever.id] - levels[0][lever.id]) > 1e-9));
  const days = ["start", "end"].filter((key) => shown.some((one) => (one[key] || null) !== (shown[0][key] || null)));
  const wrote = (value) => number(value, 2).replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");
  return h("details", { class: "fold", "data-keep": "set-levers" }, h("summary", { "data-focus": "set-levers" }, t("app.shop.set.levers", { n: rows.length + days.length })),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.shop.set.levers", { n: rows.length + days.length }) }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("col.lever")), shown.map((one) => h("th", { scope: "col" }, `${roleName(one.role)}: ${nameOf(one)}`)))),
      h("tbody", {}, rows.map((lever) => h("tr", {}, h("th", { scope: "row" }, opening(of(lever.label))), levels.map((one) => h("td", {}, wrote(one[lever.id]))))), days.map((key) => h("tr", {}, h("th", { scope: "row" }, t("app.window." + key)), shown.map((one) => h("td", {}, one[key] ? dayText(one[key]) : key === "start" ? dayText(decision().day) : t("app.window.open")))))))));
}
const pair = { a: 0, b: 1 };
function pairPick(shown) {
  if (shown.length < 2) { return null; }
  for (const side of ["a", "b"]) { pair[side] = Math.min(pair[side], shown.length - 1); }
  const pick = (side) => h("label", {}, h("span", { class: `badge ${side}`, "aria-hidden": "true" }, side.toUpperCase()), h("span", { class: "sr" }, t("app.shop.pair.side", { side: side.toUpperCase() })), h("select", { "data-focus": `pair-${side}`, onchange: (event) => { pair[side] = Number(event.target.value); } }, shown.map((one, i) => { const option = h("option", { value: i }, `${roleName(one.role)}: ${nameOf(one)}`); option.selected = i === pair[side]; return option; })));
  const go = () => { const [a, b] = [shown[pair.a], shown[pair.b]]; change((state) => { for (const [side, one] of [["a", a], ["b", b]]) { state[side] = { arm: one.arm, sets: { ...one.sets }, start: one.start || null, end: one.end || null }; } }); changed({ page: "explore" }); };
  return h("p", { class: "go pair-pick" }, h("span", {}, t("app.shop.pair")), pick("a"), pick("b"), h("button", { type: "button", "data-focus": "pair-go", onclick: go }, t("app.shop.pair.go")));
}
// A guess beside the range of the model, in words; nobody is scored.
export function guessWords(role) {
  const one = standing(role), held = store.sheet.guesses[role] || {};
  if (!one || !finished(one)) { return []; }
  return store.caseView.guessed.filter((id) => id in held).map((id) => {
    const places = stories().map((story) => { const row = rowOf(one, story, id); return held[id] < row.q05 ? "below" : held[id] > row.q95 ? "above" : "inside"; });
    const named = (place) => stories().filter((_, i) => places[i] === place).map((story) => t("quote.app", { text: storyName(story) })).join(` ${t("app.shop.and")} `);
    const verdict = new Set(places).size === 1 ? t(`app.shop.guess.${places[0]}.all`) : ["inside", "below", "above"].filter((place) => places.includes(place)).map((place) => t(`app.shop.guess.${place}`, { list: named(place) })).join("; ");
    const scale = scaleOf(outcome(id));
    return { id, text: t("app.shop.guess.told", { outcome: opening(of(outcome(id).label)), n: `${signed(held[id] / scale)} ${unitOf(outcome(id))}`, model: stories().map((story, i) => { const row = rowOf(one, story, id); return `${i + 1}: ${worth(row)}`; }).join(" · ") }) + ` ${verdict}.`, short: `${t("app.shop.guess.listed", { outcome: closing(of(outcome(id).label)), n: `${signed(held[id] / scale)} ${unitOf(outcome(id))}` })}. ${verdict}.` };
  });
}
function guessesTold(part) {
  const rows = part.map((role) => [role, guessWords(role)]).filter(([, words]) => words.length);
  if (!rows.length) { return null; }
  return h("section", { class: "guesses", "aria-labelledby": "guesses-h" }, h("h3", { id: "guesses-h" }, t("app.shop.guesses")), h("dl", {}, rows.map(([role, words]) => [h("dt", {}, roleName(role), " ", h("small", { class: "muted" }, nameOf(standing(role)))), words.map((one) => h("dd", {}, one.text))])), h("p", { class: "small" }, t("app.shop.guesses.note")));
}
function drawSettings(host, still) {
  const shown = settingsShown(host.present), done = shown.filter(finished).length, some = shown.some((one) => told(one));
  if (!shown.length) { return; }
  const focused = document.activeElement && host.contains(document.activeElement) ? document.activeElement.dataset.focus : null, open = host.querySelector("details[data-keep='set-levers']");
  fill(host, h("p", { class: "small" }, storiesLine()), wrong ? h("p", { class: "stopped", role: "alert" }, said(wrong), " ", h("button", { type: "button", "data-focus": "set-again", onclick: () => { wrong = null; drawSettings(host); } }, t("app.again"))) : done < shown.length ? h("p", { class: "muted", role: "status" }, t("app.shop.set.running", { k: done, n: shown.length })) : null,
    some ? h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("app.shop.set.result") }, outcomesTable(shown)) : null, guessesTold(host.present), leversTable(shown), pairPick(shown));
  if (open && open.open) { host.querySelector("details[data-keep='set-levers']").open = true; }
  if (focused) { const again = host.querySelector(`[data-focus="${CSS.escape(focused)}"]`); if (again) { again.focus({ preventScroll: true }); } }
  if (still) { return; }
  if (done === shown.length && !drawSettings.said) { drawSettings.said = true; announce(t("app.shop.set.done")); }
  if (done < shown.length) { drawSettings.said = false; requestAnimationFrame(() => compute(shown)); }
}

// Rounds that are over, kept in this browser as the links that they are.
export function rounds() { try { const found = JSON.parse(localStorage.getItem(KEPT) || "[]"); return Array.isArray(found) ? found.filter((one) => Number.isInteger(one.round) && typeof one.link === "string").slice(0, MOST_ROUNDS) : []; } catch { return []; } }
export function keepRounds(list) { try { localStorage.setItem(KEPT, JSON.stringify(list.slice(0, MOST_ROUNDS))); return true; } catch { announce(t("app.kept.failed")); return false; } }
export { resetClock };
