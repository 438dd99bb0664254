// The messages of the open channel: what to draw, where to scroll, and what counts as read.

import { arrange, el, icon } from './dom.js';
import { forum } from './forum.js';
import { intro } from './intro.js';
import { continues, messageElement } from './messages.js';
import { channelKinds, compare } from './store.js';
import { day, sameDay } from './time.js';

const nearEnd = 48; // px from the end that still count as being there

export class Timeline {
  #channel = null;
  #drawn = new Map(); // what is on the page, by key, to be used again
  #atEnd = true;
  #newAfter = null; // the id after which the line "New" stands

  /** Needs the elements it fills, the store, what the reader can do, and a function to call when something was read. */
  constructor({ scroller, list, pill }, store, acts, onRead) {
    Object.assign(this, { scroller, list, pill, store, acts, onRead });
    const follow = new ResizeObserver(() => this.#atEnd && this.#toEnd());
    follow.observe(list);
    follow.observe(scroller);
    scroller.addEventListener('scroll', () => {
      this.#atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearEnd;
      this.#attend();
    }, { passive: true });
    document.addEventListener('visibilitychange', () => this.#attend());
    pill.addEventListener('click', () => {
      this.#toEnd();
      scroller.focus();
    });
  }

  /** Shows a channel from its end, a forum from its beginning. */
  open(channel) {
    this.#channel = channel;
    this.#drawn.clear();
    this.#newAfter = this.store.unread(channel.id) > 0 ? this.store.lastRead(channel.id) : null;
    this.#atEnd = true;
    this.#draw();
    this.scroller.scrollTop = 0;
    this.#toEnd();
  }

  /** Draws everything anew, from where the reader is: names may have changed. */
  reload(channel) {
    this.#channel = channel;
    this.#drawn.clear();
    this.update();
  }

  /** Shows the end, where the reader's own doings appear. */
  toEnd() {
    this.#atEnd = true;
    this.#toEnd();
  }

  get #isForum() {
    return channelKinds[this.#channel?.type] === 'forum';
  }

  /** Draws what changed; messages that come in live slide in. */
  update({ live = false } = {}) {
    const { id } = this.#channel;
    if (!this.#attentive && this.store.unread(id) > 0) this.#newAfter = this.store.lastRead(id);
    this.#draw(live);
    if (this.#atEnd) this.#toEnd();
  }

  get #attentive() {
    return this.#atEnd && document.visibilityState === 'visible' && this.scroller.checkVisibility();
  }

  #draw(live) {
    const before = this.#drawn;
    this.#drawn = new Map();
    for (const { key, of, draw } of this.#items()) {
      const old = before.get(key);
      const node = old && old.of === of ? old.node : draw();
      if (live && !old) node.classList.add('arriving');
      this.#drawn.set(key, { of, node });
    }
    const refocus = focusKeeper(this.list);
    arrange(this.list, [...this.#drawn.values()].map(({ node }) => node));
    refocus();
    this.#attend();
  }

  // Each thing to draw has a key, what it is drawn of (drawn again when that is another), and a function that draws it.
  * #items() {
    const channel = this.#channel;
    const messages = this.store.messages(channel.id);
    if (this.#isForum) {
      yield { key: 'forum', of: {}, draw: () => forum(channel, this.store) };
      return;
    }
    yield { key: 'intro', of: messages.length === 0, draw: () => intro(channel, messages.length === 0) };
    let before = null;
    for (const message of messages) {
      const date = new Date(message.timestamp);
      const newDay = !before || !sameDay(new Date(before.timestamp), date);
      const firstNew = before && this.#isNew(message) && !this.#isNew(before);
      if (newDay) yield { key: `day ${date.toDateString()}`, of: 'day', draw: () => divider(day(date)) };
      if (firstNew) yield { key: 'new', of: 'new', draw: () => divider('New', 'new') };
      const compact = !newDay && !firstNew && continues(message, before);
      const key = `${message.id} ${compact ? 'compact' : 'full'}`;
      yield { key, of: message, draw: () => messageElement(message, compact, this.store, this.acts) };
      before = message;
    }
  }

  #isNew(message) {
    return this.#newAfter !== null && compare(message.id, this.#newAfter) > 0;
  }

  #attend() {
    if (!this.#channel) return;
    const unread = this.store.unread(this.#channel.id);
    this.pill.hidden = unread === 0 || this.#atEnd;
    this.pill.replaceChildren(unread === 1 ? '1 new message' : `${unread} new messages`, icon('down'));
    if (unread === 0 || !this.#attentive) return;
    this.store.markRead(this.#channel.id);
    this.onRead();
  }

  #toEnd() {
    if (!this.#isForum) this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function divider(text, className = '') {
  return el('div', { class: `divider ${className}`, role: 'separator', 'aria-label': text }, el('span', {}, text));
}

// Returns a function that gives the focus back when the message that had it was drawn anew, or went away.
function focusKeeper(list) {
  const focused = document.activeElement;
  if (!list.contains(focused)) return () => {};
  const { message } = focused.closest('[data-message]')?.dataset ?? {};
  const { component } = focused.dataset;
  return () => {
    if (list.contains(focused)) return;
    const anew = list.querySelector(`[data-message="${message}"]`);
    const same = anew && [...anew.querySelectorAll('[data-component]')].find(({ dataset }) => dataset.component === component);
    const next = same ?? anew?.querySelector('button, a') ?? list.parentElement;
    next.focus({ preventScroll: true });
  };
}
