// A sound's outline over time.

import { shape } from "./element.js";

const COLUMNS = 400;
const HEIGHT = 60;

/** The outline of a sound as an SVG picture, as high as its box. */
export function waveform(sound) {
  const samples = sound.getChannelData(0);
  const step = Math.max(1, samples.length / COLUMNS);
  const highs = [];
  for (let column = 0; column < COLUMNS; column += 1) {
    highs.push(highest(samples, Math.floor(column * step), Math.floor((column + 1) * step)));
  }
  const loudest = Math.max(0.05, ...highs);
  const half = HEIGHT / 2;
  const bars = highs.map((high, column) => {
    const reach = Math.max(0.4, (high / loudest) * (half - 2));
    return `M${column} ${(half - reach).toFixed(1)}V${(half + reach).toFixed(1)}`;
  });
  return shape(
    "svg",
    { class: "waveform", viewBox: `0 0 ${COLUMNS} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    shape("path", { d: bars.join("") }),
  );
}

function highest(samples, from, to) {
  let most = 0;
  for (let at = from; at < to && at < samples.length; at += 1) most = Math.max(most, Math.abs(samples[at]));
  return most;
}
