// Notes on a grid of pitches and sixteenths: clicked, dragged longer, clicked away.

import { element, shape } from "./element.js";
import { isBlack, pitchName } from "./pitch.js";
import { Timeline } from "./timeline.js";

export const STEPS_A_BEAT = 4;
const [WIDE, HIGH] = [26, 13];
const LABELS = 44;
const LOWEST = 48;
const HIGHEST = 84;

export class PianoRoll {
  /** `onchange` when the notes are others, `onhear(pitch)` when a note is set. */
  constructor({ onchange = () => {}, onhear = () => {} } = {}) {
    Object.assign(this, { onchange, onhear, steps: 32, cursor: { step: 0, pitch: 72 } });
    this.timeline = new Timeline([]);
    this.grid = shape("g", { class: "grid" });
    this.marks = shape("g", { class: "notes" });
    this.box = shape("rect", { class: "cursor", height: HIGH, width: WIDE, visibility: "hidden" });
    this.head = shape("line", { class: "head", y1: 0, visibility: "hidden" });
    this.svg = shape(
      "svg",
      {
        class: "roll",
        tabindex: 0,
        role: "application",
        "aria-label": "Piano roll. Arrows move, Enter sets or removes a note, plus and minus change its length.",
        "aria-roledescription": "piano roll",
      },
      this.grid,
      this.marks,
      this.box,
      this.head,
    );
    this.said = element("span.unseen", { "aria-live": "polite" });
    this.element = element("div.roll-frame", {}, this.svg, this.said);
    this.listen();
    this.resize(this.steps);
  }

  /** The notes: {pitch, start, length}, in sixteenths. */
  get notes() {
    return this.timeline.now;
  }

  /** The notes in beats, as MIDI has them. */
  get inBeats() {
    return this.notes.map(({ pitch, start, length, velocity }) => ({
      pitch,
      start: start / STEPS_A_BEAT,
      length: length / STEPS_A_BEAT,
      velocity,
    }));
  }

