// Plays sound: one context for the whole page, with a meter.

let context = null;
let analyser = null;

/** The page's audio context; made when something is first played, as browsers want it. */
export function audioContext() {
  if (!context) {
    context = new AudioContext();
    analyser = new AnalyserNode(context, { fftSize: 1024 });
    analyser.connect(context.destination);
  }
  context.resume();
  return context;
}

const decoder = new OfflineAudioContext(1, 1, 48000);

/** A file of sound, decoded. */
export async function decoded(file) {
  return decoder.decodeAudioData(await file.arrayBuffer());
}

/** Play a sound; `stop()` fades it out. `onended` is called when it ends, or is stopped. */
export function play(sound, { from = 0, gain = 1, onended = () => {} } = {}) {
  const out = audioContext();
  const level = new GainNode(out, { gain });
  const source = new AudioBufferSourceNode(out, { buffer: sound });
  source.connect(level).connect(analyser);
  source.onended = onended;
  const began = out.currentTime - from;
  source.start(0, from);
  return {
    get time() {
      return out.currentTime - began;
    },
    stop(fade = 0.03) {
      level.gain.setTargetAtTime(0, out.currentTime, fade / 3);
      source.stop(out.currentTime + fade);
    },
  };
}

/** How loud it is now: the largest sample, 0 to 1. */
export function loudness() {
  if (!analyser) return 0;
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** The largest sample of a sound. */
export function peak(sound) {
  return sound.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** A part of a sound, in seconds. */
export function cut(sound, from, length) {
  const rate = sound.sampleRate;
  const [start, count] = [Math.round(from * rate), Math.max(1, Math.round(length * rate))];
  const made = new AudioBuffer({ length: count, sampleRate: rate, numberOfChannels: sound.numberOfChannels });
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    made.copyToChannel(sound.getChannelData(channel).subarray(start, start + count), channel);
  }
  return made;
}
