// One message as Discord draws it.

import { flags, isAside } from './asides.js';
import { avatar, nameOf } from './avatar.js';
import { components } from './components.js';
import { el, icon } from './dom.js';
import { embeds } from './embeds.js';
import { lineMarkup, markup, titleMarkup } from './markup.js';
import { attachment } from './media.js';
import { clockTime, stamp, timeElement } from './time.js';

const together = 7 * 60_000; // ms within which messages of one author stand under one name

/**
 * Draws a message: a compact one continues the one above it, without name and avatar. `acts` are what the reader can do
 * with it: press a component, dismiss it.
 */
export function messageElement(message, compact, names, acts) {
  const { author } = message;
  const ephemeral = isAside(message);
  const sent = new Date(message.timestamp);
  const heading = `message-${message.id}`;
  const look = classes({ message: true, compact, ephemeral });
  return el('article', { class: look, 'data-message': message.id, lang: message.lang, 'aria-labelledby': heading },
    context(message, names),
    compact ? el('span', { class: 'gutter-time', 'aria-hidden': 'true' }, clockTime(sent)) : avatar(author),
    el('header', { class: classes({ byline: true, 'visually-hidden': compact }), id: heading },
      el('h3', { class: 'author' }, nameOf(author)),
      author.bot && el('span', { class: 'app-badge' }, 'APP'),
      timeElement(sent, stamp(sent), 'sent')),
    body(message, names, acts),
    ephemeral && onlyYou(message, acts));
}

/** Tells whether a message continues the one before it. */
export function continues(message, before) {
  return before?.author.id === message.author.id
    && isAside(before) === isAside(message)
    && !asked(message) && !message.referenced_message
    && new Date(message.timestamp) - new Date(before.timestamp) < together;
}

/** Says in a few words what a message holds, for those who hear the page. */
export function summary(message) {
  const text = message.embeds?.[0]?.title ?? message.content ?? '';
  return `${nameOf(message.author)}: ${el('p', {}, titleMarkup(text)).textContent}`;
}

function body(message, names, acts) {
  if (message.failure) return el('p', { class: 'failure' }, icon('warning'), message.failure);
  if (message.flags & flags.thinking) {
    return el('p', { class: 'thinking' }, `${nameOf(message.author)} is thinking…`);
  }
  const shown = message.flags & flags.suppressEmbeds ? [] : message.embeds ?? [];
  return el('div', { class: 'body' },
    message.content && content(message, names),
    (message.attachments ?? []).map(attachment),
    embeds(shown, names),
    components(message, names, acts),
    thread(message, names));
}

// The thread that begins with the message has its id.
function thread({ id, flags: set }, names) {
  const begun = set & flags.hasThread ? names.channel(id) : null;
  return begun && el('a', { class: 'thread-link', href: `#/${id}` }, icon('thread'), el('strong', {}, begun.name));
}

function onlyYou(message, { dismiss }) {
  return el('p', { class: 'only-you', lang: 'en' }, icon('eye'), 'Only you can see this',
    el('span', { 'aria-hidden': 'true' }, '•'),
    el('button', { class: 'dismiss', type: 'button', on: { click: () => dismiss(message) } }, 'Dismiss message'));
}

function content(message, names) {
  const edited = message.edited_timestamp && timeElement(new Date(message.edited_timestamp), '(edited)', 'edited');
  return el('div', { class: 'content markup' }, markup(message.content, names), edited && [' ', edited]);
}

// The line above a message that answers something: a command or another message.
function context(message, names) {
  const line = (user, ...what) => el('p', { class: 'context' }, el('strong', {}, nameOf(user)), ' ', what);
  const command = asked(message);
  if (command) return line(command.user, 'used ', el('span', { class: 'mention' }, `/${command.name}`));
  const original = message.referenced_message;
  return original && line(original.author, lineMarkup(original.content, names));
}

function asked({ interaction, interaction_metadata: metadata }) {
  const from = interaction ?? metadata;
  return from?.name && from.user ? from : null;
}

function classes(wanted) {
  return Object.keys(wanted).filter((name) => wanted[name]).join(' ');
}
