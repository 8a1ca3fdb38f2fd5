// An exercise (or a figure): its frame, its stages, the talk with the kernel, and what the browser keeps of it.
import { h, paragraphs, button, asking, translator, leadTo, show, table, uid } from "./dom.js";
import { keeper, isMine, takeTab, hasContent } from "./store.js";
import { stageOf } from "./stage.js";

const PATIENCE = 8_500;

/** Builds the exercise into `el`; returns what undoes it. */
export function exerciseOf(model, el) {
  const exercise = model.get("exercise");
  const t = translator(model.get("strings"));
  const isFigure = exercise.type === "figure";
  const store = keeper(exercise, () => live(t("storage_full")));
  const status = h("div", { class: "cp-hidden", role: "status", "aria-live": "polite" });
  const offerBox = h("div", { class: "cp-quiet-box cp-offer", hidden: true });
  const takeaway = h("div", { class: "cp-takeaway cp-quiet-box", hidden: true });
  const title = h("h3", { id: uid(), tabIndex: -1 }, exercise.title, !isFigure && h("span", { class: "cp-minutes" }, " ", t("minutes", { n: exercise.minutes })));
  const root = h("section", { class: `coptip cp-exercise${isFigure ? " cp-is-figure" : ""}`, id: `exercise-${exercise.id}`, tabIndex: -1, "aria-labelledby": title.id });
  const opened = new Set([0]);
  let pending = null;
  let unanswered = null;
  let reached = {};

  const ctx = {
    exercise,
    t,
    root,
    live,
    act,
    reset,
    open,
    instructor: exercise.instructor,
    isOpen: (n) => opened.has(n),
    say: (id, text) => stageNamed(id).say(text),
    feedbackOf: (id) => stageNamed(id).feedback,
    answersIn: (id) => stageNamed(id).view.read(),
    eventsOf: (id) => store.work.events.filter((event) => event.stage === id),
    /** A person changed something in a stage: keep it, and take back what was said of the old answer. */
    changed(id) {
      const first = !store.work.at;
      if (!isFigure) store.draft(id, stageNamed(id).view.read());
      if (first) keepStatus();
      stageNamed(id).look();
    },
    /** Asks the kernel something that changes nothing; the stage's `heard` gets what it says. */
    ask(id, content) {
      return transmit({ ...content, stage: id });
    },
    /** A move of a model: no answer is awaited. */
    send(action, id, responses) {
      const event = { action, stage: id, responses, at: new Date().toISOString() };
      if (!isFigure) store.note(event, pins(id));
      transmit(event);
    },
  };
  const stages = exercise.stages.map((stage, n) => stageOf(stage, n, ctx));
  const stageNamed = (id) => stages.find((stage) => stage.id === id);

  /** Whether the last move of a model reached something, so that it must stay in the record. */
  function pins(id) {
    const done = stageNamed(id).view.reached?.(stageNamed(id).feedback) ?? 0;
    const more = done > (reached[id] ?? 0);
    reached[id] = done;
    return more;
  }

  function live(text) {
    // emptied first, so that the same words are read out again
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50);
  }

  // talking with the kernel

  function transmit(event) {
    try {
      model.send(event);
      return true;
    } catch {
      return false;
    }
  }

  /** Sends something that the kernel answers. While one answer is awaited, further clicks do nothing. */
  function act(action, id, responses) {
    if (pending) return;
    const stage = stageNamed(id);
    const event = { action, stage: id, at: new Date().toISOString(), ...(responses && { responses }) };
    stage.say("");
    // what was never answered is asked once more, not twice
    if (unanswered) store.withdraw(unanswered);
    unanswered = null;
    if (!isFigure) store.asks(event);
    if (action !== "show" && !isFigure) store.note(event, action === "set" && pins(id));
    const late = () => {
      unanswered = settle();
      stage.say(t("no_answer"), () => act(action, id, responses));
    };
    pending = { event, stage, timer: setTimeout(late, PATIENCE) };
    stage.waiting(true);
    if (!transmit(event)) late();
  }

  function settle() {
    if (!pending) return null;
    const { event, stage, timer } = pending;
    clearTimeout(timer);
    stage.waiting(false);
    pending = null;
    return event;
  }

  function answered() {
    const event = settle() ?? unanswered;
    unanswered = null;
    store.asks(null);
    if (event) stageNamed(event.stage).say("");
    refresh();
    if (event) stageNamed(event.stage).announce(event);
    keepStatus();
  }

  function refused(message) {
    if (message?.kind === "missed") stages.find(({ id }) => id === message.stage)?.view.heard?.(message);
    if (message?.kind !== "problem") return;
    const event = settle() ?? unanswered;
    unanswered = null;
    if (event) store.withdraw(event);
    (event ? stageNamed(event.stage) : stages[0]).say(String(message.text));
  }

  function refresh() {
    const feedback = model.get("feedback") ?? {};
    const responses = model.get("responses") ?? {};
    stages.forEach((stage, n) => {
      stage.refresh(feedback[stage.id], responses[stage.id]);
      if (stage.isDone() && n + 1 < stages.length) open(n + 1);
    });
    // what one stage shows may rest on another
    for (const stage of stages) if (stage.view.follows) stage.look();
    const whole = feedback[""];
    show(takeaway, Boolean(whole?.takeaway));
    if (whole?.takeaway) takeaway.replaceChildren(h("p", { class: "cp-answer-title" }, t("takeaway")), ...paragraphs(whole.takeaway));
  }

  function keepStatus() {
    if (isFigure) return;
    const feedback = model.get("feedback") ?? {};
    const states = stages.map((stage) => feedback[stage.id]?.status ?? "open");
    const began = hasContent(store.work);
    const told = feedback[""]?.done ? (states.includes("shown") ? "shown" : "done") : began ? "tried" : "";
    store.status(told || "open");
    window.dispatchEvent(new CustomEvent("coptip:changed", { detail: { id: exercise.id, status: told } }));
  }

  // stages, one after another

  function open(n, lead = false) {
    if (!stages[n]) return;
    opened.add(n);
    show(stages[n].node, true);
    stages[n - 1]?.hideOnward();
    if (lead) leadTo(stages[n].heading);
  }

  function reset(id) {
    settle();
    unanswered = null;
    store.empty(id);
    for (const stage of stages.filter((one) => id === null || one.id === id)) {
      stage.clear();
      if (stage.feedback && !stage.feedback.settings) stage.refresh(undefined, undefined);
      reached[stage.id] = 0;
    }
    transmit({ action: "reset", stage: id });
    live(t("emptied"));
    keepStatus();
  }

  // what was kept

  /** The answers to show in a stage: what was typed last, else what was checked last. */
  function lastOf(id, work) {
    const sent = work.events.filter((event) => event.stage === id && event.responses).map((event) => event.responses);
    const known = model.get("responses")?.[id];
    const isModel = exercise.stages.find((stage) => stage.id === id).interaction === "model";
    if (isModel) return Object.assign({}, known, ...sent, work.drafts[id]);
    return work.drafts[id] ?? sent.at(-1) ?? known;
  }

  function fill(work) {
    const touched = new Set([...work.events.map((event) => event.stage), ...Object.keys(work.drafts)]);
    stages.forEach((stage, n) => {
      const last = lastOf(stage.id, work);
      try {
        if (last) stage.view.write(last);
      } catch {
        // work on an older version may not fit any more: what fits is shown
      }
      if (touched.has(stage.id)) for (let k = 1; k <= n; k += 1) open(k);
      stage.look();
    });
  }

  function bringBack(work) {
    store.adopt(work);
    show(offerBox, false);
    fill(work);
    // the drafts are shown by the page; the kernel has no use for them, and a long one may not fit the line
    transmit({ action: "restore", events: store.work.events, drafts: {} });
  }

  function offer() {
    const found = store.earlier();
    show(offerBox, Boolean(found));
    if (!found) return;
    const older = found.version && found.version !== exercise.version;
    offerBox.replaceChildren(
      h("p", {}, t("earlier_work"), older && ` ${t("earlier_version")}`),
      h(
        "div",
        { class: "cp-actions" },
        button(t("bring_back"), () => {
          bringBack(found);
          leadTo(title);
          live(t("brought_back"));
        }),
        button(t("bring_all_back"), () => {
          takeTab(exercise.keep);
          window.dispatchEvent(new CustomEvent("coptip:restore-all"));
          leadTo(title);
          live(t("brought_back"));
        }),
        asking(t("discard"), t("discard_sure"), t("discard_yes"), t("no_go_back"), () => {
          store.discard();
          show(offerBox, false);
          leadTo(title);
          keepStatus();
        }),
      ),
    );
  }

  function restoreAll() {
    const found = store.work.at ? (store.work.earlier ?? store.kept()) : store.earlier();
    if (found && found.at !== store.work.at) bringBack(found);
    show(offerBox, false);
  }

  function forgetAll() {
    settle();
    store.forget();
    for (const stage of stages) stage.clear();
    transmit({ action: "reset", stage: null });
    show(offerBox, false);
    keepStatus();
  }

  // the frame

  root.append(
    title,
    ...[exercise.content_note && contentNote(exercise.content_note, root, t)].filter(Boolean),
    offerBox,
    ...paragraphs(isFigure ? "" : exercise.intro),
    ...[exercise.instructor && instructorNotes(exercise, ctx, () => stages.forEach((_, n) => open(n)))].filter(Boolean),
    ...stages.map((stage) => stage.node),
    takeaway,
    ...[stages.length > 1 && h("div", { class: "cp-actions cp-last" }, asking(t("start_all_again"), t("start_all_sure"), t("start_again_yes"), t("no_go_back"), () => reset(null)))].filter(Boolean),
    ...[exercise.sources?.length && sourcesOf(exercise.sources, t)].filter(Boolean),
    status,
  );
  for (const stage of stages) stage.view.write({});
  refresh();
  el.append(root);

  const underway = Object.keys(model.get("responses") ?? {}).length > 0;
  const found = isFigure ? null : store.kept();
  if (found && underway) {
    store.adopt(found);
    fill(found);
    refresh();
  } else if (underway) fill({ events: [], drafts: {} });
  else if (found && isMine(exercise.keep) && hasContent(found)) bringBack(found);
  if (!isFigure) offer();

  const flush = () => store.flush();
  const heard = [["coptip:restore-all", restoreAll], ["coptip:forget-all", forgetAll], ["pagehide", flush]];
  model.on("change:feedback", answered);
  model.on("msg:custom", refused);
  for (const stage of stages) stage.view.begin?.();
  if (!isFigure) for (const [name, listener] of heard) window.addEventListener(name, listener);
  return () => {
    store.flush();
    settle();
    model.off("change:feedback", answered);
    model.off("msg:custom", refused);
    for (const [name, listener] of heard) window.removeEventListener(name, listener);
  };
}

