// Every task that a model does, with a form of its options, as the server describes them.

import { button } from "./button.js";
import { element, field } from "./element.js";
import { example } from "./example.js";
import { Form, humanized } from "./form.js";
import { card, save } from "./gallery.js";
import { Player } from "./player.js";
import { SketchInput } from "./sketch_input.js";
import { SoundInput } from "./sound_input.js";
import { PictureInput } from "./picture_input.js";
import { title } from "./title.js";
import { Work } from "./work.js";

const GROUPS = { image: "Pictures", sketch: "Drawings", audio: "Sounds", music: "Music", words: "Words" };
const FIRST = "image.generate";
const WALKS = new Set(["image.edit", "image.interpolate", "sketch.interpolate"]);

export class MakePage {
  static works(capabilities) {
    return [...capabilities.tasks.keys()].some((task) => capabilities.can(task));
  }

  id = "make";
  name = "Make";
  keys = [["Ctrl+Enter", "make it"]];

  constructor(studio) {
    this.studio = studio;
    this.work = new Work(studio);
    const { capabilities } = studio;
    const names = [...capabilities.tasks.keys()].filter((task) => capabilities.can(task));
    this.task = element("select", { onchange: () => this.choose(this.task.value) }, ...grouped(names));
    this.summary = element("p.quiet");
    this.asset = element("select", { onchange: () => this.chooseAsset() });
    this.licence = element("p.quiet.licence");
    this.inputs = element("div.inputs");
    this.options = element("div.options");
    this.results = element("div.results", { "aria-live": "polite" });
    this.player = new Player("Step", (at) => this.step(at));
    this.stage = element("div.stage.picture-stage", { hidden: true });
    this.element = element("div.make-page.columns", {}, this.left(), this.right());
    this.choose(names.includes(FIRST) ? FIRST : names[0]);
    document.addEventListener("paste", (event) => this.shown && this.paste(event));
  }

  left() {
    return element(
      "div.column.narrow",
      {},
      field("What to make", this.task),
      this.summary,
      field("Model", this.asset),
      this.licence,
      this.inputs,
      this.options,
    );
  }

  right() {
    this.saving = button("Download all", "download", () => this.saveAll());
    this.blank = element("p.quiet.blank-result", {}, "What is made appears here.");
    return element(
      "div.column",
      {},
      element(
        "div.row.head",
        {},
        button("Make it", "again", () => this.go(), { kind: "primary", key: "Ctrl+Enter" }),
        element("span.gap"),
        this.saving,
      ),
      this.work.element,
      this.blank,
      element("div.walk", {}, this.stage, this.player.element),
      this.results,
    );
  }

  choose(name) {
    this.task.value = name;
    const described = this.studio.capabilities.tasks.get(name);
    this.summary.textContent = described.summary;
    const named = this.studio.capabilities.assetsFor(name);
    this.asset.replaceChildren(
      element("option", { value: "" }, "Chosen by what is asked for"),
      ...named.map((one) => element("option", { value: one.name }, one.title || one.name)),
    );
    const known = named.find((one) => one.categories?.length) || named[0];
    this.asset.value = named.length === 1 || name === FIRST ? known.name : "";
    this.places = new Map(described.inputs.map((one) => [one.name, this.place(one)]));
    this.showInputs(described.inputs);
    this.chooseAsset();
    this.clear();
  }

  showInputs(inputs) {
    const needed = inputs.filter((one, index) => one.required || index === 0);
    const rest = inputs.filter((one) => !needed.includes(one));
    const shown = (list) => list.map((one) => labelled(one, this.places.get(one.name)));
    this.inputs.replaceChildren(...shown(needed));
    if (!rest.length) return;
    this.inputs.append(element("details.more", {}, element("summary", {}, "More inputs"), ...shown(rest)));
  }

  chooseAsset() {
    const { capabilities } = this.studio;
    const [name, asset] = [this.task.value, this.asset.value];
    const kept = this.form?.values() || {};
    this.form = new Form(capabilities.options(name, asset), {
      choices: (option) => capabilities.choices(name, option, asset),
      folds: true,
      without: capabilities.pointless(name, asset),
    });
    const fits = Object.entries(kept).filter(([key]) => this.form.controls.has(key));
    this.form.fill(Object.fromEntries(fits));
    this.options.replaceChildren(this.form.element);
    const licence = capabilities.assets.get(asset)?.data_licence;
    this.licence.textContent = licence ? `Learnt from data under ${licence}.` : "";
  }

