// What all pages share: the wire, what the server can do, messages, and the way to other pages.

export class Studio {
  constructor({ wire, capabilities, messages }) {
    Object.assign(this, { wire, capabilities, messages, pages: new Map(), addresses: new Map() });
  }

  /** Show a page, and give it something to open. */
  open(id, what) {
    this.tabs.show(id);
    return this.pages.get(id).open?.(what);
  }

  /** Do something that may fail; a failure is shown, and gives null. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.messages.show(error);
      return null;
    }
  }

  /** An address of this page's own for a file of the server, for pictures. */
  async address(id) {
    if (!this.addresses.has(id)) {
      const made = this.wire.file(id).then((file) => URL.createObjectURL(file));
      made.catch(() => this.addresses.delete(id));
      this.addresses.set(id, made);
    }
    return this.addresses.get(id);
  }

  /** Leave a job that was only a means out of the history. */
  forget(job) {
    this.wire.json("DELETE", `/v1/history/${job.id}`).catch(() => {});
  }

  /** An input that names a picture or a sound: the file is sent first. */
  async input(file) {
    return { blob: await this.wire.send(file) };
  }
}
