// What has changed since an earlier survey: how ready one feels, beside how many answers were right, then and now.
import { h, show, table } from "./dom.js";
import { answersOf } from "./store.js";

const SURE = 7;
const UNSURE = 4;

/** The table above a form; `look` draws it anew from what the page has now. */
export function changeOf(stage, ctx) {
  const { t } = ctx;
  const { ratings, questions, rows } = stage.change;
  const [rated, asked] = [ratings, questions].map((id) => ctx.exercise.stages.find((one) => one.id === id));
  const node = h("div", { class: "cp-change" });

  const ratingBefore = (section, field) => {
    const from = rated.sections.find(({ id }) => id === section).fields.find(({ id }) => id === field).earlier;
    return from && answersOf(ctx.exercise.keep, from.exercise, from.stage)?.[from.section]?.[0]?.[from.field];
  };
  const answersBefore = () => asked.earlier && answersOf(ctx.exercise.keep, asked.earlier.exercise, asked.earlier.stage)?.[asked.earlier.section]?.[0];
  // the first answer counts: after a retry everybody is right
  const answersFirst = () => ctx.eventsOf(questions).find((event) => event.action === "check")?.responses;

  function look() {
    const key = ctx.feedbackOf(questions)?.answer;
    show(node, true);
    if (!key) {
      node.replaceChildren(h("p", { class: "cp-hint" }, t("change_first")));
      return;
    }
    const now = ctx.answersIn(ratings);
    const right = (answers, ids) => (answers ? ids.filter((id) => answers[id] && answers[id] === key[id]).length : null);
    const lines = rows.map((row) => {
      const [section, field] = row.rating.split(".");
      return {
        ...row,
        of: row.questions.length,
        felt: [ratingBefore(section, field), now?.[section]?.[0]?.[field]],
        right: [right(answersBefore(), row.questions), right(answersFirst(), row.questions)],
      };
    });
    const columns = [t("change_what"), t("change_felt"), t("change_right"), t("change_says")];
    const arrow = (pair, of) => pair.map((one) => (one === null || one === undefined || one === "" ? "–" : of ? `${one}\u00a0/\u00a0${of}` : one)).join("\u00a0→ ");
    const cells = lines.map((line) => [line.text, [bars(line.felt, t), arrow(line.felt)], arrow(line.right, line.of), said(line)]);
    node.replaceChildren(table({ caption: t("change_caption"), columns, rows: cells }));
  }

  /** Feeling ready and answering rightly are two things; where they part, one looks again. */
  function said(line) {
    const felt = Number(line.felt[1]);
    const right = line.right[1];
    if (!felt || right === null) return "";
    if (felt >= SURE && right < line.of) return `${t("change_surer")} ${line.again}`;
    if (felt <= UNSURE && right === line.of) return t("change_better");
    return t("change_agree");
  }

  return { node, look };
}

/** Two bars, then above now; the numbers stand beside them. */
function bars(pair, t) {
  return h(
    "span",
    { class: "cp-then-now", "aria-hidden": "true" },
    pair.map((one, n) => h("span", { class: "cp-track", title: t(n ? "change_now" : "change_then") }, bar(Number(one) || 0))),
  );
}

function bar(rating) {
  const node = h("span", { class: "cp-bar" });
  node.style.inlineSize = `${10 * rating}%`;
  return node;
}
