// Facts: a case file judged element by element, then offence by offence, then by the question that decides.
import { h, paragraphs, uid, slot, tell, frame, segmented, show } from "./dom.js";

export function facts(stage, ctx) {
  const { t } = ctx;
  const onchange = () => {
    asks();
    ctx.changed(stage.id);
  };
  const rows = stage.offences.flatMap((offence) => [
    ...offence.elements.map((element) => rowOf(element.id, element.title, element.question, element.values, onchange)),
    rowOf(offence.id, t("your_finding"), offence.title, stage.findings, onchange),
  ]);
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  const inquiryLabel = uid();
  const inquiry = segmented(stage.inquiries, { labelledby: inquiryLabel, onchange });
  inquiry.node.classList.add("cp-stacked");
  const question = h("div", { class: "cp-card cp-inquiry", hidden: true }, h("p", { id: inquiryLabel, class: "cp-label" }, t("next_question")), inquiry.node);
  const reveals = h("div", { class: "cp-answer", hidden: true });

  function asks() {
    const open = stage.offences.some(({ id }) => rowsById.get(id).control.value === "undetermined");
    show(question, stage.inquiries.length > 0 && (open || Boolean(inquiry.value && !reveals.hidden)));
  }

  function read() {
    const said = Object.fromEntries(rows.map((row) => [row.id, row.control.value]).filter(([, value]) => value));
    if (inquiry.value && !question.hidden) said.inquiry = inquiry.value;
    return said;
  }

  function offenceOf(offence) {
    const finding = rowsById.get(offence.id);
    finding.node.classList.add("cp-finding");
    const elements = offence.elements.map((element) => rowsById.get(element.id).node);
    return h("fieldset", { class: "cp-card cp-offence" }, h("legend", {}, offence.title), elements, finding.node);
  }

  return {
    node: h("div", {}, caseFile(stage.case, t), stage.offences.map(offenceOf), question, reveals),
    check: "check_findings",
    read,
    write(responses) {
      for (const row of rows) row.control.value = responses?.[row.id] ?? "";
      inquiry.value = responses?.inquiry ?? "";
      asks();
    },
    count: () => [rows.filter((row) => row.control.value).length, rows.length, "progress_judged"],
    show(feedback, checked) {
      for (const row of rows) {
        let mark = feedback?.items?.[row.id];
        const missed = mark?.verdict === "missed";
        if (mark && !missed && row.control.value !== (checked?.[row.id] ?? "")) mark = null;
        const answer = missed && row.values.find(({ id }) => id === feedback.answer?.[row.id]);
        tell(row.said, mark, t, answer && h("b", {}, `${answer.text}.`));
        frame(row.node, mark);
      }
      const told = feedback?.reveals;
      show(reveals, Boolean(told));
      if (told) {
        const title = h("p", { class: "cp-answer-title" }, t("new_fact"));
        reveals.replaceChildren(title, h("p", {}, h("i", {}, told.question)), ...paragraphs(told.answer));
      }
      asks();
    },
  };
}

function rowOf(id, title, question, values, onchange) {
  const label = uid();
  const said = slot();
  const control = segmented(values, { labelledby: label, describedby: said.id, onchange });
  const words = h("div", { id: label, class: "cp-item-text" }, h("b", {}, title), " ", h("span", {}, question));
  return { id, values, control, said, node: h("div", { class: "cp-item cp-judge", role: "group", "aria-labelledby": label, tabIndex: -1 }, words, control.node, said) };
}

function caseFile(file, t) {
  return h(
    "div",
    { class: "cp-case" },
    h("h5", {}, file.title),
    file.content_note && h("p", { class: "cp-note" }, file.content_note),
    paragraphs(file.text),
    file.statement && [h("p", { class: "cp-label" }, t("statement")), h("blockquote", {}, paragraphs(file.statement))],
    file.unknown?.length > 0 && [h("p", { class: "cp-label" }, t("unknown_so_far")), h("ul", {}, file.unknown.map((line) => h("li", {}, line)))],
  );
}
