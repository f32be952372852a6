// Two pictures over each other, with a line between before and after that can be moved.

import { check, element, field } from "./element.js";

const LARGEST_ZOOM = 12;

export class Compare {
  /** With `zoom` the pictures can be looked at closely. */
  constructor({ zoom = false } = {}) {
    this.before = element("img.before", { alt: "Before", draggable: "false" });
    this.after = element("img.after", { alt: "After", draggable: "false" });
    this.line = element("div.compare-line", { "aria-hidden": "true" });
    this.view = element("div.compare-view", {}, this.before, this.after, this.line);
    this.split = range("Where before ends and after begins", 0, 100, 50, () => this.place());
    this.zoom = range("Zoom", 1, LARGEST_ZOOM, 1, () => this.place());
    this.zoom.step = 0.1;
    this.sharp = element("input", { type: "checkbox", onchange: () => this.place() });
    const controls = element(
      "div.compare-controls",
      {},
      element("span", { "aria-hidden": "true" }, "Before"),
      this.split,
      element("span", { "aria-hidden": "true" }, "After"),
    );
    const closer = element(
      "div.compare-zoom",
      {},
      field("Zoom", this.zoom),
      check("Show pixels as squares", this.sharp),
    );
    this.element = element("div.compare", { hidden: true }, this.view, controls, zoom ? closer : null);
    this.zooms = zoom;
    this.shift = [0, 0];
    this.listen();
  }

  /** Show two pictures, by their addresses; the size is that of the second. */
  async show(before, after) {
    this.before.src = before;
    this.after.src = after;
    this.element.hidden = false;
    await this.after.decode().catch(() => {});
    const { naturalWidth: width, naturalHeight: height } = this.after;
    this.view.style.aspectRatio = `${width} / ${height}`;
    this.view.style.setProperty("--ratio", width / height);
    this.place();
  }

  /** Show nothing. */
  clear() {
    this.element.hidden = true;
  }

  place() {
    const [x, y] = this.shift;
    const zoom = Number(this.zoom.value);
    this.view.style.setProperty("--split", `${this.split.value}%`);
    this.view.style.setProperty("--zoom", zoom);
    this.view.style.setProperty("--x", `${x}px`);
    this.view.style.setProperty("--y", `${y}px`);
    this.view.classList.toggle("zoomed", zoom > 1);
    this.view.classList.toggle("sharp", this.sharp.checked);
    this.zoom.setAttribute("aria-valuetext", `${zoom} times`);
  }

  listen() {
    let from = null;
    this.view.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      this.view.setPointerCapture(event.pointerId);
      const pans = Number(this.zoom.value) > 1 && event.target !== this.line;
      from = { x: event.clientX, y: event.clientY, shift: this.shift, pans };
      if (!pans) this.splitAt(event);
    });
    this.view.addEventListener("pointermove", (event) => {
      if (!from) return;
      if (from.pans) this.pan(from.shift[0] + event.clientX - from.x, from.shift[1] + event.clientY - from.y);
      else this.splitAt(event);
    });
    for (const name of ["pointerup", "pointercancel"]) this.view.addEventListener(name, () => (from = null));
    if (this.zooms) this.view.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.zoom.addEventListener("input", () => this.pan(...this.shift));
  }

  wheel(event) {
    event.preventDefault();
    const zoom = Number(this.zoom.value) * Math.exp(-event.deltaY / 400);
    this.zoom.value = Math.min(LARGEST_ZOOM, Math.max(1, zoom));
    this.pan(...this.shift);
  }

  pan(x, y) {
    const spare = (Number(this.zoom.value) - 1) / 2;
    const [most, highest] = [this.view.clientWidth * spare, this.view.clientHeight * spare];
    this.shift = [Math.min(most, Math.max(-most, x)), Math.min(highest, Math.max(-highest, y))];
    this.place();
  }

  splitAt(event) {
    const frame = this.view.getBoundingClientRect();
    this.split.value = ((event.clientX - frame.left) / frame.width) * 100;
    this.place();
  }
}

function range(name, min, max, value, oninput) {
  return element("input", { type: "range", min, max, value, step: 1, "aria-label": name, oninput });
}
