// Order: bring steps into order by buttons, by keys or by dragging. Every move is announced.
import { h, paragraphs, button, slot, tell, frame, icon, show } from "./dom.js";

export function order(stage, ctx) {
  const { t } = ctx;
  const list = h("ol", { class: "cp-steps" });
  const solution = h("div", { class: "cp-answer", hidden: true });
  const steps = new Map(stage.items.map((item) => [item.id, stepOf(item)]));
  const moved = new Set();
  const sequence = () => [...list.children].map((node) => node.dataset.step);

  function stepOf({ id, text }) {
    const said = slot();
    const up = button(icon("up"), () => move(id, -1, up), { class: "cp-button cp-square", "aria-label": t("move_up", { step: text }) });
    const down = button(icon("down"), () => move(id, 1, down), { class: "cp-button cp-square", "aria-label": t("move_down", { step: text }) });
    const grip = h("span", { class: "cp-grip", "aria-hidden": "true", onpointerdown: (event) => drag(event, id) }, icon("grip"));
    const onkeydown = (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !by) return;
      event.preventDefault();
      move(id, by, event.target);
    };
    const node = h(
      "li",
      { class: "cp-step cp-item cp-card", "data-step": id, tabIndex: 0, onkeydown },
      h("div", { class: "cp-step-row" }, grip, h("span", { class: "cp-step-text" }, text), h("span", { class: "cp-step-moves" }, up, down)),
      said,
    );
    return { id, text, node, up, down, said };
  }

  function move(id, by, focus) {
    const { node } = steps.get(id);
    const other = by < 0 ? node.previousElementSibling : node.nextElementSibling;
    if (!other) return;
    // the neighbour is moved, never the step itself: so neither focus nor a drag is lost
    if (by < 0) node.after(other);
    else node.before(other);
    if (focus?.isConnected) focus.focus();
    told(id);
  }

  function told(id) {
    moved.add(id);
    edges();
    ctx.changed(stage.id);
    const at = sequence().indexOf(id) + 1;
    ctx.live(t("moved", { step: steps.get(id).text, n: at, of: steps.size }));
  }

  // At the ends a button only says that it does nothing: a disabled one would lose the focus.
  function edges() {
    for (const { node, up, down } of steps.values()) {
      up.setAttribute("aria-disabled", String(!node.previousElementSibling));
      down.setAttribute("aria-disabled", String(!node.nextElementSibling));
    }
  }

  function drag(event, id) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { node } = steps.get(id);
    const before = sequence().join();
    node.classList.add("cp-dragged");
    const follow = ({ clientY }) => {
      const above = node.previousElementSibling?.getBoundingClientRect();
      const below = node.nextElementSibling?.getBoundingClientRect();
      if (above && clientY < above.top + above.height / 2) node.after(node.previousElementSibling);
      else if (below && clientY > below.top + below.height / 2) node.before(node.nextElementSibling);
    };
    const end = () => {
      node.classList.remove("cp-dragged");
      window.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, end);
      if (sequence().join() !== before) told(id);
    };
    window.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, end);
  }

  function arrange(ids) {
    const known = ids.filter((id, n) => steps.has(id) && ids.indexOf(id) === n);
    const rest = [...steps.keys()].filter((id) => !known.includes(id));
    list.append(...[...known, ...rest].map((id) => steps.get(id).node));
    moved.clear();
    edges();
  }

  function solve(feedback) {
    show(solution, feedback?.status === "shown");
    if (solution.hidden) return;
    const rows = (feedback.answer?.order ?? []).map((id) =>
      h("li", {}, h("strong", {}, steps.get(id)?.text ?? id), paragraphs(feedback.items?.[id]?.text)),
    );
    solution.replaceChildren(h("p", { class: "cp-answer-title" }, t("right_order")), h("ol", {}, rows));
  }

  arrange(stage.items.map(({ id }) => id));
  let lastTold = null;
  return {
    node: h("div", {}, h("p", { class: "cp-hint" }, t("order_hint")), list, solution),
    check: "check_order",
    read: () => ({ order: sequence() }),
    write: (responses) => arrange(Array.isArray(responses?.order) ? responses.order : stage.items.map(({ id }) => id)),
    count: () => null,
    show(feedback) {
      if (feedback !== lastTold) moved.clear();
      lastTold = feedback;
      for (const { id, node, said } of steps.values()) {
        const mark = moved.has(id) || feedback?.status === "shown" ? null : feedback?.items?.[id];
        tell(said, mark, t);
        frame(node, mark);
      }
      solve(feedback);
    },
  };
}
