// The participant's own record: what is done, open, to look at again; saved to a file, opened, forgotten.
// The browser keeps the work, the kernel replays it. There is no score.
import { h, paragraphs, uid, button, asking, download, opener, today, show, translator, icon } from "./dom.js";
import { allWork, writeWork, forgetAll, hasContent, takeTab, bytes } from "./store.js";
import { printSheet } from "./print.js";

const LARGEST_RECORD = 2_000_000;
const ANSWER_WITHIN = 10_000;
// The line to a kernel carries 256 kB at most, so a long record goes in pieces.
const LARGEST_PIECE = 150_000;
const LONGEST_KEPT = 200;

/** Builds the review into `el`; returns what undoes it. */
export function reviewOf(model, el) {
  const view = model.get("exercise");
  const t = translator(model.get("strings"));
  const exercises = view.modules.flatMap((module) => module.exercises.map((one) => ({ ...one, module: module.id })));
  const title = h("h3", { id: uid(), tabIndex: -1 }, view.title);
  const counts = h("p", { class: "cp-summary" });
  const list = h("div", { class: "cp-record" });
  const status = h("p", { class: "cp-problem", role: "status", hidden: true });
  const again = button(t("try_again"), summarise, { class: "cp-button", hidden: true });
  let rows = new Map();
  let pieces = [];
  let loading = null;
  let timer = null;
  let soon = null;

  function say(text, retry = false) {
    status.textContent = text;
    show(status, Boolean(text));
    show(again, retry);
  }

  // the summary

  function summarise() {
    // what was said of a file stays; that no answer came does not
    if (!again.hidden) say("");
    const work = Object.fromEntries(Object.entries(allWork(view.keep)).filter(([, one]) => hasContent(one)));
    rows = new Map();
    paint(work);
    pieces = cut(work).map((part) => ({ action: "summarise", record: { coptip: 1, saved: "", work: part }, ids: Object.keys(part) }));
    next();
  }

  function next() {
    clearTimeout(timer);
    if (!pieces.length) return;
    const { ids: _ids, ...message } = pieces[0];
    send(message);
  }

  function send(message) {
    clearTimeout(timer);
    timer = setTimeout(() => say(t("no_answer"), true), ANSWER_WITHIN);
    try {
      model.send(message);
    } catch {
      say(t("no_answer"), true);
    }
  }

  function heard(message) {
    clearTimeout(timer);
    if (message?.kind === "summary" && pieces.length) {
      const { ids } = pieces.shift();
      for (const row of message.rows.filter((row) => ids.includes(row.id))) rows.set(row.id, row);
      if (!pieces.length) paint(allWork(view.keep));
      next();
    } else if (message?.kind === "loaded" && loading) {
      Object.assign(loading.work, message.record.work);
      if (loading.pieces.length) send({ action: "load", text: loading.pieces.shift() });
      else take();
    } else if (message?.kind === "refused") {
      const text = (message.problems ?? []).slice(0, 5).join(" ");
      say(loading ? t("record_refused", { why: text }) : text);
      loading = null;
      pieces = [];
    } else if (message?.kind === "problem") say(String(message.text));
  }

  const statusOf = (id, work) => rows.get(id)?.status ?? (!hasContent(work[id]) ? "untouched" : ["done", "shown"].includes(work[id].status) ? "done" : "open");

  function paint(work) {
    const states = exercises.map(({ id }) => statusOf(id, work));
    const number = (state) => states.filter((one) => one === state).length;
    counts.textContent = t("record_counts", { done: number("done"), open: number("open"), untouched: number("untouched") });
    list.replaceChildren(...view.modules.map((module) => h("div", { class: "cp-record-module" }, h("h4", {}, module.title), h("ul", {}, module.exercises.map((one) => lineOf(one, work))))));
  }

  function lineOf(one, work) {
    const state = statusOf(one.id, work);
    const shape = { done: "right", open: "part", untouched: "open" }[state];
    const goal = document.getElementById(`exercise-${one.id}`) ?? document.querySelector(`[data-exercise="${CSS.escape(one.id)}"]`);
    const name = goal ? h("a", { href: `#exercise-${one.id}`, onclick: () => follow(one.id) }, one.title) : one.title;
    const looks = rows.get(one.id)?.again ?? [];
    return h(
      "li",
      { "data-status": state },
      h("span", { class: "cp-record-line" }, h("span", { class: "cp-state" }, icon(shape), " ", t(`status_${state}`)), " ", name),
      looks.length > 0 && h("details", {}, h("summary", {}, t("look_again", { n: looks.length })), h("ul", {}, looks.map((look) => h("li", {}, h("b", {}, look.text), paragraphs(look.why))))),
    );
  }

  // an exercise that the page has not built yet still stands there as text
  function follow(id) {
    const goal = document.getElementById(`exercise-${id}`) ?? document.querySelector(`[data-exercise="${CSS.escape(id)}"]`);
    goal?.scrollIntoView();
    if (goal?.tabIndex === -1) goal.focus({ preventScroll: true });
  }

  // the file

  function save() {
    const record = { coptip: 1, saved: new Date().toISOString(), work: {} };
    for (const [id, { version, events, drafts, at }] of Object.entries(allWork(view.keep))) record.work[id] = { version, events, drafts, at };
    download(`coptip-record-${today()}.json`, record);
    say(t("record_saved"));
  }

  function open(text) {
    let file = null;
    try {
      file = JSON.parse(text);
    } catch {
      // said below
    }
    const work = file?.coptip === 1 && typeof file.work === "object" && file.work;
    if (!work || Array.isArray(work)) {
      say(t("record_refused", { why: t("record_none") }));
      return;
    }
    let parts = null;
    try {
      parts = cut(work, true).map((part) => JSON.stringify({ coptip: 1, saved: String(file.saved ?? ""), work: part }));
    } catch {
      // nested so deep that it cannot even be written down again
      say(t("record_refused", { why: t("record_none") }));
      return;
    }
    if (parts.some((part) => bytes(part) > 1.4 * LARGEST_PIECE)) {
      say(t("record_refused", { why: t("record_too_much") }));
      return;
    }
    loading = { work: {}, pieces: parts };
    if (parts.length) send({ action: "load", text: loading.pieces.shift() });
    else take();
  }

  /** Every piece was sound: now, and only now, the record replaces what is kept. */
  function take() {
    for (const [id, work] of Object.entries(loading.work)) {
      const known = exercises.find((one) => one.id === id);
      writeWork(view.keep, id, { ...work, module: known?.module, title: known?.title, status: "tried", at: new Date().toISOString() });
    }
    loading = null;
    takeTab(view.keep);
    window.dispatchEvent(new CustomEvent("coptip:restore-all"));
    summarise();
    say(t("record_opened"));
  }

  function forget() {
    forgetAll(view.keep);
    summarise();
    say(t("forgotten"));
  }

  function printed() {
    const work = allWork(view.keep);
    const again = (look) => h("p", {}, h("b", {}, look.text), " ", look.why);
    const printedLine = ({ id, title: name }) =>
      h("li", {}, `${name}: ${t(`status_${statusOf(id, work)}`)}`, (rows.get(id)?.again ?? []).map(again));
    return [
      h("p", {}, counts.textContent),
      view.modules.map((module) => [
        h("h2", {}, module.title),
        h("ul", {}, module.exercises.map(printedLine)),
      ]),
    ];
  }

  const plain = { class: "cp-button cp-plain" };
  const inBrowser = view.keep === "browser";
  const files = inBrowser && [button(t("save_record"), save), opener(t("open_record"), LARGEST_RECORD, open, say, t)];
  const print = button(t("print"), () => printSheet({ t }, view.title, printed()), plain);
  const empty = asking(t(inBrowser ? "forget_browser" : "forget_page"), t("forget_sure"), t("forget_yes"), t("no_go_back"), forget);
  const tools = h("div", { class: "cp-actions" }, files, print, empty);
  const intro = paragraphs(t(inBrowser ? "record_intro" : "record_intro_page"));
  const properties = { class: "coptip cp-review", id: `exercise-${view.id}`, tabIndex: -1, "aria-labelledby": title.id };
  el.append(h("section", properties, title, intro, counts, list, tools, status, again));

  const later = () => {
    clearTimeout(soon);
    soon = setTimeout(summarise, 800);
  };
  model.on("msg:custom", heard);
  window.addEventListener("coptip:changed", later);
  summarise();
  return () => {
    clearTimeout(timer);
    clearTimeout(soon);
    model.off("msg:custom", heard);
    window.removeEventListener("coptip:changed", later);
  };
}

/** Work in pieces small enough for the line. Whole for a file; for a summary only what it needs of it. */
function cut(work, whole = false) {
  const parts = [];
  let size = Infinity;
  for (const [id, one] of Object.entries(work)) {
    const carried = whole ? one : slim(one);
    const add = bytes(carried);
    if (size + add > LARGEST_PIECE) {
      parts.push(Object.create(null)); // in which every name is but a name
      size = 0;
    }
    parts.at(-1)[id] = carried;
    size += add;
  }
  return parts;
}

/** A summary needs to know that something was written, not all of it. */
function slim({ version, events, drafts, at }) {
  const short = (_key, value) => (typeof value === "string" && value.length > LONGEST_KEPT ? value.slice(0, LONGEST_KEPT) : value);
  const begun = Object.fromEntries(Object.keys(drafts).map((stage) => [stage, {}]));
  return { version, events: JSON.parse(JSON.stringify(events, short)), drafts: begun, at };
}
