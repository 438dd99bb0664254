// Panels at the sides that open and close; on narrow screens they cover the rest of the page, which then waits.

export class Drawers {
  #all = [];

  constructor(main, scrim) {
    Object.assign(this, { main, scrim });
    scrim.addEventListener('click', () => this.#all.forEach((drawer) => this.#set(drawer, false)));
  }

  /**
   * Makes the button open and close the panel, which covers the page while the media query holds. Returns a function
   * that closes it.
   */
  add(panel, button, covers) {
    const drawer = { panel, button, covers: matchMedia(covers), open: false };
    this.#all.push(drawer);
    const close = () => this.#set(drawer, false);
    button.addEventListener('click', () => this.#set(drawer, !drawer.open));
    panel.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    drawer.covers.addEventListener('change', () => this.#draw());
    return close;
  }

  #set(drawer, open) {
    if (open === drawer.open) return;
    const inside = drawer.panel.contains(document.activeElement);
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
