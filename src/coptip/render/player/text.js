// Text: write, then see what a checker reads in it, or compare with a self-check; a model answer once it is earned.
import { h, paragraphs, uid, slot, tell, frame, segmented, show } from "./dom.js";
import { writing, reminder } from "./fields.js";
import { answersOf } from "./store.js";

export function text(stage, ctx) {
  const { t } = ctx;
  const note = reminder(ctx);
  const items = stage.items.map((item) => textItem(item, stage, ctx, note.id));
  const written = () => items.filter((one) => one.value.text.trim());
  return {
    node: h("div", { class: "cp-items" }, note, items.map((one) => one.node)),
    check: stage.items.some((item) => item.check) ? "check_text" : "keep_text",
    read: () => Object.fromEntries(written().map((one) => [one.id, one.value])),
    write(responses) {
      for (const one of items) one.value = responses?.[one.id];
    },
    count: () => (items.length > 1 ? [written().length, items.length, "progress_written"] : null),
    refuse: () => (items.some((one) => one.tooLong) ? t("too_long") : ""),
    show(feedback, checked) {
      for (const one of items) one.show(feedback, checked?.[one.id]);
    },
    says: (event, feedback) => [feedback?.summary, ...items.map((one) => one.heard(feedback))].filter(Boolean).join(" "),
    /** What a printed sheet carries. */
    print: () => items.map((one) => [h("h3", {}, one.title), paragraphs(one.value.text)]),
  };
}

function textItem(item, stage, ctx, describedby) {
  const { t } = ctx;
  const label = uid();
  const said = slot();
  const ticks = new Map();
  const checks = h("fieldset", { class: "cp-self-check", hidden: true }, h("legend", {}, t("self_check")));
  const reading = h("div", { class: "cp-reading", hidden: true });
  const modelAnswer = h("div", { class: "cp-answer", hidden: true });
  const before = h("div", { class: "cp-earlier cp-hint", hidden: true });
  const oninput = () => ctx.changed(stage.id);
  const field = writing(ctx, { labelledby: label, describedby: `${describedby} ${said.id}`, rows: item.rows, oninput });
  const prompt = h("div", { id: label, class: "cp-item-text" }, paragraphs(item.text));
  const node = h("div", { class: "cp-item cp-card", role: "group", "aria-labelledby": label, tabIndex: -1 }, prompt, field.node, said, reading, checks, before, modelAnswer);
  let kept = {};

  // Criteria arrive with the first feedback; their radios are made once and then stay.
  function criterion({ id, text }) {
    if (ticks.has(id)) return;
    const name = uid();
    const reason = slot();
    const answer = segmented([{ id: "yes", text: t("yes") }, { id: "no", text: t("no") }], { labelledby: name, describedby: reason.id, onchange: oninput });
    if (typeof kept[id] === "boolean") answer.value = kept[id] ? "yes" : "no";
    ticks.set(id, { answer, reason });
    checks.append(h("div", { class: "cp-criterion" }, h("p", { id: name }, text), answer.node, reason));
  }

  return {
    id: item.id,
    node,
    title: item.text,
    get tooLong() {
      return field.tooLong;
    },
    get value() {
      const told = [...ticks].filter(([, { answer }]) => answer.value).map(([id, { answer }]) => [id, answer.value === "yes"]);
      return { text: field.value, ticks: { ...kept, ...Object.fromEntries(told) } };
    },
    set value(response) {
      field.value = response?.text ?? "";
      kept = response?.ticks ?? {};
      for (const [id, { answer }] of ticks) answer.value = typeof kept[id] === "boolean" ? (kept[id] ? "yes" : "no") : "";
    },
    /** What a screen reader hears of a checker's reading: the parts that were found, then what is asked. */
    heard(feedback) {
      const read = feedback?.read?.[item.id];
      if (!read) return "";
      const titles = read.noticed.map(({ title }) => title).join("; ");
      return [titles && t("found_in_text", { titles }), feedback.items?.[item.id]?.text, read.reply && t("answers", { reply: read.reply })].filter(Boolean).join(" ");
    },
    show(feedback, checked) {
      const mark = feedback?.items?.[item.id];
      const read = feedback?.read?.[item.id];
      // said of a text only while it stands as it was checked
      const unchanged = !read || field.value === (checked?.text ?? field.value);
      show(reading, Boolean(read) && unchanged);
      if (read && unchanged) reading.replaceChildren(...readingOf(read, t));
      const criteria = feedback?.criteria?.[item.id] ?? [];
      criteria.forEach(criterion);
      show(checks, criteria.length > 0);
      tell(said, !unchanged ? null : mark?.text || (mark && mark.verdict === "right") ? mark : null, t);
      for (const [id, { answer, reason }] of ticks) {
        const told = mark?.options?.[id];
        // said of a tick only while it stands as it was checked: a reason for "no" is none for "yes"
        const tick = checked?.ticks?.[id];
        const same = answer.value === (tick === undefined ? "" : tick ? "yes" : "no");
        tell(reason, told && told.verdict !== "open" && same ? told : null, t);
      }
      frame(node, unchanged ? mark : null);
      // not before the own text: nobody should merely repeat what was written then
      show(before, Boolean(item.earlier && mark));
      if (item.earlier && mark) before.replaceChildren(...writtenBefore(item.earlier, ctx));
      const model = feedback?.model?.[item.id];
      show(modelAnswer, Boolean(model));
      if (model) modelAnswer.replaceChildren(h("p", { class: "cp-answer-title" }, t("model_answer")), ...paragraphs(model));
    },
  };
}

/** What was written in another exercise before, as far as this browser keeps it. */
function writtenBefore({ exercise, stage, item }, { t, exercise: { keep } }) {
  const text = answersOf(keep, exercise, stage)?.[item]?.text?.trim();
  return text ? [h("p", { class: "cp-answer-title" }, t("you_wrote_before")), ...paragraphs(text)] : [h("p", {}, t("nothing_before"))];
}

/** The text with the words that counted, the list that says the same without colour, and what a checker cannot know. */
function readingOf({ parts, noticed, reply, limits }, t) {
  const kinds = new Map(noticed.map(({ n, kind }) => [n, kind]));
  const passage = parts.map(({ text, shows }) => {
    if (!shows.length) return text;
    const amiss = shows.some((n) => kinds.get(n) === "amiss");
    return h("mark", { class: amiss ? "cp-amiss" : "cp-part" }, text, h("sup", {}, shows.join(",")));
  });
  const rows = noticed.map(({ n, kind, title, words }) =>
    h("li", { class: kind === "amiss" ? "cp-amiss" : "cp-part" }, h("span", { class: "cp-number" }, String(n)), " ", h("strong", {}, kind === "amiss" ? t("amiss", { title }) : title), words.length ? ": " : "", words.map((w, k) => [k ? " … " : "", h("q", {}, w)])),
  );
  return [
    noticed.some(({ words }) => words.length) && h("p", { class: "cp-read", role: "group", "aria-label": t("your_text_marked") }, passage),
    rows.length > 0 && h("ul", { class: "cp-noticed", "aria-label": t("what_was_found") }, rows),
    reply && h("p", { class: "cp-reply" }, h("span", { class: "cp-label" }, t("answer_of_other")), h("q", {}, reply)),
    h("p", { class: "cp-hint" }, limits),
  ].filter(Boolean);
}
