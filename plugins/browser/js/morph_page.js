// From one drawing to another.

import { button } from "./button.js";
import { download } from "./download.js";
import { drawing, pngFile, svgFile, svgSheet } from "./drawing.js";
import { element } from "./element.js";
import { exampleText } from "./example.js";
import { fileButton } from "./file_button.js";
import { Form } from "./form.js";
import { Pad, SIDE } from "./pad.js";
import { Player } from "./player.js";
import { fitted } from "./sketch.js";
import { readSvg } from "./svg_file.js";
import { Work } from "./work.js";

const TASK = "sketch.interpolate";
const PAUSE = 350;

export class MorphPage {
  static works(capabilities) {
    return capabilities.can(TASK);
  }

  id = "morph";
  name = "Morph";
  keys = [
    ["Space", "play, pause"],
    ["← →", "step through, when the slider has the focus"],
  ];

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    this.steps = [];
    this.form = new Form(studio.capabilities.options(TASK), { onchange: () => this.later() });
    this.form.fill({ steps: 12 });
    this.ends = [this.end("First drawing", "face.svg"), this.end("Second drawing", "pig.svg")];
    this.player = new Player("Step between the two drawings", (at) => this.show(at));
    this.stage = element("div.stage");
    this.strip = element("div.strip", { role: "group", "aria-label": "Steps" });
    this.element = element("div.morph-page", {}, this.endsColumn(), this.middle());
    this.player.set(0);
  }

  end(name, example) {
    const pad = new Pad(name, { onbegin: () => this.stale(), onchange: () => this.later() });
    const take = button("My sketch", "pen", () => this.takeSketch(pad));
    const bar = element(
      "div.toolbar",
      { role: "toolbar", "aria-label": name },
      button("Undo", "undo", () => pad.undo(), { bare: true }),
      button("Clear", "clear", () => pad.clear(), { bare: true }),
      take,
      fileButton("Open SVG", ".svg,image/svg+xml", (file) => this.openFile(pad, file), { bare: true }),
    );
    const begin = element(
      "div.begin",
      {},
      element("p", {}, "Draw here"),
      button(`Example: ${example.split(".")[0]}`, null, () => this.openExample(pad, example), { kind: "quiet" }),
    );
    pad.element.append(begin);
    return { pad, element: element("section.end", {}, element("h2", {}, name), pad.element, bar) };
  }

  endsColumn() {
    return element("div.ends", {}, ...this.ends.map((end) => end.element));
  }

  middle() {
    this.saves = ["svg", "png", "all"].map((kind) => {
      const name = kind === "all" ? "All steps" : kind.toUpperCase();
      return button(name, "download", () => this.save(kind));
    });
    return element(
      "div.middle",
      {},
      this.stage,
      this.player.element,
      this.strip,
      this.work.element,
      element(
        "div.toolbar",
        { role: "toolbar", "aria-label": "Result" },
        button("Draw on from here", "pen", () => this.drawOn()),
        element("span.gap"),
        ...this.saves,
      ),
      element("details.more", {}, element("summary", {}, "How it changes"), this.form.element),
    );
  }

  stale() {
    clearTimeout(this.timer);
    this.work.cancel();
  }

  later() {
    this.stale();
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const [first, second] = this.ends.map(({ pad }) => pad.sketch);
    if (!first.strokes.length || !second.strokes.length) return this.showSteps([]);
    const inputs = { first: { sketch: first }, second: { sketch: second } };
    const job = await this.work.run({ task: TASK, inputs, options: this.form.values() });
    if (job) this.showSteps(job.results.map((result) => result.sketch), job.provenance);
  }

  showSteps(steps, provenance = null) {
    this.steps = steps;
    this.provenance = provenance && { creative_gen: provenance };
    const thumbs = steps.map((sketch, index) =>
      element(
        "button.thumb",
        { type: "button", "aria-label": `Step ${index + 1}`, onclick: () => this.player.go(index) },
        drawing({ given: sketch.strokes, size: sketch.size }),
      ),
    );
    this.strip.replaceChildren(...thumbs);
    this.player.set(steps.length, Math.floor(steps.length / 2));
  }

  show(at) {
    const sketch = this.steps[at];
    for (const one of this.saves || []) one.disabled = !sketch;
    if (!sketch) {
      const text = "Draw on both sheets, and what lies between them appears here.";
      this.stage.replaceChildren(element("p.quiet", {}, text));
      return;
    }
    this.stage.replaceChildren(drawing({ given: sketch.strokes, size: sketch.size }, `Step ${at + 1}`));
    [...this.strip.children].forEach((thumb, index) => thumb.classList.toggle("taken", index === at));
  }

  /** Open {first, second}, sketches of the history. */
  open({ first, second }) {
    [first, second].forEach((sketch, index) => sketch && this.put(this.ends[index].pad, sketch));
  }

  put(pad, { strokes, size }) {
    pad.put(size[0] === SIDE && size[1] === SIDE ? strokes : fitted(strokes, SIDE));
  }

  takeSketch(pad) {
    const { strokes } = this.studio.pages.get("sketch").pad;
    if (strokes.length) return pad.put(strokes);
    const hint = "Draw something there, and take it then.";
    return this.studio.messages.show({ message: "Nothing is drawn on the page Sketch.", hint }, "news");
  }

  openFile(pad, file) {
    this.studio.attempt(async () => pad.put(readSvg(await file.text(), SIDE)));
  }

  openExample(pad, name) {
    this.studio.attempt(async () => pad.put(readSvg(await exampleText(name), SIDE)));
  }

  drawOn() {
    const sketch = this.steps[this.player.at];
    if (sketch) this.studio.open("sketch", { sketch });
  }

  async save(kind) {
    const sketch = this.steps[this.player.at];
    const name = `morph-${this.player.at + 1}`;
    if (kind === "svg") download(`${name}.svg`, svgFile(sketch, this), "image/svg+xml");
    if (kind === "png") download(`${name}.png`, await pngFile(sketch));
    if (kind === "all") download("morph.svg", svgSheet(this.steps, 4), "image/svg+xml");
  }

  onhide() {
    this.player.pause();
  }

  pressed(event) {
    if (event.key !== " " || event.target.closest("button, summary, a")) return;
    event.preventDefault();
    this.player.toggle.click();
  }
}
