// A drawing as an input of a task: the one on the page Sketch, or an SVG file.

import { button } from "./button.js";
import { drawing } from "./drawing.js";
import { element } from "./element.js";
import { fileButton } from "./file_button.js";
import { SIDE } from "./pad.js";
import { readSvg } from "./svg_file.js";

export class SketchInput {
  constructor(studio) {
    this.studio = studio;
    this.sketch = null;
    this.shown = element("div.sketch-input-shown");
    this.element = element(
      "div.sketch-input",
      {},
      this.shown,
      element(
        "div.row",
        {},
        button("Take my sketch", "pen", () => this.takeDrawn()),
        fileButton("Open SVG", ".svg,image/svg+xml", (file) => this.take(file)),
      ),
    );
  }

  /** What a job takes: the drawing, or null. */
  async given() {
    return this.sketch && { sketch: this.sketch };
  }

  /** Take a drawing {strokes, size}. */
  takeSketch(sketch) {
    this.sketch = sketch;
    this.shown.replaceChildren(drawing({ given: sketch.strokes, size: sketch.size }, "The drawing"));
  }

  takeDrawn() {
    const { sketch } = this.studio.pages.get("sketch").pad;
    if (sketch.strokes.length) return this.takeSketch(sketch);
    const hint = "Draw something there, and take it then.";
    return this.studio.messages.show({ message: "Nothing is drawn on the page Sketch.", hint }, "news");
  }

  /** Take an SVG file. */
  take(file) {
    return this.studio.attempt(async () =>
      this.takeSketch({ strokes: readSvg(await file.text(), SIDE), size: [SIDE, SIDE] }),
    );
  }
}
