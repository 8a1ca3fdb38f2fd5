// A game in rounds: choose under a budget, play the round, read what came of it, take it back or begin again.
import { h, paragraphs, uid, button, icon, segmented, show, leadTo } from "./dom.js";

/** `play` gets all choices so far, one for each round. The kernel says what comes of them. */
export function rounds(control, ctx, play) {
  const { t } = ctx;
  const name = control.round.toLowerCase();
  const words = { round: name, unit: control.unit };
  const report = h("div", { class: "cp-game-report" });
  const last = h("div", { class: "cp-answer", hidden: true });
  const title = h("p", { class: "cp-label cp-game-title", tabIndex: -1 });
  const text = h("div");
  const groups = h("div", { class: "cp-game-groups" });
  const budget = h("p", { class: "cp-progress", "aria-live": "polite", hidden: !control.budget });
  const go = button(t("round_end", words), next, { class: "cp-button cp-main" });
  const back = button(t("round_undo", words), () => play(plays.slice(0, -1)), { class: "cp-button cp-plain" });
  const again = button(t("round_again"), () => play([]), { class: "cp-button cp-plain" });
  const diary = h("details", { class: "cp-game-log", hidden: true });
  const node = h("div", { class: "cp-control cp-game" }, last, report, title, text, groups, budget, h("div", { class: "cp-actions" }, go, back, again), diary);
  let plays = [];
  let fields = [];
  let shown = "";
  let told = null;

  // what is chosen in this round

  function choice() {
    return Object.assign({}, ...fields.map((field) => field.read()));
  }

  function spent() {
    const chosen = choice();
    const costs = Object.fromEntries(fields.flatMap((field) => field.actions).map((action) => [action.id, action.cost]));
    return Object.entries(chosen).reduce((sum, [id, amount]) => sum + amount * costs[id], 0);
  }

  function count() {
    const over = spent() - control.budget;
    budget.textContent = t("round_spent", { n: spent(), of: control.budget, ...words });
    if (over > 0) budget.textContent += `. ${t("round_over_budget", { n: over, ...words })}`;
    budget.classList.toggle("cp-warning", over > 0);
  }

  function next() {
    const open = fields.find((field) => field.pick === "one" && !Object.keys(field.read()).length);
    const stage = node.closest(".cp-stage").dataset.stage;
    if (open) {
      ctx.say(stage, t("round_choose", { group: open.text }));
      open.first.focus();
    } else if (control.budget && spent() > control.budget) {
      ctx.say(stage, t("round_over_budget", { n: spent() - control.budget, ...words }));
    } else play([...plays, choice()]);
  }

  function costs(action) {
    return action.cost ? ` (${t("round_cost", { n: action.cost, ...words })})` : "";
  }

  function groupOf(group) {
    const label = uid();
    const head = [h("p", { id: label, class: "cp-label" }, group.text), group.hint && h("p", { class: "cp-hint" }, group.hint)];
    const made = { one, many, share }[group.pick](group, label);
    return { ...group, ...made, node: h("div", { class: "cp-game-group" }, head, made.node) };
  }

  function one(group, label) {
    const options = group.actions.map((action) => ({ id: action.id, text: action.text + costs(action) }));
    const made = segmented(options, { labelledby: label, onchange: count });
    made.node.classList.add("cp-stacked");
    return { node: made.node, first: made.inputs[0], read: () => (made.value ? { [made.value]: 1 } : {}) };
  }

  function many(group, label) {
    const boxes = group.actions.map(({ id }) => h("input", { type: "checkbox", value: id, onchange: count }));
    const labels = group.actions.map((action, n) =>
      h("label", { class: "cp-option" }, boxes[n], h("span", {}, action.text, costs(action), action.hint && h("span", { class: "cp-hint cp-game-hint" }, action.hint))),
    );
    const read = () => Object.fromEntries(boxes.filter((box) => box.checked).map((box) => [box.value, 1]));
    return { node: h("div", { role: "group", "aria-labelledby": label }, labels), first: boxes[0], read };
  }

  function share(group) {
    const rows = group.actions.map((action) => {
      const id = uid();
      const value = h("output", { class: "cp-value" });
      const input = h("input", { type: "range", class: "cp-range", min: 0, max: action.most, step: 1, value: 0, "data-action": action.id, "aria-labelledby": id });
      // as in the round before, until it is changed
      value.textContent = input.value = Math.min(action.most, plays.at(-1)?.[action.id] ?? 0);
      input.addEventListener("input", () => {
        value.textContent = input.value;
        count();
      });
      const line = h("p", { id, class: "cp-label" }, action.text, action.cost > 1 && costs(action), ": ", value);
      return { id: action.id, input, node: h("div", {}, line, input, action.hint && h("p", { class: "cp-hint" }, action.hint)) };
    });
    const read = () => Object.fromEntries(rows.map((row) => [row.id, Number(row.input.value)]).filter(([, amount]) => amount));
    return { node: h("div", {}, rows.map((row) => row.node)), first: rows[0].input, read };
  }

  // what the kernel says

  function lastRound(game) {
    show(last, Boolean(game.last));
    if (!game.last) return;
    const over = t("round_over", { n: plays.length, ...words });
    const lines = game.last.told.length ? game.last.told.flatMap((line) => paragraphs(line)) : [h("p", {}, t("round_quiet"))];
    last.replaceChildren(h("p", { class: "cp-answer-title" }, `${over}: ${game.last.title}`), h("p", { class: "cp-hint" }, t("round_did", { did: game.last.did })), ...lines);
  }

  function reported(game) {
    const lines = game.report.map((line) =>
      h("li", { class: "cp-feedback", "data-verdict": line.verdict }, h("strong", { class: "cp-verdict" }, icon(line.verdict), h("span", {}, line.title)), " ", paragraphs(line.text, "span")),
    );
    show(report, lines.length > 0);
    report.replaceChildren(h("p", { class: "cp-label" }, t("round_finished", words)), h("ul", { class: "cp-reasons" }, lines));
  }

  function logged(game) {
    const entries = (game.log ?? []).map((one) => h("li", {}, h("b", {}, one.title), ". ", t("round_did", { did: one.did }), " ", one.told.join(" "), one.later && h("p", {}, h("b", {}, t("round_later")), " ", one.later.join(" "))));
    show(diary, entries.length > 1);
    // what nobody heard of while it was played is not left folded up
    diary.open = Boolean(game.log?.some((one) => one.later));
    diary.replaceChildren(h("summary", {}, t("round_log", words)), h("ol", {}, entries));
  }

  return {
    id: control.id,
    node,
    get value() {
      return plays;
    },
    set value(wanted) {
      plays = Array.isArray(wanted) ? wanted : [];
    },
    show(game) {
      told = game;
      const key = JSON.stringify([plays, game]);
      if (!game || key === shown) return;
      const moved = Boolean(shown);
      shown = key;
      lastRound(game);
      reported(game);
      logged(game);
      title.textContent = game.finished ? "" : t("round_of", { n: game.round, of: game.of, title: game.title, round: control.round });
      for (const one of [title, text, groups, go]) show(one, !game.finished);
      show(budget, !game.finished && Boolean(control.budget));
      text.replaceChildren(...paragraphs(game.text));
      fields = (game.groups ?? []).map(groupOf);
      groups.replaceChildren(...fields.map((field) => field.node));
      show(back, plays.length > 0);
      show(again, plays.length > 0);
      count();
      // the buttons moved: who plays by keys stands at the beginning of what is new
      if (moved && node.contains(document.activeElement)) leadTo(game.finished ? report : last.hidden ? title : last);
    },
    /** What to read out after a round. */
    says() {
      const lines = told?.last ? told.last.told : [];
      return told?.finished ? [...lines, ...told.report.map((line) => `${line.title}: ${line.text}`)].join(" ") : lines.join(" ");
    },
  };
}
