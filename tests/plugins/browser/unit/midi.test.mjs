import assert from "node:assert/strict";
import { test } from "node:test";

import { midiFile, readMidi } from "../../../../plugins/browser/js/midi.js";

const NOTES = [
  { pitch: 60, start: 0, length: 1, velocity: 90 },
  { pitch: 60, start: 1, length: 0.5, velocity: 80 },
  { pitch: 64, start: 1.25, length: 200, velocity: 70 },
];

test("a file is read as it was written", () => {
  const { notes, tempo } = readMidi(midiFile(NOTES, { tempo: 96, program: 12, name: "tune" }));
  assert.deepEqual(notes, NOTES);
  assert.ok(Math.abs(tempo - 96) < 1e-3);
});

test("a file begins as the standard says", () => {
  const bytes = [...midiFile(NOTES.slice(0, 1), { tempo: 120 })];
  assert.equal(String.fromCharCode(...bytes.slice(0, 4)), "MThd");
  assert.deepEqual(bytes.slice(4, 14), [0, 0, 0, 6, 0, 0, 0, 1, 480 >> 8, 480 & 255]);
  assert.equal(bytes.length, 14 + 8 + (bytes[20] << 8) + bytes[21]);
  assert.deepEqual(bytes.slice(22, 29), [0, 0xff, 0x51, 3, 0x07, 0xa1, 0x20]);
  assert.deepEqual(bytes.slice(-4), [0, 0xff, 0x2f, 0]);
});

test("running status and other tracks are read", () => {
  const track = (...events) => [0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, events.length, ...events];
  const bytes = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 1, 0, 2, 0, 96]
    .concat(track(0, 0xff, 0x51, 3, 0x0f, 0x42, 0x40, 0, 0xff, 0x2f, 0))
    .concat(track(0, 0xb0, 7, 100, 0, 0x90, 62, 50, 96, 62, 0, 0, 0xff, 0x2f, 0));
  const { notes, tempo } = readMidi(new Uint8Array(bytes));
  assert.deepEqual(notes, [{ pitch: 62, start: 0, length: 1, velocity: 50 }]);
  assert.equal(tempo, 60);
});
