// Panels at the sides that open and close; on narrow screens they cover the rest of the page, which then waits.

export class Drawers {
  #all = [];

  constructor(main, scrim) {
    Object.assign(this, { main, scrim });
    scrim.addEventListener('click', () => this.#all.forEach((drawer) => this.#set(drawer, false)));
  }

  /**
   * Makes the button open and close the panel, which covers the page while the media query holds. Of the panels of one
   * side only one is open. Returns functions that open and close it.
   */
  add(panel, button, covers, side) {
    const drawer = { panel, button, covers: matchMedia(covers), side, open: false };
    this.#all.push(drawer);
    const open = () => this.#set(drawer, true);
    const close = () => this.#set(drawer, false);
    button.addEventListener('click', () => this.#set(drawer, !drawer.open));
    panel.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    panel.querySelector('[data-close]')?.addEventListener('click', close);
    drawer.covers.addEventListener('change', () => this.#draw());
    return { open, close };
  }

  #set(drawer, open) {
    if (open === drawer.open) return;
    const inside = drawer.panel.contains(document.activeElement);
    if (open) for (const other of this.#all) if (other.side === drawer.side) other.open = false;
    drawer.open = open;
    this.#draw();
    if (open) drawer.panel.focus();
    else if (inside) drawer.button.focus();
  }

  #draw() {
    const covering = this.#all.find(({ open, covers }) => open && covers.matches);
    for (const { panel, button, open } of this.#all) {
      panel.classList.toggle('open', open);
      panel.inert = Boolean(covering) && panel !== covering.panel;
      button.setAttribute('aria-expanded', String(open));
    }
    this.main.inert = Boolean(covering);
    this.scrim.classList.toggle('shown', Boolean(covering));
  }
}
