// Buttons with an icon, and groups of which one is chosen.

import { element } from "./element.js";
import { icon } from "./icon.js";

/** A button that shows an icon and its name, or the icon alone where `bare`. */
export function button(name, picture, onclick, { bare = false, kind = "", key = "" } = {}) {
  const classes = ["button", bare ? "bare" : "", kind].filter(Boolean).join(".");
  const title = key ? `${name} (${key})` : name;
  return element(
    `${classes}`,
    { type: "button", onclick, title: bare || key ? title : null, "aria-label": bare ? name : null },
    picture ? icon(picture) : null,
    bare ? null : element("span", {}, name),
  );
}

/** Choices beside each other, of which one is chosen; `choices` are [value, name, icon?]. */
export function segmented(label, choices, chosen, onchoice) {
  const group = element("div.segmented", { role: "radiogroup", "aria-label": label });
  const select = (value) => {
    for (const one of group.children) {
      const on = one.dataset.value === String(value);
      one.setAttribute("aria-checked", on);
      one.tabIndex = on ? 0 : -1;
    }
  };
  for (const [value, name, picture] of choices) {
    const one = element(
      "button",
      { type: "button", role: "radio", "data-value": value, onclick: () => choose(value) },
      picture ? icon(picture) : null,
      element("span", {}, name),
    );
    group.append(one);
  }
  const choose = (value) => {
    select(value);
    onchoice(value);
  };
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = [...group.children].indexOf(document.activeElement);
    const next = group.children[(at + step + group.children.length) % group.children.length];
    next.focus();
    next.click();
  });
  select(chosen);
  group.select = select;
  return group;
}
