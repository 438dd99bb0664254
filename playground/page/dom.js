// Elements by hand. Whatever comes from a message ends up in text nodes and checked attributes, never in markup.

/**
 * Makes an element. Props are attributes, and null or false leaves one out; `vars` are CSS variables, set through the
 * CSSOM because the content security policy forbids style attributes; `on` are listeners by event. Children may be nested
 * lists; strings become text.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name === 'vars') for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    else if (name === 'on') for (const [type, heard] of Object.entries(value)) node.addEventListener(type, heard);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

/** Draws one symbol of icons.svg. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Makes a button that shows a symbol and is called by what it does. */
export function iconButton(name, label, click, className = 'icon-button') {
  return el('button', { class: className, type: 'button', 'aria-label': label, title: label, on: { click } }, icon(name));
}

/** Makes these the parent's only children. What stands in order is not moved, so that focus and animations survive. */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
}

/** Returns the address when it is safe to link to (http or https), else null. */
export function safeURL(address) {
  if (!address || !URL.canParse(address, document.baseURI)) return null;
  const url = new URL(address, document.baseURI);
  return /^https?:$/.test(url.protocol) ? url.href : null;
}

/** Links to elsewhere; an address that is not http(s) leaves the plain text. */
export function outside(address, props, ...children) {
  const href = safeURL(address);
  if (!href) return el('span', { class: props.class }, ...children);
  return el('a', { ...props, href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children);
}
