// The instructor's adding up of a survey: files that participants saved, read on this device, without names.
import { h, button, show } from "./dom.js";
import { numberIn } from "./inputs.js";
import { LARGEST_FILE, openedFrom } from "./formfile.js";

const MOST_FILES = 300;

/** A button that opens several saved answers and shows for each field how often what was said. */
export function addingUp(stage, ctx) {
  const { t } = ctx;
  const input = h("input", { type: "file", accept: ".json,application/json", multiple: true, class: "cp-file", tabIndex: -1, "aria-hidden": "true" });
  const result = h("div", { class: "cp-added-up", role: "status", hidden: true });

  input.addEventListener("change", async () => {
    const files = [...input.files].slice(0, MOST_FILES);
    input.value = "";
    const answers = [];
    const refused = [];
    for (const file of files) {
      const opened = file.size > LARGEST_FILE ? { why: t("file_too_large", { n: LARGEST_FILE / 1_000_000 }) } : openedFrom(await file.text(), { exercise: ctx.exercise, stage, t });
      if (opened.why) refused.push(h("p", { class: "cp-problem" }, t("add_up_refused", { file: file.name, why: opened.why })));
      else answers.push(opened.sections);
    }
    show(result, files.length > 0);
    result.replaceChildren(h("p", { class: "cp-summary" }, t("added_up", { n: answers.length })), ...refused, ...(answers.length ? stage.sections.map((section) => sectionSum(section, answers, t)) : []));
  });

  return h("div", { class: "cp-instructor" }, h("p", { class: "cp-hint" }, t("add_up_hint")), h("span", { class: "cp-opener" }, button(t("add_up"), () => input.click(), { class: "cp-button cp-plain" }), input), result);
}

function sectionSum(section, answers, t) {
  const entries = answers.flatMap((one) => one[section.id] ?? []);
  const sums = section.fields.map((field) => [h("dt", {}, field.label), h("dd", {}, fieldSum(field, entries.map((entry) => entry[field.id]), t))]);
  return h("div", {}, h("h5", {}, section.title), h("dl", {}, sums));
}

/** What was said in one field: a mean, counts of options, or the texts themselves. */
function fieldSum(field, values, t) {
  const said = values.flat().filter((value) => typeof value === "string" && value.trim());
  if (!said.length) return t("add_up_none");
  if (["number", "scale"].includes(field.input)) {
    const numbers = said.map((text) => numberIn(field, text)).filter((n) => n !== null);
    if (!numbers.length) return t("add_up_none");
    const mean = (numbers.reduce((a, b) => a + b, 0) / numbers.length).toFixed(1);
    return t("add_up_mean", { mean, low: Math.min(...numbers), high: Math.max(...numbers) });
  }
  const options = field.input === "tick" ? [{ id: "yes", text: t("yes") }] : field.options;
  if (options.length) return h("ul", {}, options.map(({ id, text }) => h("li", {}, `${text}: ${said.filter((one) => one === id).length}`)));
  // sorted, so that the order of the files says nothing of who wrote what
  return h("ul", {}, [...said].sort().map((text) => h("li", {}, text)));
}
