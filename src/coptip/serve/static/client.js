// Brings the exercises to life: watches the page being written, opens the line to its kernel, puts the
// Player where the stored text of an exercise stands, and says calmly what is wrong when something is.
import { Kernel, WAITS } from "./kernel.js";

const { base, token, player: playerAddress, waits } = document.body.dataset;
const { answer, beat, ...own } = JSON.parse(waits);
for (const [name, seconds] of Object.entries(own)) WAITS[name] = seconds * 1000;
const SILENCE = beat * 3_600; // longer than three beats of the server
const LONG = 8_000;
const QUIET = 600; // after something that a person did
// the server gives up on a kernel first, and says so
WAITS.answer = (answer + 1) * 1000;

const WORDS = {
  preparing: "The text is ready. The exercises are being prepared.",
  progress: (done, of) => `The text is ready. Exercises and tables: ${done} of ${of}.`,
  long: "The text is ready. Preparing the exercises takes longer than usual.",
  opening: "The exercises are opening.",
  ready: "Everything is ready.",
  back: "The connection is back.",
  stopped: "The part that marks answers has stopped. Everything you typed is still here.",
  start: "The part that marks answers could not start. You can read everything; to do the exercises, try again.",
  offline: "The connection is lost. Everything you typed is still here. The page keeps trying.",
  slow: "No answer yet. Everything you typed is still here. The page keeps waiting.",
  goOn: "Go on",
  again: "Try again",
  now: "Try now",
  read: "Keep reading",
};

let kernel = null;
let kernelId = null;
let mood = "fine";
let lively = false;
let retry = null;
const places = new Set();

// what the page says

const line = document.querySelector("[data-progress-line]");

function say(text, seconds = 0) {
  line.textContent = text;
  if (seconds) setTimeout(() => line.textContent === text && (line.textContent = ""), seconds * 1000);
}

function calm() {
  const box = document.querySelector("[data-trouble]");
  box.replaceChildren();
  document.body.classList.remove("troubled");
}

/** Says what happened, with a way to go on and a way to go on reading. Touches nothing that was typed. */
function trouble(text, label, action) {
  const box = document.querySelector("[data-trouble]");
  const words = Object.assign(document.createElement("p"), { textContent: text });
  const go = Object.assign(document.createElement("button"), { type: "button", textContent: label, onclick: action });
  const stay = Object.assign(document.createElement("button"), { type: "button", textContent: WORDS.read, onclick: calm });
  box.replaceChildren(words, go, stay);
  document.body.classList.add("troubled");
  say("");
}

/** Opens the page again once the server can be reached: a browser's own page of errors helps nobody. */
async function reload() {
  try {
    const answer = await fetch(`${base}health`, { cache: "no-store", signal: AbortSignal.timeout(WAITS.reach) });
    if (answer.ok) return location.reload();
  } catch {
    // said below
  }
  trouble(WORDS.offline, WORDS.now, reload);
  clearTimeout(retry);
  retry = setTimeout(reload, WAITS.again);
  return undefined;
}

function failed() {
  over();
  trouble(WORDS.start, WORDS.again, reload);
}

/** What the line says. While cells still run, a busy kernel may be slow to open it: that is no trouble yet. */
function heard(event) {
  mood = event;
  if (event === "stopped") trouble(WORDS.stopped, WORDS.goOn, reload);
  else if (!ended) return;
  else if (event === "offline") trouble(WORDS.offline, WORDS.now, () => kernel.hurry());
  else if (event === "slow") trouble(WORDS.slow, WORDS.goOn, reload);
  else if (document.body.classList.contains("troubled")) {
    calm();
    say(WORDS.back, 5);
  }
}

// what arrives

/** Puts a cell's outputs where its stored ones stand; often they are the same, and only a model comes. */
function put(template) {
  const { cell, model, same } = template.dataset;
  const section = [...document.querySelectorAll("[data-live]")].find((one) => one.dataset.live === cell);
  const stored = section?.querySelector(".stored");
  template.remove();
  if (!stored) return;
  if (same === undefined) {
    stored.replaceChildren(template.content);
    for (const place of stored.querySelectorAll("[data-player]")) places.add(place);
  } else if (model) {
    stored.dataset.player = model;
    places.add(stored);
  }
}

