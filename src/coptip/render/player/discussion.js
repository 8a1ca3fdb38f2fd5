// Discussion: task, time and roles for a group, and room for its notes. Not marked.
import { h, paragraphs, uid, button, show } from "./dom.js";
import { writing, reminder } from "./fields.js";
import { printSheet } from "./print.js";

export function discussion(stage, ctx) {
  const { t } = ctx;
  const note = reminder(ctx);
  const fields = stage.questions.map((question) => {
    const label = uid();
    const field = writing(ctx, { labelledby: label, describedby: note.id, rows: 4, oninput: () => ctx.changed(stage.id) });
    const nudge = question.prompt && h("details", {}, h("summary", {}, t("stuck")), paragraphs(question.prompt));
    const node = h("li", { class: "cp-item" }, h("div", { id: label, class: "cp-item-text" }, paragraphs(question.text)), nudge, field.node);
    return { ...question, field, node };
  });
  const facts = [
    stage.minutes && [t("minutes_label"), stage.minutes],
    stage.group_size && [t("group_size"), stage.group_size],
  ].filter(Boolean);
  const read = () => Object.fromEntries(fields.map(({ id, field }) => [id, field.value]).filter(([, value]) => value.trim()));
  const printed = () => fields.map(({ text, field }) => [h("h2", {}, text), paragraphs(field.value)]);
  return {
    node: h(
      "div",
      {},
      h("dl", { class: "cp-frame" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      ctx.instructor && timer(stage.minutes, t),
      stage.roles.length > 0 && [h("p", { class: "cp-label" }, t("roles")), h("ul", {}, stage.roles.map((role) => h("li", {}, role.text)))],
      note,
      h("ol", { class: "cp-questions" }, fields.map((one) => one.node)),
      stage.report && [h("p", { class: "cp-label" }, t("report")), paragraphs(stage.report)],
      h("div", { class: "cp-actions" }, button(t("print_notes"), () => printSheet(ctx, ctx.exercise.title, printed()), { class: "cp-button cp-plain" })),
    ),
    check: "keep_notes",
    read,
    write(responses) {
      for (const { id, field } of fields) field.value = responses?.[id];
    },
    count: () => [Object.keys(read()).length, fields.length, "progress_noted"],
    refuse: () => (fields.some(({ field }) => field.tooLong) ? t("too_long") : ""),
    show() {},
  };
}

/** A countdown for the instructor's screen; silent, as a group is talking. */
function timer(minutes, t) {
  const whole = 60 * (Number(String(minutes).match(/\d+/g)?.at(-1)) || 10);
  const clock = h("output", { class: "cp-clock", role: "timer", "aria-live": "off" });
  let left = whole;
  let beat = null;
  const look = () => {
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    go.textContent = t(beat ? "timer_pause" : "timer_start");
    show(again, left < whole);
  };
  const stop = () => {
    clearInterval(beat);
    beat = null;
  };
  const go = button("", () => {
    if (beat) stop();
    else if (left) {
      beat = setInterval(() => {
        left -= 1;
        if (!left || !clock.isConnected) stop();
        look();
      }, 1000);
    }
    look();
  });
  const again = button(t("timer_again"), () => {
    stop();
    left = whole;
    look();
  }, { class: "cp-button cp-plain" });
  look();
  return h("div", { class: "cp-timer" }, clock, go, again);
}
