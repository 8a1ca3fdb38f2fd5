// The inputs of a form's fields. Each control has `node`, `value` (a text, or a list of ids) and `tooLong`.
import { h, uid, segmented, show } from "./dom.js";
import { writing, picker } from "./fields.js";

/** The control of one field. `changed` is called whenever a person changes it. */
export function inputOf(one, { ctx, describedby, changed }) {
  switch (one.input) {
    case "choice":
      return choosing(one, ctx, changed);
    case "many":
      return ticking(one, ctx, changed);
    case "tick":
      return tickBox(one, changed);
    case "number":
      return numeral(one, ctx, changed);
    case "scale":
      return scaleOf(one, ctx, changed);
    case "date":
      return dayOf(one, changed);
    default:
      return writing(ctx, { label: one.label, hint: one.hint, describedby, line: one.input !== "paragraph", rows: 3, oninput: changed });
  }
}

const fieldHint = (one) => one.hint && h("p", { class: "cp-hint", id: uid() }, one.hint);
const described = (...nodes) => nodes.filter(Boolean).map((node) => node.id).join(" ") || null;

function choosing(one, { t }, changed) {
  const label = h("span", { class: "cp-label", id: uid() }, one.label);
  const hint = fieldHint(one);
  const control = picker({ options: one.options, empty: t("choose"), labelledby: label.id, describedby: described(hint), onchange: changed });
  control.node.prepend(label, ...[hint].filter(Boolean));
  control.node.classList.add("cp-field");
  return control;
}

function ticking(one, { t }, changed) {
  const hint = h("p", { class: "cp-hint", id: uid() }, one.hint || t("tick_any"));
  const boxes = one.options.map(({ id, text }) => {
    const input = h("input", { type: "checkbox", value: id, onchange: changed });
    return { id, input, node: h("label", { class: "cp-option" }, input, h("span", {}, text)) };
  });
  const legend = h("legend", { class: "cp-label" }, one.label);
  return {
    node: h("fieldset", { class: "cp-field cp-many-of", "aria-describedby": hint.id }, legend, hint, h("div", { class: "cp-options" }, boxes.map((box) => box.node))),
    get value() {
      return boxes.filter(({ input }) => input.checked).map(({ id }) => id);
    },
    set value(wanted) {
      const list = Array.isArray(wanted) ? wanted : [];
      for (const { id, input } of boxes) input.checked = list.includes(id);
    },
  };
}

function tickBox(one, changed) {
  const hint = fieldHint(one);
  const input = h("input", { type: "checkbox", value: "yes", onchange: changed, "aria-describedby": described(hint) });
  return {
    node: h("div", { class: "cp-field" }, h("label", { class: "cp-option" }, input, h("span", {}, one.label)), hint),
    get value() {
      return input.checked ? "yes" : "";
    },
    set value(wanted) {
      input.checked = wanted === "yes";
    },
  };
}

/** A number is kept as it was typed; what is no number of this field is said, and counts as not filled in. */
function numeral(one, { t }, changed) {
  const id = uid();
  const bounds = { low: one.low, high: one.high };
  const which = one.low !== null && one.high !== null ? "whole_between" : one.low !== null ? "whole_from" : one.high !== null ? "whole_to" : "whole_number";
  const hint = fieldHint(one);
  const wrong = h("p", { class: "cp-warning", id: uid(), hidden: true }, t(which, bounds));
  const label = h("label", { id: uid(), for: id, class: "cp-label" }, one.label);
  const slider = one.slider && h("input", { type: "range", class: "cp-range", min: one.low, max: one.high, "aria-labelledby": label.id });
  const input = h("input", { id, type: "text", inputmode: "numeric", class: "cp-input cp-small", autocomplete: "off", "aria-describedby": described(hint, wrong) });
  const fits = () => numberIn(one, input.value) !== null;

  function look() {
    const amiss = Boolean(input.value.trim()) && !fits();
    show(wrong, amiss);
    if (amiss) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (slider) slider.value = numberIn(one, input.value) ?? one.low;
  }

  function move() {
    look();
    changed();
  }

  input.addEventListener("input", move);
  if (slider) {
    slider.addEventListener("input", () => {
      input.value = slider.value;
      move();
    });
  }
  const unit = one.unit && h("span", { class: "cp-unit" }, ` ${one.unit}`);
  return {
    node: h("div", { class: "cp-field" }, label, hint, h("span", { class: "cp-line" }, input, unit), slider, wrong),
    get value() {
      return input.value;
    },
    set value(text) {
      input.value = typeof text === "string" ? text : "";
      look();
    },
  };
}

/** The whole number in a text, if the field takes it; else null. */
export function numberIn(one, text) {
  if (!/^-?[0-9]{1,9}$/.test(text.trim())) return null;
  const n = Number(text);
  return (one.low ?? n) <= n && n <= (one.high ?? n) ? n : null;
}

export function stepsOf({ low, high }) {
  return Array.from({ length: high - low + 1 }, (_, n) => String(low + n));
}

function scaleOf(one, { t }, changed) {
  const label = h("span", { class: "cp-label", id: uid() }, one.label);
  const hint = h("p", { class: "cp-hint", id: uid() }, one.hint && `${one.hint} `, t("scale_ends", one));
  const control = segmented(stepsOf(one).map((step) => ({ id: step, text: step })), { labelledby: label.id, describedby: hint.id, onchange: changed });
  control.node.classList.add("cp-scale");
  return {
    node: h("div", { class: "cp-field" }, label, hint, control.node),
    get value() {
      return control.value;
    },
    set value(wanted) {
      control.value = wanted;
    },
  };
}

function dayOf(one, changed) {
  const id = uid();
  const hint = fieldHint(one);
  const input = h("input", { id, type: "date", class: "cp-input cp-day", min: "1990-01-01", max: "2099-12-31", oninput: changed, "aria-describedby": described(hint) });
  return {
    node: h("div", { class: "cp-field" }, h("label", { for: id, class: "cp-label" }, one.label), hint, input),
    get value() {
      return input.value;
    },
    set value(text) {
      input.value = isDay(text) ? text : "";
    },
  };
}

export function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
