// The frame: pages, language, theme, links, exports, keys.
import { store, t, of, h, s, icon, watch, changed, api, post, link, request, said, decision, arm, undo, redo, dayText, announce, pairs, columns } from "/static/state.js";
import { explore, known, painted, patch, pause, run, radios } from "/static/explore.js";
import { whyPage, resultsPage, jobsPage, countJobs, keyList, shutCard, reloadCard, follow, openCard, storedCard } from "/static/views.js";

const PAGES = ["explore", "why", "compare", "effect", "check", "ledger", "report", "jobs", "workshop", "about"];
let active = 0, anchor = null;
// The runs of Explore wait until somebody looks at them: every other page has the machine for itself.
let due = false;

function remembered(key) { try { return localStorage.getItem("tregua." + key); } catch { return null; } }
function remember(key, value) { try { localStorage.setItem("tregua." + key, value); } catch { /* private window: nothing is kept */ } }
const pageOf = () => (location.pathname === "/" ? "explore" : location.pathname.slice(1));
const address = (page) => `/${page === "explore" ? "" : page}?${link()}`;

async function begin() {
  const query = new URLSearchParams(location.search);
  store.lang = ["en", "es"].includes(query.get("lang")) ? query.get("lang") : remembered("lang") || ((navigator.language || "").startsWith("es") ? "es" : "en");
  setTheme(remembered("theme") || "auto");
  // the page came with all that it needs: words, case, the state of its link, and the first stories where they are known
  const given = JSON.parse(document.getElementById("given").textContent);
  store.words = given.words;
  store.caseView = given.case;
  const found = given.link;
  store.state = { decision: found.decision, a: side(found.a), b: side(found.b), outcome: found.outcome, view: found.view, triad: found.triad };
  store.sheet = found.sheet;
  store.notes = found.notes;
  store.stages = store.caseView.stages;
  store.page = PAGES.includes(pageOf()) ? pageOf() : "explore";
  if (given.first) { known(given.first); }
  draw();
  history.replaceState({ page: store.page }, "", address(store.page));
  if (given.first && store.page === "explore") { await painted(); store.firstChart = performance.now(); }
  if (store.page === "explore") { run(true); } else { due = true; }
  active = await countJobs();
  rail();
}
function side(given) { return { arm: given.arm, sets: given.sets, start: given.start, end: given.end }; }

