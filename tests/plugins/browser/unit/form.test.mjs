import assert from "node:assert/strict";
import { test } from "node:test";

import { Capabilities } from "../../../../plugins/browser/js/capabilities.js";
import { humanized, typed } from "../../../../plugins/browser/js/form.js";
import { stage } from "../../../../plugins/browser/js/job.js";
import { keyOf, pitchName, pitchOf } from "../../../../plugins/browser/js/pitch.js";
import { title } from "../../../../plugins/browser/js/title.js";
import { Timeline } from "../../../../plugins/browser/js/timeline.js";
import { parted } from "../../../../plugins/browser/js/token.js";

test("a schema that may be null is its other self", () => {
  const schema = { anyOf: [{ type: "integer", maximum: 9 }, { type: "null" }], default: null };
  assert.deepEqual(typed(schema), { type: "integer", maximum: 9, default: null, open: true });
  assert.equal(typed({ type: "boolean", default: false }).open, false);
});

test("names of options are words", () => {
  assert.equal(humanized("best_of"), "Best of");
  assert.equal(humanized("from_"), "From");
});

const CAPABILITIES = new Capabilities({
  tasks: [
    {
      name: "a",
      assets: [{ name: "one" }, { name: "two", options: { properties: { own: {} } } }],
      category_option: "what",
      options: { properties: { what: {}, direction: {} } },
    },
    { name: "b", assets: [] },
  ],
  assets: [
    { name: "one", categories: ["cat", "dog"] },
    { name: "two", categories: [], directions: ["smile"] },
  ],
});

test("what can be done and chosen comes from the server", () => {
  assert.equal(CAPABILITIES.can("a"), true);
  assert.equal(CAPABILITIES.can("b"), false);
  assert.equal(CAPABILITIES.can("c"), false);
  assert.deepEqual(CAPABILITIES.choices("a", "what"), ["cat", "dog"]);
  assert.deepEqual(CAPABILITIES.choices("a", "direction", "two"), ["smile"]);
  assert.deepEqual(CAPABILITIES.choices("a", "category"), []);
  assert.deepEqual(CAPABILITIES.pointless("a", ""), []);
  assert.deepEqual(CAPABILITIES.pointless("a", "one"), ["direction"]);
  assert.deepEqual(CAPABILITIES.pointless("a", "two"), ["what"]);
  assert.deepEqual(CAPABILITIES.options("a", "two"), { own: {} });
  assert.deepEqual(CAPABILITIES.options("a", "one"), { what: {}, direction: {} });
});

test("tasks have names for people", () => {
  assert.equal(title("sketch.complete"), "Finish Drawing");
  assert.equal(title("image.map"), "Map Pictures");
  assert.equal(title("words.make_up"), "Make up Words");
});

test("the place in the queue is told", () => {
  const said = [0, 1, 2, 3, 11, 12, 22].map((place) => stage({ state: "queued", place }));
  assert.deepEqual(said.slice(2), ["2nd in line", "3rd in line", "11th in line", "12th in line", "22nd in line"]);
  assert.equal(stage({ state: "running", place: 0 }), "Working");
});

test("pitches have names and keys", () => {
  assert.equal(pitchName(60), "C 4");
  assert.equal(pitchName(58), "A sharp 3");
  assert.equal(pitchOf("k", 48), 60);
  assert.equal(keyOf(60, 48), "k");
  assert.equal(pitchOf("q", 48), null);
});

test("states are undone and redone", () => {
  const timeline = new Timeline(0);
  timeline.add(1);
  timeline.add(2);
  assert.equal(timeline.undo() && timeline.undo(), true);
  assert.deepEqual([timeline.now, timeline.undo()], [0, false]);
  timeline.redo();
  timeline.add(3);
  assert.deepEqual([timeline.now, timeline.redo()], [3, false]);
});

test("the token is told from the page in the address", () => {
  assert.deepEqual(parted("#token=a%2Bb&sound"), { token: "a+b", rest: "sound" });
  assert.deepEqual(parted("#sound"), { token: null, rest: "sound" });
  assert.deepEqual(parted(""), { token: null, rest: "" });
});
