// A square to draw on, with a mouse, a pen or a finger.

import { element, shape } from "./element.js";
import { path } from "./drawing.js";
import { erased, round } from "./sketch.js";
import { Timeline } from "./timeline.js";

export const SIDE = 512;
const CLOSEST = 1.5;
const ERASER = 12;

export class Pad {
  /** `onbegin` is called when a stroke begins, `onchange` whenever the strokes are others. */
  constructor(name, { onbegin = () => {}, onchange = () => {} } = {}) {
    Object.assign(this, { onbegin, onchange, tool: "pen", stroke: null, pointer: null });
    this.timeline = new Timeline([]);
    this.ghost = shape("path", { class: "ghost" });
    this.ink = shape("path", { class: "ink" });
    this.live = shape("path", { class: "ink live" });
    this.rubber = shape("circle", { class: "rubber", r: ERASER, visibility: "hidden" });
    this.surface = shape(
      "svg",
      { class: "surface", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": name },
      this.ghost,
      this.ink,
      this.live,
      this.rubber,
    );
    this.element = element("div.pad", {}, this.surface);
    this.listen();
  }

  /** The strokes as they are now. */
  get strokes() {
    return this.timeline.now;
  }

  /** The drawing as a sketch. */
  get sketch() {
    return { strokes: this.strokes, size: [SIDE, SIDE] };
  }

  /** Replace the strokes, in a step that can be undone. */
  put(strokes) {
    this.timeline.add(strokes);
    this.changed();
  }

  undo() {
    if (this.timeline.undo()) this.changed();
  }

  redo() {
    if (this.timeline.redo()) this.changed();
  }

  clear() {
    if (this.strokes.length) this.put([]);
  }

  /** Show strokes faintly, as a suggestion. */
  suggest(strokes) {
    this.ghost.setAttribute("d", path(strokes));
    this.ghost.classList.toggle("shown", strokes.length > 0);
  }

  /** Draw with the "pen", or rub out with the "eraser". */
  use(tool) {
    this.tool = tool;
    this.element.dataset.tool = tool;
    if (tool === "pen") this.rubber.setAttribute("visibility", "hidden");
  }

  changed() {
    this.ink.setAttribute("d", path(this.strokes));
    this.element.classList.toggle("blank", !this.strokes.length);
    this.onchange(this.strokes);
  }

  listen() {
    this.element.classList.add("blank");
    this.surface.addEventListener("pointerdown", (event) => this.down(event));
    this.surface.addEventListener("pointermove", (event) => this.move(event));
    this.surface.addEventListener("pointerup", (event) => this.up(event));
    this.surface.addEventListener("pointercancel", (event) => this.cancelled(event));
    this.surface.addEventListener("pointerleave", () => this.rubber.setAttribute("visibility", "hidden"));
  }

  down(event) {
    // The hand that holds a pen may touch the sheet before the pen does.
    const penAfterHand = event.pointerType === "pen" && this.pointerType === "touch";
    if ((this.pointer !== null && !penAfterHand) || event.button === 1 || event.button === 2) return;
    event.preventDefault();
    this.pointerType = event.pointerType;
    this.surface.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.frame = this.surface.getBoundingClientRect();
    this.stroke = [this.at(event)];
    this.rubbed = this.strokes;
    this.rubbing = this.tool === "eraser" || event.button === 5 || Boolean(event.buttons & 32);
    this.onbegin();
    if (this.rubbing) this.rub(this.stroke[0], this.stroke[0]);
    else this.draw();
  }

  move(event) {
    if (this.tool === "eraser") this.showRubber(event);
    if (event.pointerId !== this.pointer) return;
    const all = event.getCoalescedEvents?.() || [];
    for (const one of all.length ? all : [event]) this.extend(this.at(one));
    if (!this.rubbing) this.draw();
  }

  extend(point) {
    const last = this.stroke.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < CLOSEST) return;
    this.stroke.push(point);
    if (this.rubbing) this.rub(last, point);
  }

  up(event) {
    if (event.pointerId !== this.pointer) return;
    performance.mark("pen-lifted");
    const strokes = this.rubbing ? this.rubbed : [...this.strokes, this.stroke];
    const same = strokes.length === this.strokes.length;
    this.drop();
    if (same) this.changed();
    else this.put(strokes);
  }

  cancelled(event) {
    if (event.pointerId !== this.pointer) return;
    this.drop();
    this.changed();
  }

  drop() {
    this.pointer = null;
    this.stroke = null;
    this.live.setAttribute("d", "");
  }

  draw() {
    const [first, ...rest] = this.stroke;
    const lines = rest.length ? `L${rest.map((point) => point.join(" ")).join("L")}` : "h0";
    this.live.setAttribute("d", `M${first.join(" ")}${lines}`);
  }

  rub(from, to) {
    this.rubbed = erased(this.rubbed, from, to, ERASER);
    this.ink.setAttribute("d", path(this.rubbed));
  }

  showRubber(event) {
    const frame = this.surface.getBoundingClientRect();
    this.rubber.setAttribute("cx", ((event.clientX - frame.left) / frame.width) * SIDE);
    this.rubber.setAttribute("cy", ((event.clientY - frame.top) / frame.height) * SIDE);
    this.rubber.setAttribute("visibility", "visible");
  }

  at({ clientX, clientY }) {
    const { left, top, width, height } = this.frame;
    const inside = (share) => round(Math.min(SIDE, Math.max(0, share * SIDE)));
    return [inside((clientX - left) / width), inside((clientY - top) / height)];
  }
}
