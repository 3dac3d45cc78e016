(function () {
  "use strict";
  var picks = [].slice.call(document.querySelectorAll('input[name="lang"]'));
  var opener = null;
  var scroll = 0;
  function half(lang) { return document.querySelector(".doc-" + lang); }
  function shown() {
    for (var i = 0; i < picks.length; i++) { if (picks[i].checked) { return picks[i].value; } }
    return document.documentElement.lang;
  }
  function reading(lang) {
    var best = null;
    [].forEach.call(half(lang).querySelectorAll("main > section[id]"), function (section) {
      if (section.getBoundingClientRect().top <= 120) { best = section; }
    });
    return best ? best.id.replace(/-[a-z]+$/, "") : null;
  }
  var before = shown();
  function setLanguage() {
    var lang = shown();
    document.documentElement.lang = lang;
    before = lang;
  }
  /* The language that was not asked for lies packed in the file until somebody wants it: then all of it is read at
     once. Where nobody does yet, it is read a piece at a time, in a document aside, so that nothing waits for it. */
  var PIECE = 120000;
  var asides = {};
  function unfold(lang, gently) {
    var doc = half(lang);
    var pack = doc && doc.dataset.pack;
    if (!pack) { return Promise.resolve(doc); }
    asides[lang] = asides[lang] || window.tregua.unpack(pack).then(function (html) {
      var page = document.implementation.createHTMLDocument("");
      page.open();
      return { html: html, page: page };
    });
    return asides[lang].then(function (aside) {
      function on() {
        if (!doc.dataset.pack) { return doc; }
        if (gently && window.tregua.busy()) { return later(300); }
        var piece = gently ? aside.html.slice(0, PIECE) : aside.html;
        aside.html = aside.html.slice(piece.length);
        aside.page.write(piece);
        if (aside.html) { return later(0); }
        aside.page.close();
        delete doc.dataset.pack;
        doc.replaceChildren.apply(doc, [].slice.call(aside.page.body.childNodes));
        window.tregua.arrive(doc);
        return doc;
      }
      function later(after) {
        return new Promise(function (done) { window.tregua.idle(function () { done(on()); }, after); });
      }
      return on();
    });
  }
  picks.forEach(function (pick) {
    pick.addEventListener("change", function () {
      var was = before;
      var now = shown();
      half(now).style.display = "none";
      half(was).style.display = "block";
      var place = reading(was);
      half(was).style.display = "";
      half(now).style.display = "";
      setLanguage();
      unfold(now).then(function () {
        var target = place && document.getElementById(place + "-" + now);
        if (target && place !== "notice" && place !== "summary" && shown() === now) { target.scrollIntoView(); }
      });
    });
  });
  function land() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    var other = !target && (id.match(/-([a-z]{2})$/) || [])[1];
    if (other && half(other) && half(other).dataset.pack) { unfold(other).then(land); return; }
    if (!target) { return; }
    var doc = target.closest(".doc");
    if (doc && doc.lang !== shown()) {
      document.getElementById("lang-" + doc.lang).checked = true;
      setLanguage();
      target.scrollIntoView();
    }
    var fold = target.closest("details");
    if (target.tagName === "DETAILS") { fold = target; }
    if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
    if (target.classList.contains("card")) { target.tabIndex = -1; target.focus({ preventScroll: true }); window.scrollTo(0, scroll || window.scrollY); }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a");
    if (!link) { return; }
    if (link.classList.contains("num") || link.classList.contains("id")) {
      if (!link.closest(".card")) { opener = link; scroll = window.scrollY; }
      var card = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (card) {
        [].forEach.call(card.querySelectorAll(".here"), function (row) { row.classList.remove("here"); });
        var from = link.closest("[data-r]");
        var row = from && card.querySelector('[data-r="' + from.dataset.r + '"]');
        if (row) { row.classList.add("here"); }
      }
    }
    if (link.classList.contains("close") && opener) { event.preventDefault(); shut(); }
  });
  window.treguaOpener = function (element) { opener = element; scroll = window.scrollY; };
  function shut() {
    var to = opener;
    var at = scroll;
    opener = null;
    location.hash = to && to.id ? to.id : "_";
    requestAnimationFrame(function () { window.scrollTo(0, at); if (to) { to.focus({ preventScroll: true }); } });
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.querySelector(".card:target")) { shut(); }
  });
  window.addEventListener("hashchange", land);
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = [].filter.call(document.querySelectorAll("details:not([open]):not(.toc)"), function (fold) { return (fold.open = true); });
  });
  window.addEventListener("afterprint", function () { folded.forEach(function (fold) { fold.open = false; }); });
  window.tregua.onarrive(function (root) {
    [].forEach.call(root.querySelectorAll("button.print"), function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    /* Tables that a phone lays out as cards stay tables for those who hear them, in every browser. */
    [].forEach.call(innerWidth < 560 ? root.querySelectorAll("table.decision, table.patterns, table.changes") : [], function (table) {
      table.setAttribute("role", "table");
      [].forEach.call(table.querySelectorAll("thead, tbody, tr, th, td"), function (part) {
        var head = part.scope === "row" ? "rowheader" : "columnheader";
        part.setAttribute("role", { TR: "row", TD: "cell", TH: head }[part.tagName] || "rowgroup");
      });
    });
    [].forEach.call(root.querySelectorAll("details.toc a"), function (link) {
      link.addEventListener("click", function () { link.closest("details").open = false; });
    });
  });
  /* Whoever nears the switch finds the other language ready. */
  ["pointerover", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.target.closest && (event.target.closest(".lang") || event.target.matches(".pick[name=lang]"))) {
        picks.forEach(function (pick) { unfold(pick.value); });
      }
    });
  });
  /* So does whoever reads on: it is unfolded when the browser has nothing else to do. */
  window.addEventListener("load", function () {
    window.tregua.idle(function () { picks.forEach(function (pick) { unfold(pick.value, true); }); }, 1500);
  });
  setLanguage();
  unfold(shown());
  land();
})();
