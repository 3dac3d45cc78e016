/* Live charts: the compiled pictures of the page, drawn by the Vega runtime that the page carries packed.
   tregua.mount(holder, spec, {say, open}) is all that other pages need. */
(function () {
  "use strict";
  var MOST = 6;
  var NEAR = "240px 0px";
  var waiting = null;
  var packs = {};

  function unpack(id) { return packs[id] || (packs[id] = window.treguaUnpack(id)); }

  /* Parsed once; each chart gets copies, since a view takes its specification for its own. */
  var read = null;
  function charts() { return read || (read = unpack("pack-charts").then(JSON.parse)); }

  function rowsOf(told) {
    if (!told.fields) { return structuredClone(told); }
    return (told.columns[0] || []).map(function (_, n) {
      var row = {};
      told.fields.forEach(function (field, at) { row[field] = told.columns[at][n]; });
      return row;
    });
  }

  function specOf(pack, key) {
    var told = pack.live[key];
    if (!told) { return null; }
    var spec = structuredClone(told);
    function mark(number) {
      var made = structuredClone(pack.parts[number]);
      if (made.marks) { made.marks = made.marks.map(mark); }
      return made;
    }
    spec.marks = spec.marks.map(mark);
    (spec.data || []).forEach(function (set) {
      if (typeof set.values === "number") { set.values = rowsOf(pack.rows[set.values]); }
    });
    return spec;
  }

  function runtime() {
    if (window.treguaVega) { return Promise.resolve(window.treguaVega); }
    if (!waiting) {
      waiting = unpack("pack-vega").then(function (text) {
        var script = document.createElement("script");
        script.textContent = text;
        document.head.appendChild(script);
        script.remove();
        return window.treguaVega;
      });
    }
    return waiting;
  }

  function fields(spec) {
    var found = [];
    (spec.data || []).forEach(function (set) {
      if (Array.isArray(set.values) && set.values.length && set.values[0].say !== undefined) { found = found.concat(set.values); }
    });
    return found.sort(function (a, b) { return a.z - b.z; });
  }

  /* Draw a compiled specification and let it be read: pointer, tap, and the moves `step`, `rise`, `edge`. */
  function mount(holder, spec, on) {
    return runtime().then(function (vega) {
      var view = new vega.View(vega.parse(spec, null, { ast: true }), {
        expr: vega.expr, renderer: "svg", container: holder, logLevel: 1, tooltip: function () {}
      });
      var zones = fields(spec);
      var at = -1;
      function read(z) {
        if (z === at || !zones[z]) { return; }
        at = z;
        view.signal("cursor", z).runAsync();
        if (on.say) { on.say(zones[z].say, zones[z]); }
      }
      function hit(item) { return item && item.datum && item.datum.say !== undefined ? item.datum.z : -1; }
      view.addEventListener("pointermove", function (event, item) { read(hit(item)); });
      view.addEventListener("click", function (event, item) {
        var z = hit(item);
        if (z < 0) { return; }
        read(z);
        if (on.open && event.detail !== 0) { on.open(zones[z]); }
      });
      var api = {
        view: view,
        zones: zones,
        at: function () { return zones[at]; },
        clear: function () { at = -1; view.signal("cursor", -1).runAsync(); },
        step: function (by) { read(at < 0 ? 0 : Math.min(zones.length - 1, Math.max(0, at + by))); },
        edge: function (last) {
          var panel = at < 0 ? 0 : zones[at].p;
          var mine = zones.filter(function (zone) { return zone.p === panel; });
          if (mine.length) { read(mine[last ? mine.length - 1 : 0].z); }
        },
        rise: function (by) {
          if (at < 0) { read(0); return; }
          var here = zones[at];
          var there = zones.filter(function (zone) { return zone.p === here.p + by; });
          if (!there.length) { return; }
          var middle = (here.x + here.x2) / 2;
          var near = there.reduce(function (best, zone) {
            return Math.abs((zone.x + zone.x2) / 2 - middle) < Math.abs((best.x + best.x2) / 2 - middle) ? zone : best;
          });
          read(near.z);
        },
        finalize: function () { view.finalize(); holder.textContent = ""; }
      };
      return view.runAsync().then(function () { return api; });
    });
  }

  /* One figure of the page: its still pictures, of which one is shown, and the live one in its place. */
  function Figure(element) {
    this.element = element;
    this.id = element.dataset.chart;
    this.lang = element.closest("[lang]").lang;
    this.read = element.querySelector(".read");
    this.live = null;
    this.busy = false;
    this.near = false;
    this.spoken = 0;
    this.hint = this.read ? this.read.textContent : "";
  }
  Figure.prototype.shown = function () {
    return [].find.call(this.element.querySelectorAll(".pic"), function (pic) { return pic.offsetParent !== null; });
  };
  Figure.prototype.tell = function (text) {
    var said = this.element.querySelector(".said");
    if (this.read) { this.read.textContent = text; }
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { if (said) { said.textContent = text; } }, 500);
  };
  Figure.prototype.open = function (zone) {
    if (zone && zone.go && document.getElementById("w-" + zone.go + "-" + this.lang)) {
      if (window.treguaOpener) { window.treguaOpener(this.plot); }
      location.hash = "w-" + zone.go + "-" + this.lang;
    }
  };
  Figure.prototype.wake = function () {
    var me = this;
    var pic = me.shown();
    if (me.live || me.busy || !pic) { return; }
    me.busy = true;
    charts().then(function (pack) {
      var key = me.id + "-" + me.lang + "-" + (pic.className.match(/on-(\w+)/) || [])[1];
      var spec = me.near && specOf(pack, key);
      if (!spec) { return null; }
      var holder = document.createElement("div");
      holder.className = "live";
      holder.setAttribute("aria-hidden", "true");
      return mount(holder, spec, {
        say: function (text) { me.tell(text); },
        open: function (zone) { me.open(zone); }
      }).then(function (api) {
        pic.appendChild(holder);
        pic.classList.add("awake");
        me.pic = pic;
        me.holder = holder;
        me.live = api;
      });
    }).catch(function () { me.broken = true; }).then(function () {
      me.busy = false;
      if (me.live && !me.near) { me.sleep(); }
    });
  };
  Figure.prototype.sleep = function () {
    if (!this.live || this.element.contains(document.activeElement)) { return; }
    this.live.finalize();
    this.holder.remove();
    this.pic.classList.remove("awake");
    this.live = null;
    if (this.read) { this.read.textContent = this.hint; }
  };
  var KEYS = {
    ArrowRight: function (live) { live.step(1); }, ArrowLeft: function (live) { live.step(-1); },
    ArrowDown: function (live) { live.rise(1); }, ArrowUp: function (live) { live.rise(-1); },
    Home: function (live) { live.edge(false); }, End: function (live) { live.edge(true); }
  };
  Figure.prototype.key = function (event) {
    if (event.target !== this.plot || event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (event.key === "Escape") { if (this.live) { this.live.clear(); } this.tell(this.hint); this.plot.blur(); return; }
    if (event.key === "t" || event.key === "T") {
      var table = this.element.querySelector("a.table");
      if (table) { table.click(); }
      return;
    }
    if (!this.live) { return; }
    if (event.key === "Enter") { this.open(this.live.at()); event.preventDefault(); }
    if (KEYS[event.key]) { KEYS[event.key](this.live); event.preventDefault(); }
  };

  /* What has to be set up for each part of the page as it arrives: all of it at first, a language when it is unpacked. */
  var waiters = [];
  window.tregua = {
    mount: mount,
    unpack: unpack,
    runtime: runtime,
    busy: function () { return false; },
    idle: function (then, after) {
      setTimeout(function () { (window.requestIdleCallback || setTimeout)(then); }, after);
    },
    onarrive: function (set) { waiters.push(set); set(document); },
    arrive: function (root) { waiters.forEach(function (set) { set(root); }); }
  };
  if (!document.getElementById("pack-charts") || !window.IntersectionObserver) { return; }

  var figures = [];
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      var figure = figures.find(function (one) { return one.element === entry.target; });
      figure.near = entry.isIntersecting;
      if (!figure.near) { figure.sleep(); }
    });
    settle();
  }, { rootMargin: NEAR });
  function settle() {
    var awake = figures.filter(function (one) { return one.live || one.busy; }).length;
    var middle = window.innerHeight / 2;
    figures.filter(function (one) { return one.near && !one.live && !one.busy && !one.broken; }).sort(function (a, b) {
      return Math.abs(a.element.getBoundingClientRect().top - middle) - Math.abs(b.element.getBoundingClientRect().top - middle);
    }).slice(0, Math.max(0, MOST - awake)).forEach(function (one) { one.wake(); });
  }
  window.tregua.onarrive(function (root) {
    [].forEach.call(root.querySelectorAll("figure[data-chart]"), function (element) {
      var figure = new Figure(element);
      figures.push(figure);
      figure.plot = element.querySelector(".plot");
      figure.plot.tabIndex = 0;
      figure.plot.setAttribute("role", "group");
      figure.plot.setAttribute("aria-label", figure.hint);
      figure.plot.setAttribute("aria-describedby", figure.plot.nextElementSibling.id);
      if (figure.read) { figure.read.hidden = false; }
      figure.plot.addEventListener("keydown", function (event) { figure.key(event); });
      figure.plot.addEventListener("focus", function () { figure.near = true; figure.wake(); });
      seen.observe(element);
    });
  });
  /* What charts are drawn with is ready before the first of them comes near; whatever else waits for an idle moment
     waits until none is being drawn. */
  window.tregua.busy = function () { return figures.some(function (one) { return one.busy; }); };
  window.addEventListener("load", function () {
    window.tregua.idle(function () { runtime().then(function () { window.tregua.idle(charts, 0); }); }, 200);
  });
  var resized = 0;
  window.addEventListener("resize", function () {
    clearTimeout(resized);
    resized = setTimeout(function () {
      figures.forEach(function (one) { if (one.live && one.shown() !== one.pic) { one.sleep(); } });
      settle();
    }, 200);
  });
  document.addEventListener("toggle", function () { settle(); }, true);
  window.addEventListener("beforeprint", function () { figures.forEach(function (one) { one.sleep(); }); });
})();
