// A keyboard, a piano roll and drums, played by the models.

import { button } from "./button.js";
import { download } from "./download.js";
import { DrumPads } from "./drum_pads.js";
import { element, field } from "./element.js";
import { fileButton } from "./file_button.js";
import { Form } from "./form.js";
import { icon } from "./icon.js";
import { Keyboard } from "./keyboard.js";
import { midiFile, readMidi } from "./midi.js";
import { NoteCache } from "./note_cache.js";
import { PianoRoll, STEPS_A_BEAT } from "./piano_roll.js";
import { keyName } from "./shortcuts.js";
import { decoded, loudness, play } from "./speaker.js";
import { TUNE } from "./tune.js";
import { waveform } from "./waveform.js";
import { Work } from "./work.js";

const RENDER = "audio.render";
const GENERATE = "audio.generate";
const RELEASE = 0.25;

export class SoundPage {
  static works(capabilities) {
    return capabilities.can(RENDER);
  }

  id = "sound";
  name = "Sound";
  keys = [
    ["A W S E D …", "play the keyboard"],
    ["Z, X", "an octave down, up"],
    ["1 – 9", "play a drum"],
    ["Space", "play or stop the piano roll"],
    ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo in the piano roll"],
  ];

  constructor(studio) {
    this.studio = studio;
    const { capabilities } = studio;
    this.work = new Work(studio);
    this.preparing = new Work(studio);
    this.cache = new NoteCache(studio);
    this.sounding = new Map();
    this.instruments = capabilities.categories(RENDER);
    this.form = new Form(capabilities.options(RENDER), { without: ["instrument"], onchange: () => this.stale() });
    this.keyboard = new Keyboard({ onpress: (pitch) => this.press(pitch), onrelease: (pitch) => this.release(pitch) });
    this.roll = new PianoRoll({ onchange: () => this.stale(), onhear: (pitch) => this.hear(pitch) });
    this.drums = this.drumPads(capabilities);
    this.element = element("div.sound-page", {}, this.top(), this.keys_(), this.rollSection(), this.drumSection());
    this.stale();
  }

  drumPads(capabilities) {
    const kinds = capabilities.categories(GENERATE).filter((kind) => !this.instruments.includes(kind));
    return kinds.length ? new DrumPads(this.studio, GENERATE, kinds) : null;
  }

  top() {
    const options = this.instruments.map((one) => element("option", { value: one }, one));
    this.instrument = element("select", { onchange: () => this.instrumentChanged() }, ...options);
    if (this.instruments.includes("marimba")) this.instrument.value = "marimba";
    this.meter = element("meter", { min: 0, max: 1, value: 0, "aria-label": "Loudness" });
    return element(
      "div.row.sound-top",
      {},
      field("Instrument", this.instrument),
      button("Prepare all keys", "again", () => this.prepare()),
      this.preparing.element,
      element("span.gap"),
      element("div.meter", {}, element("span", { "aria-hidden": "true" }, "Loudness"), this.meter),
    );
  }

  keys_() {
    return element(
      "div.keys",
      {},
      button("An octave down", "left", () => this.shift(-1), { bare: true, key: "Z" }),
      element("div.keyboard-frame", {}, this.keyboard.element),
      button("An octave up", "right", () => this.shift(1), { bare: true, key: "X" }),
    );
  }

