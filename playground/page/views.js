// What stands in the middle of the page: the open channel, or one of the pages beside the channels, by the address's fragment.

import { icon } from './dom.js';
import { lineMarkup } from './markup.js';
import { called, channelKinds } from './store.js';

export class Views {
  /**
   * Needs the chat, the elements of the heading, what is known of the server, and the pages by their addresses: each a part
   * that can be shown and hidden, the link to it, and what its heading says.
   */
  constructor(chat, heading, store, pages) {
    Object.assign(this, { chat, heading, store, pages });
  }

  /** Tells whether a channel is shown. */
  get inChannel() {
    return !(location.hash in this.pages);
  }

  /** Shows what the address asks for; `channel` is the one that is open, be it shown or not. */
  show(channel) {
    const { heading, store } = this;
    const page = this.pages[location.hash];
    this.chat.hidden = Boolean(page);
    for (const each of Object.values(this.pages)) {
      each.link.ariaCurrent = each === page ? 'page' : null;
      each.part.show(each === page);
    }
    heading.icon.replaceChildren(icon(page?.icon ?? channelKinds[channel.type]));
    heading.name.textContent = page?.name ?? channel.name;
    heading.topic.replaceChildren(...page ? [page.topic] : lineMarkup(channel.topic ?? '', store));
    heading.timeline.setAttribute('aria-label', `Messages in ${channel.name}`);
    document.title = `${page?.name ?? called(channel)} · ${store.guild.name}`;
  }
}
