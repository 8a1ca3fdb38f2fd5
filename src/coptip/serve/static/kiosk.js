// A kiosk's outer page. What a person types lives here, in memory, while the pages come and go inside; when the
// person finishes, leaves or has been away for too long, it is gone.
const { base, token, start, idle, countdown } = document.body.dataset;
const one = (selector) => document.querySelector(selector);
const WORDS = {
  lost: "The connection is lost. Everything you typed is still here. The page keeps trying.",
  erased: "Everything you typed is erased. The connection is lost; the start page comes as soon as it is back.",
};
const ACTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "input", "scroll"];
const TRY_AGAIN = 2_000;
const ANSWER = 4_000;
const BEGIN = 5_000;

const memory = (window[Symbol.for("coptip.memory")] = new Map());
const room = document.createElement("iframe");
room.title = "Training pages";
room.allow = "";
let begun = false;
let last = Date.now();
let over = false;
let wanted = start;
let again = null;

async function reachable() {
  try {
    return (await fetch(`${base}health`, { cache: "no-store", signal: AbortSignal.timeout(ANSWER) })).ok;
  } catch {
    return false;
  }
}

// the pages inside

/** Shows a page, once the server answers. Leaves no trace in the browser's history. */
async function go(address) {
  wanted = address;
  if (!(await reachable())) return lost(WORDS.lost);
  calm();
  const before = room.contentDocument;
  room.contentWindow.location.replace(address);
  // a page that does not begin is as lost as a server that does not answer
  again = setTimeout(() => room.contentDocument === before && lost(WORDS.lost), BEGIN);
  return undefined;
}

function calm() {
  clearTimeout(again);
  one("[data-lost]").hidden = true;
}

function lost(words) {
  clearTimeout(again);
  one("[data-lost-words]").textContent = words;
  one("[data-lost]").hidden = false;
  again = setTimeout(() => go(wanted), TRY_AGAIN);
}

/** The browser's own page for a server that is away is none of ours and cannot be looked into. */
function arrived() {
  if (over) return;
  let inside = null;
  try {
    inside = room.contentWindow.location.href;
  } catch {
    // said below
  }
  if (!inside) return lost(WORDS.lost);
  if (inside === "about:blank") return undefined;
  wanted = room.contentWindow.location.pathname;
  document.title = room.contentDocument.title;
  return calm();
}

room.addEventListener("load", arrived);
one("[data-now]").addEventListener("click", () => go(wanted));

// the person

const box = one("[data-idle-box]");
let place = null;

/** Somebody is here: a page inside says so too. */
function active() {
  begun = true;
  last = Date.now();
  if (box.open) box.close();
}

for (const act of ACTS) addEventListener(act, active, { capture: true, passive: true });
box.addEventListener("cancel", active);
// one goes on in the very place where one was, which the page inside forgets while the box has the focus
box.addEventListener("close", () => {
  place?.focus();
  place = null;
});

function look() {
  if (over || !begun) return;
  const left = Number(idle) - (Date.now() - last) / 1000;
  if (left <= 0) {
    finish();
    return;
  }
  if (left > Number(countdown)) return;
  const seconds = Math.ceil(left);
  one("[data-left]").textContent = String(seconds);
  if (!box.open) {
    place = document.activeElement === room ? room.contentDocument?.activeElement : null;
    box.showModal();
    one("[data-left-spoken]").textContent = `In ${seconds} seconds everything typed here is erased.`;
  }
}

setInterval(look, 250);

// the end

async function finish() {
  if (over) return;
  over = true;
  memory.clear();
  room.remove();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  try {
    sessionStorage.clear();
    localStorage.clear();
  } catch {
    // closed storage: nothing was kept
  }
  const body = new URLSearchParams({ _xsrf: token });
  const leave = () => fetch(`${base}leave`, { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(ANSWER) });
  await leave().catch(() => null);
  while (!(await reachable())) {
    one("[data-lost-words]").textContent = WORDS.erased;
    one("[data-now]").hidden = true;
    one("[data-lost]").hidden = false;
    await new Promise((done) => setTimeout(done, TRY_AGAIN));
  }
  location.replace(base);
}

const sure = one("[data-sure]");
one("[data-finish]").addEventListener("click", () => (memory.size || begun ? sure.showModal() : finish()));
one("[data-yes]").addEventListener("click", finish);
one("[data-no]").addEventListener("click", () => sure.close());

// a page that the browser kept is somebody else's
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("pagehide", () => memory.clear());

window[Symbol.for("coptip.kiosk")] = { active, go };
one("[data-room]").append(room);
go(start);
