// Form: a work product that is filled in, kept, saved to a file, opened again and printed. It is sent nowhere.
import { h, paragraphs, uid, slot, tell, button, download, opener, today, show, leadTo } from "./dom.js";
import { writing, reminder, picker } from "./fields.js";
import { printSheet } from "./print.js";

const LARGEST_FILE = 1_000_000;
const MOST_CARDS = 60;

export function form(stage, ctx) {
  const { t } = ctx;
  const note = reminder(ctx);
  const sections = stage.sections.map((section) => sectionOf(section));
  const questions = h("ul", { class: "cp-reasons", hidden: true });
  const undo = button(t("undo"), takeBack, { class: "cp-button", hidden: true });
  const undoText = h("span", {});
  const undoLine = h("p", { class: "cp-undo", hidden: true }, undoText, " ", undo);
  const undone = [];

  function changed() {
    ctx.changed(stage.id);
  }

  // Only what changes the structure is taken back here; inside a field the browser's own undo works.
  function remember(text, back) {
    undone.push({ text, back });
    offer();
  }

  function offer() {
    const last = undone.at(-1);
    show(undoLine, Boolean(last));
    show(undo, Boolean(last));
    undoText.textContent = last?.text ?? "";
  }

  function takeBack() {
    const last = undone.pop();
    if (!last) return;
    const goal = last.back();
    offer();
    changed();
    ctx.live(t("undone"));
    leadTo(goal ?? node.querySelector("button"));
  }

  function keys(event) {
    const writes = event.target.matches("textarea, input[type=text]");
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || writes || !undone.length) return;
    event.preventDefault();
    takeBack();
  }

  // sections

  function sectionOf(section) {
    const cards = [];
    const list = h("div", { class: "cp-cards" });
    const another = () => leadTo(insert().node.querySelector("input, textarea, select"));
    const add = section.repeat && button(t("add", { card: section.card }), another, { class: "cp-button cp-plain" });
    const title = h("h5", { id: uid() }, section.title);

    function insert(values = {}, at = cards.length) {
      if (cards.length >= MOST_CARDS) {
        ctx.say(stage.id, t("too_many_cards", { n: MOST_CARDS }));
        return cards.at(-1);
      }
      const card = cardOf(section, values, remove);
      cards.splice(at, 0, card);
      list.insertBefore(card.node, list.children[at] ?? null);
      number();
      changed();
      return card;
    }

    function remove(card) {
      const at = cards.indexOf(card);
      const values = card.value;
      drop(card);
      remember(t("removed", { card: section.card, n: at + 1 }), () => insert(values, at).node);
      ctx.live(t("removed", { card: section.card, n: at + 1 }));
      undo.focus();
      changed();
    }

    function drop(card) {
      cards.splice(cards.indexOf(card), 1);
      card.node.remove();
      number();
    }

    function number() {
      cards.forEach((card, n) => card.number(n + 1));
    }

    const node = h("div", { class: "cp-section", role: "group", "aria-labelledby": title.id }, title, paragraphs(section.text), list, add);
    return {
      ...section,
      node,
      insert,
      get value() {
        return cards.map((card) => card.value);
      },
      set value(entries) {
        const wanted = Array.isArray(entries) ? entries.filter((entry) => typeof entry === "object" && entry) : [];
        [...cards].forEach(drop);
        const few = section.repeat ? wanted.slice(0, MOST_CARDS) : [wanted[0] ?? {}];
        few.forEach((entry, n) => {
          const card = cardOf(section, entry, remove);
          cards.push(card);
          list.append(card.node);
          card.number(n + 1);
        });
      },
      get tooLong() {
        return cards.some((card) => card.tooLong);
      },
    };
  }

  function cardOf(section, values, remove) {
    const fields = section.fields.map((one) => [one, fieldOf(one)]);
    const title = h("legend", {}, section.title);
    const away = button(t("remove"), () => remove(card), { class: "cp-button cp-plain cp-remove" });
    const nodes = fields.map(([, control]) => control.node);
    const node = section.repeat ? h("fieldset", { class: "cp-card cp-entry" }, title, nodes, away) : h("div", { class: "cp-entry" }, nodes);
    const card = {
      node,
      get value() {
        return Object.fromEntries(fields.map(([one, control]) => [one.id, control.value]).filter(([, value]) => value));
      },
      get tooLong() {
        return fields.some(([, control]) => control.tooLong);
      },
      number(n) {
        title.textContent = t("card_n", { card: section.card, n });
        away.setAttribute("aria-label", t("remove_card", { card: section.card, n }));
      },
    };
    for (const [one, control] of fields) control.value = typeof values[one.id] === "string" ? values[one.id] : "";
    return card;
  }

  function fieldOf({ label, input, options, hint }) {
    if (input !== "choice") return writing(ctx, { label, hint, describedby: note.id, line: input === "line", rows: 3, oninput: changed });
    const name = uid();
    const control = picker({ options, empty: t("choose"), labelledby: name, onchange: changed });
    control.node.prepend(h("span", { class: "cp-label", id: name }, label), ...[hint && h("p", { class: "cp-hint" }, hint)].filter(Boolean));
    control.node.classList.add("cp-field");
    return control;
  }

  // files

  function value() {
    return Object.fromEntries(sections.map((section) => [section.id, section.value]));
  }

  const filled = (entries) => entries.filter((entry) => Object.keys(entry).length).length;

  function restore(entries) {
    for (const section of sections) section.value = entries?.[section.id];
  }

  function open(text) {
    let file = null;
    try {
      file = JSON.parse(text);
    } catch {
      // the reason is given below
    }
    const why = fault(file);
    if (why) {
      ctx.say(stage.id, t("file_refused", { why }));
      return;
    }
    const before = value();
    restore(file.sections);
    remember(t("file_opened"), () => restore(before));
    changed();
    ctx.live(t("file_opened"));
  }

  /** Why a file is no work product of this form; "" when it is. */
  function fault(file) {
    if (typeof file !== "object" || !file || !file["coptip-form"] || typeof file.sections !== "object" || !file.sections) return t("file_no_form");
    if (file["coptip-form"] !== ctx.exercise.id) return t("file_other_form", { id: String(file["coptip-form"]).slice(0, 60) });
    for (const [id, entries] of Object.entries(file.sections)) {
      const section = sections.find((one) => one.id === id);
      if (!section) return t("file_unknown", { id: id.slice(0, 60) });
      if (!Array.isArray(entries)) return t("file_damaged", { id });
      if (entries.length > (section.repeat ? MOST_CARDS : 1)) return t("file_damaged", { id });
      for (const entry of entries) {
        if (typeof entry !== "object" || !entry || Array.isArray(entry)) return t("file_damaged", { id });
        for (const [name, said] of Object.entries(entry)) {
          const known = section.fields.find((one) => one.id === name);
          if (!known) return t("file_unknown", { id: `${id}: ${name.slice(0, 60)}` });
          const fits = typeof said === "string" && (known.input !== "choice" || known.options.some((option) => option.id === said));
          if (!fits) return t("file_damaged", { id: `${id}: ${name}` });
        }
      }
    }
    return "";
  }

  function printed() {
    const said = (one, value) => one.options.find(({ id }) => id === value)?.text ?? value;
    const line = (one, entry) => entry[one.id] && [h("dt", {}, one.label), h("dd", {}, said(one, entry[one.id]))];
    const card = (section, entry) => h("dl", { class: "cp-printed" }, section.fields.map((one) => line(one, entry)));
    const entries = (section) => section.value.filter((entry) => Object.keys(entry).length);
    return sections.map((section) => [h("h2", {}, section.title), entries(section).map((entry) => card(section, entry))]);
  }

  function save() {
    const file = { "coptip-form": ctx.exercise.id, saved: new Date().toISOString(), sections: value() };
    download(`coptip-${ctx.exercise.id}-${today()}.json`, file);
  }

  const tools = h(
    "div",
    { class: "cp-actions" },
    button(t("save_file"), save, { class: "cp-button cp-plain" }),
    opener(t("open_file"), LARGEST_FILE, open, (text) => ctx.say(stage.id, text), t),
    button(t("print"), () => printSheet(ctx, ctx.exercise.title, printed()), { class: "cp-button cp-plain" }),
  );
  const board = h("div", { class: stage.board ? "cp-board" : "cp-items" }, sections.map((section) => section.node));
  const node = h("div", { onkeydown: keys }, note, board, undoLine, tools, questions);
  for (const section of sections) section.value = [];
  return {
    node,
    check: stage.board ? "check_board" : "check_form",
    read: () => Object.fromEntries(Object.entries(value()).filter(([, entries]) => filled(entries))),
    write(responses) {
      restore(responses);
      undone.length = 0;
      offer();
    },
    count: () => [sections.reduce((sum, section) => sum + filled(section.value), 0), null, "progress_cards"],
    refuse: () => (sections.some((section) => section.tooLong) ? t("too_long") : ""),
    show(feedback) {
      const asked = Object.values(feedback?.items ?? {}).filter((mark) => mark.verdict !== "right" && mark.text);
      show(questions, asked.length > 0);
      questions.replaceChildren(
        ...asked.map((mark) => {
          const place = slot();
          tell(place, mark, (key) => t(key === "verdict_part" ? "verdict_ask" : key));
          return h("li", {}, place);
        }),
      );
    },
  };
}
