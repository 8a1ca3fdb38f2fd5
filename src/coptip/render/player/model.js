// Model: move a few values and watch a picture and its table answer. The kernel computes; this only shows.
import { h, paragraphs, uid, slot, tell, frame, segmented, button, icon, show, table } from "./dom.js";
import { picker } from "./fields.js";
import { rounds } from "./rounds.js";

const WAIT = 60;

export function model(stage, ctx) {
  const { t } = ctx;
  const predict = stage.tasks.find((task) => task.kind === "predict");
  const timers = {};
  const game = stage.controls.find((control) => control.input === "rounds");
  const played = game && rounds(game, ctx, (plays) => act("set", { settings: { ...values(), plays } }));
  const controls = stage.controls.map((control) => (control === game ? played : controlOf(control, ctx, moved)));
  const lights = stage.lights.map((light) => ({ ...light, node: h("li", { class: "cp-light" }) }));
  const picture = h("div", { class: "cp-figure", role: "group", tabindex: "0", "aria-label": stage.title });
  const outcome = h("div", { class: "cp-outcome" });
  const remark = h("div", { class: "cp-remarks" });
  const tasks = stage.tasks.map((task) => taskOf(task));
  // too wide for a telephone, a picture is moved sideways in its own box: by keys too
  const sideways = h("p", { class: "cp-hint", hidden: true }, t("picture_sideways"));
  const measure = () => {
    const wide = picture.scrollWidth > picture.clientWidth;
    picture.tabIndex = wide ? 0 : -1;
    picture.classList.toggle("cp-wide", wide);
    show(sideways, wide);
  };
  new ResizeObserver(measure).observe(picture);
  let settings = {};
  let drawn = "";
  let tabled = "";

  function labelOf(id, state) {
    const control = stage.controls.find((one) => one.id === id);
    return control?.options?.find((option) => option.id === state)?.text ?? "";
  }

  function values() {
    return Object.fromEntries(controls.map((control) => [control.id, control.value]));
  }

  // moved by hand: the picture follows after a moment, and what it says is announced when the hand rests
  function moved() {
    settings = values();
    // another course of events: the game begins anew
    if (game) return act("set", { settings: { ...settings, plays: [] } });
    clearTimeout(timers.set);
    timers.set = setTimeout(() => {
      timers.set = null;
      ctx.send("set", stage.id, { settings });
    }, WAIT);
    ctx.changed(stage.id);
    clearTimeout(timers.say);
    timers.say = setTimeout(() => ctx.live(tasks.map((task) => task.says?.()).filter(Boolean).join(" ")), 900);
  }

  function act(action, responses) {
    ctx.act(action, stage.id, responses);
  }

  // tasks

  function taskOf(task) {
    const said = slot();
    const made = { guess, lift, reach, play: reach, predict: foresee }[task.kind](task, said);
    const label = uid();
    const words = h("div", { id: label, class: "cp-item-text" }, paragraphs(task.text));
    const node = h("div", { class: "cp-item cp-card cp-task", role: "group", "aria-labelledby": label, tabIndex: -1 }, words, made.node, said);
    // not spread: a guess has its value through an accessor
    return Object.assign(made, task, { node, said });
  }

  function guess(task, said) {
    const input = h("input", { type: "number", class: "cp-input cp-small", min: 0, max: 100, step: "any", inputmode: "decimal", "aria-label": t("your_guess"), "aria-describedby": said.id });
    const send = () => {
      if (input.value.trim() === "" || !Number.isFinite(Number(input.value))) ctx.say(stage.id, t("guess_number"));
      else act("check", { [task.id]: Number(input.value) });
    };
    input.addEventListener("input", () => ctx.changed(stage.id));
    input.addEventListener("keydown", (event) => event.key === "Enter" && send());
    const go = button(t("guess"), send);
    return {
      node: h("div", { class: "cp-line" }, input, go),
      get value() {
        return input.value.trim() === "" ? undefined : Number(input.value);
      },
      set value(number) {
        input.value = typeof number === "number" ? number : "";
      },
      // once it is uncovered a guess would be none
      lock(locked) {
        input.readOnly = locked;
        show(go, !locked);
      },
    };
  }

  function lift(task) {
    const go = button(t("lift"), () => act("lift"));
    return { node: h("div", { class: "cp-line" }, go), lock: () => {}, done: (done) => show(go, !done) };
  }

  function reach(task, said) {
    return { node: null, says: () => (said.hidden ? "" : said.textContent) };
  }

  function foresee(task, said) {
    const switches = stage.controls.filter((control) => task.switches.includes(control.id));
    const label = uid();
    const chosen = segmented(switches.map((control) => ({ id: control.id, text: control.text })), { labelledby: label, onchange: ready });
    chosen.node.classList.add("cp-stacked");
    const states = ["on", "off", "open"].map((id) => ({ id, text: t(`light_${id}`) }));
    const forecasts = stage.lights.map((light) => {
      const name = uid();
      const control = segmented(states, { labelledby: name });
      return { id: light.id, control, node: h("div", { class: "cp-forecast" }, h("p", { id: name }, light.text), control.node) };
    });
    const legend = h("p", { class: "cp-label" });
    const part = h("div", { hidden: true }, legend, forecasts.map((one) => one.node), button(t("flip"), flip));
    const result = h("div", { class: "cp-answer", hidden: true });
    const node = h("div", {}, result, h("p", { id: label, class: "cp-label" }, t("choose_switch")), chosen.node, part);
    let flips = 0;

    function ready() {
      show(part, Boolean(chosen.value));
      if (!chosen.value) return;
      const from = settings[chosen.value];
      legend.textContent = t("foresee", { from: labelOf(chosen.value, from), to: labelOf(chosen.value, from === "on" ? "off" : "on") });
    }

    function flip() {
      const open = forecasts.filter((one) => !one.control.value);
      if (open.length) {
        ctx.say(stage.id, t("foresee_all", { n: open.length }));
        open[0].control.inputs[0].focus();
        return;
      }
      act("check", { [task.id]: { switch: chosen.value, lights: Object.fromEntries(forecasts.map((one) => [one.id, one.control.value])) } });
    }

    return {
      node,
      /** What the flip brought beside what was foretold; then room for the next one. */
      flipped(feedback) {
        const [point, ...shaky] = feedback.items && Object.keys(feedback.items).length ? (feedback.notes ?? []) : [];
        show(result, Boolean(point));
        const now = ctx.eventsOf(stage.id).filter((event) => event.responses?.[task.id]);
        const tried = new Set(now.map((event) => event.responses[task.id].switch));
        chosen.inputs.forEach((input, n) => {
          input.nextSibling.textContent = tried.has(input.value) ? `${switches[n].text} ${t("changed_before")}` : switches[n].text;
        });
        if (!point) return;
        if (now.length !== flips) {
          flips = now.length;
          chosen.value = "";
          for (const one of forecasts) one.control.value = "";
          ready();
        }
        const rows = stage.lights.map((light) => {
          const place = slot();
          tell(place, feedback.items[light.id], t);
          const state = feedback.lights[light.id];
          return h("li", {}, icon(state), " ", h("b", {}, light.text), ": ", t(`light_${state}`), place);
        });
        const title = h("p", { class: "cp-answer-title" }, t("after_flip", { switch: point.title }));
        const rules = shaky.map((one) => [h("p", {}, h("b", {}, one.title)), paragraphs(one.text)]);
        const list = h("details", { class: "cp-shaky", hidden: !shaky.length }, h("summary", {}, t("shaky", { n: shaky.length })), rules);
        result.replaceChildren(title, ...paragraphs(point.text), h("ul", { class: "cp-reasons" }, rows), list);
      },
      clear() {
        flips = 0;
        chosen.value = "";
        for (const one of forecasts) one.control.value = "";
        ready();
      },
    };
  }

  // what the kernel says

  function draw(svg) {
    if (svg === drawn) return;
    drawn = svg;
    picture.replaceChildren(...[svg && pictureOf(svg)].filter(Boolean));
    show(picture, Boolean(svg));
    measure();
  }

  function tabulate(told) {
    const key = JSON.stringify(told ?? null);
    if (key === tabled) return;
    tabled = key;
    if (told?.rows?.length) outcome.replaceChildren(table(told));
    else outcome.replaceChildren(h("p", {}, told?.caption ?? ""));
  }

  const lit = lights.length > 0 && [h("p", { class: "cp-label" }, t("lights")), h("ul", { class: "cp-lights" }, lights.map((light) => light.node))];
  // the guesses come before the controls, as nobody should bend what is still to be guessed
  const before = tasks.filter((task) => task.kind === "guess" || task.kind === "lift");
  const after = tasks.filter((task) => !before.includes(task));
  const handles = controls.length > 0 && !predict && { role: "group", "aria-label": t("controls") };
  const given = h("div", { class: "cp-items" }, after.map((task) => task.node));
  // a game is long: what it is played for stands right under it
  const panel = handles && (game ? h("div", { class: "cp-controls cp-game-side" }, h("div", handles, controls.map((control) => control.node)), given) : h("div", { class: "cp-controls", ...handles }, controls.map((control) => control.node)));
  const facts = predict && h("ul", { class: "cp-facts-now" });
  return {
    node: h(
      "div",
      {},
      stage.title !== ctx.exercise.title && h("h5", {}, stage.title),
      paragraphs(stage.story),
      stage.invented && h("p", { class: "cp-hint" }, stage.invented),
      h("div", { class: "cp-items" }, before.map((task) => task.node)),
      h("div", { class: "cp-model" }, panel, h("div", { class: "cp-view" }, sideways, picture, lit)),
      facts && [h("p", { class: "cp-label" }, t("facts_now")), facts],
      remark,
      h("details", { class: "cp-table-box", open: !lights.length }, h("summary", {}, t(lights.length ? "why_table" : "same_as_table")), outcome),
      !game && given,
    ),
    check: "",
    read() {
      const guesses = tasks.filter((task) => task.kind === "guess" && task.value !== undefined).map((task) => [task.id, task.value]);
      return { ...Object.fromEntries(guesses), settings: values() };
    },
    write(responses) {
      settings = { ...Object.fromEntries(stage.controls.map((control) => [control.id, control.start])), ...responses?.settings };
      for (const control of controls) control.value = settings[control.id];
      for (const task of tasks) {
        if (task.kind === "guess") task.value = responses?.[task.id];
        task.clear?.();
      }
    },
    count: () => null,
    show(feedback) {
      if (!feedback) return;
      // while a hand moves a control, the kernel's older answer must not push it back
      if (!timers.set) settings = { ...settings, ...feedback.settings };
      if (predict || game) for (const control of controls) control.value = settings[control.id];
      played?.show(feedback.game);
      draw(feedback.picture);
      tabulate(feedback.table);
      for (const light of lights) {
        const state = feedback.lights?.[light.id] ?? "open";
        light.node.dataset.state = state;
        light.node.replaceChildren(icon(state), h("span", {}, h("b", {}, light.text), ": ", t(`light_${state}`)));
      }
      if (facts) facts.replaceChildren(...stage.controls.map((control) => h("li", {}, h("b", {}, control.text), " ", labelOf(control.id, settings[control.id]))));
      const remarks = (feedback.notes ?? []).filter((note) => !note.title);
      remark.replaceChildren(...remarks.flatMap((note) => paragraphs(note.text)));
      for (const task of tasks) {
        const mark = feedback.tasks?.[task.id];
        tell(task.said, mark && mark.text ? mark : null, t);
        frame(task.node, mark?.done ? mark : null);
        if (task.kind === "guess") task.lock(!feedback.hidden && stage.tasks.some((one) => one.kind === "lift"));
        task.done?.(Boolean(mark?.done));
        task.flipped?.(feedback);
      }
    },
    /** What to announce after an action of one's own. */
    says({ action, responses }, feedback) {
      const ids = action === "lift" ? tasks.filter((task) => task.kind === "lift").map((task) => task.id) : Object.keys(responses ?? {});
      const own = ids.map((id) => feedback.tasks?.[id]?.text);
      return [played?.says(), feedback.summary, ...own, ...(feedback.lights ? (feedback.notes ?? []).slice(0, 1).map((note) => note.text) : [])].filter(Boolean).join(" ");
    },
    /** Whether the last move reached something: then it must stay in the record. */
    reached: (feedback) => Object.values(feedback?.tasks ?? {}).filter((task) => task.done).length,
  };
}

