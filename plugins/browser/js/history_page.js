// Everything that was made, by whichever tool.

import { button } from "./button.js";
import { element } from "./element.js";
import { caption, content, save } from "./gallery.js";
import { title } from "./title.js";
import { Work } from "./work.js";

const PAGE = 24;
const OPENED_IN = {
  "sketch.complete": "sketch",
  "sketch.interpolate": "morph",
  "image.colorize": "colour",
  "image.upscale": "enlarge",
  "audio.render": "sound",
};
const SHOWN = 4;

export class HistoryPage {
  static works() {
    return true;
  }

  id = "history";
  name = "History";

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    this.list = element("div.history", { role: "list" });
    this.blank = element("p.quiet.blank-result", {}, "Nothing yet. What you make, here or in another tool, is kept here.");
    this.more = button("Show older", null, () => this.load());
    this.element = element(
      "div.history-page",
      {},
      element(
        "div.row.head",
        {},
        element("h2", {}, "What was made"),
        element("span.gap"),
        this.work.element,
        button("Look again", "again", () => this.reload()),
      ),
      this.blank,
      this.list,
      element("div.row", {}, this.more),
    );
  }

  onshow() {
    this.reload();
  }

  async reload() {
    this.last = null;
    const fresh = await this.fetch();
    if (!fresh) return;
    this.list.replaceChildren();
    this.append(fresh);
  }

  async load() {
    const older = await this.fetch();
    if (older) this.append(older);
  }

  fetch() {
    const before = this.last ? `&before=${this.last}` : "";
    return this.studio.attempt(() => this.studio.wire.json("GET", `/v1/history?limit=${PAGE}${before}`));
  }

  append({ jobs, more }) {
    this.last = jobs.at(-1)?.id || this.last;
    const kept = jobs.filter((job) => job.state !== "cancelled");
    this.list.append(...kept.map((job) => this.entry(job)));
    this.more.hidden = !more;
    this.blank.hidden = this.list.children.length > 0;
  }

  entry(job) {
    const when = new Date(job.ended * 1000);
    const made = element(
      "article.entry",
      { role: "listitem", "data-task": job.task, "data-job": job.id },
      element("div.entry-shown", {}, ...this.shown(job)),
      element(
        "div.entry-told",
        {},
        element("strong", {}, title(job.task)),
        element("span.quiet", {}, told(job)),
        element("time.quiet", { datetime: when.toISOString() }, when.toLocaleString([], { dateStyle: "medium", timeStyle: "short" })),
      ),
    );
    made.append(this.actions(job, made));
    return made;
  }

  shown(job) {
    if (job.state !== "done") return [element("p.quiet", {}, job.error?.message || "It failed.")];
    const name = title(job.task);
    return (job.results || []).slice(0, SHOWN).map((result) => element("div.entry-result", {}, content(this.studio, result, name)));
  }

  actions(job, made) {
    const known = this.studio.capabilities.can(job.task);
    return element(
      "div.entry-actions",
      {},
      job.state === "done" && known ? button("Open", "open", () => this.openJob(job)) : null,
      known ? button("Again", "again", () => this.again(job)) : null,
      job.results?.some((result) => result.blob)
        ? button("Download", "download", () => this.download(job), { bare: true })
        : null,
      button("Forget", "clear", () => this.forget(job, made), { bare: true }),
    );
  }

  async openJob(job) {
    await this.studio.attempt(async () => {
      const page = OPENED_IN[job.task] || "make";
      const { inputs, options } = job.request;
      const sketches = await this.sketches(inputs);
      const what = {
        sketch: { sketch: sketches.sketch, category: options.category || "" },
        morph: sketches,
        colour: { image: inputs.image?.blob, hints: inputs.hints?.blob, job },
        enlarge: { image: inputs.image?.blob, job },
      }[page];
      await this.studio.open(page, what || { job });
    });
  }

  // Other tools send drawings as files; the result then has the strokes.
  async sketches(inputs) {
    const found = {};
    for (const [name, given] of Object.entries(inputs)) {
      if (given.sketch) found[name] = given.sketch;
      else if (given.blob) found[name] = await this.readSketch(given.blob);
    }
    return found;
  }

  async readSketch(id) {
    const file = await this.studio.wire.file(id);
    if (!file.type.includes("svg")) return null;
    const { readSvg } = await import("./svg_file.js");
    return { strokes: readSvg(await file.text(), 512), size: [512, 512] };
  }

  async again(job) {
    const { task, asset, inputs, options, format } = job.request;
    const request = { task, inputs, options, ...(asset && { asset }), ...(format && { format }) };
    if (await this.work.run(request)) this.reload();
  }

  async download(job) {
    for (const result of job.results.filter((one) => one.blob)) await save(this.studio, result);
  }

  async forget(job, made) {
    const done = await this.studio.attempt(async () => {
      await this.studio.wire.json("DELETE", `/v1/history/${job.id}`);
      return true;
    });
    if (!done) return;
    const next = made.nextElementSibling || made.previousElementSibling;
    made.remove();
    next?.querySelector("button")?.focus();
    this.blank.hidden = this.list.children.length > 0;
  }
}

function told(job) {
  if (job.state === "failed") return job.error?.hint || "It failed.";
  const count = job.results?.length || 0;
  const first = count ? caption(job.results[0]) : "";
  return [count > 1 ? `${count} results` : "", first, job.tool ? `from ${job.tool}` : ""].filter(Boolean).join(" · ");
}
