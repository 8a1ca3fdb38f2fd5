// The page's line to its kernel: Jupyter's messages over one websocket, widget models, and what to do when
// the line or the kernel is lost. Knows nothing of how a page looks.

/** Waits in milliseconds, as the server's settings have them; none is without an end. */
export const WAITS = { answer: 8_000, sign: 4_000, late: 3_000, reach: 4_000, again: 5_000 };
const LONGER = [0.1, 0.2, 0.4, 0.8, 1]; // shares of the longest pause, from attempt to attempt

const CONTROL = "jupyter.widget.control";
const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A widget's state as anywidget's front-end modules expect it: get, on, off, send. */
export class Model {
  #state;
  #listeners = new Map();
  #send;

  constructor(state, send) {
    this.#state = state;
    this.#send = send;
  }

  get(key) {
    return this.#state[key];
  }

  // The kernel's model is the truth: a page changes it by asking, never by setting.
  set() {}

  save_changes() {}

  on(names, callback) {
    for (const name of names.split(/\s+/)) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), callback]);
    }
  }

  off(names, callback) {
    const gone = names ? names.split(/\s+/) : [...this.#listeners.keys()];
    for (const name of gone) {
      const left = (this.#listeners.get(name) ?? []).filter((one) => callback && one !== callback);
      this.#listeners.set(name, left);
    }
  }

  send(content) {
    this.#send({ method: "custom", content });
  }

  /** Takes over what the kernel says, and tells whoever listens what has changed. */
  update(state) {
    const changed = Object.keys(state).filter((key) => !same(state[key], this.#state[key]));
    Object.assign(this.#state, state);
    for (const key of changed) this.#tell(`change:${key}`, this, this.#state[key]);
    if (changed.length) this.#tell("change", this);
  }

  custom(content) {
    this.#tell("msg:custom", content, []);
  }

  #tell(name, ...what) {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(...what);
      } catch (error) {
        console.error(error);
      }
    }
  }
}

/**
 * One kernel. `says(event)` is called with "stopped" (it is gone for good), "slow" (no answer yet),
 * "offline" (no line; it keeps trying) and "fine" (it answers again).
 */
export class Kernel {
  models = new Map();
  #address;
  #id;
  #says;
  #session = random();
  #socket = null;
  #waiting = new Map();
  #unsent = [];
  #tries = 0;
  #again = null;
  #over = false;
  #mood = "fine";
  #silent = 0;
  #sign = null;
  #control = random();
  #opened = false;
  #pulse = null;

  constructor(base, id, says) {
    this.#address = `${base}api/kernels/${id}`;
    this.#id = id;
    this.#says = says;
    addEventListener("online", () => this.#again && this.#open());
  }

  /** Opens the line. */
  connect() {
    this.#open();
  }

  /** Closes it for good: the page is being left. */
  close() {
    this.#over = true;
    clearTimeout(this.#again);
    clearTimeout(this.#pulse);
    this.#forget();
    this.#socket?.close();
  }

  /** Tries at once, without the rest of the wait. */
  hurry() {
    if (this.#again) this.#open();
  }

  /** The models that the page was told of: id -> state. */
  learn(states) {
    for (const [id, state] of Object.entries(states)) {
      const known = this.models.get(id);
      if (known) known.update(state);
      else this.models.set(id, new Model(state, (data) => this.#post(this.#message("comm_msg", { comm_id: id, data }))));
    }
  }

  #open() {
    clearTimeout(this.#again);
    this.#again = null;
    if (this.#over) return;
    const address = new URL(`${this.#address}/channels?session_id=${this.#session}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    const late = setTimeout(() => socket.close(), WAITS.reach);
    socket.onopen = () => {
      clearTimeout(late);
      this.#tries = 0;
      // a kernel that did not answer must answer first
      if (this.#silent === 0) this.#mind("fine");
      // after a gap the kernel may have said things that nobody heard
      if (this.#opened) this.#askForStates();
      this.#opened = true;
      this.#beat();
      for (const message of this.#unsent.splice(0)) this.#transmit(message);
    };
    socket.onmessage = ({ data }) => {
      try {
        this.#hear(JSON.parse(data));
      } catch (error) {
        // what cannot be read was damaged on its way: a new line asks for it again
        console.error(error);
        if (socket === this.#socket && !this.#over) this.#drop();
      }
    };
    socket.onclose = () => {
      clearTimeout(late);
      if (socket === this.#socket && !this.#over) this.#lost();
    };
  }

  /** The line is closed: is it the kernel, or the way to it? */
  async #lost() {
    clearTimeout(this.#pulse);
    this.#forget();
    const state = await this.#probe();
    if (this.#over) return;
    if (state === "gone") return this.#stop();
    // a line that breaks once is mended before anybody need know
    if (state === "unreachable" || this.#tries > 0) this.#mind("offline");
    const wait = WAITS.again * LONGER[Math.min(this.#tries, LONGER.length - 1)];
    this.#tries += 1;
    this.#again = setTimeout(() => this.#open(), wait);
    return undefined;
  }

  async #probe() {
    try {
      const answer = await fetch(this.#address, { signal: AbortSignal.timeout(WAITS.reach), cache: "no-store" });
      if (answer.ok) return "there";
      return [401, 403, 404].includes(answer.status) ? "gone" : "unreachable";
    } catch {
      return "unreachable";
    }
  }

  #stop() {
    if (this.#over) return;
    this.close();
    this.#mind("stopped");
  }

  #mind(mood) {
    if (mood === this.#mood) return;
    this.#mood = mood;
    this.#says(mood);
  }

  // messages

  #message(type, content, metadata = {}) {
    const header = { msg_id: random(), msg_type: type, session: this.#session, username: "", version: "5.3" };
    header.date = new Date().toISOString();
    return { channel: "shell", header, parent_header: {}, metadata, content, buffers: [] };
  }

  #post(message) {
    if (this.#over) {
      // whoever closed the words about it and then asks something is told again
      if (this.#mood === "stopped" && message.content.data?.content?.stage) this.#says("stopped");
      return;
    }
    if (this.#socket?.readyState === WebSocket.OPEN) this.#transmit(message);
    else this.#unsent = [...this.#unsent, message].slice(-200);
  }

  #transmit(message) {
    const id = message.header.msg_id;
    this.#socket.send(JSON.stringify(message));
    this.#waiting.set(id, setTimeout(() => this.#unanswered(id), WAITS.answer));
  }

  /** Gives up a line without waiting until it has closed: a cut one takes minutes for that. */
  #drop() {
    this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
    this.#lost();
  }

  /** Now and then the line itself is asked for a sign of life: a cut one looks open for minutes. */
  #beat() {
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return;
      const sign = this.#message("comm_open", { comm_id: this.#control, target_name: CONTROL, data: {} });
      this.#socket.send(JSON.stringify(sign));
      const late = () => {
        this.#mind("offline");
        this.#drop();
      };
      this.#pulse = setTimeout(late, WAITS.late);
      this.#sign = sign.header.msg_id;
    }, WAITS.sign);
  }

  /** Nothing came back: a busy kernel is slow, one that was idle all the while does not hear us. */
  async #unanswered(id) {
    if (!this.#waiting.has(id)) return;
    this.#mind("slow");
    const state = await this.#probe();
    if (this.#over || !this.#waiting.has(id)) return;
    if (state === "gone") return this.#stop();
    this.#mind(state === "there" ? "slow" : "offline");
    this.#silent += 1;
    if (this.#silent > 1) return this.#stop();
    return this.#drop();
  }

  #answered(id) {
    if (!this.#waiting.has(id)) return;
    clearTimeout(this.#waiting.get(id));
    this.#waiting.delete(id);
    this.#silent = 0;
    this.#mind("fine");
  }

  #forget() {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #askForStates() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#post(this.#message("comm_msg", { comm_id: this.#control, data: { method: "request_states" } }));
  }

  #hear({ header, parent_header: parent, content }) {
    if (header.msg_type === "status") {
      const state = content.execution_state;
      // one that restarts comes back empty: to go on, the page has to be opened again
      if (["restarting", "autorestarting", "dead"].includes(state)) return this.#stop();
      if (parent?.msg_id === this.#sign) this.#beat();
      else if (parent?.msg_id) this.#answered(parent.msg_id);
    } else if (header.msg_type === "comm_msg") {
      this.#heed(content.comm_id, content.data ?? {});
    }
    return undefined;
  }

  #heed(id, data) {
    if (id === this.#control && data.method === "update_states") {
      for (const [one, { state }] of Object.entries(data.states)) this.models.get(one)?.update(state);
      return undefined;
    }
    const model = this.models.get(id);
    if (data.method === "update") model?.update(data.state);
    else if (data.method === "custom") model?.custom(data.content);
    return undefined;
  }
}
