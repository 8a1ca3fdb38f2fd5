// Everything that a participant wrote and filled in, across the modules, to read and to print. From what is kept.
import { h, uid, button, show, translator, paragraphs } from "./dom.js";
import { allWork, answersOf, hasContent } from "./store.js";
import { readout, hasWork } from "./readout.js";
import { printSheet } from "./print.js";

/** Builds the summary into `el`; returns what undoes it. */
export function summaryOf(model, el) {
  const view = model.get("exercise");
  const t = translator(model.get("strings"));
  const title = h("h3", { id: uid(), tabIndex: -1 }, view.title);
  const counts = h("p", { class: "cp-summary" });
  const list = h("div", { class: "cp-summary-list" });
  const print = button(t("print_summary"), () => printSheet({ t }, view.title, [h("p", {}, counts.textContent), pages(2)]));
  let soon = null;

  const stagesOf = (exercise) => exercise.stages.map((stage) => [stage, answersOf(view.keep, exercise.id, stage.id)]).filter(([stage, responses]) => hasWork(stage, responses));

  function statusOf(exercise, work) {
    const one = work[exercise.id];
    return !hasContent(one) ? "untouched" : ["done", "shown"].includes(one.status) ? "done" : "open";
  }

  /** A module with work in it: what was done, and what was written. */
  function moduleOut(module, work, level) {
    const done = module.exercises.filter((one) => statusOf(one, work) === "done").map((one) => one.title);
    const written = module.exercises.map((one) => [one, stagesOf(one)]).filter(([, stages]) => stages.length);
    if (!done.length && !written.length) return null;
    return [
      h(`h${level}`, {}, module.title),
      done.length > 0 && h("p", {}, h("b", {}, `${t("status_done")}: `), done.join("; ")),
      written.map(([one, stages]) => [h(`h${level + 1}`, {}, one.title), stages.map(([stage, responses]) => readout(stage, responses, t, { level: Math.min(level + 2, 6) }))]),
    ];
  }

  function pages(level) {
    const work = allWork(view.keep);
    return view.modules.map((module) => moduleOut(module, work, level)).filter(Boolean);
  }

  function look() {
    const work = allWork(view.keep);
    const exercises = view.modules.flatMap((module) => module.exercises);
    const written = exercises.filter((one) => stagesOf(one).length).length;
    const done = exercises.filter((one) => statusOf(one, work) === "done").length;
    const any = written + done > 0;
    counts.textContent = any ? t("summary_counts", { done, written }) : t("summary_empty");
    show(print, any);
    const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.module));
    list.replaceChildren(
      ...view.modules.flatMap((module) => {
        const out = moduleOut(module, work, 4);
        return out ? [h("details", { "data-module": module.id, open: open.has(module.id) }, h("summary", {}, module.title), out.slice(1))] : [];
      }),
    );
  }

  const later = () => {
    clearTimeout(soon);
    soon = setTimeout(look, 800);
  };
  const heard = ["coptip:changed", "coptip:restore-all", "coptip:forget-all"];
  el.append(h("section", { class: "coptip cp-review", id: `exercise-${view.id}`, tabIndex: -1, "aria-labelledby": title.id }, title, paragraphs(t("summary_intro")), counts, h("div", { class: "cp-actions" }, print), list));
  look();
  for (const name of heard) window.addEventListener(name, later);
  return () => {
    clearTimeout(soon);
    for (const name of heard) window.removeEventListener(name, later);
  };
}
