// What went wrong and what to do about it, each dismissable; read out by screen readers.

import { button } from "./button.js";
import { element } from "./element.js";

export class Messages {
  constructor(region) {
    this.region = region;
    this.shown = new Map();
  }

  /** Show a trouble, or news {code, message, hint}; the same one is shown once. */
  show({ code, message, hint = "" }, kind = "trouble") {
    const key = code || message;
    this.drop(key);
    const close = button("Dismiss", "close", () => this.drop(key), { bare: true });
    const text = element(
      "p",
      {},
      element("strong", {}, message),
      hint ? ` ${hint}` : "",
    );
    const shown = element(`div.message.${kind}`, { "data-code": key }, text, close);
    this.shown.set(key, shown);
    this.region.append(shown);
    if (kind === "news") setTimeout(() => this.shown.get(key) === shown && this.drop(key), 6000);
  }

  /** Take a message away, by its code. */
  drop(code) {
    this.shown.get(code)?.remove();
    this.shown.delete(code);
  }
}
