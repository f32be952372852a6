// A job: asked for, followed until it ends, and cancelled when it is called off.

import { Trouble } from "./trouble.js";

const ENDED = new Set(["done", "failed", "cancelled"]);

/**
 * The document of a job that is done.
 *
 * `signal` cancels it; `onchange` gets its document whenever something changed. A `brief` job is
 * not followed but waited for, in as few requests as can be.
 */
export async function run(wire, request, { signal, onchange = () => {}, brief = false } = {}) {
  let job = await wire.json("POST", "/v1/jobs", { tool: "studio", ...request });
  const address = `/v1/jobs/${job.id}`;
  const cancel = () => wire.json("DELETE", address).catch(() => {});
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  try {
    while (!ENDED.has(job.state)) {
      signal?.throwIfAborted();
      onchange(job);
      job = await wire.json("GET", `${address}?wait=10${brief ? "" : `&since=${job.revision}`}`);
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  signal?.throwIfAborted();
  if (job.state === "done") return job;
  if (job.state === "cancelled") throw new DOMException("The job was cancelled.", "AbortError");
  throw new Trouble(job.error);
}

/** In words, how far a job is. */
export function stage(job) {
  if (job.state === "running") return "Working";
  if (job.place <= 1) return "Next in line";
  return `${job.place}${ordinal(job.place)} in line`;
}

function ordinal(number) {
  const teens = number % 100 >= 11 && number % 100 <= 13;
  return (!teens && { 1: "st", 2: "nd", 3: "rd" }[number % 10]) || "th";
}