  place({ name, medium }) {
    const { studio } = this;
    if (medium === "sketch") return new SketchInput(studio);
    if (medium !== "image") return new SoundInput(studio, medium);
    const input = new PictureInput("A picture", {
      studio,
      onpicture: () => {},
      example: "Example: a face",
      onexample: () => studio.attempt(async () => input.take(await example("face.png", "image/png"))),
    });
    const drop = button(`Another picture for ${name}`, "close", () => input.clear(), { bare: true });
    input.shown.append(drop);
    input.given = async () => (input.picture ? studio.input(input.picture.file) : null);
    return input;
  }

  paste(event) {
    const free = [...this.places.values()].find((one) => one.paste && !one.picture);
    free?.paste(event);
  }

  clear() {
    this.made = [];
    this.results.replaceChildren();
    this.stage.hidden = this.player.element.hidden = true;
    this.saving.disabled = true;
    this.blank.hidden = false;
  }

  async go() {
    const task = this.task.value;
    const job = await this.work.run(
      async () => {
        const inputs = {};
        for (const [name, place] of this.places) {
          const given = await place.given();
          if (given) inputs[name] = given;
        }
        const asset = this.asset.value;
        return { task, inputs, options: this.form.values(), ...(asset && { asset }) };
      },
      { onchange: (seen) => this.preview(seen) },
    );
    if (job && task === this.task.value) this.show(job);
  }

  preview(job) {
    if (!job.preview?.length) return;
    this.blank.hidden = true;
    this.results.replaceChildren(...job.preview.map((one, index) => card(this.studio, one, { name: `Preview ${index + 1}` })));
  }

  show(job) {
    this.made = job.results;
    this.blank.hidden = true;
    this.saving.disabled = !job.results.some((result) => result.blob);
    this.results.className = `results ${job.results[0]?.labels ? "of-labels" : ""}`;
    const cards = job.results.map((result, index) => card(this.studio, result, this.cardOptions(index)));
    const notes = [...new Set(job.results.flatMap((result) => result.notes || []))];
    this.results.replaceChildren(...cards, ...notes.map((note) => element("p.note", {}, note)));
    const walks = WALKS.has(job.task) && job.results.length > 1;
    this.stage.hidden = this.player.element.hidden = !walks;
    if (walks) this.player.set(job.results.length, Math.floor(job.results.length / 2));
  }

  cardOptions(index) {
    const onpick = WALKS.has(this.task.value) ? () => this.player.go(index) : null;
    return { name: `${title(this.task.value)} ${index + 1}`, onpick };
  }

  step(at) {
    const shown = this.results.children[at]?.querySelector(".card-frame > *");
    if (shown) this.stage.replaceChildren(shown.cloneNode(true));
    [...this.results.children].forEach((one, index) => one.classList.toggle("taken", index === at));
  }

  async saveAll() {
    for (const result of this.made.filter((one) => one.blob)) await save(this.studio, result);
  }

  /** Open a job of the history. */
  async open({ job }) {
    this.choose(job.task);
    if (this.studio.capabilities.assets.has(job.asset)) this.asset.value = job.asset;
    this.chooseAsset();
    this.form.fill(job.request.options);
    await this.studio.attempt(async () => {
      for (const [name, given] of Object.entries(job.request.inputs)) {
        if (given.blob) await this.places.get(name).take(await this.studio.wire.file(given.blob));
        else this.places.get(name).takeSketch?.(given.sketch);
      }
    });
    this.show(job);
  }

  onshow() {
    this.shown = true;
  }

  onhide() {
    this.shown = false;
    this.player.pause();
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.go();
  }
}

function grouped(names) {
  const groups = new Map();
  for (const name of names) {
    const [group] = name.split(".");
    groups.set(group, [...(groups.get(group) || []), name]);
  }
  const order = Object.keys(GROUPS);
  return [...groups]
    .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([group, all]) =>
      element(
        "optgroup",
        { label: GROUPS[group] || humanized(group) },
        ...all.map((name) => element("option", { value: name }, title(name))),
      ),
    );
}

function labelled({ name, help, required }, place) {
  const heading = required ? humanized(name) : `${humanized(name)} (may be left out)`;
  return element("div.input", {}, element("h3", {}, heading), element("p.field-help", {}, help), place.element);
}