function frame() {
  const dark = { auto: "◐", light: "○", dark: "●" };
  return [
    h("a", { class: "skip", href: "#page", onclick: (event) => { event.preventDefault(); document.getElementById("page").focus(); } }, t("nav.skip")),
    h("header", { class: "bar" }, h("div", { class: "inner" },
      h("a", { class: "brand", href: address("explore"), "data-page": "explore" }, t("app.name")), h("span", { class: "case" }, of(store.caseView.title)), h("span", { class: "grow" }),
      radios("lang", [["en", "EN"], ["es", "ES"]], store.lang, t("nav.language"), language, "lang"),
      h("button", { type: "button", class: "quiet theme", "data-focus": "theme", "aria-label": t("app.theme." + store.theme), title: t("app.theme." + store.theme), onclick: nextTheme }, h("span", { "aria-hidden": "true" }, dark[store.theme])),
      h("button", { type: "button", class: "quiet share", "data-focus": "share", onclick: share }, t("app.share")),
      exportMenu())),
    notice(),
    h("div", { class: "frame" }, h("nav", { class: "rail", id: "rail", "aria-label": t("nav.sections") }), h("main", { id: "page", tabindex: "-1" })),
    h("aside", { id: "drawer", class: "drawer", role: "dialog", "aria-label": t("app.drawer"), hidden: true },
      h("div", { class: "drawer-top" }, h("nav", { class: "crumbs", "aria-label": t("app.drawer") }), h("button", { type: "button", class: "shut", onclick: shutCard }, t("card.close"))), h("div", { class: "drawer-body" })),
    h("dialog", { id: "keys", "aria-labelledby": "keys-h" }, h("h2", { id: "keys-h" }, t("app.keys")), keyList(),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: remembered("keys") !== "off", onchange: (event) => remember("keys", event.target.checked ? "on" : "off") }), t("app.keys.on")),
      h("button", { type: "button", onclick: () => document.getElementById("keys").close() }, t("card.close"))),
    h("footer", { class: "foot" }, h("p", {}, t("harm.notice")), h("p", { class: "small" }, t("app.foot", { version: store.caseView.version, model: store.caseView.model.slice(0, 7), case: store.caseView.digest.slice(0, 7), seed: String(store.caseView.seed) }))),
    h("p", { id: "live", class: "sr", "aria-live": "polite" }),
  ];
}
function notice() {
  const read = remembered("read") === "yes";
  return h("div", { class: "notice", role: "region", "aria-label": t("app.notice"), id: "notice" }, h("p", {}, h("span", { class: "mark" }, icon("warn")), t(read ? "harm.short" : "harm.notice"), " ", h("a", { href: address("about"), "data-page": "about" }, t("notice.limits")), " ",
    read ? null : h("button", { type: "button", class: "quiet", onclick: () => { remember("read", "yes"); document.getElementById("notice").replaceWith(notice()); document.getElementById("page").focus(); } }, t("harm.ack"))),
    remembered("tour") === "yes" ? null : h("p", { class: "tour" }, h("b", {}, t("app.tour")), " ", t("app.tour.steps"), " ", h("button", { type: "button", class: "quiet", onclick: (event) => { remember("tour", "yes"); event.target.parentElement.remove(); document.getElementById("page").focus(); } }, t("app.tour.skip"))),
    store.notes.length ? h("ul", { class: "link-notes", role: "status" }, store.notes.map((note) => h("li", {}, of(note)))) : null);
}
function rail() {
  const host = document.getElementById("rail");
  host.replaceChildren(h("ul", {}, PAGES.map((page) => h("li", {}, h("a", { href: address(page), "data-page": page, "data-focus": `rail-${page}`, "aria-current": page === store.page ? "page" : null }, t("app.nav." + page), page === "jobs" && active ? ` (${active})` : "")))));
  // on a phone the pages lie in a row that scrolls: the one shown is in sight
  const row = host.firstChild, here = row.querySelector("[aria-current]");
  if (here && row.scrollWidth > row.clientWidth) { row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2; }
}
function page() {
  switch (store.page) {
    case "explore":
      if (due) { due = false; requestAnimationFrame(() => run(true)); }
      return explore();
    case "why": return whyPage();
    case "jobs": return jobsPage();
    case "workshop": return later("/static/workshop.js", "workshopPage");
    default: return resultsPage(store.page, anchor);
  }
}
// A page whose program is fetched when it is first opened.
const fetched = new Map();
function later(path, name) {
  if (fetched.has(path)) { return fetched.get(path)[name](); }
  const host = h("div", {}, h("h1", { class: "page-title" }, t("app.nav." + store.page)), h("p", { class: "muted", role: "status" }, t("app.loading")));
  import(path).then((found) => { fetched.set(path, found); if (host.isConnected) { host.replaceWith(found[name]()); } }, () => host.replaceChildren(h("p", { class: "stopped", role: "alert" }, said({ message: t("app.offline"), mend: t("app.offline.mend") }))));
  return host;
}
function draw() {
  document.documentElement.lang = store.lang;
  document.title = `${t("app.nav." + store.page)} · ${t("app.name")} · ${of(store.caseView.title)}`;
  keep(() => { document.getElementById("root").replaceChildren(...frame()); rail(); document.getElementById("page").replaceChildren(page()); });
}
// What is rebuilt keeps the focus, the scroll and what was unfolded.
function keep(work, still) {
  const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : null;
  const open = new Map([...document.querySelectorAll("details[data-keep]")].map((one) => [one.dataset.keep, one.open]));
  // reading a scroll makes the browser lay the page out: not where nothing that scrolls is rebuilt
  const panel = still ? null : document.getElementById("levers"), at = panel ? panel.scrollTop : 0, y = still ? 0 : window.scrollY;
  const done = work();
  if (done === false) { return false; }
  for (const one of document.querySelectorAll("details[data-keep]")) { if (open.has(one.dataset.keep)) { one.open = open.get(one.dataset.keep); } }
  const again = still ? null : document.getElementById("levers");
  if (again) { again.scrollTop = at; }
  if (focus && !(document.activeElement && document.activeElement.dataset.focus === focus)) { const found = document.querySelector(`[data-focus="${CSS.escape(focus)}"]`); if (found) { found.focus({ preventScroll: true }); } }
  if (!still) { window.scrollTo(0, y); }
  return true;
}
function redraw() { keep(() => document.getElementById("page").replaceChildren(page())); }
function go(name, where) {
  if (name !== "explore" && store.running) { pause(); due = true; }
  store.page = name;
  anchor = where || null;
  document.body.classList.remove("sheet");
  history.pushState({ page: name }, "", address(name) + (where ? `#${where}` : ""));
  document.title = `${t("app.nav." + name)} · ${t("app.name")} · ${of(store.caseView.title)}`;
  rail();
  document.getElementById("page").replaceChildren(page());
  window.scrollTo(0, 0);
  document.getElementById("page").focus({ preventScroll: true });
}
window.addEventListener("popstate", () => { store.page = PAGES.includes(pageOf()) ? pageOf() : "explore"; anchor = null; rail(); document.getElementById("page").replaceChildren(page()); });

