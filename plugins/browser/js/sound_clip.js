// A sound that can be played, with its outline.

import { button } from "./button.js";
import { element } from "./element.js";
import { icon } from "./icon.js";
import { decoded, play } from "./speaker.js";
import { waveform } from "./waveform.js";

export class SoundClip {
  constructor(studio, result, name = "Sound") {
    this.studio = studio;
    this.result = result;
    this.name = name;
    this.toggle = button(`Play ${name}`, "play", () => this.press(), { bare: true });
    this.wave = element("div.wave");
    this.element = element("div.sound-clip", {}, this.toggle, this.wave);
    this.load();
  }

  load() {
    this.sound = this.studio.wire.file(this.result.blob).then(decoded);
    this.sound.then(
      (sound) => this.wave.replaceChildren(waveform(sound)),
      () => this.wave.replaceChildren(element("p.quiet", {}, "This sound is no longer kept.")),
    );
  }

  async press() {
    if (this.playing) return this.playing.stop();
    const sound = await this.sound.catch(() => null);
    if (!sound) return null;
    this.playing = play(sound, { onended: () => this.ended() });
    this.toggle.replaceChildren(icon("stop"));
    return null;
  }

  ended() {
    this.playing = null;
    this.toggle.replaceChildren(icon("play"));
  }
}
