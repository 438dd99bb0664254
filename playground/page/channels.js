// The list of channels.

import { el, icon } from './dom.js';
import { channelKinds } from './store.js';

export class ChannelList {
  #links = new Map();

  constructor(root, store) {
    Object.assign(this, { root, store });
  }

  /** Draws the list anew. */
  load() {
    this.#links.clear();
    this.root.replaceChildren(...this.store.groups().flatMap(({ name, channels }) => [
      name ? el('h2', { class: 'category' }, name) : '',
      el('ul', {}, channels.map((channel) => el('li', {}, this.#link(channel)))),
    ]));
  }

  /** Marks the open channel, if one is, and those with something unread. */
  mark(open) {
    for (const [id, { link, unread }] of this.#links) {
      const count = this.store.unread(id);
      link.classList.toggle('unread', count > 0);
      unread.textContent = count > 0 ? `, ${count} unread` : '';
      if (id === open?.id) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  #link({ id, name, type }) {
    const kind = channelKinds[type];
    const unread = el('span', { class: 'visually-hidden' });
    const link = el('a', { class: `channel ${kind}`, href: `#/${id}` },
      icon(kind),
      el('span', { class: 'channel-label' }, name),
      kind !== 'text' && el('span', { class: 'visually-hidden' }, ` (${kind})`),
      unread);
    this.#links.set(id, { link, unread });
    return link;
  }
}
