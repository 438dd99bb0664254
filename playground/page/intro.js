// What stands at the top of a channel: its name, and in an empty one how to fill it.

import { nameOf } from './avatar.js';
import { el, icon } from './dom.js';
import { channelKinds } from './store.js';
import { stamp, timeElement } from './time.js';

/** Draws the beginning of a channel. */
export function intro(channel, empty) {
  return el('section', { class: 'intro' },
    el('span', { class: 'intro-icon' }, icon(channelKinds[channel.type])),
    el('h3', {}, `Welcome to #${channel.name}!`),
    el('p', {}, `This is the start of the #${channel.name} channel.`),
    empty && hint(channel));
}

/** Draws a forum: its posts, each a channel of its own. */
export function forum(channel, store) {
  const posts = store.channels.filter(({ parent_id: parent }) => parent === channel.id);
  return el('section', { class: 'intro' },
    el('span', { class: 'intro-icon' }, icon('forum')),
    el('h3', {}, `Welcome to ${channel.name}!`),
    el('p', {}, posts.length > 0 ? 'Every post of this forum:' : 'There are no posts yet.'),
    posts.map((post) => card(post, store.messages(post.id))));
}

function card(post, messages) {
  const last = messages.at(-1);
  const sent = last && new Date(last.timestamp);
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  return el('a', { class: 'forum-post', href: `#/${post.id}` },
    el('strong', {}, post.name),
    last && el('span', {}, `${nameOf(last.author)} • ${count} • `, timeElement(sent, stamp(sent))));
}

function hint(channel) {
  return el('div', { class: 'hint' },
    el('h4', {}, 'Nothing has come in yet'),
    el('p', {}, `Messages appear here as soon as a source that is connected to #${channel.name} receives a callout. `,
      'To connect one, type ', el('code', {}, '/salesforce connect'), ' below.'),
    el('button', { class: 'button primary', type: 'button', 'data-opens': 'callouts' }, 'Send a callout'));
}
