// The presenter: the page's cells as steps on a projector. Sections carry data-slide: slide and subslide
// begin a picture, fragment adds to it, notes belong to the whole of it, skip leaves out, empty continues.
const root = document.documentElement;
const sections = [...document.querySelectorAll(".lesson > .cell")];
const minutes = Number(document.body.dataset.minutes) || 0;

const empty = (section) => section.matches(":has(> .stored:empty)");

/** Steps in order, each with all that is on the screen by then and the notes that belong to it. */
function steps() {
  const found = [];
  let begins = true;
  for (const section of sections) {
    const kind = section.dataset.slide;
    begins ||= ["slide", "subslide"].includes(kind);
    if (kind === "skip" || empty(section)) continue;
    if (kind === "notes") {
      found.at(-1)?.notes.push(section);
    } else if (begins) {
      found.push({ shown: [section], notes: [] });
      begins = false;
    } else if (kind === "fragment") {
      found.push({ shown: [...found.at(-1).shown, section], notes: found.at(-1).notes });
    } else {
      found.at(-1).shown.push(section);
    }
  }
  return found;
}

let pages = [];
let at = 0;
let presenting = false;

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// what stands round a step

const count = make("output", { className: "count" });
const clock = make("output", { className: "clock" });
const notes = make("aside", { className: "notes-panel", hidden: true, tabIndex: 0 });
notes.setAttribute("aria-label", "Notes for the instructor");
const tool = (label, key, onclick) => {
  const button = make("button", { type: "button", onclick }, label, " ", make("kbd", { textContent: key }));
  return button;
};
const notesButton = tool("Notes", "N", () => showNotes(notes.hidden));
const clockButton = tool("Timer", "T", () => toggleClock());
const bar = make(
  "nav",
  { className: "present-bar", hidden: true },
  tool("Back", "←", () => go(at - 1)),
  count,
  tool("On", "→", () => go(at + 1)),
  clock,
  clockButton,
  notesButton,
  tool("To the page", "Esc", () => leave()),
);
bar.setAttribute("aria-label", "Presenter");
document.body.append(notes, bar);

function showNotes(show) {
  notes.hidden = !show;
  notesButton.setAttribute("aria-pressed", String(show));
  document.body.classList.toggle("with-notes", show);
  fit();
}

// the timer counts up, and says how many minutes the module has

let seconds = 0;
let running = null;

function showClock() {
  const pair = [Math.floor(seconds / 60), seconds % 60].map((n) => String(n).padStart(2, "0")).join(":");
  const paused = seconds && !running ? " (paused)" : "";
  clock.textContent = minutes ? `${pair} of ${minutes} min${paused}` : pair + paused;
  clock.classList.toggle("over", minutes > 0 && seconds > minutes * 60);
}

function toggleClock() {
  if (running) {
    clearInterval(running);
    running = null;
  } else {
    running = setInterval(() => {
      seconds += 1;
      showClock();
    }, 1000);
  }
  clockButton.setAttribute("aria-pressed", String(Boolean(running)));
  showClock();
}

// steps

/** Large enough to be read from the last row; a little smaller where a step then fits, else it scrolls. */
function fit() {
  if (!presenting) return;
  const stage = document.querySelector(".lesson");
  for (const scale of [1.7, 1.5, 1.3, 1.15, 1.3]) {
    root.style.setProperty("--present-scale", scale);
    if (stage.scrollHeight <= stage.clientHeight) break;
  }
  stage.tabIndex = stage.scrollHeight > stage.clientHeight ? 0 : -1;
  bar.classList.toggle("more-below", stage.scrollHeight > stage.clientHeight);
}

function go(next) {
  at = Math.max(0, Math.min(next, pages.length - 1));
  const step = pages[at];
  for (const section of sections) section.classList.toggle("off", !step.shown.includes(section));
  notes.replaceChildren(...step.notes.map((one) => make("div", { innerHTML: one.innerHTML })));
  if (!step.notes.length) notes.textContent = "No notes for this step.";
  count.textContent = `${at + 1} of ${pages.length}`;
  document.querySelector(".lesson").scrollTop = 0;
  fit();
  const last = step.shown.at(-1);
  if (step.shown.length > 1 && last.dataset.slide === "fragment") last.scrollIntoView({ block: "nearest" });
}

/** The step that shows what is at the top of the window, so that presenting begins where one was reading. */
function current() {
  const seen = sections.filter((one) => one.getClientRects().length);
  const top = seen.findLast((one) => one.getBoundingClientRect().top < innerHeight / 3) ?? seen[0];
  return Math.max(0, pages.findIndex((step) => step.shown.includes(top) || step.notes.includes(top)));
}

function enter() {
  pages = presenting ? pages : steps(); // only now: outputs may have arrived since
  if (presenting || !pages.length) return;
  const start = current();
  presenting = true;
  document.body.classList.add("presenting");
  bar.hidden = false;
  showNotes(false);
  showClock();
  go(start);
}

function leave() {
  const top = pages[at].shown[0];
  presenting = false;
  document.body.classList.remove("presenting", "with-notes");
  bar.hidden = true;
  notes.hidden = true;
  for (const section of sections) section.classList.remove("off");
  top.scrollIntoView();
}

// keys: never while a person types or handles a control

const TYPING = "input, textarea, select, [contenteditable], dialog";
const HANDLING = "button, summary, a[href], [role=radio], [role=slider]";

function key(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (name === "p" && !presenting) return void enter();
  if (!presenting) return;
  if ([" ", "Enter"].includes(name) && event.target.closest(HANDLING)) return;
  const moves = {
    ArrowRight: at + 1, PageDown: at + 1, " ": at + (event.shiftKey ? -1 : 1),
    ArrowLeft: at - 1, PageUp: at - 1, Home: 0, End: pages.length - 1,
  };
  const acts = { n: () => showNotes(notes.hidden), t: toggleClock, p: leave, Escape: leave };
  if (name in moves) go(moves[name]);
  else if (name in acts) acts[name]();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", key);
for (const button of document.querySelectorAll("[data-present]")) button.addEventListener("click", enter);
addEventListener("resize", fit);
new ResizeObserver(fit).observe(document.querySelector(".lesson"));
if (root.dataset.start === "present") enter();
