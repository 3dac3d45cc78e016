// Claims of the ledger that a role rests its choice on, or disputes: whole boxes, never a sentence without who says it.
import { store, t, of, h, fill, icon, opening, number, api, said, changed, announce, lever, levelsIn, reference } from "/static/state.js";
import { roleName, standing } from "/static/round.js";

const SHOWN = 5;
let ledger = null, wrong = null;
const pick = { role: "", search: "" };
export function claimOf(id) { return ledger ? ledger.find((one) => one.id === id) : null; }
// A box as the report draws it: asserter and status before what is said, reply and outcome inside.
export function claimBox(one, ...more) {
  const link = (id) => h("a", { class: "id", href: `#claim-${id}-${store.lang}`, "data-card": `claim-${id}-${store.lang}` }, id);
  const chips = (list) => list.map((chip) => [" ", h("span", { class: "chip status" }, of(chip))]);
  const whole = [...new Map(one.parts.flatMap((part) => part.chips).map((chip) => [chip.en, chip])).values()];
  return h("div", { class: "claim shop-claim" }, h("div", { class: "box" }, h("p", { class: "who" }, link(one.id), chips(whole), " ", h("b", {}, opening(of(one.asserter)))),
    h("p", {}, one.parts.map((part) => [of(part.text), of(part.hedged), of(part.caveat)].filter(Boolean).join(" ")).join(" ")),
    one.replies.map((reply) => h("p", { class: "reply" }, h("b", {}, t("claim.reply")), " ", link(reply.id), " ", of(reply.text))), of(one.reply_note) ? h("p", { class: "reply" }, `${of(one.reply_note)}.`) : null,
    one.outcomes.map((later) => h("p", { class: "reply" }, h("b", {}, t("claim.outcome")), " ", link(later.id), " ", of(later.text))), of(one.outcome_note) ? h("p", { class: "reply" }, `${of(one.outcome_note)}.`) : null, more));
}
export function picksOf(role) { return Object.entries(store.sheet.claims[role] || {}); }
// Claims that one role rests on and another disputes.
export function clashes(part) {
  const out = new Map();
  for (const role of part) { for (const [id, stance] of picksOf(role)) { const found = out.get(id) || { rests: [], disputes: [] }; found[stance].push(roleName(role)); out.set(id, found); } }
  return [...out].filter(([, one]) => one.rests.length && one.disputes.length).map(([id, one]) => t("app.shop.claim.clash", { claim: id, rests: one.rests.join(", "), disputes: one.disputes.join(", ") }));
}
// What bears on the levers that a role moves comes first, then what is disputed.
function ordered(role) {
  const one = standing(role), moved = new Set();
  if (one) {
    const levels = levelsIn(one), plain = levelsIn({ arm: reference().id, sets: {}, start: null, end: null });
    for (const known of store.caseView.levers) { if (Math.abs(levels[known.id] - plain[known.id]) > 1e-9) { for (const claim of lever(known.id).claims) { moved.add(claim); } } }
  }
  const rank = (claim) => (moved.has(claim.id) ? 0 : 2) + (claim.disputed ? 0 : 1);
  return [...ledger].sort((a, b) => rank(a) - rank(b));
}
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function found(role) {
  const words = bare(pick.search).split(/\s+/).filter(Boolean);
  return ordered(role).filter((one) => { const text = bare([one.id, of(one.asserter), ...one.parts.flatMap((part) => [of(part.text), ...part.chips.map(of)])].join(" ")); return words.every((word) => text.includes(word)); });
}
function put(role, id, stance) {
  const held = (store.sheet.claims[role] = store.sheet.claims[role] || {});
  if (stance) { held[id] = stance; } else { delete held[id]; }
  announce(t(stance ? `app.shop.claim.${stance}.done` : "app.shop.claim.dropped", { role: roleName(role), claim: id }));
  changed("view");
}
function results(host, part) {
  const role = pick.role, all = found(role), full = picksOf(role).length >= store.caseView.most.claims;
  fill(host, h("p", { class: "small", role: "status" }, full ? t("app.shop.claim.full", { n: store.caseView.most.claims, role: roleName(role) }) : t(all.length > SHOWN ? "app.shop.claim.more" : "app.shop.claim.found", { n: number(all.length), k: SHOWN })),
    all.slice(0, SHOWN).map((one) => { const now = (store.sheet.claims[role] || {})[one.id]; return claimBox(one, h("p", { class: "go" }, ["rests", "disputes"].map((stance) => h("button", { type: "button", class: "small", "aria-pressed": String(now === stance), disabled: full && !now ? true : null, "data-focus": `claim-${stance}-${one.id}`, "aria-label": t(`app.shop.claim.${stance}.of`, { role: roleName(role), claim: one.id }), onclick: () => put(role, one.id, now === stance ? null : stance) }, t(`app.shop.claim.${stance}`))))); }));
}
export function claimsSection(part) {
  const host = h("div", { class: "shop-claims" });
  drawClaims(host, part);
  return host;
}
async function load(host, part) {
  if (wrong) { return; }
  try { ledger = await (await api("/api/claims")).json(); } catch (error) { wrong = error.problem || { message: t("app.offline"), mend: t("app.offline.mend") }; }
  drawClaims(host, part);
}
function drawClaims(host, part) {
  if (wrong) { fill(host, h("p", { class: "stopped", role: "alert" }, said(wrong), " ", h("button", { type: "button", onclick: () => { wrong = null; drawClaims(host, part); } }, t("app.again")))); return; }
  if (!ledger) { fill(host, h("p", { class: "muted", role: "status" }, t("app.composing"))); requestAnimationFrame(() => load(host, part)); return; }
  if (!ledger.length) { fill(host, h("p", { class: "muted" }, t("app.shop.claim.none"))); return; }
  if (!part.includes(pick.role)) { pick.role = part[0]; }
  const list = h("div", { class: "claim-list" });
  const chosen = part.flatMap((role) => picksOf(role).map(([id, stance]) => ({ role, id, stance, one: claimOf(id) })));
  fill(host, clashes(part).map((text) => h("p", { class: "flipline" }, icon("flip"), " ", text)),
    chosen.length ? h("ul", { class: "picks" }, chosen.map(({ role, id, stance, one }) => h("li", {}, h("p", {}, h("b", {}, roleName(role)), " ", t(`app.shop.claim.${stance}.said`), " ", h("button", { type: "button", class: "quiet small", "data-focus": `claim-drop-${role}-${id}`, "aria-label": t("app.kept.drop", { name: id }), onclick: () => put(role, id, null) }, "×")), one ? claimBox(one) : h("p", { class: "muted" }, t("app.shop.claim.gone", { claim: id }))))) : null,
    h("details", { class: "fold", "data-keep": "claim-pick" }, h("summary", { "data-focus": "claim-pick" }, t("app.shop.claim.pick")), h("p", { class: "small" }, t("app.shop.claim.note")),
      h("p", { class: "go" }, h("label", {}, h("span", {}, t("app.shop.role"), " "), h("select", { "data-focus": "claim-role", onchange: (event) => { pick.role = event.target.value; results(list, part); } }, part.map((role) => { const option = h("option", { value: role }, roleName(role)); option.selected = role === pick.role; return option; }))),
        h("label", {}, h("span", {}, t("app.shop.claim.search"), " "), h("input", { type: "search", value: pick.search, "data-focus": "claim-search", oninput: (event) => { pick.search = event.target.value; results(list, part); } }))), list));
  results(list, part);
}
