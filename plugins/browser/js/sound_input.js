// A file of sound or of notes as an input of a task.

import { element } from "./element.js";
import { fileButton } from "./file_button.js";

const ACCEPTED = { audio: ".wav,.flac,.ogg,audio/*", music: ".mid,.midi,audio/midi" };

export class SoundInput {
  constructor(studio, medium) {
    this.studio = studio;
    this.file = null;
    this.name = element("span.quiet", {}, "No file yet");
    this.element = element(
      "div.row",
      {},
      fileButton("Open a file", ACCEPTED[medium] || "", (file) => this.take(file)),
      this.name,
    );
  }

  /** What a job takes: the file, sent, or null. */
  async given() {
    return this.file && this.studio.input(this.file);
  }

  /** Take a file. */
  take(file) {
    this.file = file;
    this.name.textContent = file.name || "the file of the history";
  }
}
