/* Figures as files: the data drawn as CSV; the still picture with its caption and sources as SVG or PNG. */
(function () {
  "use strict";
  var FACE = "Atkinson Hyperlegible Next, system-ui, sans-serif";
  var NS = "http://www.w3.org/2000/svg";
  var measure = document.createElement("canvas").getContext("2d");

  function save(name, type, text) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type: type }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 4000);
  }
  function cell(value) {
    var text = String(value === null || value === undefined ? "" : value);
    if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && !/^-[\d.]+(e[-+]?\d+)?$/.test(text))) { text = "'" + text; }
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csv(data) {
    var rows = (data.values[0] || []).map(function (_, n) { return data.values.map(function (column) { return column[n]; }); });
    return [data.columns].concat(rows).map(function (row) { return row.map(cell).join(","); }).join("\n") + "\n";
  }
  function wrap(text, size, width, weight) {
    measure.font = weight + " " + size + "px " + FACE;
    var lines = [];
    var line = "";
    text.split(/\s+/).forEach(function (word) {
      var longer = line ? line + " " + word : word;
      if (line && measure.measureText(longer).width > width) { lines.push(line); line = word; } else { line = longer; }
    });
    return line ? lines.concat(line) : lines;
  }
  function put(svg, text, x, y, size, weight, fill) {
    var node = document.createElementNS(NS, "text");
    node.setAttribute("x", x); node.setAttribute("y", y);
    node.setAttribute("font-size", size); node.setAttribute("font-weight", weight); node.setAttribute("fill", fill);
    node.textContent = text;
    svg.appendChild(node);
  }
  function picture(figure, caption) {
    var shown = [].find.call(figure.querySelectorAll(".pic"), function (pic) { return pic.offsetParent !== null; });
    var stills = [].slice.call(shown.querySelectorAll(":scope > svg"));
    var box = stills[0].viewBox.baseVal;
    var pad = 24;
    var inner = Math.max(box.width, 300);
    var svg = document.createElementNS(NS, "svg");
    svg.setAttribute("xmlns", NS);
    var face = document.querySelector("style").textContent.match(/@font-face\{[^}]*\}/);
    var style = document.createElementNS(NS, "style");
    style.textContent = (face ? face[0] : "") + "text{font-family:" + FACE + "}text:not([fill]){fill:#454C54}";
    svg.appendChild(style);
    var ground = document.createElementNS(NS, "rect");
    ground.setAttribute("width", "100%"); ground.setAttribute("height", "100%"); ground.setAttribute("fill", "#FFFFFF");
    svg.appendChild(ground);
    var y = pad;
    wrap(caption.title, 19, inner, 650).forEach(function (line) { y += 22; put(svg, line, pad, y - 4, 19, 650, "#16191D"); });
    y += 14;
    stills.forEach(function (still) {
      var copy = still.cloneNode(true);
      var own = still.viewBox.baseVal;
      copy.removeAttribute("aria-hidden"); copy.removeAttribute("focusable");
      copy.setAttribute("x", pad); copy.setAttribute("y", y);
      copy.setAttribute("width", own.width); copy.setAttribute("height", own.height);
      svg.appendChild(copy);
      y += own.height + 14;
    });
    caption.lines.forEach(function (text) {
      wrap(text, 13, inner, 400).forEach(function (line) { y += 17; put(svg, line, pad, y, 13, 400, "#454C54"); });
      y += 4;
    });
    var width = Math.ceil(inner + 2 * pad);
    var height = Math.ceil(y + pad);
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    svg.setAttribute("width", width); svg.setAttribute("height", height);
    return { text: new XMLSerializer().serializeToString(svg), width: width, height: height };
  }
  function png(made, then) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * made.width; canvas.height = 2 * made.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(then, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.text);
  }
  if (!document.getElementById("pack-charts")) { return; }
  window.tregua.onarrive(function (root) { [].forEach.call(root.querySelectorAll("button[data-take]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var figure = button.closest("figure");
      var id = figure.dataset.chart;
      var lang = figure.closest("[lang]").lang;
      window.tregua.unpack("pack-charts").then(JSON.parse).then(function (pack) {
        var caption = pack.captions[id + "-" + lang];
        if (button.dataset.take === "csv") { save(caption.name + ".csv", "text/csv", csv(pack.data[id])); return; }
        document.fonts.ready.then(function () {
          var made = picture(figure, caption);
          if (button.dataset.take === "svg") { save(caption.name + "-" + lang + ".svg", "image/svg+xml", made.text); return; }
          png(made, function (blob) { save(caption.name + "-" + lang + ".png", "image/png", blob); });
        });
      });
    });
  }); });
})();
