// Charts in the grammar of the report: counted is ink and as long as its interval, simulated is coloured and a range.
import { s, t, of, opening, store, instant, isoDay, dayText, monthText, number, compact, decision, outcome, arm, announce } from "/static/state.js";

const DAY = 864e5, BAR = 5, SMALL = 3.4, DASHED_FROM = 28;
export const LEVELS = ["q05", "q25", "q50", "q75", "q95"];

export function nice(top) {
  if (!(top > 0)) { return 1; }
  const size = 10 ** Math.floor(Math.log10(top));
  for (const step of [1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10]) { if (step * size >= top) { return step * size; } }
  return 10 * size;
}
export function ticks(low, high, wanted) {
  const span = high - low || 1;
  const raw = span / wanted, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= raw);
  const out = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) { out.push(Math.abs(value) < step * 1e-9 ? 0 : value); }
  return out;
}
export function deathsADay(id) { const found = outcome(id); return found.flow && found.unit === "deaths"; }
export function unitText(id) {
  const found = outcome(id);
  if (deathsADay(id)) { return t(id.startsWith("homicides") ? "axis.perday" : "app.axis.deathsaday"); }
  const unit = found.unit === "0..1" ? t("unit.0-1") : found.unit === "US$" ? "US$" : found.unit === "index" ? t("app.axis.index") : t("app.unit." + found.unit);
  return found.flow ? t("app.axis.amonth", { unit }) : unit;
}

// One panel of time: x over [from, to], y over [low, high], drawn at a width in pixels.
function panel({ width, height, from, to, low, high, left, top }) {
  const x = (time) => left + ((time - from) / (to - from)) * (width - left - 4);
  const y = (value) => top + height - ((value - low) / (high - low || 1)) * height;
  return { width, height, from, to, low, high, left, top, x, y };
}
function years(p, size) {
  const out = [];
  const first = new Date(p.from).getUTCFullYear(), last = new Date(p.to - DAY).getUTCFullYear();
  const room = (p.width - p.left) / (last - first + 1);
  for (let year = first; year <= last; year++) {
    const at = Date.UTC(year, 0, 1);
    if (at < p.from || at >= p.to) { continue; }
    out.push(s("line", { class: "axis", x1: p.x(at), x2: p.x(at), y1: p.top + p.height, y2: p.top + p.height + 5 }));
    const every = room < 34 ? 2 : 1;
    if ((year - first) % every === 0 && p.x(at) + 26 < p.width + 2) { out.push(s("text", { class: "tick", x: p.x(at) + 2, y: p.top + p.height + 5 + size }, String(year))); }
  }
  out.push(s("line", { class: "axis", x1: p.left, x2: p.width - 4, y1: p.top + p.height, y2: p.top + p.height }));
  return out;
}
function grid(p, wanted) {
  return ticks(p.low, p.high, wanted).map((value) => [
    s("line", { class: value === 0 && p.low < 0 ? "zero" : "grid", x1: p.left, x2: p.width - 4, y1: p.y(value), y2: p.y(value) }),
    s("text", { class: "tick end", x: p.left - 6, y: p.y(value) + 4 }, compact(value)),
  ]);
}
function ground(p, captions) {
  const edge = instant(store.caseView.fit_end) + DAY, out = [];
  if (edge < p.to) {
    out.push(s("rect", { class: "held", x: p.x(Math.max(edge, p.from)), y: p.top, width: Math.max(0, p.x(p.to) - p.x(Math.max(edge, p.from))), height: p.height }));
    if (edge > p.from) { out.push(s("line", { class: "edge", x1: p.x(edge), x2: p.x(edge), y1: p.top, y2: p.top + p.height })); }
  }
  const figures = instant(store.caseView.figures_end) + DAY;
  if (figures < p.to && figures > p.from) {
    out.push(s("line", { class: "past", x1: p.x(figures), x2: p.x(figures), y1: p.top, y2: p.top + p.height }));
  }
  if (captions && edge > p.from && edge < p.to) {
    const wide = p.width > 560;
    out.push(s("text", { class: "note end", x: p.x(edge) - 6, y: p.top - 6 }, t("fit.used")));
    out.push(s("text", { class: "note", x: p.x(edge) + 6, y: p.top - 6 }, t(wide ? "fit.heldout" : "app.held.short")));
  }
  return out;
}
function counted(p) {
  const out = [], per = (p.width - p.left) / (p.to - p.from);
  for (const row of store.caseView.observations) {
    for (const [start, end] of row.spans) {
      const a = Math.max(instant(start), p.from), b = Math.min(instant(end) + DAY, p.to);
      if (b <= p.from || a >= p.to) { continue; }
      const y = p.y(row.rate);
      if (row.days > store.caseView.long_span_days) {
        out.push(s("path", { class: "ink-rule", d: `M${p.x(a)} ${y - 4.5}v9M${p.x(a)} ${y}H${p.x(b)}M${p.x(b)} ${y - 4.5}v9` }));
        continue;
      }
      const derived = row.basis !== "stated", dashed = derived && (b - a) * per >= DASHED_FROM;
      const size = derived && !dashed ? SMALL : BAR;
      out.push(s("rect", { class: "ink-" + (derived ? (dashed ? "dashed" : "derived") : row.class), x: p.x(a), y: y - size / 2, width: Math.max(1.5, p.x(b) - p.x(a)), height: size }));
    }
  }
  return out;
}
function steps(p, months, low, high) {
  // a band by month is a flight of steps: nothing is drawn wider or narrower than its interval
  let up = "", down = "";
  let open = false;
  for (let i = 0; i + 1 < months.length; i++) {
    const a = Math.max(months[i], p.from), b = Math.min(months[i + 1], p.to);
    if (b <= p.from || a >= p.to) { continue; }
    up += `${open ? "L" : "M"}${r(p.x(a))} ${r(p.y(high[i]))}H${r(p.x(b))}`;
    down = `L${r(p.x(b))} ${r(p.y(low[i]))}H${r(p.x(a))}` + down;
    open = true;
  }
  return open ? up + down + "Z" : "";
}
function stair(p, months, values) {
  let out = "", open = false;
  for (let i = 0; i + 1 < months.length; i++) {
    const a = Math.max(months[i], p.from), b = Math.min(months[i + 1], p.to);
    if (b <= p.from || a >= p.to) { continue; }
    out += `${open ? "L" : "M"}${r(p.x(a))} ${r(p.y(values[i]))}H${r(p.x(b))}`;
    open = true;
  }
  return out;
}
function r(value) { return Math.round(value * 10) / 10; }
export function monthTimes() { return decision().months.map(instant); }

