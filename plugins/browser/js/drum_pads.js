// A pad for each drum; each hit is made anew where that is asked for.

import { button } from "./button.js";
import { element } from "./element.js";
import { download } from "./download.js";
import { run } from "./job.js";
import { decoded, play } from "./speaker.js";

export class DrumPads {
  constructor(studio, task, kinds) {
    Object.assign(this, { studio, task, hits: new Map() });
    this.pads = kinds.map((kind, index) => this.pad(kind, index));
    this.element = element("div.drums", { role: "group", "aria-label": "Drums" }, ...this.pads);
    this.kinds = kinds;
  }

  pad(kind, index) {
    const hit = element(
      "button.drum",
      { type: "button", "data-kind": kind, onclick: () => this.hit(kind) },
      element("kbd", { "aria-hidden": "true" }, index < 9 ? String(index + 1) : ""),
      element("span", {}, kind),
    );
    const tools = element(
      "div.drum-tools",
      {},
      button(`Another ${kind}`, "again", () => this.another(kind), { bare: true }),
      button(`Download ${kind}`, "download", () => this.save(kind), { bare: true }),
    );
    return element("div.drum-pad", {}, hit, tools);
  }

  /** Play a drum, by its place. */
  hitAt(index) {
    if (this.kinds[index]) this.hit(this.kinds[index]);
  }

  async hit(kind) {
    const made = await this.studio.attempt(() => this.get(kind));
    if (made) play(made.sound);
  }

  another(kind) {
    this.hits.delete(kind);
    return this.hit(kind);
  }

  async save(kind) {
    const made = await this.studio.attempt(() => this.get(kind));
    if (made) download(made.result.name, made.file);
  }

  get(kind) {
    if (!this.hits.has(kind)) {
      const made = this.make(kind);
      this.hits.set(kind, made);
      this.mark(kind, "waiting");
      made.then(
        () => this.mark(kind, "ready"),
        () => {
          this.hits.delete(kind);
          this.mark(kind, "");
        },
      );
    }
    return this.hits.get(kind);
  }

  async make(kind) {
    const job = await run(this.studio.wire, { task: this.task, options: { kind }, inputs: {} }, { brief: true });
    const [result] = job.results;
    const file = await this.studio.wire.file(result.blob);
    return { result, file, sound: await decoded(file) };
  }

  mark(kind, state) {
    const pad = this.pads[this.kinds.indexOf(kind)];
    pad.firstChild.dataset.state = state;
  }
}
