// A work product as a file: what fits a form, why a file is refused, and a table that is harmless in a spreadsheet.
import { isTable } from "./store.js";
import { isDay, stepsOf } from "./inputs.js";

export const LARGEST_FILE = 1_000_000;

const byId = (list, id) => list.find((one) => one.id === id);

/** Whether a field takes a value. What was typed as a number is kept whatever it is: a file loses nothing. */
export function takes(field, value) {
  if (field.input === "many") {
    return Array.isArray(value) && value.every((id, n) => typeof id === "string" && byId(field.options, id) && value.indexOf(id) === n);
  }
  if (typeof value !== "string") return false;
  if (value === "") return true;
  switch (field.input) {
    case "choice":
      return Boolean(byId(field.options, value));
    case "tick":
      return value === "yes";
    case "scale":
      return stepsOf(field).includes(value);
    case "date":
      return isDay(value);
    default:
      return true;
  }
}

/** The work product in a file's text: `{ sections }`, or `{ why }` where it cannot be opened. */
export function openedFrom(text, { exercise, stage, t }) {
  let file = null;
  try {
    file = JSON.parse(text);
  } catch {
    return { why: t("file_no_json") };
  }
  const why = faultOf(file, exercise, stage, t);
  return why ? { why } : { sections: file.sections };
}

function faultOf(file, exercise, stage, t) {
  if (!isTable(file) || !Object.hasOwn(file, "coptip-form") || !isTable(file.sections)) return t("file_no_form");
  if (file["coptip-form"] !== exercise.id) return t("file_other_form", { id: briefly(file["coptip-form"]) });
  if (file.stage !== undefined && file.stage !== stage.id) return t("file_other_form", { id: `${exercise.id}, ${briefly(file.stage)}` });
  for (const [id, entries] of Object.entries(file.sections)) {
    const section = byId(stage.sections, id);
    if (!section) return t("file_unknown", { id: briefly(id) });
    const most = section.repeat ? section.most : 1;
    if (!Array.isArray(entries)) return t("file_damaged", { id });
    if (entries.length > most) return t("file_too_many", { id, n: most });
    for (const entry of entries) {
      if (!isTable(entry)) return t("file_damaged", { id });
      for (const [name, value] of Object.entries(entry)) {
        const field = byId(section.fields, name);
        if (!field) return t("file_unknown", { id: `${id}: ${briefly(name)}` });
        if (!takes(field, value)) return t("file_damaged", { id: `${id}: ${name}` });
      }
    }
  }
  return "";
}

const briefly = (value) => String(typeof value === "object" ? "…" : value).slice(0, 60);

/** A field's value in words: labels of options, a mark for a tick, several joined. */
export function inWords(field, value, join = "; ") {
  const label = (id) => byId(field.options, id)?.text ?? id;
  if (Array.isArray(value)) return value.map(label).join(join);
  return field.input === "choice" && value ? label(value) : (value ?? "");
}

// A spreadsheet takes a cell that begins so for a formula, and may run it.
const FORMULA = /^[\s\uFEFF]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A text as a cell of a table: quoted, and never a formula. */
export function cell(text) {
  const safe = FORMULA.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The answers as a table of two rows (names of the columns, answers); cards of one section share a cell. */
export function tableOfAnswers(stage, value) {
  const columns = [];
  for (const section of stage.sections) {
    const entries = value[section.id] ?? [];
    if (section.repeat) {
      const line = (entry) => section.fields.map((field) => inWords(field, entry[field.id])).filter(Boolean).join(" | ");
      columns.push([section.title, entries.map(line).filter(Boolean).join("\n")]);
    } else for (const field of section.fields) columns.push([field.label, inWords(field, entries[0]?.[field.id])]);
  }
  const row = (n) => columns.map((column) => cell(column[n])).join(",");
  // the mark at the beginning tells spreadsheets that this is UTF-8
  return `\uFEFF${row(0)}\r\n${row(1)}\r\n`;
}
