// What the server can do, as it says itself.

export class Capabilities {
  constructor(document) {
    this.document = document;
    this.tasks = new Map(document.tasks.map((task) => [task.name, task]));
    this.assets = new Map(document.assets.map((asset) => [asset.name, asset]));
  }

  /** Whether any model does a task. */
  can(task) {
    return Boolean(this.tasks.get(task)?.assets.length);
  }

  /** The assets that do a task, or the one that is named. */
  assetsFor(task, name = "") {
    const names = (this.tasks.get(task)?.assets || []).map((asset) => asset.name);
    return names.filter((one) => !name || one === name).map((one) => this.assets.get(one)).filter(Boolean);
  }

  /** The categories that a task's assets know, without doubles. */
  categories(task, asset = "") {
    const all = this.assetsFor(task, asset).flatMap((one) => one.categories || []);
    return [...new Set(all.map((one) => (typeof one === "string" ? one : one.name)))];
  }

  /** The directions that a task's assets know. */
  directions(task, asset = "") {
    return [...new Set(this.assetsFor(task, asset).flatMap((one) => one.directions || []))];
  }

  /** The options of a task, as JSON Schema properties, of one asset if it is named. */
  options(task, asset = "") {
    const found = this.tasks.get(task);
    const own = found?.assets.find((one) => one.name === asset)?.options;
    return (own || found?.options || {}).properties || {};
  }

  /** The options that an asset has no use for: a category or a direction where it knows none. */
  pointless(task, asset) {
    if (!asset) return [];
    const listed = [this.tasks.get(task)?.category_option, "direction"].filter((option) => option in this.options(task));
    return listed.filter((option) => this.choices(task, option).length && !this.choices(task, option, asset).length);
  }

  /** What may be chosen for an option that the schema leaves open; [] if anything. */
  choices(task, option, asset = "") {
    if (option === this.tasks.get(task)?.category_option) return this.categories(task, asset);
    return option === "direction" ? this.directions(task, asset) : [];
  }
}