function side(p, months, name, told, view, few) {
  const out = [];
  if (view === "histories" && told.histories) {
    for (const one of told.histories) { out.push(s("path", { class: `history ${name}`, d: stair(p, months, one) })); }
    return out;
  }
  if (view === "dots") {
    return [s("path", { class: `median ${name}`, d: stair(p, months, told.band[2]) })];
  }
  out.push(s("path", { class: `band90 ${name}`, d: steps(p, months, told.band[0], told.band[4]) }));
  out.push(s("path", { class: `band50 ${name}`, d: steps(p, months, told.band[1], told.band[3]) }));
  if (few) {
    out.push(s("path", { class: `few ${name}`, d: stair(p, months, told.band[0]) }), s("path", { class: `few ${name}`, d: stair(p, months, told.band[4]) }));
  }
  out.push(s("path", { class: `median ${name}`, d: stair(p, months, told.band[2]) }));
  return out;
}

export function eventStrip(p, offset, rowHeight, numbered, labels) {
  const lanes = store.caseView.lanes, out = [];
  const chosen = store.caseView.events.filter((one) => one.rank !== null && inWindow(p, one)).sort((a, b) => a.rank - b.rank).slice(0, numbered)
    .sort((a, b) => instant(a.day) - instant(b.day));
  lanes.forEach((lane, place) => {
    const top = offset + place * rowHeight;
    out.push(s("line", { class: "grid", x1: p.left, x2: p.width - 4, y1: top, y2: top }));
    if (labels) { out.push(s("text", { class: "lane end", x: p.left - 6, y: top + rowHeight - 4 }, t("lane." + lane))); }
    for (const one of store.caseView.events) {
      if (one.lane !== lane || !inWindow(p, one)) { continue; }
      const at = p.x(instant(one.day)), place2 = chosen.indexOf(one);
      out.push(s("line", { class: place2 >= 0 ? "event told" : "event", x1: at, x2: at, y1: top + 2, y2: top + rowHeight - 2 }));
      if (place2 >= 0 && labels) { out.push(s("text", { class: "event-number", x: at + 3, y: top + rowHeight - 4 }, String(place2 + 1))); }
    }
  });
  return { marks: out, chosen, height: lanes.length * rowHeight };
}
// Where the levers of A and B part: one row a lever, the value at each change, on the scale of its slider.
const STRIP = 30, STEP = 13;
export function leverStrips(p, offset, most) {
  const known = Object.keys(store.levers || {}), chosen = known.slice(0, most), out = [];
  chosen.forEach((id, place) => {
    const told = store.levers[id], one = store.caseView.levers.find((other) => other.id === id);
    const values = told.flat().map((pair) => pair[1]), low = Math.min(one.lower, ...values), high = Math.max(...values, low + 1e-9);
    const top = offset + place * STRIP + STRIP - STEP - 2;
    const y = (value) => r(top + STEP - ((value - low) / (high - low)) * STEP);
    out.push(s("text", { class: "strip-name", x: p.left, y: top - 4 }, opening(of(one.label))), s("line", { class: "grid", x1: p.left, x2: p.width - 4, y1: top + STEP, y2: top + STEP }));
    for (const [side, name] of [[0, "a"], [1, "b"]]) {
      let d = "";
      told[side].forEach(([day, value], i) => {
        const a = Math.max(instant(day), p.from), b = Math.min(i + 1 < told[side].length ? instant(told[side][i + 1][0]) : p.to, p.to);
        if (b > a) { d += `${d ? "L" : "M"}${r(p.x(a))} ${y(value)}H${r(p.x(b))}`; }
      });
      if (!d) { continue; }
      const first = Number(d.match(/^M([\d.]+)/)[1]), last = Number(d.match(/H([\d.]+)$/)[1]);
      out.push(s("path", { class: `strip-area ${name}`, d: `${d}V${top + STEP}H${first}Z` }), s("path", { class: `strip-line ${name}`, d }));
      out.push(s("text", { class: `letter small ${name}`, x: Math.min(last + 1, p.width - 4) - (name === "a" ? 18 : 8), y: top - 4 }, name.toUpperCase()));
    }
  });
  const rest = known.length - chosen.length;
  let height = chosen.length * STRIP;
  if (rest > 0) { out.push(s("text", { class: "note", x: p.left, y: offset + height + 13 }, t("app.strip.more", { n: rest }))); height += 16; }
  return { marks: out, height };
}
function inWindow(p, event) { const at = instant(event.day); return at >= p.from && at < p.to; }

