// Building the page from nodes alone: what people or files wrote goes to textContent, never to markup.

const SVG_NS = "http://www.w3.org/2000/svg";
const AS_PROPERTY = new Set(["value", "checked", "disabled", "tabIndex", "selected"]);

/** An element. Properties starting with `on` are listeners; null, false and "" among the children are left out. */
export function h(tag, properties, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (AS_PROPERTY.has(name)) el[name] = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return el;
}

/** Plain text as paragraphs; a blank line parts them. */
export function paragraphs(text, tag = "p", css = "cp-par") {
  const parts = String(text ?? "").split(/\n\s*\n/).map((part) => part.trim());
  return parts.filter(Boolean).map((part) => h(tag, { class: css }, part));
}

/** An id that no other exercise on the page has, even where each brings its own copy of this script. */
export function uid() {
  return `cp-${Math.random().toString(36).slice(2, 10)}`;
}

export function button(label, onclick, properties) {
  return h("button", { type: "button", class: "cp-button", onclick, ...properties }, label);
}

/** Fetches `{n}`-style values into a string of the Player; an unknown key shows itself. */
export function translator(strings) {
  return (key, values = {}) =>
    String(strings?.[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Each verdict has a shape of its own beside its word and colour.
const SHAPES = {
  right: ["M3 9.5 7 13.5 15 4.5"],
  wrong: ["M4.5 4.5 13.5 13.5", "M13.5 4.5 4.5 13.5"],
  part: ["M9 2.5 A6.5 6.5 0 1 0 9 15.5 A6.5 6.5 0 1 0 9 2.5", "M9 2.5 A6.5 6.5 0 0 1 9 15.5 Z"],
  missed: ["M2.5 9 H15", "M10 4 15 9 10 14"],
  info: ["M9 8 V14", "M9 4 V4.5"],
  open: ["M9 2.5 A6.5 6.5 0 1 0 9 15.5 A6.5 6.5 0 1 0 9 2.5"],
  on: ["M9 2.5 A6.5 6.5 0 1 0 9 15.5 A6.5 6.5 0 1 0 9 2.5 Z"],
  off: ["M9 2.5 A6.5 6.5 0 1 0 9 15.5 A6.5 6.5 0 1 0 9 2.5"],
  grip: ["M6 4 V4.1", "M12 4 V4.1", "M6 9 V9.1", "M12 9 V9.1", "M6 14 V14.1", "M12 14 V14.1"],
  up: ["M9 15 V3", "M4 8 9 3 14 8"],
  down: ["M9 3 V15", "M4 10 9 15 14 10"],
};
const FILLED = { part: 1, on: 0 };

/** A small drawing beside words that say the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG_NS, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 18 18", class: `cp-icon cp-icon-${name}`, focusable: "false" })) {
    svg.setAttribute(key, value);
  }
  svg.setAttribute("aria-hidden", "true");
  (SHAPES[name] ?? SHAPES.info).forEach((d, n) => {
    const path = document.createElementNS(SVG_NS, "path");
    path.setAttribute("d", d);
    if (FILLED[name] === n) path.setAttribute("class", "cp-fill");
    svg.append(path);
  });
  return svg;
}

/** An empty place for feedback. */
export function slot(css = "") {
  return h("div", { class: `cp-feedback ${css}`.trim(), id: uid(), hidden: true });
}

/** Puts a verdict and its reason into a slot, or empties it. `more` stands between the two. */
export function tell(place, mark, t, ...more) {
  place.hidden = !mark;
  place.replaceChildren();
  delete place.dataset.verdict;
  if (!mark) return;
  place.dataset.verdict = mark.verdict;
  const text = paragraphs(mark.text, "span");
  text[0]?.classList.add("cp-first");
  const word = h("strong", { class: "cp-verdict" }, icon(mark.verdict), h("span", {}, t(`verdict_${mark.verdict}`)));
  place.append(word, " ", ...more.filter(Boolean).flatMap((node) => [node, " "]), ...text);
}

/** Marks an item's frame, so that one can be led to the first that needs another look. */
export function frame(item, mark) {
  if (mark) item.dataset.state = mark.verdict;
  else delete item.dataset.state;
}

export function show(el, visible) {
  el.hidden = !visible;
}

/** Leads to an element: into sight, and with the focus, so that a keyboard and a screen reader arrive too. */
export function leadTo(el) {
  if (!el) return;
  if (!el.matches("input, select, textarea, button, a[href], [tabindex]")) el.tabIndex = -1;
  el.focus({ preventScroll: true });
  el.scrollIntoView({ block: "center" });
}

/** A button that asks back before it does something that cannot be undone. */
export function asking(label, question, yes, no, action) {
  const ask = h("span", { class: "cp-ask", hidden: true });
  const first = button(label, () => turn(true), { class: "cp-button cp-plain" });
  const turn = (asked) => {
    show(ask, asked);
    show(first, !asked);
    (asked ? sure : first).focus();
  };
  const sure = button(yes, () => {
    turn(false);
    action();
  });
  ask.append(h("span", { class: "cp-ask-text" }, question), sure, button(no, () => turn(false), { class: "cp-button cp-plain" }));
  return h("span", { class: "cp-asking" }, first, ask);
}

/** Radios that look like one row of buttons. `value` is "" while nothing is chosen. */
export function segmented(options, { labelledby, describedby, onchange, name = uid() }) {
  const inputs = options.map(({ id }) => h("input", { type: "radio", name, value: id, onchange }));
  const labels = options.map(({ text }, n) => h("label", { class: "cp-segment" }, inputs[n], h("span", {}, text)));
  const properties = { class: "cp-segments", role: "radiogroup", "aria-labelledby": labelledby, "aria-describedby": describedby };
  return {
    node: h("div", properties, labels),
    inputs,
    get value() {
      return inputs.find((input) => input.checked)?.value ?? "";
    },
    set value(wanted) {
      for (const input of inputs) input.checked = input.value === wanted;
    },
  };
}

/** A table whose rows become cards on a narrow page: its roles are said, as styling must not take them away. */
export function table({ caption, columns, rows, css = "", describedby }) {
  const head = columns.map((column) => h("th", { scope: "col", role: "columnheader" }, column));
  return h(
    "table",
    { class: `cp-table ${columns.length > 4 ? "cp-many" : ""} ${css}`, role: "table", "aria-describedby": describedby },
    caption && h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, head)),
    h("tbody", { role: "rowgroup" }, rows.map((cells) => tableRow(cells, columns))),
  );
}

/** A row of such a table; the first cell is its heading. */
export function tableRow(cells, columns) {
  return h(
    "tr",
    { role: "row" },
    cells.map((cell, n) =>
      n === 0
        ? h("th", { scope: "row", role: "rowheader" }, cell)
        : h("td", { role: "cell" }, h("span", { class: "cp-cell-label", "aria-hidden": "true" }, columns[n]), h("span", { class: "cp-cell" }, cell)),
    ),
  );
}

/** Gives a file to the person; nothing is sent anywhere. A text goes as it is, anything else as JSON. */
export function download(name, data, type = "application/json") {
  const text = typeof data === "string" ? data : JSON.stringify(data, null, 1);
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A button that opens a file and hands its text on; `refuse` is told why one is not taken. */
export function opener(label, limit, take, refuse, t) {
  const input = h("input", { type: "file", accept: ".json,application/json", class: "cp-file", tabIndex: -1, "aria-hidden": "true" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > limit) refuse(t("file_too_large", { n: limit / 1_000_000 }));
    else take(await file.text());
  });
  return h("span", { class: "cp-opener" }, button(label, () => input.click(), { class: "cp-button cp-plain" }), input);
}

/** Today as files name it. */
export function today() {
  return new Date().toISOString().slice(0, 10);
}
