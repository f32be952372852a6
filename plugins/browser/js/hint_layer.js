// Strokes of colour on a clear layer over a picture.

import { element } from "./element.js";
import { Timeline } from "./timeline.js";

const LARGEST = 4096;

export class HintLayer {
  /** `onbegin` when a stroke begins, `onchange` when the hints are others. */
  constructor({ onbegin = () => {}, onchange = () => {} }) {
    Object.assign(this, { onbegin, onchange, color: "#d9482b", share: 0.025, tool: "pen", pointer: null });
    this.canvas = element("canvas.hint-layer", { role: "img", "aria-label": "Strokes of colour on the picture" });
    this.timeline = new Timeline([]);
    for (const [name, act] of [
      ["pointerdown", "down"],
      ["pointermove", "move"],
      ["pointerup", "up"],
      ["pointercancel", "up"],
    ]) {
      this.canvas.addEventListener(name, (event) => this[act](event));
    }
  }

  /** The strokes: {color, width, points, erases}, in pixels of the layer. */
  get strokes() {
    return this.timeline.now;
  }

  /** Lie over a picture of this size, without a stroke. */
  cover(width, height) {
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    this.canvas.width = Math.max(1, Math.round(width * scale));
    this.canvas.height = Math.max(1, Math.round(height * scale));
    this.timeline = new Timeline([]);
    this.underlay = null;
    this.draw();
  }

  /** Hints of the history lie below the strokes. */
  lay(bitmap) {
    this.underlay = bitmap;
    this.draw();
  }

  /** The layer as a PNG file; null where nothing is on it. */
  async file() {
    if (!this.strokes.length && !this.underlay) return null;
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }

  undo() {
    if (this.timeline.undo()) this.changed();
  }

  redo() {
    if (this.timeline.redo()) this.changed();
  }

  clear() {
    this.underlay = null;
    this.timeline.add([]);
    this.changed();
  }

  changed() {
    this.draw();
    this.onchange();
  }

  down(event) {
    if (this.pointer !== null || event.button > 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    const width = Math.max(2, this.share * Math.max(this.canvas.width, this.canvas.height));
    this.stroke = { color: this.color, width, points: [this.at(event)], erases: this.tool === "eraser" };
    this.onbegin();
    this.draw();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const all = event.getCoalescedEvents?.() || [];
    for (const one of all.length ? all : [event]) this.stroke.points.push(this.at(one));
    this.draw();
  }

  up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    const { stroke } = this;
    this.stroke = null;
    if (event.type === "pointerup") this.timeline.add([...this.strokes, stroke]);
    this.changed();
  }

  at({ clientX, clientY }) {
    const frame = this.canvas.getBoundingClientRect();
    return [
      ((clientX - frame.left) / frame.width) * this.canvas.width,
      ((clientY - frame.top) / frame.height) * this.canvas.height,
    ];
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.underlay) pen.drawImage(this.underlay, 0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.stroke ? [...this.strokes, this.stroke] : this.strokes) line(pen, stroke);
  }
}

function line(pen, { color, width, points, erases }) {
  pen.globalCompositeOperation = erases ? "destination-out" : "source-over";
  Object.assign(pen, { strokeStyle: color, lineWidth: width, lineCap: "round", lineJoin: "round" });
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (const point of points.slice(1)) pen.lineTo(...point);
  if (points.length === 1) pen.lineTo(points[0][0] + 0.01, points[0][1]);
  pen.stroke();
}