function take(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const { kernel: id, progress, stopped } = node.dataset;
  if (id) {
    kernelId = id;
    kernel = new Kernel(base, id, heard);
    const { models, strings } = JSON.parse(node.previousElementSibling.textContent);
    for (const state of Object.values(models)) state.strings = strings;
    kernel.learn(models);
    kernel.connect();
    for (const place of places) near.observe(place);
  } else if (progress) {
    // the cell's outputs are complete only now: a template is there before its contents are
    const template = node.previousElementSibling;
    if (template?.matches("template")) put(template);
    say(WORDS.progress(...progress.split("/")));
  } else if (stopped) {
    failed();
  } else if ("ready" in node.dataset) {
    over();
    enliven();
  }
}

let silence = null;
let ended = false;

function over() {
  ended = true;
  clearTimeout(silence);
}

function alive() {
  clearTimeout(silence);
  if (!ended) silence = setTimeout(failed, SILENCE);
}

function watch(arriving) {
  say(WORDS.preparing);
  setTimeout(() => !ended && say(WORDS.long), LONG);
  alive();
  new MutationObserver((changes) => {
    alive();
    for (const change of changes) change.addedNodes.forEach(take);
  }).observe(arriving, { childList: true });
  [...arriving.children].forEach(take);
}

// exercises

// First what is in sight, as soon as its model is there; the rest while nothing else is to do, because printing
// and searching need them all.
const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => show(entry.target)),
  { rootMargin: "600px" },
);

/** The Player's scripts; null, and told, where they cannot be had. Told too where they are late. */
async function fetched() {
  const tell = () => trouble(WORDS.start, WORDS.again, reload);
  const late = setTimeout(tell, WAITS.reach + WAITS.late);
  try {
    return (await import(playerAddress)).default;
  } catch (error) {
    console.error(error);
    tell();
    return null;
  } finally {
    clearTimeout(late);
  }
}

async function enliven() {
  say(WORDS.opening);
  if (mood !== "fine") heard(mood);
  lively = true;
  if (!(await player)) return;
  // what was late has come
  if (mood === "fine") calm();
  say(WORDS.ready, 3);
  whenIdle(rest);
}

const whenIdle = window.requestIdleCallback ?? ((task) => setTimeout(task, 50));

let acted = -QUIET;
for (const act of ["pointerdown", "keydown", "click"]) addEventListener(act, () => (acted = performance.now()), { capture: true, passive: true });

async function rest() {
  const [next] = places;
  if (!next) return found();
  // whoever checks an answer does not wait for what stands further down
  const left = acted + QUIET - performance.now();
  if (left > 0) return setTimeout(() => whenIdle(rest), left);
  await show(next);
  whenIdle(rest);
  return undefined;
}

/** Puts the Player into one place. A widget that is none of ours keeps its stored text. */
async function show(place) {
  if (!places.delete(place)) return;
  const model = kernel.models.get(place.dataset.player);
  const ours = String(model?.get("_anywidget_id") ?? "").endsWith(".Player");
  const made = await player;
  if (!ours || !made) return;
  const el = document.createElement("div");
  try {
    await made.initialize?.({ model });
    await made.render({ model, el });
    place.replaceChildren(el);
  } catch (error) {
    console.error(error);
  }
}

/** The address may lead to something that was not there when the page opened. */
function found() {
  const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (goal && scrollY === 0) goal.scrollIntoView();
}

addEventListener("beforeprint", () => lively && [...places].forEach(show));

// leaving

addEventListener("pagehide", () => {
  if (!kernelId) return;
  kernel.close();
  const end = `${base}voila/api/shutdown/${kernelId}`;
  const body = new URLSearchParams({ _xsrf: token });
  if (!navigator.sendBeacon(end, body)) fetch(end, { method: "POST", body, keepalive: true });
});
// a page brought back from the browser's cache has lost its kernel
addEventListener("pageshow", (event) => event.persisted && location.reload());

// what the page says where this script never comes
document.querySelector("[data-unopened]").remove();
const player = fetched();
// This script stands inside the element that it watches.
watch(document.querySelector("[data-arriving]"));
const whole = () => setTimeout(() => !ended && failed());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", whole);
else whole();
