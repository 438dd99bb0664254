// What stands at the top of a channel: its name, and in an empty one how to fill it.

import { el, icon } from './dom.js';
import { called, channelKinds } from './store.js';

/** Draws the beginning of a channel. */
export function intro(channel, empty) {
  const isThread = channelKinds[channel.type] === 'thread';
  return el('section', { class: 'intro' },
    el('span', { class: 'intro-icon' }, icon(channelKinds[channel.type])),
    el('h3', {}, isThread ? channel.name : `Welcome to ${called(channel)}!`),
    el('p', {}, isThread ? 'This is where the thread begins.' : `This is the start of the ${called(channel)} channel.`),
    empty && hint(channel));
}

function hint(channel) {
  return el('div', { class: 'hint' },
    el('h4', {}, 'Nothing has come in yet'),
    el('p', {}, `Messages appear here as soon as a source that is connected to ${called(channel)} receives a callout. `,
      'To connect one, type ', el('code', {}, '/salesforce connect'), ' below.'),
    el('button', { class: 'button primary', type: 'button', 'data-opens': 'callouts' }, 'Send a callout'));
}
