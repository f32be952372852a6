// Steps that are walked through by a slider, or played there and back.

import { button } from "./button.js";
import { element } from "./element.js";
import { icon } from "./icon.js";

const EACH = 160;

export class Player {
  /** `onstep(index)` when another step is shown. */
  constructor(name, onstep) {
    this.onstep = onstep;
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": name });
    this.slider.addEventListener("input", () => {
      this.pause();
      onstep(this.at);
    });
    this.toggle = button("Play", "play", () => (this.timer ? this.pause() : this.play()));
    this.element = element("div.player", {}, this.toggle, this.slider);
    this.count = 0;
  }

  /** The step that is shown. */
  get at() {
    return Number(this.slider.value);
  }

  /** Walk through so many steps, from the first or from the one that is named. */
  set(count, at = 0) {
    this.pause();
    this.count = count;
    this.slider.max = Math.max(0, count - 1);
    this.slider.disabled = this.toggle.disabled = count < 2;
    this.go(at);
  }

  go(at) {
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", `${at + 1} of ${this.count}`);
    this.onstep(at);
  }

  play() {
    let step = this.at === this.count - 1 ? -1 : 1;
    this.label("Pause", "stop");
    this.timer = setInterval(() => {
      if (this.at + step < 0 || this.at + step >= this.count) step = -step;
      this.go(this.at + step);
    }, EACH);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.label("Play", "play");
  }

  label(name, picture) {
    this.toggle.replaceChildren(icon(picture), element("span", {}, name));
  }
}
