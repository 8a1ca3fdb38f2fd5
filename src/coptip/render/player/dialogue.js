// Dialogue: talk with somebody, line by line. The kernel answers each line; here is only what was reached. After an
// ending the whole talk stands there once more, turn by turn, with its meters and the better lines.
import { h, paragraphs, uid, button, asking, tell, slot, frame, show, leadTo } from "./dom.js";
import { printSheet } from "./print.js";

const HIGHEST = 10;

export function dialogue(stage, ctx) {
  const { t } = ctx;
  const officer = stage.officer || t("you");
  const name = (who) => (who === "officer" ? officer : stage.person);
  const log = h("div", { class: "cp-talk", role: "log", tabIndex: 0, "aria-label": t("talk_with", { person: stage.person }) });
  const meters = h("ul", { class: "cp-meters", "aria-label": t("meters_now"), hidden: true });
  const ask = h("p", { class: "cp-label", id: uid(), tabIndex: -1 }, t("what_next"));
  const lines = h("div", { class: "cp-say", role: "group", "aria-labelledby": ask.id });
  const ending = h("div", { class: "cp-answer cp-ending", tabIndex: -1, hidden: true });
  const undo = button(t("back_one_turn"), () => ctx.act("undo", stage.id), { class: "cp-button cp-plain" });
  const restart = asking(t("restart_talk"), t("restart_sure"), t("restart_yes"), t("no_go_back"), () => ctx.act("restart", stage.id));
  const tools = h("div", { class: "cp-actions" }, undo, restart);
  const replay = h("div", { class: "cp-replay", hidden: true });
  let told = null;

  // Lines are added at the end, and taken away from it: a screen reader then reads what is new, and no more.
  function write(entries) {
    const same = (entry, n) => log.children[n]?.dataset.text === `${entry.who}:${entry.text}`;
    let kept = 0;
    while (kept < entries.length && same(entries[kept], kept)) kept += 1;
    while (log.children.length > kept) log.lastChild.remove();
    for (const entry of entries.slice(kept)) log.append(entryOf(entry));
    log.scrollTop = log.scrollHeight;
  }

  function entryOf({ who, text }) {
    return h("div", { class: `cp-said cp-by-${who}`, "data-text": `${who}:${text}` }, h("b", { class: "cp-speaker" }, name(who)), " ", paragraphs(text));
  }

  function offer(offered, said) {
    const now = offered.map(({ id }) => id).join();
    if (lines.dataset.now === now) return;
    lines.dataset.now = now;
    const press = (id) => ctx.act("say", stage.id, { said: [...said(), id] });
    lines.replaceChildren(...offered.map(({ id, text }) => button(text, () => press(id), { class: "cp-button cp-plain cp-line-to-say", "data-line": id })));
  }

  function end(feedback) {
    const ended = feedback?.ending;
    show(ending, Boolean(ended));
    show(replay, Boolean(ended));
    show(ask, !ended);
    show(lines, !ended);
    if (!ended) {
      replay.replaceChildren();
      return;
    }
    ending.replaceChildren(h("p", { class: "cp-answer-title" }, `${t(`ending_${ended.kind}`)}: ${ended.title}`), ...paragraphs(ended.text));
    const title = h("h5", { id: uid() }, t("turn_by_turn"));
    replay.replaceChildren(
      title,
      h("p", { class: "cp-hint" }, t(stage.meters.length ? "meters_run" : "turn_by_turn_hint")),
      h("ol", { class: "cp-turns", "aria-labelledby": title.id }, feedback.replay.turns.map((turn, n) => h("li", {}, turnOf(turn, n, feedback.replay, t, name)))),
      ...factsOf(feedback.replay, t),
      h("div", { class: "cp-actions" }, button(t("print_replay"), () => print(feedback), { class: "cp-button cp-plain" })),
    );
  }

  function print({ ending: ended, replay: played }) {
    const turn = (one, n) => h("section", { class: "cp-printed cp-printed-turn" }, turnOf(one, n, played, t, name));
    printSheet(ctx, ctx.exercise.title, [
      paragraphs(stage.scene),
      h("p", {}, h("b", {}, stage.person), " ", played.opening),
      played.turns.map(turn),
      h("h2", {}, `${t(`ending_${ended.kind}`)}: ${ended.title}`),
      paragraphs(ended.text),
      factsOf(played, t),
    ]);
  }

  const node = h("div", {}, h("div", { class: "cp-quiet-box cp-scene" }, paragraphs(stage.scene)), log, meters, ask, lines, ending, tools, replay);
  return {
    node,
    restarts: true,
    lookFirst: "look_first_turn",
    read: () => ({}),
    write() {},
    count: () => null,
    show(feedback) {
      told = feedback;
      const said = feedback?.said ?? [];
      write(feedback?.log ?? [{ who: "other", text: stage.opening.says }]);
      offer(feedback?.lines ?? stage.opening.lines, () => told?.said ?? []);
      const values = feedback?.meters ?? stage.meters;
      show(meters, values.length > 0);
      meters.replaceChildren(...values.map((meter) => meterOf(meter, meter.value, meter.value, t, true)));
      show(tools, said.length > 0);
      if (end.last !== feedback) end(feedback);
      end.last = feedback;
    },
    /** The log reads out the reply itself; the focus goes where one goes on. */
    says(event, feedback) {
      const ended = Boolean(feedback?.ending);
      if (["say", "undo", "restart"].includes(event.action)) leadTo(ended ? ending : ask);
      if (event.action === "say") return ended ? feedback.summary : "";
      return t(event.action === "undo" ? "went_back" : "talk_restarted");
    },
  };
}

