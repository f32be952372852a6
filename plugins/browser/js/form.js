// A form for a task's options, from their JSON Schema.

import { check, element, field } from "./element.js";

export class Form {
  /**
   * `properties` are the schema's, `choices(name)` gives what may be chosen where that is open, and
   * `without` names options that are set elsewhere. With `folds`, numbers that are chosen by
   * themselves if nobody does are out of sight at first.
   */
  constructor(properties, { choices = () => [], without = [], folds = false, onchange = () => {} } = {}) {
    this.controls = new Map();
    this.element = element("div.form", { onchange });
    const rest = element("div.form");
    for (const [name, schema] of seedLast(properties)) {
      if (without.includes(name)) continue;
      const kind = typed(schema);
      const control = controlOf(kind, choices(name), schema.default);
      control.name = name;
      this.controls.set(name, { control, kind });
      const hidden = folds && kind.open && control.type === "number";
      (hidden ? rest : this.element).append(labelled(name, control, kind, schema.description));
    }
    if (!rest.children.length) return;
    const title = element("summary", {}, "More options");
    this.element.append(element("details.more", {}, title, rest));
  }

  /** What was set; options that were left alone are left out. */
  values() {
    const set = {};
    for (const [name, { control, kind }] of this.controls) {
      const value = read(control, kind);
      if (value !== null && value !== kind.default) set[name] = value;
    }
    return set;
  }

  /** Fill in values by their names; what is not named gets its default. */
  fill(values) {
    for (const [name, { control, kind }] of this.controls) {
      const value = values[name] ?? kind.default ?? "";
      if (kind.type === "boolean") control.checked = Boolean(value);
      else control.value = value;
      if (control.value === "" && value !== "" && control.tagName === "SELECT") {
        control.append(element("option", { value: String(value) }, String(value)));
        control.value = value;
      }
    }
  }
}

/** A schema that may be null as its other self. */
export function typed(schema) {
  const kinds = schema.anyOf || [schema];
  const kind = kinds.find((one) => one.type !== "null") || {};
  return { ...kind, default: schema.default ?? null, open: kinds.some((one) => one.type === "null") };
}

/** "best_of" as "Best of". */
export function humanized(name) {
  const words = name.replace(/_/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// What is asked for comes first; the seed matters to those who repeat it.
function seedLast(properties) {
  const all = Object.entries(properties);
  return [...all.filter(([name]) => name !== "seed"), ...all.filter(([name]) => name === "seed")];
}

function controlOf(kind, choices, preset) {
  if (kind.type === "boolean") return element("input", { type: "checkbox", checked: preset });
  const listed = kind.enum || choices;
  if (listed.length) return select(kind, listed);
  if (kind.type === "integer" || kind.type === "number") return number(kind);
  return element("input", { type: "text", value: kind.default ?? "", maxlength: kind.maxLength });
}

function select(kind, listed) {
  const options = listed.map((one) => element("option", { value: String(one) }, String(one)));
  if (kind.open) options.unshift(element("option", { value: "" }, "Automatic"));
  const made = element("select", {}, ...options);
  made.value = kind.default ?? "";
  return made;
}

function number(kind) {
  return element("input", {
    type: "number",
    inputmode: kind.type === "integer" ? "numeric" : "decimal",
    min: kind.minimum,
    max: kind.maximum,
    step: kind.type === "integer" ? 1 : "any",
    placeholder: kind.open ? "Automatic" : null,
    value: kind.default ?? "",
  });
}

function labelled(name, control, kind, help) {
  return (kind.type === "boolean" ? check : field)(humanized(name), control, help);
}

function read(control, kind) {
  if (kind.type === "boolean") return control.checked;
  if (control.value === "") return null;
  return kind.type === "integer" || kind.type === "number" ? Number(control.value) : control.value;
}
