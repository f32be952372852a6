// Keys that do something, and the list of them.

import { button } from "./button.js";
import { element } from "./element.js";

const EVERYWHERE = [
  ["?", "show this list"],
  ["Tab, Shift+Tab", "go from control to control"],
  ["← →", "go from page to page, when a page's name has the focus"],
];

/** Whether a key belongs to a control that has the focus, such as a field of text. */
export function isTyping(event) {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return at.matches?.("input:not([type=checkbox]):not([type=color]), select, textarea") || false;
}

/** The name of a key with its modifiers, such as "ctrl+z". */
export function keyName(event) {
  const key = event.key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey && key.length > 1 ? "shift+" : ""}${
    event.shiftKey && event.ctrlKey && key.length === 1 ? "shift+" : ""
  }${key}`;
}

/** The dialog with every page's keys; `pages` are {name, keys: [[key, what], ...]}. */
export function shortcutsDialog(pages) {
  const dialog = element("dialog.shortcuts", { "aria-labelledby": "shortcuts-title" });
  const lists = [{ name: "Everywhere", keys: EVERYWHERE }, ...pages].filter((page) => page.keys?.length);
  dialog.append(
    element(
      "div.shortcuts-head",
      {},
      element("h2", { id: "shortcuts-title" }, "Keys"),
      button("Close", "close", () => dialog.close(), { bare: true }),
    ),
    element("div.shortcuts-lists", {}, ...lists.map(list)),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

function list({ name, keys }) {
  const rows = keys.map(([key, what]) =>
    element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)),
  );
  return element("section", {}, element("h3", {}, name), element("dl", {}, ...rows));
}
