// Hottext: mark phrases in a passage. Phrases are toggles inside the running text, so that they wrap as text does.
import { h, slot, tell, frame } from "./dom.js";

export function hottext(stage, ctx) {
  const { t } = ctx;
  const phrases = new Map();
  const passage = [h("p", {})];
  for (const part of stage.parts) {
    if (part.id) passage.at(-1).append(phraseOf(part));
    else {
      part.text.split(/\n\s*\n/).forEach((text, n) => {
        if (n) passage.push(h("p", {}));
        passage.at(-1).append(text);
      });
    }
  }
  const reasons = h("ul", { class: "cp-reasons" });

  function phraseOf({ id, text }) {
    const toggle = () => {
      mark(id, !phrases.get(id).marked);
      ctx.changed(stage.id);
    };
    const onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    };
    const node = h("span", { class: "cp-phrase cp-item", role: "button", tabindex: "0", "aria-pressed": "false", onclick: toggle, onkeydown }, text);
    phrases.set(id, { text, node, marked: false });
    return node;
  }

  function mark(id, marked) {
    const phrase = phrases.get(id);
    phrase.marked = marked;
    phrase.node.setAttribute("aria-pressed", String(marked));
  }

  const marked = () => [...phrases].filter(([, phrase]) => phrase.marked).map(([id]) => id);
  return {
    node: h("div", {}, h("p", { class: "cp-hint" }, t("mark_hint")), h("div", { class: "cp-passage" }, passage), reasons),
    check: "check_marks",
    read: () => (marked().length ? { phrases: marked() } : {}),
    write(responses) {
      const wanted = responses?.phrases ?? [];
      for (const id of phrases.keys()) mark(id, wanted.includes(id));
    },
    count: () => [marked().length, null, "progress_marked"],
    show(feedback, checked) {
      const was = checked?.phrases ?? [];
      reasons.replaceChildren();
      for (const [id, phrase] of phrases) {
        let said = feedback?.items?.[id];
        if (said && said.verdict !== "missed" && phrase.marked !== was.includes(id)) said = null;
        frame(phrase.node, said);
        phrase.node.removeAttribute("aria-describedby");
        if (!said) continue;
        const reason = slot();
        tell(reason, said, t);
        phrase.node.setAttribute("aria-describedby", reason.id);
        reasons.append(h("li", {}, h("q", {}, phrase.text), reason));
      }
      reasons.hidden = !reasons.childElementCount;
    },
  };
}
