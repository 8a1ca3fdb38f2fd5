// What somebody filled in or wrote, as words on a page: to print, to sum up, to read beside something else.
import { h, paragraphs } from "./dom.js";
import { isTable } from "./store.js";
import { inWords } from "./formfile.js";
import { drawnOf } from "./drawn.js";

const filledIn = (entry) => Object.values(entry ?? {}).some((value) => (Array.isArray(value) ? value.length : String(value ?? "").trim()));
const textIn = (value) => (isTable(value) ? value.text : value);

/** The entries of a section that have something in them. */
export function entriesOf(section, value) {
  return (Array.isArray(value?.[section.id]) ? value[section.id] : []).filter((entry) => isTable(entry) && filledIn(entry));
}

/** Whether somebody wrote anything into a stage. */
export function hasWork(stage, responses) {
  if (!isTable(responses)) return false;
  if (stage.interaction === "form") return stage.sections.some((section) => entriesOf(section, responses).length);
  return Object.values(responses).some((value) => (Array.isArray(value) ? value.length : String(textIn(value) ?? "").trim()));
}

/** What was written into a stage, as nodes. `blanks`: an empty field is a line to write on. `level`: of headings. */
export function readout(stage, responses, t, { blanks = false, level = 2 } = {}) {
  const value = isTable(responses) ? responses : {};
  switch (stage.interaction) {
    case "form":
      return formOut(stage, value, t, blanks, level);
    case "text":
      return stage.items.map((item) => questionOut(item.text, textIn(value[item.id]), level));
    case "discussion":
      return stage.questions.map((item) => questionOut(item.text, textIn(value[item.id]), level));
    case "choice":
      return stage.items.map((item) => questionOut(item.text, pickedOut(item, value[item.id]), level));
    default:
      return [];
  }
}

function questionOut(question, answer, level) {
  const text = typeof answer === "string" ? answer.trim() : "";
  return text ? [h(`h${level}`, { class: "cp-printed-title" }, question), paragraphs(text)] : [];
}

function pickedOut(item, value) {
  const label = (id) => item.options.find((option) => option.id === id)?.text ?? "";
  return [value ?? []].flat().map(label).filter(Boolean).join("; ");
}

function formOut(stage, value, t, blanks, level) {
  return sideBySide(stage.sections).map((group) => {
    if (group.length > 1) return groupOut(group, value, t, blanks);
    const [section] = group;
    const entries = entriesOf(section, value);
    if (!entries.length && !(blanks && !section.repeat)) return [];
    const body = section.repeat && section.print === "table" ? tableOut(section, entries, t) : section.repeat ? entries.map((entry, n) => listOut(section, entry, t, false, n + 1)) : listOut(section, entries[0] ?? {}, t, blanks);
    return [h(`h${level}`, { class: "cp-printed-title" }, section.title), body, entries.length > 0 && drawnOf(section, entries, t)];
  });
}

/** Neighbours that ask the same of different things (women, men, girls, boys for each factor) stand in one table. */
function sideBySide(sections) {
  const asks = (section) => JSON.stringify(section.fields.map(({ id, label }) => [id, label]));
  const groups = [];
  for (const section of sections) {
    const last = groups.at(-1)?.[0];
    if (last && !section.repeat && !last.repeat && section.fields.length > 2 && asks(last) === asks(section)) groups.at(-1).push(section);
    else groups.push([section]);
  }
  return groups;
}

function groupOut(group, value, t, blanks) {
  const entries = group.map((section) => entriesOf(section, value)[0] ?? {});
  if (!blanks && !entries.some((entry) => Object.keys(entry).length)) return [];
  const head = h("tr", {}, h("td", {}), group.map((section) => h("th", { scope: "col" }, section.title)));
  const row = (field) => h("tr", {}, h("th", { scope: "row" }, field.label), group.map((section, n) => h("td", {}, answerOut(section.fields.find(({ id }) => id === field.id), entries[n][field.id], t))));
  return h("table", { class: "cp-printed" }, h("thead", {}, head), h("tbody", {}, group[0].fields.map(row)));
}

function listOut(section, entry, t, blanks, n) {
  const pairs = section.fields.map((field) => {
    const said = answerOut(field, entry[field.id], t);
    if (!said && !blanks) return [];
    return h("div", { class: said.length > 60 ? "cp-pair cp-wide" : "cp-pair" }, h("dt", {}, field.label), h("dd", { class: said ? "" : "cp-blank" }, said || "\u00a0"));
  });
  const title = n && h("p", { class: "cp-printed-n" }, t("card_n", { card: section.card, n }));
  return h("div", { class: "cp-printed" }, title, h("dl", {}, pairs));
}

function tableOut(section, entries, t) {
  const head = h("tr", {}, h("th", {}, "#"), section.fields.map((field) => h("th", { scope: "col" }, field.label)));
  const row = (entry, n) => h("tr", {}, h("td", {}, String(n + 1)), section.fields.map((field) => h("td", {}, answerOut(field, entry[field.id], t))));
  return h("table", { class: "cp-printed cp-rows" }, h("thead", {}, head), h("tbody", {}, entries.map(row)));
}

function answerOut(field, value, t) {
  const said = inWords(field, value).trim();
  if (!said) return "";
  if (field.input === "tick") return t("yes");
  if (field.input === "number" && field.unit) return `${said} ${field.unit}`;
  if (field.input === "scale") return t("scale_said", { n: said, ...field });
  return said;
}