function controlOf(control, ctx, moved) {
  const { t } = ctx;
  const label = uid();
  const name = h("p", { id: label, class: "cp-label" }, control.text);
  const hint = control.hint && h("p", { class: "cp-hint" }, control.hint);
  const made = { range, select, many, switch: onOff, onoff: onOffNumber }[control.input]();

  function range() {
    const value = h("output", { class: "cp-value" });
    const input = h("input", { type: "range", class: "cp-range", min: control.low, max: control.high, step: control.step, "aria-labelledby": label });
    const look = () => {
      value.textContent = `${input.value} ${control.unit}`;
      input.setAttribute("aria-valuetext", value.textContent);
    };
    input.addEventListener("input", () => {
      look();
      moved();
    });
    name.append(" ", value);
    return {
      node: input,
      get value() {
        return Number(input.value);
      },
      set value(number) {
        input.value = number ?? control.start;
        look();
      },
    };
  }

  function select() {
    return picker({ options: control.options, labelledby: label, onchange: moved });
  }

  function onOff() {
    return segmented(control.options, { labelledby: label, onchange: moved });
  }

  function onOffNumber() {
    const made = segmented(control.options, { labelledby: label, onchange: moved });
    return {
      node: made.node,
      get value() {
        return Number(made.value);
      },
      set value(number) {
        made.value = String(number ?? control.start);
      },
    };
  }

  function many() {
    const boxes = control.options.map(({ id }) => h("input", { type: "checkbox", value: id, onchange: moved }));
    const labels = control.options.map(({ text }, n) => h("label", { class: "cp-option" }, boxes[n], h("span", {}, text)));
    return {
      node: h("div", { role: "group", "aria-labelledby": label }, labels),
      get value() {
        return boxes.filter((box) => box.checked).map((box) => box.value);
      },
      set value(ids) {
        for (const box of boxes) box.checked = Array.isArray(ids) && ids.includes(box.value);
      },
    };
  }

  made.value = control.start;
  const node = h("div", { class: "cp-control" }, name, made.node, hint);
  return {
    id: control.id,
    node,
    get value() {
      return made.value;
    },
    set value(wanted) {
      made.value = wanted;
    },
  };
}

/** A picture of the kernel's as nodes: no script, no listener, and ids that no other picture has. */
function pictureOf(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return null;
  const mark = uid();
  for (const el of [parsed, ...parsed.querySelectorAll("*")]) {
    if (/^(script|foreignobject|a|iframe|image|use|animate.*|set)$/i.test(el.localName)) {
      el.remove();
      continue;
    }
    for (const { name, value } of [...el.attributes]) {
      if (/^on/i.test(name) || /href/i.test(name)) el.removeAttribute(name);
      else if (name === "id") el.setAttribute(name, `${mark}-${value}`);
      else if (value.includes("url(#")) el.setAttribute(name, value.replaceAll("url(#", `url(#${mark}-`));
    }
  }
  return document.adoptNode(parsed);
}