// The chart of one story. It is built once; new runs replace only the bands.
export class StoryChart {
  constructor(host, options) {
    this.host = host;
    this.options = options;
    this.cursor = -1;
    this.told = null;
    this.svg = s("svg", { class: "story-chart", role: "img", tabindex: "0" });
    host.replaceChildren(this.svg);
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerdown", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("blur", () => this.leave());
  }
  build(width, domain) {
    const wide = width >= 560, thumb = this.options.thumb;
    const size = wide ? 13 : 12, left = thumb ? 4 : wide ? 44 : 38;
    const months = monthTimes();
    const from = months[0], to = months[months.length - 1];
    const edge = instant(store.caseView.fit_end) + DAY;
    const split = this.options.split && edge > from && edge < to;
    const height = thumb ? 62 : this.options.height || (wide ? 300 : 168);
    const gap = 34, top = thumb ? 4 : 34;
    const windows = split ? [[from, edge], [edge, to]] : [[from, to]];
    const each = split ? 118 : height;
    this.panels = windows.map(([a, b], i) => panel({ width, height: each, from: a, to: b, low: domain[0], high: domain[1], left, top: top + i * (each + gap + 14) }));
    const marks = [];
    if (!thumb) { marks.push(s("text", { class: "unit", x: 0, y: 12 }, unitText(store.state.outcome))); }
    this.bandLayers = [];
    for (const [i, p] of this.panels.entries()) {
      if (split) { marks.push(s("text", { class: "note end", x: width - 4, y: p.top - 7 }, t(i === 0 ? "fit.used" : "app.held.short"))); }
      marks.push(...ground(p, !split && !thumb && domain[0] <= 0));
      marks.push(...grid(p, thumb ? 1 : wide ? 5 : 4).flat().filter((one) => !thumb || one.tagName === "line"));
      marks.push(...this.windowMarks(p, thumb));
      const bands = s("g", {});
      this.bandLayers.push(bands);
      marks.push(bands);
      if (store.state.outcome === "homicides_recorded") { marks.push(s("g", { class: "observed" }, counted(p))); }
      if (!thumb) { marks.push(...years(p, size)); }
    }
    let bottom = this.panels.at(-1).top + each + (thumb ? 4 : 12 + size);
    this.strips = null;
    if (!thumb && !split) {
      const strip = eventStrip(this.panels[0], bottom + 6, wide ? 16 : 9, wide ? 9 : 0, wide && left >= 44 && this.options.lanes);
      marks.push(s("g", { class: "strip" }, strip.marks));
      bottom += 8 + strip.height;
      this.numbered = strip.chosen;
      const most = this.options.lanes ? 5 : 2, levers = leverStrips(this.panels[0], bottom + 2, most);
      this.strips = { group: s("g", { class: "strips" }, levers.marks), offset: bottom + 2, most, height: levers.height };
      marks.push(this.strips.group);
      bottom += levers.height ? levers.height + 6 : 0;
    }
    this.cursorLayer = s("g", { class: "cursor" });
    marks.push(this.cursorLayer);
    this.handles = this.options.handles && !thumb && !split ? this.makeHandles(this.panels[0]) : null;
    if (this.handles) { marks.push(this.handles.group); }
    this.svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 2}`);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", bottom + 2);
    this.svg.replaceChildren(...marks);
    if (this.told) { this.draw(this.told); }
  }
  // The levers under the time axis alone; false where they need another height, so that the whole is to be built.
  restrip() {
    if (!this.strips) { return true; }
    const levers = leverStrips(this.panels[0], this.strips.offset, this.strips.most);
    if (levers.height !== this.strips.height) { return false; }
    this.strips.group.replaceChildren(...levers.marks.flat());
    return true;
  }
  windowMarks(p, thumb) {
    const at = instant(decision().day), out = [];
    if (at > p.from && at < p.to) { out.push(s("line", { class: "break", x1: p.x(at), x2: p.x(at), y1: p.top, y2: p.top + p.height })); }
    if (thumb) { return out; }
    for (const name of ["a", "b"]) {
      const scenario = store.state[name];
      if (!scenario.start && !scenario.end) { continue; }
      const a = Math.max(p.from, instant(scenario.start || decision().day)), b = Math.min(p.to, scenario.end ? instant(scenario.end) : p.to);
      if (b > a) {
        const y = p.top + (name === "a" ? 2 : 6);
        out.push(s("line", { class: `window ${name}`, x1: p.x(a), x2: p.x(b), y1: y, y2: y }));
      }
    }
    return out;
  }
  draw(told) {
    this.told = told;
    const months = monthTimes(), view = store.state.view;
    for (const [i, p] of this.panels.entries()) {
      const marks = [];
      for (const name of ["a", "b"]) { marks.push(...side(p, months, name, told[name], view, told.few)); }
      if (!this.options.thumb && i === this.panels.length - 1) { marks.push(...this.endLabels(p, told)); }
      this.bandLayers[i].replaceChildren(...marks);
    }
    this.cursorAt(this.cursor, false);
  }
  endLabels(p, told) {
    const last = told.a.band[2].length - 1;
    let a = p.y(told.a.band[2][last]), b = p.y(told.b.band[2][last]);
    if (Math.abs(a - b) < 13) { if (a < b) { b = a + 13; } else { a = b + 13; } }
    return [["a", a], ["b", b]].map(([name, y]) => s("text", { class: `letter ${name}`, x: p.width - 15, y: Math.min(p.top + p.height - 2, Math.max(p.top + 10, y - 3)) }, name.toUpperCase()));
  }
  label(text, long) {
    this.svg.setAttribute("aria-label", text);
    if (long) { this.svg.setAttribute("aria-describedby", long); }
  }
  key(event) {
    const months = monthTimes(), last = months.length - 2;
    const moves = { ArrowRight: 1, ArrowLeft: -1, PageDown: 12, PageUp: -12 };
    if (event.key in moves) { this.cursorAt(Math.max(0, Math.min(last, (this.cursor < 0 ? last : this.cursor) + moves[event.key])), true); }
    else if (event.key === "Home") { this.cursorAt(0, true); }
    else if (event.key === "End") { this.cursorAt(last, true); }
    else if (event.key === "Enter" && this.options.open) { this.options.open(); }
    else if ((event.key === "t" || event.key === "T") && this.options.table) { this.options.table(); }
    else if (event.key === "Escape") { this.svg.blur(); return; }
    else { return; }
    event.preventDefault();
    event.stopPropagation();
  }
  point(event) {
    if (this.dragging) { return; }
    const box = this.svg.getBoundingClientRect(), scale = this.svg.viewBox.baseVal.width / (box.width || 1);
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    const p = this.panels.find((one) => y <= one.top + one.height + 24) || this.panels.at(-1);
    const time = p.from + ((x - p.left) / (p.width - p.left - 4)) * (p.to - p.from);
    const months = monthTimes();
    const found = months.findIndex((month, i) => time >= month && time < (months[i + 1] ?? Infinity));
    this.cursorAt(found >= months.length - 1 ? -1 : found, event.type === "pointerdown");
  }
  leave() { this.cursorAt(-1, false); }
  reading(i) {
    const told = this.told, start = decision().months[i];
    const places = outcome(store.state.outcome).unit === "0..1" || outcome(store.state.outcome).unit === "index" ? 2 : deathsADay(store.state.outcome) ? 1 : 0;
    const range = (name) => `${name.toUpperCase()} ${number(told[name].band[2][i], places)} [${number(told[name].band[0][i], places)};\u00a0${number(told[name].band[4][i], places)}]`;
    const parts = [monthText(start), range("a"), range("b")];
    if (store.state.outcome === "homicides_recorded") {
      const a = instant(start), b = instant(decision().months[i + 1]);
      const seen = store.caseView.observations.filter((row) => row.spans.some(([x, y]) => instant(x) < b && instant(y) + DAY > a));
      if (seen.length) { parts.push(t("app.read.counted", { list: seen.map((row) => t("app.read.count", { n: number(row.count), who: t("app.class." + row.class), days: number(row.days), rate: number(row.rate, 1) })).join("; ") })); }
    }
    return parts.join(" · ");
  }
  cursorAt(i, loud) {
    this.cursor = i;
    if (!this.cursorLayer) { return; }
    if (i < 0 || !this.told) { this.cursorLayer.replaceChildren(); if (this.options.read) { this.options.read(""); } return; }
    const months = monthTimes();
    const p = this.panels.find((one) => months[i] < one.to) || this.panels.at(-1);
    const x = p.x((months[i] + months[i + 1]) / 2);
    this.cursorLayer.replaceChildren(s("line", { x1: x, x2: x, y1: p.top, y2: p.top + p.height }));
    const text = this.reading(i);
    if (this.options.read) { this.options.read(text); }
    if (loud) { announce(text); }
  }
  makeHandles(p) {
    const name = this.options.handles.side, scenario = store.state[name];
    const group = s("g", { class: `handles ${name}`, "aria-hidden": "true" });
    const ends = { start: instant(scenario.start || decision().day), end: scenario.end ? instant(scenario.end) : p.to };
    for (const which of ["start", "end"]) {
      const mark = s("g", { class: "handle", "data-handle": which },
        s("line", { x1: 0, x2: 0, y1: 0, y2: p.height }), s("rect", { x: -9, y: p.height - 22, width: 18, height: 16, rx: 4 }),
        s("path", { d: which === "start" ? `M3 ${p.height - 18}l-4 4 4 4` : `M-3 ${p.height - 18}l4 4 -4 4` }), s("rect", { class: "hit", x: -22, y: p.height - 38, width: 44, height: 44 }));
      const place = (time) => mark.setAttribute("transform", `translate(${r(p.x(time))} ${p.top})`);
      place(ends[which]);
      mark.addEventListener("pointerdown", (down) => {
        down.preventDefault();
        down.stopPropagation();
        mark.setPointerCapture(down.pointerId);
        this.dragging = true;
        let time = ends[which];
        const move = (event) => {
          const box = this.svg.getBoundingClientRect(), scale = this.svg.viewBox.baseVal.width / (box.width || 1);
          time = p.from + (((event.clientX - box.left) * scale - p.left) / (p.width - p.left - 4)) * (p.to - p.from);
          const week = 7 * DAY, first = instant(decision().first), last = p.to;
          time = which === "start" ? Math.max(first, Math.min(time, Math.min(ends.end, last) - week)) : Math.max(ends.start + week, Math.min(time, last));
          place(time);
          if (this.options.read) { this.options.read(`${t("app.window." + which)}: ${dayText(isoDay(time))}`); }
        };
        const up = () => {
          this.dragging = false;
          mark.removeEventListener("pointercancel", up);
          mark.removeEventListener("pointermove", move);
          mark.removeEventListener("pointerup", up);
          this.options.handles.moved(which, time >= p.to - 3 * DAY && which === "end" ? null : isoDay(time));
        };
        mark.addEventListener("pointermove", move);
        mark.addEventListener("pointerup", up);
        mark.addEventListener("pointercancel", up);
      });
      group.append(mark);
    }
    return { group };
  }
}

// B minus A, never a difference of two bands: each history against its twin.
export function differenceChart(width, told, mode, domain) {
  const months = monthTimes();
  const first = instant(decision().day);
  const from = Math.max(months[0], months.filter((one) => one <= first).at(-1) ?? months[0]);
  const dotsWide = 64, height = 84;
  const p = panel({ width: width - dotsWide, height, from, to: months.at(-1), low: domain[0], high: domain[1], left: 52, top: 18 });
  const bands = mode === "sum" && told.diff.sum ? told.diff.sum : told.diff.band;
  const clip = (values, keep) => values.map((value) => (keep === "more" ? Math.max(0, value) : Math.min(0, value)));
  const marks = [s("text", { class: "unit", x: 0, y: 12 }, mode === "sum" && told.diff.sum ? t("app.axis.sum") : unitText(store.state.outcome)), ...grid(p, 3).flat(), ...years(p, 12)];
  for (const [keep, harm] of [["more", "more"], ["less", "fewer"]]) {
    const worse = outcome(store.state.outcome).harm === "none" ? "none" : outcome(store.state.outcome).harm === "down" ? (harm === "more" ? "fewer" : "more") : harm;
    marks.push(s("path", { class: `d90 ${worse}`, d: steps(p, months, clip(bands[0], keep), clip(bands[4], keep)) }));
    marks.push(s("path", { class: `d50 ${worse}`, d: steps(p, months, clip(bands[1], keep), clip(bands[3], keep)) }));
  }
  marks.push(s("line", { class: "zero", x1: p.left, x2: p.width - 4, y1: p.y(0), y2: p.y(0) }));
  // where the pairs fall into two outcomes, no median stands for both
  if (!(mode === "sum" && store.state.outcome.startsWith("homicides") && told.rows[0].humps)) { marks.push(s("path", { class: "median diff", d: stair(p, months, bands[2]) })); }
  const dots = told.diff.dots, same = mode === "sum" && told.diff.sum;
  const low = same ? domain[0] : Math.min(0, ...dots), high = same ? domain[1] : Math.max(0, ...dots);
  const at = (value) => p.top + height - ((value - low) / (high - low || 1)) * height;
  const used = [], harm = outcome(store.state.outcome).harm;
  const places = dots.map((value) => {
    let column = 0;
    while (used[column] !== undefined && Math.abs(used[column] - at(value)) < 7) { column++; }
    used[column] = at(value);
    return column;
  });
  const apart = Math.min(7, (dotsWide - 18) / Math.max(1, used.length - 1));
  dots.forEach((value, i) => {
    const sign = value === 0 ? "none" : (value > 0) === (harm !== "down") ? "more" : "fewer";
    marks.push(s("circle", { class: "dot " + (harm === "none" ? "none" : sign), cx: r(width - dotsWide + 12 + places[i] * apart), cy: at(value), r: 3 }));
  });
  marks.push(s("line", { class: "zero", x1: width - dotsWide + 4, x2: width - 2, y1: at(0), y2: at(0) }));
  const below = dots.filter((value) => value < 0).length, above = dots.filter((value) => value > 0).length;
  marks.push(s("text", { class: "tick end", x: width - 1, y: p.top + height + 34 }, below >= above ? t("app.dots.fewer", { k: below, n: dots.length }) : t("app.dots.more", { k: above, n: dots.length })));
  return s("svg", { class: "difference", viewBox: `0 0 ${width} ${height + 58}`, width, height: height + 58, role: "img" }, marks);
}

export function rangeCell(row, low, high, harm) {
  const width = 108, x = (value) => 4 + ((Math.max(low, Math.min(high, value)) - low) / (high - low || 1)) * (width - 8);
  const worse = (value) => (harm === "none" || value === 0 ? "none" : (value > 0) === (harm !== "down") ? "more" : "fewer");
  const zero = x(0), a = x(row.q05), b = x(row.q95), parts = [];
  if (row.q05 < 0) { parts.push(s("rect", { class: "t-" + worse(-1), x: a, y: 4, width: Math.max(1, Math.min(zero, b) - a), height: 4 })); }
  if (row.q95 > 0) { parts.push(s("rect", { class: "t-" + worse(1), x: Math.max(zero, a), y: 4, width: Math.max(1, b - Math.max(zero, a)), height: 4 })); }
  return s("svg", { class: "cellrange", viewBox: `0 0 ${width} 12`, width, height: 12, "aria-hidden": "true" },
    parts, s("line", { class: "zero", x1: zero, x2: zero, y1: 0, y2: 12 }), row.humps
      ? row.humps.map((one) => s("circle", { class: "dot " + worse(one.q50), cx: x(one.q50), cy: 6, r: 3.5 }))
      : s("circle", { class: "dot " + worse(row.sign === 0 ? 0 : row.q50), cx: x(row.q50), cy: 6, r: 3.5 }));
}

// Flows of a window: places never move and no two arrows cross; an arrow is as wide as people are many.
const NODES = {
  wide: { size: [612, 300], box: [54, 21], youth: [60, 50], active: [300, 150], calmado: [550, 50], prison: [550, 250], detained: [60, 250], exited: [300, 26], dead: [300, 274] },
  phone: { size: [336, 404], box: [57, 21], youth: [58, 30], active: [168, 194], calmado: [278, 104], prison: [278, 290], detained: [58, 290], exited: [278, 26], dead: [168, 380] },
};
export function flowDiagram(told, text, width) {
  const place = NODES[width < 600 ? "phone" : "wide"], [halfX, halfY] = place.box;
  const most = Math.max(1, ...told.moves.map((one) => one.q50));
  const total = told.moves.reduce((sum, one) => sum + one.q50, 0), few = total < 5;
  const lines = [], numbers = [];
  // from the middle of a box to where its edge is crossed
  const edge = (ux, uy) => Math.min(halfX / Math.max(1e-9, Math.abs(ux)), halfY / Math.max(1e-9, Math.abs(uy)));
  for (const one of told.moves) {
    if (!(one.q50 > 0)) { continue; }
    const [x1, y1] = place[one.from], [x2, y2] = place[one.to];
    const back = told.moves.some((other) => other.from === one.to && other.to === one.from && other.q50 > 0);
    const dx = x2 - x1, dy = y2 - y1, length = Math.hypot(dx, dy), ux = dx / length, uy = dy / length;
    const shift = back ? 11 : 0, sx = -uy * shift, sy = ux * shift;
    const wide = few ? 1 : 1 + 13 * Math.sqrt(one.q50 / most), tip = 5 + wide / 2, out = edge(ux, uy) + 3;
    const ax = x1 + ux * out + sx, ay = y1 + uy * out + sy, bx = x2 - ux * (out + tip) + sx, by = y2 - uy * (out + tip) + sy;
    if (!few) {
      lines.push(s("line", { class: "flow", x1: r(ax), y1: r(ay), x2: r(bx), y2: r(by), "stroke-width": r(wide) }));
      lines.push(s("path", { class: "flow-head", d: `M${r(bx + ux * tip)} ${r(by + uy * tip)}L${r(bx - uy * tip)} ${r(by + ux * tip)}L${r(bx + uy * tip)} ${r(by - ux * tip)}Z` }));
    }
    const at = 0.42, off = back ? 9 : 0;
    numbers.push(s("text", { class: "flow-number", x: r(ax + (bx - ax) * at - uy * off), y: r(ay + (by - ay) * at + ux * off + 4) }, of(one.text).value));
  }
  const boxes = Object.keys(place).filter((name) => name !== "size" && name !== "box").map((name) => {
    const [x, y] = place[name], stock = told.stocks[name];
    return [s("rect", { class: "node", x: x - halfX, y: y - halfY, width: 2 * halfX, height: 2 * halfY, rx: 4 }), s("text", { class: "node-name", x, y: stock ? y - 3 : y + 4 }, t("app.node." + name)), stock ? s("text", { class: "node-stock", x, y: y + 14 }, of(stock.text).value) : null];
  });
  return s("svg", { class: "flows" + (width < 600 ? " narrow" : ""), viewBox: `0 0 ${place.size[0]} ${place.size[1]}`, role: "img", "aria-label": text }, lines, boxes, numbers);
}
