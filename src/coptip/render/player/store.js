// What the browser keeps, so that a reload, a dead kernel or a lost line loses nothing. No names, no accounts.
// `keep` is "browser" (localStorage) or, on a kiosk, "memory": then nothing outlives the page.

const WORK_KEY = "coptip:work:";
const MINE_KEY = "coptip:mine";
const MOST_EVENTS = 200;
// The line to a kernel carries 256 kB at most; a replay has to pass through it in one message.
const MOST_BYTES = 150_000;

// On the window, because each widget of a notebook may bring its own copy of this script. On a kiosk it is the outer
// page's, which stays while one goes from module to module.
const MEMORY = Symbol.for("coptip.memory");
const home = parent !== window && kiosk() ? parent : window;
const memory = (home[MEMORY] ??= new Map());

function kiosk() {
  try {
    return parent[MEMORY];
  } catch {
    return null; // somebody else's page around ours
  }
}

/** The size of something as it travels. */
export function bytes(value) {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** Whether this tab belongs to the person whose work is kept: then it comes back without a question. */
export function isMine(keep) {
  if (keep === "memory") return true;
  try {
    return sessionStorage.getItem(MINE_KEY) === "1";
  } catch {
    return false;
  }
}

export function takeTab(keep) {
  try {
    if (keep !== "memory") sessionStorage.setItem(MINE_KEY, "1");
  } catch {
    // closed storage: the offer is made again, no more
  }
}

export const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function sound(work) {
  return isTable(work) && Array.isArray(work.events) && isTable(work.drafts) && work.events.every(isTable) ? work : null;
}

export function readWork(keep, id) {
  if (keep === "memory") return memory.get(id) ?? null;
  try {
    return sound(JSON.parse(localStorage.getItem(WORK_KEY + id)));
  } catch {
    return null;
  }
}

/** Keeps the work; false where the browser has no room or no storage. */
export function writeWork(keep, id, work) {
  if (keep === "memory") {
    // a copy that is the outer page's own, so that nothing holds on to a page that has gone
    memory.set(id, home.structuredClone(work));
    return true;
  }
  try {
    localStorage.setItem(WORK_KEY + id, JSON.stringify(work));
    return true;
  } catch {
    return false;
  }
}

/** All kept work by exercise id. */
export function allWork(keep) {
  const found = {};
  if (keep === "memory") return Object.fromEntries(memory);
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(WORK_KEY))) {
      const id = key.slice(WORK_KEY.length);
      const work = readWork(keep, id);
      if (work) found[id] = work;
    }
  } catch {
    // closed storage: nothing is kept
  }
  return found;
}

/** Deletes all kept work and tells every exercise on the page to empty itself. */
export function forgetAll(keep) {
  memory.clear();
  try {
    if (keep !== "memory") {
      for (const key of Object.keys(localStorage).filter((key) => key.startsWith(WORK_KEY))) localStorage.removeItem(key);
      sessionStorage.removeItem(MINE_KEY);
    }
  } catch {
    // closed storage: nothing was kept
  }
  window.dispatchEvent(new CustomEvent("coptip:forget-all"));
}

/** What was answered last in a stage of another exercise, or null: what was typed, else what was checked. */
export function answersOf(keep, exercise, stage) {
  const work = readWork(keep, exercise);
  if (!work) return null;
  const sent = work.events.filter((event) => event.stage === stage && isTable(event.responses)).map((event) => event.responses);
  return work.drafts[stage] ?? sent.at(-1) ?? null;
}

export function hasContent(work) {
  return Boolean(work && (work.events.length || Object.values(work.drafts).some((draft) => Object.keys(draft ?? {}).length)));
}

/** Leaves out the oldest event that a later one of its kind makes the least missed. */
function thin(events) {
  const later = (event, n) => events.slice(n + 1).filter((one) => one.stage === event.stage && one.action === event.action).length;
  const at = events.findIndex((event, n) => later(event, n) > 2);
  events.splice(Math.max(at, 0), 1);
}

/** Keeps the work on one exercise. `full` is called once, when the browser cannot keep it. */
export function keeper(exercise, full) {
  const { id, keep, version, module, title } = exercise;
  const fresh = () => ({ version, module, title, status: "open", events: [], drafts: {}, at: "" });
  let work = fresh();
  let timer = null;
  let warned = false;

  function save() {
    clearTimeout(timer);
    timer = null;
    work.at = new Date().toISOString();
    while (work.events.length > MOST_EVENTS || (work.events.length > 1 && bytes(work.events) > MOST_BYTES)) thin(work.events);
    if (!writeWork(keep, id, work) && !warned) {
      warned = true;
      full();
    }
  }

  /** The first own step: whatever somebody left here is put aside, not overwritten, until it is decided on. */
  function begin() {
    takeTab(keep);
    const before = readWork(keep, id);
    if (!work.at && hasContent(before)) work.earlier = { ...before, earlier: undefined };
  }

  return {
    get work() {
      return work;
    },
    /** What was found here and is not this sitting's own. */
    earlier() {
      const kept = readWork(keep, id);
      const found = work.at ? work.earlier : kept;
      return hasContent(found) ? found : null;
    },
    kept: () => readWork(keep, id),
    adopt(found) {
      clearTimeout(timer);
      timer = null;
      work = { ...fresh(), ...found, version, module, title };
      // perhaps this very question stopped the kernel before: it is asked again by the person, or not at all
      work.events = work.events.filter((event) => !work.asked || event.at !== work.asked);
      delete work.asked;
      takeTab(keep);
      save();
    },
    discard() {
      delete work.earlier;
      if (work.at) save();
      else writeWork(keep, id, fresh());
    },
    draft(stage, responses) {
      begin();
      work.drafts[stage] = responses;
      work.at ||= "now";
      clearTimeout(timer);
      timer = setTimeout(save, 200);
    },
    /** Keeps an event. A move of a model replaces the move before it, unless that one is `pinned`. */
    note(event, pinned) {
      begin();
      const last = work.events.at(-1);
      if (event.action === "set" && last?.action === "set" && last.stage === event.stage && !pinned) work.events.pop();
      work.events.push(event);
      save();
    },
    /** What the kernel has been asked and has not answered yet; null once it has. */
    asks(event) {
      const before = work.asked;
      if (event) work.asked = event.at;
      else delete work.asked;
      if (before && !event && work.at) save();
    },
    withdraw(event) {
      work.events = work.events.filter((one) => one !== event);
      save();
    },
    status(status) {
      if (!work.at || work.status === status) return;
      work.status = status;
      save();
    },
    /** Empties a stage, or with null everything. Its events go: replayed without them, it is as new. */
    empty(stage) {
      work.events = stage === null ? [] : work.events.filter((event) => event.stage !== stage);
      if (stage === null) work.drafts = {};
      else delete work.drafts[stage];
      if (work.at) save();
    },
    forget() {
      clearTimeout(timer);
      timer = null;
      work = fresh();
    },
    flush() {
      if (timer) save();
    },
  };
}
