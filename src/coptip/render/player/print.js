// Prints one work product alone: a sheet of plain words beside the page, as fields on a screen cut texts off.
import { h } from "./dom.js";

/** Prints a title and nodes, marked as training material. */
export function printSheet(ctx, title, nodes) {
  const { t } = ctx;
  const mark = () => h("p", { class: "cp-watermark" }, t("training_watermark"));
  const sheet = h("div", { class: "coptip cp-sheet" }, mark(), h("h1", {}, title), nodes, mark());
  const clear = () => {
    sheet.remove();
    document.body.classList.remove("cp-print-one");
  };
  document.body.append(sheet);
  document.body.classList.add("cp-print-one");
  window.addEventListener("afterprint", clear, { once: true });
  window.print();
}