watch((what) => {
  if (what && what.page) { go(what.page, what.anchor); return; }
  if (what === "sheet") { history.replaceState({ page: store.page }, "", address(store.page)); return; }
  if (what === "jobs") { countJobs().then((n) => { active = n; rail(); }); return; }
  if (what === "scenario" || what === "outcome" || what === "viewkind") { if (store.page === "explore") { run(true); } else { due = true; pause(); } }
  const now = link();
  history.replaceState({ page: store.page }, "", `/${store.page === "explore" ? "" : store.page}?${now}`);
  // a lever changes what belongs to it; the rest of the page stands
  if (what === "scenario" && store.page === "explore" && keep(patch, true)) {
    for (const one of document.querySelectorAll("a[data-page]")) { one.setAttribute("href", `${one.getAttribute("href").split("?")[0]}?${now}`); }
    return;
  }
  rail();
  redraw();
});

function language(lang) {
  store.lang = lang;
  remember("lang", lang);
  const shown = !document.getElementById("drawer").hidden;
  draw();
  history.replaceState({ page: store.page }, "", address(store.page));
  const chosen = document.querySelector(`[data-focus="lang-${lang}"]`);
  if (chosen) { chosen.focus(); }
  if (shown) { reloadCard(); }
}
function setTheme(theme) {
  store.theme = theme;
  if (theme === "auto") { document.documentElement.removeAttribute("data-theme"); } else { document.documentElement.dataset.theme = theme; }
}
function nextTheme() {
  setTheme({ auto: "dark", dark: "light", light: "auto" }[store.theme]);
  remember("theme", store.theme);
  draw();
}
window.addEventListener("tregua-share", () => share());
async function share() {
  const whole = location.origin + address(store.page);
  try { await navigator.clipboard.writeText(whole); announce(t("app.share.done")); said_share(t("app.share.done")); }
  catch { said_share(whole); }
}
function said_share(text) {
  const old = document.getElementById("shared");
  if (old) { old.remove(); }
  const made = h("p", { id: "shared", class: "toast", role: "status" }, text, " ", h("button", { type: "button", class: "quiet", onclick: () => made.remove() }, t("card.close")));
  document.body.append(made);
  setTimeout(() => made.remove(), 8000);
}

// Exports: every one carries the notice, and deaths never leave without the other outcomes.
function exportMenu() {
  const item = (key, work) => h("li", {}, h("button", { type: "button", onclick: () => { menu.open = false; work(); } }, t("app.export." + key)));
  const menu = h("details", { class: "menu" }, h("summary", { "data-focus": "export" }, t("app.export")), h("ul", {}, item("page", exportPage), item("figure", () => exportFigure()), item("picture", () => exportFigure(true)), item("csv", () => exportFile("/api/table", "tregua.csv")), item("plan", () => exportFile("/api/plan", "plan.toml")), item("print", () => window.print())));
  return menu;
}
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const made = h("a", { href: url, download: name });
  document.body.append(made);
  made.click();
  made.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
