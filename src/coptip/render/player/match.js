// Match: put each item to a target, in a list or in the cells of a grid. The native list or radio of an item
// is the truth; dragging onto drawers is a convenience where there is room and a mouse.
import { h, paragraphs, uid, slot, tell, frame, segmented, icon, button, show } from "./dom.js";
import { picker } from "./fields.js";
import { printSheet } from "./print.js";
import { readWork, isMine, bytes } from "./store.js";

const MOST_SEGMENTS = 4;
const MOST_DRAWERS = 6;
const MOST_TO_ASK = 150_000;

export function match(stage, ctx) {
  const { t } = ctx;
  const grid = stage.rows.length > 0;
  const columns = new Map(stage.columns.map((column) => [column.id, column]));
  const rows = new Map(stage.rows.map((row) => [row.id, row]));
  const targetsOf = (item) => (columns.get(item.column)?.targets?.length ? columns.get(item.column).targets : stage.targets);
  const cells = stage.items.map((item) => cellOf(item));
  const drawers = !grid && drawersOf();
  const print = stage.keep && button(t("print_grid"), () => printSheet(ctx, ctx.exercise.title, printed()), { class: "cp-button cp-plain", hidden: true });

  function changed() {
    remarks();
    ctx.changed(stage.id);
  }

  function cellOf(item) {
    const targets = targetsOf(item);
    const said = slot();
    const label = uid();
    const describedby = said.id;
    // a row's text may be long, and would be read out at each of its lists
    const named = grid ? { label: `${short(rows.get(item.row)?.text ?? "")}, ${columns.get(item.column)?.text ?? ""}` } : { labelledby: label };
    const useList = grid || stage.once || targets.length > MOST_SEGMENTS || targets.some(({ text }) => text.length > 60);
    const control = useList
      ? picker({ options: targets, empty: t("choose"), ...named, describedby, onchange: changed })
      : segmented(targets, { labelledby: label, describedby, onchange: changed });
    return { item, targets, said, label, control, node: null };
  }

  // Where a target serves once only, it says where it is used already.
  function remarks() {
    for (const cell of stage.once ? cells : []) {
      cell.control.remark?.((id) => {
        const user = cells.find((other) => other !== cell && other.control.value === id && other.targets.some((target) => target.id === id));
        return user ? t("used_at", { item: short(rows.get(user.item.row)?.text || user.item.text) }) : "";
      });
    }
  }

  function short(text) {
    return text.length > 40 ? `${text.slice(0, 38).trimEnd()}…` : text;
  }

  // list

  function card(cell, n) {
    const grip = drawers && h("span", { class: "cp-grip cp-fine", "aria-hidden": "true", onpointerdown: (event) => drag(event, cell) }, icon("grip"));
    const number = (cell.number = h("span", { class: "cp-number" }, t("item_of", { n: n + 1, of: cells.length })));
    const text = h("div", { id: cell.label, class: "cp-item-text" }, number, paragraphs(cell.item.text));
    const row = h("div", { class: "cp-tile-row" }, grip, text);
    const properties = { class: "cp-item cp-card cp-tile", role: "group", "aria-labelledby": cell.label, tabIndex: -1 };
    cell.node = h("div", properties, row, cell.control.node, cell.said);
    return cell.node;
  }

  /** Targets as drawers to drop on, with how many lie in each. */
  function drawersOf() {
    if (stage.targets.length > MOST_DRAWERS || stage.targets.some(({ text }) => text.length > 60)) return null;
    const parts = stage.targets.map(({ id, text }) => {
      const count = h("span", { class: "cp-drawer-count" });
      return { id, count, node: h("div", { class: "cp-drawer", "data-target": id }, h("span", {}, text), count) };
    });
    const node = h("div", { class: "cp-drawers cp-fine", "aria-hidden": "true" }, parts.map((part) => part.node));
    const refresh = () => {
      for (const { id, count } of parts) count.textContent = t("in_drawer", { n: cells.filter((cell) => cell.control.value === id).length });
    };
    return { node, parts, refresh };
  }

  function drag(event, cell) {
    if (event.button !== 0) return;
    event.preventDefault();
    const ghost = h("div", { class: "coptip cp-ghost", "aria-hidden": "true" }, short(cell.item.text));
    document.body.append(ghost);
    const under = ({ clientX, clientY }) =>
      drawers.parts.find(({ node }) => {
        const box = node.getBoundingClientRect();
        return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
      });
    const follow = (at) => {
      ghost.style.left = `${at.clientX + 12}px`;
      ghost.style.top = `${at.clientY + 12}px`;
      for (const part of drawers.parts) part.node.classList.toggle("cp-over", part === under(at));
    };
    const end = (at) => {
      ghost.remove();
      window.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, end);
      for (const part of drawers.parts) part.node.classList.remove("cp-over");
      const goal = at.type === "pointerup" && under(at);
      if (!goal || !cell.targets.some(({ id }) => id === goal.id)) return;
      cell.control.value = goal.id;
      changed();
      ctx.live(t("dropped", { item: short(cell.item.text), target: goal.node.firstChild.textContent }));
    };
    follow(event);
    window.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, end);
  }

  // grid

  const at = (row, column) => cells.find(({ item }) => item.row === row.id && item.column === column.id);

  function gridTable() {
    // with few columns and short options a table fits the page's column; else each row is a card there
    const roomy = stage.columns.length <= 3 && cells.every((cell) => cell.targets.every(({ text }) => text.length <= 34));
    const heads = [h("span", { class: "cp-hidden" }, t("row")), ...stage.columns.map((column) => column.text)];
    const head = h("tr", { role: "row" }, heads.map((text) => h("th", { scope: "col", role: "columnheader" }, text)));
    const body = stage.rows.flatMap((row, n) => {
      const own = stage.columns.map((column) => [column, at(row, column)]);
      const number = h("span", { class: "cp-number" }, t("item_of", { n: n + 1, of: stage.rows.length }));
      const first = h("th", { scope: "row", role: "rowheader" }, number, paragraphs(row.text, "span"));
      const rest = own.map(([column, cell]) => h("td", { role: "cell" }, cell && field(cell, column)));
      const reasons = h("td", { role: "cell", colspan: stage.columns.length + 1 }, own.map(([, cell]) => cell?.said));
      return [h("tr", { role: "row", class: "cp-grid-row" }, first, rest), h("tr", { role: "row", class: "cp-grid-reasons" }, reasons)];
    });
    const css = `cp-grid ${roomy ? "cp-roomy" : ""}`.trim();
    return h("table", { class: css, role: "table" }, h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, body));
  }

  function field(cell, column) {
    cell.mark = h("span", { class: "cp-cell-mark" });
    cell.node = h(
      "div",
      { class: "cp-item cp-grid-cell", tabIndex: -1 },
      h("span", { class: "cp-cell-label", "aria-hidden": "true" }, column.text),
      cell.control.node,
      cell.mark,
    );
    return cell.node;
  }

  function printed() {
    const head = h("tr", {}, h("th", {}), stage.columns.map((column) => h("th", { scope: "col" }, column.text)));
    const chosen = (row, column) => {
      const cell = at(row, column);
      return h("td", {}, cell?.targets.find(({ id }) => id === cell.control.value)?.text ?? "");
    };
    const body = stage.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.text), stage.columns.map((column) => chosen(row, column))));
    return h("table", { class: "cp-printed" }, h("thead", {}, head), h("tbody", {}, body));
  }

  const read = () => Object.fromEntries(cells.map((cell) => [cell.item.id, cell.control.value]).filter(([, value]) => value));
  const body = grid ? gridTable() : h("div", { class: "cp-tiles" }, cells.map(card));
  const log = stage.log?.length > 0 && ownFirst(stage, { cells, body, read, ctx });
  remarks();
  return {
    begin: log ? log.begin : undefined,
    heard: log ? log.heard : undefined,
    node: h("div", {}, log && log.node, drawers && h("p", { class: "cp-hint cp-fine" }, t("drag_hint")), drawers && drawers.node, body, print && h("div", { class: "cp-actions" }, print)),
    check: "check_choices",
    read,
    write(responses) {
      for (const cell of cells) cell.control.value = responses?.[cell.item.id] ?? "";
      remarks();
      drawers?.refresh?.();
    },
    count: () => [Object.keys(read()).length, cells.length, grid ? "progress_filled" : "progress_placed"],
    show(feedback, checked) {
      drawers?.refresh?.();
      for (const cell of cells) {
        let mark = feedback?.items?.[cell.item.id];
        const missed = mark?.verdict === "missed";
        if (mark && !missed && cell.control.value !== (checked?.[cell.item.id] ?? "")) mark = null;
        const answer = missed && cell.targets.find(({ id }) => id === feedback.answer?.[cell.item.id]);
        const right = answer && h("b", {}, `${answer.text}.`);
        const column = grid && columns.get(cell.item.column);
        tellCell(cell, mark, right, column);
        frame(cell.node, mark);
      }
      if (print) show(print, feedback?.status === "done" || feedback?.status === "shown");
    },
  };

  function tellCell(cell, mark, right, column) {
    tell(cell.said, mark, t, column && h("span", { class: "cp-said-of" }, `${column.text}:`), right);
    if (!column) return;
    cell.mark.replaceChildren(...(mark ? [icon(mark.verdict), t(`verdict_${mark.verdict}`)] : []));
    cell.mark.dataset.verdict = mark?.verdict ?? "";
  }
}

