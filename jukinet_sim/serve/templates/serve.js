(function () {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const messages = JSON.parse(document.getElementById("messages").textContent);
  const by = (id) => document.getElementById(id);
  const again = [];

  function kept(key, value) {
    try {
      if (value !== undefined) {
        window.localStorage.setItem("jukinet." + key, value);
      }
      return window.localStorage.getItem("jukinet." + key);
    } catch (error) {
      return null;
    }
  }

  function say(key, values) {
    return messages[root.dataset.lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  function dress() {
    const theme = root.dataset.theme;
    root.toggleAttribute("data-dark", theme === "auto" ? system.matches : theme === "dark");
    root.lang = root.dataset.lang;
    again.forEach((redraw) => redraw());
  }

  async function post(path, given) {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Jukinet": "1" },
        body: JSON.stringify(given),
      });
    } catch (error) {
      return { error: say("lost", {}) };
    }
    const said = await answer.json().catch(() => ({ error: answer.statusText }));
    if (answer.ok) {
      return said;
    }
    const why = said.error || answer.statusText;
    return { error: typeof why === "string" ? why : why[root.dataset.lang] || why.en };
  }

  function element(tag, text, kind) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) {
      made.className = kind;
    }
    return made;
  }

  function home() {
    const make = by("new");
    make.addEventListener("click", () => {
      window.location.href = "/edit?file=" + encodeURIComponent(by("new-name").value.trim());
    });
    by("new-name").addEventListener("keydown", (event) => event.key === "Enter" && make.click());
    const button = by("compare");
    const boxes = [...document.querySelectorAll(".chosen")];
    const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
    boxes.forEach((box) => box.addEventListener("change", () => (button.disabled = chosen().length !== 2)));
    if (button) {
      button.disabled = chosen().length !== 2;
      button.addEventListener("click", () => {
        const [b, a] = chosen();
        window.location.href = "/compare?a=" + encodeURIComponent(a) + "&b=" + encodeURIComponent(b);
      });
    }
  }

  function editor(holder) {
    const text = by("text");
    const lines = by("lines");
    const readOnly = "readOnly" in holder.dataset;
    let version = holder.dataset.version;
    let written = version ? text.value : null;
    let asked = 0;
    let found = null;
    let waiting = null;

    function number() {
      const wrong = new Set((found ? found.faults : []).filter((one) => !one.file).map((one) => one.line));
      const count = text.value.split("\n").length;
      const shown = [];
      for (let line = 1; line <= count; line += 1) {
        shown.push(wrong.has(line) ? element("b", line + "\n") : document.createTextNode(line + "\n"));
      }
      lines.replaceChildren(...shown);
      lines.scrollTop = text.scrollTop;
      by("saved").textContent = say(text.value === written ? "saved" : "unsaved", {});
    }

    function goTo(line) {
      const parts = text.value.split("\n");
      const start = parts.slice(0, line - 1).reduce((sum, part) => sum + part.length + 1, 0);
      text.focus();
      text.setSelectionRange(start, start + (parts[line - 1] || "").length);
      text.scrollTop = Math.max(0, (line - 8) * parseFloat(getComputedStyle(text).lineHeight));
    }

    function tell() {
      const verdict = by("verdict");
      const list = by("faults");
      list.replaceChildren();
      verdict.className = "verdict";
      by("load").hidden = true;
      if (!found) {
        verdict.textContent = say("checking", {});
        return;
      }
      if (found.error) {
        verdict.textContent = found.error;
        verdict.classList.add("bad");
        return;
      }
      verdict.textContent = found.valid ? say("valid", {}) : say("faults", { n: found.faults.length });
      verdict.classList.add(found.valid ? "good" : "bad");
      for (const one of [...found.faults, ...found.warnings]) {
        const item = document.createElement("li");
        if (one.line && !one.file) {
          const jump = element("button", say("line", { n: one.line }));
          jump.type = "button";
          jump.addEventListener("click", () => goTo(one.line));
          item.append(jump);
        } else if (one.file) {
          item.append(element("code", one.file + (one.line ? ":" + one.line : "") + " "));
        }
        item.append(document.createTextNode(one.what));
        if (one.cure) {
          item.append(document.createTextNode("; "), element("span", one.cure, "cure"));
        }
        list.append(item);
      }
      found.notes.forEach((note) => list.append(element("li", note)));
      if (found.rows.length) {
        const table = by("load").querySelector("table");
        table.replaceChildren();
        const head = table.createTHead().insertRow();
        found.columns.forEach((column) => head.append(element("th", column)));
        const body = table.createTBody();
        found.rows.forEach((cells) => {
          const row = body.insertRow();
          cells.forEach((cell, i) => row.append(element("td", cell, i ? "right" : "")));
        });
        by("load").hidden = false;
      }
    }

    async function check() {
      const turn = (asked += 1);
      found = null;
      tell();
      let answer;
      try {
        answer = await post("/api/check", { file: holder.dataset.file, in: holder.dataset.in, text: text.value });
      } catch (error) {
        answer = { error: say("lost", {}) };
      }
      if (turn === asked) {
        found = answer.error ? { error: answer.error, faults: [] } : answer;
        tell();
        number();
      }
    }

    async function save(name) {
      const same = name === holder.dataset.file && holder.dataset.in === "";
      const content = text.value;
      const answer = await post("/api/save", { file: name, text: content, version: same ? version : "" });
      by("run-error").textContent = answer.error || "";
      if (answer.error) {
        return false;
      }
      if (!same) {
        written = content;
        window.location.href = "/edit?file=" + encodeURIComponent(name);
        return true;
      }
      version = answer.version;
      written = content;
      number();
      return true;
    }

    async function run() {
      if (text.value !== written) {
        by("run-error").textContent = say("unsaved_run", {});
        return;
      }
      const given = { file: holder.dataset.file, in: holder.dataset.in };
      for (const key of ["replications", "seed"]) {
        if (by(key).value !== "") {
          given[key] = by(key).value; // as it is written: a number of a browser loses the digits of a long seed
        }
      }
      by("run-error").textContent = say("starting", {});
      const answer = await post("/api/run", given);
      by("run-error").textContent = answer.error || "";
      if (!answer.error) {
        window.location.href = "/job/" + answer.job;
      }
    }

    text.addEventListener("input", () => {
      number();
      window.clearTimeout(waiting);
      waiting = window.setTimeout(check, 400);
    });
    text.addEventListener("scroll", () => (lines.scrollTop = text.scrollTop));
    if (by("save")) {
      by("save").addEventListener("click", () => save(holder.dataset.file));
    }
    by("save-as").addEventListener("click", () => save(by("other-name").value.trim()));
    by("run").addEventListener("click", run);
    window.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        save(holder.dataset.file);
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (written !== null && text.value !== written && !readOnly) {
        event.preventDefault();
      }
    });
    again.push(tell, number);
    number();
    check();
  }

  function shortly(seconds) {
    const rounded = Math.max(1, Number(seconds.toPrecision(2)));
    return rounded < 120 ? rounded + " s" : rounded < 7200 ? Number((rounded / 60).toPrecision(2)) + " min" : Number((rounded / 3600).toPrecision(2)) + " h";
  }

  function shown(value) {
    return value === null ? "-" : Number(value.toPrecision(4)).toLocaleString("en");
  }

  function curve(points) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 100 40");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const known = points.filter((one) => one.value !== null);
    const sure = known.filter((one, i) => one.half_width !== null && i >= 2);
    const all = [...known.map((one) => one.value), ...sure.flatMap((one) => [one.value - one.half_width, one.value + one.half_width])];
    const least = Math.min(...all);
    const most = Math.max(...all);
    const last = Math.max(...known.map((one) => one.at), 2);
    const x = (at) => (100 * (at - 1)) / (last - 1);
    const y = (value) => (most > least ? 38 - (36 * (value - least)) / (most - least) : 20);
    function add(tag, kind, points_) {
      const made = document.createElementNS(space, tag);
      made.setAttribute("class", kind);
      made.setAttribute("points", points_.map(([a, b]) => a.toFixed(2) + "," + b.toFixed(2)).join(" "));
      svg.append(made);
    }
    if (sure.length > 1) {
      add("polygon", "band", [
        ...sure.map((one) => [x(one.at), y(one.value + one.half_width)]),
        ...sure.slice().reverse().map((one) => [x(one.at), y(one.value - one.half_width)]),
      ]);
    }
    add("polyline", "mean", known.map((one) => [x(one.at), y(one.value)]));
    return { svg, least, most, last };
  }

  function job(holder) {
    const figures = new Map();
    let latest = null;
    let pace = null;
    let redraw = false;

    function draw() {
      redraw = false;
      const made = [];
      for (const [name, points] of figures) {
        const figure = document.createElement("figure");
        const end = points[points.length - 1];
        const width = end.half_width === null ? "" : " ± " + Number(end.half_width.toPrecision(2)).toLocaleString("en");
        figure.append(element("figcaption", name + ": " + shown(end.value) + width + " " + end.unit));
        if (points.some((one) => one.value !== null)) {
          const { svg, least, most, last } = curve(points);
          const range = { n: last, least: shown(least), most: shown(most), unit: end.unit };
          figure.append(svg, element("p", say("axes", range), "faint"));
        }
        made.push(figure);
      }
      by("settles").replaceChildren(...made);
    }

    function tell() {
      const state = by("state");
      state.className = "verdict";
      if (latest === null) {
        state.textContent = say("starting", {});
      } else if (latest.kind === "plan") {
        state.textContent = say("plan", { n: latest.replications, engine: latest.engine });
      } else if (latest.kind === "begun") {
        state.textContent = latest.task === "pilot" ? say("pilot", {}) : say("done", { done: latest.found, total: latest.total });
      } else if (latest.kind === "said") {
        state.textContent = latest.text;
      } else if (latest.kind === "progress") {
        state.textContent = say("done", latest);
      } else if (latest.kind === "failed") {
        state.textContent = say("failed", { why: latest.why.join("\n") });
        state.classList.add("bad");
      } else if (latest.kind === "finished") {
        const partial = latest.status === "partial" || latest.limit;
        const missed = latest.levels.some((level) => level.verdict === "missed");
        state.textContent =
          latest.status === "interrupted"
            ? say("interrupted", { n: latest.replications, total: latest.asked })
            : partial
              ? say("partial", { why: latest.limit || latest.status })
              : say("finished", { n: latest.replications });
        state.classList.add(partial || missed || latest.status !== "complete" ? "bad" : "good");
      }
      const notes = by("notes");
      notes.replaceChildren();
      if (latest && latest.kind === "finished") {
        latest.levels.forEach((level) => {
          const line = element("p", level.text + " ");
          line.append(element("span", say(level.verdict, {}), "badge " + level.verdict));
          notes.append(line);
        });
        if (latest.replications) {
          const link = element("a", say("report", {}));
          link.href = "/report/" + latest.run.split("/").map(encodeURIComponent).join("/");
          link.id = "report";
          notes.append(element("p", ""));
          notes.lastChild.append(link);
        }
      }
      const going = !latest || !["finished", "failed"].includes(latest.kind);
      by("stop").hidden = !going;
      by("pace").textContent =
        going && pace
          ? [pace.events_per_s ? say("pace", { n: Math.round(pace.events_per_s).toLocaleString("en") }) : "", pace.left_s ? say("left", { time: shortly(pace.left_s) }) : ""].filter(Boolean).join(", ")
          : "";
      by("share").value = !going ? 1 : pace ? pace.share : 0;
    }

    const stream = new EventSource("/job/" + holder.dataset.job + "/events");
    stream.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      if (told.kind === "settled") {
        for (const one of told.headlines) {
          if (!figures.has(one.name)) {
            figures.set(one.name, []);
          }
          figures.get(one.name).push({ at: told.done, value: one.value, half_width: one.half_width, unit: one.unit });
        }
        if (!redraw) {
          redraw = true;
          window.setTimeout(draw, 100);
        }
        return;
      }
      if (told.kind === "progress") {
        pace = told;
      }
      latest = told;
      tell();
    });
    stream.addEventListener("open", () => {
      figures.clear();
      tell();
    });
    stream.addEventListener("end", () => stream.close());
    stream.addEventListener("error", () => {
      // Whether it tries again or not: what stands there is not how things are.
      by("pace").textContent = say("lost", {});
      by("stop").hidden = true;
    });
    by("stop").addEventListener("click", () => post("/api/stop", { job: Number(holder.dataset.job) }));
    again.push(tell, draw);
    tell();
  }

  root.dataset.lang = kept("lang") || root.dataset.lang;
  root.dataset.theme = kept("theme") || root.dataset.theme;
  by("language").addEventListener("click", () => {
    root.dataset.lang = kept("lang", root.dataset.lang === "en" ? "ja" : "en") || (root.dataset.lang === "en" ? "ja" : "en");
    dress();
  });
  by("theme").addEventListener("click", () => {
    const dark = !root.hasAttribute("data-dark");
    root.dataset.theme = dark ? "dark" : "light";
    kept("theme", root.dataset.theme);
    dress();
  });
  system.addEventListener("change", dress);
  if (by("new")) {
    home();
  }
  if (by("editor")) {
    editor(by("editor"));
  }
  if (by("job")) {
    job(by("job"));
  }
  dress();
})();
