// The effect, estimated as a job: the figures of the case or somebody's own.
import { store, t, h, said, changed } from "/static/state.js";
import { jobs, loadJobs, startJob } from "/static/views.js";

const MOST = 48 * 1024;
const form = { fast: false, began: "", eroding: "", ended: "", dates: "" };

export function ownBanner(job) {
  const one = jobs.list.find((other) => other.id === job);
  return h("p", { class: "own-banner" }, h("span", { class: "chip warn" }, t("app.effect.own")), " ", t("app.effect.own.of", { name: one ? one.settings.name : "" }), " ",
    h("button", { type: "button", class: "quiet", "data-focus": "effect-back", onclick: () => { store.ownJob = null; changed("view"); } }, t("app.effect.back")));
}
// A file as people save it: UTF-8, or the encoding of an older spreadsheet.
async function textOf(file) {
  const bytes = await file.arrayBuffer();
  const mark = new Uint8Array(bytes.slice(0, 2));
  if ((mark[0] === 0xff && mark[1] === 0xfe) || (mark[0] === 0xfe && mark[1] === 0xff)) { return new TextDecoder(mark[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes); }
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1252").decode(bytes); }
}
export function effectTools() {
  const host = h("div", { id: "job-list", "data-kind": "effect" });
  const wrong = h("p", { role: "alert" });
  const fails = (text) => { wrong.textContent = text; wrong.className = text ? "stopped" : ""; };
  const ask = async (asked) => {
    fails("");
    try { await startJob({ kind: "effect", fast: form.fast, ...asked }, host); }
    catch (error) { fails(said(error.problem || { message: t("app.offline"), mend: t("app.offline.mend") })); }
  };
  const day = (key) => h("label", { for: `effect-${key}` }, h("span", {}, t("app.effect." + key)), h("input", { type: "date", id: `effect-${key}`, "data-focus": `effect-${key}`, value: form[key], required: key === "began" ? true : null, onchange: (event) => { form[key] = event.target.value; } }));
  const file = h("input", { type: "file", id: "effect-file", accept: ".csv,.txt,.tsv,text/csv,text/plain", required: true, "data-focus": "effect-file" });
  const order = h("select", { id: "effect-dates", "data-focus": "effect-dates", onchange: (event) => { form.dates = event.target.value; } }, ["", "dmy", "mdy"].map((value) => { const option = h("option", { value }, t("app.effect.dates." + (value || "found"))); option.selected = value === form.dates; return option; }));
  const own = h("form", { class: "own-form", onsubmit: async (event) => {
    event.preventDefault();
    const chosen = file.files[0];
    if (!chosen) { file.focus(); return; }
    const data = chosen.size > 4 * MOST ? null : await textOf(chosen);
    if (data === null || data.length > MOST) { fails(t("app.effect.large", { n: Math.round(MOST / 1024) })); return; }
    const phases = [["active", form.began], ["eroding", form.eroding], ["ended", form.ended]].filter(([, when]) => when).map(([kind, when]) => `${kind}=${when}`);
    await ask({ data, name: chosen.name, phases, dates: form.dates });
  } },
    h("p", { class: "small" }, t("app.effect.own.note", { n: Math.round(MOST / 1024) }), " ", h("code", {}, "tregua effect --data counts.csv --phase active=2012-03-09")),
    h("label", { for: "effect-file" }, h("span", {}, t("app.effect.file")), file), day("began"), day("eroding"), day("ended"),
    h("label", { for: "effect-dates" }, h("span", {}, t("app.effect.dates")), order),
    h("button", { type: "submit", "data-focus": "effect-own-go" }, t("app.effect.own.go")));
  requestAnimationFrame(() => loadJobs(host));
  return h("section", { class: "block estimating", "aria-labelledby": "estimating-h" }, h("h2", { id: "estimating-h" }, t("app.effect.here")), h("p", {}, t("app.effect.lead")),
    h("p", { class: "go" }, h("label", { class: "check", for: "effect-fast" }, h("input", { type: "checkbox", id: "effect-fast", checked: form.fast || null, "data-focus": "effect-fast", onchange: (event) => { form.fast = event.target.checked; } }), t("app.effect.fast")), " ",
      h("button", { type: "button", "data-focus": "effect-go", onclick: () => ask({}) }, t("app.effect.go"))),
    wrong, h("details", { class: "fold", "data-keep": "effect-own" }, h("summary", { "data-focus": "effect-own" }, t("app.effect.own.title")), own), host);
}
