// The course planner: an instructor says days, hours and modules; the kernel lays out the timetable, and it prints.
import { h, uid, button, segmented, show, table, translator, paragraphs } from "./dom.js";
import { picker } from "./fields.js";
import { printSheet } from "./print.js";

const LONGEST_PLANNING = 10_000;

/** Builds the planner into `el`; returns what undoes it. */
export function plannerOf(model, el) {
  const view = model.get("exercise");
  const t = translator(model.get("strings"));
  const title = h("h3", { id: uid(), tabIndex: -1 }, view.title);
  const problem = h("p", { class: "cp-problem", role: "status", hidden: true });
  const result = h("div", { class: "cp-plan", "aria-live": "polite" });
  let plan = null;
  let timer = null;

  const choice = (key, options, value) => {
    const name = h("span", { class: "cp-label", id: uid() }, t(`plan_${key}`));
    const control = segmented(options, { labelledby: name.id, onchange: ask });
    control.value = value;
    return { control, node: h("div", { class: "cp-field" }, name, control.node) };
  };
  const pick = (key, options, value) => {
    const name = h("span", { class: "cp-label", id: uid() }, t(`plan_${key}`));
    const control = picker({ options, labelledby: name.id, onchange: ask });
    control.value = value;
    control.node.prepend(name);
    control.node.classList.add("cp-field");
    return { control, node: control.node };
  };
  const numbers = (low, high, word) => Array.from({ length: high - low + 1 }, (_, n) => ({ id: String(low + n), text: t(word, { n: low + n }) }));
  const days = choice("days", numbers(1, 3, "plain_n"), "1");
  const hours = pick("hours", numbers(2, 8, "plan_n_hours"), "6");
  const begins = pick("begins", view.begins, "510");
  const people = pick("people", [6, 8, 10, 12, 15, 18, 20, 24, 28, 32, 40].map((n) => ({ id: String(n), text: String(n) })), "20");
  const audience = pick("audience", view.audiences, "patrol");
  const countries = pick("countries", view.countries, "one");
  const lengths = ["full", "short", "out"];
  const modules = view.modules.map((module) => {
    const name = h("span", { class: "cp-label", id: uid() }, module.title);
    const options = lengths.map((id) => ({ id, text: t(`plan_${id}`, { n: id === "full" ? module.minutes : module.short }) }));
    const control = segmented(options, { labelledby: name.id, onchange: ask });
    control.value = "full";
    return { ...module, control, node: h("div", { class: "cp-field" }, name, control.node) };
  });

  function wishes() {
    const chosen = Object.fromEntries(modules.map(({ id, control }) => [id, control.value]));
    return {
      days: Number(days.control.value), hours: Number(hours.control.value), begins: Number(begins.control.value), people: Number(people.control.value),
      audience: audience.control.value, countries: countries.control.value, lengths: chosen,
    };
  }

  function ask(action = "plan") {
    clearTimeout(timer);
    timer = setTimeout(() => say(t("no_answer")), LONGEST_PLANNING);
    try {
      model.send({ action: action === "propose" ? "propose" : "plan", wishes: wishes() });
    } catch {
      say(t("no_answer"));
    }
  }

  function say(text) {
    problem.textContent = text;
    show(problem, Boolean(text));
  }

  function heard(message) {
    clearTimeout(timer);
    if (message?.kind === "problem") say(String(message.text));
    if (message?.kind !== "plan") return;
    say("");
    plan = message;
    for (const { id, control } of modules) control.value = plan.lengths[id] ?? "full";
    result.replaceChildren(h("p", { class: "cp-summary" }, plan.summary), ...notes(), ...timetable(4));
  }

  const notes = () => (plan.notes.length ? [h("ul", {}, plan.notes.map((note) => h("li", {}, note)))] : []);

  function timetable(level, blank = false) {
    const columns = [t("plan_time"), t("plan_module"), t("plan_part"), t("plan_minutes"), ...(blank ? [t("plan_local")] : [])];
    const rowOf = (row) => [row.time, row.module, row.title, row.minutes, ...(blank ? [""] : [])];
    const day = (rows, n) => [h(`h${level}`, {}, t("plan_day", { n: n + 1 })), rows.length ? table({ columns, rows: rows.map(rowOf), css: "cp-timetable" }) : h("p", {}, t("plan_empty"))];
    const left = plan.left.length > 0 && [h(`h${level}`, {}, t("plan_left")), h("ul", {}, plan.left.map((one) => h("li", {}, one)))];
    return [...plan.days.map(day), left].flat().filter(Boolean);
  }

  const printed = () => printSheet({ t }, view.title, [h("p", {}, plan.summary), ...notes(), ...timetable(2, true)], { marked: false });
  el.append(
    h(
      "section",
      { class: "coptip cp-planner", id: `exercise-${view.id}`, tabIndex: -1, "aria-labelledby": title.id },
      title,
      paragraphs(view.text),
      h("div", { class: "cp-fields cp-plan-wishes" }, days.node, hours.node, begins.node, people.node, audience.node, countries.node),
      h("div", { class: "cp-actions" }, button(t("plan_propose"), () => ask("propose"))),
      h("details", { class: "cp-plan-modules" }, h("summary", {}, t("plan_choose")), modules.map(({ node }) => node)),
      problem,
      result,
      h("div", { class: "cp-actions" }, button(t("print"), () => plan && printed(), { class: "cp-button cp-plain" })),
    ),
  );
  model.on("msg:custom", heard);
  ask();
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", heard);
  };
}