function contentNote(text, root, t) {
  const skip = button(t("skip_exercise"), () => {
    const follows = (other) => !root.contains(other) && root.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    const after = [...document.querySelectorAll(".coptip")].find(follows);
    leadTo(after?.querySelector("h3") ?? root.querySelector(".cp-stage:last-of-type .cp-actions button"));
  }, { class: "cp-button cp-plain" });
  return h("div", { class: "cp-quiet-box cp-content-note" }, h("p", { class: "cp-answer-title" }, t("content_note")), paragraphs(text), skip);
}

function instructorNotes(exercise, ctx, openAll) {
  const { t } = ctx;
  const notes = exercise.instructor;
  const named = ["trap", "prepare", "watch_for", "debrief", "short_of_time"].filter((key) => notes[key]);
  const columns = ["criterion", "thin", "fair", "strong"];
  const rubrics = (notes.rubric ?? []).map((one) =>
    table({ caption: t("rubric"), columns: columns.map((key) => t(`rubric_${key}`)), rows: one.rows.map((row) => columns.map((key) => row[key])) }),
  );
  return h(
    "details",
    { class: "cp-instructor" },
    h("summary", {}, t("instructor_notes")),
    h("dl", {}, named.map((key) => [h("dt", {}, t(`instructor_${key}`)), h("dd", {}, paragraphs(notes[key]))])),
    rubrics,
    exercise.stages.length > 1 && button(t("open_all"), openAll, { class: "cp-button cp-plain" }),
  );
}

function sourcesOf(sources, t) {
  const safe = (url) => /^https?:\/\//.test(url);
  const link = (url) => [" ", h("a", { href: url, rel: "noopener noreferrer", class: "external" }, url)];
  const lines = sources.map((source) => h("li", {}, source.text, source.urls.filter(safe).map(link)));
  return h("details", { class: "cp-sources" }, h("summary", {}, t("sources")), h("ul", {}, lines));
}
