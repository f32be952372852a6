// Colour a line drawing or a grey picture, led by a few strokes of colour.

import { button, segmented } from "./button.js";
import { Compare } from "./compare.js";
import { check, element, field } from "./element.js";
import { example } from "./example.js";
import { Form } from "./form.js";
import { card, save } from "./gallery.js";
import { HintLayer } from "./hint_layer.js";
import { PictureInput } from "./picture_input.js";
import { keyName } from "./shortcuts.js";
import { Work } from "./work.js";

const TASK = "image.colorize";
const PAUSE = 400;
const SWATCHES = [
  ["red", "#c8372d"],
  ["orange", "#e8862e"],
  ["yellow", "#f2cf4a"],
  ["green", "#4f9a4c"],
  ["teal", "#2f8f8f"],
  ["blue", "#3c6fc4"],
  ["violet", "#7a54b0"],
  ["pink", "#e58aa8"],
  ["brown", "#7b5137"],
  ["skin", "#eab893"],
  ["white", "#f7f5f0"],
  ["black", "#26241f"],
];

export class ColorPage {
  static works(capabilities) {
    return capabilities.can(TASK);
  }

  id = "colour";
  name = "Colour";
  keys = [
    ["Ctrl+V", "paste a picture"],
    ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo a stroke of colour"],
    ["P, E", "colour, eraser"],
  ];

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    this.hints = new HintLayer({ onbegin: () => this.stale(), onchange: () => this.later() });
    this.compare = new Compare();
    this.form = new Form(studio.capabilities.options(TASK), { onchange: () => this.later() });
    this.form.fill({ count: 4 });
    this.input = this.pictureInput();
    this.input.shown.append(this.input.image, this.hints.canvas);
    this.variations = element("div.variations", { role: "group", "aria-label": "Variations" });
    this.element = element("div.color-page.columns", {}, this.left(), this.right());
    document.addEventListener("paste", (event) => this.shown && this.input.paste(event));
  }

  pictureInput() {
    return new PictureInput("A line drawing or a grey picture", {
      studio: this.studio,
      onpicture: (picture) => this.opened(picture),
      example: "Example: a fish",
      onexample: () => this.studio.attempt(async () => this.input.take(await example("lineart.png", "image/png"))),
      room: element("div.picture-room.painted"),
    });
  }

  left() {
    this.tools = segmented("Tool", [["pen", "Colour", "pen"], ["eraser", "Eraser", "eraser"]], "pen", (tool) => (this.hints.tool = tool));
    this.own = element("input", { type: "color", value: "#c8372d", "aria-label": "Another colour", oninput: () => this.choose(this.own.value) });
    this.swatches = segmented("Colour of the strokes", SWATCHES.map(([name, value]) => [value, name]), SWATCHES[0][1], (color) => this.choose(color));
    this.swatches.className = "swatches";
    for (const one of this.swatches.children) one.style.setProperty("--swatch", one.dataset.value);
    this.choose(SWATCHES[0][1]);
    const size = element("input", { type: "range", min: 0.5, max: 8, step: 0.1, value: 2.5, oninput: () => (this.hints.share = Number(size.value) / 100) });
    this.another = button("Another picture", "open", () => this.input.clear(), { bare: true });
    const bar = element(
      "div.toolbar",
      { role: "toolbar", "aria-label": "Strokes of colour" },
      this.tools,
      button("Undo", "undo", () => this.hints.undo(), { bare: true, key: "Ctrl+Z" }),
      button("Redo", "redo", () => this.hints.redo(), { bare: true, key: "Ctrl+Shift+Z" }),
      button("Remove all strokes", "clear", () => this.hints.clear(), { bare: true }),
      element("span.gap"),
      this.another,
    );
    const palette = element("div.palette", {}, this.swatches, this.own, field("Width", size));
    this.painting = element("div.painting", {}, bar, palette);
    return element("div.column", {}, element("h2", {}, "Your picture"), this.painting, this.input.element);
  }

  right() {
    this.ask = button("Colour it", "again", () => this.go(), { kind: "primary" });
    this.saving = button("Download", "download", () => save(this.studio, this.chosen));
    this.live = element("input", { type: "checkbox", checked: true });
    this.note = element("p.guess", { "aria-live": "polite" });
    this.blank = element("p.quiet.blank-result", {}, "Open a picture, and put a few strokes of colour on it if you like.");
    this.saving.disabled = this.ask.disabled = true;
    return element(
      "div.column",
      {},
      element("div.row.head", {}, element("h2", {}, "Coloured"), element("span.gap"), this.ask, this.saving),
      element("div.result", {}, this.blank, this.compare.element),
      element("div.under", {}, this.note, this.work.element),
      this.variations,
      element(
        "details.more",
        {},
        element("summary", {}, "How it is coloured"),
        check("Colour whenever a stroke ends", this.live),
        this.form.element,
      ),
    );
  }

  choose(color) {
    this.hints.color = color;
    this.own.value = color;
    this.swatches.select(color);
    this.tools.select("pen");
    this.hints.tool = "pen";
  }

  opened(picture) {
    this.stale();
    this.sent = null;
    this.compare.clear();
    this.variations.replaceChildren();
    this.blank.hidden = false;
    this.ask.disabled = !picture;
    this.saving.disabled = true;
    this.painting.hidden = Boolean(picture && !picture.decoded);
    if (!picture) return;
    this.input.shown.style.setProperty("--ratio", picture.width / picture.height || 1);
    this.hints.cover(picture.width || 1, picture.height || 1);
    this.go();
  }

  stale() {
    clearTimeout(this.timer);
    this.work.cancel();
  }

  later() {
    this.stale();
    if (this.live.checked && this.input.picture) this.timer = setTimeout(() => this.go(), PAUSE);
  }

  async go() {
    const { picture } = this.input;
    if (!picture) return;
    const job = await this.work.run(async () => {
      this.sent ||= this.studio.input(picture.file);
      this.sent.catch(() => (this.sent = null));
      const inputs = { image: await this.sent };
      const hints = await this.hints.file();
      if (hints) inputs.hints = await this.studio.input(hints);
      return { task: TASK, inputs, options: this.form.values() };
    });
    if (job) this.showResults(job.results);
  }

  showResults(results) {
    const cards = results.map((result, index) =>
      card(this.studio, result, { name: `Colouring ${index + 1}`, onpick: () => this.pick(result), bare: true }),
    );
    this.variations.replaceChildren(...(results.length > 1 ? cards : []));
    this.results = results;
    this.note.textContent = [...new Set(results.flatMap((result) => result.notes || []))].join(" ");
    this.pick(results[0]);
  }

  async pick(result) {
    this.chosen = result;
    this.saving.disabled = false;
    this.blank.hidden = true;
    [...this.variations.children].forEach((one, index) => one.classList.toggle("taken", this.results[index] === result));
    const { picture } = this.input;
    const address = await this.studio.attempt(() => this.studio.address(result.blob));
    if (address) this.compare.show(picture.decoded ? picture.address : address, address);
  }

  /** Open {image, hints?, job?} of the history: ids of files. */
  async open({ image, hints = null, job = null }) {
    await this.studio.attempt(async () => {
      await this.input.take(await this.studio.wire.file(image));
      if (hints) this.hints.lay(await createImageBitmap(await this.studio.wire.file(hints)));
      if (!job) return;
      this.form.fill(job.request.options);
      this.stale();
      this.showResults(job.results);
    });
  }

  onshow() {
    this.shown = true;
  }

  onhide() {
    this.shown = false;
  }

  pressed(event) {
    const act = {
      "ctrl+z": () => this.hints.undo(),
      "ctrl+shift+z": () => this.hints.redo(),
      "ctrl+y": () => this.hints.redo(),
      p: () => this.choose(this.hints.color),
      e: () => {
        this.tools.select("eraser");
        this.hints.tool = "eraser";
      },
    }[keyName(event)];
    if (act) {
      event.preventDefault();
      act();
    }
  }
}
