// Form: a work product that is filled in, kept, saved to a file, opened again and printed. It is sent nowhere.
import { h, paragraphs, uid, slot, tell, button, icon, download, opener, today, show, leadTo } from "./dom.js";
import { reminder } from "./fields.js";
import { answersOf, bytes } from "./store.js";
import { inputOf } from "./inputs.js";
import { LARGEST_FILE, openedFrom, tableOfAnswers, inWords } from "./formfile.js";
import { drawnOf, takenFrom } from "./drawn.js";
import { entriesOf, readout, hasWork } from "./readout.js";
import { printSheet } from "./print.js";
import { addingUp } from "./survey.js";
import { changeOf } from "./change.js";

const LONGEST_HISTORY = 100;
const filledOf = (entry) => Object.keys(entry).length > 0;

export function form(stage, ctx) {
  const { t } = ctx;
  const note = reminder(ctx);
  const sections = stage.sections.map((section) => sectionOf(section));
  const questions = h("ul", { class: "cp-reasons", hidden: true });

  function changed() {
    for (const section of sections) section.look();
    ctx.changed(stage.id);
  }

  // What is taken back: each change of a field once it is left, and each card added, removed or moved. Inside a
  // text the browser's own undo works letter by letter.

  // The line stands there from the first: if it came when a field is left, the button that one was about to press
  // would move away under the pointer.
  const undo = button(t("undo"), () => turnBack());
  const redo = button(t("redo"), () => turnForward(), { class: "cp-button cp-plain" });
  const undoText = h("span", { class: "cp-undo-text" });
  const undoLine = h("div", { class: "cp-undo" }, undo, redo, undoText);
  let past = [];
  let future = [];
  let settled = "{}";
  let turning = false;

  function settle(text) {
    const now = JSON.stringify(value());
    // a field that is taken away while the focus is in it says that it was left
    if (turning || now === settled) return;
    past.push({ text, before: settled, after: now });
    if (past.length > LONGEST_HISTORY) past.shift();
    future = [];
    settled = now;
    offer();
  }

  function forgetPast() {
    past = [];
    future = [];
    settled = JSON.stringify(value());
    offer();
  }

  function offer(text = past.at(-1)?.text ?? "") {
    undo.setAttribute("aria-disabled", String(!past.length));
    redo.setAttribute("aria-disabled", String(!future.length));
    undoText.textContent = text;
  }

  function turnBack() {
    settle("");
    const step = past.pop();
    if (!step) return;
    future.push(step);
    turnTo(step.before, "undone");
  }

  function turnForward() {
    const step = future.pop();
    if (!step) return;
    past.push(step);
    turnTo(step.after, "redone");
  }

  function turnTo(wanted, word) {
    const goal = restore(JSON.parse(wanted));
    settled = wanted;
    offer(t(word));
    changed();
    ctx.live(t(word));
    leadTo(goal ?? node.querySelector("button"));
  }

  function keys(event) {
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    const forward = key === "y" || (key === "z" && event.shiftKey);
    const writes = event.target.matches("textarea, input[type=text]");
    if (writes || event.altKey || !(event.ctrlKey || event.metaKey) || !(back ? past : forward ? future : []).length) return;
    event.preventDefault();
    if (back) turnBack();
    else turnForward();
  }

  function left(event) {
    const label = event.target.closest(".cp-field")?.querySelector("legend, .cp-label, .cp-option span")?.textContent;
    if (label) settle(t("changed_field", { field: label }));
  }

  // sections

  function sectionOf(section) {
    const cards = [];
    const list = h("div", { class: "cp-cards" });
    const add = section.repeat && button(t("add", { card: section.card }), another, { class: "cp-button cp-plain" });
    const title = h("h5", { id: uid() }, section.title);

    function make(values = {}, at = cards.length) {
      const card = cardOf(section, values, { remove, move });
      cards.splice(at, 0, card);
      list.insertBefore(card.node, list.children[at] ?? null);
      return card;
    }

    /** One more card, where there is room. */
    function insert(values) {
      if (cards.length >= section.most) {
        ctx.say(stage.id, t("too_many_cards", { n: section.most }));
        return null;
      }
      const card = make(values);
      number();
      return card;
    }

    function another() {
      settle("");
      const card = insert();
      if (!card) return;
      changed();
      settle(t("added", { card: section.card, n: cards.length }));
      leadTo(card.node.querySelector("input, textarea, select"));
    }

    function remove(card) {
      settle("");
      const at = cards.indexOf(card);
      cards.splice(at, 1);
      turning = true;
      card.node.remove();
      turning = false;
      number();
      changed();
      settle(t("removed", { card: section.card, n: at + 1 }));
      ctx.live(t("removed", { card: section.card, n: at + 1 }));
      undo.focus();
    }

    function move(card, by, focus) {
      const at = cards.indexOf(card);
      const other = cards[at + by];
      if (!other) return;
      settle("");
      // the neighbour is moved, never the card itself: so the focus is not lost
      if (by < 0) card.node.after(other.node);
      else card.node.before(other.node);
      cards.splice(at, 1);
      cards.splice(at + by, 0, card);
      number();
      changed();
      const text = t("card_moved", { card: section.card, n: at + by + 1, of: cards.length });
      settle(text);
      ctx.live(text);
      focus?.focus();
    }

    function number() {
      cards.forEach((card, n) => card.number(n + 1, cards.length));
      brought?.look();
    }

    const counted = section.tally.length > 0 && countsOf(section, cards, t);
    const brought = section.collect && collecting(section, { cards, insert, changed, settle, ctx });
    const taken = section.take && taking(section, { cards, insert, changed, settle, ctx });
    const drawn = h("div", { class: "cp-drawings" });
    const node = h("div", { class: "cp-section", role: "group", "aria-labelledby": title.id, "data-section": section.id }, title, paragraphs(section.text), brought?.node, taken?.node, list, add, counted && counted.node, drawn);

    function look() {
      if (counted) counted.look();
      drawn.replaceChildren(...drawnOf(section, cards.map((card) => card.value), t));
    }

    return {
      ...section,
      node,
      cards,
      look,
      get value() {
        return cards.map((card) => card.value);
      },
      set value(entries) {
        const given = Array.isArray(entries) ? entries.filter((entry) => typeof entry === "object" && entry) : null;
        const wanted = section.repeat ? (given ?? Array(section.start).fill({})).slice(0, section.most) : [given?.[0] ?? {}];
        cards.splice(0);
        list.replaceChildren();
        for (const entry of wanted) make(entry);
        number();
        look();
      },
      get tooLong() {
        return cards.some((card) => card.tooLong);
      },
    };
  }

  function cardOf(section, values, { remove, move }) {
    const fields = section.fields.map((one) => [one, inputOf(one, { ctx, describedby: note.id, changed })]);
    for (const [one, control] of fields) if (one.earlier) showEarlier(one, control, ctx);
    const nodes = h("div", { class: "cp-fields" }, fields.map(([, control]) => control.node));
    const card = {
      node: null,
      get value() {
        return Object.fromEntries(fields.map(([one, control]) => [one.id, control.value]).filter(([, value]) => value.length));
      },
      get tooLong() {
        return fields.some(([, control]) => control.tooLong);
      },
      fill(wanted) {
        for (const [one, control] of fields) control.value = wanted[one.id] ?? "";
      },
      number() {},
    };
    if (section.repeat) repeated(card, section, nodes, { remove, move });
    else card.node = h("div", { class: "cp-entry" }, nodes);
    card.fill(values);
    return card;
  }

  function repeated(card, section, nodes, { remove, move }) {
    const title = h("legend", {});
    const square = { class: "cp-button cp-square" };
    const up = button(icon("up"), () => move(card, -1, up), square);
    const down = button(icon("down"), () => move(card, 1, down), square);
    const away = button(t("remove"), () => remove(card), { class: "cp-button cp-plain cp-remove" });
    card.node = h("fieldset", { class: "cp-card cp-entry", tabIndex: -1 }, title, nodes, h("div", { class: "cp-actions cp-card-tools" }, up, down, away));
    card.number = (n, of) => {
      const names = { card: section.card, n };
      title.textContent = t("card_n", names);
      up.setAttribute("aria-label", t("card_up", names));
      down.setAttribute("aria-label", t("card_down", names));
      away.setAttribute("aria-label", t("remove_card", names));
      // at the ends a button only says that it does nothing: a disabled one would lose the focus
      up.setAttribute("aria-disabled", String(n === 1));
      down.setAttribute("aria-disabled", String(n === of));
    };
  }

  // files

  function value() {
    return Object.fromEntries(sections.map((section) => [section.id, section.value]));
  }

  const filled = (entries) => entries.filter(filledOf).length;

  /** Puts in what is wanted, and leaves alone what stands there already; returns where something changed. */
  function restore(wanted) {
    let goal = null;
    turning = true;
    for (const section of sections) {
      const [before, after] = [section.value, wanted?.[section.id]];
      if (after && JSON.stringify(before) === JSON.stringify(after)) continue;
      section.value = after;
      const at = section.value.findIndex((entry, n) => JSON.stringify(entry) !== JSON.stringify(before[n]));
      goal ??= section.cards[at]?.node ?? section.node.querySelector(":scope > .cp-button") ?? section.node;
    }
    turning = false;
    return goal;
  }

  function open(text) {
    const opened = openedFrom(text, { exercise: ctx.exercise, stage, t });
    if (opened.why) {
      ctx.say(stage.id, t("file_refused", { why: opened.why }));
      return;
    }
    ctx.say(stage.id, "");
    settle("");
    restore(opened.sections);
    changed();
    settle(t("file_opened"));
    offer(t("file_opened"));
    ctx.live(t("file_opened"));
  }

  function save() {
    // a survey's file does not say when it was saved: it is to be anonymous
    const file = { "coptip-form": ctx.exercise.id, stage: stage.id, ...(!stage.csv && { saved: new Date().toISOString() }), sections: value() };
    if (bytes(file) * 1.1 > LARGEST_FILE) {
      ctx.say(stage.id, t("file_too_large_to_save"));
      return;
    }
    download(`coptip-${ctx.exercise.id}${stage.csv ? "" : `-${today()}`}.json`, file);
    ctx.live(t("file_saved"));
  }

  function saveTable() {
    download(`coptip-${ctx.exercise.id}.csv`, tableOfAnswers(stage, value()), "text/csv;charset=utf-8");
    ctx.live(t("file_saved"));
  }

  // a file would stay on a kiosk for the next person
  const files = ctx.exercise.keep !== "memory";
  const plain = { class: "cp-button cp-plain" };
  const print = () => printSheet(ctx, stage.title || ctx.exercise.title, [change && change.node.cloneNode(true), readout(stage, value(), t, { blanks: true })]);
  const tools = h(
    "div",
    { class: "cp-actions" },
    files && button(t("save_file"), save, plain),
    files && opener(t("open_file"), LARGEST_FILE, open, (text) => ctx.say(stage.id, text), t),
    button(t("print"), print, plain),
    files && stage.csv && button(t("save_csv"), saveTable, plain),
  );
  const board = h("div", { class: stage.board ? "cp-board" : "cp-items", onchange: left }, sections.map((section) => section.node));
  const change = stage.change && changeOf(stage, ctx);
  const node = h("div", { onkeydown: keys }, change?.node, note, board, undoLine, tools, stage.csv && ctx.instructor && addingUp(stage, ctx), questions);
  for (const section of sections) section.value = null;
  forgetPast();
  return {
    node,
    check: stage.board ? "check_board" : "check_form",
    follows: Boolean(change),
    read: () => Object.fromEntries(Object.entries(value()).filter(([, entries]) => filled(entries))),
    write(responses) {
      for (const section of sections) section.value = responses?.[section.id];
      forgetPast();
    },
    count: () => [sections.reduce((sum, section) => sum + filled(section.value), 0), null, "progress_cards"],
    refuse: () => (sections.some((section) => section.tooLong) ? t("too_long") : ""),
    show(feedback) {
      change?.look();
      const asked = Object.values(feedback?.items ?? {}).filter((mark) => mark.verdict !== "right" && mark.text);
      show(questions, asked.length > 0);
      questions.replaceChildren(
        ...asked.map((mark) => {
          const place = slot();
          tell(place, mark, (key) => t(["verdict_part", "verdict_info"].includes(key) ? "verdict_ask" : key));
          return h("li", {}, place);
        }),
      );
    },
  };
}

