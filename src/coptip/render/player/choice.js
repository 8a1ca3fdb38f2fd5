// Choice: pick one or several. Feedback stands at the option that earned it.
import { h, paragraphs, uid, slot, tell, frame, show } from "./dom.js";
import { answersOf } from "./store.js";

export function choice(stage, ctx) {
  const { t } = ctx;
  const items = stage.items.map((item, n) => choiceItem(item, n, stage, ctx));
  const read = () => Object.fromEntries(items.map((one) => [one.id, one.value]).filter(([, value]) => value.length));
  return {
    node: h("div", { class: "cp-items" }, items.map((one) => one.node)),
    check: items.length > 1 ? "check_answers" : "check_answer",
    read,
    write(responses) {
      for (const one of items) one.value = responses?.[one.id];
    },
    count: () => [Object.keys(read()).length, items.length, "progress_answered"],
    show(feedback, checked) {
      for (const one of items) one.show(feedback?.items?.[one.id], checked?.[one.id], feedback?.answer?.[one.id], t);
    },
  };
}

function choiceItem(item, n, stage, ctx) {
  const { t } = ctx;
  const many = item.select === "many";
  const name = uid();
  const overall = slot();
  const options = item.options.map((option) => {
    const said = slot();
    const onchange = () => ctx.changed(stage.id);
    const input = h("input", { type: many ? "checkbox" : "radio", name, value: option.id, "aria-describedby": said.id, onchange });
    const label = h("label", { class: "cp-option" }, input, h("span", {}, option.text));
    return { id: option.id, input, said, node: h("div", { class: "cp-choice" }, label, said) };
  });
  const before = stage.earlier && h("p", { class: "cp-earlier cp-hint", hidden: true });
  const tally = ctx.instructor && stage.tally && tallyOf(item, t);
  const node = h(
    "fieldset",
    { class: "cp-item cp-card", tabIndex: -1, "aria-describedby": overall.id },
    h(
      "legend",
      {},
      stage.items.length > 1 && h("span", { class: "cp-number" }, t("item_of", { n: n + 1, of: stage.items.length })),
      paragraphs(item.text, "span"),
    ),
    many && h("p", { class: "cp-hint" }, t("pick_many")),
    options.map((option) => option.node),
    overall,
    before,
    tally,
  );
  const picked = () => options.filter((option) => option.input.checked).map((option) => option.id);
  return {
    id: item.id,
    node,
    get value() {
      return many ? picked() : (picked()[0] ?? "");
    },
    set value(wanted) {
      const ids = [wanted].flat();
      for (const option of options) option.input.checked = ids.includes(option.id);
    },
    show(mark, sent, answer) {
      const was = [sent ?? []].flat();
      const now = picked();
      const same = was.length === now.length && now.every((id) => was.includes(id));
      const right = [answer ?? []].flat();
      const missed = mark?.verdict === "missed";
      for (const option of options) {
        const ticked = option.input.checked;
        let said = null;
        if (many) {
          const own = mark?.options?.[option.id];
          // an answer that was shown stays; one's own pick is spoken of as long as it stands
          if (own && (own.verdict === "missed" || ticked === was.includes(option.id))) said = own;
        } else if (missed && right.includes(option.id)) said = mark;
        else if (mark && !missed && same && ticked) said = mark;
        tell(option.said, said, t);
      }
      tell(overall, many && mark && same && !missed && mark.text ? { verdict: mark.verdict, text: mark.text } : null, t);
      frame(node, mark && (same || missed) ? mark : null);
      if (!before) return;
      // not before the own answer: nobody should merely repeat what was said then
      show(before, Boolean(mark));
      const { exercise, stage: there, section } = stage.earlier;
      const said = mark && answersOf(ctx.exercise.keep, exercise, there)?.[section]?.[0]?.[item.id];
      const text = item.options.find((option) => option.id === said)?.text;
      before.textContent = text ? t("you_said_before", { said: text }) : t("nothing_before");
    },
  };
}

/** How many of a class picked each option; held by this page only. */
function tallyOf(item, t) {
  const total = h("output", { class: "cp-tally-total" });
  const rows = item.options.map((option) => {
    const input = h("input", { type: "number", min: 0, max: 999, value: "", class: "cp-input cp-small", oninput: count });
    const bar = h("span", { class: "cp-bar", "aria-hidden": "true" });
    const label = h("label", {}, h("span", {}, option.text), input);
    return { input, bar, node: h("div", { class: "cp-tally-row" }, label, h("span", { class: "cp-track" }, bar)) };
  });

  function count() {
    const numbers = rows.map((row) => Math.max(0, Math.min(999, Math.trunc(Number(row.input.value)) || 0)));
    const sum = numbers.reduce((a, b) => a + b, 0);
    rows.forEach((row, n) => (row.bar.style.inlineSize = sum ? `${(100 * numbers[n]) / sum}%` : "0"));
    total.textContent = t("tally_total", { n: sum });
  }

  count();
  return h("details", { class: "cp-tally" }, h("summary", {}, t("tally")), rows.map((row) => row.node), total);
}
