import assert from "node:assert/strict";
import { test } from "node:test";

import { curve } from "../../../../plugins/browser/js/curve.js";
import { bounds, erased, fitted, parts } from "../../../../plugins/browser/js/sketch.js";

const LINE = [[0, 0], [10, 0]];

test("what was added is told from what was given", () => {
  const given = [LINE, [[5, 5]]];
  const sketch = { strokes: [LINE, [[5, 5], [6, 6]], [[1, 1], [2, 2]]] };
  assert.deepEqual(parts(sketch, given).added, [[[5, 5], [6, 6]], [[1, 1], [2, 2]]]);
  assert.deepEqual(parts({ strokes: given }, given).added, []);
});

test("strokes are fitted into a square without being stretched", () => {
  const strokes = fitted([[[100, 40], [300, 40]], [[200, 90]]], 100, 0.1);
  assert.deepEqual(bounds(strokes), { x: 10, y: 40, width: 80, height: 20 });
  assert.deepEqual(fitted([], 100), []);
});

test("the eraser takes what it touches on its way, between points too", () => {
  const far = [[0, 50], [10, 50]];
  assert.deepEqual(erased([LINE, far], [5, -40], [5, 20], 2), [far]);
  assert.deepEqual(erased([LINE, far], [30, 0], [30, 50], 2), [LINE, far]);
});

test("a curve goes through every point", () => {
  const points = [[0, 0], [10, 5], [20, 0], [20, 30], [3.25, 4.5]];
  const ends = [...curve(points).matchAll(/(?:M|C\S+ \S+ \S+ \S+ )(\S+) ([^C]+)/g)];
  assert.deepEqual(ends.map((end) => [Number(end[1]), Number(end[2])]), points);
});

test("a corner stays a corner, and a bend is smooth", () => {
  const numbers = (points) => curve(points).match(/-?\d+(\.\d+)?/g).map(Number);
  const [, , , , toX, toY] = numbers([[0, 0], [10, 0], [10, 10]]);
  assert.deepEqual([toX, toY], [10, 0]);
  const bend = numbers([[0, 0], [10, 0], [20, 5]]);
  assert.ok(bend[5] < 0);
});

test("a dot is drawn", () => {
  assert.equal(curve([[3, 4]]), "M3 4h0");
});
