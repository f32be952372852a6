// Results beside each other: pictures, drawings, sounds and names.

import { button } from "./button.js";
import { download } from "./download.js";
import { drawing } from "./drawing.js";
import { element } from "./element.js";
import { humanized } from "./form.js";
import { SoundClip } from "./sound_clip.js";

const TOLD = ["category", "kind", "instrument", "pitch", "direction", "amount", "position", "seed"];

/** A card for a result: what it shows, how it was made, and a button that saves it. */
export function card(studio, result, { onpick = null, name = "Result", bare = false } = {}) {
  const shown = content(studio, result, name);
  const pick = { type: "button", "aria-label": `${name}: ${caption(result) || "look at it"}`, onclick: () => onpick(result) };
  const frame = onpick ? element("button.card-frame", pick, shown) : element("div.card-frame", {}, shown);
  const foot = element(
    "div.card-foot",
    {},
    element("span.told", {}, ...caption(result).split(" · ").map((part) => element("span", {}, part))),
    result.blob && !bare ? button(`Download ${result.name}`, "download", () => save(studio, result), { bare: true }) : null,
  );
  return element("div.card", {}, frame, foot);
}

/** How a result was made, in a few words. */
export function caption({ details = {} }) {
  return TOLD.filter((key) => details[key] !== undefined && details[key] !== null)
    .map((key) => (key === "seed" ? `seed ${details[key]}` : plain(key, details[key])))
    .join(" · ");
}

/** Save a result's file under the name that the server gives it. */
export function save(studio, result) {
  return studio.attempt(async () => download(result.name, await studio.wire.file(result.blob)));
}

/** What a result shows. */
export function content(studio, result, name) {
  if (result.sketch) return drawing({ given: result.sketch.strokes, size: result.sketch.size }, name);
  if (result.labels) return labels(result.labels);
  const type = result.content_type || "";
  if (type.startsWith("image/")) return picture(studio, result.blob, name);
  if (type.startsWith("audio/")) return new SoundClip(studio, result, name).element;
  return element("p.quiet", {}, humanized(result.name || name));
}

/** A picture of the server's. */
export function picture(studio, id, name) {
  const image = element("img", { alt: name, loading: "lazy" });
  studio.address(id).then(
    (address) => (image.src = address),
    () => image.replaceWith(element("p.quiet", {}, "This file is no longer kept.")),
  );
  return image;
}

function labels(all) {
  const rows = all.map(({ name, probability }) =>
    element(
      "div.label",
      {},
      element("span", {}, name),
      element("meter", { value: probability, min: 0, max: 1, "aria-label": name }),
      element("span.seed", {}, `${Math.round(probability * 100)} %`),
    ),
  );
  return element("div.labels", {}, ...rows);
}

function plain(key, value) {
  const told = typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value);
  return key === "category" || key === "kind" || key === "instrument" ? told : `${key} ${told}`;
}