/** How many cards have each option of a field: what is covered is seen at once, and what nobody covers. */
function countsOf(section, cards, t) {
  const fields = section.tally.map((id) => section.fields.find((one) => one.id === id));
  const lines = fields.map((field) => field.options.map((option) => ({ field, option, bar: h("span", { class: "cp-bar" }), number: h("span", { class: "cp-value" }) })));
  const lineOf = ({ option, bar, number }) => h("li", {}, h("span", { class: "cp-count-name" }, option.text), h("span", { class: "cp-track", "aria-hidden": "true" }, bar), number);
  const drawn = fields.map((field, n) => h("div", { class: "cp-count" }, h("p", { class: "cp-label" }, field.label), h("ul", {}, lines[n].map(lineOf))));

  function look() {
    const values = cards.map((card) => card.value);
    const most = Math.max(1, values.length);
    for (const { field, option, bar, number } of lines.flat()) {
      const n = values.filter((value) => [value[field.id] ?? []].flat().includes(option.id)).length;
      bar.style.inlineSize = `${(100 * n) / most}%`;
      number.textContent = n ? String(n) : t("none_yet");
      number.classList.toggle("cp-none", !n);
    }
  }

  return { node: h("details", { class: "cp-counts", open: true }, h("summary", {}, t("what_is_covered")), h("div", { class: "cp-count-grid" }, drawn)), look };
}

