// Draw, and see how it could be finished.

import { button, segmented } from "./button.js";
import { download } from "./download.js";
import { pngFile, svgFile } from "./drawing.js";
import { check, element, field } from "./element.js";
import { exampleText } from "./example.js";
import { fileButton } from "./file_button.js";
import { Form } from "./form.js";
import { Pad, SIDE } from "./pad.js";
import { keyName } from "./shortcuts.js";
import { fitted, isEmpty, parts } from "./sketch.js";
import { Suggestions } from "./suggestions.js";
import { readSvg } from "./svg_file.js";
import { Work } from "./work.js";

const TASK = "sketch.complete";
const PAUSE = 250;
const EXAMPLES = ["face", "cat"];

export class SketchPage {
  static works(capabilities) {
    return capabilities.can(TASK);
  }

  id = "sketch";
  name = "Sketch";
  keys = [
    ["1 – 9", "take a suggestion"],
    ["P, E", "pen, eraser"],
    ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
    ["N", "nine others"],
    ["Delete", "clear the sheet"],
  ];

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    this.provenance = null;
    this.taking = false;
    this.pad = new Pad("Your drawing", {
      onbegin: () => this.stale(),
      onchange: () => this.changed(),
    });
    this.suggestions = new Suggestions({
      ontake: (index) => this.take(index),
      onlook: (index) => this.look(index),
    });
    this.form = new Form(studio.capabilities.options(TASK), { without: ["category", "count"], onchange: () => this.ask() });
    this.element = element("div.sketch-page", {}, this.sheet(), this.side());
  }

  sheet() {
    this.tools = segmented("Tool", [["pen", "Pen", "pen"], ["eraser", "Eraser", "eraser"]], "pen", (tool) => this.pad.use(tool));
    const bar = element(
      "div.toolbar",
      { role: "toolbar", "aria-label": "Drawing" },
      this.tools,
      (this.undo = button("Undo", "undo", () => this.pad.undo(), { bare: true, key: "Ctrl+Z" })),
      (this.redo = button("Redo", "redo", () => this.pad.redo(), { bare: true, key: "Ctrl+Shift+Z" })),
      (this.clear = button("Clear", "clear", () => this.pad.clear(), { bare: true, key: "Delete" })),
      element("span.gap"),
      fileButton("Open SVG", ".svg,image/svg+xml", (file) => this.openFile(file), { bare: true }),
      (this.saveSvg = button("SVG", "download", () => this.save("svg"))),
      (this.savePng = button("PNG", "download", () => this.save("png"))),
    );
    this.saveSvg.setAttribute("aria-label", "Download SVG");
    this.savePng.setAttribute("aria-label", "Download PNG");
    this.begin = element(
      "div.begin",
      {},
      element("p", {}, "Draw something. Half of it will do."),
      element(
        "div.row",
        {},
        ...EXAMPLES.map((one) => button(`Half a ${one}`, null, () => this.openExample(one), { kind: "quiet" })),
      ),
    );
    this.pad.element.append(this.begin);
    this.enable();
    return element("div.sheet", {}, bar, this.pad.element);
  }

  side() {
    const categories = this.studio.capabilities.categories(TASK);
    this.category = element(
      "select",
      { onchange: () => this.ask() },
      element("option", { value: "" }, "Let the model guess"),
      ...categories.map((one) => element("option", { value: one }, one)),
    );
    this.live = element("input", { type: "checkbox", checked: true, onchange: () => this.live.checked && this.ask() });
    this.guess = element("p.guess", { "aria-live": "polite" });
    return element(
      "div.side",
      {},
      element(
        "div.row",
        {},
        field("What is it?", this.category),
        button("Nine others", "again", () => this.ask(), { kind: "primary", key: "N" }),
      ),
      this.suggestions.element,
      element("div.under", {}, this.guess, this.work.element),
      element(
        "details.more",
        {},
        element("summary", {}, "How it is finished"),
        check("Suggest whenever the pen lifts", this.live),
        this.form.element,
      ),
    );
  }

  // What was suggested was for other strokes.
  stale() {
    clearTimeout(this.timer);
    this.work.cancel();
    this.base = null;
    this.suggestions.clear();
    this.pad.suggest([]);
    this.guess.textContent = "";
  }

  changed() {
    this.enable();
    if (this.taking) return;
    this.stale();
    this.provenance = null;
    if (!this.live.checked) return;
    // Only a stroke is certain to be the last thing done; undo is often pressed again.
    const lifted = performance.getEntriesByName("pen-lifted").at(-1);
    const atOnce = lifted && performance.now() - lifted.startTime < 50;
    this.timer = setTimeout(() => this.ask(), atOnce ? 0 : PAUSE);
  }

  enable() {
    const empty = isEmpty(this.pad.sketch);
    this.undo.disabled = !this.pad.timeline.past.length;
    this.redo.disabled = !this.pad.timeline.future.length;
    for (const one of [this.clear, this.saveSvg, this.savePng]) one.disabled = empty;
  }

  /** Ask for one suggestion at once, and then for nine. */
  async ask() {
    const strokes = this.base || this.pad.strokes;
    this.stale();
    if (!strokes.length) return;
    this.base = strokes;
    const options = { ...this.form.values(), ...(this.category.value && { category: this.category.value }) };
    const first = await this.work.run(this.request(strokes, { ...options, count: 1, best_of: 1 }), { brief: true });
    if (!first || this.base !== strokes) return;
    this.showFirst(first);
    this.studio.forget(first);
    const waiting = this.suggestions.wait(9);
    const nine = await this.work.run(this.request(strokes, { ...options, count: 9 }));
    if (!nine || this.base !== strokes) return waiting();
    this.showAll(nine);
  }

  request(strokes, options) {
    return { task: TASK, inputs: { sketch: { sketch: { strokes, size: [SIDE, SIDE] } } }, options };
  }

  showFirst(job) {
    this.pad.suggest(parts(job.results[0].sketch, this.base).added);
    // When it has been painted, which is after the next frame.
    requestAnimationFrame(() => setTimeout(() => performance.mark("first-suggestion")));
    this.tell(job);
  }

  showAll(job) {
    this.job = job;
    this.suggestions.show(job.results, this.base);
    this.look(0);
    this.tell(job);
  }

  tell(job) {
    const { category } = job.results[0].details;
    this.guess.textContent = category && !this.category.value ? `It takes it for: ${category}.` : "";
  }

  look(index) {
    const result = this.suggestions.results[index];
    if (result && this.pad.strokes === this.base) this.pad.suggest(parts(result.sketch, this.base).added);
  }

  take(index) {
    const result = this.suggestions.results[index];
    if (!result) return;
    this.taking = true;
    if (this.pad.strokes !== this.base) this.pad.undo();
    this.pad.put(result.sketch.strokes);
    this.taking = false;
    this.provenance = { creative_gen: { ...this.job.provenance, output: result.details } };
    this.pad.suggest([]);
    this.suggestions.mark(index);
  }

  /** Open a drawing: an SVG file, or {sketch, category} of the history. */
  async open({ sketch, category = "" }) {
    this.category.value = category;
    if (this.category.selectedIndex < 0) this.category.value = "";
    const [width, height] = sketch.size;
    const same = width === SIDE && height === SIDE;
    this.pad.put(same ? sketch.strokes : fitted(sketch.strokes, SIDE));
  }

  openFile(file) {
    this.studio.attempt(async () => this.pad.put(readSvg(await file.text(), SIDE)));
  }

  openExample(one) {
    this.studio.attempt(async () => {
      this.category.value = one;
      if (this.category.selectedIndex < 0) this.category.value = "";
      this.pad.put(readSvg(await exampleText(`half-a-${one}.svg`), SIDE));
    });
  }

  async save(kind) {
    const name = this.category.value || "sketch";
    const { sketch } = this.pad;
    if (kind === "svg") download(`${name}.svg`, svgFile(sketch, this), "image/svg+xml");
    else download(`${name}.png`, await pngFile(sketch));
  }

  pressed(event) {
    const act = {
      "ctrl+z": () => this.pad.undo(),
      "ctrl+shift+z": () => this.pad.redo(),
      "ctrl+y": () => this.pad.redo(),
      p: () => this.choose("pen"),
      e: () => this.choose("eraser"),
      n: () => this.ask(),
      delete: () => this.pad.clear(),
    }[keyName(event)];
    if (/^[1-9]$/.test(event.key) && !event.ctrlKey) this.take(Number(event.key) - 1);
    else if (act) {
      event.preventDefault();
      act();
    }
  }

  choose(tool) {
    this.tools.select(tool);
    this.pad.use(tool);
  }
}