  rollSection() {
    this.tempo = element("input", { type: "number", min: 30, max: 240, step: 1, value: 108, inputmode: "numeric", onchange: () => this.stale() });
    const bars = [1, 2, 4, 8].map((count) => element("option", { value: count }, String(count)));
    this.bars = element("select", { onchange: () => this.roll.resize(Number(this.bars.value) * 16) }, ...bars);
    this.bars.value = "2";
    this.playing = null;
    this.toggle = button("Play", "play", () => this.playOrStop(), { kind: "primary", key: "Space" });
    this.saveWav = button("WAV", "download", () => this.save());
    this.saveWav.setAttribute("aria-label", "Download WAV");
    this.saveMidi = button("MIDI", "download", () => download("tune.mid", this.midi(), "audio/midi"));
    this.saveMidi.setAttribute("aria-label", "Download MIDI");
    this.wave = element("div.wave.roll-wave");
    const bar = element(
      "div.toolbar",
      { role: "toolbar", "aria-label": "Piano roll" },
      this.toggle,
      button("Undo", "undo", () => this.roll.undo(), { bare: true, key: "Ctrl+Z" }),
      button("Redo", "redo", () => this.roll.redo(), { bare: true, key: "Ctrl+Shift+Z" }),
      button("Clear", "clear", () => this.roll.clear(), { bare: true }),
      field("Beats a minute", this.tempo),
      field("Bars", this.bars),
      element("span.gap"),
      button("A tune", "heart", () => this.openNotes(TUNE)),
      fileButton("Open MIDI", ".mid,.midi,audio/midi", (file) => this.openFile(file)),
      this.saveWav,
      this.saveMidi,
    );
    this.note = element("p.guess", { "aria-live": "polite" });
    const more = element("details.more", {}, element("summary", {}, "How it is played"), this.form.element);
    return element("section.roll-section", {}, element("h2", {}, "Piano roll"), bar, this.roll.element, this.wave, element("div.under", {}, this.note, this.work.element), more);
  }

  drumSection() {
    return this.drums && element("section", {}, element("h2", {}, "Drums"), this.drums.element);
  }

  instrumentChanged() {
    this.stale();
    for (const pitch of this.keyboard.pitches) this.markKey(pitch);
  }

  markKey(pitch) {
    this.keyboard.mark(pitch, this.cache.has(this.instrument.value, pitch) ? "ready" : "");
  }

  shift(octaves) {
    this.keyboard.releaseAll();
    this.keyboard.shift(octaves);
    for (const pitch of this.keyboard.pitches) this.markKey(pitch);
  }

  async press(pitch) {
    const sound = await this.soundOf(pitch);
    if (!sound) return;
    this.sounding.get(pitch)?.stop();
    const playing = play(sound, { onended: () => this.sounding.get(pitch) === playing && this.sounding.delete(pitch) });
    this.sounding.set(pitch, playing);
  }

  /** A key's sound, with the key marked while it is made; null if it cannot be. */
  async soundOf(pitch) {
    const instrument = this.instrument.value;
    if (!this.cache.has(instrument, pitch)) this.keyboard.mark(pitch, "waiting");
    const sound = await this.studio.attempt(() => this.cache.get(instrument, pitch));
    if (instrument === this.instrument.value) this.markKey(pitch);
    return sound;
  }

  release(pitch) {
    this.sounding.get(pitch)?.stop(RELEASE);
  }

  // A note that is set is heard only where that takes no time.
  hear(pitch) {
    if (!this.cache.has(this.instrument.value, pitch)) return;
    this.cache.get(this.instrument.value, pitch).then((sound) => {
      const playing = play(sound);
      setTimeout(() => playing.stop(RELEASE), 400);
    });
  }

  async prepare() {
    const instrument = this.instrument.value;
    const pitches = this.keyboard.pitches.filter((pitch) => !this.cache.has(instrument, pitch));
    if (!pitches.length) return;
    const job = await this.preparing.run(() => this.cache.request(instrument, pitches));
    if (!job) return;
    await this.studio.attempt(async () => {
      await this.cache.keep(instrument, pitches, await this.studio.wire.file(job.results[0].blob));
    });
    for (const pitch of this.keyboard.pitches) this.markKey(pitch);
  }

  midi() {
    return midiFile(this.roll.inBeats, { tempo: Number(this.tempo.value) || 108, name: this.instrument.value });
  }

  // What was rendered was of other notes, or of another instrument.
  stale() {
    this.work.cancel();
    this.stop();
    this.rendered = null;
    this.wave.replaceChildren();
    this.note.textContent = "";
    const empty = !this.roll.notes.length;
    for (const one of [this.toggle, this.saveWav, this.saveMidi]) one.disabled = empty;
  }