async function exportFile(path, name) {
  const shown = columns().map((id) => store.results[id]).filter(Boolean);
  try { save(await (await post(path, { decision: store.state.decision, a: request("a"), b: request("b"), readings: columns(), runs: shown.length ? Math.min(...shown.map((one) => one.n)) : 24 })).blob(), name); }
  catch (error) { said_share(said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })); }
}
async function styles() {
  const sheet = await (await api("/static/all.css")).text();
  const face = new Uint8Array(await (await api("/static/face.woff2")).arrayBuffer());
  let binary = "";
  for (let i = 0; i < face.length; i += 8192) { binary += String.fromCharCode(...face.subarray(i, i + 8192)); }
  return sheet.replace("/static/face.woff2", `data:font/woff2;base64,${btoa(binary)}`);
}
function facts() {
  const view = store.caseView;
  return [t("harm.notice"), `A: ${spoken("a")}`, `B: ${spoken("b")}`, t("app.foot", { version: view.version, model: view.model.slice(0, 12), case: view.digest.slice(0, 12), seed: String(view.seed) }), drawsText(), address(store.page)];
}
function drawsText() {
  const view = store.caseView;
  if (view.draw_source !== "posterior") { return t("prior.only"); }
  return view.gate.state === "passed" ? `${t("draws.chip.posterior")}, ${t("gate.chip.passed")}` : t("gate.not_passed", { reason: of(view.gate.reason) });
}
function spoken(name) {
  const scenario = store.state[name];
  const moved = Object.entries(scenario.sets).map(([id, value]) => `${id} = ${value}`).join(", ");
  return [of(arm(name).label), moved, scenario.start ? dayText(scenario.start) : "", scenario.end ? dayText(scenario.end) : ""].filter(Boolean).join(" · ");
}
async function exportPage() {
  const shown = document.getElementById("page"), copy = shown.cloneNode(true);
  // what was chosen stands as a word where the choice stood; levers are told by what differs, with a fold for what is long
  const picked = [...shown.querySelectorAll("select")].map((one) => one.selectedOptions[0] ? one.selectedOptions[0].textContent : "");
  for (const [place, one] of [...copy.querySelectorAll("select")].entries()) { one.replaceWith(h("b", {}, picked[place])); }
  for (const one of copy.querySelectorAll(".lever-group, .finder, .kept, .undo, .seg, .levers-head, .shop-round button, .readout")) { one.remove(); }
  for (const one of copy.querySelectorAll("button, input, .controls:not(:has(b)), .levers .window-inputs, .bottom-bar, .handles, .thumb-button")) { if (one.classList.contains("thumb-button")) { one.replaceWith(...one.childNodes); } else { one.remove(); } }
  for (const one of copy.querySelectorAll("details")) { one.open = one.id === "all-readings"; }
  for (const one of copy.querySelectorAll("a[href^='/'], a[href='#card']")) { one.removeAttribute("href"); }
  const made = document.implementation.createHTMLDocument(document.title);
  made.documentElement.lang = store.lang;
  const policy = made.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'";
  const charset = made.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  const view = made.createElement("meta");
  view.name = "viewport";
  view.content = "width=device-width, initial-scale=1";
  const css = await styles();
  made.head.prepend(charset, policy, view);
  made.body.className = "app exported";
  made.body.append(document.querySelector("svg.defs").cloneNode(true), h("div", { class: "notice" }, h("p", {}, t("harm.notice"))), copy, h("footer", { class: "foot" }, facts().map((line) => h("p", { class: "small" }, line))));
  save(new Blob(["<!doctype html>\n", made.documentElement.outerHTML.replace("</head>", () => `<style>${css}</style></head>`)], { type: "text/html" }), `tregua-${store.caseView.id}-${store.lang}.html`);
}
async function exportFigure(picture) {
  const charts = [...document.querySelectorAll("svg.story-chart, svg.difference")];
  if (!charts.length) { said_share(t("app.export.nofigure")); return; }
  const css = await styles();
  let x = 0, y = 0, width = 0, tall = 0, kind = "";
  const parts = [], lines = facts();
  for (const chart of charts) {
    const box = chart.viewBox.baseVal, copy = chart.cloneNode(true);
    for (const one of copy.querySelectorAll(".handles, .cursor")) { one.remove(); }
    const name = (chart.closest(".story-figure, .diff-row") || document).querySelector("h2, .diff-name");
    // as on the page: abreast where they fit, the differences under the explanations
    if (x && (x + box.width > 980 || chart.classList[0] !== kind)) { x = 0; y += tall; tall = 0; }
    kind = chart.classList[0];
    parts.push(s("text", { class: "node-name start", x, y: y + 16 }, name ? name.textContent : ""), s("g", { transform: `translate(${x} ${y + 26})` }, ...copy.childNodes));
    tall = Math.max(tall, box.height + 40);
    x += box.width + 24;
    width = Math.max(width, x);
  }
  y += tall;
  // the other outcomes travel with the figure as words: deaths never without rights
  for (const row of document.querySelectorAll("#others tbody tr")) {
    const words = (cell) => [...cell.querySelectorAll("*")].filter((one) => !one.children.length && !one.closest("svg")).map((one) => one.textContent.trim()).filter(Boolean).join(" ");
    const [head, ...cells] = row.children;
    lines.push(`${head.firstChild.textContent} (${words(head)}): ${cells.map(words).join("; ")}`.replace(" ()", ""));
  }
  width = Math.max(width, 640);
  const wrapped = lines.flatMap((line) => line.match(new RegExp(`.{1,${Math.floor(width / 6.4)}}(\\s|$)|\\S{1,${Math.floor(width / 6.4)}}`, "g")) || []);
  for (const line of wrapped) { y += 16; parts.push(s("text", { class: "tick", x: 0, y }, line.trim())); }
  const whole = s("svg", { xmlns: "http://www.w3.org/2000/svg", class: "app", viewBox: `0 0 ${width} ${y + 12}`, width, height: y + 12 },
    s("style", {}, css), s("svg", { width, height: y + 12 }, s("rect", { width, height: y + 12, fill: "var(--paper)" }), ...parts));
  const drawn = new Blob([new XMLSerializer().serializeToString(whole)], { type: "image/svg+xml" }), name = `tregua-${store.caseView.id}-${store.lang}`;
  if (!picture) { save(drawn, `${name}.svg`); return; }
  const from = URL.createObjectURL(drawn), image = new Image();
  try {
    image.src = from;
    await image.decode();
    const paper = document.createElement("canvas");
    paper.width = 2 * width;
    paper.height = 2 * (y + 12);
    paper.getContext("2d").drawImage(image, 0, 0, paper.width, paper.height);
    save(await new Promise((done) => paper.toBlob(done, "image/png")), `${name}.png`);
  } finally { URL.revokeObjectURL(from); }
}

