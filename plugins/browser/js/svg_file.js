// Reads the lines of an SVG file as strokes.

import { bounds, fitted, round } from "./sketch.js";
import { Trouble } from "./trouble.js";

const DRAWN = "path, line, polyline, polygon, rect, circle, ellipse";
const HIDDEN = "defs, clipPath, mask, symbol, marker, pattern";
const SPACING = 4;
const MOST_POINTS = 20000;

/** The strokes of an SVG file, in a square of `side`. */
export function readSvg(text, side) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  if (parsed.querySelector("parsererror") || parsed.documentElement.localName !== "svg") {
    throw new Trouble({
      code: "invalid_media",
      message: "This is not a whole SVG file.",
      hint: "Save the drawing again as plain SVG, and open that.",
    });
  }
  const strokes = traced(parsed);
  if (!strokes.length) {
    throw new Trouble({
      code: "invalid_media",
      message: "There are no lines in this file.",
      hint: "Open an SVG with paths; texts and pictures in it cannot be taken as strokes.",
    });
  }
  return placed(strokes, frame(parsed.documentElement), side);
}

// Shapes are measured in the page, out of sight, because only there they have a geometry. They are
// copied by their geometry alone: nothing else of a foreign file gets into the page.
function traced(parsed) {
  const stage = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  stage.setAttribute("class", "unseen");
  stage.setAttribute("aria-hidden", "true");
  stage.append(...copied(parsed.documentElement));
  document.body.append(stage);
  try {
    return [...stage.querySelectorAll(DRAWN)].flatMap((one) => walked(one, stage));
  } finally {
    stage.remove();
  }
}

const GEOMETRY = ["d", "points", "x", "y", "x1", "y1", "x2", "y2", "width", "height"].concat([
  "cx", "cy", "r", "rx", "ry", "transform",
]);

function copied(parent) {
  return [...parent.children].filter((one) => one.matches(`g, a, svg, ${DRAWN}`) && !one.closest(HIDDEN)).map((one) => {
    const name = one.matches("a, svg") ? "g" : one.localName;
    const copy = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key of GEOMETRY) {
      if (one.hasAttribute(key)) copy.setAttribute(key, one.getAttribute(key));
    }
    copy.append(...copied(one));
    return copy;
  });
}

function walked(one, stage) {
  const matrix = stage.getScreenCTM().inverse().multiply(one.getScreenCTM());
  return pieces(one).map((piece) => {
    const length = piece.getTotalLength();
    const steps = Math.min(MOST_POINTS, Math.max(1, Math.ceil(length / SPACING)));
    return Array.from({ length: steps + 1 }, (_, index) => {
      const at = piece.getPointAtLength((length * index) / steps).matrixTransform(matrix);
      return [at.x, at.y];
    });
  });
}

// A path may lift the pen: each of its parts is a stroke. A part that begins where the one before
// ended ("m") keeps its place.
function pieces(one) {
  const data = one.localName === "path" ? one.getAttribute("d") || "" : "";
  const starts = data.match(/[Mm][^Mm]*/g) || [];
  if (starts.length < 2) return [one];
  const made = [];
  let at = null;
  for (const part of starts) {
    const piece = document.createElementNS("http://www.w3.org/2000/svg", "path");
    piece.setAttribute("d", at && part[0] === "m" ? moved(part, at) : part);
    made.push(piece);
    at = piece.getPointAtLength(piece.getTotalLength());
  }
  return made;
}

// A part that begins relative to a point, as one that begins by itself.
function moved(part, at) {
  const [, x, y, rest] = part.match(/^m\s*([-+]?[\d.]+(?:e[-+]?\d+)?)[\s,]*([-+]?\d*\.?\d+(?:e[-+]?\d+)?)(.*)$/is) || [];
  if (rest === undefined) return part;
  const lines = /^[\s,]*[-+.\d]/.test(rest) ? `l${rest.replace(/^[\s,]+/, "")}` : rest;
  return `M${at.x + Number(x)} ${at.y + Number(y)}${lines}`;
}

function frame(root) {
  const box = (root.getAttribute("viewBox") || "").split(/[\s,]+/).map(Number);
  if (box.length === 4 && box.every(Number.isFinite) && box[2] > 0 && box[3] > 0) return box;
  const [width, height] = [parseFloat(root.getAttribute("width")), parseFloat(root.getAttribute("height"))];
  return width > 0 && height > 0 ? [0, 0, width, height] : null;
}

// Where the strokes lie within the file's frame, so they lie in the square; else they fill it.
function placed(strokes, box, side) {
  const around = bounds(strokes);
  const slack = box ? 0.05 * Math.max(box[2], box[3]) : 0;
  const inside =
    box &&
    around.x >= box[0] - slack &&
    around.y >= box[1] - slack &&
    around.x + around.width <= box[0] + box[2] + slack &&
    around.y + around.height <= box[1] + box[3] + slack;
  if (!inside) return fitted(strokes, side);
  const scale = side / Math.max(box[2], box[3]);
  const left = (side - box[2] * scale) / 2 - box[0] * scale;
  const top = (side - box[3] * scale) / 2 - box[1] * scale;
  return strokes.map((stroke) => stroke.map(([x, y]) => [round(x * scale + left), round(y * scale + top)]));
}
