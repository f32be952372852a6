// The sound of each key of each instrument, made once.

import { run } from "./job.js";
import { midiFile } from "./midi.js";
import { cut, decoded, peak } from "./speaker.js";

const TEMPO = 120;
const HELD = 1.6;
const APART = 2.5;
const FAINTEST = 1e-4;

export class NoteCache {
  constructor(studio) {
    this.studio = studio;
    this.sounds = new Map();
  }

  /** Whether a key's sound is here. */
  has(instrument, pitch) {
    return this.sounds.get(key(instrument, pitch))?.ready || false;
  }

  /** The sound of a key; it is made where it is not here yet. */
  get(instrument, pitch) {
    const name = key(instrument, pitch);
    if (!this.sounds.has(name)) {
      const made = this.make(instrument, pitch);
      this.sounds.set(name, made);
      made.then(
        () => (made.ready = true),
        () => this.sounds.delete(name),
      );
    }
    return this.sounds.get(name);
  }

  async make(instrument, pitch) {
    const request = await this.request(instrument, [pitch]);
    const job = await run(this.studio.wire, request, { brief: true });
    const file = await this.studio.wire.file(job.results[0].blob);
    this.studio.forget(job);
    return decoded(file);
  }

  /** A request for keys one after the other, each two and a half seconds after the last. */
  async request(instrument, pitches) {
    const notes = pitches.map((pitch, index) => ({
      pitch,
      start: (index * APART * TEMPO) / 60,
      length: (HELD * TEMPO) / 60,
      velocity: 100,
    }));
    const file = new Blob([midiFile(notes, { tempo: TEMPO })], { type: "audio/midi" });
    const inputs = { notes: await this.studio.input(file) };
    return { task: "audio.render", inputs, options: { instrument, seed: 1 } };
  }

  /** Keep the keys of a sound that `request` made. */
  async keep(instrument, pitches, file) {
    const all = await decoded(file);
    pitches.forEach((pitch, index) => {
      const sound = cut(all, index * APART, APART);
      if (peak(sound) < FAINTEST) return;
      const made = Promise.resolve(sound);
      made.ready = true;
      this.sounds.set(key(instrument, pitch), made);
    });
  }
}

function key(instrument, pitch) {
  return `${instrument}:${pitch}`;
}
