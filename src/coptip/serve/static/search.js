// The search of the start page: all modules, in the browser, from an index that this server made. Nothing is sent.
const SHOWN = 20;
const ROOM = 90;
const LONGEST = 9_000; // milliseconds that the index may take

/** Lower case without accents, letter for letter as long as the text, so that a place found is a place shown. */
export const fold = (text) => Array.from(text.toLowerCase(), (c) => c.normalize("NFKD")[0].padEnd(c.length)).join("");

/** The words of a question; a word is found where another begins with it. */
export const terms = (question) => fold(question).split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word.length > 1);

const at = (text, term) => text.search(new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${term}`, "u"));

/** Entries that hold every word, those with a word in their title first. */
export function find(entries, question) {
  const wanted = terms(question);
  if (!wanted.length) return [];
  return entries
    .map((entry) => {
      const places = wanted.map((term) => at(entry.text, term));
      const titled = wanted.filter((term) => at(entry.head, term) >= 0).length;
      const all = wanted.every((term, n) => places[n] >= 0 || at(entry.head, term) >= 0);
      return all && { ...entry, titled, first: places.find((place) => place >= 0) ?? 0 };
    })
    .filter(Boolean)
    .sort((one, other) => other.titled - one.titled);
}

/** The words round the first place found, with every word of the question marked; text only, never markup. */
function excerpt(found, wanted) {
  const start = Math.max(0, found.shown.lastIndexOf(" ", found.first - ROOM / 2) + 1);
  const last = found.shown.indexOf(" ", start + 2 * ROOM);
  const end = last < 0 ? found.shown.length : last;
  const line = document.createElement("p");
  const part = found.text.slice(start, end);
  let from = 0;
  for (const hit of part.matchAll(new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${wanted.join("|")})[\\p{L}\\p{M}\\p{N}]*`, "gu"))) {
    line.append(found.shown.slice(start + from, start + hit.index));
    const mark = document.createElement("mark");
    mark.textContent = found.shown.slice(start + hit.index, start + hit.index + hit[0].length);
    line.append(mark);
    from = hit.index + hit[0].length;
  }
  line.prepend(start ? "… " : "");
  line.append(found.shown.slice(start + from, end), end < found.shown.length ? " …" : "");
  return line;
}

export function search(form) {
  const [field, said, list] = ["input", "[role=status]", "ol"].map((one) => form.querySelector(one));
  let entries = null;
  const load = async () => {
    entries ??= fetch(form.dataset.index, { signal: AbortSignal.timeout(LONGEST) })
      .then((answer) => answer.json())
      .then((rows) => rows.map(([module, title, address, text]) => ({ module, title, address, shown: text, text: fold(text), head: fold(title) })));
    return entries;
  };
  const show = async () => {
    const question = field.value;
    let found;
    try {
      found = find(await load(), question);
    } catch {
      entries = null;
      said.textContent = "The search cannot be reached. Try again in a moment.";
      return;
    }
    if (question !== field.value) return; // one has typed on meanwhile
    list.replaceChildren(...found.slice(0, SHOWN).map((one) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = one.address;
      link.textContent = `${one.module} · ${one.title}`;
      row.append(link, excerpt(one, terms(question)));
      return row;
    }));
    const more = found.length > SHOWN ? ` The first ${SHOWN} are shown; another word narrows it down.` : "";
    said.textContent = !terms(question).length ? "" : found.length ? `${found.length} ${found.length === 1 ? "place" : "places"} found.${more}` : "Nothing found. Try another word, or the beginning of one.";
  };
  form.hidden = false;
  field.addEventListener("focus", () => load().catch(() => (entries = null)), { once: true });
  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}
