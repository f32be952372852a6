// Enlarge a picture, and look closely at before and after.

import { button } from "./button.js";
import { Compare } from "./compare.js";
import { element } from "./element.js";
import { example } from "./example.js";
import { Form } from "./form.js";
import { save } from "./gallery.js";
import { PictureInput } from "./picture_input.js";
import { Work } from "./work.js";

const TASK = "image.upscale";

export class EnlargePage {
  static works(capabilities) {
    return capabilities.can(TASK);
  }

  id = "enlarge";
  name = "Enlarge";
  keys = [
    ["Ctrl+V", "paste a picture"],
    ["Wheel", "zoom"],
  ];

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    this.compare = new Compare({ zoom: true });
    const { capabilities } = studio;
    this.form = new Form(capabilities.options(TASK), {
      choices: (name) => capabilities.choices(TASK, name),
    });
    this.form.fill({ scale: 4 });
    this.input = new PictureInput("A picture", {
      studio,
      onpicture: (picture) => this.opened(picture),
      example: "Example: a snail",
      onexample: () => studio.attempt(async () => this.input.take(await example("clip.png", "image/png"))),
    });
    this.element = element("div.enlarge-page.columns", {}, this.left(), this.right());
    document.addEventListener("paste", (event) => this.shown && this.input.paste(event));
  }

  left() {
    this.size = element("p.guess");
    this.ask = button("Enlarge it", "again", () => this.go(), { kind: "primary" });
    this.another = button("Another picture", "open", () => this.input.clear());
    this.ask.disabled = this.another.disabled = true;
    return element(
      "div.column.narrow",
      {},
      element("h2", {}, "Your picture"),
      this.input.element,
      this.size,
      this.form.element,
      element("div.row", {}, this.ask, this.another),
    );
  }

  right() {
    this.saving = button("Download", "download", () => save(this.studio, this.result));
    this.saving.disabled = true;
    this.note = element("p.guess", { "aria-live": "polite" });
    this.blank = element("p.quiet.blank-result", {}, "The enlarged picture appears here, beside what it was made from.");
    return element(
      "div.column",
      {},
      element("div.row.head", {}, element("h2", {}, "Enlarged"), element("span.gap"), this.saving),
      element("div.result", {}, this.blank, this.compare.element),
      element("div.under", {}, this.note, this.work.element),
    );
  }

  opened(picture) {
    this.work.cancel();
    this.compare.clear();
    this.blank.hidden = false;
    this.ask.disabled = this.another.disabled = !picture;
    this.saving.disabled = true;
    this.note.textContent = "";
    this.size.textContent = picture?.decoded ? `${picture.width} × ${picture.height} pixels` : "";
    this.sent = null;
  }

  async go() {
    const { picture } = this.input;
    const options = this.form.values();
    const job = await this.work.run(async () => {
      this.sent ||= this.studio.input(picture.file);
      this.sent.catch(() => (this.sent = null));
      return { task: TASK, inputs: { image: await this.sent }, options };
    });
    if (job) this.show(job);
  }

  async show(job) {
    [this.result] = job.results;
    this.saving.disabled = false;
    this.blank.hidden = true;
    const { picture } = this.input;
    const address = await this.studio.attempt(() => this.studio.address(this.result.blob));
    if (!address) return;
    await this.compare.show(picture.decoded ? picture.address : address, address);
    const { naturalWidth: width, naturalHeight: height } = this.compare.after;
    const made = `${width} × ${height} pixels, by the model “${job.asset}”.`;
    this.note.textContent = [made, ...(this.result.notes || [])].join(" ");
  }

  /** Open {image, job?} of the history. */
  async open({ image, job = null }) {
    await this.studio.attempt(async () => {
      await this.input.take(await this.studio.wire.file(image));
      if (!job) return;
      this.form.fill(job.request.options);
      await this.show(job);
    });
  }

  onshow() {
    this.shown = true;
  }

  onhide() {
    this.shown = false;
  }
}
