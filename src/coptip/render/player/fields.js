// Fields to write in: label, hint, counter, and a warning where a real person seems to be typed in.
import { h, uid, show } from "./dom.js";

export const LONGEST_TEXT = 10_000;
const COUNT_FROM = 4_000;

// Enough to notice, not to prove: telephone numbers, e-mail addresses, passport numbers.
const LOOKS_REAL = [/(?:\+|\b0)\d(?:[\s().-]?\d){7,}/, /\b\d(?:[\s-]?\d){8,}\b/, /[^\s@]+@[^\s@]+\.[^\s@]+/, /\b[A-Z]{1,2}\d{6,8}\b/];

/** A field for a line or for paragraphs. `label` is text; `labelledby` names an element that is there already. */
export function writing(ctx, { label, labelledby, hint, describedby, rows = 4, line = false, oninput }) {
  const { t } = ctx;
  const id = uid();
  const hintNode = hint && h("p", { class: "cp-hint", id: uid() }, hint);
  const counter = h("p", { class: "cp-hint", id: uid(), hidden: true });
  const warning = h("p", { class: "cp-warning", id: uid(), hidden: true }, t("looks_real"));
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
    show(warning, LOOKS_REAL.some((pattern) => pattern.test(input.value.slice(0, LONGEST_TEXT))));
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
