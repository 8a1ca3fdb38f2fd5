// A stage of an exercise: what is asked, the interaction, the buttons, and what the kernel said of it.
import { h, paragraphs, uid, button, asking, show, leadTo } from "./dom.js";
import { bytes } from "./store.js";
import { choice } from "./choice.js";
import { match } from "./match.js";
import { order } from "./order.js";
import { hottext } from "./hottext.js";
import { text } from "./text.js";
import { facts } from "./facts.js";
import { dialogue } from "./dialogue.js";
import { model } from "./model.js";
import { form } from "./form.js";
import { discussion } from "./discussion.js";

const INTERACTIONS = { choice, match, order, hottext, text, facts, dialogue, model, form, discussion };
const WITHOUT_ANSWERS = ["dialogue", "model", "form", "discussion"];
const MOST_TO_SEND = 180_000;

/** One stage. `ctx` carries what it needs of its exercise; see exercise.js. */
export function stageOf(stage, n, ctx) {
  const { t, exercise } = ctx;
  const of = exercise.stages.length;
  const view = INTERACTIONS[stage.interaction](stage, ctx);
  const heading = h("h4", { id: uid(), tabIndex: -1 }, of > 1 ? t("step_of", { n: n + 1, of }) : t(exercise.type === "figure" ? "notice" : "task"));
  const summary = h("p", { class: "cp-summary", hidden: true });
  const problem = h("p", { class: "cp-problem", hidden: true });
  const progress = h("p", { class: "cp-progress" });
  const notes = h("div", { class: "cp-notes", hidden: true });
  const again = button(t("try_again"), () => again.action?.(), { class: "cp-button", hidden: true });
  const first = button(t(view.lookFirst ?? "look_first"), () => leadTo(firstAmiss()), { class: "cp-button cp-plain", hidden: true });
  const check = view.check && button(t(view.check), send, { class: "cp-button cp-main" });
  const reveal = button(t("show_answers"), () => ctx.act("reveal", stage.id), { class: "cp-button", hidden: true });
  const now = ctx.instructor && !WITHOUT_ANSWERS.includes(stage.interaction) && button(t("show_now"), () => ctx.act("show", stage.id), { class: "cp-button cp-plain" });
  const reset = exercise.type !== "figure" && !view.restarts && asking(t("start_again"), t("start_again_sure"), t("start_again_yes"), t("no_go_back"), () => ctx.reset(stage.id));
  const onward = button(t("continue_anyway"), () => ctx.open(n + 1, true), { class: "cp-link", hidden: true });
  const node = h(
    "div",
    { class: `cp-stage cp-is-${stage.interaction}`, role: "group", "aria-labelledby": heading.id, "data-stage": stage.id, hidden: n > 0 },
    heading,
    paragraphs(stage.prompt, "p", exercise.type === "figure" ? "cp-par" : "cp-prompt"),
    view.node,
    progress,
    h("div", { class: "cp-actions" }, check, reveal, now, reset),
    problem,
    again,
    h("div", { class: "cp-result" }, summary, first),
    notes,
    onward,
  );
  let feedback = null;
  let checked = null;

  function firstAmiss() {
    const visible = (item) => item.getClientRects().length > 0;
    const having = (states) => [...view.node.querySelectorAll(".cp-item")].filter((item) => states.includes(item.dataset.state)).find(visible);
    return having(["wrong", "part"]) ?? having(["missed"]);
  }

  function send() {
    const responses = view.read();
    const refused = !Object.keys(responses).length ? t("nothing_yet") : (view.refuse?.() ?? "") || (bytes(responses) > MOST_TO_SEND ? t("too_much") : "");
    if (refused) say(refused);
    else ctx.act("check", stage.id, responses);
  }

  /** Says calmly why something was not taken. Nothing that was typed is touched. */
  function say(text, retry) {
    problem.textContent = text;
    show(problem, Boolean(text));
    again.action = retry;
    show(again, Boolean(retry));
    if (text) ctx.live(text);
  }

  function look() {
    const count = view.count?.();
    show(progress, Boolean(count));
    if (count) progress.textContent = t(count[2], { n: count[0], of: count[1] });
    view.show(feedback, checked);
  }

  const isDone = () => ["done", "shown"].includes(feedback?.status);

  return {
    id: stage.id,
    node,
    heading,
    view,
    say,
    look,
    isDone,
    get feedback() {
      return feedback;
    },
    waiting(busy) {
      node.setAttribute("aria-busy", String(busy));
      for (const one of [check, reveal, now]) if (one) one.setAttribute("aria-disabled", String(busy));
    },
    /** Takes over what the kernel says now. */
    refresh(told, responses) {
      feedback = told;
      checked = responses;
      const spoken = told?.summary ?? "";
      summary.textContent = spoken;
      show(summary, Boolean(spoken));
      show(reveal, Boolean(told?.can_show));
      if (now) show(now, !isDone());
      node.dataset.status = told?.status ?? "open";
      const titled = stage.interaction === "model" ? [] : (told?.notes ?? []);
      notes.replaceChildren(...titled.map((note) => h("div", { class: "cp-quiet-box" }, note.title && h("p", { class: "cp-answer-title" }, note.title), paragraphs(note.text))));
      show(notes, titled.length > 0);
      look();
      show(first, Boolean(spoken) && stage.interaction !== "model" && Boolean(firstAmiss()));
      show(onward, n + 1 < of && !ctx.isOpen(n + 1));
    },
    /** What a screen reader should hear once the kernel has answered. */
    announce(event) {
      ctx.live(view.says ? view.says(event, feedback) : (feedback?.summary ?? ""));
    },
    clear() {
      view.write({});
      say("");
    },
    hideOnward: () => show(onward, false),
  };
}
