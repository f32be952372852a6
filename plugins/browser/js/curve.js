// Strokes as smooth SVG paths that go through every point, with corners kept.

const CORNER = (75 / 180) * Math.PI;

/** The path data of one stroke: Catmull-Rom curves, broken where it turns by more than 75 degrees. */
export function curve(points) {
  const [first] = points;
  const start = `M${number(first[0])} ${number(first[1])}`;
  if (points.length === 1) return `${start}h0`;
  const pieces = [start];
  for (let at = 0; at + 1 < points.length; at += 1) {
    const [from, to] = [points[at], points[at + 1]];
    const leave = tangent(points[at - 1], from, to);
    const arrive = tangent(from, to, points[at + 2]);
    const third = Math.hypot(to[0] - from[0], to[1] - from[1]) / 3;
    pieces.push(
      `C${pair(from[0] + leave[0] * third, from[1] + leave[1] * third)}` +
        ` ${pair(to[0] - arrive[0] * third, to[1] - arrive[1] * third)} ${pair(to[0], to[1])}`,
    );
  }
  return pieces.join("");
}

// The direction in which a curve passes `at`; nothing at ends and corners, where it is straight.
function tangent(before, at, after) {
  if (!before || !after) return [0, 0];
  const [inX, inY] = direction(before, at);
  const [outX, outY] = direction(at, after);
  const turn = Math.acos(Math.min(1, Math.max(-1, inX * outX + inY * outY)));
  if (turn > CORNER) return [0, 0];
  const length = Math.hypot(inX + outX, inY + outY) || 1;
  return [(inX + outX) / length, (inY + outY) / length];
}

function direction(from, to) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}

function pair(x, y) {
  return `${number(x)} ${number(y)}`;
}

function number(value) {
  return String(Math.round(value * 100) / 100);
}
