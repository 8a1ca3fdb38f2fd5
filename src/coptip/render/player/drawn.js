// Pictures of what stands in a form, each a table at the same time: bars of numbers, and cards laid out by two lists.
import { h, table } from "./dom.js";
import { inWords } from "./formfile.js";

/** What a section draws of its entries, as nodes; nothing where it draws nothing. */
export function drawnOf(section, entries, t) {
  return [section.bars && barsDrawn(section, entries[0] ?? {}, t), section.grid && gridDrawn(section, entries, t)].filter(Boolean);
}

function barsDrawn(section, entry, t) {
  const fields = section.fields.filter((field) => field.input === "number");
  const numbers = fields.map((field) => Math.max(0, Number.parseInt(entry[field.id], 10) || 0));
  const sum = numbers.reduce((one, other) => one + other, 0);
  const most = Math.max(...numbers, 1);
  const rows = fields.map((field, n) => {
    const bar = h("span", { class: "cp-bar" });
    bar.style.inlineSize = `${(100 * numbers[n]) / most}%`;
    const entered = String(entry[field.id] ?? "").trim();
    const said = entered ? `${numbers[n]} ${field.unit}`.trim() : t("not_said");
    const share = entered && sum ? `${Math.round((100 * numbers[n]) / sum)} %` : "–";
    return [field.label, [h("span", { class: "cp-track", "aria-hidden": "true" }, bar), said], share];
  });
  return table({ caption: section.bars, columns: [t("bars_part"), t("bars_number"), t("bars_share")], rows, css: "cp-drawn" });
}

function gridDrawn(section, entries, t) {
  const { rows, columns, label, text, look } = section.grid;
  const [down, across] = [rows, columns].map((id) => section.fields.find((field) => field.id === id));
  const has = (entry, field, option) => [entry[field.id] ?? []].flat().includes(option.id);
  const name = (entry) => String(entry[label] ?? "").trim() || t("card_n", { card: section.card, n: entries.indexOf(entry) + 1 });
  const filled = entries.filter((entry) => Object.keys(entry).length);
  const at = (row, column) => filled.filter((entry) => has(entry, down, row) && has(entry, across, column));
  const placed = new Set();
  const cells = down.options.map((row) => [
    row.text,
    ...across.options.map((column) => {
      const here = at(row, column);
      for (const entry of here) placed.add(entry);
      return here.length ? here.map(name).join("; ") : h("span", { class: "cp-none" }, t("grid_hole"));
    }),
  ]);
  const columnNames = [`${down.label} / ${across.label}`, ...across.options.map((option) => option.text)];
  const first = look ? filled.filter((entry) => [entry[rows] ?? []].flat().includes(look.row) && [entry[columns] ?? []].flat().includes(look.column)) : [];
  const loose = filled.filter((entry) => !placed.has(entry));
  return h(
    "div",
    { class: "cp-drawn" },
    table({ caption: text, columns: columnNames, rows: cells }),
    first.length > 0 && h("p", { class: "cp-look" }, h("strong", {}, look.text), ` ${first.map(name).join("; ")}`),
    loose.length > 0 && h("p", { class: "cp-hint" }, t("grid_loose", { said: loose.map(name).join("; ") })),
  );
}

/** Cards of another exercise's form, as entries of this section, in this section's own words. */
export function takenFrom(take, section, entries) {
  const wordsOf = (to, from, value) => {
    const same = section.fields.find((field) => field.id === to)?.options?.length;
    return same ? value : inWords(take.there.find((field) => field.id === from), value);
  };
  return entries.map((entry) =>
    Object.fromEntries(
      Object.entries(take.fields)
        .map(([to, from]) => [to, wordsOf(to, from, entry[from] ?? "")])
        .filter(([, value]) => value.length),
    ),
  );
}
