// Light, dark, or as the system has it.

import { segmented } from "./button.js";

const KEY = "creative_gen.theme";

/** Apply the theme that was chosen last. */
export function applyTheme(theme = localStorage.getItem(KEY) || "auto") {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
}

/** The switch. */
export function themeSwitch() {
  const choices = [
    ["light", "Light", "sun"],
    ["auto", "As the system", "auto"],
    ["dark", "Dark", "moon"],
  ];
  const made = segmented("Colours of the studio", choices, localStorage.getItem(KEY) || "auto", applyTheme);
  made.classList.add("icons-only");
  for (const one of made.children) one.title = one.textContent;
  return made;
}
