// Requests to the server, each with the token.

import { GONE, Trouble, troubleOf } from "./trouble.js";

const KEPT_FILES = 400;
const TRIES = 6;

export class Wire extends EventTarget {
  /** Speaks to the server that this page came from. Events: "gone", "answered", "refused", "busy". */
  constructor(token) {
    super();
    this.token = token;
    this.files = new Map();
  }

  /** The answer's JSON; null where it has none. */
  async json(method, path, body) {
    const options = { method, headers: {} };
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const answer = await this.answer(path, options);
    return answer.status === 204 ? null : answer.json();
  }

  /** A file by its id, as a Blob. */
  file(id) {
    if (!this.files.has(id)) {
      const fetched = this.answer(`/v1/blobs/${id}`, {}).then((answer) => answer.blob());
      fetched.catch(() => this.files.delete(id));
      this.files.set(id, fetched);
      if (this.files.size > KEPT_FILES) this.files.delete(this.files.keys().next().value);
    }
    return this.files.get(id);
  }

  /** Send a file; its id. */
  async send(file) {
    const headers = { "Content-Type": file.type || "application/octet-stream" };
    const answer = await this.answer("/v1/blobs", { method: "POST", headers, body: file });
    return (await answer.json()).id;
  }

  /** The answer to a request; asks again where the server is busy. */
  async answer(path, options) {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.ask(path, options);
      if (answer.ok) return answer;
      const trouble = await troubleOf(answer);
      if (answer.status !== 429 || tries === TRIES) throw this.refused(trouble);
      const seconds = Number(answer.headers.get("Retry-After")) || 1;
      this.dispatchEvent(new CustomEvent("busy", { detail: { seconds, trouble } }));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }

  async ask(path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    try {
      const answer = await fetch(path, { ...options, headers, cache: "no-store" });
      this.dispatchEvent(new Event("answered"));
      return answer;
    } catch {
      this.dispatchEvent(new Event("gone"));
      throw new Trouble(GONE);
    }
  }

  refused(trouble) {
    if (trouble.status === 401) this.dispatchEvent(new CustomEvent("refused", { detail: trouble }));
    return trouble;
  }
}
