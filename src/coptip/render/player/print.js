// Prints one work product alone: a sheet of plain words beside the page, as fields on a screen cut texts off.
import { h } from "./dom.js";

/** Prints a title and nodes. The mark of a training exercise stands on every page: as head, as foot, and across. */
export function printSheet(ctx, title, nodes, { marked = true } = {}) {
  const { t } = ctx;
  const mark = (tag) => h(tag, {}, h("tr", {}, h("td", {}, h("p", { class: "cp-watermark" }, t("training_watermark")))));
  // heads and feet of a table come again on each page, and leave room for themselves
  const pages = h("table", { class: "cp-pages", role: "presentation" }, marked && mark("thead"), marked && mark("tfoot"), h("tbody", {}, h("tr", {}, h("td", {}, h("h1", {}, title), nodes))));
  const sheet = h("div", { class: "coptip cp-sheet" }, marked && h("p", { class: "cp-across", "aria-hidden": "true" }, t("training_mark")), pages);
  const clear = () => {
    sheet.remove();
    document.body.classList.remove("cp-print-one");
  };
  document.body.append(sheet);
  document.body.classList.add("cp-print-one");
  window.addEventListener("afterprint", clear, { once: true });
  window.print();
}
