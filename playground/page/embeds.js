// Embeds, the cards that bots speak in.

import { el, outside } from './dom.js';
import { markup, titleMarkup } from './markup.js';
import { picture, smallPicture } from './media.js';
import { stamp, timeElement } from './time.js';

const perRow = 3; // inline fields that stand side by side

/** Draws a message's embeds. Of those that share an address Discord shows the first only, and so does this. */
export function embeds(list, names) {
  const firsts = list.filter(({ url }, at) => !url || list.findIndex((other) => other.url === url) === at);
  return firsts.map((embed) => draw(embed, names));
}

function draw(embed, names) {
  const vars = embed.color ? { '--bar': `#${embed.color.toString(16).padStart(6, '0')}` } : {};
  return el('article', { class: 'embed', vars },
    el('div', { class: 'embed-text' },
      embed.author && author(embed.author),
      embed.title && el('h4', { class: 'embed-title' }, outside(embed.url, {}, titleMarkup(embed.title))),
      embed.description && el('div', { class: 'embed-description markup' }, markup(embed.description, names)),
      embed.fields?.length > 0 && fields(embed.fields, names)),
    picture(embed.thumbnail, 'thumbnail'),
    picture(embed.image, 'embed-image'),
    (embed.footer || embed.timestamp) && footer(embed));
}

function author({ name, url, icon_url: face }) {
  return el('p', { class: 'embed-author' }, smallPicture(face, 'embed-face'), outside(url, {}, name));
}

function fields(list, names) {
  const cell = (field, row) => el('div', { class: 'field', vars: { '--columns': `span ${12 / row.length}` } },
    el('dt', { class: 'markup' }, titleMarkup(field.name)),
    el('dd', { class: 'markup' }, markup(field.value, names)));
  return el('dl', { class: 'fields' }, rows(list).map((row) => row.map((field) => cell(field, row))));
}

function rows(list) {
  const found = [];
  for (const field of list) {
    const row = found.at(-1);
    if (field.inline && row?.[0].inline && row.length < perRow) row.push(field);
    else found.push([field]);
  }
  return found;
}

function footer({ footer: foot, timestamp }) {
  const date = timestamp && new Date(timestamp);
  return el('footer', { class: 'embed-footer' },
    smallPicture(foot?.icon_url, 'embed-foot-face'),
    foot?.text,
    foot?.text && date && ' • ',
    date && timeElement(date, stamp(date)));
}
