(function () {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const holder = document.getElementById("payload");
  const payload = holder ? JSON.parse(holder.textContent) : { plots: {}, config: {} };
  const rows = {};
  const shown = {};

  function isDark() {
    return root.dataset.theme === "auto" ? system.matches : root.dataset.theme === "dark";
  }

  function values(column) {
    return Array.isArray(column) ? column : column.codes.map((code) => column.words[code]);
  }

  function rowsOf(name) {
    if (!rows[name]) {
      const columns = Object.entries(payload.plots[name].columns).map(([key, column]) => [key, values(column)]);
      const length = columns.length ? columns[0][1].length : 0;
      rows[name] = Array.from({ length }, (_, i) => Object.fromEntries(columns.map(([key, column]) => [key, column[i]])));
    }
    return rows[name];
  }

  function hover(handler, event, item, value) {
    const element = tooltip();
    if (value === null || value === undefined || value === "") {
      element.classList.remove("visible");
      return;
    }
    const table = document.createElement("table");
    const told = typeof value === "object" ? Object.entries(value) : [["", value]];
    for (const [key, said] of told) {
      const row = table.insertRow();
      const first = row.insertCell();
      first.className = "key";
      first.textContent = key.trim();
      row.insertCell().textContent = String(said);
    }
    element.replaceChildren(table);
    element.classList.add("visible");
    const box = element.getBoundingClientRect();
    element.style.left = Math.max(0, Math.min(event.clientX + 12, window.innerWidth - box.width - 8)) + "px";
    element.style.top = Math.max(0, Math.min(event.clientY + 12, window.innerHeight - box.height - 8)) + "px";
  }

  function tooltip() {
    let element = document.getElementById("vg-tooltip-element");
    if (!element) {
      element = document.createElement("div");
      element.id = "vg-tooltip-element";
      document.body.appendChild(element);
    }
    return element;
  }

  async function draw(element) {
    const name = element.dataset.plot;
    const before = shown[name];
    const picked = before ? signal(before.view, "picked") : undefined;
    const spec = structuredClone(payload.plots[name].spec[root.dataset.lang]);
    spec.datasets = { ...spec.datasets, rows: rowsOf(name) };
    for (const param of spec.params || []) {
      if (param.name === "picked" && picked !== undefined) {
        param.value = picked;
      }
    }
    if (before) {
      before.finalize();
    }
    shown[name] = await window.vegaEmbed(element, spec, {
      actions: false,
      ast: true,
      defaultStyle: false,
      renderer: "svg",
      tooltip: hover,
      config: payload.config,
    });
    element.dataset.drawn = root.dataset.lang;
  }

  function signal(view, name) {
    try {
      return view.signal(name);
    } catch (error) {
      return undefined;
    }
  }

  function shade() {
    root.toggleAttribute("data-dark", isDark());
  }

  async function drawAll() {
    root.lang = root.dataset.lang;
    for (const element of document.querySelectorAll(".plot")) {
      await draw(element);
    }
  }

  function cell(value) {
    if (value === null || value === undefined) {
      return "";
    }
    let text = String(value);
    if (typeof value === "string") {
      // A text that begins as a formula does is kept from being one.
      text = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
      text = /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    }
    return text;
  }

  function download(name) {
    const found = rowsOf(name);
    const keys = Object.keys(payload.plots[name].columns);
    const lines = [keys, ...found.map((row) => keys.map((key) => row[key]))].map((line) => line.map(cell).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", lines.join("\n"), "\n"], { type: "text/csv;charset=utf-8" }));
    link.download = name + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function unfold(open) {
    for (const element of document.querySelectorAll("details")) {
      if (open) {
        element.dataset.was = element.open ? "open" : "";
        element.open = true;
      } else {
        element.open = element.dataset.was === "open";
      }
    }
  }

  document.getElementById("language").addEventListener("click", () => {
    root.dataset.lang = root.dataset.lang === "en" ? "ja" : "en";
    drawAll();
  });
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    shade();
  });
  for (const button of document.querySelectorAll("button.data")) {
    button.addEventListener("click", () => download(button.dataset.of));
  }
  window.addEventListener("beforeprint", () => unfold(true));
  window.addEventListener("afterprint", () => unfold(false));
  system.addEventListener("change", shade);
  shade();
  drawAll();
})();
