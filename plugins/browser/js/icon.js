// Icons, drawn as lines of 24 units.

import { shape } from "./element.js";

const LINES = {
  pen: "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4",
  eraser: "M8 20h12M4 14l9-9 6 6-8 8H8z",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  redo: "M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  open: "M3 19V6h6l2 2h8v3M3 19l3-8h16l-3 8z",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  again: "M20 5v5h-5M19 10a8 8 0 1 0 1 4",
  play: "M7 4l13 8-13 8z",
  stop: "M6 6h12v12H6z",
  close: "M6 6l12 12M18 6L6 18",
  help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2.500M12 18v.1",
  sun: "M12 8a4 4 0 1 0 .1 0M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19",
  moon: "M19 14.500A8 8 0 0 1 9.500 5a8 8 0 1 0 9.500 9.500z",
  auto: "M12 3a9 9 0 1 0 .1 0M12 3v18M12 7h6M12 12h9M12 17h6",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  heart: "M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z",
};

/** An icon; it has no name, so what holds it needs one. */
export function icon(name) {
  return shape(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    shape("path", { d: LINES[name] }),
  );
}
