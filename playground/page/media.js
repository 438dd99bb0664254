// Pictures and files in messages.

import { el, icon, outside, safeURL } from './dom.js';

/** Draws a picture that leads to its full size; null when there is none. */
export function picture(media, className) {
  const href = safeURL(media?.url);
  if (!href) return null;
  const frame = outside(href, { class: className });
  const { width, height, description } = media;
  const image = el('img', { src: href, alt: description ?? 'Picture', width, height, referrerpolicy: 'no-referrer' });
  const instead = el('span', { class: 'no-picture' }, 'This picture could not be loaded');
  image.addEventListener('error', () => image.replaceWith(instead));
  frame.append(image);
  return frame;
}

/** Draws the small round picture of an author or a footer, which is left out when it does not load. */
export function smallPicture(address, className) {
  const src = safeURL(address);
  const image = src && el('img', { class: className, src, alt: '', referrerpolicy: 'no-referrer' });
  image?.addEventListener('error', () => image.remove());
  return image;
}

/** Draws an attachment: a picture as itself, any other file as a card to download it from. */
export function attachment(file) {
  if (file.content_type?.startsWith('image/')) return picture(file, 'picture');
  return el('div', { class: 'file' },
    icon('file'),
    el('p', {},
      outside(file.url, { download: file.filename }, file.filename),
      el('span', { class: 'file-size' }, size(file.size))));
}

function size(bytes) {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 3);
  const number = (bytes / 1024 ** power).toLocaleString(undefined, { maximumFractionDigits: power && 2 });
  return `${number} ${['bytes', 'KB', 'MB', 'GB'][power]}`;
}