/** One turn of a talk: what was said and how, what came back, the meters, why, and the better line. */
function turnOf(turn, n, replay, t, name) {
  const why = slot();
  tell(why, { verdict: turn.verdict, text: turn.feedback }, (key) => t({ verdict_right: "line_sound", verdict_part: "line_worse" }[key] ?? key));
  const node = h(
    "div",
    { class: "cp-item cp-card cp-turn", tabIndex: -1, role: "group", "aria-label": t("turn_n", { n: n + 1 }) },
    h("p", { class: "cp-number" }, t("turn_n", { n: n + 1 })),
    said(name("officer"), turn.text, "officer"),
    h("p", { class: "cp-hint cp-tags" }, tags(turn, t)),
    said(name("other"), turn.reply, "other"),
    h("ul", { class: "cp-meters", "aria-label": t("meters_after") }, replay.meters.map((meter) => meterOf(meter, turn.before[meter.id], turn.after[meter.id], t))),
    why,
    turn.better && betterOf(turn.better, name, t),
  );
  frame(node, { verdict: turn.verdict });
  return node;
}

function said(speaker, text, who) {
  return h("div", { class: `cp-said cp-by-${who}` }, h("b", { class: "cp-speaker" }, speaker), " ", paragraphs(text));
}

function tags({ form, technique }, t) {
  return technique === "none" ? t(`form_${form}`) : `${t(`form_${form}`)} · ${t(`technique_${technique}`)}`;
}

function betterOf(better, name, t) {
  return h(
    "div",
    { class: "cp-answer cp-better" },
    h("p", { class: "cp-answer-title" }, t("better_line")),
    said(name("officer"), better.text, "officer"),
    h("p", { class: "cp-hint cp-tags" }, tags(better, t)),
    paragraphs(better.feedback),
  );
}

/** A meter as words, and the same as a bar: where it stands, and with a mark where it stood before. */
function meterOf({ text, good }, before, after, t, now = false) {
  const change = after === before ? "same" : after > before === (good === "high") ? "better" : "worse";
  const words = change === "same" ? t(now ? "meter_now" : "meter_is", { meter: text, n: after }) : t(`meter_${change}`, { meter: text, before, after });
  const level = h("span", { class: "cp-level" });
  const mark = h("span", { class: "cp-before" });
  level.style.inlineSize = `${(100 * after) / HIGHEST}%`;
  mark.style.insetInlineStart = `${(100 * before) / HIGHEST}%`;
  return h("li", { class: "cp-meter", "data-change": change }, h("span", { class: "cp-meter-text" }, words), h("span", { class: "cp-gauge", "aria-hidden": "true" }, level, change !== "same" && mark));
}

function factsOf(replay, t) {
  const list = (title, texts) => texts.length > 0 && h("div", { class: "cp-quiet-box" }, h("p", { class: "cp-answer-title" }, title), h("ul", {}, texts.map((text) => h("li", {}, text))));
  return ["given", "left_out", "learned", "not_learned"].map((name) => list(t(name), replay[name])).filter(Boolean);
}
