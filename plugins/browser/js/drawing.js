// Drawings as SVG: for the page, and as files.

import { shape } from "./element.js";
import { curve } from "./curve.js";

/** A small picture of a sketch: what was given in ink, what was added in blue. */
export function drawing({ given = [], added = [], size }, label = "") {
  const [width, height] = size;
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return shape(
    "svg",
    { class: "drawing", viewBox: `0 0 ${width} ${height}`, ...named },
    shape("path", { class: "ink", d: path(given) }),
    shape("path", { class: "pencil", d: path(added) }),
  );
}

/** The path data of strokes. */
export function path(strokes) {
  return strokes.map(curve).join("");
}

/** An SVG file of a sketch; `provenance` tells how it was made, as the server's files do. */
export function svgFile(sketch, { width = 3, provenance = null } = {}) {
  const [w, h] = sketch.size;
  const told = provenance ? `<metadata>${escaped(JSON.stringify(provenance))}</metadata>\n` : "";
  const paths = sketch.strokes.map((stroke) => `<path d="${curve(stroke)}"/>`).join("\n");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">\n` +
    `${told}<g fill="none" stroke="#1b1b1b" stroke-width="${width}" stroke-linecap="round"` +
    ` stroke-linejoin="round">\n${paths}\n</g>\n</svg>\n`
  );
}

/** One SVG file with several sketches beside each other. */
export function svgSheet(sketches, columns) {
  const [w, h] = sketches[0].size;
  const rows = Math.ceil(sketches.length / columns);
  const groups = sketches.map((sketch, index) => {
    const [x, y] = [(index % columns) * w, Math.floor(index / columns) * h];
    const paths = sketch.strokes.map((stroke) => `<path d="${curve(stroke)}"/>`).join("");
    return `<g transform="translate(${x} ${y})">${paths}</g>`;
  });
  const size = `width="${w * columns}" height="${h * rows}" viewBox="0 0 ${w * columns} ${h * rows}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<g fill="none" stroke="#1b1b1b"` +
    ` stroke-width="3" stroke-linecap="round" stroke-linejoin="round">\n${groups.join("\n")}\n</g>\n</svg>\n`
  );
}

/** A PNG file of a sketch on white, `scale` times as large. */
export async function pngFile(sketch, scale = 2) {
  const [width, height] = sketch.size;
  const canvas = new OffscreenCanvas(width * scale, height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(scale, scale);
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#1b1b1b" });
  for (const stroke of sketch.strokes) pen.stroke(new Path2D(curve(stroke)));
  return canvas.convertToBlob({ type: "image/png" });
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
