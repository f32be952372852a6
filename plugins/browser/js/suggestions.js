// Nine ways to finish a drawing, each to be taken by a click or by its number.

import { drawing } from "./drawing.js";
import { element } from "./element.js";
import { parts } from "./sketch.js";

const PLACES = 9;

export class Suggestions {
  /** `ontake(index)` when one is taken, `onlook(index)` when one is looked at. */
  constructor({ ontake, onlook }) {
    this.results = [];
    this.places = Array.from({ length: PLACES }, (_, index) => {
      const place = element("button.suggestion", { type: "button", disabled: true, onclick: () => ontake(index) });
      for (const kind of ["pointerenter", "focus"]) place.addEventListener(kind, () => onlook(index));
      place.addEventListener("pointerleave", () => onlook(0));
      return place;
    });
    this.element = element("div.suggestions", { role: "group", "aria-label": "Suggestions" }, ...this.places);
    this.clear();
  }

  /** Show none. */
  clear() {
    this.results = [];
    this.places.forEach((place, index) => {
      place.disabled = true;
      place.className = "suggestion";
      place.setAttribute("aria-label", `Suggestion ${index + 1}: none yet`);
      place.replaceChildren(element("span.number", {}, String(index + 1)));
    });
  }

  /** Show that they come; call what this gives when they do not. */
  wait() {
    for (const place of this.places) place.classList.add("waiting");
    return () => this.places.forEach((place) => place.classList.remove("waiting"));
  }

  /** Show results, each with its seed. */
  show(results, given) {
    this.clear();
    this.results = results;
    results.slice(0, PLACES).forEach((result, index) => {
      const place = this.places[index];
      const { seed } = result.details;
      place.disabled = false;
      place.setAttribute("aria-label", `Suggestion ${index + 1}, seed ${seed}: take it`);
      place.replaceChildren(
        element("span.number", {}, String(index + 1)),
        drawing({ ...parts(result.sketch, given), size: result.sketch.size }),
        element("span.seed", {}, `seed ${seed}`),
      );
    });
  }

  /** Mark the one that was taken. */
  mark(index) {
    this.places.forEach((place, at) => place.classList.toggle("taken", at === index));
  }
}
