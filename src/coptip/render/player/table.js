// A comparison table: searched as one types, side by side or one column at a time, cards on a narrow page.
import { h, paragraphs, uid, segmented, show, table, translator } from "./dom.js";

const MOST_TO_SWITCH = 3;

/** Builds the table into `el`. It sends nothing. */
export function tableOf(model, el) {
  const view = model.get("exercise");
  const t = translator(model.get("strings"));
  const title = h("h3", { id: uid(), tabIndex: -1 }, view.title);
  const status = h("p", { class: "cp-progress", role: "status", id: uid() });
  const heads = [view.row_title, ...view.columns.map((column) => column.text)];
  const node = table({ caption: view.caption, columns: heads, rows: view.rows.map(cellsOf), css: "cp-compare" });
  const rows = [...node.tBodies[0].rows];
  // each piece of text with its element, so that hits can be marked and unmarked without touching the rest
  const pieces = rows.map((row) => [...row.querySelectorAll("[data-text]")].map((el) => ({ el, text: el.textContent })));

  function cellsOf(row) {
    const first = [h("span", { "data-text": "" }, row.title), row.remark && h("span", { class: "cp-remark", "data-text": "" }, row.remark)];
    return [first, ...view.columns.map(({ id }) => cellOf(row.cells[id]))];
  }

  function cellOf(cell) {
    return [paragraphs(cell?.text, "span").map(texted), cell?.source && h("span", { class: "cp-source", "data-text": "" }, cell.source)];
  }

  function texted(span) {
    span.setAttribute("data-text", "");
    return span;
  }

  const search = h("input", { type: "search", class: "cp-input", id: uid(), autocomplete: "off", oninput: look });

  function look() {
    const wanted = search.value.trim().toLowerCase();
    let found = 0;
    rows.forEach((row, n) => {
      const hit = !wanted || pieces[n].some(({ text }) => text.toLowerCase().includes(wanted));
      show(row, hit);
      found += hit;
      for (const piece of pieces[n]) piece.el.replaceChildren(...marked(piece.text, wanted));
    });
    status.textContent = wanted ? t("rows_found", { n: found, of: rows.length }) : "";
  }

  const columnLabel = uid();
  const all = { id: "", text: view.columns.length === 2 ? t("both_columns") : t("all_columns") };
  const which = view.columns.length > 1 && view.columns.length <= MOST_TO_SWITCH && segmented([all, ...view.columns], { labelledby: columnLabel, onchange: choose });

  function choose() {
    const only = view.columns.findIndex(({ id }) => id === which.value);
    for (const row of node.rows) [...row.cells].forEach((cell, n) => show(cell, n === 0 || only < 0 || n === only + 1));
  }

  const tools = h(
    "div",
    { class: "cp-table-tools" },
    h("div", { class: "cp-field" }, h("label", { class: "cp-label", for: search.id }, t("search_table")), search),
    which && h("div", { class: "cp-field" }, h("span", { class: "cp-label", id: columnLabel }, t("show_columns")), which.node),
  );
  if (which) which.value = "";
  el.append(h("section", { class: "coptip cp-is-table", id: `exercise-${view.id}`, tabIndex: -1, "aria-labelledby": title.id }, title, tools, status, node));
}

/** A text cut where it was found, with the hits as marks. */
function marked(text, wanted) {
  const parts = [];
  let rest = text;
  let at = wanted ? rest.toLowerCase().indexOf(wanted) : -1;
  while (at >= 0) {
    parts.push(rest.slice(0, at), h("mark", {}, rest.slice(at, at + wanted.length)));
    rest = rest.slice(at + wanted.length);
    at = rest.toLowerCase().indexOf(wanted);
  }
  return [...parts, rest];
}
