// Makes elements of HTML and SVG without markup, so that no text is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: `element("button.primary", {onclick}, "Colour it")`. */
export function element(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  return fill(made, attributes, children);
}

/** An SVG element: `shape("path", {d: "M0 0"})`. */
export function shape(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A control with its name, and a line of help where there is one. */
export function field(name, control, help = "") {
  control.id ||= newId();
  const parts = [element("label.field-name", { for: control.id }, name), control];
  if (help) {
    control.setAttribute("aria-describedby", `${control.id}-help`);
    parts.push(element("span.field-help", { id: `${control.id}-help` }, help));
  }
  return element("div.field", {}, ...parts);
}

/** A checkbox, and its name beside it. */
export function check(name, box, help = "") {
  const made = field(name, box, help);
  made.classList.add("check");
  return made;
}

let count = 0;

/** An id that no other element has. */
export function newId() {
  count += 1;
  return `e${count}`;
}