/** What was answered in this field before, in another exercise, as far as this browser keeps it. */
function showEarlier(one, control, ctx) {
  const { exercise, stage, section, field } = one.earlier;
  const line = h("p", { class: "cp-earlier cp-hint" });
  const look = () => {
    const before = answersOf(ctx.exercise.keep, exercise, stage)?.[section]?.[0]?.[field];
    const said = before?.length ? inWords(one, before) : "";
    line.textContent = said ? ctx.t("you_said_before", { said }) : ctx.t("nothing_before");
  };
  look();
  control.node.append(line);
  control.node.addEventListener("focusin", look);
}

/** Adds entries as cards while there is room, none whose `name` is here already. Returns how many it added. */
function addFresh(entries, name, { cards, insert }) {
  const here = cards.map((card) => card.value[name]);
  let n = 0;
  for (const entry of entries.filter((one) => !here.includes(one[name]))) {
    const empty = cards.find((card) => !filledOf(card.value));
    if (empty) empty.fill(entry);
    else if (!insert(entry)) break;
    n += 1;
  }
  return n;
}

/** Takes over, as cards, those of a section of another exercise's form; none a second time. */
function taking(section, { cards, insert, changed, settle, ctx }) {
  const { t } = ctx;
  const { take } = section;
  const said = h("p", { class: "cp-hint", role: "status" });
  const [title] = Object.keys(take.fields);

  function bring() {
    settle("");
    const kept = answersOf(ctx.exercise.keep, take.exercise, take.stage);
    const found = takenFrom(take, section, entriesOf({ id: take.section }, kept)).filter((entry) => entry[title]);
    const n = addFresh(found, title, { cards, insert });
    said.textContent = !found.length ? take.text : n ? t("collect_found", { n }) : t("collect_all_here");
    if (!n) return;
    changed();
    settle(t("collect_found", { n }));
  }

  return { node: h("div", { class: "cp-collect" }, button(t("take_over", { title: take.title }), bring, { class: "cp-button cp-plain" }), said) };
}

