// A button that opens a file of the user's.

import { button } from "./button.js";
import { element } from "./element.js";

/** `onfile` gets the file that was chosen. */
export function fileButton(name, accept, onfile, options = {}) {
  const input = element("input", { type: "file", accept, hidden: true, tabindex: -1, "aria-label": name });
  input.addEventListener("change", () => {
    if (input.files.length) onfile(input.files[0]);
    input.value = "";
  });
  const shown = button(name, "open", () => input.click(), options);
  return element("span.file-button", {}, shown, input);
}
