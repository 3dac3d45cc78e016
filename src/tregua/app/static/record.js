// The record of a round: one page of paper with what every role wrote, guessed, saw and rests on, and the notice.
import { store, t, of, h, dayText, isoDay, decision } from "/static/state.js";
import { roleName, standing, settingText, nameOf, finished, outcomesTable, storiesLine, guessWords, listedGuesses } from "/static/round.js";
import { claimBox, claimOf, picksOf } from "/static/claims.js";

const LARGEST = 9.5, SMALLEST = 6, STEP = 0.25, LEAST = 0.6, WIDE = 718, TALL = 985;
// Of every role its standing setting alone: a sheet of paper is as wide as it is.
export function recordSheet(part, opened, listed, table) {
  const view = store.caseView, shown = part.map(standing).filter(Boolean), done = opened && shown.length > 0 && shown.every(finished);
  return h("section", { class: "shop-record", "aria-hidden": "true" },
    h("p", { class: "record-head" }, h("b", {}, t("app.shop.record.of", { n: store.sheet.round })), ` · tregua · ${of(view.title)} · ${dayText(isoDay(Date.now()))}`), h("p", {}, h("b", {}, of(decision().question))), h("p", { class: "record-notice" }, t("harm.notice")),
    h("div", { class: "record-roles" }, part.map((role) => h("div", {}, h("p", {}, h("b", {}, roleName(role)), standing(role) ? `: ${nameOf(standing(role))}${nameOf(standing(role)) === settingText(standing(role)) ? "" : ` (${settingText(standing(role))})`}` : ""),
      h("ul", {}, [...listed(role), ...(done ? guessWords(role).map((one) => one.short) : listedGuesses(role))].map((text) => h("li", {}, text)))))),
    done ? [outcomesTable(shown, true), h("p", {}, storiesLine(), ". ", t("app.shop.guesses.note"))] : h("p", {}, opened && shown.length ? t("app.shop.set.running", { k: shown.filter(finished).length, n: shown.length }) : opened ? null : t("app.shop.record.closed")),
    opened && table ? table : null,
    h("div", { class: "record-claims" }, [...new Set(part.flatMap((role) => picksOf(role).map(([id]) => id)))].map((id) => h("div", {},
      h("p", {}, part.flatMap((role) => picksOf(role).filter(([one]) => one === id).map(([, stance]) => `${roleName(role)}: ${t(`app.shop.claim.${stance}`)}`)).join(" · ")), claimOf(id) ? claimBox(claimOf(id)) : h("p", {}, id)))),
    h("p", { class: "record-foot" }, t("app.foot", { version: view.version, model: view.model.slice(0, 12), case: view.digest.slice(0, 12), seed: String(view.seed) }), ` · ${t("app.shop.nobody")}`));
}
// As large as fits on one page of A4, margins left out; measured where nobody sees it.
function fit(sheet) {
  sheet.classList.add("measured");
  for (let size = LARGEST; size >= SMALLEST; size -= STEP) { sheet.style.setProperty("--record", `${size}pt`); if (sheet.scrollHeight <= TALL) { break; } }
  // six roles that wrote everything: the sheet is made smaller as a whole
  for (let zoom = 1; sheet.getBoundingClientRect().height > TALL && zoom > LEAST; ) {
    zoom -= 0.02;
    sheet.style.setProperty("zoom", zoom.toFixed(2));
    sheet.style.setProperty("width", `${Math.floor(WIDE / zoom)}px`);
  }
  sheet.style.removeProperty("width");
  sheet.classList.remove("measured");
}
// Made anew whenever it is printed: what came since the page was drawn stands on it too.
let make = null;
export function recordOf(maker) { make = maker; return maker(); }
export function refresh() {
  const old = document.querySelector(".shop-record");
  if (!old || !make) { return; }
  const made = make();
  old.replaceWith(made);
  fit(made);
}
window.addEventListener("beforeprint", refresh);