/** Puts first what somebody went wrong at elsewhere, by the record that this browser keeps; the kernel reads it. */
function ownFirst(stage, { cells, body, read, ctx }) {
  const { t } = ctx;
  const { keep } = ctx.exercise;
  const said = h("p", { class: "cp-hint", role: "status" });
  const node = h("div", { class: "cp-collect" }, button(t("own_first"), ask, { class: "cp-button cp-plain" }), said);
  const first = new Set();
  let waiting = 0;

  const kept = () => stage.log.map((id) => [id, readWork(keep, id)]).filter(([, work]) => work?.events?.length);

  function ask() {
    first.clear();
    const pieces = [{}];
    // the line to a kernel carries little at a time
    for (const [id, { version, events }] of kept()) {
      if (bytes({ ...pieces.at(-1), [id]: events }) > MOST_TO_ASK) pieces.push({});
      pieces.at(-1)[id] = { version: version ?? "", events, drafts: {}, at: "" };
    }
    waiting = pieces.length;
    if (!kept().length) said.textContent = t("own_nothing");
    else for (const work of pieces) ctx.ask(stage.id, { action: "missed", work });
  }

  function heard({ items }) {
    for (const id of items) first.add(id);
    waiting -= 1;
    if (waiting > 0) return;
    const order = [...cells].sort((one, other) => first.has(other.item.id) - first.has(one.item.id));
    body.append(...order.map((cell) => cell.node));
    order.forEach((cell, n) => {
      const before = first.has(cell.item.id) ? ` · ${t("own_missed")}` : "";
      cell.number.textContent = t("item_of", { n: n + 1, of: cells.length }) + before;
    });
    said.textContent = first.size ? t("own_found", { n: first.size }) : t("own_none");
  }

  /** By itself only while nothing is answered yet: nothing moves under somebody's hands. */
  function begin() {
    if (isMine(keep) && kept().length && !Object.keys(read()).length) ask();
  }

  return { node, begin, heard };
}
