// Fields to write in: label, hint, counter, and a warning where a real person seems to be typed in.
import { h, uid, show } from "./dom.js";

export const LONGEST_TEXT = 10_000;
const COUNT_FROM = 4_000;

// Enough to notice, not to prove. The patterns stand with the words, as they differ from country to country.
const LOOKS_REAL = ["email", "phone", "passport", "identity"];
// the first of each row of ten digits: Thai, Lao, Myanmar, Khmer, full width
const DIGITS = [0x0e50, 0x0ed0, 0x1040, 0x17e0, 0xff10];
const patterns = new Map();

function patternsOf(text) {
  if (!patterns.has(text)) patterns.set(text, text.split("\n").map((one) => new RegExp(one, "iu")));
  return patterns.get(text);
}

function plainDigits(text) {
  const zero = (code) => DIGITS.find((first) => first <= code && code < first + 10);
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0);
    return zero(code) === undefined ? digit : String(code - zero(code));
  });
}

/** What of a real person a text seems to hold: "phone", "email", "passport", "identity", or nothing. */
export function looksReal(text, t) {
  const said = plainDigits(text.slice(0, LONGEST_TEXT));
  return LOOKS_REAL.find((kind) => patternsOf(t(`pattern_${kind}`)).some((pattern) => pattern.test(said)));
}

/** A field for a line or for paragraphs. `label` is text; `labelledby` names an element that is there already. */
export function writing(ctx, { label, labelledby, hint, describedby, rows = 4, line = false, oninput }) {
  const { t } = ctx;
  const id = uid();
  const hintNode = hint && h("p", { class: "cp-hint", id: uid() }, hint);
  const counter = h("p", { class: "cp-hint", id: uid(), hidden: true });
  const warning = h("p", { class: "cp-warning", id: uid(), hidden: true });
  const described = [describedby, hintNode?.id, counter.id, warning.id].filter(Boolean).join(" ");
  const properties = { id, class: "cp-input", "aria-labelledby": labelledby, "aria-describedby": described, autocomplete: "off" };
  const input = h(line ? "input" : "textarea", line ? { ...properties, type: "text" } : { ...properties, rows });

  function look() {
    const { length } = input.value;
    const long = length > LONGEST_TEXT;
    show(counter, length > COUNT_FROM);
    counter.textContent = t(long ? "too_long_count" : "count", { n: length.toLocaleString("en"), of: LONGEST_TEXT.toLocaleString("en") });
    counter.classList.toggle("cp-warning", long);
    input.toggleAttribute("aria-invalid", long);
    if (long) input.setAttribute("aria-invalid", "true");
    const real = looksReal(input.value, t);
    show(warning, Boolean(real));
    warning.textContent = real ? t("looks_real", { what: t(`what_${real}`) }) : "";
  }

  input.addEventListener("input", () => {
    look();
    oninput?.();
  });
  const labelNode = label && h("label", { for: id, class: "cp-label" }, label);
  return {
    node: h("div", { class: "cp-field" }, labelNode, hintNode, input, counter, warning),
    input,
    get value() {
      return input.value;
    },
    set value(text) {
      input.value = typeof text === "string" ? text : "";
      look();
    },
    get tooLong() {
      return input.value.length > LONGEST_TEXT;
    },
  };
}

/** The line that stands by every place to write in. */
export function reminder(ctx) {
  return h("p", { class: "cp-hint cp-reminder", id: uid() }, ctx.t("no_real_victim"));
}

/** A native list. An option that is long is also written out below, as a closed list cuts it off. */
export function picker({ options, empty, label, labelledby, describedby, onchange }) {
  const choices = options.map(({ id, text }) => h("option", { value: id }, text));
  const chosen = h("span", { class: "cp-chosen", "aria-hidden": "true" });
  const properties = { class: "cp-input cp-select", "aria-label": label, "aria-labelledby": labelledby, "aria-describedby": describedby };
  const select = h("select", properties, empty !== undefined && h("option", { value: "" }, empty), choices);

  function look() {
    const text = options.find(({ id }) => id === select.value)?.text ?? "";
    // about so many letters fit; before it is laid out, a list is taken for a narrow one
    const room = select.clientWidth / (parseFloat(getComputedStyle(select).fontSize) * 0.55) - 4 || 0;
    chosen.textContent = text.length > (room > 0 ? room : 26) ? text : "";
  }

  select.addEventListener("change", () => {
    look();
    onchange?.();
  });
  return {
    node: h("div", { class: "cp-pick" }, select, chosen),
    input: select,
    get value() {
      return select.value;
    },
    set value(wanted) {
      select.value = options.some(({ id }) => id === wanted) ? wanted : empty === undefined ? (options[0]?.id ?? "") : "";
      look();
    },
    /** Adds a remark to each option, such as where it is used already. */
    remark(of) {
      options.forEach(({ id, text }, n) => {
        const label = text + of(id);
        if (choices[n].textContent !== label) choices[n].textContent = label;
      });
    },
  };
}