document.addEventListener("click", (event) => {
  const found = event.target.closest && event.target.closest("a");
  for (const menu of document.querySelectorAll("details.menu[open]")) { if (!menu.contains(event.target)) { menu.open = false; } }
  if (!found || event.defaultPrevented || event.metaKey || event.ctrlKey || event.button) { return; }
  if (found.dataset.page) { event.preventDefault(); shutCard(); go(found.dataset.page); return; }
  if (found.dataset.card) { event.preventDefault(); openCard(storedCard(found.dataset.card, found), found); return; }
  const id = found.getAttribute("href") || "";
  if (id.startsWith("#") && id.length > 1 && id !== "#card" && id !== "#page") {
    event.preventDefault();
    if (found.classList.contains("close")) { shutCard(); return; }
    const here = document.getElementById(decodeURIComponent(id.slice(1)));
    if (here && !here.classList.contains("card") && !here.closest(".drawer")) { const fold = here.closest("details"); if (fold) { fold.open = true; } here.scrollIntoView(); here.tabIndex = -1; here.focus({ preventScroll: true }); }
    else { follow(decodeURIComponent(id.slice(1)), found); }
  }
});
document.addEventListener("keydown", (event) => {
  const inside = event.target.closest && event.target.closest("input, select, textarea, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !(inside && inside.type !== "range" && inside.type !== "radio")) {
    event.preventDefault();
    if (event.shiftKey) { redo(); } else { undo(); }
    return;
  }
  if (event.key === "Escape") {
    if (document.body.classList.contains("sheet")) { document.body.classList.remove("sheet"); return; }
    if (shutCard()) { event.preventDefault(); }
    return;
  }
  if (inside || event.ctrlKey || event.metaKey || event.altKey || remembered("keys") === "off") { return; }
  if (event.key === "?") { document.getElementById("keys").showModal(); }
  else if (event.key === "l" || event.key === "L") { go("ledger"); }
  else if (event.key === "[" || event.key === "]") { go(PAGES[(PAGES.indexOf(store.page) + (event.key === "]" ? 1 : PAGES.length - 1)) % PAGES.length]); }
  else { return; }
  event.preventDefault();
});
let folded = [];
window.addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("main details:not([open])")].filter((one) => (one.open = true)); });
window.addEventListener("afterprint", () => { for (const one of folded) { one.open = false; } });

window.tregua = { store, link, pairs };
begin().catch((error) => {
  const text = error.problem && store.words ? said(error.problem) : "tregua: no answer · sin respuesta";
  document.getElementById("root").replaceChildren(h("p", { class: "stopped", role: "alert" }, text));
});
