// Sketches: {strokes: [[[x, y], ...], ...], size: [width, height]}, in pixels.

/** Whether a sketch has no stroke. */
export function isEmpty(sketch) {
  return sketch.strokes.length === 0;
}

/** How a sketch's strokes part into those that were given and those that were added. */
export function parts(sketch, given) {
  const added = sketch.strokes.slice(given.length);
  const last = given.length - 1;
  const stroke = sketch.strokes[last];
  if (stroke && stroke.length > given[last].length) added.unshift(stroke.slice(given[last].length - 1));
  return { given, added };
}

/** The box around all points: {x, y, width, height}; null of an empty sketch. */
export function bounds(strokes) {
  const points = strokes.flat();
  if (!points.length) return null;
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Strokes moved and made smaller or larger so that they fill a square of `side`, with a margin. */
export function fitted(strokes, side, margin = 0.12) {
  const box = bounds(strokes);
  if (!box) return [];
  const room = side * (1 - 2 * margin);
  const scale = room / Math.max(box.width, box.height, 1);
  const left = (side - box.width * scale) / 2;
  const top = (side - box.height * scale) / 2;
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [round((x - box.x) * scale + left), round((y - box.y) * scale + top)]),
  );
}

/** A coordinate with two decimals, which is finer than any screen. */
export function round(value) {
  return Math.round(value * 100) / 100;
}

/** Strokes without those that a round eraser touches on its way between two points. */
export function erased(strokes, from, to, radius) {
  return strokes.filter((stroke) => !touches(stroke, from, to, radius));
}

function touches(stroke, from, to, radius) {
  const steps = Math.max(1, Math.ceil(distance(from, to) / radius));
  for (let step = 0; step <= steps; step += 1) {
    const share = step / steps;
    const at = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    if (nearest(stroke, at) <= radius) return true;
  }
  return false;
}

function nearest(stroke, at) {
  let least = distance(stroke[0], at);
  for (let index = 1; index < stroke.length; index += 1) {
    least = Math.min(least, toSegment(at, stroke[index - 1], stroke[index]));
  }
  return least;
}

function toSegment(at, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length ? ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  return distance(at, [from[0] + dx * share, from[1] + dy * share]);
}

function distance(one, other) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
