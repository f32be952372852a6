// What people call a task, in the words that the other tools use; see title() of their client.

import { humanized } from "./form.js";

const VERBS = { complete: "Finish", upscale: "Enlarge", classify: "Name", interpolate: "Morph" };
const NOUNS = { sketch: "Drawing", image: "Picture", audio: "Sound" };
const TITLES = {
  "sketch.generate": "Draw Something",
  "sketch.interpolate": "Draw Between Two",
  "sketch.reconstruct": "Vary Drawing",
  "image.map": "Map Pictures",
  "audio.render": "Play Notes",
};

/** "sketch.complete" as "Finish Drawing". */
export function title(task) {
  const [group, verb = ""] = task.split(".");
  return TITLES[task] || `${VERBS[verb] || humanized(verb)} ${NOUNS[group] || humanized(group)}`.trim();
}
