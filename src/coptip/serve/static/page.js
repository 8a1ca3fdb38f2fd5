// The page's furniture: text and colours, stepping out, what is done. Works without any kernel.
const root = document.documentElement;
const keeps = root.dataset.keep === "browser";
/** A kiosk's outer page, which holds what this person has chosen. */
const outer = !keeps && parent !== window && parent[Symbol.for("coptip.kiosk")] ? parent : null;
const all = (selector) => [...document.querySelectorAll(selector)];

/** Reads one kept value, or null: storage may be closed, and what stands in it may be damaged. */
function kept(key) {
  try {
    return keeps ? JSON.parse(localStorage.getItem(key)) : (outer?.[Symbol.for(key)] ?? null);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    if (keeps) localStorage.setItem(key, JSON.stringify(value));
    // a copy, so that nothing holds on to a page that has gone
    else if (outer) outer[Symbol.for(key)] = outer.structuredClone(value);
  } catch {
    // a full or closed storage costs nothing but the memory of it
  }
}

// text and colours

function applyLook({ size, theme, contrast }) {
  for (const { style, dataset } of [root, outer?.document.documentElement].filter(Boolean)) {
    style.setProperty("--cp-scale", size);
    for (const [name, value] of Object.entries({ theme, contrast })) {
      if (value === "auto") delete dataset[name];
      else dataset[name] = value;
    }
  }
}

function lookForm(form) {
  for (const [name, value] of Object.entries(kept("coptip:look") ?? {})) {
    const choice = [...form.elements].find((one) => one.name === name && one.value === value);
    if (choice) choice.checked = true;
  }
  form.addEventListener("change", () => {
    const look = Object.fromEntries(new FormData(form));
    applyLook(look);
    keep("coptip:look", look);
  });
}

/** A menu closes on Escape, and when one goes on elsewhere. */
function menu(details) {
  const summary = details.querySelector("summary");
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
}

// stepping out: a calm screen over everything, by button or by Escape pressed twice

function stepOut(dialog) {
  const title = document.title;
  let last = -Infinity;
  const leave = () => {
    if (dialog.open) return;
    document.title = "Take a moment";
    dialog.showModal();
  };
  dialog.addEventListener("close", () => {
    document.title = title;
    last = -Infinity;
  });
  dialog.querySelector("[data-come-back]").addEventListener("click", () => dialog.close());
  for (const button of all("[data-step-out]")) button.addEventListener("click", leave);
  // in the capture phase, so that a menu which closes on Escape does not swallow the count
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat || dialog.open) return;
      const now = performance.now();
      // not within this very key press: it would close the dialog again
      if (now - last < 1000) setTimeout(leave);
      last = now;
    },
    true,
  );
}

// what was begun and done, as the browser remembers it

const SAYS = { done: "done", shown: "looked at", tried: "begun", open: "begun" };

function mark(id, status) {
  for (const place of all("[data-mark]").filter((one) => one.dataset.mark === id)) {
    place.dataset.status = status in SAYS ? status : "";
    place.textContent = SAYS[status] ?? "";
  }
}

/** Everything kept of exercises: id -> the work. */
function works() {
  const found = new Map();
  try {
    if (!keeps) return new Map(parent[Symbol.for("coptip.memory")]);
    for (let n = 0; n < localStorage.length; n += 1) {
      const key = localStorage.key(n);
      if (key.startsWith("coptip:work:")) found.set(key.slice("coptip:work:".length), kept(key));
    }
  } catch {
    // closed storage: nothing is remembered
  }
  return found;
}

const begun = (work) => Boolean(work && ((work.events ?? []).length || Object.keys(work.drafts ?? {}).length));

function marks() {
  for (const [id, work] of works()) if (begun(work)) mark(id, work.status ?? "open");
  for (const place of all("[data-begun]")) {
    const many = [...works().values()].filter((work) => begun(work) && work.module === place.dataset.begun).length;
    place.textContent = many ? `. You have begun ${many === 1 ? "1 exercise" : `${many} exercises`} here.` : "";
  }
}

addEventListener("coptip:changed", ({ detail }) => {
  if (detail?.id) mark(detail.id, detail.status);
});

addEventListener("coptip:forget-all", () => {
  for (const place of all("[data-mark]")) mark(place.dataset.mark, "");
});

// where one is in the contents list

function follow(contents) {
  const wide = matchMedia("(min-width: 64rem)");
  contents.open = wide.matches;
  const links = [...contents.querySelectorAll("a[href^='#']")];
  const goals = new Map();
  for (const link of links) {
    const goal = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (goal) goals.set(goal, link);
    link.addEventListener("click", () => {
      if (!wide.matches) contents.open = false;
    });
  }
  const here = new IntersectionObserver(
    (entries) => {
      const entered = entries.filter((one) => one.isIntersecting).pop();
      if (!entered) return;
      for (const link of links) link.removeAttribute("aria-current");
      goals.get(entered.target).setAttribute("aria-current", "location");
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  for (const goal of goals.keys()) here.observe(goal);
}

// on a kiosk the pages stand inside another, which holds what is typed and knows whether anybody is there

function inKiosk(kiosk) {
  for (const act of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "input", "scroll"]) {
    addEventListener(act, () => kiosk.active(), { capture: true, passive: true });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    const goal = new URL(link.href, location.href);
    if (goal.origin !== location.origin) toldWhere(link, goal.href);
    else if (goal.pathname === location.pathname && goal.hash) lead(goal.hash);
    else kiosk.go(goal.pathname + goal.hash);
  });
}

/** Goes to a place of this page, and leaves none of it in the browser's history. */
function lead(hash) {
  const goal = document.getElementById(decodeURIComponent(hash.slice(1)));
  goal?.scrollIntoView();
  goal?.focus({ preventScroll: true });
}

/** Other places cannot be opened from a kiosk: their address is shown. */
function toldWhere(link, address) {
  if (link.nextElementSibling?.matches(".address")) return;
  const words = Object.assign(document.createElement("span"), { className: "address", textContent: ` (opens on your own device: ${address})` });
  words.setAttribute("role", "status");
  link.after(words);
}

if (!keeps) {
  if (outer) inKiosk(outer[Symbol.for("coptip.kiosk")]);
  else location.replace(location.pathname.replace(/\/in\//, "/"));
}

// This script stands at the end of the page, behind everything that it serves.
all("[data-look]").forEach(lookForm);
all("details.look").forEach(menu);
all("[data-away]").forEach(stepOut);
all("[data-contents]").forEach(follow);
marks();
addEventListener("pageshow", (event) => event.persisted && marks());

// the search of the start page

for (const form of all("[data-search]")) import("./search.js").then(({ search }) => search(form));
