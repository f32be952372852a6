// A keyboard of two octaves.

import { element } from "./element.js";
import { isBlack, keyOf, pitchName, pitchOf } from "./pitch.js";

const SPAN = 24;
const LOWEST = 24;
const HIGHEST = 72;

export class Keyboard {
  /** `onpress(pitch)` and `onrelease(pitch)`, of keys that are pressed in any way. */
  constructor({ onpress, onrelease, lowest = 48 }) {
    Object.assign(this, { onpress, onrelease, lowest, held: new Set() });
    this.element = element("div.keyboard", { role: "group", "aria-label": "Keyboard" });
    this.build();
    this.listen();
  }

  /** The pitches that are shown. */
  get pitches() {
    return Array.from({ length: SPAN + 1 }, (_, step) => this.lowest + step);
  }

  /** Show other octaves. */
  shift(octaves) {
    this.lowest = Math.min(HIGHEST, Math.max(LOWEST, this.lowest + 12 * octaves));
    this.build();
  }

  build() {
    this.keys = new Map(this.pitches.map((pitch) => [pitch, this.key(pitch)]));
    this.element.replaceChildren(...this.keys.values());
  }

  key(pitch) {
    const computerKey = keyOf(pitch, this.lowest);
    const made = element(
      `button.key.${isBlack(pitch) ? "black" : "white"}`,
      { type: "button", "data-pitch": pitch, "aria-label": pitchName(pitch) },
      computerKey ? element("kbd", { "aria-hidden": "true" }, computerKey) : null,
      pitch % 12 === 0 ? element("span.octave", { "aria-hidden": "true" }, `C${pitch / 12 - 1}`) : null,
    );
    return made;
  }

  /** Show whether a key's sound is on its way, here, or neither. */
  mark(pitch, state) {
    const one = this.keys.get(pitch);
    if (one) one.dataset.state = state;
  }

  press(pitch) {
    if (this.held.has(pitch)) return;
    this.held.add(pitch);
    this.keys.get(pitch)?.classList.add("held");
    this.onpress(pitch);
  }

  release(pitch) {
    if (!this.held.delete(pitch)) return;
    this.keys.get(pitch)?.classList.remove("held");
    this.onrelease(pitch);
  }

  releaseAll() {
    for (const pitch of [...this.held]) this.release(pitch);
  }

  /** A computer key goes down; whether it is one that plays. */
  pressed(event) {
    const pitch = pitchOf(event.key, this.lowest);
    if (pitch === null || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (!event.repeat) this.press(pitch);
    return true;
  }

  listen() {
    const pitchAt = (event) => {
      const at = document.elementFromPoint(event.clientX, event.clientY)?.closest(".key");
      return at && this.element.contains(at) ? Number(at.dataset.pitch) : null;
    };
    const pointers = new Map();
    this.element.addEventListener("pointerdown", (event) => {
      const pitch = pitchAt(event);
      if (pitch === null || event.button > 0) return;
      this.element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, pitch);
      this.press(pitch);
    });
    // A finger that slides plays what it slides over.
    this.element.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const pitch = pitchAt(event);
      const before = pointers.get(event.pointerId);
      if (pitch === null || pitch === before) return;
      this.release(before);
      pointers.set(event.pointerId, pitch);
      this.press(pitch);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      this.element.addEventListener(name, (event) => {
        this.release(pointers.get(event.pointerId));
        pointers.delete(event.pointerId);
      });
    }
    this.element.addEventListener("keydown", (event) => {
      if (![" ", "Enter"].includes(event.key) || event.repeat) return;
      event.preventDefault();
      this.press(Number(event.target.dataset.pitch));
    });
    this.element.addEventListener("keyup", (event) => {
      if ([" ", "Enter"].includes(event.key)) this.release(Number(event.target.dataset.pitch));
    });
    addEventListener("keyup", (event) => this.release(pitchOf(event.key, this.lowest)));
    addEventListener("blur", () => this.releaseAll());
  }
}