/** Brings in, as cards, what was made in other exercises, and shows beneath each card what was written there. */
function collecting(section, { cards, insert, changed, settle, ctx }) {
  const { t } = ctx;
  const { of, into, text } = section.collect;
  const said = h("p", { class: "cp-hint", role: "status" });
  const missing = h("div", { class: "cp-hint", hidden: true });
  const foundIn = () => of.map((one) => ({ ...one, responses: answersOf(ctx.exercise.keep, one.exercise, one.stage) })).filter((one) => hasWork(one.view, one.responses));

  function bring() {
    settle("");
    const found = foundIn();
    const n = addFresh(found.map((one) => ({ [into]: one.title })), into, { cards, insert });
    said.textContent = !found.length ? text : n ? t("collect_found", { n }) : t("collect_all_here");
    const absent = of.filter((one) => !found.some(({ exercise, stage }) => exercise === one.exercise && stage === one.stage));
    show(missing, absent.length > 0);
    missing.replaceChildren(t("not_made_yet"), h("ul", {}, absent.map((one) => h("li", {}, one.title))));
    if (!n) return;
    look();
    changed();
    settle(t("collect_found", { n }));
  }

  /** What was written stands beneath the card whose title says so. */
  function look() {
    const found = foundIn();
    for (const card of cards) {
      const one = found.find(({ title }) => title === card.value[into]);
      card.brought?.remove();
      if (!one) continue;
      card.brought = h("details", { class: "cp-brought" }, h("summary", {}, t("what_you_made")), readout(one.view, one.responses, t, { level: 6 }));
      card.node.querySelector(".cp-card-tools").before(card.brought);
    }
  }

  return { node: h("div", { class: "cp-collect" }, button(t("collect"), bring), said, missing), look };
}