  async render() {
    if (this.rendered || !this.roll.notes.length) return this.rendered;
    const file = new Blob([this.midi()], { type: "audio/midi" });
    const job = await this.work.run(async () => {
      const inputs = { notes: await this.studio.input(file) };
      return { task: RENDER, inputs, options: { ...this.form.values(), instrument: this.instrument.value } };
    });
    if (!job) return null;
    const [result] = job.results;
    this.rendered = await this.studio.attempt(async () => {
      const blob = await this.studio.wire.file(result.blob);
      return { result, blob, sound: await decoded(blob) };
    });
    if (!this.rendered) return null;
    this.wave.replaceChildren(waveform(this.rendered.sound));
    this.note.textContent = (result.notes || []).join(" ");
    return this.rendered;
  }

  async playOrStop() {
    if (this.playing) return this.stop();
    const rendered = await this.render();
    if (!rendered) return null;
    this.playing = play(rendered.sound, { onended: () => this.stop() });
    this.toggle.replaceChildren(icon("stop"), element("span", {}, "Stop"));
    return this.follow();
  }

  stop() {
    this.playing?.stop();
    this.playing = null;
    this.toggle.replaceChildren(icon("play"), element("span", {}, "Play"));
    this.roll.playAt(null);
    this.wave.style.removeProperty("--played");
  }

  follow() {
    if (!this.playing) return;
    const step = (this.playing.time * Number(this.tempo.value) * STEPS_A_BEAT) / 60;
    this.roll.playAt(step <= this.roll.steps ? step : null);
    this.wave.style.setProperty("--played", this.playing.time / this.rendered.sound.duration);
    requestAnimationFrame(() => this.follow());
  }

  async save() {
    const rendered = await this.render();
    if (rendered) download(rendered.result.name, rendered.blob);
  }

  openFile(file) {
    return this.studio.attempt(async () => {
      const { notes, tempo } = readMidi(new Uint8Array(await file.arrayBuffer()));
      this.openNotes({ tempo, notes });
    });
  }

  /** Show notes that are in beats. */
  openNotes({ tempo, notes }) {
    this.tempo.value = Math.round(tempo);
    const steps = notes.map((note) => ({
      ...note,
      start: note.start * STEPS_A_BEAT,
      length: note.length * STEPS_A_BEAT,
    }));
    const end = Math.max(16, ...steps.map((note) => note.start + note.length));
    const bars = [1, 2, 4, 8].find((count) => count * 16 >= end) || Math.ceil(end / 16);
    if (bars > 8) this.bars.append(element("option", { value: bars }, String(bars)));
    this.bars.value = String(bars);
    this.roll.resize(bars * 16);
    this.roll.put(steps);
    this.roll.reveal();
  }

  /** Open a job of the history. */
  async open({ job }) {
    const { instrument } = job.request.options;
    if (this.instruments.includes(instrument)) this.instrument.value = instrument;
    this.instrumentChanged();
    this.form.fill(job.request.options);
    await this.studio.attempt(async () => this.openFile(await this.studio.wire.file(job.request.inputs.notes.blob)));
  }

  onshow() {
    this.shown = true;
    this.roll.reveal();
    this.measure();
  }

  onhide() {
    this.shown = false;
    this.keyboard.releaseAll();
    this.stop();
  }

  // The meter falls slowly, so that a short sound is seen.
  measure() {
    if (!this.shown) return;
    // As ears hear it: half as loud is a tenth of the power.
    this.meter.value = Math.max(loudness() ** 0.6, this.meter.value * 0.95 - 0.001);
    requestAnimationFrame(() => this.measure());
  }

  pressed(event) {
    const act = {
      "ctrl+z": () => this.roll.undo(),
      "ctrl+shift+z": () => this.roll.redo(),
      "ctrl+y": () => this.roll.redo(),
      z: () => this.shift(-1),
      x: () => this.shift(1),
      " ": () => this.playOrStop(),
    }[keyName(event)];
    if (event.key === " " && event.target.closest("button, summary, a, input")) return;
    if (act) {
      event.preventDefault();
      act();
    } else if (!this.keyboard.pressed(event) && /^[1-9]$/.test(event.key)) {
      this.drums?.hitAt(Number(event.key) - 1);
    }
  }
}
