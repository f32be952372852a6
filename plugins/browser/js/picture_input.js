// A place for a picture of the user's: opened, dropped or pasted.

import { button } from "./button.js";
import { element } from "./element.js";
import { fileButton } from "./file_button.js";

export const PICTURES = "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff";

export class PictureInput {
  /** `onpicture({file, address, width, height})` when there is a picture, with null when it is gone. */
  constructor(name, { studio, onpicture, example = null, onexample = null, room = null }) {
    Object.assign(this, { studio, onpicture, picture: null });
    this.image = element("img", { alt: name });
    this.shown = room || element("div.picture-room", {}, this.image);
    this.empty = element(
      "div.picture-empty",
      {},
      element("p", {}, `${name}: drop it here, paste it, or`),
      element(
        "div.row",
        {},
        fileButton("Open a picture", PICTURES, (file) => this.take(file), { kind: "primary" }),
        example ? button(example, null, onexample, { kind: "quiet" }) : null,
      ),
    );
    this.element = element("div.picture-input", {}, this.empty, this.shown);
    this.shown.hidden = true;
    this.listen();
  }

  listen() {
    const box = this.element;
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      const [file] = event.dataTransfer.files;
      if (file) this.take(file);
    });
  }

  /** Take a picture that is pasted; whether there was one. */
  paste(event) {
    const file = [...(event.clipboardData?.files || [])].find((one) => one.type.startsWith("image/"));
    if (file) this.take(file);
    return Boolean(file);
  }

  /** Take a file. */
  take(file) {
    return this.studio.attempt(async () => {
      const address = URL.createObjectURL(file);
      this.image.src = address;
      const decoded = await this.image.decode().then(
        () => true,
        () => false,
      );
      // A browser cannot show every format that the server reads, such as TIFF.
      const [width, height] = decoded ? [this.image.naturalWidth, this.image.naturalHeight] : [0, 0];
      this.picture = { file, address, width, height, decoded };
      this.empty.hidden = true;
      this.shown.hidden = false;
      this.onpicture(this.picture);
    });
  }

  /** Let go of the picture. */
  clear() {
    this.picture = null;
    this.empty.hidden = false;
    this.shown.hidden = true;
    this.onpicture(null);
  }
}