  /** Show so many sixteenths. */
  resize(steps) {
    this.steps = steps;
    const [width, height] = [LABELS + steps * WIDE, (HIGHEST - LOWEST + 1) * HIGH];
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
      this.svg.setAttribute(name, value);
    }
    this.head.setAttribute("y2", height);
    this.grid.replaceChildren(...this.rows(width), ...this.columns(height));
    this.draw();
  }

  rows(width) {
    const pitches = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, row) => HIGHEST - row);
    return pitches.flatMap((pitch, row) => [
      shape("rect", { class: isBlack(pitch) ? "black-row" : "white-row", x: LABELS, y: row * HIGH, width: width - LABELS, height: HIGH }),
      shape("rect", { class: isBlack(pitch) ? "black-label" : "white-label", x: 0, y: row * HIGH, width: LABELS - 3, height: HIGH }),
      ...(pitch % 12 === 0
        ? [shape("text", { x: LABELS - 8, y: row * HIGH + HIGH - 3, "text-anchor": "end" }, `C${pitch / 12 - 1}`)]
        : []),
    ]);
  }

  columns(height) {
    return Array.from({ length: this.steps + 1 }, (_, step) => {
      const kind = step % 16 === 0 ? "bar" : step % STEPS_A_BEAT === 0 ? "beat" : "sixteenth";
      const x = LABELS + step * WIDE;
      return shape("line", { class: kind, x1: x, x2: x, y1: 0, y2: height });
    });
  }

  /** Replace the notes, in a step that can be undone. */
  put(notes) {
    this.timeline.add(notes);
    this.changed();
  }

  undo() {
    if (this.timeline.undo()) this.changed();
  }

  redo() {
    if (this.timeline.redo()) this.changed();
  }

  clear() {
    if (this.notes.length) this.put([]);
  }

  changed() {
    this.draw();
    this.onchange();
  }

  /** Show where it plays, in sixteenths; null for nowhere. */
  playAt(step) {
    this.head.setAttribute("visibility", step === null ? "hidden" : "visible");
    if (step === null) return;
    const x = LABELS + step * WIDE;
    this.head.setAttribute("x1", x);
    this.head.setAttribute("x2", x);
    const { scrollLeft, clientWidth } = this.element;
    if (x < scrollLeft || x > scrollLeft + clientWidth - 40) this.element.scrollLeft = x - LABELS - 20;
  }

  /** Bring the notes into sight. */
  reveal() {
    const pitches = this.notes.map((note) => note.pitch);
    const middle = pitches.length ? (Math.max(...pitches) + Math.min(...pitches)) / 2 : 68;
    this.element.scrollTop = (HIGHEST - middle) * HIGH - this.element.clientHeight / 2;
  }

  draw() {
    const shown = this.drag ? [...this.notes.filter((note) => note !== this.drag.replaces), this.drag.note] : this.notes;
    this.marks.replaceChildren(
      ...shown.filter(inside).map(({ pitch, start, length }) =>
        shape("rect", {
          class: "note",
          x: LABELS + start * WIDE + 1,
          y: (HIGHEST - pitch) * HIGH + 1,
          width: Math.max(4, length * WIDE - 2),
          height: HIGH - 2,
          rx: 3,
        }),
      ),
    );
  }

  listen() {
    this.svg.addEventListener("pointerdown", (event) => this.down(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.up(event));
    this.svg.addEventListener("pointercancel", () => this.drop());
    this.svg.addEventListener("keydown", (event) => this.keyed(event));
    this.svg.addEventListener("focus", () => this.svg.matches(":focus-visible") && this.say());
    this.svg.addEventListener("blur", () => this.box.setAttribute("visibility", "hidden"));
  }

  place({ clientX, clientY }) {
    const frame = this.svg.getBoundingClientRect();
    const exact = (clientX - frame.left - LABELS) / WIDE;
    return { exact, step: Math.floor(exact), pitch: HIGHEST - Math.floor((clientY - frame.top) / HIGH) };
  }

  noteAt(step, pitch) {
    return this.notes.find((note) => note.pitch === pitch && note.start <= step && step < note.start + note.length);
  }

  down(event) {
    const { exact, step, pitch } = this.place(event);
    if (event.button > 0 || pitch < LOWEST || pitch > HIGHEST) return;
    if (step < 0) return this.onhear(pitch);
    if (step >= this.steps) return;
    this.svg.setPointerCapture(event.pointerId);
    const there = this.notes.find((note) => note.pitch === pitch && note.start <= exact && exact < note.start + note.length);
    const note = there ? { ...there } : { pitch, start: step, length: 1 };
    this.drag = { note, replaces: there || null, moved: false, fresh: !there, from: note.length };
    if (!there) this.onhear(pitch);
    this.draw();
  }

  move(event) {
    if (!this.drag) return;
    const { note } = this.drag;
    const end = Math.min(this.steps, Math.max(note.start + 1, Math.ceil(this.place(event).exact)));
    if (this.drag.fresh || this.drag.moved || end !== Math.ceil(note.start + note.length)) {
      this.drag.moved ||= end - note.start !== this.drag.from;
      if (this.drag.moved) note.length = end - note.start;
    }
    this.draw();
  }

  up() {
    if (!this.drag) return;
    const { note, replaces, moved } = this.drag;
    const others = this.notes.filter((one) => one !== replaces);
    this.drop();
    this.put(replaces && !moved ? others : [...others, note]);
  }

  drop() {
    this.drag = null;
    this.draw();
  }

  keyed(event) {
    const { cursor } = this;
    const there = this.noteAt(cursor.step, cursor.pitch);
    const acts = {
      ArrowLeft: () => (cursor.step = Math.max(0, cursor.step - 1)),
      ArrowRight: () => (cursor.step = Math.min(this.steps - 1, cursor.step + 1)),
      ArrowUp: () => (cursor.pitch = Math.min(HIGHEST, cursor.pitch + 1)),
      ArrowDown: () => (cursor.pitch = Math.max(LOWEST, cursor.pitch - 1)),
      Enter: () => this.set(there),
      "+": () => there && this.lengthen(there, 1),
      "-": () => there && this.lengthen(there, -1),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
    this.say();
  }

  set(there) {
    const { step, pitch } = this.cursor;
    if (there) return this.put(this.notes.filter((note) => note !== there));
    this.onhear(pitch);
    return this.put([...this.notes, { pitch, start: step, length: 2 }]);
  }

  lengthen(note, by) {
    const length = Math.min(this.steps - note.start, Math.max(1, note.length + by));
    this.put(this.notes.map((one) => (one === note ? { ...note, length } : one)));
  }

  say() {
    const { step, pitch } = this.cursor;
    this.box.setAttribute("visibility", "visible");
    this.box.setAttribute("x", LABELS + step * WIDE);
    this.box.setAttribute("y", (HIGHEST - pitch) * HIGH);
    const there = this.noteAt(step, pitch);
    const place = `${pitchName(pitch)}, beat ${1 + step / STEPS_A_BEAT}`;
    this.said.textContent = there ? `${place}: a note of ${there.length} sixteenths` : place;
  }
}

function inside({ pitch }) {
  return pitch >= LOWEST && pitch <= HIGHEST;
}
