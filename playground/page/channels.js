// The list of channels.

import { el, icon } from './dom.js';
import { channelKinds, compare } from './store.js';

const shownPosts = 5; // of a forum; the others are found in it

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
      el('ul', {}, this.#listed(channels).map((channel) => el('li', {}, this.#link(channel)))),
    ]));
  }

  /** Marks the open channel, if one is, and those with something unread. What is not on the list counts for its parent. */
  mark(open) {
    const shown = open && (this.#links.has(open.id) ? open.id : open.parent_id);
    for (const [id, { link, unread }] of this.#links) {
      const count = this.#unread(id);
      link.classList.toggle('unread', count > 0);
      unread.textContent = count > 0 ? `, ${count} unread` : '';
      if (id === shown) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  #unread(id) {
    const hidden = this.store.threads(id).filter((thread) => !this.#links.has(thread.id));
    return hidden.reduce((sum, thread) => sum + this.store.unread(thread.id), this.store.unread(id));
  }

  // Of a forum the posts that were begun last; of other channels the threads that are not archived.
  #listed(channels) {
    const others = new Set();
    for (const { id } of channels.filter((channel) => channelKinds[channel.type] === 'forum')) {
      const active = this.store.threads(id).filter(({ archived }) => !archived).sort((a, b) => compare(b.id, a.id));
      active.slice(shownPosts).forEach((post) => others.add(post.id));
    }
    return channels.filter(({ id, archived }) => !archived && !others.has(id));
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
